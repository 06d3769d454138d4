//! The emoji picker: an emoji is found by a few letters of its name, in both languages, and comes where the caret is.

use std::time::Duration;

use serde_json::json;
use testkit::window::{Window, key};
use testkit::{until, until_is};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(20);

fn reads(window: &Window, wanted: &str) {
    let field = "return document.querySelector('textarea[data-part=\"0\"]')?.value";
    until_is("the text", wanted, PATIENCE, || window.script(field, &[]));
}

fn best(window: &Window, wanted: &str) {
    let first = "return document.getElementById('emoji-0')?.textContent";
    until_is("the first", wanted, PATIENCE, || window.script(first, &[]));
    // the list is in the page a moment before the dialog has the keys
    until("the dialog has the keys", PATIENCE, || window.focus().starts_with("INPUT#emoji-find").then_some(()));
}

#[test]
fn ada_finds_emoji_by_their_names_without_the_mouse() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("finish_welcome", &json!({}));
    window.resize(1280, 800);
    window.show("#/compose", ".bar h1");
    window.field("Text of part 1").click();
    window.type_keys("Rye at noon");
    reads(&window, "Rye at noon");
    window.script("document.activeElement.setSelectionRange(3, 3)", &[]);
    window.press(&[key::CONTROL, "e"]);
    best(&window, "😀");
    window.type_keys("bread");
    best(&window, "🍞");
    window.press(&[key::ENTER]);
    reads(&window, "Rye🍞 at noon");
    // the caret is behind it
    window.type_keys("!");
    reads(&window, "Rye🍞! at noon");
    window.press(&[key::CONTROL, "a"]);
    window.type_keys("Rye at noon");
    reads(&window, "Rye at noon");
    window.script("document.activeElement.setSelectionRange(3, 3)", &[]);

    // what was used comes first, by the other language as well, and the arrows go through the rows
    window.press(&[key::CONTROL, "e"]);
    best(&window, "🍞");
    window.type_keys("croissant");
    best(&window, "🥐");
    window.press(&[key::ENTER]);
    reads(&window, "Rye🥐 at noon");
    window.press(&[key::CONTROL, "e"]);
    best(&window, "🥐");
    window.press(&[key::RIGHT]);
    window.press(&[key::ENTER]);
    reads(&window, "Rye🥐🍞 at noon");
    window.press(&[key::CONTROL, "e"]);
    best(&window, "🍞");
    window.type_keys("traub");
    best(&window, "🍇");
    window.press(&[key::ESCAPE]);
    reads(&window, "Rye🥐🍞 at noon");

    // a page that is so slow that nothing is drawn in one go: whatever is drawn takes the whole time that the scheduler has
    window.script("const now = Date.now; let late = 0; Date.now = () => now() + (late += 20)", &[]);
    window.press(&[key::CONTROL, "e"]);
    best(&window, "🍞");
    window.type_keys("traub");
    best(&window, "🍇");
    window.press(&[key::ENTER]);
    reads(&window, "Rye🥐🍞🍇 at noon");
}
