//! What a person changed: taken back, and done again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Takes back the change with this number. It must be one of [`Changes`]: one that is done, or one that was taken back and is
/// then done again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    pub undo: u64,
}

/// What this person changed in the last hour and can still take back, or do again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListChanges {}

/// Both the newest first: in this order each can be taken back, or done again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    pub undo: Vec<Change>,
    /// Taken back, and nothing else was changed since.
    pub redo: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What [`Undo`] takes.
    pub undo: u64,
    pub kind: ChangeKind,
    /// The title of the post or the name of the persona or file; empty if there is none.
    pub subject: String,
    /// So many posts or files.
    pub count: u32,
    pub at: Timestamp,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    NamePerson,
    AddPersona,
    EditPersona,
    DeletePersona,
    SetGrace,
    RemoveAccount,
    CreatePost,
    EditPost,
    RestoreVersion,
    DeletePost,
    ImportPosts,
    SchedulePost,
    /// To another time.
    MovePost,
    UnschedulePost,
    HoldPosts,
    ResumePosts,
    MovePosts,
    DeletePosts,
    UnschedulePosts,
    SetPersona,
    RepeatPost,
    EditSeries,
    StopSeries,
    AddQueue,
    EditQueue,
    DeleteQueue,
    AddSnippet,
    EditSnippet,
    DeleteSnippet,
    AddComment,
    EditComment,
    DeleteComment,
    ResolveComment,
    ReopenComment,
    AddIdea,
    EditIdea,
    MoveIdea,
    DeleteIdea,
    DraftIdea,
    AddColumn,
    RenameColumn,
    MoveColumn,
    DeleteColumn,
    AddEntry,
    EditEntry,
    DeleteEntry,
    ImportMedia,
    FitMedia,
    EditMedia,
    DeleteMedia,
    RenameTeam,
    ChangeMember,
    GoAway,
    AddChain,
    EditChain,
    DeleteChain,
    /// Said something about a post.
    ReviewPost,
}
