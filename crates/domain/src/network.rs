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
}
