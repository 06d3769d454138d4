//! Programs that this project did not write, started by the tests that need them and ended with them.

use std::path::PathBuf;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Says what is missing; fails where everything must run.
pub fn skipped(what: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{what}");
    eprintln!("skipped: {what}");
}

/// Where `cargo xtask test` installs them.
pub fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("SENDOFF_COUNTERPARTS").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/counterparts");
    given.or(Some(beside)).filter(|folder| folder.is_dir())
}

pub fn sources() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/counterparts")
}

/// `oidc-provider`, a certified OpenID provider.
pub struct Oidc {
    pub issuer: String,
    pub port: u16,
    _child: Child,
}

impl Oidc {
    pub const CLIENT: &str = "sendoff-server";
    pub const SECRET: &str = "a-secret-of-the-provider-for-tests-alone";

    /// `None` if it is not installed. `back` is where it sends browsers to.
    pub async fn start(back: &[String]) -> Option<Self> {
        let Some(home) = folder().map(|folder| folder.join("oidc")).filter(|home| home.join("node_modules").is_dir())
        else {
            skipped("the identity provider is not installed: cargo xtask test");
            return None;
        };
        let own = folder()?.join("bin/node");
        let node = if own.exists() { own } else { "node".into() };
        std::fs::copy(sources().join("oidc/start.mjs"), home.join("start.mjs")).unwrap();
        let mut child = Command::new(node)
            .arg(home.join("start.mjs"))
            .args([Self::CLIENT, Self::SECRET])
            .args(back)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = loop {
            let line = lines.next_line().await.unwrap().expect("the identity provider ended");
            if let Some(port) = line.strip_prefix("READY ") {
                break port.parse().unwrap();
            }
        };
        // read on, or it stops when the pipe is full
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Some(Self { issuer: format!("http://127.0.0.1:{port}"), port, _child: child })
    }
}
