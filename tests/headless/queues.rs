//! Queues: times of the week that wait for posts.

use std::sync::Arc;

use serde_json::{Value, json};
use testkit::HandClock;
use testkit::inside::{Ground, Inside};

struct Scene {
    laptop: Inside,
    linkedin: Value,
    x: Value,
    folder: tempfile::TempDir,
}

/// A Friday morning, two days before Germany's clocks go forward.
const NOW: &str = "2027-03-26T07:58:00Z";

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock::at(NOW.parse().unwrap()));
        let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
        laptop.call("name_person", json!({ "name": "Ada" })).unwrap();
        let add = |network: &str| {
            let account =
                json!({ "network": network, "handle": network, "url": "", "premium": false, "account": null });
            laptop.call("add_by_hand", account).unwrap()["account"].take()
        };
        let (linkedin, x) = (add("linkedin"), add("x"));
        Self { laptop, linkedin, x, folder }
    }

    fn call(&self, command: &str, body: Value) -> Value {
        self.laptop.call(command, body).unwrap()
    }

    fn refused(&self, command: &str, body: Value) -> String {
        self.laptop.call(command, body).unwrap_err().message
    }

    fn queue(name: &str, accounts: &[&Value], slots: &[(&str, &[&str])]) -> Value {
        let slots: Vec<Value> = slots.iter().map(|(time, days)| json!({ "time": time, "days": days })).collect();
        json!({ "name": name, "persona": null, "accounts": accounts, "zone": "Europe/Berlin", "slots": slots })
    }

    fn save(&self, text: &Value) -> Value {
        self.call("save_queue", json!({ "queue": null, "text": text }))
    }

    fn post(&self, text: &str, account: &Value) -> (Value, Value) {
        let base = json!({ "parts": [{ "text": text, "images": [] }], "content_warning": "", "visibility": "public" });
        let targets = json!([{ "account": account, "variant": null }]);
        let draft = json!({ "title": "", "persona": null, "base": base, "targets": targets });
        let written = self.call("create_post", json!({ "draft": draft }));
        (written["post"].clone(), written["version"].clone())
    }

    /// When it goes out.
    fn queued(&self, text: &str, account: &Value) -> String {
        let (post, read) = self.post(text, account);
        let queued = self.call("queue_post", json!({ "post": post, "read": read, "queue": null }));
        let view = self.call("get_post", json!({ "post": post }));
        assert_eq!(view["post"]["schedule"]["at"], queued["slot"]["at"]);
        assert_eq!(view["post"]["status"], "scheduled");
        queued["slot"]["at"].as_str().unwrap().to_owned()
    }

    /// Instants and names of the next free times of a post to an account.
    fn next(&self, account: &Value, limit: u32) -> Vec<(String, String)> {
        let slots = self.call("next_slots", json!({ "persona": null, "accounts": [account], "limit": limit }));
        let text = |slot: &Value, name: &str| slot[name].as_str().unwrap().to_owned();
        slots.as_array().unwrap().iter().map(|slot| (text(slot, "at"), text(slot, "name"))).collect()
    }
}

#[test]
fn a_post_takes_the_next_free_time_of_the_queues_that_take_it() {
    let ada = Scene::new();
    ada.save(&Scene::queue("Mornings", &[&ada.linkedin], &[("09:00", &["FR", "SU", "MO"])]));
    ada.save(&Scene::queue("All", &[], &[("09:30", &["FR"])]));
    // nine o'clock is two minutes away: too near
    assert_eq!(ada.queued("one", &ada.linkedin), "2027-03-26T08:30:00Z");
    // the next nine o'clock is on the day of summer time, and by the clock on the wall
    assert_eq!(ada.queued("two", &ada.linkedin), "2027-03-28T07:00:00Z");
    // what stands at a time takes it only from posts that could stand there too
    assert_eq!(ada.queued("three", &ada.x), "2027-04-02T07:30:00Z");
    assert_eq!(ada.queued("four", &ada.linkedin), "2027-03-29T07:00:00Z");
    let next = ada.next(&ada.linkedin, 2);
    assert_eq!(
        next,
        [("2027-04-02T07:00:00Z".into(), "Mornings".into()), ("2027-04-04T07:00:00Z".into(), "Mornings".into())]
    );

    // a post that goes gives its time free again
    let page = ada.call("list_posts", json!({ "filter": { "text": "two" }, "after": null, "limit": 1 }));
    let deleted = ada.call("delete_post", json!({ "post": page["lines"][0]["post"] }));
    assert_eq!(ada.next(&ada.linkedin, 1)[0].0, "2027-03-28T07:00:00Z");
    ada.call("undo", json!({ "undo": deleted["undo"] }));
    assert_eq!(ada.next(&ada.linkedin, 1)[0].0, "2027-04-02T07:00:00Z");
}

