//! PostgreSQL: the lock of an organisation is its row, and row-level security is the second layer.
//!
//! `READ COMMITTED` for writing on purpose: behind the wait for the lock each statement sees what the one before it committed;
//! a stricter level would refuse every push that had to wait.

use async_trait::async_trait;
use domain::id::{OrganisationId, PersonId, PostId};
use domain::{Key, Scope};
use jiff::Timestamp;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::{Postgres, Row as _, Transaction};
use uuid::Uuid;
use wire::hash::{Digest, Digest16, key_bytes, kind_of};

use super::{
    After, BatchWrite, ClientRow, ExitRow, Head, Known, LogRow, OrgStore, OrgTx, Page, QuarantineRow, Receipt,
    ScopeSum, Stored, StoredRow, column,
};
use crate::error::StoreError;

/// How long a transaction waits for a connection.
const ACQUIRE: std::time::Duration = std::time::Duration::from_secs(5);

#[derive(Debug, Clone)]
pub struct PgStore {
    pool: PgPool,
}

impl PgStore {
    /// Connects as a role that row-level security binds ([`crate::migrations::grant_postgres`]). The tables are there already.
    ///
    /// # Errors
    /// The database cannot be reached; [`StoreError::UnsafeRole`].
    pub async fn connect(options: PgConnectOptions, connections: u32) -> Stored<Self> {
        // as defaults of the session: a `SET` in each transaction would be one more trip
        let options = options.options([
            ("lock_timeout", "2s"),
            ("statement_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "10s"),
        ]);
        let pool =
            PgPoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE).connect_with(options).await?;
        Self::over(pool).await
    }

