//! A desktop and its server that are one version apart, in both directions.
//!
//! The desktop is the one of today; a proxy lets the server hear from Ben's what a program of another version would have said.

use serde_json::json;
use testkit::{Fault, Proxy, TeamServer, until};

use crate::ada::{self, Program as _};
use crate::teams::{Laptop, PATIENCE, bakery};

/// Stands in everything that Ben writes here, so that his words are told from Ada's.
const BY_BEN: &str = "by Ben";
const TODAY: &str = "\"v\":1,\"at\":";

/// From now on Ben's desktop speaks another version.
fn speaks(proxy: &Proxy, from: &'static str, to: &'static str) {
    proxy.fault(Fault::Altered { from, to }, u32::MAX, |asked| {
        asked.line.contains("/push") && asked.text.contains(BY_BEN)
    });
}

fn until_state(laptop: &Laptop, state: &str, waiting: u64) {
    until(&format!("it says {state} with {waiting} waiting"), PATIENCE, || {
        laptop.ask("sync_now", json!({}));
        let team = laptop.team();
        (team["sync"]["state"] == state && team["waiting_count"] == waiting).then_some(())
    });
}

/// What waits on one desktop has come to nobody else.
fn has_nothing_of(laptop: &Laptop, post: &str) {
    laptop.settles();
    assert_eq!(laptop.call("get_post", json!({ "post": post })).unwrap_err().code, "not_found");
}

/// Everything is there on both, once, and nobody has to look at anything.
fn all_went_through(ada: &Laptop, ben: &Laptop, posts: &[(String, String)]) {
    for laptop in [ada, ben] {
        for (post, words) in posts {
            laptop.reads(post, words);
        }
    }
    for laptop in [ben, ada] {
        laptop.settles();
        assert_eq!(laptop.team()["attention"], json!([]));
        let filter = json!({ "text": BY_BEN, "statuses": [], "personas": [], "accounts": [] });
        let found = laptop.ask("list_posts", json!({ "filter": filter, "after": null, "limit": 100 }));
        let count = posts.iter().filter(|(_, words)| words.contains(BY_BEN)).count();
        assert_eq!(found["lines"].as_array().unwrap().len(), count);
    }
}

#[test]
fn a_desktop_that_its_server_no_longer_understands_works_on_until_it_is_updated() {
    let Some((server, proxy)) = TeamServer::start_behind_a_proxy() else { return };
    let (ada, mut ben) = bakery(&server);
    let shared = ada::write(&ada, &ada::content(&["Bread at eight."]), &[]);
    ben.reads(&shared, "Bread at eight.");

    speaks(&proxy, TODAY, "\"v\":0,\"at\":");
    let own = ada::write(&ben, &ada::content(&["Cake at nine, by Ben"]), &[]);
    until_state(&ben, "too_old", 1);
    // work goes on, on both sides, and over a restart
    ben.writes(&shared, "Bread at eight.", "Bread at eight, by Ben.");
    ada.writes(&shared, "Bread at eight.", "Rye bread at eight.");
    ben.closes();
    ben.opens();
    let more = ada::write(&ben, &ada::content(&["Rolls at ten, by Ben"]), &[]);
    until_state(&ben, "too_old", 3);
    assert_eq!(ben.team()["attention"], json!([]));
    has_nothing_of(&ada, &own);

    proxy.heal();
    let expected = [
        (own, "Cake at nine, by Ben".to_owned()),
        (shared, "Rye bread at eight, by Ben.".to_owned()),
        (more, "Rolls at ten, by Ben".to_owned()),
    ];
    all_went_through(&ada, &ben, &expected);
}

/// What the desktop sends is of a version, or of a kind, that comes with the server's next update.
fn ahead_of_its_server(from: &'static str, to: &'static str) {
    let Some((server, proxy)) = TeamServer::start_behind_a_proxy() else { return };
    let (ada, mut ben) = bakery(&server);
    speaks(&proxy, from, to);
    let own = ada::write(&ben, &ada::content(&["Cake at nine, by Ben"]), &[]);
    until_state(&ben, "server_too_old", 1);
    // what others do still comes, and what waits survives a restart
    let theirs = ada::write(&ada, &ada::content(&["Bread at eight."]), &[]);
    ben.reads(&theirs, "Bread at eight.");
    ben.closes();
    ben.opens();
    let more = ada::write(&ben, &ada::content(&["Rolls at ten, by Ben"]), &[]);
    until_state(&ben, "server_too_old", 2);
    assert_eq!(ben.team()["attention"], json!([]));
    has_nothing_of(&ada, &own);

    proxy.heal();
    let expected = [
        (own, "Cake at nine, by Ben".to_owned()),
        (theirs, "Bread at eight.".to_owned()),
        (more, "Rolls at ten, by Ben".to_owned()),
    ];
    all_went_through(&ada, &ben, &expected);
}

#[test]
fn a_desktop_of_a_newer_version_waits_for_its_server() {
    ahead_of_its_server(TODAY, "\"v\":2,\"at\":");
}

#[test]
fn a_desktop_with_a_newer_kind_of_change_waits_for_its_server() {
    ahead_of_its_server("\"mutation\":\"create_post\"", "\"mutation\":\"create_song\"");
}
