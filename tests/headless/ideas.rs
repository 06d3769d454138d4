//! Ideas: collected, put in order, written.

use std::sync::Arc;

use serde_json::{Value, json};
use testkit::HandClock;
use testkit::inside::{Ground, Inside};

struct Scene {
    laptop: Inside,
    clock: Arc<HandClock>,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock::real());
        let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
        laptop.call("name_person", json!({ "name": "Ada" })).unwrap();
        Self { laptop, clock, folder }
    }

    fn again(self) -> Self {
        let Self { laptop, clock, folder } = self;
        laptop.end();
        let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
        Self { laptop, clock, folder }
    }

    fn call(&self, command: &str, body: Value) -> Value {
        self.laptop.call(command, body).unwrap()
    }

    fn refused(&self, command: &str, body: Value) -> String {
        self.laptop.call(command, body).unwrap_err().message
    }

    fn add(&self, title: &str, column: &Value) -> Value {
        let text = json!({ "title": title, "note": "", "link": "", "tags": [] });
        self.call("save_idea", json!({ "idea": null, "text": text, "column": column }))["idea"].take()
    }

    /// The columns, left to right, and the titles in each.
    fn board(&self) -> Vec<(Value, Vec<String>)> {
        let board = self.call("get_ideas", json!({}));
        let title = |view: &Value| view["idea"]["text"]["title"].as_str().unwrap().to_owned();
        let titles = |column: &Value| column["ideas"].as_array().unwrap().iter().map(title).collect();
        board["columns"].as_array().unwrap().iter().map(|column| (column["column"].clone(), titles(column))).collect()
    }

    fn titles(&self) -> Vec<Vec<String>> {
        self.board().into_iter().map(|(_, titles)| titles).collect()
    }

    fn undo(&self) {
        let changes = self.call("list_changes", json!({}));
        self.call("undo", json!({ "undo": changes["undo"][0]["undo"] }));
    }

    fn redo(&self) {
        let changes = self.call("list_changes", json!({}));
        self.call("undo", json!({ "undo": changes["redo"][0]["undo"] }));
    }
}

#[test]
fn ideas_are_collected_put_in_order_and_taken_back_step_by_step() {
    let ada = Scene::new();
    assert_eq!(ada.titles(), [[""; 0]; 3], "three columns to begin with");
    let columns: Vec<Value> = ada.board().into_iter().map(|(column, _)| column).collect();
    let [rye, oven] = ["Rye week", "The old oven"].map(|title| ada.add(title, &Value::Null));
    let rolls = ada.add("Rolls", &columns[1]);
    assert_eq!(ada.titles(), [vec!["The old oven", "Rye week"], vec!["Rolls"], vec![]]);

    ada.call("move_idea", json!({ "idea": rye, "column": columns[1], "before": rolls }));
    assert_eq!(ada.titles(), [vec!["The old oven"], vec!["Rye week", "Rolls"], vec![]]);
    ada.call("move_idea", json!({ "idea": rye, "column": columns[1], "before": null }));
    assert_eq!(ada.titles(), [vec!["The old oven"], vec!["Rolls", "Rye week"], vec![]]);
    ada.call("delete_idea", json!({ "idea": rolls }));
    ada.call("delete_column", json!({ "column": columns[1] }));
    assert_eq!(ada.titles(), [vec!["The old oven", "Rye week"], vec![]]);
    ada.undo();
    assert_eq!(ada.titles(), [vec!["The old oven"], vec!["Rye week"], vec![]], "the column with what stood in it");
    ada.undo();
    assert_eq!(ada.titles(), [vec!["The old oven"], vec!["Rolls", "Rye week"], vec![]], "in its place");
    ada.undo();
    ada.undo();
    assert_eq!(ada.titles(), [vec!["The old oven", "Rye week"], vec!["Rolls"], vec![]]);
    ada.redo();
    assert_eq!(ada.titles(), [vec!["The old oven"], vec!["Rye week", "Rolls"], vec![]]);

    ada.call("save_column", json!({ "column": null, "name": " Winter " }));
    ada.call("move_column", json!({ "column": columns[2], "before": columns[0] }));
    let text = json!({ "title": "The old oven", "note": "Built 1911.", "link": "", "tags": ["Brick", "brick", " "] });
    ada.call("save_idea", json!({ "idea": oven, "text": text }));
    let ada = ada.again();
    let board = ada.call("get_ideas", json!({}));
    let names: Vec<_> = board["columns"].as_array().unwrap().iter().map(|column| column["name"].clone()).collect();
    assert_eq!(names, ["", "", "", "Winter"]);
    assert_eq!(board["columns"][0]["column"], columns[2]);
    assert_eq!(board["columns"][1]["ideas"][0]["idea"]["text"]["tags"], json!(["Brick"]));
}

