//! What the tokenizer of the search index cannot serve: signs such as emoji, which it drops, and scripts written without
//! spaces, whose sentences it takes for one long word. Each such character becomes a word of its own in a column beside the
//! text, and what a person types becomes a phrase of the same words.

use std::fmt::Write;

/// A word that no text makes: it keeps two runs of signs from reading as one.
const BREAK: &str = "x0";

/// The characters that need this, as words for the index. Empty for most texts in most languages.
pub(crate) fn words(texts: &[&str]) -> String {
    let mut words = String::new();
    for text in texts {
        let mut open = false;
        for char in text.chars() {
            if is_sign(char) {
                push(&mut words, char);
                open = true;
            } else if open && !joins(char) {
                words.push(' ');
                words.push_str(BREAK);
                open = false;
            }
        }
        if open {
            words.push(' ');
            words.push_str(BREAK);
        }
    }
    words
}

/// The phrases that find the runs of signs in a word that is mixed with letters.
pub(crate) fn runs(word: &str) -> Vec<String> {
    let parts = word.split(|char| !is_sign(char) && !joins(char));
    parts.filter_map(phrase).collect()
}

/// The phrase that finds a word in the column, if it consists of signs alone.
pub(crate) fn phrase(word: &str) -> Option<String> {
    let mut phrase = String::new();
    for char in word.chars() {
        if is_sign(char) {
            push(&mut phrase, char);
        } else if !joins(char) {
            return None;
        }
    }
    (!phrase.is_empty()).then_some(phrase)
}

fn push(words: &mut String, char: char) {
    if !words.is_empty() {
        words.push(' ');
    }
    // writing to a String cannot fail
    let _ = write!(words, "x{:x}", u32::from(char));
}

fn is_sign(char: char) -> bool {
    let symbol = !char.is_ascii() && !char.is_alphanumeric() && !char.is_whitespace() && !char.is_control();
    has_no_spaces(char) || (symbol && !joins(char))
}

/// Glue and variations: a heart is found whether it is drawn in colour or not, a hand whatever its tone.
const fn joins(char: char) -> bool {
    matches!(char, '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// Scripts whose words are not separated: Thai, Lao, Myanmar, Khmer, kana, Han and their extensions.
pub(crate) const fn has_no_spaces(char: char) -> bool {
    matches!(
        char,
        '\u{0e00}'..='\u{0eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{2e80}'..='\u{2fdf}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{31f0}'..='\u{31ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{ff66}'..='\u{ff9f}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sign_is_a_word_and_runs_stay_apart() {
        assert_eq!(words(&["plain text, with a café"]), "");
        assert_eq!(words(&["パン and 🥖"]), "x30d1 x30f3 x0 x1f956 x0");
        assert_eq!(words(&["🥐", "🥐"]), "x1f950 x0 x1f950 x0");
    }

    #[test]
    fn glue_and_variations_do_not_count() {
        assert_eq!(words(&["👩\u{200d}🍳"]), "x1f469 x1f373 x0");
        assert_eq!(phrase("\u{2764}\u{fe0f}"), phrase("\u{2764}"));
        assert_eq!(phrase("👍🏽"), phrase("👍"));
    }

    #[test]
    fn only_signs_make_a_phrase() {
        assert_eq!(phrase("焼け").as_deref(), Some("x713c x3051"));
        for word in ["", "a", "パンa", "!!!", "\u{200d}"] {
            assert_eq!(phrase(word), None, "{word}");
        }
        assert_eq!(runs("AI活用/パン"), ["x6d3b x7528", "x30d1 x30f3"]);
        assert_eq!(runs("!!!"), Vec::<String>::new());
    }
}
