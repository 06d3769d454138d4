use domain::Mutation;
use domain::id::PostId;
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, QueryResult, Value};
use uuid::Uuid;

use super::{signed, statement, unsigned};
use crate::error::StoreError;
use crate::store::Store;
use crate::table::{from_json, parsed, to_json};
use crate::time::{instant, micros};

const TABLE: &str = "pending";
const COLUMNS: &str = "n, mid, v, name, post, body, made_at, sent, doubtful";

/// A change that its server has not taken yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Counts without gaps in this database.
    pub n: u64,
    /// Stays the same whatever becomes of the number.
    pub mid: Uuid,
    /// The version of mutations that it was written as, which goes with its bytes wherever they go.
    pub v: u16,
    pub name: String,
    pub post: Option<PostId>,
    /// The mutation as JSON: the exact bytes that are sent.
    pub body: String,
    pub made_at: Timestamp,
    /// It may have left: its bytes are what they are.
    pub sent: bool,
    /// What came from the server since leads the rules to refuse it. The server decides.
    pub doubtful: bool,
}

impl Pending {
    fn read(row: &QueryResult) -> Result<Self, StoreError> {
        let (mid, post): (String, Option<String>) = (row.try_get_by_index(1)?, row.try_get_by_index(4)?);
        Ok(Self {
            n: unsigned(row.try_get_by_index(0)?),
            mid: parsed(TABLE, &mid, &mid)?,
            v: version(&mid, row.try_get_by_index(2)?)?,
            name: row.try_get_by_index(3)?,
            post: post.map(|post| parsed(TABLE, &mid, &post)).transpose()?,
            body: row.try_get_by_index(5)?,
            made_at: instant(row.try_get_by_index(6)?),
            sent: row.try_get_by_index(7)?,
            doubtful: row.try_get_by_index(8)?,
        })
    }

    /// # Errors
    /// It was written by a version that this one does not understand.
    pub fn mutation(&self) -> Result<Mutation, StoreError> {
        from_json(TABLE, &self.mid.to_string(), &self.body)
    }
}

fn version(id: &str, v: i64) -> Result<u16, StoreError> {
    u16::try_from(v).map_err(|_| StoreError::Unreadable { table: TABLE, id: id.to_owned() })
}

/// A change that is about to wait for its server.
#[derive(Debug, Clone)]
pub struct PendingEntry {
    pub mid: Uuid,
    /// The version of mutations of this program.
    pub v: u16,
    pub mutation: Mutation,
    pub post: Option<PostId>,
    pub made_at: Timestamp,
}

/// What its server refused. The words in it are kept until a person has decided what becomes of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attention {
    pub mid: Uuid,
    pub v: u16,
    pub name: String,
    pub post: Option<PostId>,
    /// The refusal as JSON.
    pub reject: String,
    /// The mutation as JSON.
    pub body: String,
    pub made_at: Timestamp,
    pub refused_at: Timestamp,
}

/// Writes a change behind all others, or into the last one if that goes on with it and has not been sent.
pub(crate) async fn enqueue(db: &impl ConnectionTrait, entry: &PendingEntry) -> Result<(), StoreError> {
    let newest = format!("SELECT {COLUMNS} FROM pending ORDER BY n DESC LIMIT 1");
    let newest = db.query_one_raw(statement(&newest, [])).await?.as_ref().map(Pending::read).transpose()?;
    let id = entry.mid.to_string();
    #[cfg(feature = "planted")]
    let newest = newest.map(|last| Pending {
        sent: last.sent && !domain::planted::is(domain::planted::Planted::SentIsWrittenInto),
        ..last
    });
    let alike = |last: &&Pending| !last.sent && last.name == entry.mutation.name() && last.v == entry.v;
    if let Some(last) = newest.as_ref().filter(alike)
        && let Some(joined) = last.mutation()?.joined(&entry.mutation)
    {
        let body = to_json(TABLE, &id, &joined)?;
        // other bytes are another change: a copy of this database may have sent the old ones
        let sql = "UPDATE pending SET mid = ?, body = ?, made_at = ? WHERE n = ?";
        let values = [id.into(), body.into(), micros(entry.made_at).into(), signed(last.n).into()];
        db.execute_raw(statement(sql, values)).await?;
        return Ok(());
    }
    let body = to_json(TABLE, &id, &entry.mutation)?;
    let sql = "INSERT INTO pending (n, mid, v, name, post, body, made_at, sent, doubtful) VALUES \
               (1 + max((SELECT last_n FROM replica), (SELECT coalesce(max(n), 0) FROM pending)), ?, ?, ?, ?, ?, ?, 0, 0)";
    let values = [
        id.into(),
        i64::from(entry.v).into(),
        entry.mutation.name().into(),
        entry.post.map(|post| post.to_string()).into(),
        body.into(),
        micros(entry.made_at).into(),
    ];
    db.execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// Puts a change that was refused where a person finds it. What the program had done by itself concerns nobody, and is dropped.
/// Whether there is one more for a person.
pub(super) async fn refuse(
    db: &impl ConnectionTrait,
    pending: &Pending,
    reject: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    // what this version cannot read is shown
    let by_program = pending.mutation().is_ok_and(|mutation| mutation.is_by_program());
    #[cfg(feature = "planted")]
    let by_program = by_program || domain::planted::is(domain::planted::Planted::RefusedIsDropped);
    let id = pending.mid.to_string();
    if by_program {
        tracing::warn!(step = pending.name, refusal = reject, "the server refused what the program did by itself");
    } else {
        let sql = "INSERT OR IGNORE INTO attention (mid, v, name, post, reject, body, made_at, refused_at) \
                   SELECT mid, v, name, post, ?, body, made_at, ? FROM pending WHERE mid = ?";
        let values = [reject.into(), micros(now).into(), id.clone().into()];
        db.execute_raw(statement(sql, values)).await?;
    }
    db.execute_raw(statement("DELETE FROM pending WHERE mid = ?", [id.into()])).await?;
    Ok(!by_program)
}

pub(super) async fn one(db: &impl ConnectionTrait, which: &str, value: Value) -> Result<Option<Pending>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM pending WHERE {which} = ?");
    db.query_one_raw(statement(&sql, [value])).await?.as_ref().map(Pending::read).transpose()
}

