//! A server with what belongs to it, and people who use it.

mod browser;
mod counterpart;
mod desktop;
mod mailbox;
mod postgres;
mod s3;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::Value;
use server::app::App;
use server::clock::{Clock, SystemClock};
use server::config::Config;
use server::database::Tx;
use server::limits::Quotas;
use server::people::hashing::Cost;
use server::serve::Bounds;
use server::server::Server;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use browser::{Browser, Page};
pub use counterpart::{Oidc, folder as counterpart_folder, skipped};
pub use desktop::{Begun, Desktop, Device, pkce, token};
pub use mailbox::Mailbox;
pub use postgres::{database, has_postgres};
pub use s3::bucket;

/// A password that nobody has guessed yet.
pub const PASSWORD: &str = "correct horse battery staple";

/// Which database a story runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    Sqlite,
    Postgres,
}

/// A story told on both databases: `both!(name, |store| { ... })`.
#[macro_export]
macro_rules! both {
    ($name:ident, |$store:ident| $story:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn story($store: $crate::stage::Store) {
                $story
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                Box::pin(story($crate::stage::Store::Sqlite)).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if $crate::stage::has_postgres() {
                    Box::pin(story($crate::stage::Store::Postgres)).await;
                }
            }
        }
    };
}

/// The machine's clock, moved by tests.
#[derive(Debug, Default)]
pub struct MovedClock(AtomicI64);

impl MovedClock {
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() + SignedDuration::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// A running server.
pub struct Stage {
    pub app: App,
    pub clock: Arc<MovedClock>,
    pub origin: String,
    pub address: SocketAddr,
    pub metrics: Option<SocketAddr>,
    pub http: reqwest::Client,
    pub store: Store,
    config: Config,
    folder: Arc<TempDir>,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<()>>,
}

impl Stage {
    /// With cheap password hashes, no limits and mail to the test's own mail server.
    pub async fn new(store: Store) -> Self {
        Self::with(store, |_| {}).await
    }

    pub async fn with(store: Store, change: impl FnOnce(&mut Config)) -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        let mut config = Config::local(folder.path().join("data")).unwrap();
        config.hashing = Cost::TESTS_ONLY;
        config.quotas = Quotas::unlimited();
        config.metrics_listen = Some("127.0.0.1:0".parse().unwrap());
        config.mail = mailbox::smtp();
        if store == Store::Postgres {
            let (serving, owner) = database().await;
            config.database_url = Some(serving.into());
            config.database_owner_url = Some(owner.into());
        }
        change(&mut config);
        let clock = Arc::new(MovedClock::default());
        Self::start(store, config, clock, folder, Bounds::default()).await
    }

    async fn start(store: Store, config: Config, clock: Arc<MovedClock>, folder: Arc<TempDir>, bounds: Bounds) -> Self {
        // the first one wins, and all are the same
        let _ = rustls::crypto::ring::default_provider().install_default();
        let server = Server::start(config.clone(), clock.clone(), Vec::new, &[]).await.unwrap().with_bounds(bounds);
        let app = server.app().clone();
        let (address, metrics) = server.addresses();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(server.serve(async move {
            let _ = stopped.await;
        }));
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self {
            origin: app.origin().to_owned(),
            address: address.unwrap(),
            app,
            clock,
            metrics,
            http,
            store,
            config,
            folder,
            stop: Some(stop),
            served: Some(served),
        }
    }

    /// A second server on the same database (PostgreSQL), with the same keys and public address, reached at its own.
    pub async fn beside(&self) -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        let mut config = self.config.clone();
        config.key_file = Some(config.data.join(server::keys::FILE));
        config.data = folder.path().join("data");
        config.public_url = self.origin.parse().unwrap();
        // the tables are made already
        config.database_owner_url = None;
        let mut other = Self::start(self.store, config, self.clock.clone(), folder, Bounds::default()).await;
        other.origin = format!("http://{}", other.address);
        other
    }

    /// Stops, and starts again on the same data at another port; what was issued for the old address is for another issuer,
    /// so the address is kept by serving at the same port.
    pub async fn restart(mut self, change: impl FnOnce(&mut Config)) -> Self {
        self.stop().await;
        let mut config = self.config.clone();
        config.listen = self.address;
        config.public_url = self.origin.parse().unwrap();
        change(&mut config);
        Self::start(self.store, config, self.clock.clone(), self.folder.clone(), Bounds::default()).await
    }

    pub async fn with_bounds(mut self, bounds: Bounds) -> Self {
        self.stop().await;
        Self::start(self.store, self.config.clone(), self.clock.clone(), self.folder.clone(), bounds).await
    }

    /// How long stopping took.
    pub async fn stop(&mut self) -> Duration {
        let began = std::time::Instant::now();
        drop(self.stop.take());
        if let Some(served) = self.served.take() {
            served.await.unwrap();
        }
        began.elapsed()
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self)
    }

    pub fn mailbox(&self) -> Mailbox {
        Mailbox::new()
    }

    /// A JSON request, signed in with `token` or not.
    pub async fn call(&self, method: Method, path: &str, token: Option<&str>, body: Option<Value>) -> (u16, Value) {
        let mut request = self.http.request(method, format!("{}{path}", self.origin));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    pub async fn me(&self, token: &str) -> (u16, Value) {
        self.call(Method::GET, "/v1/me", Some(token), None).await
    }

    /// A number from the database.
    pub async fn count(&self, sql: &'static str) -> i64 {
        let mut tx = self.app.database.read().await.unwrap();
        match &mut tx {
            Tx::Sqlite(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
            Tx::Postgres(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
        }
    }

    pub async fn execute(&self, sql: &'static str) {
        let mut tx = self.app.database.write().await.unwrap();
        match &mut tx {
            Tx::Sqlite(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.unwrap()),
            Tx::Postgres(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.unwrap()),
        }
        tx.commit().await.unwrap();
    }

    /// Registers through the pages with the mailed code; answers the device that is signed in then. `None` without a mail
    /// server.
    pub async fn register(&self, email: &str, password: &str) -> Option<Desktop> {
        let mailbox = Mailbox::try_new()?;
        let mut browser = self.browser();
        let device = Device::new("Laptop");
        let begun = device.begin(self, &mut browser).await;
        let page = browser.register(&begun.flow, "Ada", email, password).await;
        let code = mailbox.code(email).await;
        let back = browser.register_code(&begun.flow, &page.field("challenge"), &code).await;
        Some(device.redeem(self, &begun, &back.code()).await.unwrap())
    }
}

/// An address that no other story uses.
pub fn address(name: &str) -> String {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    let tail: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{name}.{tail}@example.com")
}

/// Waits for a condition, never for a time.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..1500 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("waited in vain: {what}");
}
