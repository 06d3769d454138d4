//! The database: SQLite in the data folder, or PostgreSQL. One text of SQL serves both; `$1` is understood by both, and what
//! differs (types of columns, locks) is kept out of the statements.

mod migrate;
pub(crate) mod postgres;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, PgPool, Postgres, Sqlite, SqlitePool, Transaction};

pub use migrate::{Migration, OWN_MIGRATIONS};

/// The database file in the data folder.
pub const FILE: &str = "server.db";
/// Copies from before each migration, beside it.
pub const BACKUPS: &str = "backups";

const READERS: u32 = 4;
const CONNECTIONS: u32 = 16;
/// How long a request waits for a connection before it is told to come back later.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    #[error("the address of the database is not of the form postgres://user@host/name")]
    Address,
    #[error("the database does not answer as it should: {0}")]
    Sql(#[from] sqlx::Error),
    #[error("the data folder {0} cannot be used: {1}")]
    Folder(String, std::io::Error),
    #[error("another server uses the data folder {0}")]
    InUse(String),
    #[error(
        "the database was written by a newer version of the server (schema {found}, this one knows {known}); it is left untouched"
    )]
    Newer { found: i64, known: i64 },
    #[error("migration {0} in the database is not the one of this server; it is left untouched")]
    Changed(i64),
    #[error("the database could not be brought to the schema of this version: {0}")]
    Migration(sqlx::migrate::MigrateError),
    #[error(
        "the role of --database-url owns tables or is above row-level security. Make one that is neither (CREATE ROLE … LOGIN PASSWORD …), \
         and give the owner of the tables with --database-owner-url, which is used for migrations alone"
    )]
    PowerfulRole,
    #[error("the database is not at the schema of this version: start once with --database-owner-url")]
    Older,
    #[error("this SQLite ({0}) is older than 3.51.3 and can damage a write-ahead log")]
    OldSqlite(String),
}

/// Where the data lies. Cheap to clone.
#[derive(Clone)]
pub enum Database {
    /// One connection writes, several read. The file is locked for this process.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
        folder: PathBuf,
    },
    Postgres(PgPool),
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite { .. } => "Database::Sqlite",
            Self::Postgres(_) => "Database::Postgres",
        })
    }
}

/// A transaction on either database. Dropped without [`Tx::commit`] it is rolled back.
#[derive(Debug)]
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Runs one expression with the connection of either database: `on!(tx, c => sqlx::query("...").execute(c).await)`.
#[macro_export]
macro_rules! on {
    ($tx:expr, $c:ident => $body:expr) => {
        match $tx {
            $crate::database::Tx::Sqlite(tx) => {
                let $c = &mut **tx;
                $body
            }
            $crate::database::Tx::Postgres(tx) => {
                let $c = &mut **tx;
                $body
            }
        }
    };
}

impl Tx {
    /// # Errors
    /// Nothing is certain then: the commit may have happened.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}

impl Database {
    /// Opens the SQLite file in `folder`, which must exist, and brings it to the schema of `migrations`.
    ///
    /// The caller holds the folder's lock: two servers on one file would each believe to be the only writer.
    ///
    /// # Errors
    /// [`DatabaseError`]; a newer schema is left untouched.
    pub async fn sqlite(folder: &Path, migrations: &[Migration], now: Timestamp) -> Result<Self, DatabaseError> {
        let options = SqliteConnectOptions::new()
            .filename(folder.join(FILE))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // with NORMAL an acknowledged sign-out can come back after a power cut
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            // statements carry what people typed
            .disable_statement_logging();
        let writer =
            SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_with(options.clone()).await?;
        migrate::sqlite(&writer, folder, migrations, now).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(PATIENCE)
            .connect_with(options.create_if_missing(false).pragma("query_only", "on"))
            .await?;
        Ok(Self::Sqlite { writer, readers, folder: folder.to_owned() })
    }

    /// Connects to PostgreSQL as a role that owns nothing. `owner`: first brings it to the schema of `migrations` as the owner of the
    /// tables, under an advisory lock, and lets the role of `address` work in them.
    ///
    /// # Errors
    /// [`DatabaseError`]; a newer schema is left untouched, an older one is not served without the owner.
    pub async fn postgres(
        address: &SecretString,
        owner: Option<&SecretString>,
        migrations: &[Migration],
    ) -> Result<Self, DatabaseError> {
        postgres::open(address, owner, migrations).await.map(Self::Postgres)
    }

    /// A transaction that will write. On SQLite it holds the only writer from its first moment on.
    ///
    /// # Errors
    /// The database does not answer, or no connection became free in time.
    pub async fn write(&self) -> Result<Tx, sqlx::Error> {
        match self {
            Self::Sqlite { writer, .. } => writer.begin_with("BEGIN IMMEDIATE").await.map(Tx::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        }
    }

    /// A transaction that only reads; it sees one state of the database throughout on SQLite, and what is committed at each
    /// statement on PostgreSQL.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn read(&self) -> Result<Tx, sqlx::Error> {
        match self {
            Self::Sqlite { readers, .. } => readers.begin().await.map(Tx::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn answers(&self) -> Result<(), sqlx::Error> {
        let mut tx = self.read().await?;
        on!(&mut tx, c => sqlx::query("SELECT 1").execute(c).await.map(drop))
    }

    /// Gives the connections back; on SQLite this also empties the write-ahead log into the database.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

#[cfg(test)]
mod tests;
