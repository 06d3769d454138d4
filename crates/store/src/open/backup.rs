//! Copies of the database, and the way back when it is damaged.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use sea_orm::{ConnectionTrait, Statement};

use crate::Store;
use crate::error::{OpenError, StoreError};
use crate::open::files::{self, BACKUP_LOCK, BACKUPS, COMPANIONS, DAMAGED, DATABASE, UNFINISHED, beside};
use crate::open::lock::ProfileLock;
use crate::open::peek::{Peek, peek};
use crate::open::{connect, migrate};

/// How many backups are kept.
pub const BACKUPS_KEPT: usize = 5;

/// The setting that a restored database carries until somebody removes it: `{"backup": file name, "at": time}`. What was
/// published after the backup is not known to it.
pub const RESTORED: &str = "restored";

/// Of a copy that is not finished, and of SQLite's journal beside it.
const ENDING: &str = ".db.new";

/// A readable copy of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    pub path: PathBuf,
    /// What the clock said when it was made.
    pub made_at: Option<Timestamp>,
}

impl Store {
    /// Copies the database into `backups/`, checks the copy, and drops the oldest beyond [`BACKUPS_KEPT`].
    ///
    /// Reading and writing go on meanwhile. Half a second for ten thousand posts.
    ///
    /// # Errors
    /// The disk is full or fails, or the copy is not sound, and is not kept; [`OpenError::InUse`] while another one is made.
    pub async fn backup(&self, now: Timestamp) -> Result<PathBuf, OpenError> {
        let schema = migrate::known(&migrations::local::migrations());
        make(&self.dir.join(DATABASE), &self.dir, schema, now).await
    }

    /// As [`Store::backup`], if the newest one is more than a day away from `now`; `None` if none was due, or another
    /// process is making one.
    ///
    /// # Errors
    /// As [`Store::backup`].
    pub async fn backup_when_due(&self, now: Timestamp) -> Result<Option<PathBuf>, OpenError> {
        let newest = Self::backups(&self.dir)?.first().and_then(|backup| backup.made_at);
        if newest.is_some_and(|made_at| now.duration_since(made_at).abs() < SignedDuration::from_hours(24)) {
            return Ok(None);
        }
        match self.backup(now).await {
            Err(OpenError::InUse) => Ok(None),
            made => made.map(Some),
        }
    }

    /// The backups of a profile, newest first, whether or not they are readable.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn backups(dir: &Path) -> Result<Vec<Backup>, OpenError> {
        let mut found = numbered(dir)?;
        found.reverse();
        Ok(found.into_iter().map(|(_, backup)| backup).collect())
    }

    /// Moves the database and everything that belongs to it into a new folder `damaged-<time>/`. Deletes nothing.
    /// Returns the folder. The next [`Store::open`] says [`OpenError::Missing`] until a backup is restored or a person
    /// starts anew.
    ///
    /// # Errors
    /// [`OpenError::InUse`] while any process has the profile open, [`OpenError::Missing`] if there is nothing to move.
    pub fn set_aside(dir: &Path, now: Timestamp) -> Result<PathBuf, OpenError> {
        let lock = ProfileLock::new(dir)?;
        lock.alone_soon()?;
        move_aside(dir, now)?.ok_or(OpenError::Missing)
    }

    /// Puts the newest good backup in the place of the database, which is set aside first if it is still there. The
    /// restored database carries the setting [`RESTORED`].
    ///
    /// # Errors
    /// [`OpenError::NoBackup`], in which case nothing was moved; [`OpenError::InUse`]; the disk.
    pub async fn restore_backup(dir: &Path, now: Timestamp) -> Result<Backup, OpenError> {
        let lock = ProfileLock::new(dir)?;
        lock.alone_soon()?;
        let known = migrate::known(&migrations::local::migrations());
        let unfinished = dir.join(UNFINISHED);
        for backup in Self::backups(dir)? {
            match is_good(&backup.path, known).await {
                Ok(()) => {}
                Err(error) => {
                    tracing::warn!(store.error = %error, "a backup is not readable, trying the one before");
                    continue;
                }
            }
            drop(files::make_private_file(&unfinished)?);
            fs::copy(&backup.path, &unfinished).map_err(OpenError::io(&unfinished))?;
            mark_restored(&unfinished, &backup, now).await?;
            move_aside(dir, now)?;
            files::put_in_place(&unfinished, &dir.join(DATABASE), dir)?;
            files::keep_private(dir)?;
            tracing::info!("a backup was restored");
            return Ok(backup);
        }
        Err(OpenError::NoBackup)
    }
}

