//! System packages: which are missing, and how they come onto this machine.

use crate::process::{note, on_path, output, run, step, succeeds};
use anyhow::{Result, bail};
use std::collections::BTreeSet;
use std::process::Command;

/// What the program is built from, by Debian's names.
pub const BUILD: &[&str] = &["libayatana-appindicator3-dev", "libdbus-1-dev", "libwebkit2gtk-4.1-dev", "pkg-config"];

/// What the suite needs on top: the real window without a screen, a session bus, a keyring, notifications, deep links, the
/// zones of the world, what videos are re-encoded with, the server's other database, and what the servers that the tests talk
/// to are built from.
pub const TEST: &[&str] = &[
    "dbus-daemon",
    "dbus-x11",
    "desktop-file-utils",
    "dunst",
    "ffmpeg",
    "g++",
    "gnome-keyring",
    "libglib2.0-bin",
    "make",
    "postgresql",
    "python3",
    "python3-venv",
    "tzdata",
    "webkit2gtk-driver",
    "xauth",
    "xdg-utils",
    "xvfb",
];

/// What the Windows executables are linked with.
pub const WINDOWS: &[&str] = &["gcc-mingw-w64-x86-64"];

/// Sees to it that the system packages are there: installs them where that is allowed, else says what to do.
pub fn ensure(packages: &[&str]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    if !on_path("dpkg-query") {
        return elsewhere_on_linux();
    }
    let missing = missing(packages)?;
    if missing.is_empty() {
        return Ok(());
    }
    step(&format!("system packages: {} missing", missing.len()));
    note(&missing.join(" "));
    install(&missing)
}

/// Those of `packages` that are not fully installed, in the order given.
fn missing<'a>(packages: &[&'a str]) -> Result<Vec<&'a str>> {
    // answers with an error when one name is unknown to it, and still lists the others
    let answer = Command::new("dpkg-query")
        .args(["--show", "--showformat", "${Package} ${db:Status-Status}\n"])
        .args(packages)
        .output()?;
    let installed = installed(&String::from_utf8_lossy(&answer.stdout));
    Ok(packages.iter().copied().filter(|name| !installed.contains(*name)).collect())
}

fn installed(listing: &str) -> BTreeSet<String> {
    listing
        .lines()
        .filter_map(|line| line.strip_suffix(" installed"))
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

fn install(packages: &[&str]) -> Result<()> {
    let by_hand = format!("apt-get update && sudo apt-get install -y {}", packages.join(" "));
    let as_root = output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let apt = |arguments: &[&str]| {
        let mut command = if as_root {
            Command::new("apt-get")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            sudo
        };
        command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
        command
    };
    if !on_path("apt-get") || !(as_root || succeeds(Command::new("sudo").args(["-n", "true"]))) {
        bail!("this needs system packages that you have to install. Run:\n\n    sudo {by_hand}\n");
    }
    let wanted = [&["install", "-y", "--no-install-recommends"], packages].concat();
    // the lists may be absent or old, which only shows when the download is refused
    if run(&mut apt(&wanted)).is_ok() {
        return Ok(());
    }
    note("refreshing the package lists and trying once more");
    run(&mut apt(&["update"]))?;
    run(&mut apt(&wanted))
}

/// Linux without dpkg: the compiler's own way of finding libraries decides, and the names are given for the two usual families.
fn elsewhere_on_linux() -> Result<()> {
    let libraries = ["webkit2gtk-4.1", "dbus-1"];
    if libraries.iter().all(|name| succeeds(Command::new("pkg-config").args(["--exists", name]))) {
        return Ok(());
    }
    bail!(
        "this needs system packages that you have to install. Run one of:\n\n    \
         Fedora: sudo dnf install webkit2gtk4.1-devel libayatana-appindicator-gtk3 dbus-devel pkgconf gcc\n    \
         Arch:   sudo pacman -S --needed webkit2gtk-4.1 libayatana-appindicator dbus pkgconf base-devel\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fully_installed_packages_count() {
        let listing = "xvfb installed\nlibssl-dev config-files\nmake installed\ndunst half-installed\n";
        assert_eq!(installed(listing), BTreeSet::from(["xvfb".to_owned(), "make".to_owned()]));
    }
}
