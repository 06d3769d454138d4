//! `cargo xtask windows`: the Windows executables, built on Linux.

use crate::process::{cargo, cargo_target, note, run, step};
use crate::{debian, prerequisites, ui};
use anyhow::{Result, bail};

const TARGET: &str = "x86_64-pc-windows-gnu";

pub fn build(release: bool) -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!("this cross-builds on Linux; on Windows itself, `cargo xtask run` builds the program");
    }
    debian::ensure(debian::WINDOWS)?;
    prerequisites::rust_target(TARGET)?;
    ui::build(ui::Profile::Release)?;
    step("Windows executables");
    let mut build = cargo();
    build.args(["build", "--target", TARGET, "--package", "sendoff", "--package", "sendoff-cli", "--bins"]);
    build.args(["--features", "sendoff/custom-protocol"]);
    if release {
        build.arg("--release");
    }
    run(&mut build)?;
    let folder = cargo_target()?.join(TARGET).join(if release { "release" } else { "debug" });
    for name in ["sendoff-desktop.exe", "sendoff.exe"] {
        let size = std::fs::metadata(folder.join(name))?.len();
        note(&format!("{} ({} MB)", folder.join(name).display(), size / 1_000_000));
    }
    Ok(())
}
