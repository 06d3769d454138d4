//! From what a person types to what the index understands. No input is an error.

use sea_orm::ConnectionTrait;

use crate::error::StoreError;
use crate::table::signs;

/// Makes the index anew from the posts: seconds for a hundred thousand.
pub(crate) async fn rebuild(db: &impl ConnectionTrait) -> Result<(), StoreError> {
    tracing::warn!("the search index is damaged and is made anew");
    db.execute_unprepared("INSERT INTO post_fts (post_fts) VALUES ('rebuild')").await?;
    Ok(())
}

/// What is asked of the search index, and what the index cannot answer and is looked for as it stands.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Search {
    /// An FTS5 expression in which every word is quoted.
    pub(crate) index: Option<String>,
    /// Pieces that must occur literally because the index has no words for them: `!!!`, or scripts mixed in one word.
    pub(crate) literal: Vec<String>,
    /// Pieces that the index finds by their signs: a snippet marks them as they stand.
    pub(crate) signs: Vec<String>,
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
            if let Some(phrase) = signs::phrase(&word) {
                phrases.push(format!("signs : \"{phrase}\""));
                search.signs.push(word);
            } else if is_indexed(&word) {
                // behind a closing sign nothing more of the word is to come
                let open = position == last && word.ends_with(char::is_alphanumeric);
                let prefix = if open { "*" } else { "" };
                phrases.push(format!("{{title body}} : \"{}\"{prefix}", word.replace('"', "\"\"")));
            } else {
                // its signs narrow down where to look for the word itself
                phrases.extend(signs::runs(&word).into_iter().map(|phrase| format!("signs : \"{phrase}\"")));
                search.literal.push(word);
            }
        }
        search.index = (!phrases.is_empty()).then(|| phrases.join(" AND "));
        Some(search)
    }
}

fn is_indexed(word: &str) -> bool {
    word.chars().any(char::is_alphanumeric) && !word.chars().any(signs::has_no_spaces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(text: &str) -> String {
        Search::parse(text).unwrap().index.unwrap()
    }

    #[test]
    fn words_are_quoted_and_the_last_may_be_unfinished() {
        let words = |text: &str| index(text).replace("{title body} : ", "").replace(" AND ", " ");
        assert_eq!(words("sour dough br"), r#""sour" "dough" "br"*"#);
        assert_eq!(words(r#"say "hi" OR NOT(x)"#), r#""say" """hi""" "OR" "NOT(x)""#);
        assert_eq!(words("title:rye ^first -minus a*"), r#""title:rye" "^first" "-minus" "a*""#);
    }

    #[test]
    fn signs_are_phrases_and_what_the_index_does_not_know_is_looked_for_as_it_stands() {
        assert_eq!(index("🥖 rye"), r#"signs : "x1f956" AND {title body} : "rye"*"#);
        let mixed = Search::parse("!!! AI活用").unwrap();
        assert_eq!(mixed.index.as_deref(), Some(r#"signs : "x6d3b x7528""#));
        assert_eq!(mixed.literal, ["!!!", "AI活用"]);
    }

    #[test]
    fn nothing_typed_is_nothing_looked_for() {
        assert_eq!(Search::parse(""), None);
        assert_eq!(Search::parse(" \t\n\0 "), None);
    }

    #[test]
    fn a_pasted_page_stays_small() {
        let search = Search::parse(&"word ".repeat(100_000)).unwrap();
        assert!(search.index.unwrap().len() < 2_000);
    }
}
