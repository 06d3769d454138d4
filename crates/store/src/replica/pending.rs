use domain::Mutation;
use domain::id::PostId;
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

use super::{signed, statement, unsigned};
use crate::error::StoreError;
use crate::store::Store;
use crate::table::{from_json, parsed, to_json};
use crate::time::{instant, micros};

const TABLE: &str = "pending";
const COLUMNS: &str = "n, mid, name, post, body, made_at, sent, doubtful";

/// A change that its server has not taken yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Counts without gaps in this database.
    pub n: u64,
    /// Stays the same whatever becomes of the number.
    pub mid: Uuid,
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
        let (mid, post): (String, Option<String>) = (row.try_get_by_index(1)?, row.try_get_by_index(3)?);
        Ok(Self {
            n: unsigned(row.try_get_by_index(0)?),
            mid: parsed(TABLE, &mid, &mid)?,
            name: row.try_get_by_index(2)?,
            post: post.map(|post| parsed(TABLE, &mid, &post)).transpose()?,
            body: row.try_get_by_index(4)?,
            made_at: instant(row.try_get_by_index(5)?),
            sent: row.try_get_by_index(6)?,
            doubtful: row.try_get_by_index(7)?,
        })
    }

    /// # Errors
    /// It was written by a version that this one does not understand.
    pub fn mutation(&self) -> Result<Mutation, StoreError> {
        from_json(TABLE, &self.mid.to_string(), &self.body)
    }
}

/// A change that is about to wait for its server.
#[derive(Debug, Clone)]
pub struct PendingEntry {
    pub mid: Uuid,
    pub mutation: Mutation,
    pub post: Option<PostId>,
    pub made_at: Timestamp,
}

/// What its server refused. The words in it are kept until a person has decided what becomes of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attention {
    pub mid: Uuid,
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
    if let Some(last) = newest.as_ref().filter(|last| !last.sent && last.name == entry.mutation.name())
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
    let sql = "INSERT INTO pending (n, mid, name, post, body, made_at, sent, doubtful) VALUES \
               (1 + max((SELECT last_n FROM replica), (SELECT coalesce(max(n), 0) FROM pending)), ?, ?, ?, ?, ?, 0, 0)";
    let values = [
        id.into(),
        entry.mutation.name().into(),
        entry.post.map(|post| post.to_string()).into(),
        body.into(),
        micros(entry.made_at).into(),
    ];
    db.execute_raw(statement(sql, values)).await?;
    Ok(())
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
        let sql = format!("SELECT {COLUMNS} FROM pending ORDER BY n LIMIT ?");
        self.readers.query_all_raw(statement(&sql, [limit.into()])).await?.iter().map(Pending::read).collect()
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

    /// Answers what is to be sent next, at most `limit` changes of together `bytes` (one may be longer), and freezes it: from now
    /// on nothing is written into these.
    ///
    /// # Errors
    /// Nothing was frozen.
    pub async fn send_pending(&self, limit: u32, bytes: usize) -> Result<Vec<Pending>, StoreError> {
        let mut room = bytes;
        let mut next = Vec::new();
        for pending in self.pending(limit).await? {
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
        let mut frozen = self.pending(limit).await?;
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
        let sql = "SELECT mid, name, post, reject, body, made_at, refused_at FROM attention ORDER BY refused_at, mid";
        let rows = self.readers.query_all_raw(statement(sql, [])).await?;
        let read = |row: &QueryResult| {
            let (mid, post): (String, Option<String>) = (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
            Ok(Attention {
                mid: parsed("attention", &mid, &mid)?,
                name: row.try_get_by_index(1)?,
                post: post.map(|post| parsed("attention", &mid, &post)).transpose()?,
                reject: row.try_get_by_index(3)?,
                body: row.try_get_by_index(4)?,
                made_at: instant(row.try_get_by_index(5)?),
                refused_at: instant(row.try_get_by_index(6)?),
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
