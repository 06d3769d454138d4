//! What stands in the calendar beside the posts. [`crate::calendar::Calendar`] carries it.

use domain::entry::{Entry, EntryText};
use domain::id::EntryId;
use serde::{Deserialize, Serialize};

/// Adds an entry, or changes the one that is named.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveEntry {
    pub entry: Option<EntryId>,
    pub text: EntryText,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntrySaved {
    pub entry: Entry,
    pub undo: Option<u64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteEntry {
    pub entry: EntryId,
}
