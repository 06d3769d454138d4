//! A whole server: database, keys, listeners and what runs beside them.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::{HeaderValue, header};
use jiff::Timestamp;
use ledger::{Hub, Ledger};
use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::app::{App, AppError};
use crate::clock::Clock;
use crate::config::Config;
use crate::database::{Database, DatabaseError, Migration, OWN_MIGRATIONS};
use crate::keys::{self, KeyError, Keys};
use crate::router::{self, Row};
use crate::serve::{Bounds, Listener};
use crate::start::{self, FolderLock};
use crate::{housekeeping, mail, media, organisations};

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Ledger(#[from] organisations::place::PlaceError),
    #[error(transparent)]
    App(#[from] AppError),
    #[error("give --database-url and --database-owner-url: SQLite is migrated when the server starts")]
    NothingToMigrate,
    #[error("it is not possible to listen at {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    #[error("the certificate or its key cannot be used: {0}")]
    Tls(String),
}

/// A server that is ready to serve.
#[derive(Debug)]
pub struct Server {
    app: App,
    listener: Listener,
    metrics: Option<Listener>,
    _folder: FolderLock,
}

impl Server {
    /// Opens everything. `more` are rows and migrations of other parts of the server.
    ///
    /// # Errors
    /// [`StartError`]: a sentence for the operator.
    pub async fn start(
        mut config: Config,
        clock: Arc<dyn Clock>,
        more: impl FnOnce() -> Vec<Row>,
        migrations: &[Migration],
    ) -> Result<Self, StartError> {
        let folder = start::take_folder(&config.data)?;
        let keys = match &config.key_file {
            Some(file) => Keys::open(file, false)?,
            None => Keys::open(&config.data.join(keys::FILE), true)?,
        };
        let (database, ledger) = open(&config, clock.now(), migrations).await?;
        let socket = listen(config.listen).await?;
        // port 0 means one of the system's choice, and addresses have to name it
        if config.listen.port() == 0
            && let Ok(address) = socket.local_addr()
            && config.public_url.port() == Some(0)
        {
            // a port can always be set in an address that had one
            let _ = config.public_url.set_port(Some(address.port()));
        }
        let tls = config.tls.as_ref().map(|(chain, key)| acceptor(chain, key)).transpose()?;
        let metrics = match config.metrics_listen {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        let proxies = config.proxies.clone();
        let app = App::new(config, database, ledger, keys, clock)?;
        let mut rows = router::rows();
        rows.extend(organisations::rows());
        rows.extend(media::rows());
        rows.extend(more());
        let (router, _) = router::assemble(&app, rows);
        let listener = Listener { socket, router, tls, proxies, bounds: Bounds::default() };
        let metrics = metrics.map(|socket| {
            let router = Router::new().route("/metrics", get(metrics_text)).with_state(app.clone());
            let bounds = Bounds { connections: 16, connections_each: 16, ..Bounds::default() };
            Listener { socket, router, tls: None, proxies: Vec::new(), bounds }
        });
        Ok(Self { app, listener, metrics, _folder: folder })
    }

    pub fn app(&self) -> &App {
        &self.app
    }

    /// Where it listens; and where for metrics.
    pub fn addresses(&self) -> (Option<SocketAddr>, Option<SocketAddr>) {
        let of = |listener: &Listener| listener.socket.local_addr().ok();
        (of(&self.listener), self.metrics.as_ref().and_then(of))
    }

    /// Bounds other than the usual ones, for tests that run into them.
    #[must_use]
    pub fn with_bounds(mut self, bounds: Bounds) -> Self {
        self.listener.bounds = bounds;
        self
    }

    /// Serves until `stop` is ready, and then at most ten seconds more.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) {
        let (ended, mut end) = tokio::sync::watch::channel(());
        let mail = tokio::spawn(mail::deliver(self.app.clone()));
        let cleaning = tokio::spawn(housekeeping::run(self.app.clone()));
        let listening = self.app.clone();
        // other servers on the same database commit too
        let hub = tokio::spawn(async move { listening.ledger.hub().poll(listening.ledger.store(), Hub::POLL).await });
        let presence = tokio::spawn(organisations::presence::run(self.app.clone()));
        let metrics = self.metrics.map(|listener| {
            let app = self.app.clone();
            tokio::spawn(listener.serve(app, async move {
                let _ = end.changed().await;
            }))
        });
        self.listener.serve(self.app.clone(), stop).await;
        drop(ended);
        mail.abort();
        cleaning.abort();
        hub.abort();
        presence.abort();
        if let Some(metrics) = metrics {
            let _ = metrics.await;
        }
        self.app.database.close().await;
        tracing::info!("stopped");
    }
}

/// Both databases, brought to this version where that is for the server to do.
pub(crate) async fn open(
    config: &Config,
    now: Timestamp,
    migrations: &[Migration],
) -> Result<(Database, Ledger), StartError> {
    let migrations = [&all_migrations(), migrations].concat();
    let Some(address) = &config.database_url else {
        let database = Database::sqlite(&config.data, &migrations, now).await?;
        return Ok((database, organisations::place::sqlite(&config.data).await?));
    };
    let owner = config.database_owner_url.as_ref();
    let database = Database::postgres(address, owner, &migrations).await?;
    Ok((database, organisations::place::postgres(address, owner).await?))
}

fn all_migrations() -> Vec<Migration> {
    [OWN_MIGRATIONS, organisations::MIGRATIONS, media::MIGRATIONS].concat()
}

/// Brings PostgreSQL to this version as the owner of the tables, and lets the serving role work in them.
///
/// # Errors
/// [`StartError`]; one of the two addresses is missing.
pub async fn migrate(config: &Config) -> Result<(), StartError> {
    let (Some(address), Some(owner)) = (&config.database_url, &config.database_owner_url) else {
        return Err(StartError::NothingToMigrate);
    };
    Database::postgres(address, Some(owner), &all_migrations()).await?.close().await;
    organisations::place::postgres(address, Some(owner)).await?;
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| StartError::Listen(address, error))
}

fn acceptor(chain: &Path, key: &Path) -> Result<TlsAcceptor, StartError> {
    let wrong = |error: &dyn std::fmt::Display| StartError::Tls(error.to_string());
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(chain).map_err(|error| wrong(&error))?.collect::<Result<_, _>>();
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(&error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(&error))?
        .with_no_client_auth()
        .with_single_cert(chain.map_err(|error| wrong(&error))?, key)
        .map_err(|error| wrong(&error))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn metrics_text(State(app): State<App>) -> ([(http::HeaderName, HeaderValue); 1], String) {
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], app.metrics.text())
}
