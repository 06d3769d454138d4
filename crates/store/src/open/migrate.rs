//! Brings a database to the schema this program knows, one transaction per step.
//!
//! SeaORM's own runner is not used: it stamps each step from the wall clock and panics when that stands before 1970. The
//! table it keeps is written all the same, so that its tools can read the database. What counts is `user_version`, which
//! can be read without SQL.

use jiff::Timestamp;
use migrations::{MigrationTrait, SchemaManager};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, Statement, TransactionOptions, TransactionTrait,
};

use crate::error::{OpenError, StoreError};
use crate::open::peek::APPLICATION;

pub(crate) type Migrations = Vec<Box<dyn MigrationTrait>>;

/// The schema version that a list of migrations leads to.
pub(crate) fn known(migrations: &Migrations) -> u32 {
    u32::try_from(migrations.len()).unwrap_or(u32::MAX)
}

pub(crate) async fn upgrade(
    connection: &DatabaseConnection,
    migrations: &Migrations,
    now: Timestamp,
) -> Result<(), OpenError> {
    for (step, migration) in (0u32..).zip(migrations) {
        let failed = |source: StoreError| OpenError::Upgrade { name: migration.name().to_owned(), source };
        let transaction = begin(connection).await.map_err(failed)?;
        if version(&transaction).await.map_err(failed)? > step {
            continue;
        }
        let done = run(&transaction, migration.as_ref(), step, now).await;
        match done {
            Ok(()) => transaction.commit().await.map_err(|error| failed(error.into()))?,
            Err(source) => {
                let _ = transaction.rollback().await;
                return Err(failed(source));
            }
        }
        tracing::info!(schema.version = step + 1, schema.step = migration.name(), "the database was upgraded");
    }
    Ok(())
}

async fn run(
    transaction: &DatabaseTransaction,
    migration: &dyn MigrationTrait,
    step: u32,
    now: Timestamp,
) -> Result<(), StoreError> {
    if step == 0 {
        let table = "CREATE TABLE IF NOT EXISTS seaql_migrations (version TEXT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)";
        transaction.execute_unprepared(table).await?;
        transaction.execute_unprepared(&format!("PRAGMA application_id = {APPLICATION}")).await?;
    }
    migration.up(&SchemaManager::new(transaction)).await?;
    transaction
        .execute_raw(Statement::from_sql_and_values(
            transaction.get_database_backend(),
            "INSERT INTO seaql_migrations (version, applied_at) VALUES (?, ?)",
            [migration.name().into(), now.as_second().into()],
        ))
        .await?;
    transaction.execute_unprepared(&format!("PRAGMA user_version = {}", step + 1)).await?;
    if query(transaction, "PRAGMA foreign_key_check").await?.is_some() {
        return Err(StoreError::Contradiction { rule: "foreign keys after an upgrade".to_owned() });
    }
    Ok(())
}

async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    Ok(connection.begin_with_options(options).await?)
}

async fn version(transaction: &DatabaseTransaction) -> Result<u32, StoreError> {
    let row = query(transaction, "PRAGMA user_version").await?;
    let version: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(u32::try_from(version).unwrap_or(u32::MAX))
}

async fn query(transaction: &DatabaseTransaction, sql: &str) -> Result<Option<sea_orm::QueryResult>, DbErr> {
    transaction.query_one_raw(Statement::from_string(transaction.get_database_backend(), sql)).await
}
