//! What must be there before anything is built, on each operating system.

use crate::debian;
use crate::process::{note, on_path, output, run, step};
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// Everything that building and starting the program needs.
pub fn for_building() -> Result<()> {
    debian::ensure(debian::BUILD)?;
    if cfg!(target_os = "macos") && !crate::process::succeeds(Command::new("xcode-select").arg("-p")) {
        bail!("the compiler of macOS is missing. Run:\n\n    xcode-select --install\n");
    }
    if cfg!(windows) && !windows_has_webview() {
        bail!(
            "the WebView2 runtime is missing (Windows 11 has it, Windows 10 may not). Run:\n\n    \
             winget install Microsoft.EdgeWebView2Runtime\n"
        );
    }
    Ok(())
}

/// Everything that the suite needs on top.
pub fn for_testing() -> Result<()> {
    let packages = [debian::BUILD, debian::TEST].concat();
    debian::ensure(&packages)?;
    for_building()?;
    for (program, why) in [("npm", "Node (https://nodejs.org) brings it"), (PYTHON, "https://www.python.org has it")] {
        if !on_path(program) {
            bail!("`{program}` is missing, and the servers that the tests talk to need it: {why}");
        }
    }
    if !on_path("ffmpeg") {
        bail!("`ffmpeg` is missing, and the stories re-encode a video with it: https://ffmpeg.org has it");
    }
    Ok(())
}

/// What Python is called here.
pub const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };

/// Adds a compilation target to the toolchain, unless it is there.
pub fn rust_target(target: &str) -> Result<()> {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(target).join("lib").is_dir() {
        return Ok(());
    }
    step(&format!("Rust target {target}"));
    if on_path("rustup") && run(Command::new("rustup").args(["target", "add", target])).is_ok() {
        return Ok(());
    }
    note(&format!("the toolchain in {} has no {target}, and rustup could not add it", sysroot.trim()));
    bail!(
        "add the target by hand, then run this again:\n\n    \
         rustup target add {target}        (toolchain from https://rustup.rs)\n    \
         sudo apt-get install {}   (toolchain from Debian)\n",
        if target.starts_with("wasm32") { "libstd-rust-dev-wasm32" } else { "libstd-rust-dev-windows" }
    )
}

/// The runtime registers itself under this key, for the machine or for one person:
/// https://learn.microsoft.com/microsoft-edge/webview2/concepts/distribution (read 2026-11).
fn windows_has_webview() -> bool {
    const CLIENT: &str = r"Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";
    [r"HKLM\SOFTWARE\WOW6432Node\", r"HKLM\SOFTWARE\", r"HKCU\Software\"].iter().any(|hive| {
        crate::process::succeeds(Command::new("reg").args(["query", &format!("{hive}{CLIENT}"), "/v", "pv"]))
    })
}
