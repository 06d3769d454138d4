//! Comments on a post, among those who write it.

use domain::comment::{Anchor, Comment};
use domain::id::{CommentId, PostId};
use serde::{Deserialize, Serialize};

/// All comments on a post, oldest first; a deleted one as long as something answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListComments {
    pub post: PostId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentView {
    pub comment: Comment,
    /// The name of whoever wrote it; empty if they gave none.
    pub author: String,
    /// This person wrote it, and may change it.
    pub own: bool,
}

/// Says something about a post, or answers what was said.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddComment {
    pub post: PostId,
    pub text: String,
    /// The passage that it is about; `None`: the whole post.
    pub anchor: Option<Anchor>,
    pub reply_to: Option<CommentId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentAdded {
    pub comment: CommentId,
    pub undo: Option<u64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditComment {
    pub comment: CommentId,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteComment {
    pub comment: CommentId,
}

/// Settles a comment with all its answers, or takes it up again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolveComment {
    pub comment: CommentId,
    pub resolved: bool,
}
