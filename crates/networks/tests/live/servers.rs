//! Starts the real servers, once for all tests of this program. They end with it: their standard input closes.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{OnceLock, mpsc};
use std::time::{Duration, SystemTime};

use serde_json::Value;

pub struct Pds {
    pub url: String,
    pub plc: String,
    _process: Child,
}

pub struct Mastodon {
    pub url: String,
    _process: Child,
}

/// A Bluesky PDS with its identity directory; `None` if the counterparts are not installed here.
pub fn pds() -> Option<&'static Pds> {
    static PDS: OnceLock<Option<Pds>> = OnceLock::new();
    PDS.get_or_init(|| start_pds("pds", false)).as_ref()
}

/// Another PDS, with its rate limits on.
pub fn limited_pds() -> Option<&'static Pds> {
    static PDS: OnceLock<Option<Pds>> = OnceLock::new();
    PDS.get_or_init(|| start_pds("limited-pds", true)).as_ref()
}

fn start_pds(name: &str, limits: bool) -> Option<Pds> {
    let root = counterparts()?;
    let mut command = Command::new(root.join("bin/node"));
    command
        .args(["--import", "./loopback.mjs", "start.mjs"])
        .current_dir(root.join("atproto-pds"))
        .env("PDS_PORT", free_port().to_string())
        .env("PLC_PORT", free_port().to_string())
        .env("DATA_DIR", data_folder(name))
        .env("LOG_ENABLED", "false")
        .env("RATE_LIMITS", if limits { "1" } else { "0" });
    let (process, ready) = start(command);
    let text = |name: &str| ready[name].as_str().unwrap().to_owned();
    Some(Pds { url: text("pds"), plc: text("plc"), _process: process })
}

pub fn mastodon() -> Option<&'static Mastodon> {
    static MASTODON: OnceLock<Option<Mastodon>> = OnceLock::new();
    let start = || {
        let root = counterparts()?;
        let mut command = Command::new(root.join("venv/bin/python"));
        command
            .arg(root.join("mastodon/start.py"))
            .env("MASTODON_PORT", free_port().to_string())
            .env("DATA_DIR", data_folder("mastodon"));
        let (process, ready) = start(command);
        Some(Mastodon { url: ready["mastodon"].as_str().unwrap().to_owned(), _process: process })
    };
    MASTODON.get_or_init(start).as_ref()
}

fn counterparts() -> Option<PathBuf> {
    let usual = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/counterparts");
    let root = std::env::var_os("SENDOFF_COUNTERPARTS").map_or_else(|| PathBuf::from(usual), PathBuf::from);
    if root.join("bin/node").exists() && root.join("venv/bin/python").exists() {
        return Some(root.canonicalize().unwrap());
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "the counterpart servers are missing: {}", root.display());
    eprintln!("skipped: no counterpart servers at {}", root.display());
    None
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// A folder of this run; those of runs long past are cleared away.
fn data_folder(name: &str) -> PathBuf {
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("networks-live");
    for old in std::fs::read_dir(&all).into_iter().flatten().flatten() {
        let age = old.metadata().and_then(|data| data.modified()).ok().and_then(age_of);
        if age.is_some_and(|age| age > Duration::from_secs(3600)) {
            let _ = std::fs::remove_dir_all(old.path());
        }
    }
    let folder = all.join(format!("{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[expect(clippy::disallowed_methods, reason = "the age of left-over folders, not a time of the program")]
fn age_of(time: SystemTime) -> Option<Duration> {
    SystemTime::now().duration_since(time).ok()
}

/// Starts a server and waits for its line `READY {json}`.
fn start(mut command: Command) -> (Child, Value) {
    command.env("STOP_WITH_STDIN", "1").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut process = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let output = BufReader::new(process.stdout.take().unwrap());
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            if let Some(json) = line.strip_prefix("READY ") {
                let _ = send.send(serde_json::from_str(json).unwrap());
            }
        }
    });
    let ready = receive.recv_timeout(Duration::from_secs(90));
    (process, ready.expect("the server says that it is ready"))
}
