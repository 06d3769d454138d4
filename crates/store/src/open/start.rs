use std::fs;
use std::io::Write;
use std::path::Path;

use jiff::Timestamp;

use crate::Store;
use crate::error::OpenError;
use crate::open::connect::{self, Writer};
use crate::open::files::{self, BACKUPS, DAMAGED, DATABASE, MARKER, UNFINISHED, beside};
use crate::open::lock::ProfileLock;
use crate::open::migrate::{self, Migrations};
use crate::open::peek::{Peek, peek};
use crate::open::{backup, place};

impl Store {
    /// Opens the profile in `dir`, makes it if there never was one, and upgrades it (after a backup) if an older version
    /// wrote it.
    ///
    /// # Errors
    /// See [`OpenError`]. A newer, damaged or missing database is never written to, replaced or emptied.
    pub async fn open(dir: &Path, now: Timestamp) -> Result<Self, OpenError> {
        Self::open_with(dir, now, &migrations::local::migrations()).await
    }

    /// Starts an empty profile although there was one here: for a person who decided to, after [`Store::set_aside`].
    /// Backups and what was set aside stay.
    ///
    /// # Errors
    /// [`OpenError::Exists`] while there is a database, and everything [`Store::open`] may say.
    pub async fn create_anew(dir: &Path, now: Timestamp) -> Result<Self, OpenError> {
        let migrations = migrations::local::migrations();
        let lock = ProfileLock::new(dir)?;
        lock.alone()?;
        if dir.join(DATABASE).exists() {
            return Err(OpenError::Exists);
        }
        create(dir, now, &migrations).await?;
        lock.release()?;
        Self::open_with(dir, now, &migrations).await
    }

    pub(crate) async fn open_with(dir: &Path, now: Timestamp, migrations: &Migrations) -> Result<Self, OpenError> {
        connect::assert_engine().await?;
        let database = dir.join(DATABASE);
        // before the first write, the lock file included
        work_to_do(dir, migrate::known(migrations))?;
        files::make_private_dir(dir)?;
        files::keep_private(dir)?;
        let lock = settle(dir, now, migrations).await?;
        let mut writer = Writer::new(database.clone());
        connect::assert_settings(&writer.connection().await?).await?;
        let readers = connect::readers(&database).await?;
        let warnings = place::warnings(dir);
        for warning in &warnings {
            tracing::warn!(store.warning = ?warning, "the profile lies in a place that databases do not like");
        }
        Ok(Self::new(dir.to_owned(), writer, readers, warnings, lock))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    Create,
    Upgrade { from: u32 },
    None,
}

/// What stands between the files and an open store. Writes nothing.
fn work_to_do(dir: &Path, known: u32) -> Result<Work, OpenError> {
    match peek(&dir.join(DATABASE))? {
        Peek::Absent if had_profile(dir) => Err(OpenError::Missing),
        Peek::Absent => Ok(Work::Create),
        Peek::Database { schema } if schema > known => Err(OpenError::NewerSchema { found: schema, known }),
        Peek::Database { schema } if schema < known => Ok(Work::Upgrade { from: schema }),
        Peek::Database { .. } => Ok(Work::None),
    }
}

/// Whether anything here says that there was a database.
fn had_profile(dir: &Path) -> bool {
    let database = dir.join(DATABASE);
    let backups = fs::read_dir(dir.join(BACKUPS)).is_ok_and(|mut entries| entries.next().is_some());
    let aside = fs::read_dir(dir).is_ok_and(|entries| {
        entries.flatten().any(|entry| entry.file_name().to_str().is_some_and(|name| name.starts_with(DAMAGED)))
    });
    backups
        || aside
        || dir.join(MARKER).exists()
        || files::COMPANIONS.iter().any(|suffix| beside(&database, suffix).exists())
}

/// Makes or upgrades the database with the profile to itself, checks it, and comes back holding it together with others.
async fn settle(dir: &Path, now: Timestamp, migrations: &Migrations) -> Result<ProfileLock, OpenError> {
    let database = dir.join(DATABASE);
    let known = migrate::known(migrations);
    let lock = ProfileLock::new(dir)?;
    let mut checked = false;
    loop {
        match work_to_do(dir, known)? {
            Work::None => {
                let lock = wait_shared(lock).await?;
                if work_to_do(dir, known)? != Work::None {
                    return Err(OpenError::InUse);
                }
                if !checked {
                    connect::check(connect::options(&database)).await?;
                }
                leave_marker(dir, now)?;
                return Ok(lock);
            }
            work => {
                if let Err(OpenError::InUse) = lock.alone() {
                    // most likely another start of this version is doing the same; afterwards there is nothing to do
                    let waited = wait_shared(ProfileLock::new(dir)?).await?;
                    waited.release()?;
                    if work_to_do(dir, known)? == work {
                        return Err(OpenError::InUse);
                    }
                    continue;
                }
                match work_to_do(dir, known)? {
                    Work::Create => create(dir, now, migrations).await?,
                    Work::Upgrade { from } => upgrade(dir, from, now, migrations).await?,
                    Work::None => {}
                }
                checked = true;
                lock.release()?;
            }
        }
    }
}

async fn wait_shared(lock: ProfileLock) -> Result<ProfileLock, OpenError> {
    let waited = tokio::task::spawn_blocking(move || lock.shared().map(|()| lock)).await;
    waited.unwrap_or(Err(OpenError::InUse))
}

/// Builds the whole database under another name first: there is never a half-made one under the real name.
async fn create(dir: &Path, now: Timestamp, migrations: &Migrations) -> Result<(), OpenError> {
    let unfinished = dir.join(UNFINISHED);
    for suffix in files::COMPANIONS {
        files::remove_if_there(&beside(&unfinished, suffix))?;
    }
    files::text_of(&unfinished)?;
    files::make_private_file(&unfinished)?;
    let connection = connect::single(connect::options(&unfinished)).await?;
    let made = migrate::upgrade(&connection, migrations, now).await;
    let _ = connection.close().await;
    made?;
    files::put_in_place(&unfinished, &dir.join(DATABASE), dir)?;
    leave_marker(dir, now)?;
    tracing::info!("a new profile was made");
    Ok(())
}

/// An old database is checked and copied before it is changed.
async fn upgrade(dir: &Path, from: u32, now: Timestamp, migrations: &Migrations) -> Result<(), OpenError> {
    let database = dir.join(DATABASE);
    connect::check(connect::options(&database)).await?;
    backup::make(&database, dir, from, now).await?;
    let connection = connect::single(connect::options(&database)).await?;
    let done = migrate::upgrade(&connection, migrations, now).await;
    let _ = connection.close().await;
    done
}

fn leave_marker(dir: &Path, now: Timestamp) -> Result<(), OpenError> {
    let marker = dir.join(MARKER);
    if marker.exists() {
        return Ok(());
    }
    let mut file = files::make_private_file(&marker)?;
    let text = format!("{{\"profile\":\"sendoff\",\"since\":\"{now}\"}}\n");
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(OpenError::io(&marker))?;
    files::sync_dir(dir)
}
