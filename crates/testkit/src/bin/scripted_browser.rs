//! `SENDOFF_BROWSER=scripted-browser`: what the program opens in the system's browser, a script walks through.
//!
//! The visitor comes from the environment: `VISITOR` (handle or user name), `VISITOR_PASSWORD`, `VISITOR_DECLINES=1`.
//! `VISITOR_LINKS` is the program that takes `sendoff://` links (default `xdg-open`).
//! `VISITOR_LOG` names a file to which what happened is appended.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, Result};
use testkit::browser::{Visitor, go_back, walk};

fn main() -> ExitCode {
    match visit() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            note(&format!("{error:#}"));
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn visit() -> Result<()> {
    let address = std::env::args().nth(1).context("an address")?;
    let address = url::Url::parse(&address)?;
    let text = |name: &str| std::env::var(name).unwrap_or_default();
    let visitor = Visitor {
        name: text("VISITOR"),
        password: text("VISITOR_PASSWORD"),
        declines: text("VISITOR_DECLINES") == "1",
    };
    let links = std::env::var_os("VISITOR_LINKS").unwrap_or_else(|| "xdg-open".into());
    testkit::block_on(async {
        let back = walk(&address, &visitor).await?;
        go_back(&back, &links).await
    })?;
    note("done");
    Ok(())
}

fn note(line: &str) {
    let Some(path) = std::env::var_os("VISITOR_LOG") else { return };
    if let Ok(mut log) = std::fs::OpenOptions::new().create(true).append(true).open(path) {
        // a log that cannot be written fails nothing
        let _ = writeln!(log, "{line}");
    }
}
