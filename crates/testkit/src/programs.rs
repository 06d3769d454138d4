//! Where the programs under test are. They are built when nobody said where they lie.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// `sendoff` as it is shipped.
///
/// # Panics
/// It does not build.
pub fn sendoff() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| match std::env::var_os("SENDOFF_CLI") {
        Some(path) if Path::new(&path).exists() => PathBuf::from(path),
        _ => build(&target(), &[]),
    })
}

/// `sendoff` that can be stopped at a named step (`SENDOFF_STOP_AT`), so that it can be killed there. It lies in a folder of its
/// own; what both have in common is compiled once.
///
/// # Panics
/// It does not build.
pub fn stoppable() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| match std::env::var_os("SENDOFF_CLI_STOPPABLE") {
        Some(path) if Path::new(&path).exists() => PathBuf::from(path),
        _ => build(&target().join("stoppable"), &["--features", "engine/failpoints"]),
    })
}

fn target() -> PathBuf {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    std::env::var_os("CARGO_TARGET_DIR").map_or(usual, PathBuf::from)
}

fn build(into: &Path, features: &[&str]) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--quiet", "--package", "sendoff-cli"]).args(features).arg("--target-dir").arg(into);
    command.env("CARGO_BUILD_BUILD_DIR", target()).current_dir(&root);
    let built = command.status().expect("cargo runs");
    assert!(built.success(), "sendoff does not build");
    into.join("debug/sendoff").canonicalize().expect("the program that was built")
}
