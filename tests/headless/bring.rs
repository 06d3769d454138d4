//! What somebody began alone goes into their organisation: with its files, without its accounts, once.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{TeamServer, picture, until};

use crate::ada::{self, Program as _};
use crate::teams::{Laptop, bakery};

const PATIENCE: Duration = Duration::from_secs(30);

fn drafts(laptop: &Laptop) -> Vec<String> {
    let filter = json!({ "text": "", "statuses": [], "personas": [], "accounts": [] });
    let listed = laptop.ask("list_posts", json!({ "filter": filter, "after": null, "limit": 50 }));
    let mut titles: Vec<String> =
        listed["lines"].as_array().unwrap().iter().map(|line| line["title"].as_str().unwrap().to_owned()).collect();
    titles.sort();
    titles
}

#[test]
fn ada_brings_what_she_began_alone_into_the_bakery() {
    use base64::Engine as _;
    let Some(server) = TeamServer::start() else { return };
    let (ada, ben) = bakery(&server);
    let bakery = ada.team()["organisation"].clone();
    let open = |team: &Value| ada.ask("open_team", json!({ "organisation": team }));
    open(&Value::Null);
    let png = base64::engine::general_purpose::STANDARD.encode(picture::png(600, 400, 7));
    let media = ada.ask("import_image", json!({ "name": "oven.png", "data": png }))["id"].clone();
    let by_hand = json!({ "network": "linkedin", "handle": "Ada bakes", "url": "", "premium": false, "account": null });
    let account = ada.ask("add_by_hand", by_hand)["account"].as_str().unwrap().to_owned();
    let text = json!({ "name": "The oven", "color": "fern", "voice": "Warm", "audience": "", "accounts": [account] });
    ada.ask("save_persona", json!({ "persona": null, "text": text }));
    let persona = ada.ask("list_personas", json!({}))[0]["persona"]["id"].clone();
    let mut content = ada::content(&["Bread at eight."]);
    content["parts"][0]["images"] = json!([{ "media": media, "alt": "An oven" }]);
    let bread = ada::write(&ada, &content, &[&account]);
    let view = ada.ask("get_post", json!({ "post": bread }));
    let mut draft = view["post"]["draft"].clone();
    draft["persona"] = persona;
    ada.ask("edit_draft", json!({ "post": bread, "read": view["post"]["version"], "draft": draft }));
    let cake = ada::write(&ada, &ada::content(&["Cake at nine."]), &[]);
    let mut own_words = ada::content(&["Rolls at ten."]);
    own_words["parts"][0]["text"] = json!("Rolls, as LinkedIn likes them.");
    let rolls = ada::write(&ada, &ada::content(&["Rolls at ten."]), &[&account]);
    let view = ada.ask("get_post", json!({ "post": rolls }));
    let mut draft = view["post"]["draft"].clone();
    draft["targets"][0]["variant"] = own_words;
    ada.ask("edit_draft", json!({ "post": rolls, "read": view["post"]["version"], "draft": draft }));

    // a copy: all of it stays here, and is there once, however often it is asked for
    let bring = |posts: &[&String], keep: bool| {
        ada.call("bring_to_team", json!({ "organisation": bakery, "posts": posts, "keep": keep }))
    };
    let brought = bring(&[&bread], true).unwrap();
    assert_eq!(brought, json!({ "posts": [bread], "already": 0, "media": 1, "accounts_left": 1, "left": [] }));
    let again = bring(&[&bread], true).unwrap();
    assert_eq!((again["posts"].clone(), again["already"].clone()), (json!([]), json!(1)));
    // what would lose words by it is not moved, and the others are
    let moved = bring(&[&cake, &rolls], false).unwrap();
    assert_eq!(moved["posts"], json!([cake]));
    assert_eq!((&moved["left"][0]["post"], &moved["left"][0]["title"]), (&json!(rolls), &json!("Rolls at ten.")));
    assert!(moved["left"][0]["why"]["message"].as_str().unwrap().contains("an account"), "{moved}");
    assert_eq!(bring(&[&rolls], false).unwrap_err().code, "bad_request");
    assert_eq!(drafts(&ada), ["Bread at eight.", "Rolls at ten."]);

    // Ben has it, with the picture and the persona, and nothing of the account
    until("Ben has both", PATIENCE, || (drafts(&ben) == ["Bread at eight.", "Cake at nine."]).then_some(()));
    let filter = json!({ "text": "bread", "statuses": [], "personas": [], "accounts": [] });
    let line = ben.ask("list_posts", json!({ "filter": filter, "after": null, "limit": 9 }))["lines"][0].clone();
    let post = ben.ask("get_post", json!({ "post": line["post"] }))["post"].clone();
    assert_eq!(post["draft"]["targets"], json!([]));
    assert_eq!(post["draft"]["base"]["parts"][0]["images"][0]["media"], media);
    let personas = ben.ask("list_personas", json!({}));
    assert_eq!(personas[0]["persona"]["id"], post["draft"]["persona"]);
    assert_eq!(personas[0]["persona"]["text"]["name"], "The oven");
    assert_eq!(personas[0]["persona"]["text"]["accounts"], json!([]));
    assert_eq!(ben.ask("list_accounts", json!({})), json!([]));
    until("Ben has the picture", PATIENCE, || ben.call("get_image", json!({ "media": media, "size": "full" })).ok());

    // taken back: what nobody has touched is where it was
    let view = ben.ask("get_post", json!({ "post": line["post"] }));
    let base = view["post"]["draft"].clone();
    let mut draft = base.clone();
    draft["base"]["parts"][0]["text"] = json!("Bread at eight!");
    ben.ask(
        "edit_draft",
        json!({ "post": line["post"], "read": view["post"]["version"], "draft": draft, "base": base }),
    );
    open(&bakery);
    ada.reads(line["post"].as_str().unwrap(), "Bread at eight!");
    open(&Value::Null);
    let back = |posts: &[&String], moved: bool| {
        ada.ask("take_back_from_team", json!({ "organisation": bakery, "posts": posts, "moved": moved }))
    };
    assert_eq!(back(&[&cake], true), json!({ "left": [] }));
    assert_eq!(back(&[&bread], false)["left"][0]["why"]["code"], "nothing_to_undo");
    assert_eq!(drafts(&ada), ["Bread at eight.", "Cake at nine.", "Rolls at ten."]);
    until("it is gone there", PATIENCE, || (drafts(&ben) == ["Bread at eight!"]).then_some(()));
    // and can be brought again, as it is by then
    assert_eq!(bring(&[&cake], false).unwrap()["posts"], json!([cake]));
    assert_eq!(bring(&[&cake], false).unwrap()["already"], 1, "asked for once more, it was done");
    until("it is there again", PATIENCE, || (drafts(&ben) == ["Bread at eight!", "Cake at nine."]).then_some(()));
    assert_eq!(drafts(&ada), ["Bread at eight.", "Rolls at ten."]);
    open(&bakery);
    ada.settles();
    assert_eq!(ada.team()["attention"], json!([]));
}
