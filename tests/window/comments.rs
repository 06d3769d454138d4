//! Comments through the window: on a passage, answered, settled, and found again while the text changes.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::window::{Window, key};
use testkit::{until, until_is};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(20);

fn passages(window: &Window) -> Value {
    window.script("return [...document.querySelectorAll('.paper .passage')].map((e) => e.textContent)", &[])
}

fn shows(window: &Window, wanted: &Value) {
    until_is("what the text shows", wanted, PATIENCE, || passages(window));
}

fn select(window: &Window, quote: &str) {
    let code = "const field = document.querySelector('textarea[data-part=\"0\"]'); field.focus(); \
        const at = field.value.indexOf(arguments[0]); field.setSelectionRange(at, at + arguments[0].length)";
    window.script(code, &[json!(quote)]);
}

#[test]
fn ada_comments_on_a_passage_answers_and_settles_it_by_keys() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("finish_welcome", &json!({}));
    window.call("name_person", &json!({ "name": "Ada" }));
    window.resize(1280, 800);
    window.show("#/compose", ".bar h1");
    window.field("Text of part 1").click();
    window.type_keys("Rye is back on Friday. Come early.");
    window.see("saved");

    // the selection is what the comment is about
    select(&window, "on Friday");
    window.press(&[key::ALT, "c"]);
    window.find("//*[@id='comment-text']");
    until("the field has the caret", PATIENCE, || window.focus().contains("comment-text").then_some(()));
    window.type_keys("Which one?");
    window.press(&[key::CONTROL, key::ENTER]);
    window.see("Comment added");
    window.find("//*[contains(@class, 'thread')][contains(., 'Which one?')]");
    shows(&window, &json!(["on Friday"]));

    // it follows the text, and says when its words changed or went
    select(&window, "Rye");
    window.type_keys("New: rye");
    shows(&window, &json!(["on Friday"]));
    select(&window, "on Friday");
    window.type_keys("next Monday");
    shows(&window, &json!(["next Monday"]));
    window.see("The passage was changed");
    window.press(&[key::CONTROL, "a"]);
    window.type_keys("Something else");
    window.see("The passage is no longer in the text");
    shows(&window, &json!([]));
    window.press(&[key::CONTROL, "a"]);
    window.type_keys("Rye is back on Friday. Come early.");
    shows(&window, &json!(["on Friday"]));

    // an answer, and one key to the passage
    window.button("Reply").click();
    until("the answer has the caret", PATIENCE, || window.focus().contains("reply-").then_some(()));
    window.type_keys("The second.");
    window.press(&[key::CONTROL, key::ENTER]);
    window.find("//*[contains(@class, 'answer')][contains(., 'The second.')]");
    window.press(&[key::ALT, "n"]);
    let selected = "const f = document.activeElement; return f.value?.slice(f.selectionStart, f.selectionEnd)";
    until("its passage is selected", PATIENCE, || (window.script(selected, &[]) == "on Friday").then_some(()));
    window.press(&[key::ALT, "r"]);
    window.see("Comment resolved");
    window.see("1 resolved");
    shows(&window, &json!([]));
    window.script("document.activeElement.blur()", &[]);
    window.press(&["z"]);
    shows(&window, &json!(["on Friday"]));

    // what was begun and not sent is still there when somebody comes back; lists say how many are open
    window.press(&[key::ALT, "c"]);
    window.find("//*[@id='comment-text']").click();
    window.type_keys("Half a thought");
    let post = window.call("list_posts", &json!({ "filter": {}, "after": null, "limit": 1 }))["lines"][0].take();
    assert_eq!(post["comments"], 1);
    window.show("#/", ".bar h1");
    window.find("//*[contains(@class, 'post-row')][contains(., '1 open comment')]");
    let route = format!("#/compose/{}", post["post"].as_str().unwrap());
    window.show(&route, "textarea");
    until("it is still there", PATIENCE, || {
        (window.find("//*[@id='comment-text']").read() == "Half a thought").then_some(())
    });
    drop(window);

    let window = desk.open();
    window.show(&route, "textarea");
    window.see("The second.");
    shows(&window, &json!(["on Friday"]));
}
