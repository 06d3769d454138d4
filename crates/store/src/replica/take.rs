use std::collections::{BTreeMap, BTreeSet};

use domain::{Key, Mutation, Record, Reject, Step, WorkingSet, WriteSet};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Value};
use uuid::Uuid;

use super::pending::{self, Pending};
use super::{shadow, signed, statement};
use crate::error::StoreError;
use crate::mutate;
use crate::store::Store;
use crate::table::{self, from_json, to_json};
use crate::time::micros;

/// Everything that a pull brought, from all its pages.
#[derive(Debug, Clone, Default)]
pub struct Pulled {
    /// In the server's order; of a record the last one counts.
    pub rows: Vec<PulledRow>,
    /// Records that left a scope; one that is in another scope by now stays.
    pub exits: Vec<Exit>,
    /// Scopes that the member no longer holds, as text.
    pub dropped: Vec<String>,
    /// Everything that is not among `rows` goes: the server told all that there is.
    pub whole: bool,
    /// What became of pending changes.
    pub answers: Vec<Answer>,
    /// The number of the last change that the server has decided on.
    pub last_n: u64,
    /// Which history it is of.
    pub epoch: Uuid,
    /// Where the next pull begins.
    pub cursor: String,
}

#[derive(Debug, Clone)]
pub struct PulledRow {
    pub record: Record,
    pub scope: String,
    pub row_seq: u64,
    /// Of the exact bytes that came.
    pub hash: Vec<u8>,
    /// What it adds to the sum of its scope, modulo 2^128.
    pub sum: u128,
}

#[derive(Debug, Clone)]
pub struct Exit {
    pub scope: String,
    pub key: Key,
    pub row_seq: u64,
}

/// What the server decided about one change.
#[derive(Debug, Clone)]
pub struct Answer {
    pub mid: Uuid,
    /// Under which number it was done, or the refusal as JSON.
    pub decided: Result<u64, String>,
}

/// What is known of a record that the server has told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmedRow {
    pub key: Key,
    pub scope: String,
    pub row_seq: u64,
    pub hash: Vec<u8>,
}

/// What a pull changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// The records that may look different now.
    pub touched: BTreeSet<Key>,
    /// So many changes were refused and wait for a person.
    pub refused: u32,
}

