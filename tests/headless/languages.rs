//! Ada speaks German: so does everything that the program tells her outside of its window.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use testkit::HandClock;
use testkit::inside::{Ground, Inside};

use crate::ada;
use crate::servers_or_skip;

#[test]
fn what_is_told_outside_of_the_window_is_told_in_the_persons_language() {
    let (_, mastodon) = servers_or_skip!();
    let (folder, ground, clock) = (tempfile::tempdir().unwrap(), Ground::default(), Arc::new(HandClock::real()));
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    ada::set_up(&laptop, &mastodon.url);
    let account = ada::connect_in_browser(&laptop, ada::mastodon_request(&mastodon.url, None), "ada", "").unwrap();
    let mut settings = laptop.call("get_program", json!({})).unwrap()["settings"].take();
    settings["language"] = json!("german");
    settings["theme"] = json!("dark");
    laptop.call("change_settings", json!({ "settings": settings })).unwrap();

    let post = ada::write(&laptop, &ada::content(&["Zu spät"]), &[&account]);
    ada::schedule(&laptop, &post, 600).unwrap();
    clock.sleep_through(Duration::from_secs(6 * 3600));
    ada::until_status(&laptop, &post, "missed");
    assert_eq!(ground.desktop.titles(), ["Ein Beitrag wurde nicht gesendet"]);
    let today = laptop.call("get_today", json!({})).unwrap();
    let sentence = today["trouble"][0]["sentence"].as_str().unwrap();
    assert!(sentence.contains("Veröffentlichen Sie den Beitrag jetzt"), "{sentence}");
    let log = laptop.call("get_job_log", json!({ "job": today["trouble"][0]["job"]["id"] })).unwrap();
    assert_eq!(log["entries"][0]["sentence"], "Geplant und freigegeben.");

    laptop.call("open_sample", json!({})).unwrap();
    let sample = laptop.call("get_program", json!({})).unwrap();
    assert_eq!(sample["sample"], json!(true));
    assert_eq!((&sample["settings"]["language"], &sample["settings"]["theme"]), (&json!("german"), &json!("dark")));
    laptop.end();
}
