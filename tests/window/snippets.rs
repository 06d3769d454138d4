//! Snippets through the window: written once, found by a few letters, put where the caret is.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::window::{Window, key};
use testkit::{until, until_is};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(20);

/// The texts of the post that was changed last.
fn texts(window: &Window) -> Vec<String> {
    let page = window.call("list_posts", &json!({ "filter": {}, "after": null, "limit": 1 }));
    let Some(post) = page["lines"][0]["post"].as_str() else { return Vec::new() };
    let view = window.call("get_post", &json!({ "post": post }));
    let text = |part: &Value| part["text"].as_str().unwrap().to_owned();
    view["post"]["draft"]["base"]["parts"].as_array().unwrap().iter().map(text).collect()
}

fn stored(window: &Window, wanted: &[&str]) {
    until_is("what is stored", wanted, PATIENCE, || texts(window));
}

#[test]
fn ada_writes_snippets_once_and_puts_them_into_posts_by_keys() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("finish_welcome", &json!({}));
    let x = json!({ "network": "x", "handle": "@bakery", "url": "", "premium": false, "account": null });
    let account = window.call("add_by_hand", &x)["account"].take();
    let persona = json!({ "name": "Bakery", "color": "fern", "voice": "", "audience": "", "accounts": [account] });
    window.call("save_persona", &json!({ "persona": null, "text": persona }));
    window.resize(1280, 800);

    // from nothing: the dialog says what it is for, and what is missing
    window.show("#/", ".bar h1");
    window.press(&[key::CONTROL, "k"]);
    window.type_keys("all snippets");
    window.press(&[key::ENTER]);
    window.see("No snippets");
    window.find("//*[@id='new-snippet']").click();
    window.find("//*[@id='save-snippet']").click();
    window.see("Enter a name.");
    window.find("//*[@id='snippet-name']").click();
    window.type_keys("Bread tags");
    window.find("//*[@id='snippet-text']").click();
    window.type_keys("bread, sourdough");
    window.find("//*[@id='save-snippet']").click();
    window.see("#bread #sourdough");
    window.find("//*[@id='new-snippet']").click();
    window.find("//label[.='Signature']").click();
    window.find("//*[@id='snippet-name']").click();
    window.type_keys("Below");
    window.find("//*[@id='snippet-text']").click();
    window.type_keys("The bakers");
    let bakery = window.call("list_personas", &json!({}))[0]["persona"]["id"].take();
    window.set("snippet-persona", bakery.as_str().unwrap());
    window.press(&[key::CONTROL, key::ENTER]);
    window.see("below new posts by itself");
    window.press(&[key::ESCAPE]);

    // a new post of the persona is signed, and the caret is above
    window.press(&["c"]);
    let field = window.field("Text of part 1");
    until("the post is signed", PATIENCE, || (field.read() == "\n\nThe bakers").then_some(()));
    until("the caret is in the text", PATIENCE, || window.focus().starts_with("TEXTAREA").then_some(()));
    window.type_keys("Rye at noon");
    stored(&window, &["Rye at noon\n\nThe bakers"]);

    // a few letters put the tags where the caret is, which goes on behind them
    window.press(&[key::CONTROL, "j"]);
    window.find("//*[@id='finder']");
    window.type_keys("brtag");
    window.press(&[key::ENTER]);
    stored(&window, &["Rye at noon #bread #sourdough\n\nThe bakers"]);
    window.type_keys(" now");
    stored(&window, &["Rye at noon #bread #sourdough now\n\nThe bakers"]);
    window.field("Text of part 1").click();
    window.press(&[key::CONTROL, "a"]);
    window.type_keys("Rye at noon");
    stored(&window, &["Rye at noon"]);
    window.press(&[key::CONTROL, "k"]);
    window.type_keys("insert bread");
    window.press(&[key::ENTER]);
    stored(&window, &["Rye at noon #bread #sourdough"]);
    window.press(&[key::CONTROL, "k"]);
    window.type_keys("signature");
    window.press(&[key::ENTER]);
    stored(&window, &["Rye at noon #bread #sourdough\n\nThe bakers"]);

    // the post becomes a template, without its signature; a new post begins with it, signed again
    window.press(&[key::CONTROL, "k"]);
    window.type_keys("as a template");
    window.press(&[key::ENTER]);
    let text = window.find("//*[@id='snippet-text']").read();
    assert!(text.starts_with("Rye at noon") && !text.contains("bakers"), "{text}");
    window.find("//*[@id='snippet-text']").click();
    window.press(&[key::CONTROL, "a"]);
    window.type_keys("Out of the oven:");
    window.press(&[key::ENTER]);
    window.type_keys("---");
    window.press(&[key::ENTER]);
    window.type_keys("Until it is gone.");
    window.find("//*[@id='save-snippet']").click();
    window.see("” saved");
    until("the dialog is closed", PATIENCE, || window.look_for("//dialog[@open]").is_none().then_some(()));
    window.script("document.activeElement.blur()", &[]);
    window.press(&[key::SHIFT, "c"]);
    window.find("//*[@id='finder']");
    window.type_keys("rye");
    window.press(&[key::ENTER]);
    window.see("Draft made from “Rye at noon");
    stored(&window, &["Out of the oven:", "Until it is gone.\n\nThe bakers"]);
    drop(window);

    // it all stands there after a restart; what is deleted comes back with one key
    let window = desk.open();
    window.show("#/", ".bar h1");
    window.press(&[key::CONTROL, "k"]);
    window.type_keys("all snippets");
    window.press(&[key::ENTER]);
    window.see("#bread #sourdough");
    window.find("//button[@aria-label='Delete: Bread tags']").click();
    window.see("“Bread tags” deleted");
    window.press(&[key::ESCAPE]);
    window.press(&["z"]);
    window.see("Undone: deleted the snippet “Bread tags”");
    let names = window.call("list_snippets", &json!({}));
    assert_eq!(names.as_array().unwrap().len(), 3);
}
