//! `cargo xtask test`: from a fresh machine to a green suite.
//!
//! The stories in `tests/` drive the built programs, the real window and real servers; they find them by the variables set
//! here. On Linux the suite runs on a screen, a session bus and in base folders of its own, so that it neither sees nor
//! touches the keyring, the files and the notifications of the person who runs it.

use crate::process::{cargo, cargo_target, root, run as execute, step, succeeds, target};
use crate::{counterparts, prerequisites, ui};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TAURI_DRIVER: &str = "2.1.0";

/// xtask is tested by itself: it runs at this moment, and Windows does not replace a running program.
const SELECTION: &[&str] = &["--workspace", "--exclude", "xtask", "--features", "sendoff/custom-protocol"];

pub fn run(filter: Option<&str>, args: &[String]) -> Result<()> {
    let folder = prepare()?;
    step("developer commands");
    execute(with_filter(cargo().args(["test", "--package", "xtask"]), filter, args))?;
    step("suite");
    let scratch = Scratch::make()?;
    let mut suite = in_own_session(&scratch);
    // one run tells everything that is broken
    suite.args(["test", "--no-fail-fast"]).args(SELECTION);
    let exe = |name: &str| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    // most stories wait for servers and for one another more than they compute
    let threads = std::thread::available_parallelism().map_or(2, usize::from) * 3 / 2;
    suite
        .env("RUST_TEST_THREADS", threads.to_string())
        .env("SENDOFF_COUNTERPARTS", counterparts::folder())
        .env("SENDOFF_TAURI_DRIVER", tauri_driver())
        .env("SENDOFF_DESKTOP", exe("sendoff-desktop"))
        .env("SENDOFF_CLI", exe("sendoff"))
        .env("SENDOFF_CLI_STOPPABLE", stoppable().join(format!("debug/sendoff{}", std::env::consts::EXE_SUFFIX)));
    execute(with_filter(&mut suite, filter, args))
}

/// Installs and builds everything that the suite uses, and answers the folder of the programs.
pub fn prepare() -> Result<PathBuf> {
    prerequisites::for_testing()?;
    counterparts::install()?;
    install_tauri_driver()?;
    ui::build(ui::Profile::Dev)?;
    step("programs and tests");
    execute(cargo().arg("build").args(SELECTION).arg("--all-targets"))?;
    // for the stories that kill it at a named step; it shares with the others whatever the feature leaves alone
    let built = cargo_target()?;
    let mut build = cargo();
    build.args(["build", "--package", "sendoff-cli", "--features", "engine/failpoints", "--target-dir"]);
    execute(build.arg(stoppable()).env("CARGO_BUILD_BUILD_DIR", &built))?;
    Ok(built.join("debug"))
}

/// Where the command-line program lies that can be stopped at a step.
fn stoppable() -> PathBuf {
    target().join("stoppable")
}

fn with_filter<'a>(command: &'a mut Command, filter: Option<&str>, args: &[String]) -> &'a mut Command {
    command.args(filter);
    if !args.is_empty() {
        command.arg("--").args(args);
    }
    command
}

pub(crate) fn tauri_driver() -> PathBuf {
    target().join("tools/bin").join(format!("tauri-driver{}", std::env::consts::EXE_SUFFIX))
}

pub(crate) fn install_tauri_driver() -> Result<()> {
    // there is no WebDriver for the web view of macOS; the window's stories say there that they were skipped
    if tauri_driver().is_file() || cfg!(target_os = "macos") {
        return Ok(());
    }
    step(&format!("tauri-driver {TAURI_DRIVER}"));
    let install = || {
        let mut command = cargo();
        command.args(["install", "tauri-driver", "--version", TAURI_DRIVER, "--root"]).arg(target().join("tools"));
        command
    };
    // its own lock file may name a version that was withdrawn since
    execute(install().arg("--locked")).or_else(|_| execute(&mut install()))
}

/// The base folders of one run, removed after it.
pub(crate) struct Scratch {
    home: PathBuf,
    runtime: PathBuf,
}

impl Scratch {
    pub(crate) fn make() -> Result<Self> {
        let home = target().join("test-home");
        // sockets live here, and their paths may be no longer than 107 bytes
        let runtime = std::env::temp_dir().join(format!("sendoff-{}", std::process::id()));
        let scratch = Self { home, runtime };
        scratch.clear();
        for folder in ["data", "config", "cache", "state"] {
            fs::create_dir_all(scratch.home.join(folder))?;
        }
        fs::create_dir_all(&scratch.runtime).context("could not make the runtime folder")?;
        private(&scratch.runtime)?;
        Ok(scratch)
    }

    fn clear(&self) {
        for folder in [&self.home, &self.runtime] {
            // absent at the first run, and what is left after the last is cleared by the next
            let _ = fs::remove_dir_all(folder);
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(unix)]
fn private(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?)
}

#[cfg(not(unix))]
fn private(_folder: &Path) -> Result<()> {
    Ok(())
}

/// Cargo, on Linux inside a screen and a session bus that belong to this run alone.
pub(crate) fn in_own_session(scratch: &Scratch) -> Command {
    if !cfg!(target_os = "linux") {
        return cargo();
    }
    let inner = cargo();
    let mut command = Command::new("xvfb-run");
    command.args(["--auto-servernum", "--server-args=-screen 0 1600x1200x24", "dbus-run-session", "--"]);
    command.arg(inner.get_program()).current_dir(root());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    for (name, folder) in [
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"),
    ] {
        command.env(name, scratch.home.join(folder));
    }
    command.env("XDG_RUNTIME_DIR", &scratch.runtime).env("NO_AT_BRIDGE", "1").env("GDK_BACKEND", "x11");
    command.env_remove("WAYLAND_DISPLAY");
    if succeeds(Command::new("sh").args(["-c", "[ \"$(id -u)\" = 0 ]"])) {
        // WebKitGTK's sandbox refuses to start as root, which is what containers run as
        command.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
    }
    command
}
