//! `POST /v1/orgs/{org}/pull`: the rows that changed since a cursor, as they are now.

use std::collections::BTreeMap;

use domain::{Key, Scope};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::hash::Digest16;
use crate::push::Outcome;

/// Rows and exits of one page: more than asked for is cut to this.
pub const PAGE_MAX: usize = 2_000;

/// Bytes of the records of one page, except for the first.
pub const PAGE_BYTES: usize = 4_000_000;

/// Results of one reply. What is left comes with the next.
pub const RESULTS_MAX: usize = 1_000;

/// Bytes of a cursor. One of 500 personas, each at a place of its own, has half of that.
pub const CURSOR_MAX: usize = 128 * 1024;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pull {
    pub client: Uuid,
    /// As the last reply gave it; `None`: from the beginning.
    pub cursor: Option<String>,
    /// The last own mutation whose result the client knows.
    pub seen_n: u64,
    pub limit: usize,
}

/// A page. Pages are put aside and applied together once one says that it is complete: a page alone is no state that ever was.
///
/// Rows and exits are applied in the order of `q`, an exit before a row of the same number.
#[derive(Debug, Serialize, Deserialize)]
pub struct PullReply {
    pub cursor: String,
    pub complete: bool,
    pub epoch: Uuid,
    pub head: u64,
    /// The last number of this client that has a result.
    pub last_n: u64,
    pub results: Vec<Outcome>,
    pub rows: Vec<Row>,
    pub exits: Vec<Exit>,
    /// Scopes that the person no longer holds: everything of them is dropped first.
    pub scope_drop: Vec<Scope>,
    /// With a complete page: of each scope that is held the sum of its rows ([`crate::hash::row_sum`], wrapping, little-endian).
    pub sums: BTreeMap<Scope, Digest16>,
}

/// A record as it is now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    pub key: Key,
    pub scope: Scope,
    /// The mutation that wrote it last.
    pub q: u64,
    /// [`domain::Record`] as JSON, the bytes that [`crate::hash::row_hash`] is over.
    pub d: Box<RawValue>,
}

/// A record left a scope: a copy that lies in that scope is dropped; one that lies in another stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    pub key: Key,
    pub scope: Scope,
    pub q: u64,
}
