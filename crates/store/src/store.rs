use std::path::{Path, PathBuf};

use sea_orm::DatabaseConnection;
use tokio::sync::Mutex;

use crate::error::{Damage, OpenError, StoreError};
use crate::open::connect::{self, Writer};
use crate::open::files::DATABASE;
use crate::open::lock::ProfileLock;
use crate::open::place::Warning;

/// An open profile. Cheap to share behind an `Arc`; all methods take `&self`.
#[derive(Debug)]
pub struct Store {
    pub(crate) dir: PathBuf,
    pub(crate) writer: Mutex<Writer>,
    pub(crate) readers: DatabaseConnection,
    warnings: Vec<Warning>,
    /// Held until the store is dropped: files are not moved from under it.
    _lock: ProfileLock,
}

impl Store {
    pub(crate) fn new(
        dir: PathBuf,
        writer: Writer,
        readers: DatabaseConnection,
        warnings: Vec<Warning>,
        lock: ProfileLock,
    ) -> Self {
        Self { dir, writer: Mutex::new(writer), readers, warnings, _lock: lock }
    }

    /// The folder of the profile.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What is questionable about the place the profile lies in.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Ends all connections; the last one moves the log into the database. A store that is only dropped is as safe, and
    /// leaves that work to the next start.
    pub async fn close(self) {
        self.writer.into_inner().discard().await;
        let _ = self.readers.close().await;
    }

    /// Reads the whole database, word by word, and says whether it is sound: structure, indexes, references between
    /// records. A damaged search index is made anew.
    ///
    /// # Errors
    /// [`OpenError::Corrupt`] with SQLite's words.
    pub async fn verify(&self) -> Result<(), OpenError> {
        let tables = connect::check(connect::options(&self.dir.join(DATABASE))).await;
        let mut whole = self.integrity().await?;
        if tables.is_ok() && whole.is_some() {
            self.rebuild_search().await?;
            whole = self.integrity().await?;
        }
        if let Some(said) = whole {
            return Err(OpenError::Corrupt(Damage::Check(said)));
        }
        let pool = self.readers.get_sqlite_connection_pool();
        let dangling = sqlx::query("PRAGMA foreign_key_check").fetch_optional(pool).await.map_err(StoreError::from)?;
        match dangling {
            Some(_) => Err(OpenError::Corrupt(Damage::Check("a record names one that is not there".to_owned()))),
            None => tables,
        }
    }

    async fn integrity(&self) -> Result<Option<String>, StoreError> {
        let pool = self.readers.get_sqlite_connection_pool();
        let said: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(pool).await?;
        Ok((said != "ok").then_some(said))
    }
}
