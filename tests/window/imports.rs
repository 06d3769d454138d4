//! A table of posts through the window: every row seen before it comes in, and all taken back at one stroke.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::json;
use testkit::until;
use testkit::window::{Window, key};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(30);

/// Half a year of posts as Buffer writes them, three of them bad.
fn half_a_year() -> String {
    let mut table = "Text,Image URL,Tags,Posting Time\n".to_owned();
    for number in 0..500 {
        let at = format!("2099-{:02}-{:02} {:02}:30", 1 + number / 84, 1 + number % 28, 6 + number % 12);
        match number {
            99 => writeln!(table, "\"Rye, day {number}\",,,one day").unwrap(),
            199 => writeln!(table, ",,,{at}").unwrap(),
            299 => writeln!(table, "{},,,{at}", "rye ".repeat(100)).unwrap(),
            _ => writeln!(table, "\"Rye, day {number}: \"\"fresh\"\"\nand warm\",,,{at}").unwrap(),
        }
    }
    table
}

fn posts(window: &Window) -> u64 {
    window.call("list_posts", &json!({ "filter": {}, "limit": 1 }))["total"].as_u64().unwrap()
}

#[test]
fn ada_brings_in_five_hundred_rows_and_out_and_takes_them_back() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("finish_welcome", &json!({}));
    let x = json!({ "network": "x", "handle": "@bakery", "url": "", "premium": false, "account": null });
    window.call("add_by_hand", &x);
    window.show("#/", ".bar h1");

    window.press(&[key::CONTROL, "k"]);
    window.type_keys("import");
    window.press(&[key::ENTER]);
    window.choose_file("import-file", "spring.csv", "");
    window.see("This file is empty.");
    window.choose_file("import-file", "spring.csv", &half_a_year());
    window.see("a file for Buffer");
    window.see("Not brought in: Image URL, Tags.");
    // no account is named: where they go is asked for
    window.see("choose one above");
    window.find("//dialog[@open]//button[contains(., '@bakery')]").click();
    window.see("497 of 500 posts come in");
    window.see("3 rows have problems");
    for problem in ["“one day” is not a date", "There is no text.", "@bakery"] {
        window.find(&format!("//dialog[@open]//*[contains(@class, 'import-problems')]//li[contains(., '{problem}')]"));
    }
    assert_eq!(posts(&window), 0, "nothing is written before it is wanted");
    window.button("Import 497 posts").click();
    window.see("497 posts came in");
    window.see("3 rows were left out");
    assert_eq!(posts(&window), 497);
    let rows = || {
        let folders = std::fs::read_dir(desk.profile().join("exports")).ok()?.flatten();
        let table = folders.map(|folder| folder.path().join("posts.csv")).find(|path| path.is_file())?;
        Some(csv::Reader::from_path(table).unwrap().records().count())
    };
    window.button("Done").click();
    window.press(&[key::CONTROL, "k"]);
    window.type_keys("export posts as");
    window.press(&[key::ENTER]);
    window.find("//label[contains(., 'Planned')]").click();
    window.find("//*[@id='export-go']").click();
    window.see("497 posts exported to");
    assert_eq!(rows(), Some(497));

    window.press(&[key::CONTROL, "k"]);
    window.type_keys("undo");
    window.find("//dialog[@open]//*[@role='option'][contains(., 'Undo: imported 497 posts')]");
    window.press(&[key::ENTER]);
    window.see("Undone: imported 497 posts");
    until("the posts are gone", PATIENCE, || (posts(&window) == 0).then_some(()));

    // and from where it was brought in
    window.show("#/settings", ".bar h1");
    window.find("//*[@id='import']").click();
    window.choose_file("import-file", "one.csv", "Text\nRye\n");
    window.button("Import one post").click();
    window.see("One post came in");
    window.find("//*[@id='import-undo']").click();
    window.see("The import was taken back");
    until("the post is gone", PATIENCE, || (posts(&window) == 0).then_some(()));
}
