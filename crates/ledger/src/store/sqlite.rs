//! SQLite: one file for all organisations, whose write lock is the lock of each.
//!
//! Lists go in and out as one JSON value per statement: sqlx runs every statement on a thread of its own, and one trip there for a
//! batch is what makes the batch worth it. Bytes are hexadecimal on that way, and bytes in the tables.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use domain::id::{OrganisationId, PersonId, PostId};
use domain::{Key, Scope};
use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Row as _, Sqlite, Transaction};
use uuid::Uuid;
use wire::hash::{Digest, Digest16, key_bytes, kind_of};

use super::{
    After, BatchWrite, ClientRow, ExitRow, Head, Known, LogRow, OrgStore, OrgTx, Page, QuarantineRow, Receipt,
    ScopeSum, Stored, StoredRow, column,
};
use crate::error::StoreError;

/// How long a writer waits for the lock.
const BUSY: Duration = Duration::from_secs(2);

/// How long a transaction waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(5);

const READERS: u32 = 4;

#[derive(Debug, Clone)]
pub struct SqliteStore {
    /// One connection: SQLite has one writer anyway, and waiting here is fair.
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens a file, makes it if it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// It cannot be opened, or a newer build has written it.
    pub async fn open(file: &Path) -> Stored<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // an answer is given after the commit: it must survive a power cut
            .synchronous(SqliteSynchronous::Full)
            // 16 MB before it is written back: the pages of the indexes by id are touched again and again
            .pragma("wal_autocheckpoint", "4000")
            .pragma("cache_size", "-32768")
            .pragma("fullfsync", "1")
            .pragma("checkpoint_fullfsync", "1")
            .busy_timeout(BUSY);
        let pool = |size| SqlitePoolOptions::new().max_connections(size).acquire_timeout(ACQUIRE);
        let writer = pool(1).connect_with(options.clone()).await?;
        crate::migrations::sqlite(&writer).await?;
        let readers = pool(READERS).connect_with(options.pragma("query_only", "1")).await?;
        Ok(Self { writer, readers })
    }

    /// A ledger in a database that the caller has opened with `synchronous = FULL` and a write-ahead log, and whose tables
    /// [`crate::migrations::sqlite`] has made. `writer` should hold one connection.
    pub const fn over(writer: SqlitePool, readers: SqlitePool) -> Self {
        Self { writer, readers }
    }

    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    async fn begin(
        transaction: Transaction<'static, Sqlite>,
        id: OrganisationId,
        writes: bool,
    ) -> Stored<Box<dyn OrgTx>> {
        let mut transaction = transaction;
        let found = sqlx::query(
            "SELECT seq, epoch, chain, floor, CAST(unixepoch('subsec') * 1000000 AS INTEGER) FROM ledger_org WHERE org_id = ?1",
        )
        .bind(id.uuid())
        .fetch_optional(&mut *transaction)
        .await?;
        let row = found.ok_or(StoreError::Unknown)?;
        let head = Head {
            seq: column::number(row.try_get(0)?)?,
            epoch: row.try_get(1)?,
            chain: column::digest(row.try_get(2)?)?,
            floor: column::number(row.try_get(3)?)?,
            now: column::instant(row.try_get(4)?)?,
        };
        Ok(Box::new(SqliteTx { org: id.uuid(), head, transaction, writes }))
    }
}

#[async_trait]
impl OrgStore for SqliteStore {
    async fn create(&self, organisation: OrganisationId, epoch: Uuid) -> Stored<bool> {
        let done = sqlx::query(
            "INSERT INTO ledger_org (org_id, seq, epoch, chain, floor) VALUES (?1, 0, ?2, zeroblob(32), 0) \
             ON CONFLICT (org_id) DO NOTHING",
        )
        .bind(organisation.uuid())
        .bind(epoch)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn write(&self, organisation: OrganisationId) -> Stored<Box<dyn OrgTx>> {
        Self::begin(self.writer.begin_with("BEGIN IMMEDIATE").await?, organisation, true).await
    }

    async fn read(&self, organisation: OrganisationId) -> Stored<Box<dyn OrgTx>> {
        Self::begin(self.readers.begin().await?, organisation, false).await
    }

    async fn heads(&self, organisations: &[OrganisationId]) -> Stored<Vec<(OrganisationId, u64)>> {
        let ids: Vec<String> = organisations.iter().map(|id| hex(id.uuid().as_bytes())).collect();
        let rows = sqlx::query(
            "SELECT o.org_id, o.seq FROM json_each(?1) j CROSS JOIN ledger_org o ON o.org_id = unhex(j.value)",
        )
        .bind(json!(ids).to_string())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| Ok((OrganisationId::new(row.try_get(0)?), column::number(row.try_get(1)?)?))).collect()
    }
}