#[test]
fn the_calendar_shows_the_times_that_are_free() {
    let ada = Scene::new();
    ada.save(&Scene::queue("Mornings", &[&ada.linkedin], &[("09:00", &["SA", "MO"]), ("23:30", &["SA"])]));
    let week = |filter: Value| {
        let week = ada.call("get_calendar", json!({ "from": "2027-03-22", "to": "2027-03-28", "filter": filter }));
        let days = week["days"].as_array().unwrap().clone();
        days.iter().map(|day| day["free"].as_array().map_or(0, Vec::len)).collect::<Vec<_>>()
    };
    assert_eq!(week(json!({})).iter().sum::<usize>(), 2, "this Monday is over");
    assert_eq!(week(json!({ "accounts": [ada.linkedin] })).iter().sum::<usize>(), 2);
    assert_eq!(week(json!({ "accounts": [ada.x] })).iter().sum::<usize>(), 0);
    assert_eq!(week(json!({ "text": "rye" })).iter().sum::<usize>(), 0);
    ada.queued("rye", &ada.linkedin);
    assert_eq!(week(json!({})).iter().sum::<usize>(), 1);
    assert_eq!(week(json!({ "accounts": [ada.linkedin] })).iter().sum::<usize>(), 1);
}

#[test]
fn a_queue_is_changed_deleted_and_brought_back_and_outlives_a_restart() {
    let Scene { laptop, linkedin, folder, .. } = {
        let ada = Scene::new();
        let saved = ada.save(&Scene::queue(" Mornings ", &[], &[("09:00", &["SA"])]));
        let queue = &saved["queue"]["id"];
        assert_eq!(saved["queue"]["text"]["name"], "Mornings");
        let text = Scene::queue("Evenings", &[], &[("18:00", &["SA"])]);
        let edited = ada.call("save_queue", json!({ "queue": queue, "text": text }));
        assert_eq!(ada.next(&ada.x, 1), [("2027-03-27T17:00:00Z".into(), "Evenings".into())]);
        ada.call("undo", json!({ "undo": edited["undo"] }));
        assert_eq!(ada.next(&ada.x, 1), [("2027-03-27T08:00:00Z".into(), "Mornings".into())]);
        ada.call("delete_queue", json!({ "queue": queue }));
        assert_eq!(ada.next(&ada.x, 1), []);
        let changes = ada.call("list_changes", json!({}));
        assert_eq!(
            (&changes["undo"][0]["kind"], &changes["undo"][0]["subject"]),
            (&json!("delete_queue"), &json!("Mornings"))
        );
        ada.call("undo", json!({ "undo": changes["undo"][0]["undo"] }));

        let refused = |text: Value| ada.refused("save_queue", json!({ "queue": null, "text": text }));
        assert!(refused(Scene::queue(" ", &[], &[("09:00", &["SA"])])).contains("empty"));
        assert!(refused(Scene::queue("None", &[], &[])).contains("empty"));
        assert!(refused(Scene::queue("None", &[], &[("09:00", &[])])).contains("empty"));
        let mut elsewhere = Scene::queue("None", &[], &[("09:00", &["SA"])]);
        elsewhere["zone"] = json!("Europe/Atlantis");
        assert!(refused(elsewhere).contains("Atlantis"));
        let (post, read) = ada.post("no time", &ada.x);
        ada.call("delete_queue", json!({ "queue": queue }));
        let none = ada.refused("queue_post", json!({ "post": post, "read": read, "queue": null }));
        assert!(none.contains("No queue for this post has a free time"), "{none}");
        let changes = ada.call("list_changes", json!({}));
        ada.call("undo", json!({ "undo": changes["undo"][0]["undo"] }));
        ada
    };
    drop(laptop);
    let clock = Arc::new(HandClock::at(NOW.parse().unwrap()));
    let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
    let slots = laptop.call("next_slots", json!({ "persona": null, "accounts": [linkedin], "limit": 20 })).unwrap();
    assert_eq!(slots.as_array().unwrap().len(), 20, "one a week, for as long as it takes");
}
