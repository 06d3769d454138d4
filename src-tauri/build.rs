//! Declares every command of the contract to the window's access control, so that one that no capability grants is refused before
//! any code of ours runs.

use std::path::Path;

#[path = "commands.rs"]
mod commands;

fn main() {
    // the interface is embedded; a checkout that has not built it yet still compiles, and its window says so
    let interface = Path::new("target/ui-dist");
    if !interface.join("index.html").is_file() {
        if let Err(error) = std::fs::create_dir_all(interface) {
            println!("cargo:warning=the folder of the interface cannot be made: {error}");
        }
        println!("cargo:warning=the interface is not built yet: `cargo xtask ui` builds it");
    }
    // files that come or go; the content of those that stay is tracked by the compiler
    println!("cargo:rerun-if-changed=target/ui-dist");
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=src-tauri/commands.rs");
    let shell = commands::ShellCommand::ALL.map(commands::ShellCommand::name);
    let names: Vec<&'static str> = contract::TABLE.iter().map(|row| row.name).chain(shell).collect();
    refuse_what_is_not_granted(&names);
    let manifest = tauri_build::AppManifest::new().commands(names.leak());
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/*.json")
        .app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}

/// A command that the window's own capability forgets would be refused when somebody presses its button.
fn refuse_what_is_not_granted(names: &[&str]) {
    let granted = std::fs::read_to_string("src-tauri/capabilities/main.json").unwrap_or_default();
    let is_granted = |name: &&&str| granted.contains(&format!("\"allow-{}\"", name.replace('_', "-")));
    let missing: Vec<&str> = names.iter().filter(|name| !is_granted(name)).copied().collect();
    if !missing.is_empty() {
        println!("cargo:warning=src-tauri/capabilities/main.json does not grant {}", missing.join(", "));
        std::process::exit(1);
    }
}
