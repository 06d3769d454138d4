//! PostgreSQL: one role owns the tables and makes them, another one works in them.
//!
//! The role that serves owns nothing and is above nothing. Whatever a statement of it says, it changes no table, switches off no
//! row-level security, and cannot become the owner.

use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, PgPool};

use super::{CONNECTIONS, DatabaseError, Migration, PATIENCE, migrate};

/// Of servers that start together one grants at a time.
const GRANTS: i64 = 6_146_713_270_132;

/// # Errors
/// [`DatabaseError::Address`].
pub(crate) fn options(address: &SecretString, name: &str) -> Result<PgConnectOptions, DatabaseError> {
    let options = PgConnectOptions::from_str(address.expose_secret()).map_err(|_| DatabaseError::Address)?;
    Ok(options.application_name(name).disable_statement_logging())
}

/// Brings the tables to this version as their owner, and lets the serving role work in them.
async fn prepare(owner: &SecretString, role: &str, migrations: &[Migration]) -> Result<(), DatabaseError> {
    let options = options(owner, "sendoff-migrations")?.options([("lock_timeout", "10s")]);
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_with(options).await?;
    migrate::postgres(&pool, migrations).await?;
    let mut tx = pool.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(GRANTS).execute(&mut *tx).await?;
    // the names are quoted by the database itself; of ledgers the ledger says what may be done
    let grants: Vec<String> = sqlx::query_scalar(
        "SELECT format('GRANT %s ON %I.%I TO %I', CASE tablename WHEN '_sqlx_migrations' THEN 'SELECT' ELSE 'SELECT, INSERT, UPDATE, DELETE' END, \
         schemaname, tablename, $1) FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user \
         AND tablename NOT LIKE 'ledger\\_%'",
    )
    .bind(role)
    .fetch_all(&mut *tx)
    .await?;
    for grant in grants {
        sqlx::raw_sql(AssertSqlSafe(grant)).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    pool.close().await;
    Ok(())
}

/// A pool of connections as the serving role, to tables of this version.
pub(super) async fn open(
    address: &SecretString,
    owner: Option<&SecretString>,
    migrations: &[Migration],
) -> Result<PgPool, DatabaseError> {
    let options = options(address, "sendoff-server")?;
    if let Some(owner) = owner {
        prepare(owner, options.get_username(), migrations).await?;
    }
    let options = options.options([
        ("statement_timeout", "10s"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "10s"),
    ]);
    let pool =
        PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE).connect_with(options).await?;
    let powerful: bool = sqlx::query_scalar(
        "SELECT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) OR EXISTS (SELECT 1 FROM pg_class c \
         JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND pg_has_role(current_user, c.relowner, 'MEMBER'))",
    )
    .fetch_one(&pool)
    .await?;
    if powerful {
        return Err(DatabaseError::PowerfulRole);
    }
    migrate::postgres_is_current(&pool, migrations).await?;
    Ok(pool)
}