    /// A ledger over a pool of the caller, which sets the timeouts itself.
    ///
    /// # Errors
    /// As [`PgStore::connect`].
    pub async fn over(pool: PgPool) -> Stored<Self> {
        let row = sqlx::query(
            "SELECT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user), \
             count(*) FILTER (WHERE pg_has_role(current_user, c.relowner, 'USAGE')), \
             count(*) FILTER (WHERE c.relrowsecurity AND c.relforcerowsecurity) \
             FROM pg_class c WHERE c.oid IN (SELECT to_regclass(name) FROM unnest($1::text[]) name)",
        )
        .bind(TABLES.map(str::to_owned).to_vec())
        .fetch_one(&pool)
        .await?;
        let (above, owned, bound): (bool, i64, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        if above || owned > 0 || column::number(bound)? != TABLES.len() as u64 {
            return Err(StoreError::UnsafeRole);
        }
        Ok(Self { pool })
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Names the organisation for the rest of the transaction.
    async fn name(transaction: &mut Transaction<'static, Postgres>, id: OrganisationId) -> Stored<()> {
        sqlx::query("SELECT set_config('sendoff.org', $1, true)")
            .bind(id.to_string())
            .execute(&mut **transaction)
            .await?;
        Ok(())
    }

    async fn begin(
        mut transaction: Transaction<'static, Postgres>,
        id: OrganisationId,
        writes: bool,
    ) -> Stored<Box<dyn OrgTx>> {
        Self::name(&mut transaction, id).await?;
        // the clock outside: inside it would be read before the wait for the lock
        let locked = "SELECT o.*, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint FROM (SELECT seq, epoch, chain, floor FROM ledger_org \
                      WHERE org_id = $1 FOR UPDATE) o";
        let read = "SELECT seq, epoch, chain, floor, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint FROM ledger_org WHERE org_id = $1";
        let found =
            sqlx::query(if writes { locked } else { read }).bind(id.uuid()).fetch_optional(&mut *transaction).await?;
        let row = found.ok_or(StoreError::Unknown)?;
        let head = Head {
            seq: column::number(row.try_get(0)?)?,
            epoch: row.try_get(1)?,
            chain: column::digest(row.try_get(2)?)?,
            floor: column::number(row.try_get(3)?)?,
            now: column::instant(row.try_get(4)?)?,
        };
        Ok(Box::new(PgTx { org: id.uuid(), head, transaction, writes }))
    }
}

/// All that row-level security must bind.
const TABLES: [&str; 8] = [
    "ledger_org",
    "ledger_row",
    "ledger_exit",
    "ledger_scope",
    "ledger_log",
    "ledger_client",
    "ledger_receipt",
    "ledger_quarantine",
];

#[async_trait]
impl OrgStore for PgStore {
    async fn create(&self, organisation: OrganisationId, epoch: Uuid) -> Stored<bool> {
        let mut transaction = self.pool.begin().await?;
        Self::name(&mut transaction, organisation).await?;
        let done = sqlx::query(
            "INSERT INTO ledger_org (org_id, seq, epoch, chain, floor) VALUES ($1, 0, $2, $3, 0) \
             ON CONFLICT (org_id) DO NOTHING",
        )
        .bind(organisation.uuid())
        .bind(epoch)
        .bind(Digest::default().0.to_vec())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    async fn write(&self, organisation: OrganisationId) -> Stored<Box<dyn OrgTx>> {
        Self::begin(self.pool.begin().await?, organisation, true).await
    }

    async fn read(&self, organisation: OrganisationId) -> Stored<Box<dyn OrgTx>> {
        let transaction = self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        Self::begin(transaction, organisation, false).await
    }

    async fn heads(&self, organisations: &[OrganisationId]) -> Stored<Vec<(OrganisationId, u64)>> {
        let names: Vec<String> = organisations.iter().map(OrganisationId::to_string).collect();
        let ids: Vec<Uuid> = organisations.iter().map(|id| id.uuid()).collect();
        let mut transaction = self.pool.begin().await?;
        sqlx::query("SELECT set_config('sendoff.orgs', $1, true)")
            .bind(names.join(","))
            .execute(&mut *transaction)
            .await?;
        let rows = sqlx::query("SELECT org_id, seq FROM ledger_org WHERE org_id = ANY($1)")
            .bind(ids)
            .fetch_all(&mut *transaction)
            .await?;
        transaction.commit().await?;
        rows.iter().map(|row| Ok((OrganisationId::new(row.try_get(0)?), column::number(row.try_get(1)?)?))).collect()
    }
}

struct PgTx {
    org: Uuid,
    head: Head,
    transaction: Transaction<'static, Postgres>,
    writes: bool,
}

fn limited(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn keys(keys: impl Iterator<Item = Key>) -> (Vec<i16>, Vec<Vec<u8>>) {
    keys.map(|key| (i16::from(kind_of(key)), key_bytes(key))).unzip()
}

type Places = (Vec<String>, Vec<i64>, Vec<i16>, Vec<Vec<u8>>);

fn places(places: &[(Scope, After)]) -> Places {
    let mut all = Places::default();
    for (scope, after) in places {
        let (q, kind, id) = column::after(*after);
        all.0.push(scope.to_string());
        all.1.push(q);
        all.2.push(kind);
        all.3.push(id);
    }
    all
}

/// Columns: kind, id, scope, q, hash, post, data.
fn stored_row(row: &PgRow) -> Stored<StoredRow> {
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
impl OrgTx for PgTx {
    fn head(&self) -> &Head {
        &self.head
    }

    async fn rows(&mut self, wanted: &[Key]) -> Stored<Vec<StoredRow>> {
        let (kinds, ids) = keys(wanted.iter().copied());
        let rows = sqlx::query(
            "SELECT r.kind, r.id, r.scope, r.q, r.hash, r.post, r.data FROM unnest($2::smallint[], $3::bytea[]) w (kind, id) \
             JOIN ledger_row r ON r.org_id = $1 AND r.kind = w.kind AND r.id = w.id",
        )
        .bind(self.org)
        .bind(kinds)
        .bind(ids)
        .fetch_all(&mut *self.transaction)
        .await?;
        rows.iter().map(stored_row).collect()
    }

    async fn with_posts(&mut self, posts: &[PostId]) -> Stored<Vec<StoredRow>> {
        let posts: Vec<Uuid> = posts.iter().map(|post| post.uuid()).collect();
        let rows = sqlx::query(
            "SELECT kind, id, scope, q, hash, post, data FROM ledger_row WHERE org_id = $1 AND post = ANY($2) ORDER BY kind, id",
        )
        .bind(self.org)
        .bind(posts)
        .fetch_all(&mut *self.transaction)
        .await?;
        rows.iter().map(stored_row).collect()
    }

    async fn clients(&mut self, clients: &[Uuid]) -> Stored<Vec<ClientRow>> {
        let rows =
            sqlx::query("SELECT client, person, last_n FROM ledger_client WHERE org_id = $1 AND client = ANY($2)")
                .bind(self.org)
                .bind(clients.to_vec())
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
            "SELECT n, h, seq, NULL::text FROM ledger_log WHERE org_id = $1 AND client = $2 AND n BETWEEN $3 AND $4 \
             UNION ALL SELECT n, h, NULL, answer FROM ledger_receipt WHERE org_id = $1 AND client = $2 AND n BETWEEN $3 AND $4 \
             ORDER BY n LIMIT $5",
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
        let rows = sqlx::query("SELECT mid, h, seq FROM ledger_log WHERE org_id = $1 AND mid = ANY($2)")
            .bind(self.org)
            .bind(mids.to_vec())
            .fetch_all(&mut *self.transaction)
            .await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, column::short(row.try_get(1)?)?, column::number(row.try_get(2)?)?)))
            .collect()
    }

    async fn chain_at(&mut self, seq: u64) -> Stored<Option<Digest>> {
        let row = sqlx::query("SELECT chain FROM ledger_log WHERE org_id = $1 AND seq = $2")
            .bind(self.org)
            .bind(column::signed(seq))
            .fetch_optional(&mut *self.transaction)
            .await?;
        row.map(|row| column::digest(row.try_get(0)?)).transpose()
    }

    async fn sums(&mut self) -> Stored<Vec<(Scope, ScopeSum)>> {
        let rows = sqlx::query("SELECT scope, sum, live FROM ledger_scope WHERE org_id = $1 ORDER BY scope")
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

    async fn rows_after(&mut self, after: &[(Scope, After)], page: Page) -> Stored<Vec<StoredRow>> {
        let (scopes, qs, kinds, ids) = places(after);
        let rows = sqlx::query(
            "WITH keys AS MATERIALIZED (\
                SELECT x.q, x.kind, x.id FROM unnest($2::text[], $3::bigint[], $4::smallint[], $5::bytea[]) p (scope, q, kind, id) \
                CROSS JOIN LATERAL (SELECT s.q, s.kind, s.id FROM ledger_row s WHERE s.org_id = $1 AND s.scope = p.scope \
                AND (s.q, s.kind, s.id) > (p.q, p.kind, p.id) ORDER BY s.q, s.kind, s.id LIMIT $6) x \
                ORDER BY x.q, x.kind, x.id LIMIT $6), \
             sized AS MATERIALIZED (\
                SELECT k.*, sum(octet_length(r.data)) OVER (ORDER BY k.q, k.kind, k.id) - octet_length(r.data) AS before \
                FROM keys k JOIN ledger_row r ON r.org_id = $1 AND r.kind = k.kind AND r.id = k.id) \
             SELECT r.kind, r.id, r.scope, r.q, r.hash, r.post, r.data FROM sized f \
             JOIN ledger_row r ON r.org_id = $1 AND r.kind = f.kind AND r.id = f.id WHERE f.before <= $7 ORDER BY r.q, r.kind, r.id",
        )
        .bind(self.org)
        .bind(scopes)
        .bind(qs)
        .bind(kinds)
        .bind(ids)
        .bind(limited(page.rows))
        .bind(limited(page.bytes))
        .fetch_all(&mut *self.transaction)
        .await?;
        rows.iter().map(stored_row).collect()
    }

    async fn exits_after(&mut self, after: &[(Scope, After)], limit: usize) -> Stored<Vec<ExitRow>> {
        let (scopes, qs, kinds, ids) = places(after);
        let rows = sqlx::query(
            "SELECT x.kind, x.id, x.scope, x.q FROM unnest($2::text[], $3::bigint[], $4::smallint[], $5::bytea[]) p (scope, q, kind, id) \
             CROSS JOIN LATERAL (SELECT s.kind, s.id, s.scope, s.q FROM ledger_exit s WHERE s.org_id = $1 AND s.scope = p.scope \
             AND (s.q, s.kind, s.id) > (p.q, p.kind, p.id) ORDER BY s.q, s.kind, s.id LIMIT $6) x \
             ORDER BY x.q, x.kind, x.id LIMIT $6",
        )
        .bind(self.org)
        .bind(scopes)
        .bind(qs)
        .bind(kinds)
        .bind(ids)
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
                SELECT kind, id, octet_length(data) AS size FROM ledger_row WHERE org_id = $1 AND (kind, id) > ($2, $3) \
                AND scope = ANY($4) ORDER BY kind, id LIMIT $5), \
             sized AS MATERIALIZED (SELECT kind, id, sum(size) OVER (ORDER BY kind, id) - size AS before FROM keys) \
             SELECT r.kind, r.id, r.scope, r.q, r.hash, r.post, r.data FROM sized f \
             JOIN ledger_row r ON r.org_id = $1 AND r.kind = f.kind AND r.id = f.id WHERE f.before <= $6 ORDER BY r.kind, r.id",
        )
        .bind(self.org)
        .bind(kind)
        .bind(id)
        .bind(scopes)
        .bind(limited(page.rows))
        .bind(limited(page.bytes))
        .fetch_all(&mut *self.transaction)
        .await?;
        rows.iter().map(stored_row).collect()
    }

    async fn log(&mut self, after: u64, limit: usize) -> Stored<Vec<LogRow>> {
        let rows = sqlx::query(
            "SELECT seq, client, n, mid, h, v, kind, actor, claimed_at, at, body, result, chain FROM ledger_log \
             WHERE org_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
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
                    v: u16::try_from(row.try_get::<i16, _>(5)?).map_err(|_| StoreError::Damaged)?,
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
        let BatchWrite { seq, chain, rows, exits, sums, log, clients, receipts } = write;
        let (row_kinds, row_ids) = keys(rows.iter().map(|row| row.key));
        let (exit_kinds, exit_ids) = keys(exits.iter().map(|exit| exit.key));
        let answers: Vec<String> = receipts.iter().map(|one| super::answer_json(&one.answer)).collect::<Stored<_>>()?;
        // everything in one statement: one trip
        sqlx::query(
            "WITH r AS (INSERT INTO ledger_row (org_id, kind, id, scope, q, hash, post, data) \
                SELECT $1, u.* FROM unnest($2::smallint[], $3::bytea[], $4::text[], $5::bigint[], $6::bytea[], $7::uuid[], $8::text[]) u \
                ON CONFLICT (org_id, kind, id) DO UPDATE SET scope = excluded.scope, q = excluded.q, hash = excluded.hash, \
                post = excluded.post, data = excluded.data), \
             x AS (INSERT INTO ledger_exit (org_id, scope, kind, id, q) \
                SELECT $1, u.* FROM unnest($9::text[], $10::smallint[], $11::bytea[], $12::bigint[]) u \
                ON CONFLICT (org_id, scope, kind, id) DO UPDATE SET q = excluded.q), \
             s AS (INSERT INTO ledger_scope (org_id, scope, sum, live) \
                SELECT $1, u.* FROM unnest($13::text[], $14::bytea[], $15::bigint[]) u \
                ON CONFLICT (org_id, scope) DO UPDATE SET sum = excluded.sum, live = excluded.live), \
             l AS (INSERT INTO ledger_log (org_id, seq, client, n, mid, h, v, kind, actor, claimed_at, at, body, result, chain) \
                SELECT $1, u.* FROM unnest($16::bigint[], $17::uuid[], $18::bigint[], $19::uuid[], $20::bytea[], $21::smallint[], \
                $22::text[], $23::uuid[], $24::bigint[], $25::bigint[], $26::text[], $27::bytea[], $28::bytea[]) u), \
             c AS (INSERT INTO ledger_client (org_id, client, person, last_n) \
                SELECT $1, u.* FROM unnest($29::uuid[], $30::uuid[], $31::bigint[]) u \
                ON CONFLICT (org_id, client) DO UPDATE SET last_n = excluded.last_n), \
             t AS (INSERT INTO ledger_receipt (org_id, client, n, h, answer) \
                SELECT $1, u.* FROM unnest($32::uuid[], $33::bigint[], $34::bytea[], $35::text[]) u) \
             UPDATE ledger_org SET seq = $36, chain = $37 WHERE org_id = $1",
        )
        .bind(self.org)
        .bind(row_kinds)
        .bind(row_ids)
        .bind(rows.iter().map(|row| row.scope.to_string()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| column::signed(row.q)).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.hash.0.to_vec()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.post.map(PostId::uuid)).collect::<Vec<_>>())
        .bind(rows.into_iter().map(|row| row.data).collect::<Vec<_>>())
        .bind(exits.iter().map(|exit| exit.scope.to_string()).collect::<Vec<_>>())
        .bind(exit_kinds)
        .bind(exit_ids)
        .bind(exits.iter().map(|exit| column::signed(exit.q)).collect::<Vec<_>>())
        .bind(sums.iter().map(|(scope, _)| scope.to_string()).collect::<Vec<_>>())
        .bind(sums.iter().map(|(_, sum)| sum.sum.to_le_bytes().to_vec()).collect::<Vec<_>>())
        .bind(sums.iter().map(|(_, sum)| column::signed(sum.rows)).collect::<Vec<_>>())
        .bind(log.iter().map(|line| column::signed(line.seq)).collect::<Vec<_>>())
        .bind(log.iter().map(|line| line.client).collect::<Vec<_>>())
        .bind(log.iter().map(|line| column::signed(line.n)).collect::<Vec<_>>())
        .bind(log.iter().map(|line| line.mid).collect::<Vec<_>>())
        .bind(log.iter().map(|line| line.h.0.to_vec()).collect::<Vec<_>>())
        .bind(log.iter().map(|line| i16::try_from(line.v).map_err(|_| StoreError::Full)).collect::<Stored<Vec<_>>>()?)
        .bind(log.iter().map(|line| line.kind.clone()).collect::<Vec<_>>())
        .bind(log.iter().map(|line| line.actor.uuid()).collect::<Vec<_>>())
        .bind(log.iter().map(|line| line.claimed_at.as_microsecond()).collect::<Vec<_>>())
        .bind(log.iter().map(|line| line.at.as_microsecond()).collect::<Vec<_>>())
        .bind(log.iter().map(|line| line.body.clone()).collect::<Vec<_>>())
        .bind(log.iter().map(|line| line.result.0.to_vec()).collect::<Vec<_>>())
        .bind(log.iter().map(|line| line.chain.0.to_vec()).collect::<Vec<_>>())
        .bind(clients.iter().map(|row| row.client).collect::<Vec<_>>())
        .bind(clients.iter().map(|row| row.person.uuid()).collect::<Vec<_>>())
        .bind(clients.iter().map(|row| column::signed(row.last_n)).collect::<Vec<_>>())
        .bind(receipts.iter().map(|one| one.client).collect::<Vec<_>>())
        .bind(receipts.iter().map(|one| column::signed(one.n)).collect::<Vec<_>>())
        .bind(receipts.iter().map(|one| one.h.0.to_vec()).collect::<Vec<_>>())
        .bind(answers)
        .bind(column::signed(seq))
        .bind(chain.0.to_vec())
        .execute(&mut *self.transaction)
        .await?;
        let long: Vec<&ClientRow> = clients.iter().filter(|row| row.last_n > Receipt::KEPT).collect();
        if !receipts.is_empty() && !long.is_empty() {
            sqlx::query(
                "DELETE FROM ledger_receipt t USING unnest($2::uuid[], $3::bigint[]) u (client, kept) \
                 WHERE t.org_id = $1 AND t.client = u.client AND t.n <= u.kept",
            )
            .bind(self.org)
            .bind(long.iter().map(|row| row.client).collect::<Vec<_>>())
            .bind(long.iter().map(|row| column::signed(row.last_n.saturating_sub(Receipt::KEPT))).collect::<Vec<_>>())
            .execute(&mut *self.transaction)
            .await?;
        }
        Ok(())
    }

    async fn sweep(&mut self, before: Timestamp) -> Stored<u64> {
        let row = sqlx::query(
            "SELECT coalesce(max(e.q), 0) FROM ledger_exit e JOIN ledger_log l ON l.org_id = e.org_id AND l.seq = e.q \
             WHERE e.org_id = $1 AND l.at < $2",
        )
        .bind(self.org)
        .bind(before.as_microsecond())
        .fetch_one(&mut *self.transaction)
        .await?;
        let floor: i64 = row.try_get(0)?;
        let swept = sqlx::query("DELETE FROM ledger_exit WHERE org_id = $1 AND q <= $2")
            .bind(self.org)
            .bind(floor)
            .execute(&mut *self.transaction)
            .await?;
        sqlx::query("UPDATE ledger_org SET floor = greatest(floor, $2) WHERE org_id = $1")
            .bind(self.org)
            .bind(floor)
            .execute(&mut *self.transaction)
            .await?;
        Ok(swept.rows_affected())
    }

    async fn set_epoch(&mut self, epoch: Uuid) -> Stored<()> {
        sqlx::query("UPDATE ledger_org SET epoch = $2 WHERE org_id = $1")
            .bind(self.org)
            .bind(epoch)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    async fn quarantine(&mut self, row: QuarantineRow, drop_before: Timestamp) -> Stored<()> {
        sqlx::query("DELETE FROM ledger_quarantine WHERE org_id = $1 AND received_at < $2")
            .bind(self.org)
            .bind(drop_before.as_microsecond())
            .execute(&mut *self.transaction)
            .await?;
        let kept = sqlx::query("SELECT count(*) FROM ledger_quarantine WHERE org_id = $1 AND person = $2")
            .bind(self.org)
            .bind(row.person.uuid())
            .fetch_one(&mut *self.transaction)
            .await?;
        if column::number(kept.try_get(0)?)? >= wire::quarantine::UPLOADS_MAX {
            return Err(StoreError::Full);
        }
        sqlx::query(
            "INSERT INTO ledger_quarantine (org_id, id, client, person, received_at, body) VALUES ($1, $2, $3, $4, $5, $6) \
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
                SELECT id, received_at, octet_length(body) AS size FROM ledger_quarantine WHERE org_id = $1 AND ($2::uuid IS NULL \
                OR (received_at, id) > (SELECT received_at, id FROM ledger_quarantine WHERE org_id = $1 AND id = $2)) \
                ORDER BY received_at, id LIMIT $3) k) \
             SELECT q.id, q.client, q.person, q.received_at, q.body FROM sized f JOIN ledger_quarantine q \
             ON q.org_id = $1 AND q.id = f.id WHERE f.before <= $4 ORDER BY q.received_at, q.id",
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