#[test]
fn an_idea_becomes_a_draft_and_both_know_it() {
    let ada = Scene::new();
    let by_hand = json!({ "network": "x", "handle": "@bakery", "url": "", "premium": false, "account": null });
    let account = ada.call("add_by_hand", by_hand)["account"].take();
    let persona = json!({ "name": "Bakery", "color": "fern", "voice": "", "audience": "", "accounts": [account] });
    ada.call("save_persona", json!({ "persona": null, "text": persona }));
    let persona = ada.call("list_personas", json!({}))[0]["persona"]["id"].clone();
    let text = json!({ "title": "Rye week", "note": "Seven days of rye.", "link": "https://rye.example/", "tags": [] });
    let idea = ada.call("save_idea", json!({ "idea": null, "text": text }))["idea"].take();

    let post = ada.call("draft_idea", json!({ "idea": idea, "persona": persona }))["post"].take();
    let view = ada.call("get_post", json!({ "post": post }));
    assert_eq!(view["post"]["draft"]["base"]["parts"][0]["text"], "Seven days of rye.\n\nhttps://rye.example/");
    assert_eq!(view["post"]["draft"]["title"], "Rye week");
    assert_eq!(view["post"]["draft"]["targets"][0]["account"], account);
    assert_eq!(view["idea"]["title"], "Rye week");
    let seen = |status: Value| {
        let board = ada.call("get_ideas", json!({}));
        assert_eq!(board["columns"][0]["ideas"][0]["status"], status);
    };
    seen(json!("draft"));
    let twice = ada.refused("draft_idea", json!({ "idea": idea, "persona": persona }));
    assert!(twice.contains("exists"), "{twice}");

    ada.undo();
    seen(Value::Null);
    assert_eq!(ada.call("get_post", json!({ "post": post }))["post"]["deleted"], true);
    ada.redo();
    seen(json!("draft"));
    assert_eq!(ada.call("get_post", json!({ "post": post }))["post"]["deleted"], false);
    // a draft that is deleted leaves an idea that can be written once more
    ada.call("delete_post", json!({ "post": post }));
    seen(Value::Null);
    let other = ada.call("draft_idea", json!({ "idea": idea, "persona": null }))["post"].take();
    assert_ne!(other, post);
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_lost() {
    let ada = Scene::new();
    let columns: Vec<Value> = ada.board().into_iter().map(|(column, _)| column).collect();
    let rye = ada.add("Rye", &columns[2]);
    let text = |title: &str, tags: Value| json!({ "title": title, "note": "", "link": "", "tags": tags });
    let refused = |text: Value| ada.refused("save_idea", json!({ "idea": rye, "text": text }));
    assert!(refused(text(" ", json!([]))).contains("empty"));
    assert!(refused(text(&"x".repeat(201), json!([]))).contains("too long"));
    let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
    assert!(refused(text("Rye", json!(many))).contains("too long"));
    assert!(ada.refused("save_column", json!({ "column": null, "name": " " })).contains("empty"));
    for column in &columns[..2] {
        ada.call("delete_column", json!({ "column": column }));
    }
    let last = ada.refused("delete_column", json!({ "column": columns[2] }));
    assert!(last.contains("last column"), "{last}");
    assert_eq!(ada.titles(), [["Rye"]]);
    let nowhere = ada.refused("move_idea", json!({ "idea": rye, "column": columns[0], "before": null }));
    assert!(nowhere.contains("no longer exists"), "{nowhere}");
    // an idea whose column is gone comes back in the first one
    ada.undo();
    ada.call("move_idea", json!({ "idea": rye, "column": columns[1], "before": null }));
    ada.call("delete_idea", json!({ "idea": rye }));
    let undo = ada.call("list_changes", json!({}))["undo"][0]["undo"].take();
    ada.call("delete_column", json!({ "column": columns[1] }));
    ada.call("undo", json!({ "undo": undo }));
    assert_eq!(ada.titles(), [["Rye"]]);
}
