//! How this program talks to SQLite: the settings of every connection, the one writer, the few readers.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sea_orm::{DatabaseConnection, SqlxSqliteConnector};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use crate::error::{Damage, OpenError, StoreError};

const READERS: u32 = 3;
const BUSY: Duration = Duration::from_millis(5_000);
/// The log is cut back to this size once its content is in the database.
const LOG_KEPT: u32 = 8 << 20;

/// The settings that every connection has.
///
/// Statements are never logged: sqlx prints the SQL of slow ones at `warn`. `trusted_schema` off keeps a prepared
/// database from calling functions through its schema; `mmap_size` 0 turns a failed read into an error and not a signal.
pub(crate) fn options(database: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(database)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        .pragma("mmap_size", "0")
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        // sorting must not leave texts in temporary files
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging()
}

/// For a file that nobody changes: leaves no other file beside it.
pub(crate) fn still(database: &Path) -> SqliteConnectOptions {
    options(database).read_only(true).immutable(true)
}

fn writing(database: &Path) -> SqliteConnectOptions {
    options(database)
        .journal_mode(SqliteJournalMode::Wal)
        .pragma("journal_size_limit", LOG_KEPT.to_string())
        // what is deleted inside a page is overwritten; credentials are deleted more thoroughly than that
        .pragma("secure_delete", "FAST")
        // KiB; a large import stays in memory until its commit
        .pragma("cache_size", "-16000")
}

fn reading(database: &Path) -> SqliteConnectOptions {
    options(database).pragma("query_only", "ON")
}

