//! From what a person types to what the index understands. No input is an error.

/// What is asked of the search index, and what the index cannot answer and is looked for as it stands.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Search {
    /// An FTS5 expression in which every word is quoted.
    pub(crate) index: Option<String>,
    /// Pieces that must occur literally: signs such as emoji, and scripts written without spaces, which the index knows
    /// as one long word.
    pub(crate) literal: Vec<String>,
}

/// Words beyond these are not looked at: nobody types them, and the expression stays small.
const WORDS_MAX: usize = 24;
const WORD_LENGTH_MAX: usize = 200;

impl Search {
    /// All words must occur, in any order; the last one may be unfinished. `None` if there is nothing to look for.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let words: Vec<String> = text
            .split(|char: char| char.is_whitespace() || char.is_control())
            .filter(|word| !word.is_empty())
            .take(WORDS_MAX)
            .map(|word| word.chars().take(WORD_LENGTH_MAX).collect())
            .collect();
        let last = words.len().checked_sub(1)?;
        let mut search = Self::default();
        let mut phrases = Vec::new();
        for (position, word) in words.into_iter().enumerate() {
            if is_indexed(&word) {
                let prefix = if position == last { "*" } else { "" };
                phrases.push(format!("\"{}\"{prefix}", word.replace('"', "\"\"")));
            } else {
                search.literal.push(word);
            }
        }
        search.index = (!phrases.is_empty()).then(|| phrases.join(" "));
        Some(search)
    }
}

fn is_indexed(word: &str) -> bool {
    word.chars().any(char::is_alphanumeric) && !word.chars().any(has_no_spaces)
}

/// Scripts whose words are not separated: Thai, Lao, Myanmar, Khmer, kana, Han and their extensions.
const fn has_no_spaces(char: char) -> bool {
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

    fn index(text: &str) -> String {
        Search::parse(text).unwrap().index.unwrap()
    }

    #[test]
    fn words_are_quoted_and_the_last_may_be_unfinished() {
        assert_eq!(index("sour dough br"), r#""sour" "dough" "br"*"#);
        assert_eq!(index(r#"say "hi" OR NOT(x)"#), r#""say" """hi""" "OR" "NOT(x)"*"#);
        assert_eq!(index("title:rye ^first -minus a*"), r#""title:rye" "^first" "-minus" "a*"*"#);
    }

    #[test]
    fn what_the_index_does_not_know_is_looked_for_as_it_stands() {
        assert_eq!(Search::parse("🥖"), Some(Search { index: None, literal: vec!["🥖".into()] }));
        assert_eq!(
            Search::parse("パン rye"),
            Some(Search { index: Some("\"rye\"*".into()), literal: vec!["パン".into()] })
        );
    }

    #[test]
    fn nothing_typed_is_nothing_looked_for() {
        assert_eq!(Search::parse(""), None);
        assert_eq!(Search::parse(" \t\n\0 "), None);
    }

    #[test]
    fn a_pasted_page_stays_small() {
        let search = Search::parse(&"word ".repeat(100_000)).unwrap();
        assert!(search.index.unwrap().len() < 1_000);
    }
}