impl Store {
    /// What the records of each scope add up to, modulo 2^128; none of a scope without any. Reads one row for each scope.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn scope_sums(&self) -> Result<BTreeMap<String, u128>, StoreError> {
        sums(&self.readers).await
    }

    /// Everything that the server has told, to be held against its checksums; in no order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn confirmed(&self) -> Result<Vec<ConfirmedRow>, StoreError> {
        let rows = self.readers.query_all_raw(statement("SELECT key, scope, row_seq, hash FROM confirmed", [])).await?;
        let read = |row: &QueryResult| {
            let name: String = row.try_get_by_index(0)?;
            Ok(ConfirmedRow {
                key: from_json("confirmed", &name, &name)?,
                scope: row.try_get_by_index(1)?,
                row_seq: super::unsigned(row.try_get_by_index(2)?),
                hash: row.try_get_by_index(3)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Brings what a pull told into the profile, all of it or nothing: the server's state as it was, what it told on top, and
    /// what is still pending on top of that, decided anew by `decide`.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn take<F>(&self, pulled: &Pulled, now: Timestamp, mut decide: F) -> Result<Taken, StoreError>
    where
        F: FnMut(&WorkingSet, &Mutation, Timestamp) -> Step<Result<WriteSet, Reject>>,
    {
        let mut writer = self.writer.lock().await;
        let connection = writer.connection().await?;
        let taken = run(&connection, pulled, now, &mut decide).await;
        drop(connection);
        writer.after(taken, "what came from the server was not stored").await
    }
}

async fn run<F>(
    connection: &DatabaseConnection,
    pulled: &Pulled,
    now: Timestamp,
    decide: &mut F,
) -> Result<Taken, StoreError>
where
    F: FnMut(&WorkingSet, &Mutation, Timestamp) -> Step<Result<WriteSet, Reject>>,
{
    let db = mutate::begin(connection).await?;
    let mut taken = Taken { touched: shadow::lift(&db).await?.into_iter().collect(), refused: 0 };
    let mut sums = Sums::default();
    if pulled.whole {
        forget(&db, "1 = 1", None, &mut taken.touched).await?;
        db.execute_unprepared("DELETE FROM scope_sum").await?;
    }
    for scope in &pulled.dropped {
        sums.leave(&db, "scope = ?", Some(scope.clone())).await?;
        forget(&db, "scope = ?", Some(scope.clone()), &mut taken.touched).await?;
    }
    let rows: BTreeMap<Key, &PulledRow> = pulled.rows.iter().map(|row| (row.record.key(), row)).collect();
    table::save_all(&db, rows.values().map(|row| &row.record)).await?;
    confirm(&db, &rows, &mut sums).await?;
    taken.touched.extend(rows.into_keys());
    for exit in &pulled.exits {
        #[cfg(feature = "planted")]
        if domain::planted::is(domain::planted::Planted::ExitNotTaken) {
            continue;
        }
        let sql = "SELECT 1 FROM confirmed WHERE key = ? AND scope = ? AND row_seq <= ?";
        let name = shadow::text(exit.key)?;
        let values = [name.clone().into(), exit.scope.clone().into(), signed(exit.row_seq).into()];
        if db.query_one_raw(statement(sql, values)).await?.is_some() {
            sums.leave(&db, "key = ?", Some(name.clone())).await?;
            forget(&db, "key = ?", Some(name), &mut taken.touched).await?;
        }
    }
    sums.store(&db).await?;
    for answer in &pulled.answers {
        taken.refused += settle(&db, answer, now).await?;
    }
    for pending in pending::all(&db).await? {
        if pending.n <= pulled.last_n {
            // it is in what came, or was refused: it waits here until the answer comes, which got lost
            continue;
        }
        #[cfg(feature = "planted")]
        if domain::planted::is(domain::planted::Planted::PendingNotReplayed) {
            continue;
        }
        let doubtful = !replay(&db, &pending, decide, &mut taken.touched).await?;
        #[cfg(feature = "planted")]
        if doubtful && domain::planted::is(domain::planted::Planted::DoubtfulIsDropped) {
            db.execute_raw(statement("DELETE FROM pending WHERE n = ?", [signed(pending.n).into()])).await?;
            continue;
        }
        if doubtful != pending.doubtful {
            let values = [doubtful.into(), signed(pending.n).into()];
            db.execute_raw(statement("UPDATE pending SET doubtful = ? WHERE n = ?", values)).await?;
        }
    }
    let values = [pulled.cursor.clone().into(), pulled.epoch.to_string().into(), signed(pulled.last_n).into()];
    db.execute_raw(statement("UPDATE replica SET cursor = ?, epoch = ?, last_n = max(last_n, ?)", values)).await?;
    db.commit().await?;
    Ok(taken)
}

/// Rows of one statement.
const AT_ONCE: usize = 500;

/// Notes what the server told of each record, in place of what it told before.
async fn confirm(
    db: &impl ConnectionTrait,
    rows: &BTreeMap<Key, &PulledRow>,
    sums: &mut Sums,
) -> Result<(), StoreError> {
    let rows: Vec<(&Key, &&PulledRow)> = rows.iter().collect();
    for rows in rows.chunks(AT_ONCE) {
        let names = rows.iter().map(|(key, _)| shadow::text(**key)).collect::<Result<Vec<_>, _>>()?;
        let listed = to_json("confirmed", "", &names)?;
        sums.leave(db, "key IN (SELECT value FROM json_each(?))", Some(listed)).await?;
        let mut values: Vec<Value> = Vec::with_capacity(rows.len() * 5);
        for ((_, row), name) in rows.iter().zip(names) {
            sums.add(&row.scope, row.sum);
            let sum = row.sum.to_le_bytes().to_vec();
            values.extend([
                name.into(),
                row.scope.clone().into(),
                signed(row.row_seq).into(),
                row.hash.clone().into(),
                sum.into(),
            ]);
        }
        let places = vec!["(?, ?, ?, ?, ?)"; rows.len()].join(", ");
        let sql = format!(
            "INSERT INTO confirmed (key, scope, row_seq, hash, sum) VALUES {places} ON CONFLICT (key) DO UPDATE SET \
             scope = excluded.scope, row_seq = excluded.row_seq, hash = excluded.hash, sum = excluded.sum"
        );
        db.execute_raw(statement(&sql, values)).await?;
    }
    Ok(())
}

async fn sums(db: &impl ConnectionTrait) -> Result<BTreeMap<String, u128>, StoreError> {
    let rows = db.query_all_raw(statement("SELECT scope, sum FROM scope_sum", [])).await?;
    let read = |row: &QueryResult| {
        let scope: String = row.try_get_by_index(0)?;
        let sum = number("scope_sum", &scope, row.try_get_by_index(1)?)?;
        Ok((scope, sum))
    };
    rows.iter().map(read).filter(|row| !matches!(row, Ok((_, 0)))).collect()
}

fn number(table: &'static str, id: &str, bytes: Vec<u8>) -> Result<u128, StoreError> {
    let bytes = bytes.try_into().map_err(|_| StoreError::Unreadable { table, id: id.to_owned() })?;
    Ok(u128::from_le_bytes(bytes))
}

/// How much the sum of each scope changes in one pull, modulo 2^128.
#[derive(Default)]
struct Sums(BTreeMap<String, u128>);

impl Sums {
    fn add(&mut self, scope: &str, sum: u128) {
        let of_scope = self.0.entry(scope.to_owned()).or_default();
        *of_scope = of_scope.wrapping_add(sum);
    }

    /// Takes out what these confirmed records had added.
    async fn leave(&mut self, db: &impl ConnectionTrait, which: &str, value: Option<String>) -> Result<(), StoreError> {
        let sql = format!("SELECT key, scope, sum FROM confirmed WHERE {which}");
        for row in db.query_all_raw(statement(&sql, value.map(Into::into))).await? {
            let (key, scope): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let sum = number("confirmed", &key, row.try_get_by_index(2)?)?;
            self.add(&scope, sum.wrapping_neg());
        }
        Ok(())
    }

    async fn store(self, db: &impl ConnectionTrait) -> Result<(), StoreError> {
        let old = sums(db).await?;
        for (scope, change) in self.0 {
            let sum = old.get(&scope).copied().unwrap_or_default().wrapping_add(change);
            let sql =
                "INSERT INTO scope_sum (scope, sum) VALUES (?, ?) ON CONFLICT (scope) DO UPDATE SET sum = excluded.sum";
            db.execute_raw(statement(sql, [scope.into(), sum.to_le_bytes().to_vec().into()])).await?;
        }
        Ok(())
    }
}

/// Removes confirmed records.
async fn forget(
    db: &impl ConnectionTrait,
    which: &str,
    value: Option<String>,
    touched: &mut BTreeSet<Key>,
) -> Result<(), StoreError> {
    let values = || value.clone().map(Into::into);
    let rows = db.query_all_raw(statement(&format!("SELECT key FROM confirmed WHERE {which}"), values())).await?;
    for row in rows {
        let name: String = row.try_get_by_index(0)?;
        let key: Key = from_json("confirmed", &name, &name)?;
        table::delete(db, key).await?;
        touched.insert(key);
    }
    db.execute_raw(statement(&format!("DELETE FROM confirmed WHERE {which}"), values())).await?;
    Ok(())
}

/// Takes a change that was decided on out of those that wait. Answers how many need a person.
async fn settle(db: &impl ConnectionTrait, answer: &Answer, now: Timestamp) -> Result<u32, StoreError> {
    let mid = || answer.mid.to_string();
    let refused = match &answer.decided {
        #[cfg(feature = "planted")]
        Ok(_) if domain::planted::is(domain::planted::Planted::AckedIsDropped) => 0,
        Ok(seq) => {
            let sql = "INSERT OR IGNORE INTO acked (n, mid, v, name, post, body, made_at, seq, acked_at) \
                       SELECT n, mid, v, name, post, body, made_at, ?, ? FROM pending WHERE mid = ?";
            let values = [signed(*seq).into(), micros(now).into(), mid().into()];
            db.execute_raw(statement(sql, values)).await?;
            0_u32
        }
        Err(reject) => match pending::one(db, "mid", mid().into()).await? {
            Some(pending) => u32::from(pending::refuse(db, &pending, reject, now).await?),
            None => 0,
        },
    };
    db.execute_raw(statement("DELETE FROM pending WHERE mid = ?", [mid().into()])).await?;
    Ok(refused)
}

/// Does a pending change again. Whether the rules let it.
async fn replay<F>(
    db: &impl ConnectionTrait,
    pending: &Pending,
    decide: &mut F,
    touched: &mut BTreeSet<Key>,
) -> Result<bool, StoreError>
where
    F: FnMut(&WorkingSet, &Mutation, Timestamp) -> Step<Result<WriteSet, Reject>>,
{
    let mutation = pending.mutation()?;
    let mut set = WorkingSet::default();
    loop {
        match decide(&set, &mutation, pending.made_at) {
            Step::Need(keys) => mutate::load(db, &mut set, keys).await?,
            Step::Done(Err(_)) => return Ok(false),
            Step::Done(Ok(writes)) => {
                shadow::cast(db, &writes).await?;
                for record in &writes {
                    table::save(db, record).await?;
                    touched.insert(record.key());
                }
                return Ok(true);
            }
        }
    }
}
