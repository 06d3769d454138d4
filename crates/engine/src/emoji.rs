//! Emoji by their names, in both languages. The table stays out of the window, which asks for what it shows.

use std::cmp::Reverse;
use std::sync::LazyLock;

use contract::emoji::{EmojiGroup, EmojiView};
use contract::program::Language;

struct Emoji {
    sign: &'static str,
    group: EmojiGroup,
    english: &'static str,
    german: &'static str,
    /// Everything that it is found by, in small letters: both names, then the other words.
    names: String,
    words: String,
}

static TABLE: LazyLock<Vec<Emoji>> =
    LazyLock::new(|| include_str!("../data/emoji.tsv").lines().filter_map(read).collect());

fn read(line: &'static str) -> Option<Emoji> {
    let mut fields = line.split('\t');
    let mut field = || fields.next();
    let (sign, group, english, german) = (field()?, field()?, field()?, field()?);
    let group = match group {
        "0" => EmojiGroup::Smileys,
        "1" => EmojiGroup::People,
        "3" => EmojiGroup::Nature,
        "4" => EmojiGroup::Food,
        "5" => EmojiGroup::Travel,
        "6" => EmojiGroup::Activities,
        "7" => EmojiGroup::Objects,
        "8" => EmojiGroup::Symbols,
        "9" => EmojiGroup::Flags,
        _ => return None,
    };
    let words = format!("{} {}", field()?, field()?).to_lowercase();
    Some(Emoji { sign, group, english, german, names: format!("{english} {german}").to_lowercase(), words })
}

impl Emoji {
    fn view(&self, language: Language) -> EmojiView {
        let name = match language {
            Language::English => self.english,
            Language::German => self.german,
        };
        let name = if name.is_empty() { self.english } else { name };
        EmojiView { emoji: self.sign.to_owned(), name: name.to_owned(), group: self.group }
    }

    /// How well it answers: every word must be found.
    fn score(&self, wanted: &[String]) -> Option<u32> {
        wanted.iter().try_fold(0, |sum, word| {
            let points = if self.names.starts_with(word) || self.german.to_lowercase().starts_with(word) {
                4
            } else if begins_word(&self.names, word) {
                3
            } else if begins_word(&self.words, word) {
                2
            } else if self.names.contains(word) || self.words.contains(word) {
                1
            } else {
                return None;
            };
            Some(sum + points)
        })
    }
}

fn begins_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        text.get(..at).and_then(|before| before.chars().next_back()).is_none_or(|letter| !letter.is_alphanumeric())
    })
}

/// Those that have all words of `text`, the best first, and in their usual order where they are as good; without words, those
/// of a group. At most `limit`.
pub(crate) fn find(text: &str, group: Option<EmojiGroup>, language: Language, limit: usize) -> Vec<EmojiView> {
    let wanted: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let mut found: Vec<(u32, &Emoji)> = TABLE
        .iter()
        .filter(|emoji| !wanted.is_empty() || group.is_none_or(|group| emoji.group == group))
        .filter_map(|emoji| Some((emoji.score(&wanted)?, emoji)))
        .collect();
    found.sort_by_key(|(score, _)| Reverse(*score));
    found.into_iter().take(limit).map(|(_, emoji)| emoji.view(language)).collect()
}

/// What these are called; whatever is none is left out.
pub(crate) fn named(signs: &[String], language: Language) -> Vec<EmojiView> {
    let known = signs.iter().filter_map(|sign| TABLE.iter().find(|emoji| emoji.sign == sign));
    known.map(|emoji| emoji.view(language)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(text: &str) -> Vec<String> {
        find(text, None, Language::English, 5).into_iter().map(|view| view.emoji).collect()
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines = include_str!("../data/emoji.tsv").lines().filter(|line| !line.starts_with("# ")).count();
        assert_eq!(TABLE.len(), lines);
        assert!(lines > 1_800);
        assert!(
            TABLE.iter().all(|emoji| !emoji.sign.is_empty() && !emoji.english.is_empty() && !emoji.german.is_empty())
        );
    }

    #[test]
    fn an_emoji_is_found_by_its_name_and_other_words_in_both_languages() {
        assert_eq!(signs("bread")[0], "🍞");
        assert_eq!(signs("Brot")[0], "🍞");
        assert!(signs("croiss").contains(&"🥐".to_owned()));
        assert!(signs("lächel").iter().any(|sign| sign == "😃" || sign == "🙂" || sign == "😊"));
        assert_eq!(signs("thumbs up")[0], "👍️");
        assert_eq!(signs("flag norway")[0], "🇳🇴");
        assert!(signs("qqqq").is_empty());
    }

    #[test]
    fn a_group_is_shown_in_its_order_and_named_in_the_language() {
        let food = find(" ", Some(EmojiGroup::Food), Language::German, 500);
        assert!(food.len() > 100 && food.iter().all(|view| view.group == EmojiGroup::Food));
        assert_eq!((food[0].emoji.as_str(), food[0].name.as_str()), ("🍇", "Trauben"));
        let named = named(&["🍞".to_owned(), "x".to_owned()], Language::English);
        assert_eq!(named.len(), 1);
        assert_eq!(named[0].name, "bread");
    }
}
