//! A copy of a server's data while it runs.
//!
//! Each database is copied as it is at one moment, first the server's, then the ledgers': what the ledgers know more, the server finds
//! again; the other way round it would remember what never was. Files of media lie beside them under the hash of their bytes, are never
//! changed, and are copied last, by whatever copies files.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::config::Config;
use crate::{database, keys, organisations, start};

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("the data is in PostgreSQL: use pg_dump, and keep the key file beside its output")]
    Postgres,
    #[error("{0} has something in it: give a folder that is empty or not there")]
    NotEmpty(String),
    #[error("{0}: {1}")]
    Folder(String, io::Error),
    #[error("the database cannot be copied: {0}")]
    Sql(#[from] sqlx::Error),
}

/// Copies both databases and the key file into `to`, for its owner alone. The server may run meanwhile.
///
/// # Errors
/// [`BackupError`]. What was copied until then stays.
pub async fn run(config: &Config, to: &Path) -> Result<(), BackupError> {
    if config.database_url.is_some() {
        return Err(BackupError::Postgres);
    }
    let wrong = |path: &Path| {
        let path = path.display().to_string();
        move |error| BackupError::Folder(path, error)
    };
    fs::create_dir_all(to).map_err(wrong(to))?;
    start::only_for_owner(to).map_err(wrong(to))?;
    if fs::read_dir(to).map_err(wrong(to))?.next().is_some() {
        return Err(BackupError::NotEmpty(to.display().to_string()));
    }
    for name in [database::FILE, organisations::place::FILE] {
        let copy = to.join(name);
        copy_database(&config.data.join(name), &copy).await?;
        File::open(&copy).and_then(|file| file.sync_all()).map_err(wrong(&copy))?;
    }
    let key: PathBuf = config.key_file.clone().unwrap_or_else(|| config.data.join(keys::FILE));
    let copy = to.join(keys::FILE);
    // with its permissions
    fs::copy(&key, &copy).map_err(wrong(&key))?;
    File::open(&copy).and_then(|file| file.sync_all()).map_err(wrong(&copy))
}

/// SQLite's own copy: what was committed when it began, compacted.
async fn copy_database(from: &Path, to: &Path) -> Result<(), sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(from).busy_timeout(std::time::Duration::from_secs(10));
    let mut connection: SqliteConnection = options.disable_statement_logging().connect().await?;
    sqlx::query("VACUUM INTO $1").bind(to.display().to_string()).execute(&mut connection).await?;
    sqlx::Connection::close(connection).await
}
