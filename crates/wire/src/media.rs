//! `…/v1/orgs/{org}/media`: files of an organisation, named by the SHA-256 of their bytes.
//!
//! `POST media` says what comes ([`Offer`]) and is told whether it is there or which parts of it are ([`Standing`]). Each part goes with
//! `PUT media/{sha256}/parts/{number}` and its own hash in `Content-Digest` (RFC 9530); `POST media/{sha256}/complete` puts them together.
//! After a break the first request is sent again and the missing parts follow. `GET media/{sha256}` reads, in ranges too.

use serde::{Deserialize, Serialize};

use crate::hash::Digest;

/// Bytes of each part but the last.
pub const PART_BYTES: u64 = 8 * 1024 * 1024;

/// Days for which the parts of an upload are kept that nobody completes.
pub const UNFINISHED_DAYS: i64 = 7;

/// A file that somebody has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// SHA-256 of all its bytes.
    pub sha256: Digest,
    pub size: u64,
    /// One of [`domain::media::MediaType::mime`].
    pub mime: String,
}

/// Where a file stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Standing {
    /// It is there, whole and looked at.
    Exists,
    /// These parts of it are there, each `part_size` bytes but the last; numbers begin at 0.
    Upload { part_size: u64, parts: Vec<u32> },
}

/// How many parts a file of this size has.
pub const fn parts_of(size: u64) -> u64 {
    size.div_ceil(PART_BYTES)
}

/// The bytes of a part; `None`: the file has no such part.
pub const fn part_size(size: u64, number: u32) -> Option<u64> {
    let before = PART_BYTES * number as u64;
    match size.checked_sub(before) {
        None | Some(0) => None,
        Some(rest) if rest < PART_BYTES => Some(rest),
        Some(_) => Some(PART_BYTES),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_a_file_and_nothing_more() {
        for size in [1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 5 * PART_BYTES, 5 * PART_BYTES + 7] {
            let parts: Vec<u64> = (0..).map_while(|number| part_size(size, number)).collect();
            assert_eq!(parts.len() as u64, parts_of(size));
            assert_eq!(parts.iter().sum::<u64>(), size);
            assert!(part_size(size, u32::MAX).is_none());
        }
        assert_eq!(part_size(0, 0), None);
    }
}
