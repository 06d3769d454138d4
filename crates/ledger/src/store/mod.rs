//! Where ledgers lie: SQLite, PostgreSQL, or memory. One trait, and one set of tests for all.

mod memory;
mod postgres;
mod sqlite;

use async_trait::async_trait;
use domain::id::{OrganisationId, PersonId, PostId};
use domain::{Home, Key, Record, Scope};
use jiff::Timestamp;
use uuid::Uuid;
use wire::hash::{Digest, Digest16, row_hash};
use wire::push::Answer;

pub use memory::{Backup, Faults, MemoryStore};
pub use postgres::PgStore;
pub use sqlite::SqliteStore;

use crate::error::StoreError;

pub type Stored<T> = Result<T, StoreError>;

/// Where the history of an organisation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The last number; 0 before the first.
    pub seq: u64,
    /// Which history. Another one after a restore.
    pub epoch: Uuid,
    /// The chain at `seq`.
    pub chain: Digest,
    /// Exit rows up to here may be swept.
    pub floor: u64,
    /// The store's clock when the transaction began.
    pub now: Timestamp,
}

/// A record as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRow {
    pub key: Key,
    pub scope: Scope,
    /// The mutation that wrote it last.
    pub q: u64,
    pub hash: Digest,
    /// The post that it goes with, if its scope is that of a post.
    pub post: Option<PostId>,
    /// [`Record`] as JSON.
    pub data: String,
}

impl StoredRow {
    /// # Errors
    /// The record has no JSON form; none of today's does that.
    pub fn new(record: &Record, scope: Scope, q: u64) -> Stored<Self> {
        let data = serde_json::to_string(record).map_err(|_| StoreError::Damaged)?;
        let post = match record.home() {
            Home::Post(post) => Some(post),
            Home::Scope(_) => None,
        };
        Ok(Self { key: record.key(), scope, q, hash: row_hash(&data), post, data })
    }

    /// # Errors
    /// It holds what no build of this program wrote.
    pub fn record(&self) -> Stored<Record> {
        serde_json::from_str(&self.data).map_err(|_| StoreError::Damaged)
    }
}

/// One incarnation of a client's database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientRow {
    pub client: Uuid,
    /// To whom it belongs, from its first push on.
    pub person: PersonId,
    pub last_n: u64,
}

/// What became of a number of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub n: u64,
    pub h: Digest16,
    pub answer: Answer,
}

/// A line of the log: an applied mutation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    pub seq: u64,
    pub client: Uuid,
    pub n: u64,
    pub mid: Uuid,
    pub h: Digest16,
    pub v: u16,
    /// [`domain::Mutation::name`].
    pub kind: String,
    pub actor: PersonId,
    /// The clock of the device.
    pub claimed_at: Timestamp,
    /// The store's clock: what the rules took for now.
    pub at: Timestamp,
    /// The exact bytes that came.
    pub body: String,
    pub result: Digest,
    pub chain: Digest,
}

/// A number of a client that added nothing to the log: it was refused, or was applied under another number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub client: Uuid,
    pub n: u64,
    pub h: Digest16,
    pub answer: Answer,
}

impl Receipt {
    /// Numbers of a client behind its last one for which receipts are kept.
    pub const KEPT: u64 = 4_096;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExitRow {
    pub scope: Scope,
    pub key: Key,
    pub q: u64,
}

/// The rows of a scope, in one figure ([`wire::hash::row_sum`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScopeSum {
    pub sum: u128,
    pub rows: u64,
}

/// Everything that one transaction writes. Each key, scope and client stands in it once.
#[derive(Debug, Default)]
pub struct BatchWrite {
    pub seq: u64,
    pub chain: Digest,
    pub rows: Vec<StoredRow>,
    pub exits: Vec<ExitRow>,
    pub sums: Vec<(Scope, ScopeSum)>,
    pub log: Vec<LogRow>,
    pub clients: Vec<ClientRow>,
    pub receipts: Vec<Receipt>,
}

/// A place in the order of a feed: everything up to and with it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct After {
    pub q: u64,
    /// Within a number; `None`: all of it was read.
    pub key: Option<Key>,
}

/// How much is read at once. What does not fit is not read either, so a page takes a bounded amount of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    pub rows: usize,
    /// Of the texts of the rows: one that begins within this is read to its end, the next ones are left.
    pub bytes: usize,
}

impl Page {
    pub const ALL: Self = Self { rows: usize::MAX, bytes: usize::MAX };
}

/// What is kept of somebody who was removed before they could send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineRow {
    pub id: Uuid,
    pub client: Uuid,
    pub person: PersonId,
    pub received_at: Timestamp,
    /// [`wire::quarantine::Quarantine`] as JSON.
    pub body: String,
}

/// A store of ledgers.
#[async_trait]
pub trait OrgStore: Send + Sync + std::fmt::Debug {
    /// Makes an empty ledger; `false` if there is one.
    async fn create(&self, organisation: OrganisationId, epoch: Uuid) -> Stored<bool>;

    /// The only way to write: holds the organisation's lock until the transaction ends. Dropped without
    /// [`OrgTx::commit`] it leaves nothing.
    async fn write(&self, organisation: OrganisationId) -> Stored<Box<dyn OrgTx>>;

    /// Everything as it is at one moment.
    async fn read(&self, organisation: OrganisationId) -> Stored<Box<dyn OrgTx>>;

    /// The last number of each of these that is there.
    async fn heads(&self, organisations: &[OrganisationId]) -> Stored<Vec<(OrganisationId, u64)>>;
}