async fn pool(options: SqliteConnectOptions, connections: u32) -> Result<DatabaseConnection, StoreError> {
    let pool = SqlitePoolOptions::new()
        // a file is there or it is not: asking each time costs as much as most reads
        .test_before_acquire(false)
        .max_connections(connections)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// One connection as a pool of its own, which is what SeaORM takes.
pub(crate) async fn single(options: SqliteConnectOptions) -> Result<DatabaseConnection, StoreError> {
    pool(options, 1).await
}

pub(crate) async fn readers(database: &Path) -> Result<DatabaseConnection, StoreError> {
    pool(reading(database), READERS).await
}

/// The only connection that writes. Whoever holds it writes; everyone else waits for the lock around it.
#[derive(Debug)]
pub(crate) struct Writer {
    database: PathBuf,
    connection: Option<DatabaseConnection>,
    #[cfg(test)]
    pub(crate) extra_pragma: Option<(&'static str, String)>,
}

impl Writer {
    pub(crate) fn new(database: PathBuf) -> Self {
        Self {
            database,
            connection: None,
            #[cfg(test)]
            extra_pragma: None,
        }
    }

    /// The connection, made anew if the last one failed.
    pub(crate) async fn connection(&mut self) -> Result<DatabaseConnection, StoreError> {
        if let Some(connection) = &self.connection {
            return Ok(connection.clone());
        }
        let options = writing(&self.database);
        #[cfg(test)]
        let options = match self.extra_pragma.clone() {
            Some((name, value)) => options.pragma(name, value),
            None => options,
        };
        let connection = single(options).await?;
        self.connection = Some(connection.clone());
        Ok(connection)
    }

    /// What was done on a connection is over; if it failed, the connection is given up. `said` is for the log.
    pub(crate) async fn after<T>(&mut self, outcome: Result<T, StoreError>, said: &str) -> Result<T, StoreError> {
        if let Err(error) = &outcome {
            self.discard().await;
            tracing::error!(store.error = %error, "{said}");
        }
        outcome
    }

    /// Gives a connection up whose state is not known. After a failed `fsync` the kernel may have dropped pages that
    /// SQLite believes written, so such a connection must never commit again.
    pub(crate) async fn discard(&mut self) {
        if let Some(connection) = self.connection.take() {
            let _ = connection.close().await;
        }
    }
}

/// Refuses a SQLite with the WAL-reset bug (3.7.0 to 3.51.2; repaired in 3.50.7 and 3.44.6) or without FTS5.
/// Source: <https://www.sqlite.org/wal.html#walresetbug>, read 2026-11.
pub(crate) async fn assert_engine() -> Result<(), OpenError> {
    let mut connection = SqliteConnectOptions::new()
        .in_memory(true)
        .disable_statement_logging()
        .connect()
        .await
        .map_err(StoreError::from)?;
    let version: String =
        sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut connection).await.map_err(StoreError::from)?;
    let search: bool = sqlx::query_scalar("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
        .fetch_one(&mut connection)
        .await
        .map_err(StoreError::from)?;
    let _ = connection.close().await;
    if is_repaired(&version) && search { Ok(()) } else { Err(OpenError::OldEngine { found: version }) }
}

fn is_repaired(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    match (next(), next(), next()) {
        (3, 44, patch) => patch >= 6,
        (3, 50, patch) => patch >= 7,
        version => version >= (3, 51, 3),
    }
}

/// Asks the connection whether it took the settings that durability rests on.
pub(crate) async fn assert_settings(connection: &DatabaseConnection) -> Result<(), OpenError> {
    let pool = connection.get_sqlite_connection_pool();
    let expected = [
        ("synchronous", "PRAGMA synchronous", 2..=2),
        ("foreign_keys", "PRAGMA foreign_keys", 1..=1),
        ("busy_timeout", "PRAGMA busy_timeout", 5_000..=i64::MAX),
        ("mmap_size", "PRAGMA mmap_size", 0..=0),
        ("trusted_schema", "PRAGMA trusted_schema", 0..=0),
    ];
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(pool).await.map_err(StoreError::from)?;
    if journal != "wal" {
        return Err(OpenError::Unsupported { setting: "the write-ahead log" });
    }
    for (setting, question, right) in expected {
        // a build without mmap answers nothing, which is as good as 0
        let value: Option<i64> = sqlx::query_scalar(question).fetch_optional(pool).await.map_err(StoreError::from)?;
        if !right.contains(&value.unwrap_or(0)) {
            return Err(OpenError::Unsupported { setting });
        }
    }
    Ok(())
}

/// SQLite's own check of every table and index. Writes nothing: a read-only connection cannot move the log.
///
/// Table by table, because over a whole file SQLite also reads the full-text index word by word, which takes ten times as
/// long as all the rest. Its pages are checked here, its words when they are used: it can be made anew from the posts.
pub(crate) async fn check(options: SqliteConnectOptions) -> Result<(), OpenError> {
    let mut connection = options.read_only(true).connect().await.map_err(damaged)?;
    let result = quick_check(&mut connection).await;
    let _ = connection.close().await;
    result
}

async fn quick_check(connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")
            .fetch_all(&mut *connection)
            .await
            .map_err(damaged)?;
    for table in tables {
        let check = format!("PRAGMA quick_check(\"{}\")", table.replace('"', "\"\""));
        let said: String =
            sqlx::query_scalar(sqlx::AssertSqlSafe(check)).fetch_one(&mut *connection).await.map_err(damaged)?;
        if said != "ok" {
            return Err(OpenError::Corrupt(Damage::Check(said)));
        }
    }
    Ok(())
}

fn damaged(error: sqlx::Error) -> OpenError {
    match StoreError::from(error) {
        StoreError::Corrupt => OpenError::Corrupt(Damage::Check("the structure cannot be read".to_owned())),
        StoreError::DiskFull => OpenError::DiskFull,
        other => OpenError::Store(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_repaired_engines_are_used() {
        for good in ["3.51.3", "3.52.0", "3.60.1", "4.0.0", "3.50.7", "3.44.6"] {
            assert!(is_repaired(good), "{good}");
        }
        for bad in ["3.51.2", "3.50.4", "3.49.9", "3.44.5", "3.7.0", "", "x.y"] {
            assert!(!is_repaired(bad), "{bad}");
        }
    }

    #[tokio::test]
    async fn the_linked_engine_is_good_enough() {
        assert_engine().await.unwrap();
    }
}
