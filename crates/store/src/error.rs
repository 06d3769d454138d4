//! What can go wrong, in terms a person can act on. No message here repeats a value from the database.

use std::io;
use std::path::PathBuf;

use domain::Key;
use sea_orm::{DbErr, RuntimeErr};

/// An operation on an open store failed; nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk or the quota is full. Reading goes on; writing works again when there is space.
    #[error("the disk is full")]
    DiskFull,
    /// The disk failed or refused. Reading may go on; the next write starts on a fresh connection.
    #[error("the disk failed (sqlite {code})")]
    Io { code: i32 },
    /// Another process held the database for longer than the busy timeout.
    #[error("the database is in use by another program")]
    Busy,
    /// The file is damaged: close, then [`crate::Store::set_aside`].
    #[error("the database is damaged")]
    Corrupt,
    /// The search index is damaged and could not be made anew. The posts themselves are not concerned.
    #[error("the search index is damaged")]
    SearchIndex,
    /// A stored record is not readable as what it should be. The others are.
    #[error("a stored {table} record is not readable")]
    Unreadable { table: &'static str, id: String },
    /// A record contradicts another one, such as a job without its post.
    #[error("the records contradict each other: {rule}")]
    Contradiction { rule: String },
    /// A rule asked for the same records twice without deciding.
    #[error("a rule did not come to a decision")]
    Undecided { asked: Vec<Key> },
    /// Something that no cause above explains.
    #[error("the database failed (sqlite {code:?})")]
    Other { code: Option<i32> },
}

impl StoreError {
    /// Whether the same call may succeed later without anybody repairing the program or the file.
    pub const fn may_pass(&self) -> bool {
        matches!(self, Self::DiskFull | Self::Io { .. } | Self::Busy)
    }
}

/// The profile was not opened. Nothing was written where the docs of a variant do not say otherwise.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A newer Sendoff wrote this profile; not one byte of it was touched.
    #[error("this profile was written by a newer version (schema {found}, this program knows {known})")]
    NewerSchema { found: u32, known: u32 },
    #[error("the database is damaged: {0}")]
    Corrupt(Damage),
    /// There was a profile here and its database is gone.
    #[error("the database of this profile is missing")]
    Missing,
    /// There is a database already.
    #[error("there is a database already")]
    Exists,
    /// No backup can be read.
    #[error("there is no readable backup")]
    NoBackup,
    /// Another process has the profile open, and what was asked needs it alone.
    #[error("the profile is open in another program")]
    InUse,
    /// The linked SQLite is older than 3.51.3 and not one of the repaired branches, or lacks full-text search.
    #[error("SQLite {found} is too old or incomplete")]
    OldEngine { found: String },
    /// A setting that durability or safety rests on could not be made.
    #[error("the file system does not support {setting}")]
    Unsupported { setting: &'static str },
    /// Other users may read the profile and this could not be changed.
    #[error("{} can be read by other users", path.display())]
    Permissions { path: PathBuf },
    #[error("the disk is full")]
    DiskFull,
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    /// A schema upgrade failed and was undone; the backup from before it is kept.
    #[error("the upgrade {name} failed")]
    Upgrade { name: String, source: StoreError },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is wrong with a database file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    #[error("the file is empty")]
    Empty,
    #[error("the file is not a database")]
    NotADatabase,
    #[error("the file belongs to another program")]
    Foreign,
    #[error("the file was cut off")]
    Truncated,
    /// Changes that were acknowledged since the last checkpoint cannot be read.
    #[error("the write-ahead log is damaged")]
    Log,
    /// SQLite's own check, in its words; they name pages, tables and indexes.
    #[error("{0}")]
    Check(String),
}

impl OpenError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io { path, source },
        }
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::Conn(RuntimeErr::SqlxError(error))
            | DbErr::Exec(RuntimeErr::SqlxError(error))
            | DbErr::Query(RuntimeErr::SqlxError(error)) => Self::of_sqlx(error),
            _ => Self::Other { code: None },
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::of_sqlx(&error)
    }
}

impl StoreError {
    fn of_sqlx(error: &sqlx::Error) -> Self {
        if let sqlx::Error::Io(source) = error {
            return match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
                _ => Self::Io { code: 0 },
            };
        }
        let Some(database) = error.as_database_error() else { return Self::Other { code: None } };
        let code = database.code().and_then(|code| code.parse::<i32>().ok());
        // https://www.sqlite.org/rescode.html: the low byte is the kind, the rest the detail
        match code.map(|code| code & 0xff) {
            Some(libsqlite3_sys::SQLITE_FULL) => Self::DiskFull,
            // the shared index beside the log could not grow: there is no other reason for it than space
            Some(libsqlite3_sys::SQLITE_IOERR) if code == Some(libsqlite3_sys::SQLITE_IOERR_SHMSIZE) => Self::DiskFull,
            Some(libsqlite3_sys::SQLITE_IOERR | libsqlite3_sys::SQLITE_CANTOPEN | libsqlite3_sys::SQLITE_READONLY) => {
                Self::Io { code: code.unwrap_or_default() }
            }
            Some(libsqlite3_sys::SQLITE_BUSY | libsqlite3_sys::SQLITE_LOCKED) => Self::Busy,
            // said by the one virtual table there is
            Some(libsqlite3_sys::SQLITE_CORRUPT) if code == Some(libsqlite3_sys::SQLITE_CORRUPT_VTAB) => {
                Self::SearchIndex
            }
            Some(libsqlite3_sys::SQLITE_CORRUPT | libsqlite3_sys::SQLITE_NOTADB) => Self::Corrupt,
            // names tables and columns, never values
            Some(libsqlite3_sys::SQLITE_CONSTRAINT) => Self::Contradiction { rule: database.message().to_owned() },
            _ => Self::Other { code },
        }
    }
}