fn move_aside(dir: &Path, now: Timestamp) -> Result<Option<PathBuf>, OpenError> {
    let database = dir.join(DATABASE);
    let there: Vec<PathBuf> = std::iter::once(database.clone())
        .chain(COMPANIONS.iter().map(|suffix| beside(&database, suffix)))
        .filter(|path| path.exists())
        .collect();
    if there.is_empty() {
        return Ok(None);
    }
    let stamp = stamp(now);
    let names = std::iter::once(stamp.clone()).chain((2..).map(|again| format!("{stamp}-{again}")));
    let aside = names.map(|name| dir.join(format!("{DAMAGED}{name}"))).find(|path| !path.exists());
    let Some(aside) = aside else { return Ok(None) };
    files::make_private_dir(&aside)?;
    for path in there {
        if let Some(name) = path.file_name() {
            fs::rename(&path, aside.join(name)).map_err(OpenError::io(&path))?;
        }
    }
    files::sync_dir(&aside)?;
    files::sync_dir(dir)?;
    tracing::warn!("a damaged database was set aside");
    Ok(Some(aside))
}

pub(crate) async fn make(database: &Path, dir: &Path, schema: u32, now: Timestamp) -> Result<PathBuf, OpenError> {
    let folder = dir.join(BACKUPS);
    files::make_private_dir(&folder)?;
    let lock = ProfileLock::named(dir, BACKUP_LOCK)?;
    lock.alone()?;
    remove_unfinished(&folder)?;
    let existing = numbered(dir)?;
    // numbered, because names must sort by age even when the clock was wrong
    let number = existing.last().map_or(1, |(number, _)| number + 1);
    let target = folder.join(format!("{number:05}-{}-v{schema}.db", stamp(now)));
    let unfinished = target.with_extension("db.new");
    files::make_private_file(&unfinished)?;
    let copied = copy(database, &unfinished).await;
    let checked = match copied {
        Ok(()) => connect::check(connect::still(&unfinished)).await,
        Err(error) => Err(error.into()),
    };
    if let Err(error) = checked {
        files::remove_if_there(&unfinished)?;
        return Err(match error {
            OpenError::Store(StoreError::DiskFull) => OpenError::DiskFull,
            error => error,
        });
    }
    files::put_in_place(&unfinished, &target, &folder)?;
    let surplus = (existing.len() + 1).saturating_sub(BACKUPS_KEPT);
    for (_, old) in existing.iter().take(surplus) {
        files::remove_if_there(&old.path)?;
    }
    Ok(target)
}

/// What a process left behind that was ended in the middle of a backup.
fn remove_unfinished(folder: &Path) -> Result<(), OpenError> {
    for entry in fs::read_dir(folder).map_err(OpenError::io(folder))? {
        let entry = entry.map_err(OpenError::io(folder))?;
        let path = entry.path();
        let name = entry.file_name();
        if name.to_string_lossy().contains(ENDING) {
            files::remove_if_there(&path)?;
        }
    }
    Ok(())
}

async fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let connection = connect::single(connect::options(from)).await?;
    let to = to.to_str().unwrap_or_default();
    let vacuum = Statement::from_sql_and_values(connection.get_database_backend(), "VACUUM INTO ?", [to.into()]);
    let copied = connection.execute_raw(vacuum).await;
    let _ = connection.close().await;
    copied?;
    Ok(())
}

async fn is_good(backup: &Path, known: u32) -> Result<(), OpenError> {
    match peek(backup)? {
        Peek::Absent => return Err(OpenError::Missing),
        Peek::Database { schema } if schema > known => return Err(OpenError::NewerSchema { found: schema, known }),
        Peek::Database { .. } => {}
    }
    connect::check(connect::still(backup)).await
}

async fn mark_restored(database: &Path, backup: &Backup, now: Timestamp) -> Result<(), OpenError> {
    let connection = connect::single(connect::options(database)).await?;
    let name = backup.path.file_name().unwrap_or_default().to_string_lossy();
    let value = serde_json::json!({ "backup": name, "at": now }).to_string();
    let statement = Statement::from_sql_and_values(
        connection.get_database_backend(),
        "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [RESTORED.into(), value.into()],
    );
    let written = connection.execute_raw(statement).await;
    let _ = connection.close().await;
    written.map_err(StoreError::from)?;
    Ok(())
}

/// Backups with their numbers, oldest first.
fn numbered(dir: &Path) -> Result<Vec<(u32, Backup)>, OpenError> {
    let folder = dir.join(BACKUPS);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(OpenError::io(folder)(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(OpenError::io(&folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some((number, rest)) = name.strip_suffix(".db").and_then(|name| name.split_once('-')) else { continue };
        let Ok(number) = number.parse() else { continue };
        let made_at = rest.split('-').next().and_then(unstamp);
        found.push((number, Backup { path, made_at }));
    }
    found.sort_unstable_by_key(|(number, _)| *number);
    Ok(found)
}

fn stamp(now: Timestamp) -> String {
    now.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn unstamp(text: &str) -> Option<Timestamp> {
    let local = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    local.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}
