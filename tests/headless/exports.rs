//! Posts as files for other programs: a table that comes back as it was, JSON with the images, and a calendar.

use std::path::Path;
use std::sync::Arc;

use calcard::icalendar::{ICalendarComponentType, ICalendarProperty, ICalendarValue};
use calcard::{Entry, Parser};
use engine::ports::Clock as _;
use jiff::ToSpan;
use serde_json::{Value, json};
use testkit::inside::{Ground, Inside};
use testkit::{HandClock, picture};

use crate::ada;

struct Scene {
    laptop: Inside,
    clock: Arc<HandClock>,
    account: Value,
    _folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock::real());
        let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
        laptop.call("name_person", json!({ "name": "Ada" })).unwrap();
        let by_hand =
            json!({ "network": "linkedin", "handle": "Harbour Bakery", "url": "", "premium": false, "account": null });
        let account = laptop.call("add_by_hand", by_hand).unwrap()["account"].take();
        Self { laptop, clock, account, _folder: folder }
    }

    fn call(&self, command: &str, body: Value) -> Value {
        self.laptop.call(command, body).unwrap()
    }

    /// A post tomorrow at nine in Oslo.
    fn planned(&self, title: &str, parts: &Value) -> Value {
        let base = json!({ "parts": parts, "content_warning": "", "visibility": "public" });
        let targets = json!([{ "account": self.account, "variant": null }]);
        let draft = json!({ "title": title, "persona": null, "base": base, "targets": targets });
        let written = self.call("create_post", json!({ "draft": draft }));
        let zone = self.call("get_program", json!({}))["zone"].as_str().unwrap().to_owned();
        let tomorrow = self.clock.now().to_zoned(jiff::tz::TimeZone::get(&zone).unwrap()).date();
        let local = tomorrow.checked_add(1.day()).unwrap().at(9, 0, 0, 0);
        let when = json!({ "local": local, "zone": zone });
        let schedule = json!({ "post": written["post"], "read": written["version"], "when": when });
        self.call("schedule_post", schedule);
        written["post"].clone()
    }

    fn export(&self, format: &str, filter: Value) -> (Value, Vec<u8>) {
        let exported = self.call("export_posts", json!({ "filter": filter, "format": format }));
        let bytes = std::fs::read(exported["path"].as_str().unwrap()).unwrap();
        (exported, bytes)
    }
}

/// A post that is planned, with what programs stumble over in its text, and a picture.
fn troublesome(scene: &Scene) -> Value {
    let image = ada::import(&scene.laptop, "bread.png", &picture::png(60, 40, 7)).unwrap()["id"].take();
    let parts = json!([
        { "text": "=HYPERLINK(\"http://example.com\"); rye, \"fresh\"\nand warm \u{1f956}", "images": [{ "media": image, "alt": "A loaf" }] },
        { "text": "Second part", "images": [] },
    ]);
    scene.planned("-5 % on Saturday", &parts)
}

