//! What both ends hash alike. BLAKE3; every part goes in with its length, so that no two lists of parts are the same bytes.

use std::fmt;
use std::str::FromStr;

use domain::Key;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text was no hash: expected is lower-case hexadecimal of the right length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid hash")]
pub struct BadHash;

macro_rules! digests {
    ($($(#[$doc:meta])* $name:ident($bytes:literal);)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub [u8; $bytes]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = BadHash;

            fn from_str(text: &str) -> Result<Self, BadHash> {
                let mut out = [0; $bytes];
                if text.len() != 2 * out.len() {
                    return Err(BadHash);
                }
                for (slot, pair) in out.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
                    let [high, low] = pair else { return Err(BadHash) };
                    *slot = digit(*high)? << 4 | digit(*low)?;
                }
                Ok(Self(out))
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = BadHash;

            fn try_from(bytes: &[u8]) -> Result<Self, BadHash> {
                bytes.try_into().map(Self).map_err(|_| BadHash)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

digests! {
    /// 256 bits: a link of the chain, a row, a result.
    Digest(32);
    /// 128 bits: a mutation, and a part of a checksum.
    Digest16(16);
}

const fn digit(digit: u8) -> Result<u8, BadHash> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(BadHash),
    }
}

/// A hash over parts, each with its length before it.
#[derive(Debug)]
struct Parts(blake3::Hasher);

impl Parts {
    fn new(what: &str) -> Self {
        Self(blake3::Hasher::new()).with(what.as_bytes())
    }

    fn with(mut self, part: &[u8]) -> Self {
        self.0.update(&(part.len() as u64).to_le_bytes());
        self.0.update(part);
        self
    }

    fn digest(self) -> Digest {
        Digest(*self.0.finalize().as_bytes())
    }

    fn short(self) -> Digest16 {
        let mut out = [0; 16];
        self.0.finalize_xof().fill(&mut out);
        Digest16(out)
    }
}

/// What a mutation is known by in a retry: its id, its version and the exact bytes of its body. Its number is not in it, so that a
/// client with a new identity can send the same bytes under another number.
pub fn mutation_hash(mid: Uuid, v: u16, body: &str) -> Digest16 {
    Parts::new("sendoff/mutation/1").with(mid.as_bytes()).with(&v.to_le_bytes()).with(body.as_bytes()).short()
}

/// A row: the exact bytes of its record.
pub fn row_hash(data: &str) -> Digest {
    Parts::new("sendoff/row/1").with(data.as_bytes()).digest()
}

/// What one row adds to the checksum of its scope.
pub fn row_sum(key: Key, q: u64, row: &Digest) -> u128 {
    let id = key_bytes(key);
    let sum = Parts::new("sendoff/sum/1").with(&[kind_of(key)]).with(&id).with(&q.to_le_bytes()).with(&row.0).short();
    u128::from_le_bytes(sum.0)
}

/// What an applied mutation wrote, in the order of the keys: of each row the key, the scope and the hash.
pub fn result_hash<'a>(rows: impl Iterator<Item = (Key, &'a str, &'a Digest)>) -> Digest {
    let parts = rows.fold(Parts::new("sendoff/result/1"), |parts, (key, scope, row)| {
        parts.with(&[kind_of(key)]).with(&key_bytes(key)).with(scope.as_bytes()).with(&row.0)
    });
    parts.digest()
}

/// One link of the chain of an organisation.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    pub before: &'a Digest,
    pub seq: u64,
    pub client: Uuid,
    pub n: u64,
    pub actor: Uuid,
    /// Microseconds since 1970: what the rules took for now.
    pub at: i64,
    pub h: &'a Digest16,
    pub result: &'a Digest,
}

impl Link<'_> {
    pub fn digest(&self) -> Digest {
        Parts::new("sendoff/chain/1")
            .with(&self.before.0)
            .with(&self.seq.to_le_bytes())
            .with(self.client.as_bytes())
            .with(&self.n.to_le_bytes())
            .with(self.actor.as_bytes())
            .with(&self.at.to_le_bytes())
            .with(&self.h.0)
            .with(&self.result.0)
            .digest()
    }
}

