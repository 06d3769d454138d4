//! The networks this program publishes to.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    Bluesky,
    Mastodon,
}

impl Network {
    pub const ALL: [Self; 2] = [Self::Bluesky, Self::Mastodon];

    /// The name as people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bluesky => "Bluesky",
            Self::Mastodon => "Mastodon",
        }
    }

    /// The stable name in storage and on the wire.
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Bluesky => "bluesky",
            Self::Mastodon => "mastodon",
        }
    }

    /// For how many seconds after a ticket the network recognises a repeated key as the same post; `None` is for ever.
    ///
    /// Mastodon: documented as "up to 1 hour" (docs.joinmastodon.org/methods/statuses, read 2026-11); we stop at 50 minutes.
    /// Bluesky: the record key is the address of the record, so it never expires.
    pub const fn key_lifetime_s(self) -> Option<i64> {
        match self {
            Self::Bluesky => None,
            Self::Mastodon => Some(50 * 60),
        }
    }

    /// How many seconds after the end of a ticket the same request may be sent once more under its key.
    ///
    /// Mastodon looks a key up before it makes the post and notes it afterwards, without a lock (mastodon/mastodon
    /// app/services/post_status_service.rb, read 2026-11): two requests at once are two posts. One whose connection is gone
    /// may still wait in a proxy, so a repeat waits for longer than that: three minutes.
    /// Bluesky: writing a record twice under one record key is writing it once, in whatever order.
    pub const fn repeat_after_s(self) -> i64 {
        match self {
            Self::Bluesky => 0,
            Self::Mastodon => 180,
        }
    }
}
