//! Posts from a table: read, shown before anything is written, then brought in together.

use domain::id::AccountId;
use domain::mutation::When;
use serde::{Deserialize, Serialize};

/// In which order a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    YearFirst,
    DayFirst,
    MonthFirst,
}

/// What the columns of the table mean; each counts from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Columns {
    pub text: Option<u32>,
    /// A date, or a date with a time.
    pub date: Option<u32>,
    pub time: Option<u32>,
    pub link: Option<u32>,
    pub title: Option<u32>,
    /// Names of accounts, separated by commas or semicolons.
    pub accounts: Option<u32>,
    /// The first row names the columns.
    pub header: bool,
    pub order: Option<DateOrder>,
}

/// Reads a table and says what would come in. Writes nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewImport {
    /// The file: values separated by commas, semicolons or tabs; at most 5 MB.
    pub table: String,
    /// None: found out from the table.
    pub columns: Option<Columns>,
    /// Where rows go that name no account.
    pub accounts: Vec<AccountId>,
    /// IANA name of the zone that the times are meant in.
    pub zone: String,
}

/// A kind of file that was recognised by its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    Buffer,
    Hootsuite,
    Publer,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPreview {
    pub layout: Layout,
    pub columns: Columns,
    /// The names of the columns, or their first values.
    pub names: Vec<String>,
    pub rows: Vec<ImportRow>,
    /// Rows that would come in.
    pub good: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// In the file, from 1.
    pub line: u32,
    pub title: String,
    pub accounts: Vec<AccountId>,
    /// None: a draft.
    pub when: Option<When>,
    /// Why it does not come in, each in a sentence; empty if it does.
    pub problems: Vec<RowProblem>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum RowProblem {
    NoText,
    /// What stands there is no date that can be read.
    NoDate {
        found: String,
    },
    InThePast,
    /// No account of that name.
    UnknownAccount {
        found: String,
    },
    /// It has a time, and nowhere to go.
    NoAccount,
    TooLong,
    BreaksRule {
        account: AccountId,
        violation: domain::text::Violation,
    },
}

/// Brings the rows without problems in, in one step that one undo takes back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportPosts {
    pub table: String,
    pub columns: Columns,
    pub accounts: Vec<AccountId>,
    pub zone: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    pub posts: u32,
    /// Rows that were left out.
    pub left_out: u32,
    /// The number to hand to `undo`.
    pub undo: Option<u64>,
}
