//! Ada posts a film to both networks: it is made ready long before its minute, and stands there with its words.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use testkit::inside::{Ground, Inside};
use testkit::people::unique;
use testkit::{BlueskyPerson, HandClock, film, until};

use crate::ada::{self, LONG};
use crate::servers_or_skip;

/// A film of the library, as Ada's posts name it.
fn brought(laptop: &Inside, name: &str, bytes: &[u8]) -> Value {
    let call = |command, body| laptop.call(command, body).unwrap();
    let upload = call("begin_video", json!({ "name": name, "bytes": bytes.len() }))["upload"].clone();
    call("append_video", json!({ "upload": upload, "offset": 0, "data": BASE64.encode(bytes) }));
    let media = call("finish_video", json!({ "upload": upload }))["media"].clone();
    call("add_media", json!({ "media": [media["id"]] }));
    media
}

fn with_film(words: &str, media: &Value) -> Value {
    let mut base = ada::content(&[words]);
    base["parts"][0]["images"] = json!([{ "media": media["id"], "alt": "Loaves rise" }]);
    base
}

#[test]
fn a_film_goes_out_on_both_networks() {
    let (pds, mastodon) = servers_or_skip!();
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock::real());
    let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
    ada::set_up(&laptop, &mastodon.url);
    let person = BlueskyPerson::new(pds, "ada");
    let bluesky = ada::connect_bluesky(&laptop, &person);
    let on_mastodon = ada::connect_in_browser(&laptop, ada::mastodon_request(&mastodon.url, None), "ada", "").unwrap();
    let media = brought(&laptop, "oven.mp4", film::BREAD);
    let words = format!("Fresh rye {} {}", std::process::id(), unique());
    let post = ada::write(&laptop, &with_film(&words, &media), &[&bluesky, &on_mastodon]);

    // minutes before, while one without a film would still wait to be made ready
    ada::schedule(&laptop, &post, 300).unwrap();
    let plain = ada::write(&laptop, &ada::content(&["Plain"]), &[&bluesky]);
    ada::schedule(&laptop, &plain, 300).unwrap();
    until("both are ready", LONG, || {
        let jobs = ada::jobs(&laptop, &post);
        jobs.iter().all(|job| job["state"] == "prepared").then_some(())
    });
    assert_eq!(ada::jobs(&laptop, &plain)[0]["state"], "scheduled");
    ada::schedule(&laptop, &post, 0).unwrap();
    ada::until_status(&laptop, &post, "published");

    let posts = person.posts_with(&words);
    assert_eq!(posts.len(), 1, "{posts:?}");
    let embed = &posts[0]["value"]["embed"];
    assert_eq!((&embed["$type"], &embed["alt"]), (&json!("app.bsky.embed.video"), &json!("Loaves rise")));
    let sent = person.blob(embed["video"]["ref"]["$link"].as_str().unwrap());
    assert_eq!(sent.len(), film::BREAD.len());
    assert!(!sent.windows(5).any(|word| word == b"59.91"), "it does not say where it was taken");
    let statuses = mastodon.statuses_with(&words);
    assert_eq!(statuses.len(), 1);
    let attached = &statuses[0]["media_attachments"][0];
    assert_eq!((&attached["type"], &attached["description"]), (&json!("video"), &json!("Loaves rise")));
    laptop.end();
}

#[test]
fn a_film_that_a_network_does_not_take_is_not_signed_off() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock::real());
    let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
    let hand = json!({ "network": "x", "handle": "harbourbakery", "url": "https://x.com/harbourbakery", "premium": false, "account": null });
    let account = laptop.call("add_by_hand", hand).unwrap()["account"].as_str().unwrap().to_owned();
    let media = brought(&laptop, "bread.webm", film::WEB);
    let post = ada::write(&laptop, &with_film("Fresh rye", &media), &[&account]);
    let refused = ada::schedule(&laptop, &post, 3_600).unwrap_err();
    assert_eq!(refused.code, "rejected");
    // beside an image it is not taken either
    let mp4 = brought(&laptop, "oven.mp4", film::BREAD);
    let mut base = with_film("Fresh rye", &mp4);
    let image = ada::import(&laptop, "loaf.png", &testkit::picture::png(60, 40, 1)).unwrap();
    base["parts"][0]["images"].as_array_mut().unwrap().push(json!({ "media": image["id"], "alt": "" }));
    let both = ada::write(&laptop, &base, &[&account]);
    assert_eq!(ada::schedule(&laptop, &both, 3_600).unwrap_err().code, "rejected");
    let alone = ada::write(&laptop, &with_film("Fresh rye", &mp4), &[&account]);
    assert_eq!(ada::schedule(&laptop, &alone, 3_600).unwrap()["status"], "scheduled");
    laptop.end();
}
