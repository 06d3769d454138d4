//! By keyboard alone: whatever was done, the focus stays in the page, at the place where one goes on.

use std::time::Duration;

use serde_json::json;
use testkit::until;
use testkit::window::{Window, key};

use crate::desk::Desk;

#[test]
fn the_first_start_needs_no_pointer() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    let hands = Hands { window: &window };
    hands.are_at("INPUT#person");
    window.type_keys("Ada");
    hands.press("Next");
    hands.are_at("H2# Create the vault");
    hands.press("Create the vault");
    hands.are_at("H2# Write down the recovery key");
    let recovery = window.find("//*[contains(@class, 'recovery-key')]").read();
    hands.press("I’ve written it down");
    hands.are_at("INPUT#recovery-key");
    window.type_keys("wrong");
    window.press(&[key::ENTER]);
    window.find("//*[contains(@class, 'field-error')]");
    hands.are_at("INPUT#recovery-key");
    window.press(&[key::CONTROL, "a"]);
    window.type_keys(&recovery.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase());
    window.press(&[key::ENTER]);
    hands.are_at("H1# How would you like to start?");

    hands.press("Connect an account");
    hands.are_at("BUTTON#choose-bluesky");
    window.press(&[key::ENTER]);
    hands.are_at("INPUT#connect-handle");
    window.press(&[key::ENTER]);
    window.find("//dialog//*[contains(@class, 'field-error')]");
    hands.are_at("INPUT#connect-handle");
    window.type_keys("ada.example.invalid");
    window.press(&[key::ENTER]);
    hands.are_at("BUTTON#connect-again");
    window.press(&[key::ESCAPE]);
    hands.are_at("BUTTON# Connect an account");

    hands.press("Start with an empty calendar");
    window.find("//nav//a[@aria-current='page'][contains(., 'Today')]");
    hands.are_at("MAIN#screen");
}

#[test]
fn what_is_done_leaves_the_focus_in_the_page() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("open_sample", &json!({}));
    window.see("Sample profile");
    let hands = Hands { window: &window };

    window.show("#/personas", ".persona-editor");
    hands.press("Delete");
    window.see("deleted");
    hands.are_somewhere();
    window.press(&["z"]);
    window.see("Undone");
    hands.are_somewhere();

    window.show("#/accounts", ".account");
    hands.press("Connect an account");
    hands.are_at("BUTTON#choose-bluesky");
    window.press(&[key::ESCAPE]);
    hands.are_at("BUTTON#connect-account");

    window.press(&[key::CONTROL, "k"]);
    hands.are_at("INPUT#");
    window.press(&[key::ESCAPE]);
    hands.are_at("BUTTON#connect-account");
}

struct Hands<'a> {
    window: &'a Window,
}

impl Hands<'_> {
    /// Goes with Tab to the link or button of that name, and presses it.
    fn press(&self, name: &str) {
        let mut seen = Vec::new();
        for _ in 0..80 {
            let at = self.window.focus();
            if at.ends_with(name) && (at.starts_with("BUTTON") || at.starts_with('A')) {
                return self.window.press(&[key::ENTER]);
            }
            seen.push(at);
            self.window.press(&[key::TAB]);
        }
        panic!("Tab does not lead to {name:?}{}: {seen:#?}", self.window.fault());
    }

    fn are_at(&self, place: &str) {
        let mut last = String::new();
        let begun = std::time::Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            last = self.window.focus();
            if last.starts_with(place) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the focus is at {last:?}, not at {place:?}");
    }

    fn are_somewhere(&self) {
        until("the focus is in the page", Duration::from_secs(5), || (self.window.focus() != "BODY").then_some(()));
    }
}
