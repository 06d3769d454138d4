//! Queues: times of the week that wait for posts, and the next one that is free.

use domain::id::{AccountId, PersonaId, PostId, QueueId};
use domain::mutation::When;
use domain::queue::{Queue, QueueText};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::posts::Written;

/// All queues, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQueues {}

/// Adds a queue, or changes the one that is named. Posts that have a time keep it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveQueue {
    pub queue: Option<QueueId>,
    pub text: QueueText,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueSaved {
    pub queue: Queue,
    pub undo: Option<u64>,
}

/// Deletes a queue. Posts that have a time keep it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteQueue {
    pub queue: QueueId,
}

/// A time of a queue at which no post stands that the queue is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeSlot {
    pub queue: QueueId,
    /// What the queue is called.
    pub name: String,
    /// Whose posts it is for, as the queue says.
    pub persona: Option<PersonaId>,
    pub accounts: Vec<AccountId>,
    pub when: When,
    pub at: Timestamp,
}

/// The next free times, by time, of all queues that take a post of this persona to these accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextSlots {
    pub persona: Option<PersonaId>,
    pub accounts: Vec<AccountId>,
    /// 1 to 20.
    pub limit: u32,
}

/// Schedules a post at the next free time of the queues that take it, and signs it off.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueuePost {
    pub post: PostId,
    pub read: u32,
    /// Of this queue only.
    pub queue: Option<QueueId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    pub written: Written,
    pub slot: FreeSlot,
}
