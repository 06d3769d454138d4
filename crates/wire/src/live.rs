//! `GET /v1/orgs/{org}/live`: that there is something to pull. An event may be lost; the next one, or a pull by the clock, brings
//! the same.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum LiveEvent {
    /// The organisation is at this number.
    Poke { seq: u64 },
    /// The person is no member any more.
    Revoked,
    /// So that a dead connection is noticed; every [`PING_S`] seconds.
    Ping,
}

/// Seconds between two pings.
pub const PING_S: u64 = 15;
