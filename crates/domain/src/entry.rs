//! What stands in the calendar beside the posts: holidays, launches, notes.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::EntryId;
use crate::people::PersonaColor;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    Holiday,
    Launch,
    #[default]
    Note,
}

impl EntryKind {
    pub const ALL: [Self; 3] = [Self::Note, Self::Holiday, Self::Launch];

    pub const fn wire(self) -> &'static str {
        match self {
            Self::Holiday => "holiday",
            Self::Launch => "launch",
            Self::Note => "note",
        }
    }
}

/// Everything a person may say of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryText {
    pub kind: EntryKind,
    /// Not blank, at most [`Entry::TITLE_MAX`] characters.
    pub title: String,
    /// Its days: whole ones, as the calendar on the wall shows them, in whatever zone it hangs.
    pub from: Date,
    /// Inclusive; not before `from`, and at most [`Entry::DAYS_MAX`] days in all.
    pub to: Date,
    pub color: PersonaColor,
    /// At most [`Entry::NOTE_MAX`] characters.
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub id: EntryId,
    pub text: EntryText,
    pub deleted: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Entry {
    pub const TITLE_MAX: usize = 200;
    pub const NOTE_MAX: usize = 2_000;
    /// A year and a day.
    pub const DAYS_MAX: usize = 367;
    /// In one profile: three a day for years, and what a calendar reads at once.
    pub const COUNT_MAX: usize = 5_000;

    /// It stands on this day.
    pub fn is_on(&self, day: Date) -> bool {
        (self.text.from..=self.text.to).contains(&day)
    }
}
