//! Ideas: what may become a post, on a board of columns.

use domain::id::{ColumnId, IdeaId, PersonaId};
use domain::idea::{Idea, IdeaText};
use domain::post::PostStatus;
use serde::{Deserialize, Serialize};

/// The whole board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetIdeas {}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdeaBoard {
    /// From left to right.
    pub columns: Vec<ColumnView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnView {
    pub column: ColumnId,
    /// Empty for a column that every board begins with and nobody named.
    pub name: String,
    /// From top to bottom.
    pub ideas: Vec<IdeaView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdeaView {
    pub idea: Idea,
    /// The state of the post that it became; `None` if it became none, or that was deleted.
    pub status: Option<PostStatus>,
}

/// Adds an idea at the head of a column, or changes the one that is named.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveIdea {
    pub idea: Option<IdeaId>,
    pub text: IdeaText,
    /// Of a new one; `None`: the first column.
    #[serde(default)]
    pub column: Option<ColumnId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdeaSaved {
    pub idea: IdeaId,
    pub undo: Option<u64>,
}

/// Puts an idea before another one of a column, or at its end.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveIdea {
    pub idea: IdeaId,
    pub column: ColumnId,
    pub before: Option<IdeaId>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteIdea {
    pub idea: IdeaId,
}

/// Makes a draft of an idea, for a persona and its accounts. Both know each other from then on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftIdea {
    pub idea: IdeaId,
    pub persona: Option<PersonaId>,
}

/// Adds a column at the right, or renames the one that is named.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveColumn {
    pub column: Option<ColumnId>,
    pub name: String,
}

/// Puts a column before another one, or at the right end.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveColumn {
    pub column: ColumnId,
    pub before: Option<ColumnId>,
}

/// Deletes a column; its ideas go to the first one that is left.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteColumn {
    pub column: ColumnId,
}
