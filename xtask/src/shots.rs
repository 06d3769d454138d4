//! `cargo xtask shots`: what a customer would see, as pictures.

use crate::process::{cargo, cargo_target, run as execute, step, target};
use crate::test::{Scratch, in_own_session, install_tauri_driver, tauri_driver};
use crate::{prerequisites, ui};
use anyhow::Result;

pub fn run(only_team: bool) -> Result<()> {
    prerequisites::for_testing()?;
    install_tauri_driver()?;
    ui::build(ui::Profile::Dev)?;
    step("program");
    execute(cargo().args(["build", "--package", "sendoff", "--features", "custom-protocol"]))?;
    execute(cargo().args(["build", "--package", "sendoff-cli"]))?;
    execute(cargo().args(["build", "--package", "testkit", "--bin", "shots"]))?;
    step("pictures");
    let scratch = Scratch::make()?;
    let folder = target().join("shots");
    let mut session = in_own_session(&scratch);
    session.args(["run", "--quiet", "--package", "testkit", "--bin", "shots", "--"]);
    let built = cargo_target()?.join("debug");
    session.args([built.join("sendoff-desktop"), built.join("sendoff"), folder]);
    session.args(only_team.then_some("team"));
    execute(session.env("SENDOFF_TAURI_DRIVER", tauri_driver()))
}
