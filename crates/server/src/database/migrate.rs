//! Migrations: the same steps for both databases, each in its own transaction, only ever added.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use sqlx::migrate::{Migrate, MigrateError, MigrationType, Migrator};
use sqlx::{PgPool, SqlSafeStr, SqlitePool};

use super::{BACKUPS, DatabaseError};

/// The oldest SQLite without the fault that resets a write-ahead log that is still needed.
const SQLITE: (u32, u32, u32) = (3, 51, 3);
/// Copies from before migrations that are kept.
const KEPT: usize = 5;

/// One step of the schema, for both databases.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Steps run in this order. Those of people are below 1,000; other parts of the server begin at a thousand of their own.
    pub version: i64,
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

/// The steps of people, devices and sessions.
pub const OWN_MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "people",
    sqlite: include_str!("../../migrations/sqlite/0001_people.sql"),
    postgres: include_str!("../../migrations/postgres/0001_people.sql"),
}];

fn migrator(migrations: &[Migration], sql: impl Fn(&Migration) -> &'static str) -> Migrator {
    let steps = migrations.iter().map(|step| {
        sqlx::migrate::Migration::new(
            step.version,
            step.name.into(),
            MigrationType::Simple,
            sql(step).into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(steps.collect())
}

fn failed(error: MigrateError, known: i64) -> DatabaseError {
    match error {
        MigrateError::VersionMissing(found) => DatabaseError::Newer { found, known },
        MigrateError::VersionMismatch(version) => DatabaseError::Changed(version),
        other => DatabaseError::Migration(other),
    }
}

fn newest(migrations: &[Migration]) -> i64 {
    migrations.iter().map(|step| step.version).max().unwrap_or_default()
}

pub(super) async fn sqlite(
    writer: &SqlitePool,
    folder: &Path,
    migrations: &[Migration],
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(writer).await?;
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or_default());
    let mut number = || numbers.next().unwrap_or_default();
    if (number(), number(), number()) < SQLITE {
        return Err(DatabaseError::OldSqlite(version));
    }
    let migrator = migrator(migrations, |step| step.sqlite);
    let known = newest(migrations);
    let mut applied = {
        let mut connection = writer.acquire().await?;
        let table = &migrator.table_name;
        connection.ensure_migrations_table(table).await.map_err(|error| failed(error, known))?;
        connection.list_applied_migrations(table).await.map_err(|error| failed(error, known))?
    };
    applied.retain(|step| !migrations.iter().any(|known| known.version == step.version));
    if let Some(unknown) = applied.first() {
        return Err(DatabaseError::Newer { found: unknown.version, known });
    }
    // each step by itself, so that there is a copy from right before it
    for step in migrations {
        let one = {
            let mut connection = writer.acquire().await?;
            let done = connection.list_applied_migrations(&migrator.table_name).await;
            let done = done.map_err(|error| failed(error, known))?;
            if done.iter().any(|applied| applied.version == step.version) {
                continue;
            }
            done.is_empty()
        };
        if !one {
            back_up(writer, folder, step.version, now).await?;
        }
        migrator.run_to(step.version, writer).await.map_err(|error| failed(error, known))?;
    }
    // the checks of what was there before, when nothing was to be done
    migrator.run(writer).await.map_err(|error| failed(error, known))
}

async fn back_up(writer: &SqlitePool, folder: &Path, version: i64, now: Timestamp) -> Result<(), DatabaseError> {
    let backups = folder.join(BACKUPS);
    let wrong = |error| DatabaseError::Folder(backups.display().to_string(), error);
    fs::create_dir_all(&backups).map_err(wrong)?;
    crate::start::only_for_owner(&backups).map_err(wrong)?;
    let path = backups.join(format!("before-{version:04}-{}.db", now.as_millisecond()));
    sqlx::query("VACUUM INTO $1").bind(path.display().to_string()).execute(writer).await?;
    fs::File::open(&path).and_then(|file| file.sync_all()).map_err(wrong)?;
    let mut copies: Vec<_> = fs::read_dir(&backups)
        .map_err(wrong)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("before-")))
        .collect();
    copies.sort();
    let surplus = copies.len().saturating_sub(KEPT);
    for old in copies.iter().take(surplus) {
        fs::remove_file(old).map_err(wrong)?;
    }
    Ok(())
}

/// sqlx takes an advisory lock around all of it and refuses what it does not know.
pub(super) async fn postgres(pool: &PgPool, migrations: &[Migration]) -> Result<(), DatabaseError> {
    let known = newest(migrations);
    migrator(migrations, |step| step.postgres).run(pool).await.map_err(|error| failed(error, known))
}

/// Whether exactly these steps were done, for a role that may not do any.
pub(super) async fn postgres_is_current(pool: &PgPool, migrations: &[Migration]) -> Result<(), DatabaseError> {
    let there: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(pool).await?;
    if !there {
        return Err(DatabaseError::Older);
    }
    let done: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version")
            .fetch_all(pool)
            .await?;
    let migrator = migrator(migrations, |step| step.postgres);
    for (version, checksum) in &done {
        match migrator.iter().find(|step| step.version == *version) {
            None => return Err(DatabaseError::Newer { found: *version, known: newest(migrations) }),
            Some(step) if step.checksum.as_ref() != checksum.as_slice() => {
                return Err(DatabaseError::Changed(*version));
            }
            Some(_) => {}
        }
    }
    if done.len() < migrations.len() { Err(DatabaseError::Older) } else { Ok(()) }
}
