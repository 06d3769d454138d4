//! What stands in the calendar beside the posts: written, moved, deleted, taken back and exported.

use std::sync::Arc;

use calcard::icalendar::{ICalendarComponentType, ICalendarProperty, ICalendarValue};
use calcard::{Entry, Parser};
use serde_json::{Value, json};
use testkit::HandClock;
use testkit::inside::{Ground, Inside};

fn text(title: &str, from: &str, to: &str) -> Value {
    json!({ "kind": "holiday", "title": title, "from": from, "to": to, "color": "fern", "note": "Closed, at last" })
}

fn titles(laptop: &Inside, from: &str, to: &str) -> Vec<Value> {
    let calendar = laptop.call("get_calendar", json!({ "from": from, "to": to, "filter": {} })).unwrap();
    let entries = calendar["entries"].as_array().cloned().unwrap_or_default();
    entries.into_iter().map(|mut entry| entry["text"]["title"].take()).collect()
}

fn undo(laptop: &Inside) -> Value {
    let newest = laptop.call("list_changes", json!({})).unwrap()["undo"][0].take();
    laptop.call("undo", json!({ "undo": newest["undo"] })).unwrap();
    newest
}

#[test]
fn holidays_launches_and_notes_stand_in_the_calendar() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock::real());
    let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
    laptop.call("name_person", json!({ "name": "Ada" })).unwrap();
    let save = |entry: &Value, text: &Value| laptop.call("save_entry", json!({ "entry": entry, "text": text }));
    let saved = save(&Value::Null, &text(" Christmas ", "2026-12-24", "2026-12-26")).unwrap();
    let id = saved["entry"]["id"].clone();
    save(&Value::Null, &text("Flour arrives", "2026-12-01", "2026-12-01")).unwrap();
    assert_eq!(titles(&laptop, "2026-12-26", "2027-01-01"), ["Christmas"], "it is still on its last day");
    assert_eq!(titles(&laptop, "2026-12-01", "2026-12-31"), ["Flour arrives", "Christmas"], "by their first day");
    assert_eq!(titles(&laptop, "2026-12-27", "2026-12-31"), [""; 0]);

    // what is wrong is said, and changes nothing
    for (wrong, said) in [
        (text(" ", "2026-12-24", "2026-12-24"), "This must not be empty."),
        (text("Backwards", "2026-12-24", "2026-12-23"), "This must not be empty."),
        (text("For ever", "2026-12-24", "2028-12-24"), "This is too long: 732, the limit is 367."),
    ] {
        assert_eq!(save(&id, &wrong).unwrap_err().message, said);
    }

    // moved, deleted, and both taken back, over a restart
    save(&id, &text("Christmas", "2026-12-23", "2026-12-25")).unwrap();
    laptop.call("delete_entry", json!({ "entry": id })).unwrap();
    assert_eq!(titles(&laptop, "2026-12-20", "2026-12-31"), [""; 0]);
    laptop.end();
    let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
    let undone = undo(&laptop);
    assert_eq!((&undone["kind"], &undone["subject"]), (&json!("delete_entry"), &json!("Christmas")));
    assert_eq!(titles(&laptop, "2026-12-23", "2026-12-23"), ["Christmas"]);
    undo(&laptop);
    assert_eq!(titles(&laptop, "2026-12-23", "2026-12-23"), [""; 0]);
    assert_eq!(titles(&laptop, "2026-12-26", "2026-12-26"), ["Christmas"]);

    // another calendar reads them as whole days
    let exported = laptop.call("export_posts", json!({ "filter": {}, "format": "calendar" })).unwrap();
    let text = std::fs::read_to_string(exported["path"].as_str().unwrap()).unwrap();
    let Entry::ICalendar(read) = Parser::new(&text).entry() else { panic!("{text}") };
    let events = read.components.iter().filter(|one| one.component_type == ICalendarComponentType::VEvent);
    let of = |title: &str| {
        let said = ICalendarValue::Text(title.to_owned());
        let named = events
            .clone()
            .find(|one| one.property(&ICalendarProperty::Summary).is_some_and(|summary| summary.values[0] == said));
        named.unwrap_or_else(|| panic!("{text}"))
    };
    let day = |name: &ICalendarProperty| match &of("Christmas").property(name).unwrap().values[0] {
        ICalendarValue::PartialDateTime(date) => (date.year, date.month, date.day, date.hour),
        other => panic!("{other:?}"),
    };
    assert_eq!(day(&ICalendarProperty::Dtstart), (Some(2026), Some(12), Some(24), None));
    assert_eq!(day(&ICalendarProperty::Dtend), (Some(2026), Some(12), Some(27), None), "the day after its last one");
    let exported = laptop.call("export_all", json!({})).unwrap();
    let all: Value = serde_json::from_slice(&std::fs::read(exported["path"].as_str().unwrap()).unwrap()).unwrap();
    assert_eq!(all["entries"].as_array().map(Vec::len), Some(2));
    laptop.end();
}
