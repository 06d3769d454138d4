//! Threads through the window: parts that wait, the first comment, tags on links, and people whose names are completed.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::until;
use testkit::window::{Axe, Window, key};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(20);

/// The draft of the post that was changed last.
fn draft(window: &Window) -> Value {
    let page = window.call("list_posts", &json!({ "filter": {}, "after": null, "limit": 1 }));
    let Some(post) = page["lines"][0]["post"].as_str() else { return Value::Null };
    window.call("get_post", &json!({ "post": post }))["post"]["draft"].take()
}

fn stored(window: &Window, what: &str, wanted: &dyn Fn(&Value) -> bool) {
    let mut last = Value::Null;
    until(&format!("{what} is stored"), PATIENCE, || {
        last = draft(window);
        wanted(&last).then_some(())
    });
}

fn preview(window: &Window, words: &str) {
    until(&format!("the preview shows {words}"), PATIENCE, || {
        window.find("//*[contains(@class, 'preview')]").read().contains(words).then_some(())
    });
}

#[test]
fn ada_writes_a_thread_with_a_comment_and_tagged_links_by_keys() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.call("open_sample", &json!({}));
    window.see("Today");
    window.resize(1280, 900);

    // the tags belong to the persona, and say what they do
    window.show("#/personas", ".persona-editor");
    window.press(&["n"]);
    window.find("//*[@id='persona-name']").click();
    window.type_keys("Letters");
    window.find("//summary[.='Tags on links (UTM)']").click();
    for (id, value) in [("persona-utm-source", "{network}"), ("persona-utm-campaign", "May & June")] {
        window.find(&format!("//*[@id='{id}']")).click();
        window.type_keys(value);
    }
    window.see("https://example.com/news?utm_source=bluesky&utm_campaign=May+%26+June");
    let accounts: Vec<Value> = window.call("list_accounts", &json!({})).as_array().unwrap().clone();
    let of = |network: &str| {
        let account = accounts.iter().find(|view| view["account"]["network"] == network).unwrap();
        account["account"]["id"].clone()
    };
    let persona = until("the persona is stored", PATIENCE, || {
        let all = window.call("list_personas", &json!({}));
        let found = all.as_array().unwrap().iter().find(|view| view["persona"]["text"]["name"] == "Letters").cloned();
        found.filter(|view| view["persona"]["text"]["link_tags"]["campaign"] == "May & June")
    });
    let mut text = persona["persona"]["text"].clone();
    text["accounts"] = json!([of("bluesky"), of("mastodon")]);
    window.call("save_persona", &json!({ "persona": persona["persona"]["id"], "text": text }));

    // a post of that persona, its links tagged for each network
    window.show("#/compose", "textarea");
    window.set("post-persona", persona["persona"]["id"].as_str().unwrap());
    window.field("Text of part 1").click();
    window.type_keys("New letter: https://harbour.example/letter");
    stored(&window, "the text with its tags", &|draft| {
        draft["link_tags"]["source"] == "{network}" && draft["base"]["parts"][0]["text"] != ""
    });
    preview(&window, "utm_source=bl");
    window.find("//*[@id='post-link-tags']").click();
    stored(&window, "the post without tags", &|draft| draft["link_tags"].is_null());
    window.find("//*[@id='post-link-tags']").click();
    stored(&window, "the post with tags", &|draft| !draft["link_tags"].is_null());

    // a second part that comes an hour later
    window.field("Text of part 1").click();
    window.press(&[key::CONTROL, key::END]);
    window.press(&[key::ALT, key::ENTER]);
    window.type_keys("And what we learned");
    window.find("//select[@id='wait-1']");
    window.set("wait-1", "3600");
    stored(&window, "the wait", &|draft| draft["base"]["parts"][1]["wait_s"] == 3_600);

    // the first comment, by a key, with its own limits, and away and back
    window.press(&[key::ALT, "f"]);
    until("the comment has the caret", PATIENCE, || window.focus().contains("First comment").then_some(()));
    window.type_keys("Write to us");
    stored(&window, "the comment", &|draft| draft["base"]["first_comment"] == "Write to us");
    preview(&window, "Write to us");
    window.find("//button[@aria-label='Remove the first comment']").click();
    window.see("First comment removed.");
    stored(&window, "the post without comment", &|draft| draft["base"]["first_comment"].is_null());
    window.button("Undo").click();
    stored(&window, "the comment again", &|draft| draft["base"]["first_comment"] == "Write to us");

    // a name that stands in another post is completed by Enter
    let other = json!({ "title": "", "persona": null, "base": {
        "parts": [{ "text": "Thanks @greta.harbour.example", "images": [] }], "content_warning": "", "visibility": "public",
    }, "targets": [] });
    window.call("create_post", &json!({ "draft": other }));
    window.field("Text of part 2").click();
    window.press(&[key::CONTROL, key::END]);
    window.type_keys(" by @gret");
    window.see("@greta.harbour.example");
    // with the list open, the comment and the waits beside it
    if let Some(axe) = Axe::installed() {
        assert_eq!(axe.violations(&window), [""; 0]);
    }
    window.press(&[key::ENTER]);
    until("the name is there", PATIENCE, || {
        (window.field("Text of part 2").read() == "And what we learned by @greta.harbour.example ").then_some(())
    });
    window.type_keys("and @gr");
    window.see("in your posts");
    window.press(&[key::ESCAPE]);
    window.press(&[key::ENTER]);
    until("Escape leaves what is typed", PATIENCE, || {
        window.field("Text of part 2").read().ends_with("and @gr\n").then_some(())
    });
}
