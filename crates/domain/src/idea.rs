//! Ideas: what may become a post, on a board of columns.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{BoardId, ColumnId, IdeaId, PersonId, PostId};

/// Everything that a person writes of an idea.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdeaText {
    /// Not blank, at most [`Idea::TITLE_MAX`] characters.
    pub title: String,
    /// At most [`Idea::NOTE_MAX`] characters.
    pub note: String,
    /// Where it came from: an address, or empty.
    pub link: String,
    /// In the order in which they were added, without repeats.
    pub tags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Idea {
    pub id: IdeaId,
    pub author: PersonId,
    pub text: IdeaText,
    /// What became of it.
    pub post: Option<PostId>,
    pub deleted: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Idea {
    pub const TITLE_MAX: usize = 200;
    pub const NOTE_MAX: usize = 8_000;
    pub const LINK_MAX: usize = 2_000;
    pub const TAGS_MAX: usize = 20;
    pub const TAG_MAX: usize = 50;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub id: ColumnId,
    /// Empty for the columns that every board begins with, as long as nobody named them: each language has words of its own.
    pub name: String,
    /// From top to bottom.
    pub ideas: Vec<IdeaId>,
}

/// Where the ideas stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    pub id: BoardId,
    /// From left to right, never empty. Every idea that is not deleted stands in one of them, once.
    pub columns: Vec<Column>,
    pub updated_at: Timestamp,
}

impl Board {
    /// The one board of a profile.
    pub const ID: BoardId = BoardId::new(uuid::Uuid::nil());
    pub const COLUMNS_MAX: usize = 20;
    pub const IDEAS_MAX: usize = 2_000;

    /// What a board begins with: collected, next, in work.
    pub const FIRST: [ColumnId; 3] = [
        ColumnId::new(uuid::Uuid::from_u128(1)),
        ColumnId::new(uuid::Uuid::from_u128(2)),
        ColumnId::new(uuid::Uuid::from_u128(3)),
    ];

    /// The board as long as nothing stands on it.
    pub fn blank() -> Self {
        let column = |id| Column { id, name: String::new(), ideas: Vec::new() };
        Self { id: Self::ID, columns: Self::FIRST.map(column).into(), updated_at: Timestamp::UNIX_EPOCH }
    }

    /// Where an idea stands: its column, and the idea below it.
    pub fn place(&self, idea: IdeaId) -> Option<(ColumnId, Option<IdeaId>)> {
        self.columns.iter().find_map(|column| {
            let at = column.ideas.iter().position(|other| *other == idea)?;
            Some((column.id, column.ideas.get(at.saturating_add(1)).copied()))
        })
    }

    /// The column behind another one.
    pub fn behind(&self, column: ColumnId) -> Option<ColumnId> {
        let at = self.columns.iter().position(|other| other.id == column)?;
        self.columns.get(at.saturating_add(1)).map(|next| next.id)
    }

    pub(crate) fn column_mut(&mut self, column: ColumnId) -> Option<&mut Column> {
        self.columns.iter_mut().find(|other| other.id == column)
    }

    /// Takes an idea off the board.
    pub(crate) fn take(&mut self, idea: IdeaId) {
        self.columns.iter_mut().for_each(|column| column.ideas.retain(|other| *other != idea));
    }
}

impl Column {
    /// Before another idea, or at the end if that stands elsewhere.
    pub(crate) fn put(&mut self, idea: IdeaId, before: Option<IdeaId>) {
        let at = before.and_then(|before| self.ideas.iter().position(|other| *other == before));
        self.ideas.insert(at.unwrap_or(self.ideas.len()), idea);
    }
}
