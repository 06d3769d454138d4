//! The library through the window: files are chosen, dropped and pasted, described, found, put into a post and taken out.

use std::time::Duration;

use base64::Engine as _;
use serde_json::{Value, json};
use testkit::window::{Window, key};
use testkit::{picture, until, until_is};

use crate::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(20);

fn names(window: &Window) -> Vec<String> {
    let list = window.call("list_media", &json!({ "filter": {}, "sort": "name" }));
    list["lines"].as_array().unwrap().iter().map(|line| line["name"].as_str().unwrap().to_owned()).collect()
}

fn stand(window: &Window, wanted: &[&str]) {
    until_is("the library", wanted, PATIENCE, || names(window));
}

/// Hands files to the page: into a field, or as what is dropped on it or pasted.
fn bring(window: &Window, how: &str, files: &[(&str, Vec<u8>)]) {
    let files: Vec<Value> = files
        .iter()
        .map(|(name, bytes)| json!([name, base64::engine::general_purpose::STANDARD.encode(bytes)]))
        .collect();
    let code = "const data = new DataTransfer(); \
        for (const [name, text] of arguments[1]) { \
          const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0)); \
          data.items.add(new File([bytes], name, { type: name.endsWith('png') ? 'image/png' : '' })); } \
        if (arguments[0] === 'choose') { const field = document.getElementById('library-files'); field.files = data.files; \
          field.dispatchEvent(new Event('change', { bubbles: true })); } \
        else if (arguments[0] === 'drop') for (const kind of ['dragenter', 'dragover', 'drop']) \
          document.querySelector('.library-main').dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data })); \
        else document.body.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }))";
    window.script(code, &[json!(how), json!(files)]);
}

#[test]
fn ada_fills_her_library_and_posts_from_it() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open();
    window.see("Welcome to Sendoff");
    window.call("finish_welcome", &json!({}));
    window.resize(1280, 800);

    window.show("#/", ".bar h1");
    window.press(&["g"]);
    window.press(&["l"]);
    window.see("Keep the images and videos you post here");
    window.press(&["n"]);
    window.see("Drop images and videos here, paste images, or choose files.");
    bring(&window, "choose", &[("rye.png", picture::png(60, 40, 1)), ("wheat.png", picture::png(40, 60, 2))]);
    window.see("Add 2 files");
    window.find("//*[@id='add-folder']").write("Bakery");
    window.find("//*[@id='add-begin']").click();
    window.see("2 files added to the library");
    stand(&window, &["rye.png", "wheat.png"]);
    window.press(&["z"]);
    stand(&window, &[]);
    window.press(&[key::SHIFT, "z"]);
    stand(&window, &["rye.png", "wheat.png"]);

    // one that is good, one that is there, one that is no image; the list stays to be read
    let mixed =
        [("spelt.png", picture::png(50, 50, 3)), ("again.png", picture::png(60, 40, 1)), ("notes.txt", b"no".to_vec())];
    bring(&window, "drop", &mixed);
    window.see("Add 3 files");
    window.press(&[key::ENTER]);
    window.see("Already in the library as “rye.png”");
    window.see("Sendoff cannot use this file. Add a JPEG, PNG, WebP or GIF.");
    window.see("1 added, 1 already there, 1 not added");
    window.find("//*[@id='add-close']").click();
    stand(&window, &["rye.png", "spelt.png", "wheat.png"]);
    bring(&window, "paste", &[("pasted.png", picture::png(30, 30, 4))]);
    window.see("Add 1 file");
    window.find("//*[@id='add-begin']").click();
    stand(&window, &["pasted.png", "rye.png", "spelt.png", "wheat.png"]);

    // found, and described by keys alone
    window.press(&["/"]);
    window.type_keys("rye");
    window.find("//button[contains(@class, 'media-tile')][1][contains(., 'rye.png')]");
    until("only that one is left", PATIENCE, || {
        (window.script("return document.querySelectorAll('.media-tile').length", &[]) == 1).then_some(())
    });
    window.script("document.activeElement.blur()", &[]);
    window.press(&["j"]);
    window.find("//*[@id='media-alt']");
    window.press(&["e"]);
    window.type_keys("A loaf of rye.");
    let described = || {
        let list = window.call("list_media", &json!({ "filter": { "text": "loaf" } }));
        (list["lines"][0]["alt"] == "A loaf of rye.").then_some(())
    };
    until("the description is stored", PATIENCE, described);

    // into a post, with its words
    window.show("#/compose", "textarea");
    window.find("//textarea").write("Rye is back");
    window.press(&[key::ALT, "i"]);
    window.see("Files from the library");
    window.type_keys("rye");
    until("only that one is offered", PATIENCE, || {
        (window.script("return document.querySelectorAll('dialog .media-tile').length", &[]) == 1).then_some(())
    });
    window.find("//dialog[@open]//button[contains(@class, 'media-tile')]").click();
    window.find("//*[@id='pick-insert'][contains(., 'Insert 1 file')]").click();
    window.find("//button[contains(@class, 'pic')][contains(@aria-label, 'A loaf of rye.')]");
    until("the post is stored with it", PATIENCE, || {
        let list = window.call("list_media", &json!({ "filter": { "text": "loaf" } }));
        (list["lines"][0]["uses"] == 1).then_some(())
    });
    drop(window);

    // after a restart it says where it is used, several are filed together, and a deletion says what stays
    let window = desk.open();
    window.show("#/library", ".media-tile");
    window.find("//button[contains(@class, 'media-tile')][contains(., 'rye.png')]").click();
    window.find("//ul[@class='media-uses']//a[contains(., 'Rye is back')]");
    window.press(&[key::CONTROL, "a"]);
    window.see("4 files chosen");
    window.find("//*[@id='media-tag']").write("bread");
    window.press(&[key::ENTER]);
    window.see("4 files tagged “bread”");
    window.find("//button[contains(@class, 'media-tile')][contains(., 'rye.png')]").click();
    window.press(&[key::DELETE]);
    window.see("“rye.png” deleted. The posts that use it keep it");
    stand(&window, &["pasted.png", "spelt.png", "wheat.png"]);
    window.press(&["z"]);
    stand(&window, &["pasted.png", "rye.png", "spelt.png", "wheat.png"]);
}
