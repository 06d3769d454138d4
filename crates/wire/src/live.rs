//! `GET /v1/orgs/{org}/live`: that there is something to pull, and who else has the same post open. An event may be lost; the next one,
//! or a pull by the clock, brings the same.
//!
//! `PUT /v1/orgs/{org}/presence`: which post a device has open. It is in no ledger and on no disk.

use domain::id::{PersonId, PostId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum LiveEvent {
    /// The organisation is at this number.
    Poke { seq: u64 },
    /// The others who have the post open that this device has open, all of them, at most [`PRESENT_MAX`]; each time that they are
    /// others.
    Presence { post: PostId, people: Vec<PersonId> },
    /// The person is no member any more.
    Revoked,
    /// So that a dead connection is noticed: at once, and then every [`PING_S`] seconds.
    Ping,
}

/// Seconds between two pings.
pub const PING_S: u64 = 15;

/// Bytes of one event as JSON.
pub const EVENT_MAX: usize = 64 * 1024;

/// What a device says of itself. It counts for [`PRESENCE_S`] seconds, or until the device says something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    /// The post that it has open; none: no post at all.
    pub post: Option<PostId>,
}

/// Seconds for which it counts that a device has a post open.
pub const PRESENCE_S: u64 = 30;

/// Seconds after which a device says once more what it has open: two of them can be lost.
pub const PRESENCE_AGAIN_S: u64 = 10;

/// People of one event.
pub const PRESENT_MAX: usize = 50;
