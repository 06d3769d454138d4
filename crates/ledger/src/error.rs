//! What a store cannot do.

use wire::Fault;

/// Why nothing was written, or nobody knows whether it was. Says nothing about rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("the database is held by somebody else")]
    Busy,
    #[error("the database cannot be reached or cannot write")]
    Unavailable,
    /// A row that no build of this program wrote.
    #[error("the database holds what cannot be read")]
    Damaged,
    #[error("there is no such organisation")]
    Unknown,
    #[error("this was opened for reading")]
    ReadOnly,
    /// A role that row-level security does not bind.
    #[error("the database role owns the tables or is above row-level security")]
    UnsafeRole,
    #[error("a limit of the store was reached")]
    Full,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let found = match &error {
            sqlx::Error::Database(database) => match database.code().as_deref() {
                // SQLITE_BUSY, SQLITE_LOCKED and their extended codes
                Some("5" | "6" | "261" | "517" | "262") => Self::Busy,
                // lock_not_available, query_canceled (statement timeout), deadlock_detected
                Some("55P03" | "57014" | "40P01") => Self::Busy,
                _ => Self::Unavailable,
            },
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Damaged,
            _ => Self::Unavailable,
        };
        let code = error.as_database_error().and_then(|database| database.code());
        // the text of an error may quote a value
        tracing::warn!(store.error = %found, store.code = code.as_deref().unwrap_or("none"), "the ledger's database");
        found
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unknown => Self::AccessRevoked,
            StoreError::Busy => Self::Unavailable { retry_after_s: 1 },
            StoreError::Full => Self::Busy { retry_after_s: 60 },
            StoreError::Unavailable | StoreError::Damaged | StoreError::ReadOnly | StoreError::UnsafeRole => {
                Self::Unavailable { retry_after_s: 5 }
            }
        }
    }
}
