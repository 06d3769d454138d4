//! Whatever is typed is kept, or it is said why not and it still stands there.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::until;
use testkit::window::{Window, key};

use crate::desk::{Desk, go};

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn what_is_typed_is_kept_or_still_stands_there() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("open_sample", &json!({}));
    window.see("Sample profile");
    a_persona(&window);
    a_persona_without_a_name(&window);
    a_time_zone(&window);
    servers_one_after_the_other(&window);
}

fn persona(window: &Window, name: &str) -> Option<Value> {
    let all = window.call("list_personas", &json!({}));
    all.as_array().unwrap().iter().map(|view| view["persona"]["text"].clone()).find(|text| text["name"] == name)
}

fn a_persona(window: &Window) {
    go(window, "Personas");
    window.button("New persona").click();
    window.field("Name").write("Bread School");
    window.find("//*[contains(@class, 'save-state')][.='Saved']");
    assert!(window.focus().starts_with("INPUT#persona-name"), "{}", window.focus());
    window.field("Voice").write("Patient. Explains every word.");
    // before the pause in typing that stores it
    go(window, "Accounts");
    until("the voice is stored", PATIENCE, || {
        (persona(window, "Bread School")?["voice"] == "Patient. Explains every word.").then_some(())
    });
}

fn a_persona_without_a_name(window: &Window) {
    go(window, "Personas");
    window.button("New persona").click();
    window.field("Audience").write("Children who bake.");
    go(window, "Accounts");
    until("it is stored under the usual name", PATIENCE, || {
        (persona(window, "New persona")?["audience"] == "Children who bake.").then_some(())
    });
}

fn a_time_zone(window: &Window) {
    go(window, "Settings");
    let stored = || window.call("get_program", &json!({}))["settings"]["zone"].take();
    let before = stored();
    let field = window.find("//input[@id='settings-zone']");
    field.click();
    field.write("Atlantis");
    window.press(&[key::TAB]);
    window.see("There is no such time zone");
    assert_eq!((field.read().as_str(), stored()), ("Atlantis", before));
    field.click();
    window.press(&[key::CONTROL, "a"]);
    field.write("europe/oslo");
    window.press(&[key::ENTER]);
    until("the zone is stored", PATIENCE, || (stored() == "Europe/Oslo").then_some(()));
    assert!(!window.text().contains("There is no such time zone"));
}

/// Faster than any answer comes.
fn servers_one_after_the_other(window: &Window) {
    let servers = ["10.20.0.1/32:443", "10.20.0.2/32:443", "10.20.0.3/32:443"];
    let keys = servers.map(|server| format!("{server}{}", key::ENTER)).concat();
    let field = window.field("Private address");
    field.write(&keys);
    until("all of them are stored", PATIENCE, || {
        (window.call("get_program", &json!({}))["settings"]["private_servers"] == json!(servers)).then_some(())
    });
    assert_eq!(field.read(), "");
    field.write("10.20.0.4");
    window.press(&[key::ENTER]);
    window.see("Enter an address with network size");
    assert_eq!(field.read(), "10.20.0.4");
}

/// What a sudden end may cost: text typed within this time before it.
const LOST_AT_MOST: Duration = Duration::from_millis(250);

/// The longest of some writes through the window: what a machine that is busy with other things takes for one.
fn longest_write(window: &Window) -> Duration {
    let write = |_| {
        let part = json!({ "text": "Rye", "images": [] });
        let base = json!({ "parts": [part], "content_warning": "", "visibility": "public" });
        let draft = json!({ "title": "", "persona": null, "base": base, "targets": [] });
        let begun = Instant::now();
        let post = window.call("create_post", &json!({ "draft": draft }))["post"].take();
        let took = begun.elapsed();
        window.call("delete_post", &json!({ "post": post }));
        took
    };
    (0..5).map(write).max().unwrap()
}

#[test]
fn a_program_that_is_killed_while_ada_types_has_lost_a_quarter_of_a_second_at_most() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("finish_welcome", &json!({}));
    drop(window);
    let text = "Rye is back on Saturday, come early and bring a bag of your own";
    for (round, keys) in [12, 31, 63].into_iter().enumerate() {
        let window = desk.open();
        window.show("#/compose", ".bar h1");
        let before = longest_write(&window);
        window.field("Text of part 1").click();
        let mut typed = Vec::new();
        for letter in text.chars().take(keys) {
            window.press(&[&letter.to_string()]);
            typed.push(Instant::now());
        }
        // once at once, then with pauses around the bound
        std::thread::sleep(LOST_AT_MOST / 2 * u32::try_from(round).unwrap());
        let killed = Instant::now();
        window.kill();
        let window = desk.open();
        let page = window.call("list_posts", &json!({ "filter": {}, "after": null, "limit": 1 }));
        let post = &page["lines"][0]["post"];
        let view = window.call("get_post", &json!({ "post": post }));
        let kept = view["post"]["draft"]["base"]["parts"][0]["text"].as_str().unwrap().to_owned();
        window.call("delete_post", &json!({ "post": post }));
        // one write on its way and one behind it are the least that any program loses: on a busy machine they are the bound, and
        // there a key may take as long to reach the page
        let key = typed.windows(2).map(|pair| pair[1].duration_since(pair[0])).max().unwrap();
        let bound = LOST_AT_MOST.max(2 * before.max(key).max(longest_write(&window)));
        let old = typed.iter().filter(|at| killed.duration_since(**at) >= bound).count();
        println!("{keys} keys typed, {old} of them more than {bound:?} before the end, {} kept", kept.chars().count());
        assert!(text.starts_with(&kept), "{kept:?}");
        assert!(kept.chars().count() >= old, "{kept:?} of {keys} keys, {old} of them old");
    }
}
