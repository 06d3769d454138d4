use serde::{Deserialize, Serialize};

/// What the idempotency keys of new jobs are made from: a start value in microseconds since 1970 and ten random bits
/// that tell devices apart. Part `n` of target `m` takes the next value, so every key is used once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartKeys {
    /// Microseconds since 1970-01-01 UTC.
    pub micros: u64,
    pub clock_id: u16,
}

impl PartKeys {
    /// The keys behind the first `n`.
    #[must_use]
    pub fn skip(self, n: u64) -> Self {
        Self { micros: self.micros.saturating_add(n), ..self }
    }

    /// The `n`-th key: a TID, which Bluesky demands of a record key and every other network takes.
    pub fn key(self, n: u64) -> String {
        crate::text::tid::tid(self.micros.saturating_add(n), self.clock_id)
    }
}
