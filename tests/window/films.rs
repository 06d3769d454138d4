//! Films through the window: one comes into the library, is found, stands in a post, and is made to fit a network.

use std::time::Duration;

use base64::Engine as _;
use serde_json::{Value, json};
use testkit::window::{Window, key};
use testkit::{film, until};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(60);

/// Hands a film to a field for files, as a person who chooses it.
fn choose(window: &Window, field: &str, name: &str, bytes: &[u8]) {
    let code = "const bytes = Uint8Array.from(atob(arguments[2]), c => c.charCodeAt(0)); const data = new DataTransfer(); \
        data.items.add(new File([bytes], arguments[1], { type: '' })); const field = document.querySelector(arguments[0]); \
        field.files = data.files; field.dispatchEvent(new Event('change', { bubbles: true }))";
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    window.script(code, &[json!(field), json!(name), json!(text)]);
}

fn films(window: &Window) -> Vec<String> {
    let list = window.call("list_media", &json!({ "filter": { "videos": true }, "sort": "name" }));
    list["lines"].as_array().unwrap().iter().map(|line| line["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn ada_shows_her_oven_in_a_film() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("name_person", &json!({ "name": "Ada" }));
    window.call("finish_welcome", &json!({}));
    window.resize(1280, 800);

    // in the library, with its facts in words
    window.show("#/library", ".empty");
    window.press(&["n"]);
    window.see("Drop images and videos here");
    choose(&window, "#library-files", "oven.mp4", film::BREAD);
    window.see("Add 1 file");
    window.find("//*[@id='add-begin']").click();
    window.see("1 file added to the library");
    window.find(
        "//button[contains(@class, 'media-tile')][contains(., 'oven.mp4')]//*[@class='film-time xs num'][. = '0:02']",
    );
    window.find("//button[contains(@class, 'media-tile')]//img");
    window.find("//button[contains(@class, 'media-tile')]").click();
    window.see("0:02 · H.264 · 25 pictures a second · sound in AAC");
    window.press(&["n"]);
    window.see("Drop images and videos here");
    choose(&window, "#library-files", "notes.mp4", b"no film at all");
    window.find("//*[@id='add-begin']").click();
    window.see("This type of video is not supported.");
    window.find("//*[@id='add-close']").click();
    window.find("//*[@id='library-videos']").click();
    window.find("//*[@id='library-videos'][@aria-pressed='true']");

    // in a post: what the network does not take is said, and one key mends it
    let account = json!({ "network": "x", "handle": "harbourbakery", "url": "https://x.com/harbourbakery", "premium": false, "account": null });
    let account = window.call("add_by_hand", &account)["account"].clone();
    let base =
        json!({ "parts": [{ "text": "Fresh rye", "images": [] }], "content_warning": "", "visibility": "public" });
    let draft =
        json!({ "title": "", "persona": null, "base": base, "targets": [{ "account": account, "variant": null }] });
    let post = window.call("create_post", &json!({ "draft": draft }))["post"].as_str().unwrap().to_owned();
    window.show(&format!("#/compose/{post}"), "textarea");
    choose(&window, "input[type=file][data-part=\"0\"]", "bread.webm", film::WEB);
    window.see("does not accept this type of video: re-encode it as MP4");
    window.find("//*[contains(@class, 'tile')]//*[contains(@class, 'film-play')]");
    let shown = |window: &Window| -> Value {
        window.call("get_post", &json!({ "post": post }))["post"]["draft"]["base"]["parts"][0]["images"].clone()
    };
    let before = until("the film is stored in the post", PATIENCE, || {
        let images = shown(&window);
        (images.as_array().is_some_and(|images| images.len() == 1)).then_some(images)
    });
    window.press(&[key::CONTROL, "k"]);
    window.type_keys("re-encode");
    window.press(&[key::ENTER]);
    window.see("Video re-encoded.");
    let after = until("another film stands there", PATIENCE, || {
        let images = shown(&window);
        (images != before).then_some(images)
    });
    assert_eq!(films(&window), ["bread.mp4", "bread.webm", "oven.mp4"]);
    let gone = || !window.text().contains("does not accept this type of video");
    until("nothing is wrong any more", PATIENCE, || gone().then_some(()));
    window.button("Undo").click();
    until("the first one is back", PATIENCE, || (shown(&window) == before).then_some(()));
    window.see("does not accept this type of video");
    drop(window);

    // after a restart it is all there
    let window = desk.open();
    window.show("#/library", ".media-tile");
    assert_eq!(films(&window), ["bread.mp4", "bread.webm", "oven.mp4"]);
    let made = window.call("get_media", &json!({ "media": after[0]["media"] }));
    assert_eq!((&made["media"]["kind"], &made["media"]["video"]["codec"]), (&json!("mp4"), &json!("h264")));
    window.find("//button[contains(@class, 'media-tile')][contains(., 'bread.mp4')]//img");
}
