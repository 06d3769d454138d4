//! The closed set of rules that a post can break, in words.

use serde::{Deserialize, Serialize};

/// What is measured. Where a network has a number of its own for a rule, [`super::NetworkRules`] holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Grapheme clusters of the text.
    BlueskyGraphemes,
    /// UTF-8 bytes of the text.
    BlueskyBytes,
    /// Characters of the text and its content warning as Mastodon counts them.
    MastodonCharacters,
    ImagesPerPost,
    /// Length of one image description, in the unit of the network.
    AltTextLength,
    /// Bytes of one image.
    ImageBytes,
    /// Width times height of one image.
    ImagePixels,
    /// Whether the network takes this type of image at all; not a number.
    ImageType,
    /// Neither text nor image; not a number.
    EmptyPost,
}

/// Where a limit comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Source {
    pub url: &'static str,
    /// Day on which the source was last changed or read, `YYYY-MM-DD`.
    pub date: &'static str,
}

impl Rule {
    pub const ALL: [Self; 9] = [
        Self::BlueskyGraphemes,
        Self::BlueskyBytes,
        Self::MastodonCharacters,
        Self::ImagesPerPost,
        Self::AltTextLength,
        Self::ImageBytes,
        Self::ImagePixels,
        Self::ImageType,
        Self::EmptyPost,
    ];

    /// The name of a counter, such as `Characters`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::BlueskyGraphemes | Self::MastodonCharacters => "Characters",
            Self::BlueskyBytes => "Bytes",
            Self::ImagesPerPost => "Images",
            Self::AltTextLength => "Image description",
            Self::ImageBytes => "Image size",
            Self::ImagePixels => "Image pixels",
            Self::ImageType => "Image type",
            Self::EmptyPost => "Content",
        }
    }

    /// What the numbers mean for a person, without a full stop: `12 characters over the 300 that Bluesky allows`, or, within the
    /// limit, `288 of the 300 characters that Bluesky allows`.
    pub fn sentence(self, measured: u32, limit: u32) -> String {
        let (unit, allowed) = match self {
            Self::ImageType => return "This type of image is not accepted here: convert it to JPEG or PNG".to_owned(),
            Self::EmptyPost => return "There is nothing to publish yet: write something or add an image".to_owned(),
            Self::ImageBytes if measured > limit => {
                let (size, most) = (megabytes(measured.div_ceil(100_000)), megabytes(limit / 100_000));
                return format!("This image has {size} MB; the limit is {most} MB");
            }
            Self::BlueskyGraphemes => ("character", "that Bluesky allows"),
            Self::BlueskyBytes => ("byte", "that Bluesky allows"),
            Self::MastodonCharacters => ("character", "that this server allows"),
            Self::ImagesPerPost => ("image", "allowed in one post"),
            Self::AltTextLength => ("character", "allowed in an alt text"),
            Self::ImageBytes => ("byte", "allowed for one image"),
            Self::ImagePixels => ("pixel", "allowed for one image"),
        };
        match measured.checked_sub(limit) {
            Some(over @ 1..) => {
                format!("{} {unit}{} over the {} {allowed}", grouped(over), plural(over), grouped(limit))
            }
            _ => format!("{} of the {} {unit}{} {allowed}", grouped(measured), grouped(limit), plural(limit)),
        }
    }
}

const fn plural(count: u32) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// `33,177,600`.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Tenths of a megabyte, with one decimal place if it says anything.
fn megabytes(tenths: u32) -> String {
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_plain_words() {
        for (rule, measured, limit, sentence) in [
            (Rule::BlueskyGraphemes, 312, 300, "12 characters over the 300 that Bluesky allows"),
            (Rule::BlueskyGraphemes, 301, 300, "1 character over the 300 that Bluesky allows"),
            (Rule::BlueskyGraphemes, 288, 300, "288 of the 300 characters that Bluesky allows"),
            (Rule::BlueskyBytes, 4_200, 3_000, "1,200 bytes over the 3,000 that Bluesky allows"),
            (Rule::MastodonCharacters, 501, 500, "1 character over the 500 that this server allows"),
            (Rule::ImagesPerPost, 5, 4, "1 image over the 4 allowed in one post"),
            (Rule::ImagesPerPost, 0, 1, "0 of the 1 image allowed in one post"),
            (Rule::AltTextLength, 1_502, 1_500, "2 characters over the 1,500 allowed in an alt text"),
            (Rule::ImageBytes, 2_000_001, 2_000_000, "This image has 2.1 MB; the limit is 2 MB"),
            (Rule::ImageBytes, 17_000_000, 16_777_216, "This image has 17 MB; the limit is 16.7 MB"),
            (Rule::ImagePixels, 40_000_000, 33_177_600, "6,822,400 pixels over the 33,177,600 allowed for one image"),
        ] {
            assert_eq!(rule.sentence(measured, limit), sentence);
        }
    }

    #[test]
    fn every_rule_has_words_and_a_wire_name() {
        for rule in Rule::ALL {
            assert!(!rule.label().is_empty());
            for (measured, limit) in [(0, 0), (1, 0), (u32::MAX, 0), (0, u32::MAX), (u32::MAX, u32::MAX)] {
                assert!(!rule.sentence(measured, limit).is_empty());
            }
            let wire = serde_json::to_string(&rule).unwrap();
            assert_eq!(serde_json::from_str::<Rule>(&wire).unwrap(), rule);
        }
        assert_eq!(serde_json::to_string(&Rule::BlueskyGraphemes).unwrap(), "\"bluesky_graphemes\"");
    }
}
