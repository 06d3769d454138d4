//! Queues through the window: times of the week are set up, and one key puts a post at the next free one.

use std::time::Duration;

use serde_json::json;
use testkit::until;
use testkit::window::key;

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn ada_keeps_times_free_and_fills_them_with_one_key() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("finish_welcome", &json!({}));
    let x = json!({ "network": "x", "handle": "@bakery", "url": "", "premium": false, "account": null });
    window.call("add_by_hand", &x);
    window.resize(1280, 800);

    // from nothing: the dialog says what it is for, and what is missing
    window.show("#/calendar", ".calendar");
    window.press(&[key::CONTROL, "k"]);
    window.type_keys("all queues");
    window.press(&[key::ENTER]);
    window.see("No queues");
    window.find("//*[@id='new-queue']").click();
    window.find("//*[@id='save-queue']").click();
    window.see("Enter a name.");
    window.find("//*[@id='queue-name']").click();
    window.type_keys("Recipes");
    window.set("slot-0", "09:30");
    for day in ["Sat", "Sun"] {
        window.find(&format!("//dialog[@open]//button[.='{day}']")).click();
    }
    window.find("//*[@id='save-queue']").click();
    window.see("Daily 09:30");
    window.press(&[key::ESCAPE]);

    // free times stand in the calendar until a post takes them
    window.press(&["2"]);
    window.press(&["n"]);
    let free = || window.script("return document.querySelectorAll('.ev.free').length", &[]);
    until("a week of free times", PATIENCE, || (free() == 7).then_some(()));
    let first = window.call("next_slots", &json!({ "persona": null, "accounts": [], "limit": 1 }))[0].clone();
    window.show("#/compose", ".bar h1");
    window.field("Text of part 1").click();
    window.type_keys("Rye for the weekend");
    window.see("saved");
    window.press(&[key::ALT, "q"]);
    window.see("Scheduled in “Recipes” for");
    let planned = || window.call("list_posts", &json!({ "filter": { "statuses": ["scheduled"] }, "limit": 9 }));
    assert_eq!(planned()["lines"][0]["due_at"], first["at"]);

    // a press on a free time begins a post for it
    window.show("#/calendar", ".week-grid");
    until("a week of free times", PATIENCE, || (free() == 7 || free() == 6).then_some(()));
    window.find("(//button[contains(@class, 'free')])[3]").click();
    window.field("Text of part 1").click();
    window.type_keys("Wheat in between");
    window.see("saved");
    window.press(&[key::CONTROL, key::ENTER]);
    window.see("Scheduled for");
    until("both wait", PATIENCE, || (planned()["lines"].as_array().unwrap().len() == 2).then_some(()));
    drop(window);

    // and it all stands there after a restart; deleted, the posts keep their times
    let window = desk.open();
    window.show("#/calendar", ".calendar");
    window.find("//button[@aria-label='Queues']").click();
    window.see("Daily 09:30");
    window.find("//button[@aria-label='Delete: Recipes']").click();
    window.see("No queues");
    window.press(&[key::ESCAPE]);
    window.press(&["z"]);
    window.see("Undone: deleted the queue “Recipes”");
    let planned = window.call("list_posts", &json!({ "filter": { "statuses": ["scheduled"] }, "limit": 9 }));
    assert_eq!(planned["total"], 2);
}
