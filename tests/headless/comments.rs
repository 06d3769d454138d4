//! Comments on a post: said, answered, settled, and taken back.

use std::sync::Arc;

use serde_json::{Value, json};
use testkit::HandClock;
use testkit::inside::{Ground, Inside};

const TEXT: &str = "Rye is back on Friday. Come early, it is gone by noon.";

struct Scene {
    laptop: Inside,
    post: Value,
}

impl Scene {
    fn new(folder: &std::path::Path) -> Self {
        let clock = Arc::new(HandClock::at("2027-03-26T07:58:00Z".parse().unwrap()));
        let laptop = Inside::start(folder, &Ground::default(), &clock).unwrap();
        laptop.call("name_person", json!({ "name": "Ada" })).unwrap();
        let post = laptop.call("create_post", json!({ "draft": draft(TEXT) })).unwrap()["post"].take();
        Self { laptop, post }
    }

    fn call(&self, command: &str, body: Value) -> Value {
        self.laptop.call(command, body).unwrap()
    }

    fn add(&self, text: &str, anchor: &Value, reply_to: &Value) -> Value {
        let body = json!({ "post": self.post, "text": text, "anchor": anchor, "reply_to": reply_to });
        self.call("add_comment", body)["comment"].take()
    }

    fn comments(&self) -> Vec<Value> {
        self.call("list_comments", json!({ "post": self.post })).as_array().unwrap().clone()
    }

    fn texts(&self) -> Vec<String> {
        self.comments().iter().map(|view| view["comment"]["text"].as_str().unwrap().to_owned()).collect()
    }

    fn open(&self) -> Value {
        self.call("list_posts", json!({ "filter": {}, "after": null, "limit": 9 }))["lines"][0]["comments"].take()
    }

    fn undo_last(&self) -> Value {
        let changes = self.call("list_changes", json!({}));
        let last = changes["undo"][0].clone();
        self.call("undo", json!({ "undo": last["undo"] }));
        last["kind"].clone()
    }
}

fn draft(text: &str) -> Value {
    let base = json!({ "parts": [{ "text": text, "images": [] }], "content_warning": "", "visibility": "public" });
    json!({ "title": "", "persona": null, "base": base, "targets": [] })
}

fn on(quote: &str) -> Value {
    let (before, after) = TEXT.split_once(quote).unwrap();
    json!({ "account": null, "part": 0, "start": before.len(), "quote": quote, "before": before, "after": after })
}

#[test]
fn a_comment_is_answered_settled_and_taken_back_step_by_step() {
    let folder = tempfile::tempdir().unwrap();
    let ada = Scene::new(folder.path());
    let first = ada.add(" Which Friday? ", &on("on Friday"), &Value::Null);
    let answer = ada.add("The 2nd.", &Value::Null, &first);
    ada.add("Shorter, please", &Value::Null, &Value::Null);
    assert_eq!(ada.texts(), ["Which Friday?", "The 2nd.", "Shorter, please"]);
    assert_eq!((&ada.comments()[0]["author"], &ada.comments()[0]["own"]), (&json!("Ada"), &json!(true)));
    assert_eq!(ada.open(), 2, "answers count with what they answer");

    ada.call("resolve_comment", json!({ "comment": first, "resolved": true }));
    assert_eq!(ada.open(), 1);
    assert_eq!(ada.undo_last(), "resolve_comment");
    assert_eq!(ada.open(), 2);
    ada.call("edit_comment", json!({ "comment": answer, "text": "The 2nd of April." }));
    assert_eq!(ada.comments()[1]["comment"]["edited"], true);
    assert_eq!(ada.undo_last(), "edit_comment");
    assert_eq!(ada.texts()[1], "The 2nd.");

    // what is answered leaves a gap, and comes back whole
    ada.call("delete_comment", json!({ "comment": first }));
    assert_eq!(ada.texts(), ["", "The 2nd.", "Shorter, please"]);
    assert_eq!(ada.open(), 1);
    ada.call("delete_comment", json!({ "comment": answer }));
    assert_eq!(ada.texts(), ["Shorter, please"]);
    ada.undo_last();
    assert_eq!(ada.undo_last(), "delete_comment");
    assert_eq!(ada.texts(), ["Which Friday?", "The 2nd.", "Shorter, please"]);

    drop(ada.laptop);
    let clock = Arc::new(HandClock::at("2027-03-26T08:58:00Z".parse().unwrap()));
    let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
    let kept = laptop.call("list_comments", json!({ "post": ada.post })).unwrap();
    assert_eq!(kept.as_array().unwrap().len(), 3);
    let path = laptop.call("export_all", json!({})).unwrap()["path"].as_str().unwrap().to_owned();
    let document: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(document["comments"].as_array().unwrap().len(), 3);
}

#[test]
fn a_passage_is_kept_as_it_was_whatever_the_text_becomes() {
    let folder = tempfile::tempdir().unwrap();
    let ada = Scene::new(folder.path());
    ada.add("Which Friday?", &on("on Friday"), &Value::Null);
    for (read, text) in (1..).zip(["Rye is back next Monday. Come early.", "Wheat, every day.", TEXT]) {
        ada.call("edit_draft", json!({ "post": ada.post, "read": read, "draft": draft(text) }));
        assert_eq!(ada.comments()[0]["comment"]["anchor"], on("on Friday"));
    }
    let mut long = on("on Friday");
    long["before"] = json!("b".repeat(49));
    let body = json!({ "post": ada.post, "text": "T", "anchor": long, "reply_to": null });
    assert!(ada.laptop.call("add_comment", body).unwrap_err().message.contains("limit is 48"));
}

#[test]
fn what_is_no_comment_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let ada = Scene::new(folder.path());
    let refused = |body: Value| ada.laptop.call("add_comment", body).unwrap_err();
    let body =
        |text: &str, reply_to: &Value| json!({ "post": ada.post, "text": text, "anchor": null, "reply_to": reply_to });
    assert!(refused(body(" ", &Value::Null)).message.contains("empty"));
    assert!(refused(body(&"c".repeat(4_001), &Value::Null)).message.contains("limit is 4000"));
    let first = ada.add("First", &Value::Null, &Value::Null);
    let answer = ada.add("Answer", &Value::Null, &first);
    assert_eq!(refused(body("To an answer", &answer)).code, "not_found");
    ada.call("delete_post", json!({ "post": ada.post }));
    assert_eq!(refused(body("Too late", &Value::Null)).code, "not_found");
}
