//! Networks that only people post to: the program checks, plans, says when, and keeps the record.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::inside::{Ground, Inside};
use testkit::{HandClock, picture};

use crate::ada;

struct Scene {
    laptop: Inside,
    ground: Ground,
    clock: Arc<HandClock>,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (ground, clock) = (Ground::default(), Arc::new(HandClock::real()));
        let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
        laptop.call("name_person", json!({ "name": "Ada" })).unwrap();
        Self { laptop, ground, clock, folder }
    }

    fn add(&self, network: &str, handle: &str) -> String {
        let added = self.laptop.call("add_by_hand", by_hand(network, handle, "", None)).unwrap();
        added["account"].as_str().unwrap().to_owned()
    }

    fn job(&self, post: &str) -> Value {
        ada::jobs(&self.laptop, post).pop().unwrap()
    }

    fn trouble(&self) -> Vec<Value> {
        self.laptop.call("get_today", json!({})).unwrap()["trouble"].as_array().unwrap().clone()
    }
}

fn by_hand(network: &str, handle: &str, url: &str, account: Option<&str>) -> Value {
    json!({ "network": network, "handle": handle, "url": url, "premium": true, "account": account })
}

/// Without a vault, without a server, without a network: there is nothing to sign in to.
#[test]
fn ada_posts_to_linkedin_herself_when_she_is_told_that_it_is_time() {
    let scene = Scene::new();
    let laptop = &scene.laptop;
    let account = scene.add("linkedin", "Harbour Bakery");
    let image = ada::import(laptop, "bread.png", &picture::png(600, 400, 7)).unwrap();
    let mut content = ada::content(&["Rye is back.", "Every Saturday."]);
    content["parts"][0]["images"] = json!([{ "media": image["id"], "alt": "A loaf" }]);
    let post = ada::write(laptop, &content, &[&account]);
    ada::schedule(laptop, &post, 600).unwrap();

    // not before its time, not even within the time in which others are made ready
    scene.clock.sleep_through(Duration::from_secs(570));
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(scene.job(&post)["state"], "scheduled");
    scene.clock.sleep_through(Duration::from_secs(40));
    ada::until_status(laptop, &post, "your_turn");
    assert_eq!(scene.ground.desktop.titles(), ["It is time to post"]);
    let waiting = scene.trouble();
    assert_eq!(waiting.len(), 1);
    assert_eq!(
        waiting[0]["sentence"],
        "Post it on LinkedIn as Harbour Bakery now, then tell Sendoff that it is there."
    );

    let job = scene.job(&post);
    let saved = laptop.call("save_images", json!({ "job": job["id"] })).unwrap();
    let stored = saved["files"].as_array().unwrap();
    assert_eq!(stored.len(), 1);
    let file = std::path::Path::new(saved["folder"].as_str().unwrap()).join(stored[0].as_str().unwrap());
    assert!(file.starts_with(scene.folder.path()) && std::fs::metadata(&file).unwrap().len() > 100);

    // it still waits after the program was closed, and nobody is told twice
    let Scene { laptop, ground, clock, folder } = scene;
    laptop.end();
    clock.sleep_through(Duration::from_secs(3 * 3600));
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(ground.desktop.titles().len(), 1);
    let decision = json!({ "decision": "it_is_there", "url": "https://www.linkedin.com/posts/1" });
    laptop.call("decide_job", json!({ "job": job["id"], "decision": decision })).unwrap();
    let done = ada::until_status(&laptop, &post, "published");
    assert_eq!(done["jobs"][0]["parts"][1]["remote"]["url"], "https://www.linkedin.com/posts/1");
    assert_eq!(done["jobs"][0]["attempt"], 0);
    assert_eq!(ada::steps(&laptop, &job), ["schedule_post", "hand_over", "decide"]);
    laptop.end();
}

#[test]
fn the_rules_of_a_network_hold_though_nobody_is_signed_in() {
    let scene = Scene::new();
    let laptop = &scene.laptop;
    let instagram = scene.add("instagram", "harbourbakery");
    let x = scene.add("x", "@harbourbakery");
    let telegram = scene.add("telegram", "Bakery");
    let post = ada::write(laptop, &ada::content(&["Rye"]), &[&instagram]);
    let refused = ada::schedule(laptop, &post, 600).unwrap_err();
    assert_eq!(refused.code, "rejected");
    assert!(refused.message.contains("Instagram takes no post without an image"), "{refused:?}");
    // pays for longer posts
    let long = "rye ".repeat(300);
    let post = ada::write(laptop, &ada::content(&[&long]), &[&x, &telegram]);
    ada::schedule(laptop, &post, 600).unwrap();
    let ordinary = by_hand("x", "@harbourbakery", "https://x.com/harbourbakery", Some(&x));
    let mut ordinary = ordinary;
    ordinary["premium"] = json!(false);
    laptop.call("add_by_hand", ordinary).unwrap();
    let refused = ada::schedule(laptop, &post, 900).unwrap_err();
    assert!(refused.message.contains("that X allows"), "{refused:?}");
    scene.laptop.end();
}

#[test]
fn an_account_by_hand_is_added_once_and_comes_back() {
    let scene = Scene::new();
    let laptop = &scene.laptop;
    let account = scene.add("reddit", "u/harbourbakery");
    assert_eq!(scene.add("reddit", " U/HarbourBakery "), account);
    assert_ne!(scene.add("threads", "u/harbourbakery"), account);
    for (handle, url) in [("", ""), (" ", ""), ("ada", "http://example.org"), ("ada", "javascript:alert(1)")] {
        let refused = laptop.call("add_by_hand", by_hand("reddit", handle, url, None)).unwrap_err();
        assert_eq!(refused.code, "bad_request", "{handle} {url}");
    }
    let long = "a".repeat(101);
    assert_eq!(laptop.call("add_by_hand", by_hand("reddit", &long, "", None)).unwrap_err().code, "bad_request");
    // its name may change, and it stays the same account
    let renamed = by_hand("reddit", "r/rye", "https://www.reddit.com/r/rye", Some(&account));
    assert_eq!(laptop.call("add_by_hand", renamed).unwrap()["account"], account);
    // another network is another account
    let other = by_hand("x", "r/rye", "", Some(&account));
    assert!(laptop.call("add_by_hand", other).is_err());

    let post = ada::write(laptop, &ada::content(&["Rye"]), &[&account]);
    ada::schedule(laptop, &post, 600).unwrap();
    laptop.call("remove_account", json!({ "account": account })).unwrap();
    scene.clock.sleep_through(Duration::from_secs(700));
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(scene.job(&post)["state"], "scheduled", "nobody is asked for an account that is gone");
    assert_eq!(scene.add("reddit", "r/rye"), account);
    ada::until_status(laptop, &post, "your_turn");
    // nothing signs in there
    let sign_in = json!({ "network": "reddit", "server": "", "handle": "ada", "come_back": null, "reconnect": null });
    assert!(laptop.call("start_connect", sign_in).is_err());
    let checked = laptop.call("check_account", json!({ "account": account })).unwrap();
    assert_eq!(checked["account"]["sign_in"], "by_hand");
    scene.laptop.end();
}
