//! What all handlers share.

use std::ops::Deref;
use std::sync::Arc;

use ledger::Ledger;

use crate::access::AccessTokens;
use crate::authorize::provider::Providers;
use crate::clock::Clock;
use crate::config::Config;
use crate::database::Database;
use crate::keys::Keys;
use crate::limits::Limits;
use crate::media::{Files, Uploads};
use crate::observe::Metrics;
use crate::people::hashing::Hashing;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Shared>);

/// See [`App`].
#[derive(Debug)]
pub struct Shared {
    pub config: Config,
    pub database: Database,
    pub ledger: Ledger,
    pub keys: Keys,
    pub access_tokens: AccessTokens,
    pub clock: Arc<dyn Clock>,
    pub hashing: Hashing,
    pub limits: Limits,
    pub metrics: Metrics,
    pub(crate) providers: Providers,
    /// One for each bootstrap that is under way.
    pub(crate) streams: Arc<tokio::sync::Semaphore>,
    pub(crate) files: Files,
    pub(crate) uploads: Uploads,
    pub(crate) live: crate::organisations::live::Rooms,
    pub(crate) presences: crate::organisations::presence::Presences,
    /// Woken when a mail was written.
    pub(crate) mail_waits: tokio::sync::Notify,
    origin: String,
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// What an [`App`] cannot be made without.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("password hashing: {0}")]
    Hashing(String),
    #[error(transparent)]
    Token(#[from] crate::access::TokenError),
    #[error("the HTTP client: {0}")]
    Egress(#[from] egress::EgressError),
    #[error(transparent)]
    Files(#[from] crate::media::FilesError),
}

impl App {
    /// # Errors
    /// [`AppError`].
    pub fn new(
        config: Config,
        database: Database,
        ledger: Ledger,
        keys: Keys,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AppError> {
        let issuer = config.issuer();
        Ok(Self(Arc::new(Shared {
            access_tokens: AccessTokens::new(&keys, issuer.clone())?,
            hashing: Hashing::new(config.hashing).map_err(AppError::Hashing)?,
            limits: Limits::new(config.quotas),
            metrics: Metrics::new(),
            providers: Providers::new(&config)?,
            streams: Arc::new(tokio::sync::Semaphore::new(crate::organisations::bootstrap::STREAMS_MAX)),
            files: Files::open(&config.media.place)?,
            uploads: Uploads::default(),
            live: crate::organisations::live::Rooms::default(),
            presences: crate::organisations::presence::Presences::default(),
            mail_waits: tokio::sync::Notify::new(),
            origin: issuer,
            config,
            database,
            ledger,
            keys,
            clock,
        })))
    }
}

impl Shared {
    /// The public address as browsers name it in `Origin`.
    pub fn origin(&self) -> &str {
        &self.origin
    }
}
