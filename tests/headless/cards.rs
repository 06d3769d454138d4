//! The card of a link: read from a real page, and published with the post.

use std::process::Command;
use std::sync::Arc;

use serde_json::json;
use testkit::inside::{Ground, Inside};
use testkit::people::unique;
use testkit::servers::{counterparts, exceptions, free_port};
use testkit::{BlueskyPerson, HandClock, picture, until};

use crate::ada;
use crate::servers_or_skip;

#[test]
fn a_link_brings_its_card_along() {
    let (pds, mastodon) = servers_or_skip!();
    let Some(root) = counterparts() else { return };
    // a web server that is not ours
    let site = tempfile::tempdir().unwrap();
    let page = "<html><head><title>Old</title><meta property='og:title' content='Rye &amp; salt'>\
                <meta property='og:description' content='Every morning'><meta property='og:image' content='loaf.png'></head>";
    std::fs::write(site.path().join("rye.html"), page).unwrap();
    std::fs::write(site.path().join("plain.txt"), "no page").unwrap();
    let latin = b"<meta charset=iso-8859-1><title>Br\xf6tchen</title>";
    std::fs::write(site.path().join("latin.html"), latin).unwrap();
    std::fs::write(site.path().join("loaf.png"), picture::png(1_600, 900, 7)).unwrap();
    let port = free_port();
    let mut server = Command::new(root.join("venv/bin/python"));
    server.args(["-m", "http.server", "--bind", "127.0.0.1", &port.to_string(), "--directory"]).arg(site.path());
    let _server = testkit::process::Process::start(server);
    let web = format!("http://127.0.0.1:{port}");
    until("the web server answers", ada::LONG, || std::net::TcpStream::connect(("127.0.0.1", port)).ok());

    let folder = tempfile::tempdir().unwrap();
    let laptop = Inside::start(folder.path(), &Ground::default(), &Arc::new(HandClock::real())).unwrap();
    ada::set_up(&laptop, &mastodon.url);
    let person = BlueskyPerson::new(pds, "ada");
    let account = ada::connect_bluesky(&laptop, &person);
    let link = format!("{web}/rye.html");
    // a server in a private network is nobody's business until somebody says so
    let refused = laptop.call("read_card", json!({ "url": link })).unwrap_err();
    assert!(refused.message.starts_with("The page of this link cannot be read."), "{}", refused.message);
    let mut settings = laptop.call("get_program", json!({})).unwrap()["settings"].clone();
    settings["private_servers"].as_array_mut().unwrap().extend(exceptions(&web).into_iter().map(|one| json!(one)));
    laptop.call("change_settings", json!({ "settings": settings })).unwrap();

    let card = laptop.call("read_card", json!({ "url": link })).unwrap();
    assert_eq!((&card["title"], &card["description"]), (&json!("Rye & salt"), &json!("Every morning")));
    let latin = laptop.call("read_card", json!({ "url": format!("{web}/latin.html") })).unwrap();
    assert_eq!((&latin["title"], &latin["picture"]), (&json!("Brötchen"), &json!(null)));
    for wrong in [format!("{web}/plain.txt"), format!("{web}/nothing"), "ftp://127.0.0.1/".to_owned()] {
        laptop.call("read_card", json!({ "url": wrong })).unwrap_err();
    }
    // nobody chose the picture, so it does not lie in the library
    assert_eq!(laptop.call("list_media", json!({})).unwrap()["total"], 0);
    assert!(laptop.call("get_image", json!({ "media": card["picture"], "size": "full" })).is_ok());

    let mark = unique();
    let text = format!("Rye {mark} {link}");
    let base = json!({
        "parts": [{ "text": text, "images": [], "card": card }], "content_warning": "", "visibility": "public",
    });
    let post = ada::write(&laptop, &base, &[&account]);
    laptop.call("publish_now", json!({ "post": post, "read": 1 })).unwrap();
    ada::until_status(&laptop, &post, "published");
    let record = person.posts_with(&format!("Rye {mark}")).remove(0);
    let embed = &record["value"]["embed"];
    assert_eq!(embed["$type"], "app.bsky.embed.external");
    let external = &embed["external"];
    assert_eq!((&external["uri"], &external["title"]), (&json!(link), &json!("Rye & salt")));
    let thumb = person.blob(external["thumb"]["ref"]["$link"].as_str().unwrap());
    assert!(thumb.starts_with(&[0xff, 0xd8]) && thumb.len() <= 1_000_000, "{} bytes", thumb.len());
    laptop.end();
}
