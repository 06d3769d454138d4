//! Images made of others: cropped, converted, kept with what they were made from, taken back.

use std::sync::Arc;

use base64::Engine as _;
use serde_json::{Value, json};
use testkit::inside::{Ground, Inside};
use testkit::{HandClock, picture};

use crate::ada;

fn import(laptop: &Inside, name: &str, file: &[u8]) -> Value {
    let data = base64::engine::general_purpose::STANDARD.encode(file);
    laptop.call("import_image", json!({ "name": name, "data": data })).unwrap()["id"].take()
}

fn fit(laptop: &Inside, media: &Value, fit: Value) -> Value {
    laptop.call("fit_image", json!({ "media": media, "fit": fit })).unwrap()
}

fn names(laptop: &Inside, filter: Value) -> Vec<String> {
    let list = laptop.call("list_media", json!({ "filter": filter, "sort": "name" })).unwrap();
    list["lines"].as_array().unwrap().iter().map(|line| line["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn ada_crops_an_image_and_it_knows_what_it_was_made_from() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock::real());
    let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
    laptop.call("name_person", json!({ "name": "Ada" })).unwrap();
    let loaf = import(&laptop, "loaf.png", &picture::png(600, 1_000, 1));
    let text = json!({ "name": "loaf.png", "alt": "A loaf.", "folder": "Bakery", "tags": ["rye"] });
    laptop.call("edit_media", json!({ "media": loaf, "text": text })).unwrap();

    // the middle of it, and what it takes over
    let crop = json!({ "left": 0, "top": 125_000, "width": 1_000_000, "height": 750_000 });
    let cropped = fit(&laptop, &loaf, json!({ "crop": crop }));
    let made = &cropped["media"];
    assert_eq!((&made["width"], &made["height"], &made["alt"]), (&json!(600), &json!(750), &json!("A loaf.")));
    assert_eq!((&made["folder"], &made["tags"]), (&json!("Bakery"), &json!(["rye"])));
    assert_eq!(made["made_from"], json!({ "media": loaf, "fit": { "crop": crop } }));
    let again = fit(&laptop, &loaf, json!({ "crop": crop }));
    assert_eq!((&again["media"]["id"], &again["undo"]), (&made["id"], &Value::Null), "it is stored once");

    // what is made of it is made of the first one, with both at once
    let jpeg = fit(&laptop, &made["id"], json!({ "kind": "jpeg" }));
    assert_eq!(jpeg["media"]["name"], "loaf.jpg");
    assert_eq!(jpeg["media"]["made_from"], json!({ "media": loaf, "fit": { "crop": crop, "kind": "jpeg" } }));
    let whole = fit(&laptop, &jpeg["media"]["id"], json!({}));
    assert_eq!(whole["media"]["id"], loaf, "without a change the first one comes back");

    // the grid shows the whole image; crops where they are wanted; each finds the others
    let laptop = {
        laptop.end();
        Inside::start(folder.path(), &Ground::default(), &clock).unwrap()
    };
    assert_eq!(names(&laptop, json!({})), ["loaf.png"]);
    assert_eq!(names(&laptop, json!({ "crops": true })), ["loaf.jpg", "loaf.png", "loaf.png"]);
    let view = laptop.call("get_media", json!({ "media": loaf })).unwrap();
    assert_eq!(view["versions"].as_array().unwrap().len(), 2);
    let of_crop = laptop.call("get_media", json!({ "media": made["id"] })).unwrap();
    assert_eq!(of_crop["made_from"]["id"], loaf);
    for size in ["thumb", "preview", "full"] {
        assert!(laptop.call("get_image", json!({ "media": made["id"], "size": size })).is_ok());
    }

    // taken back, done again; a crop whose image is gone stands for itself
    let step = |stack: &str| {
        let change = laptop.call("list_changes", json!({})).unwrap()[stack][0].take();
        laptop.call("undo", json!({ "undo": change["undo"] })).unwrap();
        change
    };
    let change = step("undo");
    assert_eq!((&change["kind"], &change["subject"]), (&json!("fit_media"), &json!("loaf.jpg")));
    assert_eq!(names(&laptop, json!({ "crops": true })), ["loaf.png", "loaf.png"]);
    step("redo");
    let mut content = ada::content(&["Rye is back"]);
    content["parts"][0]["images"] = json!([{ "media": made["id"], "alt": "A loaf." }]);
    let post = ada::write(&laptop, &content, &[]);
    laptop.call("delete_media", json!({ "media": [loaf] })).unwrap();
    assert_eq!(names(&laptop, json!({})).len(), 2);
    let kept = laptop.call("get_post", json!({ "post": post })).unwrap();
    assert_eq!(kept["media"][0]["made_from"]["media"], loaf);
    let first = fit(&laptop, &made["id"], json!({}));
    assert_eq!(first["media"]["id"], loaf, "the whole image is still there for what was made of it");
}

#[test]
fn what_cannot_be_made_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let laptop = Inside::start(folder.path(), &Ground::default(), &Arc::new(HandClock::real())).unwrap();
    laptop.call("name_person", json!({ "name": "Ada" })).unwrap();
    let loaf = import(&laptop, "loaf.png", &picture::png(60, 40, 1));
    let outside = json!({ "left": 900_000, "top": 0, "width": 200_000, "height": 1_000_000 });
    let gif = json!({ "kind": "gif" });
    for wrong in
        [json!({ "crop": outside }), gif, json!({ "bytes": 0 }), json!({ "size": { "width": 0, "height": 9 } })]
    {
        let refused = laptop.call("fit_image", json!({ "media": loaf, "fit": wrong })).unwrap_err();
        assert_eq!(refused.code, "bad_request", "{wrong}");
    }
    let light = laptop.call("fit_image", json!({ "media": loaf, "fit": { "kind": "jpeg", "bytes": 20 } })).unwrap_err();
    assert!(light.message.contains("small enough"), "{}", light.message);
    let unknown = laptop.call("fit_image", json!({ "media": "00".repeat(32), "fit": {} })).unwrap_err();
    assert_eq!(unknown.code, "not_found");
    assert_eq!(names(&laptop, json!({ "crops": true })), ["loaf.png"], "nothing came of it");
}
