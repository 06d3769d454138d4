//! Ben closes the window and goes to lunch. His post goes out all the same, and the notification leads back to it.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::servers::servers;
use testkit::window::{Screen, Window, click_the_notification, notifications};
use testkit::{BlueskyPerson, until};

use crate::desk::{Desk, signed_up};

const A_WHILE: Duration = Duration::from_secs(90);
const KEPT: &str = "Sendoff keeps running";

#[test]
fn a_closed_window_keeps_publishing_and_its_notification_leads_back() {
    let (Some((pds, _)), Some(desk)) = (servers(), Desk::new()) else { return };
    let ben = BlueskyPerson::new(pds, "ben");
    let window = desk.open();
    window.see("Welcome to Sendoff");
    let account = signed_up(&window, pds, &ben);
    let words = format!("Back after lunch {}", testkit::people::unique());
    let post = schedule(&window, &account, &words);
    window.show("#/", ".bar h1");

    let screen = Screen::with_the_window_of("sendoff-desktop");
    screen.press_the_cross();
    screen.wait_until_shown(false);
    until("the desktop says that it goes on", A_WHILE, || (times_said(&desk) == 1).then_some(()));
    assert_eq!(ben.posts_with(&words).len(), 0, "it is not due yet");

    until("the post is on the server", A_WHILE, || (ben.posts_with(&words).len() == 1).then_some(()));
    screen.wait_until_shown(false);
    click_the_notification(A_WHILE);
    screen.wait_until_shown(true);
    window.see(&words);
    window.see("Published");
    assert_eq!(window.script("return location.hash", &[]), json!(format!("#/compose/{post}")));
    let live = desk.told().into_iter().filter(|notice| notice.title == "Your post is live").count();
    assert_eq!(live, 1, "{:?}", notifications());

    // once is enough
    screen.press_the_cross();
    screen.wait_until_shown(false);
    let mut again = desk.command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let ended = until("the second start ends", A_WHILE, || again.try_wait().unwrap());
    assert!(ended.success(), "{ended}");
    screen.wait_until_shown(true);
    assert_eq!(window.script("return document.visibilityState", &[]), json!("visible"));
    assert_eq!((times_said(&desk), ben.posts_with(&words).len()), (1, 1));
}

fn times_said(desk: &Desk) -> usize {
    desk.told().into_iter().filter(|notice| notice.title == KEPT).count()
}

/// For twelve seconds ahead: time enough to close the window.
fn schedule(window: &Window, account: &str, words: &str) -> String {
    let base = json!({ "parts": [{ "text": words, "images": [] }], "content_warning": "", "visibility": "public" });
    let targets = json!([{ "account": account, "variant": null }]);
    let draft = json!({ "title": "", "persona": null, "base": base, "targets": targets });
    let written = window.call("create_post", &json!({ "draft": draft }));
    let now: jiff::Timestamp = window.call("get_program", &json!({}))["now"].as_str().unwrap().parse().unwrap();
    let due = now.checked_add(jiff::SignedDuration::from_secs(12)).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
    let local = due.datetime().round(jiff::Unit::Second).unwrap();
    let when = json!({ "local": local.to_string(), "zone": "UTC", "fold": "first" });
    let request = json!({ "post": written["post"], "read": written["version"], "when": when });
    let scheduled: Value = window.call("schedule_post", &request);
    assert_eq!(scheduled["status"], "scheduled");
    written["post"].as_str().unwrap().to_owned()
}
