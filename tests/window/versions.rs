//! The history of a post in the window: what changed, word by word, and an old version brought back.

use std::time::Duration;

use serde_json::json;
use testkit::until;
use testkit::window::key;

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn ada_looks_back_and_restores_version_three_of_nine() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("finish_welcome", &json!({}));
    let content = |number: u32| {
        let text = format!("Rye is ready at {number} in the morning");
        json!({ "parts": [{ "text": text, "images": [] }], "content_warning": "", "visibility": "public" })
    };
    let draft = |number| json!({ "title": "", "persona": null, "base": content(number), "targets": [] });
    let post = window.call("create_post", &json!({ "draft": draft(1) }))["post"].take();
    for number in 2..=9 {
        // something else in between, so that each is a version of its own
        window.call("name_person", &json!({ "name": format!("Ada {number}") }));
        let read = number - 1;
        window.call("edit_draft", &json!({ "post": post, "read": read, "draft": draft(number) }));
    }

    window.script("location.hash = '#/compose/' + arguments[0]", std::slice::from_ref(&post));
    let text = || window.field("Text of part 1").read();
    until("the newest text is there", PATIENCE, || text().contains("at 9 in").then_some(()));
    window.press(&[key::ALT, "h"]);
    window.find("//dialog[@open]//h3[contains(., 'Version 9')]");
    assert_eq!(window.find("//dialog[@open]//ins").read(), "9");
    assert_eq!(window.find("//dialog[@open]//del").read(), "8");
    // down to the third by the arrows, from the one that has the focus
    window.find("//*[@id='version-9']").click();
    for number in [8, 7, 6, 5, 4, 3] {
        window.press(&[key::DOWN]);
        window.find(&format!("//*[@id='version-{number}'][@aria-current='true']"));
    }
    until("what changed is shown", PATIENCE, || (window.find("//dialog[@open]//ins").read() == "3").then_some(()));
    window.button("Restore version 3").click();
    window.see("Version 3 restored");
    until("the old text is back", PATIENCE, || text().contains("at 3 in").then_some(()));
    window.button("Undo").click();
    until("and can be taken back", PATIENCE, || text().contains("at 9 in").then_some(()));
    let versions = window.call("list_versions", &json!({ "post": post }));
    assert_eq!(versions.as_array().map(Vec::len), Some(11), "nothing is lost on the way");
}
