//! Snippets: hashtag groups, templates and signatures.

use domain::id::{PersonaId, SnippetId};
use domain::snippet::{Snippet, SnippetText};
use serde::{Deserialize, Serialize};

/// All snippets, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSnippets {}

/// Adds a snippet, or changes the one that is named. Posts keep what they took of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveSnippet {
    pub snippet: Option<SnippetId>,
    pub text: SnippetText,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnippetSaved {
    pub snippet: Snippet,
    pub undo: Option<u64>,
}

/// Deletes a snippet. Posts keep what they took of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteSnippet {
    pub snippet: SnippetId,
}

/// Makes a draft of a template, for a persona and its accounts, with its signature below. `persona: None`: the template's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftTemplate {
    pub snippet: SnippetId,
    pub persona: Option<PersonaId>,
}
