//! `cargo xtask bench`: how fast and how large the program is.

use crate::process::{cargo, cargo_target, run as execute, step};
use crate::test::{Scratch, in_own_session, install_tauri_driver, tauri_driver};
use crate::{counterparts, prerequisites, ui};
use anyhow::Result;

/// Measures what is shipped, or with `dev` what is quicker to build; with `growth` how it answers with a thousand, ten thousand
/// and a hundred thousand posts.
pub fn run(dev: bool, growth: bool) -> Result<()> {
    prerequisites::for_testing()?;
    counterparts::install()?;
    install_tauri_driver()?;
    ui::build(if dev { ui::Profile::Dev } else { ui::Profile::Release })?;
    step("programs");
    let profile: &[&str] = if dev { &[] } else { &["--release"] };
    let window =
        ["build", "--package", "sendoff", "--features", "custom-protocol", "--bins", "--example", "empty_window"];
    execute(cargo().args(window).args(profile))?;
    execute(cargo().args(["build", "--package", "sendoff-cli"]).args(profile))?;
    // `bench` runs the engine itself, beside the program's
    let bench = ["build", "--package", "testkit", "--bin", "bench", "--bin", "bench-due"];
    execute(cargo().args(bench).args(profile))?;
    step("measuring");
    let scratch = Scratch::make()?;
    let built = cargo_target()?.join(if dev { "debug" } else { "release" });
    let mut session = in_own_session(&scratch);
    session.args(["run", "--quiet", "--package", "testkit", "--bin", "bench"]).args(profile).arg("--");
    let exe = |name: &str| built.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    session.args([exe("sendoff-desktop"), exe("sendoff"), exe("examples/empty_window"), ui::dist()]);
    if growth {
        return execute(session.env("SENDOFF_TAURI_DRIVER", tauri_driver()).env("SENDOFF_BENCH_GROWTH", "1"));
    }
    execute(session.env("SENDOFF_TAURI_DRIVER", tauri_driver()))?;
    let mut session = in_own_session(&scratch);
    session.args(["run", "--quiet", "--package", "testkit", "--bin", "bench-due"]).args(profile);
    session.env("SENDOFF_CLI", exe("sendoff")).env("SENDOFF_COUNTERPARTS", counterparts::folder());
    execute(&mut session)
}

/// The server for teams, beside what the disk, the database and empty requests allow.
pub fn server() -> Result<()> {
    step("programs");
    let server = ["--release", "--package", "server"];
    // the program itself, whose memory is measured
    execute(cargo().arg("build").args(server).arg("--bins"))?;
    execute(cargo().arg("build").args(server).args(["--example", "bench"]))?;
    step("measuring");
    execute(cargo().args(["run", "--quiet", "--release", "--package", "domain", "--example", "approvals"]))?;
    execute(cargo().args(["run", "--quiet"]).args(server).args(["--example", "bench"]))
}