#[test]
fn a_table_holds_no_formula_and_comes_back_as_it_was() {
    let scene = Scene::new();
    let post = troublesome(&scene);
    let (exported, table) = scene.export("table", json!({}));
    assert_eq!((&exported["posts"], &exported["images"], &exported["missing"]), (&json!(1), &json!(1), &json!(0)));
    let mut reader = csv::Reader::from_reader(table.as_slice());
    let names = reader.headers().unwrap().clone();
    let row = reader.records().next().unwrap().unwrap();
    let cell = |name: &str| {
        let at = names.iter().position(|one| one.starts_with(name)).unwrap_or_else(|| panic!("{names:?}"));
        row.get(at).unwrap()
    };
    assert!(cell("Text").starts_with("'=HYPERLINK"), "{row:?}");
    assert_eq!((cell("Time"), cell("State"), cell("Accounts")), ("09:00", "scheduled", "Harbour Bakery"));
    assert_eq!(cell("Alt texts"), "A loaf");
    let folder = Path::new(exported["path"].as_str().unwrap()).parent().unwrap();
    assert!(image::open(folder.join(cell("Images"))).is_ok(), "the picture lies beside it");
    let formulas = row.iter().filter(|value| value.starts_with(['=', '+', '-', '@']));
    assert_eq!(formulas.count(), 0);

    // what went out comes back in
    scene.call("delete_post", json!({ "post": post }));
    let table = String::from_utf8(table).unwrap();
    let zone = scene.call("get_program", json!({}))["zone"].take();
    let ask = json!({ "table": table, "columns": null, "accounts": [], "zone": zone });
    let preview = scene.call("preview_import", ask.clone());
    assert_eq!(preview["good"], 1, "{preview}");
    let mut import = ask;
    import["columns"] = preview["columns"].clone();
    scene.call("import_posts", import);
    let page = scene.call("list_posts", json!({ "filter": {}, "limit": 5 }));
    let back = scene.call("get_post", json!({ "post": page["lines"][0]["post"] }))["post"].take();
    let text = "=HYPERLINK(\"http://example.com\"); rye, \"fresh\"\nand warm \u{1f956}\n\nSecond part";
    assert_eq!(back["draft"]["base"]["parts"][0]["text"], text);
    assert_eq!((&back["draft"]["title"], &back["status"]), (&json!("-5 % on Saturday"), &json!("scheduled")));
    scene.laptop.end();
}

#[test]
fn a_calendar_is_read_by_another_program() {
    let scene = Scene::new();
    let post = troublesome(&scene);
    let base = json!({ "parts": [{ "text": "Not yet", "images": [] }], "content_warning": "", "visibility": "public" });
    let draft = json!({ "title": "", "persona": null, "base": base, "targets": [] });
    scene.call("create_post", json!({ "draft": draft }));
    let (exported, calendar) = scene.export("calendar", json!({}));
    assert_eq!(exported["posts"], 1, "a draft has no time");
    let text = String::from_utf8(calendar).unwrap();
    assert!(text.lines().all(|line| line.len() <= 75), "lines are folded");
    let Entry::ICalendar(read) = Parser::new(&text).entry() else { panic!("{text}") };
    let events: Vec<_> =
        read.components.iter().filter(|one| one.component_type == ICalendarComponentType::VEvent).collect();
    assert_eq!(events.len(), 1);
    let value = |name: &ICalendarProperty| events[0].property(name).unwrap().values[0].clone();
    let said = |text: &str| ICalendarValue::Text(text.to_owned());
    assert_eq!(value(&ICalendarProperty::Summary), said("-5 % on Saturday"));
    assert_eq!(value(&ICalendarProperty::Uid), said(&format!("{}@sendoff", post.as_str().unwrap())));
    let words =
        "=HYPERLINK(\"http://example.com\"); rye, \"fresh\"\nand warm \u{1f956}\n\nSecond part\n\nHarbour Bakery";
    assert_eq!(value(&ICalendarProperty::Description), said(words));
    let stored = scene.call("get_post", json!({ "post": post }))["post"]["schedule"]["at"].take();
    let at: jiff::Timestamp = stored.as_str().unwrap().parse().unwrap();
    let ICalendarValue::PartialDateTime(start) = value(&ICalendarProperty::Dtstart) else { panic!("{text}") };
    assert_eq!(start.to_timestamp(), Some(at.as_second()));
    scene.laptop.end();
}

#[test]
fn json_holds_everything_of_what_was_asked_for() {
    let scene = Scene::new();
    let post = troublesome(&scene);
    let (exported, document) = scene.export("document", json!({ "statuses": ["scheduled"] }));
    assert_eq!((&exported["posts"], &exported["images"]), (&json!(1), &json!(1)));
    let document: Value = serde_json::from_slice(&document).unwrap();
    let stored = scene.call("get_post", json!({ "post": post }))["post"].take();
    assert_eq!(document["posts"], json!([stored]));
    assert_eq!(document["deliveries"].as_array().map(Vec::len), Some(1));
    let (none, _) = scene.export("document", json!({ "statuses": ["published"] }));
    assert_eq!(none["posts"], 0);
    scene.laptop.end();
}
