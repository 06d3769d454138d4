//! Ideas through the window: a line is written down, put in order by keys and by hand, and becomes a post.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::until_is;
use testkit::window::{Window, key};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(20);

fn titles(window: &Window) -> Vec<Vec<String>> {
    let board = window.call("get_ideas", &json!({}));
    let title = |view: &Value| view["idea"]["text"]["title"].as_str().unwrap().to_owned();
    let titles = |column: &Value| column["ideas"].as_array().unwrap().iter().map(title).collect();
    board["columns"].as_array().unwrap().iter().map(titles).collect()
}

fn stand(window: &Window, wanted: &[&[&str]]) {
    until_is("the board", wanted, PATIENCE, || titles(window));
}

#[test]
fn ada_collects_ideas_and_writes_one_without_touching_the_mouse() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("finish_welcome", &json!({}));
    let x = json!({ "network": "x", "handle": "@bakery", "url": "", "premium": false, "account": null });
    let account = window.call("add_by_hand", &x)["account"].take();
    let persona = json!({ "name": "Bakery", "color": "fern", "voice": "", "audience": "", "accounts": [account] });
    window.call("save_persona", &json!({ "persona": null, "text": persona }));
    window.resize(1280, 800);

    window.show("#/", ".bar h1");
    window.press(&["g"]);
    window.press(&["i"]);
    window.see("Collect what may become a post");
    window.press(&["n"]);
    for line in ["Rye week", "https://rye.example/facts", "The old oven"] {
        window.type_keys(line);
        window.press(&[key::ENTER]);
        window.see(line);
    }
    stand(&window, &[&["The old oven", "https://rye.example/facts", "Rye week"], &[], &[]]);

    // out of the field, to the third, two columns to the right and one down again
    window.press(&[key::ESCAPE]);
    window.script("document.activeElement.blur()", &[]);
    for keys in [["j"], ["j"], ["j"]] {
        window.press(&keys);
    }
    window.press(&[key::SHIFT, key::RIGHT]);
    stand(&window, &[&["The old oven", "https://rye.example/facts"], &["Rye week"], &[]]);
    window.see("“Rye week” moved to “Next”");
    window.press(&[key::SHIFT, key::RIGHT]);
    stand(&window, &[&["The old oven", "https://rye.example/facts"], &[], &["Rye week"]]);
    window.press(&["z"]);
    stand(&window, &[&["The old oven", "https://rye.example/facts"], &["Rye week"], &[]]);

    // in full: what is typed is stored without being asked, and the draft begins with it
    window.press(&["e"]);
    window.find("//*[@id='idea-note']").click();
    window.type_keys("Seven days, seven loaves.");
    window.find("//*[@id='idea-tags']").click();
    window.type_keys("rye, autumn");
    window.press(&[key::CONTROL, key::ENTER]);
    window.see("Draft made from the idea");
    window.see("From the idea");
    assert_eq!(
        window.script("return document.querySelector('textarea').value", &[]),
        json!("Seven days, seven loaves.")
    );
    drop(window);

    // it stands there after a restart, and leads to its post
    let window = desk.open();
    window.show("#/ideas", ".board");
    window.see("autumn");
    window.find("//*[@id='idea-filter']").click();
    window.type_keys("loaves");
    window.see("1 idea");
    window.find("//button[contains(@class, 'idea')][contains(., 'Rye week')]").click();
    window.find("//*[@id='write-idea'][contains(., 'Open the post')]").click();
    window.see("From the idea");
}
