//! Posts from a table: shown before anything is written, brought in together, taken back at one stroke.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::ports::Clock as _;
use jiff::ToSpan;
use serde_json::{Value, json};
use testkit::HandClock;
use testkit::inside::{Ground, Inside};

use crate::ada;

struct Scene {
    laptop: Inside,
    clock: Arc<HandClock>,
    account: String,
    _folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (ground, clock) = (Ground::default(), Arc::new(HandClock::real()));
        let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
        laptop.call("name_person", json!({ "name": "Ada" })).unwrap();
        let by_hand = json!({ "network": "x", "handle": "@bakery", "url": "", "premium": false, "account": null });
        let account = laptop.call("add_by_hand", by_hand).unwrap()["account"].as_str().unwrap().to_owned();
        Self { laptop, clock, account, _folder: folder }
    }

    fn preview(&self, table: &str) -> Value {
        let body = json!({ "table": table, "columns": null, "accounts": [self.account], "zone": "Europe/Oslo" });
        self.laptop.call("preview_import", body).unwrap()
    }

    fn import(&self, table: &str, columns: &Value) -> Value {
        let body = json!({ "table": table, "columns": columns, "accounts": [self.account], "zone": "Europe/Oslo" });
        self.laptop.call("import_posts", body).unwrap()
    }

    fn posts(&self) -> u64 {
        let page = json!({ "filter": {}, "limit": 1 });
        self.laptop.call("list_posts", page).unwrap()["total"].as_u64().unwrap()
    }
}

/// Half a year of posts as Buffer writes them, three of them bad.
fn half_a_year(now: jiff::Timestamp) -> String {
    let begin = now.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let mut table = "Text,Image URL,Tags,Posting Time\n".to_owned();
    for number in 0..500 {
        let at = begin.checked_add((1 + i64::from(number) / 3).days().hours(i64::from(number) % 3)).unwrap();
        let at = at.strftime("%Y-%m-%d %H:%M");
        match number {
            99 => writeln!(table, "\"Rye, day {number}\",,,one day").unwrap(),
            199 => writeln!(table, ",,,{at}").unwrap(),
            299 => writeln!(table, "{},,,{at}", "rye ".repeat(100)).unwrap(),
            _ => writeln!(table, "\"Rye, day {number}: \"\"fresh\"\"\nand warm\",,,{at}").unwrap(),
        }
    }
    table
}

#[test]
fn five_hundred_rows_come_in_and_go_out_at_one_stroke() {
    let scene = Scene::new();
    let table = half_a_year(scene.clock.now());
    let begun = Instant::now();
    let preview = scene.preview(&table);
    let looked = begun.elapsed();
    assert_eq!((&preview["layout"], &preview["good"]), (&json!("buffer"), &json!(497)));
    let rows = preview["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 500);
    let problems: Vec<&str> = rows
        .iter()
        .flat_map(|row| row["problems"].as_array().unwrap())
        .map(|problem| problem["problem"].as_str().unwrap())
        .collect();
    assert_eq!(problems, ["no_date", "no_text", "breaks_rule"]);
    assert_eq!(scene.posts(), 0, "nothing is written before it is wanted");

    let begun = Instant::now();
    let imported = scene.import(&table, &preview["columns"]);
    println!("500 rows: looked at in {looked:?}, written in {:?}", begun.elapsed());
    assert_eq!((&imported["posts"], &imported["left_out"]), (&json!(497), &json!(3)));
    assert_eq!(scene.posts(), 497);
    let page = json!({ "filter": { "statuses": ["scheduled"], "text": "fresh warm" }, "limit": 1 });
    let first = scene.laptop.call("list_posts", page).unwrap();
    assert_eq!(first["total"], 497);
    let post = scene.laptop.call("get_post", json!({ "post": first["lines"][0]["post"] })).unwrap();
    assert_eq!(post["post"]["schedule"]["zone"], "Europe/Oslo");
    assert!(post["post"]["draft"]["base"]["parts"][0]["text"].as_str().unwrap().ends_with("\"fresh\"\nand warm"));

    // half an hour of looking at it later
    scene.clock.sleep_through(Duration::from_secs(1_800));
    let begun = Instant::now();
    scene.laptop.call("undo", json!({ "undo": imported["undo"] })).unwrap();
    println!("taken back in {:?}", begun.elapsed());
    assert_eq!(scene.posts(), 0);
    let waiting = scene.laptop.call("list_accounts", json!({})).unwrap();
    assert_eq!(waiting[0]["waiting"], 0);
    scene.laptop.end();
}

#[test]
fn what_went_out_since_stays_when_the_rest_is_taken_back() {
    let scene = Scene::new();
    let now = scene.clock.now().to_zoned(jiff::tz::TimeZone::get("Europe/Oslo").unwrap()).datetime();
    let at = |minutes: i64| now.checked_add(minutes.minutes()).unwrap().strftime("%Y-%m-%d %H:%M").to_string();
    let table = format!("Text,Date,Account\nFirst,{},X\nSecond,{},@bakery\nThird,,\n", at(2), at(200));
    let preview = scene.preview(&table);
    assert_eq!(preview["good"], 3, "{preview}");
    let imported = scene.import(&table, &preview["columns"]);
    scene.clock.sleep_through(Duration::from_secs(180));
    let find = |text: &str| {
        let page = json!({ "filter": { "text": text }, "limit": 1 });
        scene.laptop.call("list_posts", page).unwrap()["lines"][0]["post"].as_str().unwrap().to_owned()
    };
    let first = find("First");
    ada::until_status(&scene.laptop, &first, "your_turn");
    let job = ada::jobs(&scene.laptop, &first).pop().unwrap();
    let there = json!({ "job": job["id"], "decision": { "decision": "it_is_there", "url": "" } });
    scene.laptop.call("decide_job", there).unwrap();
    scene.laptop.call("undo", json!({ "undo": imported["undo"] })).unwrap();
    assert_eq!(scene.posts(), 1);
    assert_eq!(find("First"), first);
    scene.laptop.end();
}