/// The number of a kind of record in stores and hashes. Never used again for another kind.
pub const fn kind_of(key: Key) -> u8 {
    match key {
        Key::Person(_) => 1,
        Key::Persona(_) => 2,
        Key::Account(_) => 3,
        Key::Post(_) => 4,
        Key::Job(_) => 5,
        Key::Media(_) => 6,
        Key::Series(_) => 7,
        Key::Queue(_) => 8,
        Key::Snippet(_) => 9,
        Key::Comment(_) => 10,
        Key::Idea(_) => 11,
        Key::Board(_) => 12,
        Key::Entry(_) => 13,
        Key::Organisation(_) => 14,
        Key::Member(_) => 15,
    }
}

/// The id of a record in stores and hashes: 16 bytes, of a file 32.
pub fn key_bytes(key: Key) -> Vec<u8> {
    let uuid = match key {
        Key::Media(id) => return id.bytes().to_vec(),
        Key::Person(id) | Key::Member(id) => id.uuid(),
        Key::Persona(id) => id.uuid(),
        Key::Account(id) => id.uuid(),
        Key::Post(id) => id.uuid(),
        Key::Job(id) => id.uuid(),
        Key::Series(id) => id.uuid(),
        Key::Queue(id) => id.uuid(),
        Key::Snippet(id) => id.uuid(),
        Key::Comment(id) => id.uuid(),
        Key::Idea(id) => id.uuid(),
        Key::Board(id) => id.uuid(),
        Key::Entry(id) => id.uuid(),
        Key::Organisation(id) => id.uuid(),
    };
    uuid.as_bytes().to_vec()
}

/// The key back from a store; `None` if no build of this program wrote it.
pub fn key_from(kind: u8, id: &[u8]) -> Option<Key> {
    use domain::id::{
        AccountId, BoardId, CommentId, EntryId, IdeaId, JobId, MediaId, OrganisationId, PersonId, PersonaId, PostId,
        QueueId, SeriesId, SnippetId,
    };
    if kind == 6 {
        return id.try_into().ok().map(|digest| Key::Media(MediaId::from_digest(digest)));
    }
    let uuid = Uuid::from_slice(id).ok()?;
    Some(match kind {
        1 => Key::Person(PersonId::new(uuid)),
        2 => Key::Persona(PersonaId::new(uuid)),
        3 => Key::Account(AccountId::new(uuid)),
        4 => Key::Post(PostId::new(uuid)),
        5 => Key::Job(JobId::new(uuid)),
        7 => Key::Series(SeriesId::new(uuid)),
        8 => Key::Queue(QueueId::new(uuid)),
        9 => Key::Snippet(SnippetId::new(uuid)),
        10 => Key::Comment(CommentId::new(uuid)),
        11 => Key::Idea(IdeaId::new(uuid)),
        12 => Key::Board(BoardId::new(uuid)),
        13 => Key::Entry(EntryId::new(uuid)),
        14 => Key::Organisation(OrganisationId::new(uuid)),
        15 => Key::Member(PersonId::new(uuid)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_the_store() {
        for kind in 0..=u8::MAX {
            let id = if kind == 6 { vec![7; 32] } else { vec![7; 16] };
            if let Some(key) = key_from(kind, &id) {
                assert_eq!((kind_of(key), key_bytes(key)), (kind, id));
            }
            assert_eq!(key_from(kind, &[7; 15]), None);
        }
        let known = |kind: &u8| key_from(*kind, &vec![7; if *kind == 6 { 32 } else { 16 }]).is_some();
        assert_eq!((0..=u8::MAX).filter(known).count(), 15);
    }

    #[test]
    fn the_bytes_of_a_mutation_and_nothing_else_make_its_hash() {
        let mid = Uuid::from_u128(7);
        let hash = mutation_hash(mid, 1, "{}");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        // made with another implementation of BLAKE3, from the description above
        assert_eq!(hash.to_string(), "3c4c92bc64296a4585a61498bb1591ea");
    }
}
