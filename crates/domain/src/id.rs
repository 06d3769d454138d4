//! Typed ids. An id is chosen by whoever makes the record and travels in the mutation, never made inside a rule.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A text was not an id: expected is the usual 36-character UUID form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid id")]
pub struct BadId;

/// Makes types of ids, each with its attributes before it. Their module imports what stands in them: `fmt`, `FromStr`, `Uuid`,
/// [`BadId`] and serde's derives.
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID made by the caller's id source.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Uuid::try_parse(text).map(Self).map_err(|_| BadId)
            }
        }
    )+};
}

ids! {
    /// A person who uses the program.
    PersonId,
    /// A voice that speaks through accounts.
    PersonaId,
    /// One account on one network.
    AccountId,
    /// A post, written once for many accounts.
    PostId,
    /// One post on its way to one account.
    JobId,
    /// A post that comes again.
    SeriesId,
    /// Times of the week that wait for posts.
    QueueId,
    /// What somebody says about a post.
    CommentId,
    /// A text that is used in many posts.
    SnippetId,
    /// Something that may become a post.
    IdeaId,
    /// Where ideas stand.
    BoardId,
    /// A column of a board.
    ColumnId,
    /// What stands in the calendar beside the posts.
    EntryId,
    /// People who plan together.
    OrganisationId,
    /// Who has to agree before something goes out.
    ChainId,
    /// One step of such a chain; it keeps its id when the chain is edited.
    StepId,
}

impl PostId {
    /// The id of the post that stands at a place of a series.
    ///
    /// Derived, so that making the same post twice, on two devices or after a crash, makes it once.
    pub fn of(series: SeriesId, place: DateTime) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"sendoff/occurrence/1");
        hash.update(series.0.as_bytes());
        hash.update(place.to_string());
        Self(derived(hash))
    }

    /// The id that a post of somebody's own profile has in an organisation.
    ///
    /// Derived, so that bringing it twice, or once more after a crash, brings it once. `round` grows when it was deleted there.
    pub fn brought(organisation: OrganisationId, post: Self, round: u32) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"sendoff/brought/1");
        hash.update(organisation.0.as_bytes());
        hash.update(post.0.as_bytes());
        hash.update(round.to_be_bytes());
        Self(derived(hash))
    }
}

impl JobId {
    /// The id of the job that brings `post` to `account`.
    ///
    /// Derived, so that scheduling twice, on two devices or after a crash, names the same job: a second job for the same
    /// delivery cannot be written.
    pub fn of(post: PostId, account: AccountId) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"sendoff/job/1");
        hash.update(post.0.as_bytes());
        hash.update(account.0.as_bytes());
        Self(derived(hash))
    }
}

/// The head of a SHA-256, marked as UUID version 8 (RFC 9562 section 5.8).
fn derived(hash: Sha256) -> Uuid {
    let digest: [u8; 32] = hash.finalize().into();
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = digest;
    uuid::Builder::from_custom_bytes([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]).into_uuid()
}

/// The SHA-256 of a stored image: what it is called is what it contains, so an approved picture cannot be swapped.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediaId([u8; 32]);

impl MediaId {
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Of bytes that were hashed piece by piece, with SHA-256.
    pub const fn from_digest(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for MediaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for MediaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MediaId({self})")
    }
}

impl FromStr for MediaId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        parse_hex(text).map(Self).ok_or(BadId)
    }
}

impl Serialize for MediaId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MediaId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// 64 lower-case hexadecimal digits as 32 bytes.
pub(crate) fn parse_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut out = [0u8; 32];
    for (slot, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *slot = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(out)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_id_names_one_delivery() {
        let post = PostId::new(Uuid::from_u128(1));
        let account = AccountId::new(Uuid::from_u128(2));
        let other = AccountId::new(Uuid::from_u128(3));
        assert_eq!(JobId::of(post, account), JobId::of(post, account));
        assert_ne!(JobId::of(post, account), JobId::of(post, other));
        assert_eq!(JobId::of(post, account).uuid().get_version_num(), 8);
    }

    #[test]
    fn a_media_id_survives_its_text() {
        let id = MediaId::of(b"loaves");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("zz".parse::<MediaId>(), Err(BadId));
        assert_eq!("é".repeat(32).parse::<MediaId>(), Err(BadId));
    }
}