pub(super) async fn all(db: &impl ConnectionTrait) -> Result<Vec<Pending>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM pending ORDER BY n");
    db.query_all_raw(statement(&sql, [])).await?.iter().map(Pending::read).collect()
}

impl Store {
    /// What waits, oldest first, at most `limit`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn pending(&self, limit: u32) -> Result<Vec<Pending>, StoreError> {
        self.pending_after(0, limit).await
    }

    async fn pending_after(&self, after: u64, limit: u32) -> Result<Vec<Pending>, StoreError> {
        let sql = statement(
            &format!("SELECT {COLUMNS} FROM pending WHERE n > ? ORDER BY n LIMIT ?"),
            [signed(after).into(), limit.into()],
        );
        self.readers.query_all_raw(sql).await?.iter().map(Pending::read).collect()
    }

    /// How many changes wait.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn pending_count(&self) -> Result<u64, StoreError> {
        let row = self.readers.query_one_raw(statement("SELECT count(*) FROM pending", [])).await?;
        Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0)).map(unsigned)?)
    }

    /// Whether the server has taken the change with this id, as far as is known here.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn was_taken(&self, mid: Uuid) -> Result<bool, StoreError> {
        let sql = "SELECT count(*) FROM acked WHERE mid = ?";
        let row = self.readers.query_one_raw(statement(sql, [mid.to_string().into()])).await?;
        Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0)).map(unsigned)? > 0)
    }

    /// Answers what is to be sent after the change of this number, at most `limit` changes of together `bytes` (one may be longer), and
    /// freezes it: from now on nothing is written into these.
    ///
    /// # Errors
    /// Nothing was frozen.
    pub async fn send_pending(&self, after: u64, limit: u32, bytes: usize) -> Result<Vec<Pending>, StoreError> {
        let mut room = bytes;
        let mut next = Vec::new();
        for pending in self.pending_after(after, limit).await? {
            if !next.is_empty() && pending.body.len() > room {
                break;
            }
            room = room.saturating_sub(pending.body.len());
            next.push(pending);
        }
        let Some(last) = next.last() else { return Ok(next) };
        self.execute(statement("UPDATE pending SET sent = 1 WHERE n <= ? AND sent = 0", [signed(last.n).into()]))
            .await?;
        // what was written into the last one meanwhile is in what is read now, and may have made it too long to go along
        let mut frozen = self.pending_after(after, limit).await?;
        frozen.truncate(next.len());
        let sum: usize = frozen.iter().map(|one| one.body.len()).sum();
        if frozen.len() > 1 && sum > bytes {
            frozen.pop();
        }
        Ok(frozen)
    }

    /// What the server refused and nobody has settled, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn attention(&self) -> Result<Vec<Attention>, StoreError> {
        let sql =
            "SELECT mid, v, name, post, reject, body, made_at, refused_at FROM attention ORDER BY refused_at, mid";
        let rows = self.readers.query_all_raw(statement(sql, [])).await?;
        let read = |row: &QueryResult| {
            let (mid, post): (String, Option<String>) = (row.try_get_by_index(0)?, row.try_get_by_index(3)?);
            Ok(Attention {
                mid: parsed("attention", &mid, &mid)?,
                v: version(&mid, row.try_get_by_index(1)?)?,
                name: row.try_get_by_index(2)?,
                post: post.map(|post| parsed("attention", &mid, &post)).transpose()?,
                reject: row.try_get_by_index(4)?,
                body: row.try_get_by_index(5)?,
                made_at: instant(row.try_get_by_index(6)?),
                refused_at: instant(row.try_get_by_index(7)?),
            })
        };
        rows.iter().map(read).collect()
    }

    /// A person has decided what becomes of a refused change. Whether there was one.
    ///
    /// # Errors
    /// Nothing was deleted.
    pub async fn settle_attention(&self, mid: Uuid) -> Result<bool, StoreError> {
        Ok(self.execute(statement("DELETE FROM attention WHERE mid = ?", [mid.to_string().into()])).await? > 0)
    }

    /// Forgets what the server took before `before`, up to its number `durable`, which it can no longer lose.
    ///
    /// # Errors
    /// Nothing was deleted.
    pub async fn forget_acked(&self, durable: u64, before: Timestamp) -> Result<u64, StoreError> {
        let values = [signed(durable).into(), micros(before).into()];
        self.execute(statement("DELETE FROM acked WHERE seq <= ? AND acked_at < ?", values)).await
    }
}
