//! Undo and redo by the keys and in the palette, which say what they take back.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::until;
use testkit::window::{Window, key};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(30);

fn persona_names(window: &Window) -> Vec<String> {
    let list = window.call("list_personas", &json!({}));
    let name = |view: &Value| view["persona"]["text"]["name"].as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(name).collect()
}

#[test]
fn ada_steps_back_and_forth() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("finish_welcome", &json!({}));
    let base =
        json!({ "parts": [{ "text": "Rye week", "images": [] }], "content_warning": "", "visibility": "public" });
    let draft = json!({ "title": "", "persona": null, "base": base, "targets": [] });
    let post = window.call("create_post", &json!({ "draft": draft }))["post"].take();
    let text = json!({ "name": "Rye house", "voice": "", "audience": "", "color": "clay", "accounts": [] });
    window.call("save_persona", &json!({ "persona": null, "text": text }));
    window.call("delete_post", &json!({ "post": post }));
    window.show("#/", ".bar h1");

    window.press(&[key::CONTROL, "k"]);
    window.type_keys("undo");
    window.find("//dialog[@open]//*[@role='option'][contains(., 'Undo: deleted “Rye week”')]");
    window.press(&[key::ENTER]);
    window.see("Undone: deleted “Rye week”");
    let drafts = || window.call("get_today", &json!({}))["draft_count"].clone();
    until("the post is back", PATIENCE, || (drafts() == 1).then_some(()));
    window.press(&["z"]);
    window.see("Undone: added “Rye house”");
    assert!(persona_names(&window).is_empty());
    window.press(&[key::SHIFT, "z"]);
    window.see("Redone: added “Rye house”");
    assert_eq!(persona_names(&window), ["Rye house"]);
    window.press(&[key::SHIFT, "z"]);
    window.see("Redone: deleted “Rye week”");
    until("the post is gone again", PATIENCE, || (drafts() == 0).then_some(()));
    window.press(&[key::SHIFT, "z"]);
    window.see("There is nothing to redo.");
}
