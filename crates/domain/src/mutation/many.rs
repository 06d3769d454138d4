//! What is done to many posts at once, and how they stood before.

use serde::{Deserialize, Serialize};

use super::When;
use crate::hash::ContentHash;
use crate::id::{PersonaId, PostId};
use crate::link_tags::LinkTags;
use crate::schedule::Schedule;

/// What is done to many posts at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub enum PostsChange {
    /// Nothing of it begins to go out until it is resumed; its time and its sign-off stay.
    Hold,
    Resume,
    /// By so many days; the time of day in its own zone stays.
    Shift {
        days: i32,
    },
    /// To one time, and signs off what stands there: what waits, and drafts.
    MoveTo {
        when: When,
    },
    Delete,
    Unschedule,
    Persona {
        persona: Option<PersonaId>,
    },
    /// The time zone data changed since it was scheduled: says which of the two stays.
    Rezone {
        keep: Keep,
    },
}

/// What stays of a time when clocks are changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// What the clock shows: it goes out earlier or later than it was planned.
    Clock,
    /// The instant: the clock will show another time.
    Instant,
}

impl PostsChange {
    /// Posts of one change: what one transaction writes while a person waits.
    pub const POSTS_MAX: usize = 1_000;

    /// The stable name in the log of a mutation that does this.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Hold => "hold_posts",
            Self::Resume => "resume_posts",
            Self::Shift { .. } | Self::MoveTo { .. } | Self::Rezone { .. } => "move_posts",
            Self::Delete => "delete_posts",
            Self::Unschedule => "unschedule_posts",
            Self::Persona { .. } => "speak_posts",
        }
    }
}

/// How a post stood before a change of many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    pub post: PostId,
    #[serde(flatten)]
    pub stood: Stood,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stood", rename_all = "snake_case")]
pub enum Stood {
    /// Signed off for this instant: `hash` is what was signed.
    At { schedule: Schedule, hash: ContentHash, held: bool },
    /// It was a draft.
    Nowhere,
    Spoke {
        persona: Option<PersonaId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link_tags: Option<LinkTags>,
    },
}
