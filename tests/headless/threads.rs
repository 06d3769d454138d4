//! Threads whose parts wait for each other, first comments, and links that tell where a reader came from.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::inside::{Ground, Inside};
use testkit::people::unique;
use testkit::{BlueskyPerson, HandClock, until};

use crate::ada;
use crate::servers_or_skip;

fn out(laptop: &Inside, post: &str) -> Vec<usize> {
    let is_out = |part: &&Value| !part["remote"].is_null();
    let jobs = ada::jobs(laptop, post);
    jobs.iter().map(|job| job["parts"].as_array().unwrap().iter().filter(is_out).count()).collect()
}

fn texts(posts: &[Value], text: impl Fn(&Value) -> String) -> Vec<String> {
    posts.iter().map(text).collect()
}

#[test]
fn the_second_part_waits_and_the_first_comment_comes_last_with_tagged_links() {
    let (pds, mastodon) = servers_or_skip!();
    let folder = tempfile::tempdir().unwrap();
    let (ground, clock) = (Ground::default(), Arc::new(HandClock::real()));
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    let url = &mastodon.url;
    ada::set_up(&laptop, url);
    let person = BlueskyPerson::new(pds, "ada");
    let bluesky = ada::connect_bluesky(&laptop, &person);
    let social = ada::connect_in_browser(&laptop, ada::mastodon_request(url, None), "ada", "").unwrap();

    let tags = json!({ "source": "{network}", "medium": "social", "campaign": "spring", "term": "", "content": "" });
    let persona = json!({
        "name": "Bakery", "color": "clay", "voice": "", "audience": "", "accounts": [bluesky, social], "link_tags": tags,
    });
    laptop.call("save_persona", json!({ "persona": null, "text": persona })).unwrap();
    let saved = laptop.call("list_personas", json!({})).unwrap();
    assert_eq!(saved[0]["persona"]["text"]["link_tags"], tags);

    let mark = format!("oven {} {}", std::process::id(), unique());
    let part = |text: String, wait_s: u32| json!({ "text": text, "images": [], "wait_s": wait_s });
    let base = json!({
        "parts": [
            part(format!("One {mark} https://example.org/rye#crust"), 0),
            part(format!("Two {mark}"), 600),
        ],
        "content_warning": "", "visibility": "public",
        "first_comment": format!("Book: {mark} https://example.org/?utm_source=letter"),
    });
    let targets = [&bluesky, &social].map(|account| json!({ "account": account, "variant": null }));
    let draft = json!({
        "title": "", "persona": saved[0]["persona"]["id"], "base": base, "targets": targets, "link_tags": tags,
    });
    let post = laptop.call("create_post", json!({ "draft": draft })).unwrap()["post"].as_str().unwrap().to_owned();
    ada::schedule(&laptop, &post, 60).unwrap();

    clock.sleep_through(Duration::from_secs(70));
    until("the first parts are out", ada::LONG, || (out(&laptop, &post) == [1, 1]).then_some(()));
    let waits = |laptop: &Inside| {
        let jobs = ada::jobs(laptop, &post);
        assert!(jobs.iter().all(|job| job["state"] == "scheduled" && !job["not_before"].is_null()), "{jobs:?}");
    };
    waits(&laptop);
    // nine minutes later, and after a restart, it still waits
    clock.sleep_through(Duration::from_secs(540));
    laptop.end();
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    laptop.call("unlock_vault", json!({ "passphrase": ada::PASSPHRASE })).unwrap();
    std::thread::sleep(Duration::from_millis(700));
    waits(&laptop);
    assert_eq!(laptop.call("get_post", json!({ "post": post })).unwrap()["post"]["status"], "publishing");
    clock.sleep_through(Duration::from_secs(70));
    ada::until_status(&laptop, &post, "published");

    let said = |network: &str| {
        let tags = format!("utm_source={network}&utm_medium=social&utm_campaign=spring");
        [
            format!("One {mark} https://example.org/rye?{tags}#crust"),
            format!("Two {mark}"),
            format!("Book: {mark} https://example.org/?utm_source=letter&utm_medium=social&utm_campaign=spring"),
        ]
    };
    let records = person.posts_with(&mark);
    assert_eq!(texts(&records, |record| record["value"]["text"].as_str().unwrap().to_owned()), said("bluesky"));
    let statuses = mastodon.statuses_with(&mark);
    let source = |status: &Value| mastodon.source(status)["text"].as_str().unwrap().to_owned();
    assert_eq!(texts(&statuses, source), said("mastodon"));
    // each is a reply to the one before
    for pair in records.windows(2) {
        assert_eq!(pair[1]["value"]["reply"]["parent"]["uri"], pair[0]["uri"]);
    }
    for pair in statuses.windows(2) {
        assert_eq!(pair[1]["in_reply_to_id"], pair[0]["id"]);
    }
    laptop.end();
}

#[test]
fn the_rest_of_a_thread_that_waits_can_be_left_out() {
    let (_, mastodon) = servers_or_skip!();
    let folder = tempfile::tempdir().unwrap();
    let (ground, clock) = (Ground::default(), Arc::new(HandClock::real()));
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    let url = &mastodon.url;
    ada::set_up(&laptop, url);
    let account = ada::connect_in_browser(&laptop, ada::mastodon_request(url, None), "ada", "").unwrap();
    let mark = format!("crumb {} {}", std::process::id(), unique());
    let part = |text: &str, wait_s: u32| json!({ "text": format!("{text} {mark}"), "images": [], "wait_s": wait_s });
    let too_long =
        json!({ "parts": [part("One", 0), part("Two", 86_401)], "content_warning": "", "visibility": "public" });
    let draft = |base: &Value| json!({ "draft": { "title": "", "persona": null, "base": base, "targets": [{ "account": account, "variant": null }] } });
    let refused = laptop.call("create_post", draft(&too_long)).unwrap_err();
    assert!(refused.message.contains("86400") || refused.message.contains("86,400"), "{}", refused.message);
    let base = json!({ "parts": [part("One", 0), part("Two", 3_600)], "content_warning": "", "visibility": "public" });
    let post = laptop.call("create_post", draft(&base)).unwrap()["post"].as_str().unwrap().to_owned();
    ada::schedule(&laptop, &post, 60).unwrap();
    clock.sleep_through(Duration::from_secs(70));
    until("the first part is out", ada::LONG, || (out(&laptop, &post) == [1]).then_some(()));
    let skip = json!({ "job": ada::jobs(&laptop, &post)[0]["id"], "decision": { "decision": "skip" } });
    laptop.call("decide_job", skip).unwrap();
    let view = laptop.call("get_post", json!({ "post": post })).unwrap();
    assert_eq!((&view["post"]["status"], &view["jobs"][0]["state"]), (&json!("published"), &json!("skipped")));
    clock.sleep_through(Duration::from_secs(2 * 3_600));
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(mastodon.statuses_with(&mark).len(), 1);
    laptop.end();
}
