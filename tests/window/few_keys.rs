//! A thread with images for four networks, from nothing to scheduled, by few keys.

use std::cell::Cell;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::json;
use testkit::window::{Window, key};
use testkit::{picture, until};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(20);

/// Keys beside the text, each of a chord counted.
struct Counted<'a> {
    window: &'a Window,
    keys: Cell<usize>,
}

impl Counted<'_> {
    fn press(&self, keys: &[&str]) {
        self.keys.set(self.keys.get() + keys.len());
        self.window.press(keys);
    }

    /// The text itself is what a person has to say.
    fn write(&self, part: usize, text: &str) {
        let label = format!("Text of part {part}");
        until("the part has the caret", PATIENCE, || self.window.focus().contains(&label).then_some(()));
        self.window.type_keys(text);
        until("it is written", PATIENCE, || self.window.field(&label).read().contains(text).then_some(()));
    }

    /// One of the library, by its place.
    fn image(&self, place: usize, part: usize) {
        self.press(&[key::ALT, "i"]);
        self.window.find("//dialog[@open]//*[@id='pick-filter']");
        self.window.find("//dialog[@open]//*[contains(@class, 'tile') or @role='option' or @role='gridcell']");
        self.press(&[key::DOWN]);
        for _ in 1..place {
            self.press(&[key::RIGHT]);
        }
        self.press(&[key::CONTROL, key::ENTER]);
        until("the image is in the post", PATIENCE, || {
            let code = "return document.querySelectorAll('.part')[arguments[0]]?.querySelectorAll('img').length ?? 0";
            (self.window.script(code, &[json!(part)]) == 1).then_some(())
        });
    }
}

#[test]
fn ada_schedules_a_thread_with_images_for_four_networks_in_under_forty_keys() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("finish_welcome", &json!({}));
    window.resize(1280, 900);
    let account = |network: &str| {
        let by_hand = json!({ "network": network, "handle": "@bakery", "url": "", "premium": false, "account": null });
        window.call("add_by_hand", &by_hand)["account"].take()
    };
    let of = ["x", "linkedin", "threads", "facebook"].map(account);
    let read = |name: &str, seed: u8| {
        let data = BASE64.encode(picture::png(640, 480, seed));
        window.call("read_media", &json!({ "name": name, "data": data }))["media"]["id"].take()
    };
    let media = [read("oven.png", 1), read("bread.png", 2)];
    window.call("add_media", &json!({ "media": media, "folder": "" }));
    let text = json!({ "name": "Bakery", "color": "fern", "voice": "", "audience": "", "accounts": of });
    window.call("save_persona", &json!({ "persona": null, "text": text }));
    window.show("#/", ".bar h1");

    let hands = Counted { window: &window, keys: Cell::new(0) };
    hands.press(&["c"]);
    hands.write(1, "The new oven is here");
    hands.image(1, 0);
    hands.press(&[key::ALT, key::ENTER]);
    hands.write(2, "And this is what it bakes");
    hands.image(2, 1);
    hands.press(&[key::CONTROL, key::ENTER]);
    window.find("//*[@role='dialog'][contains(@class, 'picker')]");
    hands.press(&[key::CONTROL, key::ENTER]);
    window.see("Scheduled");
    let page = window.call("list_posts", &json!({ "filter": {}, "after": null, "limit": 1 }));
    let view = window.call("get_post", &json!({ "post": page["lines"][0]["post"] }));
    assert_eq!(view["post"]["status"], "scheduled");
    let jobs = view["jobs"].as_array().unwrap();
    assert_eq!(jobs.len(), 4, "{jobs:?}");
    let parts = view["post"]["draft"]["base"]["parts"].as_array().unwrap();
    assert!(parts.len() == 2 && parts.iter().all(|part| part["images"].as_array().unwrap().len() == 1), "{parts:?}");
    assert!(hands.keys.get() < 40, "{} keys", hands.keys.get());
    println!("{} keys", hands.keys.get());
}
