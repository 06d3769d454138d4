//! The one way in which records change.

use std::collections::BTreeSet;

use domain::id::{JobId, PersonId};
use domain::record::ReadSet;
use domain::{Key, Record, Step, WorkingSet, WriteSet};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, TransactionTrait};
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, Statement, TransactionOptions};
use serde_json::Value;

use crate::error::StoreError;
use crate::replica::{self, PendingEntry};
use crate::store::Store;
use crate::table::{self, job_log, mutation_log, search};

/// Everything that an accepted mutation writes, together or not at all.
#[derive(Debug, Clone)]
pub struct Commit {
    pub writes: WriteSet,
    pub log: LogEntry,
    pub job_log: Vec<JobLogEntry>,
    /// Lets this entry replace the last one of the log if that has the same name, actor and post and began less than
    /// [`Commit::COALESCE_S`] ago. The first inverse stays: one undo takes the whole burst back.
    pub coalesce: bool,
    /// In the profile of an organisation: what its server is told.
    pub pending: Option<PendingEntry>,
}

impl Commit {
    /// Seconds from the first entry of a burst within which further ones replace it.
    pub const COALESCE_S: i64 = 60;
}

/// What is remembered of a mutation.
#[derive(Debug, Clone, PartialEq)]
pub struct LogEntry {
    pub actor: PersonId,
    pub at: Timestamp,
    /// [`domain::Mutation::name`].
    pub name: String,
    /// The mutation as JSON.
    pub data: Value,
    /// The mutation that takes it back, as JSON; `None` if nothing does.
    pub inverse: Option<Value>,
    /// The number of the entry that this one takes back.
    pub undoes: Option<u64>,
}

/// One line in the log of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobLogEntry {
    pub job: JobId,
    pub at: Timestamp,
    /// The name of the step, such as `begin_send`.
    pub step: String,
    /// What there is to know about it. No secrets.
    pub detail: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// The number of the log entry; gap-free. A coalesced entry keeps the number of the one it replaced.
    pub seq: u64,
    /// The records that were written, without repeats, in the order of their keys.
    pub touched: Vec<Key>,
}

impl Store {
    /// Runs a mutation to its end in one write transaction (`BEGIN IMMEDIATE`).
    ///
    /// `decide` is called with the records loaded so far and asks for more until it is done. What it accepts is committed
    /// and on the disk when this returns; what it rejects leaves no trace. `decide` may be called several times and must
    /// not have effects of its own. Many records in one call cost little more than one: an import is one call per some
    /// hundred records.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was written. The outer result is the store's, the inner one the rule's.
    pub async fn mutate<R, F>(&self, mut decide: F) -> Result<Result<Committed, R>, StoreError>
    where
        F: FnMut(&WorkingSet) -> Step<Result<Commit, R>>,
    {
        let mut writer = self.writer.lock().await;
        let connection = writer.connection().await?;
        let mut outcome = run(&connection, &mut decide).await;
        // a damaged index must not keep anybody's words from being stored
        if matches!(outcome, Err(StoreError::SearchIndex)) && search::rebuild(&connection).await.is_ok() {
            outcome = run(&connection, &mut decide).await;
        }
        drop(connection);
        writer.after(outcome, NOT_STORED).await
    }

    /// Makes the search index anew from the posts.
    pub(crate) async fn rebuild_search(&self) -> Result<(), StoreError> {
        let mut writer = self.writer.lock().await;
        search::rebuild(&writer.connection().await?).await
    }

    /// Runs one statement that needs no rule: settings and credentials.
    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, StoreError> {
        self.execute_with(statement, false).await
    }

    /// As [`Store::execute`], and what the statement frees is overwritten before it returns.
    pub(crate) async fn execute_and_overwrite(&self, statement: Statement) -> Result<u64, StoreError> {
        self.execute_with(statement, true).await
    }

    async fn execute_with(&self, statement: Statement, overwrite: bool) -> Result<u64, StoreError> {
        let mut writer = self.writer.lock().await;
        let connection = writer.connection().await?;
        let outcome = async {
            if overwrite {
                connection.execute_unprepared("PRAGMA secure_delete = ON").await?;
            }
            let done = connection.execute_raw(statement).await?;
            if overwrite {
                connection.execute_unprepared("PRAGMA secure_delete = FAST").await?;
            }
            Ok(done.rows_affected())
        };
        let outcome = outcome.await.map_err(|error: DbErr| StoreError::from(error));
        drop(connection);
        writer.after(outcome, NOT_STORED).await
    }
}

const NOT_STORED: &str = "a change was not stored";

/// A transaction that writes: it has the database's lock from its beginning on.
pub(crate) async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    Ok(connection.begin_with_options(options).await?)
}

/// Loads what a rule asks for.
///
/// # Errors
/// The database cannot be read, or the rule has seen all of it already.
pub(crate) async fn load(db: &impl ConnectionTrait, set: &mut WorkingSet, keys: ReadSet) -> Result<(), StoreError> {
    let missing: Vec<Key> = keys.iter().copied().filter(|key| set.get(*key).is_none()).collect();
    if missing.is_empty() {
        return Err(StoreError::Undecided { asked: keys.into_iter().collect() });
    }
    for key in missing {
        let record = table::load(db, key).await?;
        set.load(key, record);
    }
    Ok(())
}

async fn run<R, F>(connection: &DatabaseConnection, decide: &mut F) -> Result<Result<Committed, R>, StoreError>
where
    F: FnMut(&WorkingSet) -> Step<Result<Commit, R>>,
{
    let transaction = begin(connection).await?;
    let mut set = WorkingSet::default();
    loop {
        match decide(&set) {
            Step::Need(keys) => load(&transaction, &mut set, keys).await?,
            Step::Done(Err(rejected)) => {
                transaction.rollback().await?;
                return Ok(Err(rejected));
            }
            Step::Done(Ok(commit)) => {
                let committed = write(&transaction, &commit).await?;
                transaction.commit().await?;
                return Ok(Ok(committed));
            }
        }
    }
}

async fn write(transaction: &DatabaseTransaction, commit: &Commit) -> Result<Committed, StoreError> {
    if let Some(pending) = &commit.pending {
        replica::cast(transaction, &commit.writes).await?;
        replica::enqueue(transaction, pending).await?;
    }
    let mut touched = BTreeSet::new();
    for record in &commit.writes {
        table::save(transaction, record).await?;
        touched.insert(record.key());
    }
    job_log::append(transaction, &commit.job_log).await?;
    let mut posts = commit.writes.iter().filter_map(|record| match record {
        Record::Post(post) => Some(post.id),
        _ => None,
    });
    let seq = mutation_log::append(transaction, &commit.log, posts.next(), commit.coalesce).await?;
    Ok(Committed { seq, touched: touched.into_iter().collect() })
}
