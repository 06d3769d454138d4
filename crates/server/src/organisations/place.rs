//! Where the ledgers lie: beside the server's own tables, and out of their reach.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use ledger::store::{OrgStore, PgStore, SqliteStore};
use ledger::{Ledger, StoreError};
use secrecy::{ExposeSecret, SecretString};
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

/// The file in the data folder.
pub const FILE: &str = "ledger.db";
/// The role that works with the ledgers: it owns no table, so row-level security binds it.
const ROLE: &str = "sendoff_ledger";
const CONNECTIONS: u32 = 16;
const PATIENCE: Duration = Duration::from_secs(5);

/// Why there are no ledgers.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    #[error("the ledger: {0}")]
    Store(#[from] StoreError),
    #[error("the ledger's database: {0}")]
    Sql(#[from] sqlx::Error),
    #[error(
        "the database user may not make the role {ROLE}, which keeps organisations apart. As a superuser: \
         CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO <the user of the address>;"
    )]
    Role,
}

/// In a file of its own.
///
/// # Errors
/// [`PlaceError`].
pub async fn sqlite(folder: &Path) -> Result<Ledger, PlaceError> {
    Ok(over(SqliteStore::open(&folder.join(FILE)).await?))
}

/// In PostgreSQL. The tables belong to the user of the address; the ledger works in them as [`ROLE`].
///
/// # Errors
/// [`PlaceError`].
pub async fn postgres(address: &SecretString) -> Result<Ledger, PlaceError> {
    let options = PgConnectOptions::from_str(address.expose_secret())?
        .application_name("sendoff-ledger")
        .disable_statement_logging();
    let owner = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_with(options.clone()).await?;
    ledger::migrations::postgres(&owner).await?;
    role(&owner).await?;
    ledger::migrations::grant_postgres(&owner, ROLE).await?;
    owner.close().await;
    let options = options.options([
        ("lock_timeout", "2s"),
        ("statement_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "10s"),
    ]);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .after_connect(|connection, _| {
            Box::pin(async move {
                sqlx::query("SET ROLE sendoff_ledger").execute(connection).await?;
                Ok(())
            })
        })
        .connect_with(options)
        .await?;
    Ok(over(PgStore::over(pool).await?))
}

fn over(store: impl OrgStore + 'static) -> Ledger {
    Ledger::new(Arc::new(store))
}

/// Makes the role unless it is there, and lets the user of the address take it. Servers that start together wait for each other.
async fn role(owner: &PgPool) -> Result<(), PlaceError> {
    let mut tx = owner.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(6146713270132)").execute(&mut *tx).await?;
    let taken: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sendoff_ledger' AND pg_has_role(current_user, oid, 'MEMBER'))",
    )
    .fetch_one(&mut *tx)
    .await?;
    if taken {
        return Ok(());
    }
    let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sendoff_ledger')")
        .fetch_one(&mut *tx)
        .await?;
    let made = async {
        if !there {
            sqlx::query("CREATE ROLE sendoff_ledger NOLOGIN").execute(&mut *tx).await?;
        }
        sqlx::query("GRANT sendoff_ledger TO CURRENT_USER").execute(&mut *tx).await
    };
    made.await.map_err(|_| PlaceError::Role)?;
    tx.commit().await?;
    Ok(())
}
