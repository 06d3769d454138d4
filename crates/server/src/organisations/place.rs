//! Where the ledgers lie: beside the server's own tables, and out of their reach.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ledger::store::{OrgStore, PgStore, SqliteStore};
use ledger::{Ledger, StoreError};
use secrecy::SecretString;
use sqlx::postgres::PgPoolOptions;

use crate::database::{self, DatabaseError};

/// The file in the data folder.
pub const FILE: &str = "ledger.db";
const CONNECTIONS: u32 = 16;
const PATIENCE: Duration = Duration::from_secs(5);

/// Why there are no ledgers.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    #[error("the ledger: {0}")]
    Store(#[from] StoreError),
    #[error("the ledger's database: {0}")]
    Sql(#[from] sqlx::Error),
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// In a file of its own.
///
/// # Errors
/// [`PlaceError`].
pub async fn sqlite(folder: &Path) -> Result<Ledger, PlaceError> {
    Ok(over(SqliteStore::open(&folder.join(FILE)).await?))
}

/// In PostgreSQL, as a role that owns nothing. `owner`: first brings the tables to this version, and lets that role work in them.
///
/// # Errors
/// [`PlaceError`].
pub async fn postgres(address: &SecretString, owner: Option<&SecretString>) -> Result<Ledger, PlaceError> {
    let options = database::postgres::options(address, "sendoff-ledger")?;
    if let Some(owner) = owner {
        let as_owner = database::postgres::options(owner, "sendoff-migrations")?;
        let owner = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_with(as_owner).await?;
        ledger::migrations::postgres(&owner).await?;
        ledger::migrations::grant_postgres(&owner, options.get_username()).await?;
        owner.close().await;
    }
    let options = options.options([
        ("lock_timeout", "2s"),
        ("statement_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "10s"),
    ]);
    let pool =
        PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE).connect_with(options).await?;
    ledger::migrations::check_postgres(&pool).await?;
    Ok(over(PgStore::over(pool).await?))
}

fn over(store: impl OrgStore + 'static) -> Ledger {
    Ledger::new(Arc::new(store))
}
