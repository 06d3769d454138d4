//! Whatever is typed is kept, or it is said why not and it still stands there.

use std::time::Duration;

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
