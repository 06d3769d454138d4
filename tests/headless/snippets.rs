//! Snippets: hashtag groups, templates and signatures are written once and used in many posts.

use std::sync::Arc;

use serde_json::{Value, json};
use testkit::HandClock;
use testkit::inside::{Ground, Inside};

struct Scene {
    laptop: Inside,
    account: Value,
    persona: Value,
}

impl Scene {
    fn new(folder: &std::path::Path) -> Self {
        let clock = Arc::new(HandClock::at("2027-03-26T07:58:00Z".parse().unwrap()));
        let laptop = Inside::start(folder, &Ground::default(), &clock).unwrap();
        laptop.call("name_person", json!({ "name": "Ada" })).unwrap();
        let x = json!({ "network": "x", "handle": "bakery", "url": "", "premium": false, "account": null });
        let account = laptop.call("add_by_hand", x).unwrap()["account"].take();
        let text = json!({ "name": "Bakery", "color": "fern", "voice": "", "audience": "", "accounts": [account] });
        laptop.call("save_persona", json!({ "persona": null, "text": text })).unwrap();
        let persona = laptop.call("list_personas", json!({})).unwrap()[0]["persona"]["id"].take();
        Self { laptop, account, persona }
    }

    fn call(&self, command: &str, body: Value) -> Value {
        self.laptop.call(command, body).unwrap()
    }

    fn save(&self, kind: &str, name: &str, parts: &[&str], persona: &Value) -> Value {
        let text = json!({ "kind": kind, "name": name, "parts": parts, "persona": persona });
        self.call("save_snippet", json!({ "snippet": null, "text": text }))
    }

    fn refused(&self, kind: &str, name: &str, parts: &[&str]) -> String {
        let text = json!({ "kind": kind, "name": name, "parts": parts, "persona": null });
        self.laptop.call("save_snippet", json!({ "snippet": null, "text": text })).unwrap_err().message
    }

    fn names(&self) -> Vec<String> {
        let all = self.call("list_snippets", json!({}));
        all.as_array().unwrap().iter().map(|one| one["text"]["name"].as_str().unwrap().to_owned()).collect()
    }

    fn undo_last(&self) {
        let changes = self.call("list_changes", json!({}));
        self.call("undo", json!({ "undo": changes["undo"][0]["undo"] }));
    }
}

#[test]
fn a_snippet_is_changed_deleted_and_brought_back_outlives_a_restart_and_is_exported() {
    let folder = tempfile::tempdir().unwrap();
    let ada = Scene::new(folder.path());
    let saved = ada.save("hashtags", " Bread ", &["bread,  Sourdough #BREAD"], &Value::Null);
    assert_eq!(saved["snippet"]["text"]["parts"], json!(["#bread #Sourdough"]));
    let bread = saved["snippet"]["id"].clone();
    let text = json!({ "kind": "hashtags", "name": "Loaves", "parts": ["#loaf"], "persona": ada.persona });
    ada.call("save_snippet", json!({ "snippet": bread, "text": text }));
    assert_eq!(ada.names(), ["Loaves"]);
    ada.undo_last();
    assert_eq!(ada.names(), ["Bread"]);
    ada.call("delete_snippet", json!({ "snippet": bread }));
    assert!(ada.names().is_empty());
    let changes = ada.call("list_changes", json!({}));
    let last = &changes["undo"][0];
    assert_eq!((&last["kind"], &last["subject"]), (&json!("delete_snippet"), &json!("Bread")));
    ada.undo_last();
    ada.save("signature", "Below", &["— The bakers"], &ada.persona);
    drop(ada);

    let clock = Arc::new(HandClock::at("2027-03-26T08:58:00Z".parse().unwrap()));
    let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
    assert_eq!(laptop.call("list_snippets", json!({})).unwrap()[0]["text"]["name"], "Bread");
    let path = laptop.call("export_all", json!({})).unwrap()["path"].as_str().unwrap().to_owned();
    let document: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(document["snippets"][1]["text"]["parts"], json!(["— The bakers"]));
}

#[test]
fn what_is_no_snippet_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let ada = Scene::new(folder.path());
    assert!(ada.refused("hashtags", " ", &["#a"]).contains("empty"));
    assert!(ada.refused("hashtags", "None", &[" # , "]).contains("empty"));
    assert!(ada.refused("template", "None", &[]).contains("empty"));
    assert!(ada.refused("template", "None", &["one", " "]).contains("empty"));
    assert!(ada.refused("signature", "Two", &["one", "two"]).contains("limit is 1"));
    assert!(ada.refused("template", "Long", &["part"; 26]).contains("limit is 25"));
    assert!(ada.refused("hashtags", &"n".repeat(81), &["#a"]).contains("limit is 80"));
    assert!(ada.names().is_empty());
}

#[test]
fn a_template_becomes_a_post_of_its_persona_with_the_signature_below() {
    let folder = tempfile::tempdir().unwrap();
    let ada = Scene::new(folder.path());
    let template = ada.save("template", "Recipe", &["What", "How"], &ada.persona)["snippet"]["id"].take();
    ada.save("signature", "Below", &["— The bakers"], &ada.persona);
    ada.save("signature", "Later", &["— Somebody else"], &ada.persona);
    let written = ada.call("draft_template", json!({ "snippet": template, "persona": null }));
    let draft = ada.call("get_post", json!({ "post": written["post"] }))["post"]["draft"].take();
    assert_eq!(draft["persona"], ada.persona);
    assert_eq!(draft["targets"], json!([{ "account": ada.account, "variant": null }]));
    let texts: Vec<&str> =
        draft["base"]["parts"].as_array().unwrap().iter().map(|part| part["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["What", "How\n\n— The bakers"]);
    // one stroke takes it back, and the post keeps what it took when the template changes
    ada.undo_last();
    let all = ada.call("list_posts", json!({ "filter": {}, "after": null, "limit": 9 }));
    assert_eq!(all["total"], 0);
    let tags = ada.save("hashtags", "Tags", &["#a"], &Value::Null)["snippet"]["id"].take();
    let refused = ada.laptop.call("draft_template", json!({ "snippet": tags, "persona": null })).unwrap_err();
    assert_eq!(refused.code, "not_found");
}
