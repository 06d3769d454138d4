//! How far a client has pulled. Opaque to it; whoever changes one reads less or more of what they hold, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Key, Scope};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::Fault;
use wire::hash::Digest;
use wire::pull::CURSOR_MAX;

use crate::store::{After, order};

/// A place in the feed. Within a number come the exits, then the rows, each in the order of their keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    pub q: u64,
    /// The last that was read of the number; `None`: all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Within>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Within {
    Exit(Key),
    Row(Key),
}

impl Place {
    pub(crate) const START: Self = Self::whole(0);

    pub(crate) const fn whole(q: u64) -> Self {
        Self { q, within: None }
    }

    fn rank(self) -> (u64, u8, (u8, Vec<u8>)) {
        match self.within {
            Some(Within::Exit(key)) => (self.q, 0, order(key)),
            Some(Within::Row(key)) => (self.q, 1, order(key)),
            None => (self.q, 2, (0, Vec::new())),
        }
    }

    /// From where exits go on.
    pub(crate) const fn exits(self) -> After {
        match self.within {
            Some(Within::Exit(key)) => After { q: self.q, key: Some(key) },
            Some(Within::Row(_)) | None => After { q: self.q, key: None },
        }
    }

    /// From where rows go on.
    pub(crate) const fn rows(self) -> After {
        match self.within {
            Some(Within::Exit(_)) => After { q: self.q.saturating_sub(1), key: None },
            Some(Within::Row(key)) => After { q: self.q, key: Some(key) },
            None => After { q: self.q, key: None },
        }
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cursor {
    pub epoch: Uuid,
    /// The head when this was given out, and the chain there.
    pub seq: u64,
    pub chain: Digest,
    /// Where all scopes stand that have no place of their own.
    pub base: Place,
    /// The scopes of which the client has rows.
    pub scopes: BTreeSet<Scope>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<Scope, Place>,
    /// Of the scopes that are read from the start and not yet to the end: the head when that began. What the client has of them is
    /// at least as new as that, so it needs no exit from before.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub began: BTreeMap<Scope, u64>,
}

impl Cursor {
    pub(crate) fn encode(&self) -> String {
        // numbers, ids and texts always have a JSON form
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    pub(crate) fn decode(text: &str) -> Result<Self, Fault> {
        if text.len() > CURSOR_MAX {
            return Err(Fault::TooLarge { limit: CURSOR_MAX as u64 });
        }
        let malformed = || Fault::Malformed { n: None, place: "cursor".to_owned() };
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed())?;
        serde_json::from_slice(&bytes).map_err(|_| malformed())
    }

    /// Of a scope that the client has not: the start.
    pub(crate) fn place(&self, scope: Scope) -> Place {
        #[cfg(feature = "planted")]
        if domain::planted::is(domain::planted::Planted::GrantNotFromStart) {
            return self.extra.get(&scope).copied().unwrap_or(self.base);
        }
        match self.extra.get(&scope) {
            // what it has no rows of it begins anew, whatever it says
            _ if !self.scopes.contains(&scope) => Place::START,
            Some(place) => *place,
            None => self.base,
        }
    }

    /// A swept exit may be one that the client still needs.
    pub(crate) fn is_behind(&self, scope: Scope, floor: u64) -> bool {
        let place = self.place(scope);
        place != Place::START && place.q.max(self.began.get(&scope).copied().unwrap_or(0)) < floor
    }
}

#[cfg(test)]
mod tests {
    use domain::id::PostId;

    use super::*;

    #[test]
    fn within_a_number_exits_come_before_rows_and_all_of_it_last() {
        let [low, high] = [1, 2].map(|id| Key::Post(PostId::new(Uuid::from_u128(id))));
        let within = |within| Place { q: 7, within: Some(within) };
        let places = [
            Place::whole(6),
            within(Within::Exit(low)),
            within(Within::Exit(high)),
            within(Within::Row(low)),
            within(Within::Row(high)),
            Place::whole(7),
            Place::whole(8),
        ];
        assert!(places.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let long = "A".repeat(CURSOR_MAX + 1);
        for text in ["", "!", "AAAA", "e30", &long] {
            assert!(Cursor::decode(text).is_err(), "{text:.9}");
        }
    }
}
