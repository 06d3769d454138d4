//! Every state of a post that meant something stays, and can be brought back.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::HandClock;
use testkit::inside::{Ground, Inside};

use crate::ada;

struct Scene {
    laptop: Inside,
    clock: Arc<HandClock>,
    post: String,
    _folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (ground, clock) = (Ground::default(), Arc::new(HandClock::real()));
        let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
        laptop.call("name_person", json!({ "name": "Ada" })).unwrap();
        let post = ada::write(&laptop, &ada::content(&["Version 1"]), &[]);
        Self { laptop, clock, post, _folder: folder }
    }

    fn version_of_post(&self) -> Value {
        self.laptop.call("get_post", json!({ "post": self.post })).unwrap()["post"]["version"].clone()
    }

    fn text(&self) -> String {
        let view = self.laptop.call("get_post", json!({ "post": self.post })).unwrap();
        view["post"]["draft"]["base"]["parts"][0]["text"].as_str().unwrap().to_owned()
    }

    fn edit(&self, text: &str) {
        let draft = json!({ "title": "", "persona": null, "base": ada::content(&[text]), "targets": [] });
        let body = json!({ "post": self.post, "read": self.version_of_post(), "draft": draft });
        self.laptop.call("edit_draft", body).unwrap();
    }

    /// More than the time within which what is typed is one version.
    fn a_minute_later(&self) {
        self.clock.sleep_through(Duration::from_secs(61));
    }

    fn versions(&self) -> Vec<Value> {
        let list = self.laptop.call("list_versions", json!({ "post": self.post })).unwrap();
        list.as_array().unwrap().clone()
    }

    fn said(&self, version: &Value) -> String {
        let body = json!({ "post": self.post, "entry": version["entry"] });
        let draft = self.laptop.call("get_version", body).unwrap();
        draft["base"]["parts"][0]["text"].as_str().unwrap().to_owned()
    }

    fn restore(&self, version: &Value) -> Value {
        let body = json!({ "post": self.post, "read": self.version_of_post(), "entry": version["entry"] });
        self.laptop.call("restore_version", body).unwrap()
    }
}

#[test]
fn ada_brings_version_three_of_nine_back() {
    let scene = Scene::new();
    for number in 2..=9 {
        scene.a_minute_later();
        // what is typed on the way is no version of its own
        scene.edit(&format!("Version {number}, unfinish"));
        scene.edit(&format!("Version {number}"));
    }
    let versions = scene.versions();
    let numbers: Vec<_> = versions.iter().map(|version| version["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    assert!(versions.iter().all(|version| version["author"] == "Ada" && version["restored"] == false));
    let third = versions.iter().find(|version| version["number"] == 3).unwrap();
    assert_eq!(scene.said(third), "Version 3");

    // at once after typing: what was typed stays
    scene.edit("Version 9 and more");
    let done = scene.restore(third);
    assert_eq!(scene.text(), "Version 3");
    let versions = scene.versions();
    assert_eq!(versions.len(), 10);
    assert_eq!((&versions[0]["restored"], versions[0]["title"].as_str()), (&json!(true), Some("Version 3")));
    assert_eq!(scene.said(&versions[1]), "Version 9 and more");

    // and what is typed behind it is one more
    scene.edit("Version 3 again");
    assert_eq!(scene.versions().len(), 11);

    // the way back is a version too
    scene.laptop.call("undo", json!({ "undo": done["undo"] })).unwrap();
    assert_eq!(scene.text(), "Version 9 and more");
    assert_eq!(scene.versions().len(), 12);
    scene.laptop.end();
}

#[test]
fn a_version_says_what_became_of_it() {
    let scene = Scene::new();
    let by_hand = json!({ "network": "linkedin", "handle": "Bakery", "url": "", "premium": false, "account": null });
    let account = scene.laptop.call("add_by_hand", by_hand).unwrap()["account"].clone();
    scene.a_minute_later();
    let targets = json!([{ "account": account, "variant": null }]);
    let draft = json!({ "title": "", "persona": null, "base": ada::content(&["Rye"]), "targets": targets });
    let body = json!({ "post": scene.post, "read": scene.version_of_post(), "draft": draft });
    scene.laptop.call("edit_draft", body).unwrap();
    ada::schedule(&scene.laptop, &scene.post, 60).unwrap();
    scene.a_minute_later();
    ada::until_status(&scene.laptop, &scene.post, "your_turn");
    let job = ada::jobs(&scene.laptop, &scene.post).pop().unwrap();
    let there = json!({ "job": job["id"], "decision": { "decision": "it_is_there", "url": "" } });
    scene.laptop.call("decide_job", there).unwrap();
    let versions = scene.versions();
    assert_eq!(versions[0]["marks"], json!(["scheduled", "published"]));
    assert_eq!(versions[1]["marks"], json!([]));

    // a version belongs to its post alone
    let other = ada::write(&scene.laptop, &ada::content(&["Other"]), &[]);
    let foreign = json!({ "post": other, "entry": versions[0]["entry"] });
    assert_eq!(scene.laptop.call("get_version", foreign).unwrap_err().code, "not_found");
    let foreign = json!({ "post": other, "read": 1, "entry": versions[0]["entry"] });
    assert_eq!(scene.laptop.call("restore_version", foreign).unwrap_err().code, "not_found");
    // what is out is not changed
    let body = json!({ "post": scene.post, "read": scene.version_of_post(), "entry": versions[1]["entry"] });
    assert!(scene.laptop.call("restore_version", body).is_err());
    scene.laptop.end();
}

#[test]
fn a_post_that_came_as_a_whole_has_one_version() {
    let scene = Scene::new();
    scene.laptop.call("open_sample", json!({})).unwrap();
    let page = json!({ "filter": { "statuses": ["published"] }, "after": null, "limit": 1 });
    let line = scene.laptop.call("list_posts", page).unwrap()["lines"][0].clone();
    let versions = scene.laptop.call("list_versions", json!({ "post": line["post"] })).unwrap();
    assert_eq!(versions.as_array().unwrap().len(), 1);
    assert_eq!((&versions[0]["number"], &versions[0]["entry"]), (&json!(1), &Value::Null));
    let draft = scene.laptop.call("get_version", json!({ "post": line["post"], "entry": null })).unwrap();
    assert!(!draft["base"]["parts"][0]["text"].as_str().unwrap().is_empty());
    scene.laptop.end();
}