struct SqliteTx {
    org: Uuid,
    head: Head,
    transaction: Transaction<'static, Sqlite>,
    writes: bool,
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len().saturating_mul(2)), |mut text, byte| {
        // writing to a string cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn keys_json(keys: &[Key]) -> String {
    let keys: Vec<Value> = keys.iter().map(|key| json!([kind_of(*key), hex(&key_bytes(*key))])).collect();
    Value::from(keys).to_string()
}

fn places_json(places: &[(Scope, After)]) -> String {
    let places = places.iter().map(|(scope, after)| {
        let (q, kind, id) = column::after(*after);
        json!([scope.to_string(), q, kind, hex(&id)])
    });
    Value::from(places.collect::<Vec<_>>()).to_string()
}

fn limited(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// Columns: kind, id, scope, q, hash, post, data.
fn stored_row(row: &SqliteRow) -> Stored<StoredRow> {
    Ok(StoredRow {
        key: column::key(row.try_get(0)?, row.try_get(1)?)?,
        scope: column::scope(row.try_get(2)?)?,
        q: column::number(row.try_get(3)?)?,
        hash: column::digest(row.try_get(4)?)?,
        post: row.try_get::<Option<Uuid>, _>(5)?.map(PostId::new),
        data: row.try_get(6)?,
    })
}

#[async_trait]
impl OrgTx for SqliteTx {
    fn head(&self) -> &Head {
        &self.head
    }

    async fn rows(&mut self, keys: &[Key]) -> Stored<Vec<StoredRow>> {
        let rows = sqlx::query(
            "SELECT r.kind, r.id, r.scope, r.q, r.hash, r.post, r.data FROM json_each(?2) j CROSS JOIN ledger_row r \
             ON r.org_id = ?1 AND r.kind = j.value ->> 0 AND r.id = unhex(j.value ->> 1)",
        )
        .bind(self.org)
        .bind(keys_json(keys))
        .fetch_all(&mut *self.transaction)
        .await?;
        rows.iter().map(stored_row).collect()
    }

    async fn with_posts(&mut self, posts: &[PostId]) -> Stored<Vec<StoredRow>> {
        let posts: Vec<String> = posts.iter().map(|post| hex(post.uuid().as_bytes())).collect();
        let rows = sqlx::query(
            "SELECT r.kind, r.id, r.scope, r.q, r.hash, r.post, r.data FROM json_each(?2) j CROSS JOIN ledger_row r \
             ON r.org_id = ?1 AND r.post = unhex(j.value) ORDER BY r.kind, r.id",
        )
        .bind(self.org)
        .bind(json!(posts).to_string())
        .fetch_all(&mut *self.transaction)
        .await?;
        rows.iter().map(stored_row).collect()
    }

    async fn clients(&mut self, clients: &[Uuid]) -> Stored<Vec<ClientRow>> {
        let clients: Vec<String> = clients.iter().map(|client| hex(client.as_bytes())).collect();
        let rows = sqlx::query(
            "SELECT c.client, c.person, c.last_n FROM json_each(?2) j CROSS JOIN ledger_client c \
             ON c.org_id = ?1 AND c.client = unhex(j.value)",
        )
        .bind(self.org)
        .bind(json!(clients).to_string())
        .fetch_all(&mut *self.transaction)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ClientRow {
                    client: row.try_get(0)?,
                    person: PersonId::new(row.try_get(1)?),
                    last_n: column::number(row.try_get(2)?)?,
                })
            })
            .collect()
    }

    async fn known(&mut self, client: Uuid, from: u64, to: u64, limit: usize) -> Stored<Vec<Known>> {
        let rows = sqlx::query(
            "SELECT n, h, seq, NULL FROM ledger_log WHERE org_id = ?1 AND client = ?2 AND n BETWEEN ?3 AND ?4 \
             UNION ALL SELECT n, h, NULL, answer FROM ledger_receipt WHERE org_id = ?1 AND client = ?2 AND n BETWEEN ?3 AND ?4 \
             ORDER BY n LIMIT ?5",
        )
        .bind(self.org)
        .bind(client)
        .bind(column::signed(from))
        .bind(column::signed(to))
        .bind(limited(limit))
        .fetch_all(&mut *self.transaction)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Known {
                    n: column::number(row.try_get(0)?)?,
                    h: column::short(row.try_get(1)?)?,
                    answer: super::answer(row.try_get(2)?, row.try_get(3)?)?,
                })
            })
            .collect()
    }

    async fn applied(&mut self, mids: &[Uuid]) -> Stored<Vec<(Uuid, Digest16, u64)>> {
        let mids: Vec<String> = mids.iter().map(|mid| hex(mid.as_bytes())).collect();
        let rows = sqlx::query(
            "SELECT l.mid, l.h, l.seq FROM json_each(?2) j CROSS JOIN ledger_log l ON l.org_id = ?1 AND l.mid = unhex(j.value)",
        )
        .bind(self.org)
        .bind(json!(mids).to_string())
        .fetch_all(&mut *self.transaction)
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, column::short(row.try_get(1)?)?, column::number(row.try_get(2)?)?)))
            .collect()
    }

    async fn chain_at(&mut self, seq: u64) -> Stored<Option<Digest>> {
        let row = sqlx::query("SELECT chain FROM ledger_log WHERE org_id = ?1 AND seq = ?2")
            .bind(self.org)
            .bind(column::signed(seq))
            .fetch_optional(&mut *self.transaction)
            .await?;
        row.map(|row| column::digest(row.try_get(0)?)).transpose()
    }

    async fn sums(&mut self) -> Stored<Vec<(Scope, ScopeSum)>> {
        let rows = sqlx::query("SELECT scope, sum, live FROM ledger_scope WHERE org_id = ?1 ORDER BY scope")
            .bind(self.org)
            .fetch_all(&mut *self.transaction)
            .await?;
        rows.iter()
            .map(|row| {
                let sum = column::short(row.try_get(1)?)?;
                let rows = column::number(row.try_get(2)?)?;
                Ok((column::scope(row.try_get(0)?)?, ScopeSum { sum: u128::from_le_bytes(sum.0), rows }))
            })
            .collect()
    }

    async fn rows_after(&mut self, places: &[(Scope, After)], page: Page) -> Stored<Vec<StoredRow>> {
        // the page is cut by the index alone; the rows are read afterwards
        let rows = sqlx::query(
            "WITH keys AS MATERIALIZED (\
                SELECT s.q, s.kind, s.id FROM json_each(?2) j CROSS JOIN ledger_row s ON s.org_id = ?1 \
                AND s.scope = j.value ->> 0 AND (s.q, s.kind, s.id) > (j.value ->> 1, j.value ->> 2, unhex(j.value ->> 3)) \
                ORDER BY s.q, s.kind, s.id LIMIT ?3), \
             sized AS MATERIALIZED (\
                SELECT k.*, sum(octet_length(r.data)) OVER (ORDER BY k.q, k.kind, k.id) - octet_length(r.data) AS before FROM keys k \
                CROSS JOIN ledger_row r ON r.org_id = ?1 AND r.kind = k.kind AND r.id = k.id) \
             SELECT r.kind, r.id, r.scope, r.q, r.hash, r.post, r.data FROM sized f \
             CROSS JOIN ledger_row r ON r.org_id = ?1 AND r.kind = f.kind AND r.id = f.id WHERE f.before <= ?4 \
             ORDER BY f.q, f.kind, f.id",
        )
        .bind(self.org)
        .bind(places_json(places))
        .bind(limited(page.rows))
        .bind(limited(page.bytes))
        .fetch_all(&mut *self.transaction)
        .await?;
        rows.iter().map(stored_row).collect()
    }

    async fn exits_after(&mut self, places: &[(Scope, After)], limit: usize) -> Stored<Vec<ExitRow>> {
        let rows = sqlx::query(
            "SELECT s.kind, s.id, s.scope, s.q FROM json_each(?2) j CROSS JOIN ledger_exit s ON s.org_id = ?1 \
             AND s.scope = j.value ->> 0 AND (s.q, s.kind, s.id) > (j.value ->> 1, j.value ->> 2, unhex(j.value ->> 3)) \
             ORDER BY s.q, s.kind, s.id LIMIT ?3",
        )
        .bind(self.org)
        .bind(places_json(places))
        .bind(limited(limit))
        .fetch_all(&mut *self.transaction)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ExitRow {
                    key: column::key(row.try_get(0)?, row.try_get(1)?)?,
                    scope: column::scope(row.try_get(2)?)?,
                    q: column::number(row.try_get(3)?)?,
                })
            })
            .collect()
    }

    async fn rows_by_key(&mut self, scopes: &[Scope], after: Option<Key>, page: Page) -> Stored<Vec<StoredRow>> {
        let (kind, id) = after.map_or((0, Vec::new()), |key| (i16::from(kind_of(key)), key_bytes(key)));
        let scopes: Vec<String> = scopes.iter().map(Scope::to_string).collect();
        let rows = sqlx::query(
            "WITH keys AS MATERIALIZED (\
                SELECT kind, id, octet_length(data) AS size FROM ledger_row WHERE org_id = ?1 AND (kind, id) > (?2, ?3) \
                AND scope IN (SELECT value FROM json_each(?4)) ORDER BY kind, id LIMIT ?5), \
             sized AS MATERIALIZED (SELECT kind, id, sum(size) OVER (ORDER BY kind, id) - size AS before FROM keys) \
             SELECT r.kind, r.id, r.scope, r.q, r.hash, r.post, r.data FROM sized f \
             CROSS JOIN ledger_row r ON r.org_id = ?1 AND r.kind = f.kind AND r.id = f.id WHERE f.before <= ?6 ORDER BY f.kind, f.id",
        )
        .bind(self.org)
        .bind(kind)
        .bind(id)
        .bind(json!(scopes).to_string())
        .bind(limited(page.rows))
        .bind(limited(page.bytes))
        .fetch_all(&mut *self.transaction)
        .await?;
        rows.iter().map(stored_row).collect()
    }

    async fn log(&mut self, after: u64, limit: usize) -> Stored<Vec<LogRow>> {
        let rows = sqlx::query(
            "SELECT seq, client, n, mid, h, v, kind, actor, claimed_at, at, body, result, chain FROM ledger_log \
             WHERE org_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
        )
        .bind(self.org)
        .bind(column::signed(after))
        .bind(limited(limit))
        .fetch_all(&mut *self.transaction)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(LogRow {
                    seq: column::number(row.try_get(0)?)?,
                    client: row.try_get(1)?,
                    n: column::number(row.try_get(2)?)?,
                    mid: row.try_get(3)?,
                    h: column::short(row.try_get(4)?)?,
                    v: u16::try_from(row.try_get::<i64, _>(5)?).map_err(|_| StoreError::Damaged)?,
                    kind: row.try_get(6)?,
                    actor: PersonId::new(row.try_get(7)?),
                    claimed_at: column::instant(row.try_get(8)?)?,
                    at: column::instant(row.try_get(9)?)?,
                    body: row.try_get(10)?,
                    result: column::digest(row.try_get(11)?)?,
                    chain: column::digest(row.try_get(12)?)?,
                })
            })
            .collect()
    }

    async fn flush(&mut self, write: BatchWrite) -> Stored<()> {
        if !self.writes {
            return Err(StoreError::ReadOnly);
        }
        let row = |row: &StoredRow| {
            let post = row.post.map(|post| hex(post.uuid().as_bytes()));
            let scope = row.scope.to_string();
            json!([kind_of(row.key), hex(&key_bytes(row.key)), scope, row.q, row.hash, post, row.data])
        };
        self.put(
            "INSERT INTO ledger_row (org_id, kind, id, scope, q, hash, post, data) SELECT ?1, value ->> 0, unhex(value ->> 1), \
             value ->> 2, value ->> 3, unhex(value ->> 4), unhex(value ->> 5), value ->> 6 FROM json_each(?2) WHERE true \
             ON CONFLICT (org_id, kind, id) DO UPDATE SET scope = excluded.scope, q = excluded.q, hash = excluded.hash, \
             post = excluded.post, data = excluded.data",
            write.rows.iter().map(row).collect(),
        )
        .await?;
        let exit =
            |exit: &ExitRow| json!([exit.scope.to_string(), kind_of(exit.key), hex(&key_bytes(exit.key)), exit.q]);
        self.put(
            "INSERT INTO ledger_exit (org_id, scope, kind, id, q) SELECT ?1, value ->> 0, value ->> 1, unhex(value ->> 2), \
             value ->> 3 FROM json_each(?2) WHERE true ON CONFLICT (org_id, scope, kind, id) DO UPDATE SET q = excluded.q",
            write.exits.iter().map(exit).collect(),
        )
        .await?;
        let sum =
            |(scope, sum): &(Scope, ScopeSum)| json!([scope.to_string(), Digest16(sum.sum.to_le_bytes()), sum.rows]);
        self.put(
            "INSERT INTO ledger_scope (org_id, scope, sum, live) SELECT ?1, value ->> 0, unhex(value ->> 1), value ->> 2 \
             FROM json_each(?2) WHERE true ON CONFLICT (org_id, scope) DO UPDATE SET sum = excluded.sum, live = excluded.live",
            write.sums.iter().map(sum).collect(),
        )
        .await?;
        let line = |log: &LogRow| {
            let [client, mid, actor] = [log.client, log.mid, log.actor.uuid()].map(|id| hex(id.as_bytes()));
            let (claimed, at) = (log.claimed_at.as_microsecond(), log.at.as_microsecond());
            json!([
                log.seq, client, log.n, mid, log.h, log.v, log.kind, actor, claimed, at, log.body, log.result,
                log.chain
            ])
        };
        self.put(
            "INSERT INTO ledger_log (org_id, seq, client, n, mid, h, v, kind, actor, claimed_at, at, body, result, chain) \
             SELECT ?1, value ->> 0, unhex(value ->> 1), value ->> 2, unhex(value ->> 3), unhex(value ->> 4), value ->> 5, \
             value ->> 6, unhex(value ->> 7), value ->> 8, value ->> 9, value ->> 10, unhex(value ->> 11), \
             unhex(value ->> 12) FROM json_each(?2)",
            write.log.iter().map(line).collect(),
        )
        .await?;
        let client =
            |row: &ClientRow| json!([hex(row.client.as_bytes()), hex(row.person.uuid().as_bytes()), row.last_n]);
        self.put(
            "INSERT INTO ledger_client (org_id, client, person, last_n) SELECT ?1, unhex(value ->> 0), unhex(value ->> 1), \
             value ->> 2 FROM json_each(?2) WHERE true ON CONFLICT (org_id, client) DO UPDATE SET last_n = excluded.last_n",
            write.clients.iter().map(client).collect(),
        )
        .await?;
        if !write.receipts.is_empty() {
            let receipt = |row: &Receipt| {
                let answer = super::answer_json(&row.answer)?;
                Ok(json!([hex(row.client.as_bytes()), row.n, row.h, answer]))
            };
            self.put(
                "INSERT INTO ledger_receipt (org_id, client, n, h, answer) SELECT ?1, unhex(value ->> 0), value ->> 1, \
                 unhex(value ->> 2), value ->> 3 FROM json_each(?2)",
                write.receipts.iter().map(receipt).collect::<Stored<_>>()?,
            )
            .await?;
            let kept = |row: &ClientRow| json!([hex(row.client.as_bytes()), row.last_n.saturating_sub(Receipt::KEPT)]);
            self.put(
                "DELETE FROM ledger_receipt WHERE org_id = ?1 AND EXISTS (SELECT 1 FROM json_each(?2) j \
                 WHERE unhex(j.value ->> 0) = client AND n <= j.value ->> 1)",
                write.clients.iter().filter(|row| row.last_n > Receipt::KEPT).map(kept).collect(),
            )
            .await?;
        }
        sqlx::query("UPDATE ledger_org SET seq = ?2, chain = ?3 WHERE org_id = ?1")
            .bind(self.org)
            .bind(column::signed(write.seq))
            .bind(write.chain.0.to_vec())
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    async fn sweep(&mut self, before: Timestamp) -> Stored<u64> {
        let row = sqlx::query(
            "SELECT coalesce(max(e.q), 0) FROM ledger_exit e JOIN ledger_log l ON l.org_id = e.org_id AND l.seq = e.q \
             WHERE e.org_id = ?1 AND l.at < ?2",
        )
        .bind(self.org)
        .bind(before.as_microsecond())
        .fetch_one(&mut *self.transaction)
        .await?;
        let floor: i64 = row.try_get(0)?;
        let swept = sqlx::query("DELETE FROM ledger_exit WHERE org_id = ?1 AND q <= ?2")
            .bind(self.org)
            .bind(floor)
            .execute(&mut *self.transaction)
            .await?;
        sqlx::query("UPDATE ledger_org SET floor = max(floor, ?2) WHERE org_id = ?1")
            .bind(self.org)
            .bind(floor)
            .execute(&mut *self.transaction)
            .await?;
        Ok(swept.rows_affected())
    }

    async fn set_epoch(&mut self, epoch: Uuid) -> Stored<()> {
        sqlx::query("UPDATE ledger_org SET epoch = ?2 WHERE org_id = ?1")
            .bind(self.org)
            .bind(epoch)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    async fn quarantine(&mut self, row: QuarantineRow, drop_before: Timestamp) -> Stored<()> {
        sqlx::query("DELETE FROM ledger_quarantine WHERE org_id = ?1 AND received_at < ?2")
            .bind(self.org)
            .bind(drop_before.as_microsecond())
            .execute(&mut *self.transaction)
            .await?;
        let kept = sqlx::query("SELECT count(*) FROM ledger_quarantine WHERE org_id = ?1 AND person = ?2")
            .bind(self.org)
            .bind(row.person.uuid())
            .fetch_one(&mut *self.transaction)
            .await?;
        if column::number(kept.try_get(0)?)? >= wire::quarantine::UPLOADS_MAX {
            return Err(StoreError::Full);
        }
        sqlx::query(
            "INSERT INTO ledger_quarantine (org_id, id, client, person, received_at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
             ON CONFLICT (org_id, id) DO NOTHING",
        )
        .bind(self.org)
        .bind(row.id)
        .bind(row.client)
        .bind(row.person.uuid())
        .bind(row.received_at.as_microsecond())
        .bind(row.body)
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    async fn quarantined(&mut self, after: Option<Uuid>, page: Page) -> Stored<Vec<QuarantineRow>> {
        let rows = sqlx::query(
            "WITH sized AS MATERIALIZED (\
                SELECT k.*, sum(k.size) OVER (ORDER BY k.received_at, k.id) - k.size AS before FROM (\
                SELECT id, received_at, octet_length(body) AS size FROM ledger_quarantine WHERE org_id = ?1 AND (?2 IS NULL \
                OR (received_at, id) > (SELECT received_at, id FROM ledger_quarantine WHERE org_id = ?1 AND id = ?2)) \
                ORDER BY received_at, id LIMIT ?3) k) \
             SELECT q.id, q.client, q.person, q.received_at, q.body FROM sized f CROSS JOIN ledger_quarantine q \
             ON q.org_id = ?1 AND q.id = f.id WHERE f.before <= ?4 ORDER BY f.received_at, f.id",
        )
        .bind(self.org)
        .bind(after)
        .bind(limited(page.rows))
        .bind(limited(page.bytes))
        .fetch_all(&mut *self.transaction)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(QuarantineRow {
                    id: row.try_get(0)?,
                    client: row.try_get(1)?,
                    person: PersonId::new(row.try_get(2)?),
                    received_at: column::instant(row.try_get(3)?)?,
                    body: row.try_get(4)?,
                })
            })
            .collect()
    }

    async fn commit(self: Box<Self>) -> Stored<()> {
        Ok(self.transaction.commit().await?)
    }
}

impl SqliteTx {
    async fn put(&mut self, sql: &'static str, list: Vec<Value>) -> Stored<()> {
        if list.is_empty() {
            return Ok(());
        }
        let list = Value::from(list).to_string();
        sqlx::query(sql).bind(self.org).bind(list).execute(&mut *self.transaction).await?;
        Ok(())
    }
}
