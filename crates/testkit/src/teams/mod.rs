//! A server for teams: the real one, in this process, with a real mail server, and people who sign in at its pages.

mod mailbox;
mod pages;

use std::net::TcpListener;
use std::sync::{Arc, OnceLock};

use server::clock::SystemClock;
use server::config::Config;
use server::limits::Quotas;
use server::people::hashing::Cost;
use server::server::Server;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

use crate::block_on;
use crate::http::runtime;
use crate::postgres::{Addresses, Cluster, Syncs};
use crate::proxy::Proxy;
use mailbox::Mailbox;

/// Of everybody in a story.
pub const PASSWORD: &str = "a lamp, four spoons and rain";

/// A running server. It ends with its value.
pub struct TeamServer {
    /// Its address, without a slash at the end.
    pub origin: String,
    mailbox: Arc<Mailbox>,
    config: Config,
    folder: TempDir,
    running: Option<Running>,
}

struct Running {
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl std::fmt::Debug for TeamServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TeamServer").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl TeamServer {
    /// On SQLite, with cheap password hashes and no limits to how often somebody asks. `None` where no mail server is installed.
    ///
    /// # Panics
    /// It does not start.
    pub fn start() -> Option<Self> {
        Self::start_on(None, None)
    }

    /// As [`TeamServer::start`], and everybody reaches it through a proxy.
    ///
    /// # Panics
    /// It does not start.
    pub fn start_behind_a_proxy() -> Option<(Self, Proxy)> {
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
        let port = free.expect("a port").port();
        let proxy = Proxy::start(port);
        Some((Self::start_on(None, Some((port, &proxy)))?, proxy))
    }

    /// As [`TeamServer::start`], in a new database of PostgreSQL, as a role that row-level security binds and that owns nothing.
    /// `None` where PostgreSQL or the mail server is not installed.
    ///
    /// # Panics
    /// It does not start; PostgreSQL is missing where everything must run.
    pub fn start_on_postgres() -> Option<Self> {
        static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
        // one for all stories; it ends with the program
        let Some(cluster) = CLUSTER.get_or_init(|| Cluster::start(Syncs::Never)) else {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "PostgreSQL is not installed");
            eprintln!("skipped: PostgreSQL is not installed");
            return None;
        };
        Self::start_on(Some(cluster.database()), None)
    }

    fn start_on(postgres: Option<Addresses>, behind: Option<(u16, &Proxy)>) -> Option<Self> {
        let folder = TempDir::new().expect("a folder");
        let mailbox = Arc::new(Mailbox::start()?);
        let mut config = Config::local(folder.path().join("data")).expect("a configuration");
        config.hashing = Cost::TESTS_ONLY;
        config.quotas = Quotas::unlimited();
        config.mail = Some(mailbox.smtp());
        if let Some(Addresses { serving, owner }) = postgres {
            config.database_url = Some(serving.into());
            config.database_owner_url = Some(owner.into());
        }
        if let Some((port, proxy)) = behind {
            config.listen.set_port(port);
            config.public_url = proxy.url().parse().expect("an address");
        }
        let mut server = Self { origin: String::new(), mailbox, config, folder, running: None };
        server.begin();
        if behind.is_none() {
            // it comes back where it was
            let origin: Url = server.origin.parse().expect("an address");
            server.config.listen.set_port(origin.port().expect("a port"));
            server.config.public_url = origin;
        }
        Some(server)
    }

    /// Starts it again after [`TeamServer::stop`], at the same address, with all that it had.
    ///
    /// # Panics
    /// It does not start.
    pub fn begin(&mut self) {
        let config = self.config.clone();
        let (origin, running) = block_on(async move {
            let server = Server::start(config, Arc::new(SystemClock), Vec::new, &[]).await.expect("the server starts");
            let origin = server.app().origin().to_owned();
            let (stop, stopped) = oneshot::channel::<()>();
            let serving = server.serve(async move {
                let _ = stopped.await;
            });
            (origin, Running { stop, served: runtime().spawn(serving) })
        });
        self.origin = origin;
        self.running = Some(running);
    }

    /// From now on its address is that of a proxy in front of it. Before anybody has signed in: it issues tokens under this address.
    ///
    /// # Panics
    /// It does not start again.
    pub fn moves_behind(&mut self) -> Proxy {
        let proxy = Proxy::start(self.config.listen.port());
        self.stop();
        self.config.public_url = proxy.url().parse().expect("an address");
        self.begin();
        proxy
    }

    /// Ends it: nobody answers until [`TeamServer::begin`].
    ///
    /// # Panics
    /// It does not end.
    pub fn stop(&mut self) {
        if let Some(Running { stop, served }) = self.running.take() {
            drop(stop);
            block_on(served).expect("the server ends");
        }
    }

    /// Copies its databases on SQLite, as a backup does, while it is stopped.
    ///
    /// # Panics
    /// The disk fails.
    pub fn backup(&self) -> TempDir {
        assert!(self.running.is_none(), "stop it first");
        let kept = TempDir::new().expect("a folder");
        copy(&self.folder.path().join("data"), &kept.path().join("data"));
        kept
    }

    /// Puts a backup in the place of its databases, while it is stopped.
    ///
    /// # Panics
    /// The disk fails.
    pub fn restore(&self, backup: &TempDir) {
        assert!(self.running.is_none(), "stop it first");
        let data = self.folder.path().join("data");
        std::fs::remove_dir_all(&data).expect("the folder goes");
        copy(&backup.path().join("data"), &data);
    }

    /// Address and port as settings name a server inside a private network.
    ///
    /// # Panics
    /// Never: it has a port.
    pub fn exception(&self) -> String {
        let origin: Url = self.origin.parse().expect("an address");
        format!("127.0.0.1/32:{}", origin.port().expect("a port"))
    }

    /// A mail address that no other story uses.
    ///
    /// # Panics
    /// There is no randomness.
    pub fn address(name: &str) -> String {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).expect("randomness");
        let tail: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}.{tail}@example.com", name.to_lowercase())
    }

    /// Somebody new in front of the browser: makes an account with the code from their mail; answers where it leads back to.
    ///
    /// # Panics
    /// A page was not what it should be.
    pub fn registers(&self, authorize: &str, name: &str, email: &str) -> String {
        block_on(pages::register(authorize, name, email, PASSWORD, &self.mailbox))
    }

    /// Somebody who has an account signs in; answers where that leads back to.
    ///
    /// # Panics
    /// A page was not what it should be.
    pub fn signs_in(&self, authorize: &str, email: &str) -> String {
        block_on(pages::sign_in(authorize, email, PASSWORD))
    }

    /// The link in somebody's newest invitation, once they have opened its page.
    ///
    /// # Panics
    /// There is none, or the page is not what it should be.
    pub fn follows_invitation(&self, email: &str) -> String {
        block_on(pages::invitation(&self.mailbox, email))
    }
}

impl Drop for TeamServer {
    fn drop(&mut self) {
        if let Some(Running { stop, served }) = self.running.take() {
            drop(stop);
            served.abort();
        }
    }
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").filter_map(Result::ok) {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).expect("a file is copied");
        }
    }
}
