//! Posts on hold through the window: held in the calendar, seen on Today and in Compose, and resumed.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::until;
use testkit::window::key;

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn ada_holds_a_post_back_and_resumes_it() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("finish_welcome", &json!({}));
    let x = json!({ "network": "x", "handle": "@bakery", "url": "", "premium": false, "account": null });
    let account = window.call("add_by_hand", &x)["account"].take();
    window.resize(1280, 800);
    let part = json!({ "text": "Rye is back", "images": [] });
    let base = json!({ "parts": [part], "content_warning": "", "visibility": "public" });
    let draft =
        json!({ "title": "", "persona": null, "base": base, "targets": [{ "account": account, "variant": null }] });
    let post = window.call("create_post", &json!({ "draft": draft }))["post"].take();
    let program = window.call("get_program", &json!({}));
    let now: jiff::Timestamp = program["now"].as_str().unwrap().parse().unwrap();
    let soon = now.to_zoned(jiff::tz::TimeZone::get(program["zone"].as_str().unwrap()).unwrap());
    let local = soon.datetime().checked_add(jiff::Span::new().minutes(2)).unwrap().round(jiff::Unit::Second).unwrap();
    let when = json!({ "local": local, "zone": program["zone"] });
    window.call("schedule_post", &json!({ "post": post, "read": 1, "when": when }));
    let status = || window.call("get_post", &json!({ "post": post }))["post"]["status"].clone();
    let is = |wanted: &str| until(wanted, PATIENCE, || (status() == wanted).then_some(()));

    // the post in the calendar, by its key, and back by the key that takes back
    window.show("#/calendar", ".calendar");
    window.press(&["2"]);
    window.find("//*[contains(@class, 'week-grid')]//*[contains(@class, 'ev ')]");
    window.press(&["j"]);
    window.find("//*[contains(@class, 'ev ')][contains(@class, 'selected')]");
    window.press(&["h"]);
    window.see("“Rye is back” is on hold");
    is("held");
    window.find("//*[contains(@class, 'ev ') and contains(@class, 'held')]");
    window.press(&["z"]);
    window.see("Undone: put on hold “Rye is back”");
    is("scheduled");
    window.find("//*[contains(@class, 'ev ')][contains(@class, 'scheduled')]");
    window.press(&["h"]);
    is("held");

    // in Compose it says so, and a new time leaves it on hold
    window.press(&[key::ENTER]);
    window.see("it keeps its time and does not go out until you resume it");
    window.find("//*[@id='resume-post']");
    drop(window);

    // after a restart Today shows it, and lets it go
    let window = desk.open();
    window.show("#/", "#on-hold");
    window.see("1 post not going out");
    window.find("//*[@id='on-hold']//button[contains(., 'Resume')]").click();
    window.see("“Rye is back” resumed");
    let stands = |wanted: &[&str]| {
        until("it goes on", PATIENCE, || {
            let post = window.call("get_post", &json!({ "post": post }))["post"]["status"].take();
            matches!(&post, Value::String(post) if wanted.contains(&post.as_str())).then_some(())
        });
    };
    // by hand, so at its time it is Ada's turn
    stands(&["scheduled", "your_turn"]);
    assert_eq!(window.script("return !!document.querySelector('#on-hold')", &[]), false);
}
