//! What stands around a window on a desktop: the keyring and the notifications.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::process::Process;
use crate::wait::until;

/// Unlocks the keyring of this session bus, starting it if need be.
///
/// # Panics
/// There is no keyring to be had.
pub fn unlock_keyring() {
    let mut command = Command::new("gnome-keyring-daemon");
    command
        .args(["--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("gnome-keyring-daemon starts");
    child.stdin.take().expect("a pipe").write_all(b"pw").expect("it reads its password");
    assert!(child.wait().expect("it answers").success(), "the keyring does not open");
}

/// Starts the notification service of this session bus.
///
/// # Panics
/// It does not start.
pub fn watch_notifications() -> Process {
    let service = Process::start(Command::new("dunst"));
    until("the notification service answers", Duration::from_secs(20), || {
        let asked = Command::new("dunstctl").arg("count").stdout(Stdio::null()).stderr(Stdio::null()).status();
        asked.is_ok_and(|status| status.success()).then_some(())
    });
    service
}

/// A notification that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Grows with every notification of the service.
    pub id: i64,
    pub title: String,
    pub body: String,
}

/// Every notification that the service still knows, the latest first: also those of other programs on this session bus.
///
/// # Panics
/// The service does not answer.
pub fn notifications() -> Vec<Notification> {
    // those on the screen count when they are moved to the history
    let closed = Command::new("dunstctl").arg("close-all").status();
    assert!(closed.is_ok_and(|status| status.success()), "the notification service answers");
    let told = Command::new("dunstctl").arg("history").output().expect("dunstctl").stdout;
    let history: Value = serde_json::from_slice(&told).expect("JSON");
    let all = history["data"].as_array().into_iter().flatten().flat_map(|list| list.as_array().into_iter().flatten());
    let text = |notice: &Value, name: &str| notice[name]["data"].as_str().unwrap_or_default().to_owned();
    all.map(|notice| Notification {
        id: notice["id"]["data"].as_i64().unwrap_or_default(),
        title: text(notice, "summary"),
        body: text(notice, "body"),
    })
    .collect()
}

/// Waits until a notification is on the screen, and clicks it.
///
/// # Panics
/// None comes.
pub fn click_the_notification(patience: Duration) {
    until("a notification is on the screen", patience, || {
        let counted = Command::new("dunstctl").args(["count", "displayed"]).output().expect("dunstctl").stdout;
        (String::from_utf8_lossy(&counted).trim() != "0").then_some(())
    });
    let clicked = Command::new("dunstctl").args(["action", "0"]).status();
    assert!(clicked.is_ok_and(|status| status.success()), "the notification can be clicked");
}
