//! `cargo xtask tidy`: the rules of `docs/architecture.md` that a program can check.
//!
//! Each rule is a function over facts (the dependency graph, the tracked files, the configuration) that answers what is
//! wrong, so that its tests can plant a violation. Everything wrong is listed at once.

mod calls;
mod configuration;
mod dependencies;
mod files;
mod migrations;
mod names;
mod sizes;
mod wire_names;
mod words;

use crate::process::{note, step};
use anyhow::{Result, bail};
use files::Tracked;

pub fn run() -> Result<()> {
    let tracked = Tracked::read()?;
    let graph = dependencies::Graph::read()?;
    let mut wrong = 0;
    let mut report = |rule: &str, violations: Vec<String>| {
        step(&format!("{rule}: {}", if violations.is_empty() { "as it should be" } else { "NOT as it should be" }));
        for violation in &violations {
            note(violation);
        }
        wrong += violations.len();
    };
    report("who depends on whom", dependencies::check(&graph));
    report("security settings", configuration::check(&tracked, &graph));
    report("file sizes", sizes::too_long(&tracked));
    report("names of types", names::check(&tracked));
    report("banned calls", calls::check(&tracked));
    report("banned words", words::check(&tracked));
    report("wire names", wire_names::check(&tracked));
    report("migrations", migrations::check(&tracked, &migrations::History::read()?));

    let long = sizes::long(&tracked);
    if !long.is_empty() {
        step("files that want a second look (over 400 lines, not an error)");
        for line in long {
            note(&line);
        }
    }
    if wrong > 0 {
        bail!("{wrong} {} to put right", if wrong == 1 { "thing" } else { "things" });
    }
    Ok(())
}