/// One transaction in the ledger of one organisation. It sees no row of another.
#[async_trait]
pub trait OrgTx: Send {
    fn head(&self) -> &Head;

    async fn rows(&mut self, keys: &[Key]) -> Stored<Vec<StoredRow>>;

    /// What goes with these posts.
    async fn with_posts(&mut self, posts: &[PostId]) -> Stored<Vec<StoredRow>>;

    async fn clients(&mut self, clients: &[Uuid]) -> Stored<Vec<ClientRow>>;

    /// What became of the numbers `from..=to` of a client, in their order, at most `limit`.
    async fn known(&mut self, client: Uuid, from: u64, to: u64, limit: usize) -> Stored<Vec<Known>>;

    /// Of those that were applied: the hash and the number.
    async fn applied(&mut self, mids: &[Uuid]) -> Stored<Vec<(Uuid, Digest16, u64)>>;

    /// The chain at a number that is not 0, if that number is in the log.
    async fn chain_at(&mut self, seq: u64) -> Stored<Option<Digest>>;

    /// Of every scope in which a row ever lay.
    async fn sums(&mut self) -> Stored<Vec<(Scope, ScopeSum)>>;

    /// A page of the rows of these scopes behind these places, in the order of `(q, kind, id)`.
    async fn rows_after(&mut self, places: &[(Scope, After)], page: Page) -> Stored<Vec<StoredRow>>;

    /// As [`OrgTx::rows_after`], of exits, at most `limit`.
    async fn exits_after(&mut self, places: &[(Scope, After)], limit: usize) -> Stored<Vec<ExitRow>>;

    /// A page of the rows of these scopes behind a key, in the order of `(kind, id)`.
    async fn rows_by_key(&mut self, scopes: &[Scope], after: Option<Key>, page: Page) -> Stored<Vec<StoredRow>>;

    /// At most `limit` lines of the log behind a number.
    async fn log(&mut self, after: u64, limit: usize) -> Stored<Vec<LogRow>>;

    async fn flush(&mut self, write: BatchWrite) -> Stored<()>;

    /// Deletes exits of mutations before an instant and raises the floor. Tells how many.
    async fn sweep(&mut self, before: Timestamp) -> Stored<u64>;

    /// Names another history: after a restore.
    async fn set_epoch(&mut self, epoch: Uuid) -> Stored<()>;

    /// Keeps an upload, and drops those received before `drop_before`. Of two with one id the first is kept. A person has a bounded
    /// number of them ([`wire::quarantine::UPLOADS_MAX`]), from however many databases.
    async fn quarantine(&mut self, row: QuarantineRow, drop_before: Timestamp) -> Stored<()>;

    /// A page, oldest first, behind the one with this id.
    async fn quarantined(&mut self, after: Option<Uuid>, page: Page) -> Stored<Vec<QuarantineRow>>;

    async fn commit(self: Box<Self>) -> Stored<()>;
}

/// The number of a key in an order: kind, then id.
pub(crate) fn order(key: Key) -> (u8, Vec<u8>) {
    (wire::hash::kind_of(key), wire::hash::key_bytes(key))
}

/// Keys and positions as the databases take them.
pub(crate) mod column {
    use domain::{Key, Scope};
    use jiff::Timestamp;
    use wire::hash::{Digest, Digest16, key_bytes, key_from, kind_of};

    use super::{After, Stored};
    use crate::error::StoreError;

    pub(crate) fn key(kind: i16, id: &[u8]) -> Stored<Key> {
        u8::try_from(kind).ok().and_then(|kind| key_from(kind, id)).ok_or(StoreError::Damaged)
    }

    pub(crate) fn scope(text: &str) -> Stored<Scope> {
        text.parse().map_err(|_| StoreError::Damaged)
    }

    pub(crate) fn digest(bytes: &[u8]) -> Stored<Digest> {
        bytes.try_into().map_err(|_| StoreError::Damaged)
    }

    pub(crate) fn short(bytes: &[u8]) -> Stored<Digest16> {
        bytes.try_into().map_err(|_| StoreError::Damaged)
    }

    pub(crate) fn number(number: i64) -> Stored<u64> {
        u64::try_from(number).map_err(|_| StoreError::Damaged)
    }

    /// Numbers start at 1 and grow by one each: none reaches the end of the range.
    pub(crate) fn signed(number: u64) -> i64 {
        i64::try_from(number).unwrap_or(i64::MAX)
    }

    pub(crate) fn instant(micros: i64) -> Stored<Timestamp> {
        Timestamp::from_microsecond(micros).map_err(|_| StoreError::Damaged)
    }

    /// Behind everything of its number when all of it was read: no kind has this number.
    pub(crate) fn after(place: After) -> (i64, i16, Vec<u8>) {
        let (kind, id) = place.key.map_or((i16::MAX, Vec::new()), |key| (i16::from(kind_of(key)), key_bytes(key)));
        (signed(place.q), kind, id)
    }
}

/// An answer as it is kept: the number of an applied mutation, or a receipt.
pub(crate) fn answer(seq: Option<i64>, receipt: Option<String>) -> Stored<Answer> {
    match (seq, receipt) {
        (Some(seq), _) => Ok(Answer::Applied { seq: column::number(seq)? }),
        (None, Some(json)) => serde_json::from_str(&json).map_err(|_| StoreError::Damaged),
        (None, None) => Err(StoreError::Damaged),
    }
}

pub(crate) fn answer_json(answer: &Answer) -> Stored<String> {
    serde_json::to_string(answer).map_err(|_| StoreError::Damaged)
}
