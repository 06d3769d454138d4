//! Posts written to files, for other programs and for people.

use serde::{Deserialize, Serialize};

use crate::posts::Filter;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// CSV, one row per post, with its images beside it. A value that a spreadsheet would take for a formula gets an apostrophe
    /// in front.
    Table,
    /// JSON with everything that a post has, with its images beside it.
    Document,
    /// iCalendar: what has a time.
    Calendar,
}

/// Writes the posts of a filter into the folder for documents.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportPosts {
    pub filter: Filter,
    pub format: ExportFormat,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedPosts {
    /// The file, or the folder that holds it and the images.
    pub path: String,
    pub posts: u32,
    pub images: u32,
    /// Images that are gone from this computer or damaged.
    pub missing: u32,
}
