//! The tables of the ledger. Steps only ever add; a released one is never edited.

use sqlx::{PgPool, Row as _, SqlitePool};

use crate::error::StoreError;

/// A step, and what it runs.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub name: &'static str,
    pub up: &'static str,
}

pub const SQLITE: [Step; 2] = [
    Step { name: "m0001_ledger", up: include_str!("../sql/sqlite/m0001_ledger.sql") },
    Step { name: "m0002_quarantine_by_person", up: include_str!("../sql/sqlite/m0002_quarantine_by_person.sql") },
];

pub const POSTGRES: [Step; 2] = [
    Step { name: "m0001_ledger", up: include_str!("../sql/postgres/m0001_ledger.sql") },
    Step { name: "m0002_quarantine_by_person", up: include_str!("../sql/postgres/m0002_quarantine_by_person.sql") },
];

/// Brings a SQLite database up to date, in one transaction.
///
/// # Errors
/// It cannot be written, or holds a step that this build does not know: then nothing is touched.
pub async fn sqlite(pool: &SqlitePool) -> Result<(), StoreError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::raw_sql("CREATE TABLE IF NOT EXISTS ledger_migration (name TEXT PRIMARY KEY NOT NULL) STRICT")
        .execute(&mut *transaction)
        .await?;
    let known = sqlx::query("SELECT name FROM ledger_migration ORDER BY name").fetch_all(&mut *transaction).await?;
    let known: Vec<String> = known.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    for step in missing(&SQLITE, &known)? {
        sqlx::raw_sql(step.up).execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO ledger_migration (name) VALUES (?1)")
            .bind(step.name)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Brings a PostgreSQL database up to date, in one transaction, as the role that owns the tables. Replicas that start together wait
/// for each other.
///
/// # Errors
/// As [`sqlite`].
pub async fn postgres(pool: &PgPool) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::raw_sql("SET LOCAL lock_timeout = '10s'; SELECT pg_advisory_xact_lock(6146713270131)")
        .execute(&mut *transaction)
        .await?;
    sqlx::raw_sql("CREATE TABLE IF NOT EXISTS ledger_migration (name text PRIMARY KEY)")
        .execute(&mut *transaction)
        .await?;
    let known = sqlx::query("SELECT name FROM ledger_migration ORDER BY name").fetch_all(&mut *transaction).await?;
    let known: Vec<String> = known.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    for step in missing(&POSTGRES, &known)? {
        sqlx::raw_sql(step.up).execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO ledger_migration (name) VALUES ($1)")
            .bind(step.name)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Whether the tables are those of this build, for a role that may not make them.
///
/// # Errors
/// [`StoreError::Damaged`]: they are not.
pub async fn check_postgres(pool: &PgPool) -> Result<(), StoreError> {
    let known = sqlx::query("SELECT name FROM ledger_migration ORDER BY name").fetch_all(pool).await?;
    let known: Vec<String> = known.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    if missing(&POSTGRES, &known)?.is_empty() { Ok(()) } else { Err(StoreError::Damaged) }
}

/// Lets a role work with the ledger: rows of one organisation at a time, and no table of its own.
///
/// # Errors
/// The database refuses; `role` is no plain name of at most 63 small letters, digits and underscores.
pub async fn grant_postgres(pool: &PgPool, role: &str) -> Result<(), StoreError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if role.is_empty() || role.len() > 63 || !role.chars().all(plain) {
        return Err(StoreError::UnsafeRole);
    }
    let sql = format!(
        "GRANT SELECT, INSERT, UPDATE ON ledger_org, ledger_row, ledger_scope, ledger_client TO \"{role}\"; \
         GRANT SELECT, INSERT ON ledger_log TO \"{role}\"; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_exit TO \"{role}\"; \
         GRANT SELECT, INSERT, DELETE ON ledger_receipt, ledger_quarantine TO \"{role}\"; \
         GRANT SELECT ON ledger_migration TO \"{role}\""
    );
    let mut transaction = pool.begin().await?;
    // of servers that start together one grants at a time
    sqlx::query("SELECT pg_advisory_xact_lock(6146713270132)").execute(&mut *transaction).await?;
    // the name was looked at above; a role cannot be a parameter
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}

fn missing<'a>(steps: &'a [Step], known: &[String]) -> Result<&'a [Step], StoreError> {
    let same = steps.iter().map(|step| step.name).zip(known).all(|(step, known)| step == known);
    if !same {
        return Err(StoreError::Damaged);
    }
    steps.get(known.len()..).ok_or(StoreError::Damaged)
}
