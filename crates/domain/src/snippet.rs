//! Snippets: texts that are written once and used in many posts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{PersonaId, SnippetId};

/// What a snippet is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SnippetKind {
    /// Hashtags that go together.
    #[default]
    Hashtags,
    /// What a whole post begins with.
    Template,
    /// What stands below the posts of a persona.
    Signature,
}

impl SnippetKind {
    pub const ALL: [Self; 3] = [Self::Hashtags, Self::Template, Self::Signature];
}

/// Everything that a person writes of a snippet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnippetText {
    pub kind: SnippetKind,
    /// Not blank, at most [`crate::people::Persona::NAME_MAX`] characters.
    pub name: String,
    /// Never empty. A template may be a thread of up to [`crate::post::Content::PARTS_MAX`] parts, all others have one. Each at
    /// most [`crate::post::Content::TEXT_MAX`] characters.
    pub parts: Vec<String>,
    /// Whose it is; `None`: everybody's. The oldest signature of a persona stands below its new posts by itself.
    pub persona: Option<PersonaId>,
}

impl SnippetText {
    /// The first part, which is all of it for whatever is no template.
    pub fn first(&self) -> &str {
        self.parts.first().map(String::as_str).unwrap_or_default()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    pub id: SnippetId,
    pub text: SnippetText,
    pub deleted: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Snippet {
    /// Of one profile.
    pub const SNIPPETS_MAX: usize = 1_000;

    /// The signature that stands below new posts of `persona`, from all snippets, oldest first.
    pub fn signature_of(all: &[Self], persona: Option<PersonaId>) -> Option<&Self> {
        let persona = persona?;
        all.iter().find(|snippet| {
            snippet.text.kind == SnippetKind::Signature && snippet.text.persona == Some(persona) && !snippet.deleted
        })
    }
}

/// Words as hashtags: `rye, sourdough #bread` becomes `#rye #sourdough #bread`. Each once, whatever its letters' case.
pub fn hashtags(text: &str) -> String {
    let mut tags: Vec<String> = Vec::new();
    for word in text.split(|letter: char| letter.is_whitespace() || letter == ',').map(|word| word.trim_matches('#')) {
        if !word.is_empty() && !tags.iter().any(|known| known.to_lowercase() == word.to_lowercase()) {
            tags.push(word.to_owned());
        }
    }
    tags.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" ")
}

/// `text` with a signature below it, after a blank line.
pub fn signed(text: &str, signature: &str) -> String {
    match text.trim_end() {
        "" => format!("\n\n{signature}"),
        text if text.ends_with(signature) => text.to_owned(),
        text => format!("{text}\n\n{signature}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_hashtags_each_once() {
        assert_eq!(hashtags("rye, Sourdough  #bread\n##RYE,"), "#rye #Sourdough #bread");
        assert_eq!(hashtags(" , # "), "");
        assert_eq!(hashtags("خبز"), "#خبز");
    }

    #[test]
    fn a_signature_stands_below_a_text_once() {
        assert_eq!(signed("Rye at noon.  \n", "— The bakers"), "Rye at noon.\n\n— The bakers");
        assert_eq!(signed("Rye at noon.\n\n— The bakers", "— The bakers"), "Rye at noon.\n\n— The bakers");
        assert_eq!(signed(" ", "— The bakers"), "\n\n— The bakers");
    }
}
