//! `cargo xtask run`: from a fresh machine to the open window.

use crate::process::{cargo, cargo_target, exit_code, note, run as execute, step};
use crate::{prerequisites, ui};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// Brings the machine there and becomes the program: its exit code is the answer.
pub fn run(release: bool, args: &[String]) -> ExitCode {
    let started = prepare(release).and_then(|program| {
        needs_display()?;
        step("starting Sendoff");
        Command::new(&program).args(args).status().with_context(|| format!("could not start {}", program.display()))
    });
    match started {
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => exit_code(Err(error)),
    }
}

fn prepare(release: bool) -> Result<PathBuf> {
    prerequisites::for_building()?;
    ui::build(if release { ui::Profile::Release } else { ui::Profile::Dev })?;
    step("program");
    let mut build = cargo();
    build.args(["build", "--package", "sendoff", "--bin", "sendoff-desktop", "--features", "custom-protocol"]);
    if release {
        build.arg("--release");
    }
    execute(&mut build)?;
    let folder = cargo_target()?.join(if release { "release" } else { "debug" });
    Ok(folder.join(format!("sendoff-desktop{}", std::env::consts::EXE_SUFFIX)))
}

fn needs_display() -> Result<()> {
    let there = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "linux") && !there("DISPLAY") && !there("WAYLAND_DISPLAY") {
        note("everything is built, but this session has no screen to open a window on");
        bail!(
            "run this in a desktop session, or on a screen that nobody sees (Debian: xvfb, dbus):\n\n    \
             xvfb-run -a dbus-run-session -- cargo xtask run\n"
        );
    }
    Ok(())
}
