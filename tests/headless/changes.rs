//! Everything of the last hour taken back, one step after the other, and done again.

use std::sync::Arc;
use std::time::Duration;

use engine::ports::Clock as _;
use jiff::ToSpan;
use serde_json::{Value, json};
use testkit::HandClock;
use testkit::inside::{Ground, Inside};

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
        Self { laptop, ground, clock, folder }
    }

    /// The computer is switched off and on.
    fn again(self) -> Self {
        let Self { laptop, ground, clock, folder } = self;
        laptop.end();
        let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
        Self { laptop, ground, clock, folder }
    }

    fn call(&self, command: &str, body: Value) -> Value {
        self.laptop.call(command, body).unwrap()
    }

    fn list(&self, way: &str) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let changes = self.call("list_changes", json!({}));
        changes[way].as_array().unwrap().iter().map(|one| (text(&one["kind"]), text(&one["subject"]))).collect()
    }

    fn step(&self, way: &str) {
        let newest = self.call("list_changes", json!({}))[way][0]["undo"].clone();
        self.call("undo", json!({ "undo": newest }));
    }

    fn post(&self, post: &Value) -> Value {
        self.call("get_post", json!({ "post": post }))["post"].take()
    }
}

fn draft(account: &Value, text: &str) -> Value {
    let base = json!({ "parts": [{ "text": text, "images": [] }], "content_warning": "", "visibility": "public" });
    let targets = json!([{ "account": account, "variant": null }]);
    json!({ "title": "", "persona": null, "base": base, "targets": targets })
}

#[test]
fn an_afternoon_is_taken_back_and_done_again() {
    let scene = Scene::new();
    scene.call("name_person", json!({ "name": "Ada" }));
    let by_hand = json!({ "network": "x", "handle": "@bakery", "url": "", "premium": false, "account": null });
    let account = scene.call("add_by_hand", by_hand)["account"].take();
    let today = scene.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let at = |days: i32| today.checked_add(days.days()).unwrap().at(9, 0, 0, 0);
    let post = scene.call("create_post", json!({ "draft": draft(&account, "Rye on Saturday") }))["post"].take();
    let schedule = |days: i32| {
        let when = json!({ "local": at(days), "zone": "Europe/Oslo" });
        let read = scene.post(&post)["version"].clone();
        scene.call("schedule_post", json!({ "post": post, "read": read, "when": when }));
    };
    schedule(3);
    schedule(5);
    let read = scene.post(&post)["version"].clone();
    scene.call("edit_draft", json!({ "post": post, "read": read, "draft": draft(&account, "Rye on Sunday") }));
    scene.call("delete_post", json!({ "post": post }));

    let names = |kinds: &[(&str, &str)]| -> Vec<(String, String)> {
        kinds.iter().map(|(kind, subject)| ((*kind).to_owned(), (*subject).to_owned())).collect()
    };
    let all = [
        ("delete_post", "Rye on Sunday"),
        ("edit_post", "Rye on Sunday"),
        ("move_post", "Rye on Sunday"),
        ("schedule_post", "Rye on Sunday"),
        ("create_post", "Rye on Sunday"),
        ("name_person", ""),
    ];
    assert_eq!(scene.list("undo"), names(&all));
    assert!(scene.list("redo").is_empty());

    scene.step("undo");
    assert_eq!(scene.post(&post)["status"], "in_review", "back, and not signed off as it was");
    scene.step("undo");
    let shown = scene.post(&post);
    assert_eq!(shown["draft"]["base"]["parts"][0]["text"], "Rye on Saturday");
    // the rest after a restart
    let scene = scene.again();
    scene.step("undo");
    assert_eq!(scene.post(&post)["schedule"]["local"], json!(at(3)));
    assert_eq!(scene.post(&post)["status"], "scheduled", "that text was signed off");
    scene.step("undo");
    assert_eq!(scene.post(&post)["status"], "draft");
    assert_eq!(scene.list("redo").len(), 4);

    // and all of it again
    scene.step("redo");
    assert_eq!(scene.post(&post)["schedule"]["local"], json!(at(3)));
    scene.step("redo");
    assert_eq!(scene.post(&post)["schedule"]["local"], json!(at(5)));
    scene.step("redo");
    assert_eq!(scene.post(&post)["draft"]["base"]["parts"][0]["text"], "Rye on Sunday");
    let last = scene.call("list_changes", json!({}))["redo"][0]["undo"].clone();
    scene.step("redo");
    assert!(scene.list("redo").is_empty());
    assert_eq!(scene.list("undo"), names(&all));
    let twice = scene.laptop.call("undo", json!({ "undo": last })).unwrap_err();
    assert_eq!(twice.code, "nothing_to_undo");

    // something new ends the way forward
    scene.step("undo");
    scene.call("name_person", json!({ "name": "Ada Berg" }));
    assert!(scene.list("redo").is_empty());
    scene.clock.sleep_through(Duration::from_secs(3_700));
    assert!(scene.list("undo").is_empty(), "an hour is over");
    scene.laptop.end();
}
