//! Posts whose time the world changed.

use domain::id::PostId;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// Scheduled posts whose wall-clock time leads to another instant by the time zone data of today than when it was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListZoneChanges {}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneChange {
    pub post: PostId,
    /// Its title or its first line; may be empty.
    pub title: String,
    /// IANA name.
    pub zone: String,
    /// What was chosen.
    pub local: DateTime,
    /// When it goes out, as it stands.
    pub at: Timestamp,
    /// What the clock in `zone` will show then.
    pub shown: DateTime,
    /// When the clock will show what was chosen.
    pub moved: Timestamp,
}
