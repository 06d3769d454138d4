//! One thing done to many posts at once.

use domain::id::PostId;
use domain::mutation::PostsChange;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// Does this to all of these posts that let it, at most [`PostsChange::POSTS_MAX`], as one change that is taken back as one.
/// Refused only if none lets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePosts {
    pub posts: Vec<PostId>,
    pub change: PostsChange,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostsChanged {
    pub changed: Vec<PostId>,
    /// What could not be changed and stays as it is; of many the first [`PostsChanged::LEFT_MAX`].
    pub left: Vec<Left>,
    pub undo: Option<u64>,
}

impl PostsChanged {
    pub const LEFT_MAX: usize = 20;
}

/// A post that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    pub post: PostId,
    /// Empty if it has neither a name nor words, or is gone.
    pub title: String,
    pub why: ApiError,
}
