//! Characters as people see them.

use unicode_segmentation::UnicodeSegmentation;

/// The number of extended grapheme clusters of `text` (Unicode Standard Annex 29, Unicode 17.0).
pub fn count(text: &str) -> u32 {
    let clusters = if text.is_ascii() {
        // The only cluster of several ASCII characters is CR LF.
        text.len() - text.as_bytes().windows(2).filter(|pair| *pair == b"\r\n").count()
    } else {
        text.graphemes(true).count()
    };
    u32::try_from(clusters).unwrap_or(u32::MAX)
}

/// Whether `text` has more than `limit` grapheme clusters; stops counting there.
pub fn exceed(text: &str, limit: usize) -> bool {
    text.len() > limit && text.graphemes(true).nth(limit).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_for_ascii_agrees_with_the_long_one() {
        for text in ["", "a", "\r\n", "\n\r", "a\r\nb\r\n\r\n", "\r\r\n\n", "tab\tnull\0del\x7f"] {
            assert_eq!(count(text) as usize, text.graphemes(true).count(), "{text:?}");
        }
    }

    #[test]
    fn exceed_is_count_compared() {
        for text in ["", "a", "abc", "👨‍👩‍👧‍👧", "👨‍👩‍👧‍👧abc", "e\u{301}e\u{301}e\u{301}e\u{301}"]
        {
            for limit in 0..6 {
                assert_eq!(exceed(text, limit), count(text) as usize > limit, "{text:?} {limit}");
            }
        }
    }
}
