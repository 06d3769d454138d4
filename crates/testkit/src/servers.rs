//! The real servers, each in a folder of its own. They end with the test: when they are dropped, and, should the test be
//! killed, because their standard input closes.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::process::Process;
use crate::proxy::Proxy;
use crate::wait::until;

/// A cold start of all of them at once on a small machine.
const START: Duration = Duration::from_secs(120);

/// A Bluesky PDS with its identity directory, behind a proxy that lets everything through until told otherwise.
#[derive(Debug)]
pub struct Pds {
    /// The address that it calls itself by, such as `http://localhost:40123`.
    pub url: String,
    pub plc: String,
    pub proxy: Proxy,
    _process: Process,
}

/// A Mastodon-compatible server with the people `ada` and `ben`.
#[derive(Debug)]
pub struct Mastodon {
    /// Its own address.
    pub url: String,
    _process: Process,
}

/// The servers of this test program; `None` if they are not installed here, which is said.
pub fn servers() -> Option<(&'static Pds, &'static Mastodon)> {
    static BOTH: OnceLock<Option<(Pds, Mastodon)>> = OnceLock::new();
    let both = BOTH.get_or_init(|| {
        let root = counterparts()?;
        let mastodon = std::thread::spawn({
            let root = root.clone();
            move || Mastodon::start(&root, "mastodon")
        });
        let pds = Pds::start(&root, "pds");
        Some((pds, mastodon.join().expect("it starts")))
    });
    both.as_ref().map(|(pds, mastodon)| (pds, mastodon))
}

impl Pds {
    /// Starts one in a folder of this name.
    ///
    /// # Panics
    /// It does not start.
    pub fn start(root: &Path, name: &str) -> Self {
        let (real, plc) = (free_port(), free_port());
        let proxy = Proxy::start(real);
        let shown = proxy.port;
        let behind = Path::new(env!("CARGO_MANIFEST_DIR")).join("servers/behind-a-proxy.mjs");
        let mut command = Command::new(root.join("bin/node"));
        command
            .args(["--import", "./loopback.mjs", "--import"])
            .arg(behind)
            .arg("start.mjs")
            .current_dir(root.join("atproto-pds"))
            .env("PDS_PORT", shown.to_string())
            .env("PLC_PORT", plc.to_string())
            .env("LISTEN_INSTEAD", format!("{shown}:{real}"))
            .env("DATA_DIR", data_folder(name))
            .env("LOG_ENABLED", "false");
        let (process, ready) = start(command);
        let text = |name: &str| ready[name].as_str().expect("an address").to_owned();
        Self { url: text("pds"), plc: text("plc"), proxy, _process: process }
    }

    /// What the program must be allowed to reach.
    pub fn exceptions(&self) -> Vec<String> {
        [&self.url, &self.plc].iter().flat_map(|url| exceptions(url)).collect()
    }
}

impl Mastodon {
    /// Starts one in a folder of this name.
    ///
    /// # Panics
    /// It does not start.
    pub fn start(root: &Path, name: &str) -> Self {
        let mut command = Command::new(root.join("venv/bin/python"));
        command
            .arg(root.join("mastodon/start.py"))
            .env("MASTODON_PORT", free_port().to_string())
            .env("DATA_DIR", data_folder(name));
        let (process, ready) = start(command);
        Self { url: ready["mastodon"].as_str().expect("an address").to_owned(), _process: process }
    }

    /// A proxy of one's own in front of it: as far as the program can tell, that is the server.
    pub fn behind_a_proxy(&self) -> Proxy {
        Proxy::start(port_of(&self.url))
    }
}

/// The entries of `private_servers` that let the program reach a server on this machine.
pub fn exceptions(url: &str) -> Vec<String> {
    let port = port_of(url);
    vec![format!("127.0.0.1/32:{port}"), format!("[::1]/128:{port}")]
}

/// # Panics
/// The address has no port.
pub fn port_of(url: &str) -> u16 {
    url::Url::parse(url).expect("an address").port().expect("a port")
}

/// Where the servers are installed, if they are.
///
/// # Panics
/// They are not, and this is the continuous integration.
pub fn counterparts() -> Option<PathBuf> {
    let usual = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/counterparts");
    let root = std::env::var_os("SENDOFF_COUNTERPARTS").map_or_else(|| PathBuf::from(usual), PathBuf::from);
    if root.join("bin/node").exists() && root.join("venv/bin/python").exists() {
        return Some(root.canonicalize().expect("a folder"));
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "the counterpart servers are missing: {}", root.display());
    eprintln!("skipped: no counterpart servers at {}", root.display());
    None
}

/// A port where nobody listens at this moment.
///
/// # Panics
/// The machine has none.
pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).and_then(|socket| socket.local_addr()).expect("a port").port()
}

/// A folder of this run; those of runs long past are cleared away.
fn data_folder(name: &str) -> PathBuf {
    let all = std::env::temp_dir().join("sendoff-stories");
    for old in std::fs::read_dir(&all).into_iter().flatten().flatten() {
        let age = old.metadata().and_then(|data| data.modified()).ok().and_then(age_of);
        if age.is_some_and(|age| age > Duration::from_secs(3600)) {
            // another run may clear it at the same time
            let _ = std::fs::remove_dir_all(old.path());
        }
    }
    let folder = all.join(format!("{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the server");
    folder
}

#[expect(clippy::disallowed_methods, reason = "the age of left-over folders, not a time of the program")]
fn age_of(time: SystemTime) -> Option<Duration> {
    SystemTime::now().duration_since(time).ok()
}

/// Starts a server and waits for its line `READY {json}`.
fn start(mut command: Command) -> (Process, Value) {
    command.env("STOP_WITH_STDIN", "1");
    let mut process = Process::start(command);
    let ready = until("a server is ready", START, || {
        let ended = process.ended();
        let said = process.said();
        assert!(ended.is_none(), "a server ended: {said}");
        let line = said.lines().find_map(|line| line.strip_prefix("READY ").map(str::to_owned));
        line.map(|json| serde_json::from_str(&json).expect("JSON"))
    });
    (process, ready)
}
