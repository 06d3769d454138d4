//! The system's keyring, real: each story runs in a session bus of its own with its own home, by starting this very program again.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use adapters::SystemKeyring;
use engine::ports::{Keyring, KeyringError};

const KEY: [u8; 32] = [7; 32];
const ENTRY: &str = "profile-of-ada";
/// Starts a keyring that opens with a password, as a login does.
const OPEN: &str = "printf ada | gnome-keyring-daemon --unlock --components=secrets >/dev/null";
/// Starts it as a login without a password does.
const CLOSED: &str = "gnome-keyring-daemon --start --components=secrets >/dev/null";

#[test]
fn an_open_keyring_keeps_replaces_and_forgets_a_key() {
    let home = tempfile::tempdir().unwrap();
    in_session(home.path(), OPEN, "inside_open");
}

#[test]
#[ignore = "runs inside a session of its own"]
fn inside_open() {
    let keyring = SystemKeyring::default();
    assert_eq!(keyring.get(ENTRY), Ok(None));
    assert_eq!(keyring.delete(ENTRY), Ok(()));
    for key in [KEY, [9; 32]] {
        keyring.set(ENTRY, &key).unwrap();
        assert_eq!(keyring.get(ENTRY).unwrap().unwrap().as_slice(), key);
    }
    assert_eq!(keyring.get("profile-of-ben"), Ok(None));
    keyring.delete(ENTRY).unwrap();
    assert_eq!(keyring.get(ENTRY), Ok(None));
}

#[test]
fn a_locked_keyring_is_told_from_one_without_the_entry() {
    let home = tempfile::tempdir().unwrap();
    in_session(home.path(), OPEN, "inside_leave_a_key");
    let file = home.path().join(".local/share/keyrings/login.keyring");
    let before = std::fs::read(&file).unwrap();
    in_session(home.path(), CLOSED, "inside_locked");
    assert_eq!(std::fs::read(&file).unwrap(), before, "a locked keyring was changed");
    in_session(home.path(), OPEN, "inside_find_the_key");
}

#[test]
#[ignore = "runs inside a session of its own"]
fn inside_leave_a_key() {
    SystemKeyring::default().set(ENTRY, &KEY).unwrap();
}

#[test]
#[ignore = "runs inside a session of its own"]
fn inside_locked() {
    let keyring = SystemKeyring::default();
    assert_eq!(keyring.get(ENTRY), Err(KeyringError::Locked));
    assert_eq!(keyring.get("profile-of-ben"), Err(KeyringError::Locked));
    assert_eq!(keyring.set(ENTRY, &[1; 32]), Err(KeyringError::Locked));
    assert_eq!(keyring.delete(ENTRY), Err(KeyringError::Locked));
}

#[test]
#[ignore = "runs inside a session of its own"]
fn inside_find_the_key() {
    assert_eq!(SystemKeyring::default().get(ENTRY).unwrap().unwrap().as_slice(), KEY);
}

#[test]
fn a_keyring_that_was_never_set_up_is_empty_and_takes_nothing_without_a_person() {
    let home = tempfile::tempdir().unwrap();
    in_session(home.path(), CLOSED, "inside_never_set_up");
}

#[test]
#[ignore = "runs inside a session of its own"]
fn inside_never_set_up() {
    let keyring = SystemKeyring::default();
    assert_eq!(keyring.get(ENTRY), Ok(None));
    assert_eq!(keyring.set(ENTRY, &KEY), Err(KeyringError::Locked));
}

#[test]
fn no_bus_and_no_service_are_no_keyring() {
    let home = tempfile::tempdir().unwrap();
    let nobody = home.path().join("nobody.conf");
    let rules = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context=\"default\">\
                 <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>";
    std::fs::write(&nobody, rules).unwrap();
    for (prelude, arguments) in [
        ("export DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent/bus", None),
        ("export DBUS_SESSION_BUS_ADDRESS=nonsense", None),
        (":", Some(format!("--config-file={}", nobody.display()))),
    ] {
        session(home.path(), prelude, "inside_nothing", arguments.as_deref());
    }
}

#[test]
#[ignore = "runs inside a session of its own"]
fn inside_nothing() {
    let keyring = SystemKeyring::default();
    assert_eq!(keyring.get(ENTRY), Err(KeyringError::NoBackend));
    assert_eq!(keyring.set(ENTRY, &KEY), Err(KeyringError::NoBackend));
}

#[test]
fn a_keyring_that_hangs_gives_the_caller_back() {
    let home = tempfile::tempdir().unwrap();
    let owner = "$(gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus \
                 -m org.freedesktop.DBus.GetConnectionUnixProcessID org.freedesktop.secrets | tr -cd '0-9 ' | awk '{print $NF}')";
    in_session(
        home.path(),
        &format!(
            "{OPEN}; gdbus wait --session org.freedesktop.secrets; daemon={owner}; kill -STOP $daemon; trap \"kill -KILL $daemon\" EXIT"
        ),
        "inside_hang",
    );
}

#[test]
#[ignore = "runs inside a session of its own"]
fn inside_hang() {
    let started = Instant::now();
    let answer = SystemKeyring::with_patience(Duration::from_millis(300)).get(ENTRY);
    assert_eq!(answer, Err(KeyringError::NoAnswer));
    assert!(started.elapsed() < Duration::from_secs(5));
}

fn in_session(home: &Path, prelude: &str, inside: &str) {
    session(home, prelude, inside, None);
}

/// Runs the test `inside` of this program after `prelude`, on a session bus of its own.
fn session(home: &Path, prelude: &str, inside: &str, bus: Option<&str>) {
    if let Some(missing) = ["dbus-run-session", "gnome-keyring-daemon", "gdbus"].into_iter().find(|name| !on_path(name))
    {
        assert!(std::env::var_os("CI").is_none(), "{missing} is not installed");
        println!("skipped: {missing} is not installed");
        return;
    }
    let runtime = home.join("run");
    adapters::own_folder(&runtime).unwrap();
    let this = std::env::current_exe().unwrap();
    let script = format!("{prelude}\n'{}' --ignored --exact {inside} --nocapture", this.display());
    let output = Command::new("dbus-run-session")
        .args(bus)
        .args(["--", "sh", "-c", &script])
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", &runtime)
        .env_remove("XDG_DATA_HOME")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{inside} after `{prelude}`:\n{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn on_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}
