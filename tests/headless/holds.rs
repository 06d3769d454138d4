//! Posts on hold, and what is done to many at once.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::HandClock;
use testkit::inside::{Ground, Inside};
use testkit::people::unique;

use crate::ada;
use crate::servers_or_skip;

fn change(laptop: &Inside, posts: &[&str], change: Value) -> Value {
    laptop.call("change_posts", json!({ "posts": posts, "change": change })).unwrap()
}

fn hold(laptop: &Inside, posts: &[&str]) {
    change(laptop, posts, json!({ "change": "hold" }));
}

fn resume(laptop: &Inside, posts: &[&str]) {
    change(laptop, posts, json!({ "change": "resume" }));
}

fn undo(laptop: &Inside) -> Value {
    let newest = laptop.call("list_changes", json!({})).unwrap()["undo"][0].take();
    laptop.call("undo", json!({ "undo": newest["undo"] })).unwrap();
    newest
}

#[test]
fn what_ada_holds_back_goes_out_when_she_resumes_it_and_never_late_by_itself() {
    let (_, mastodon) = servers_or_skip!();
    let folder = tempfile::tempdir().unwrap();
    let (ground, clock) = (Ground::default(), Arc::new(HandClock::real()));
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    let url = &mastodon.url;
    ada::set_up(&laptop, url);
    let account = ada::connect_in_browser(&laptop, ada::mastodon_request(url, None), "ada", "").unwrap();
    let words = format!("Held {} {}", std::process::id(), unique());
    let write = |text: &str| ada::write(&laptop, &ada::content(&[text]), &[&account]);
    let (in_time, too_late) = (write(&words), write(&format!("{words} too late")));
    for post in [&in_time, &too_late] {
        ada::schedule(&laptop, post, 60).unwrap();
    }
    hold(&laptop, &[&in_time, &too_late]);
    let changes = laptop.call("list_changes", json!({})).unwrap();
    assert_eq!((&changes["undo"][0]["kind"], &changes["undo"][0]["count"]), (&json!("hold_posts"), &json!(2)));
    undo(&laptop);
    for post in [&in_time, &too_late] {
        ada::until_status(&laptop, post, "scheduled");
    }
    hold(&laptop, &[&in_time, &too_late]);
    let today = laptop.call("get_today", json!({})).unwrap();
    assert_eq!((&today["held_count"], today["held"].as_array().unwrap().len()), (&json!(2), 2));

    // their time comes and goes, over a restart too
    clock.sleep_through(Duration::from_secs(120));
    laptop.end();
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    laptop.call("unlock_vault", json!({ "passphrase": ada::PASSPHRASE })).unwrap();
    clock.sleep_through(Duration::from_secs(120));
    std::thread::sleep(Duration::from_millis(700));
    for post in [&in_time, &too_late] {
        assert_eq!(ada::jobs(&laptop, post)[0]["state"], "held");
    }
    let refused = laptop.call("publish_now", json!({ "post": in_time, "read": 2 })).unwrap_err();
    assert_eq!(refused.message, "The post is on hold: resume it first.");
    resume(&laptop, &[&in_time]);
    ada::until_status(&laptop, &in_time, "published");
    assert_eq!(mastodon.statuses_with(&words).len(), 1);

    clock.sleep_through(Duration::from_secs(24 * 3_600));
    resume(&laptop, &[&too_late]);
    ada::until_status(&laptop, &too_late, "missed");
    let today = laptop.call("get_today", json!({})).unwrap();
    let sentence = today["trouble"][0]["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("It was on hold when its time passed."), "{sentence}");
    assert_eq!(mastodon.statuses_with(&words).len(), 1, "nothing goes out by itself");
    let decision = json!({ "job": ada::jobs(&laptop, &too_late)[0]["id"], "decision": { "decision": "publish_now" } });
    laptop.call("decide_job", decision).unwrap();
    ada::until_status(&laptop, &too_late, "published");
    laptop.end();
}

#[test]
fn many_are_changed_at_once_with_one_step_back_and_what_cannot_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock::real());
    let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
    laptop.call("name_person", json!({ "name": "Ada" })).unwrap();
    let x = json!({ "network": "x", "handle": "@bakery", "url": "", "premium": false, "account": null });
    let account = laptop.call("add_by_hand", x).unwrap()["account"].as_str().unwrap().to_owned();
    let posts: Vec<String> =
        ["Rye", "Wheat", "Oats"].map(|text| ada::write(&laptop, &ada::content(&[text]), &[&account])).to_vec();
    let all: Vec<&str> = posts.iter().map(String::as_str).collect();
    let stands = |post: &str| {
        let post = laptop.call("get_post", json!({ "post": post })).unwrap()["post"].take();
        (post["status"].clone(), post["schedule"]["local"].clone())
    };
    for post in &posts[..2] {
        ada::schedule(&laptop, post, 3_600).unwrap();
    }
    let before: Vec<_> = all.iter().map(|post| stands(post)).collect();

    let moved = change(&laptop, &all, json!({ "change": "shift", "days": 7 }));
    assert_eq!(moved["changed"].as_array().unwrap().len(), 2);
    assert_eq!(moved["left"][0]["title"], "Oats");
    assert_eq!(moved["left"][0]["why"]["message"], "The post is not scheduled.");
    assert_ne!(stands(all[0]).1, before[0].1);
    let undone = undo(&laptop);
    assert_eq!((&undone["kind"], &undone["count"]), (&json!("move_posts"), &json!(2)), "as many as were moved");
    assert_eq!(all.iter().map(|post| stands(post)).collect::<Vec<_>>(), before);

    // drafts and what is planned to one time, and back
    let local = before[0].1.as_str().unwrap().parse::<jiff::civil::DateTime>().unwrap();
    let local = local.checked_add(jiff::Span::new().days(3)).unwrap();
    let when = json!({ "local": local, "zone": "Asia/Kathmandu", "fold": "first" });
    change(&laptop, &all, json!({ "change": "move_to", "when": when }));
    assert!(all.iter().all(|post| stands(post) == (json!("scheduled"), json!(local))));
    undo(&laptop);
    assert_eq!(all.iter().map(|post| stands(post)).collect::<Vec<_>>(), before);

    change(&laptop, &all, json!({ "change": "unschedule" }));
    assert!(all.iter().all(|post| stands(post).0 == "draft"));
    undo(&laptop);
    change(&laptop, &all, json!({ "change": "delete" }));
    let listed =
        || laptop.call("list_posts", json!({ "filter": {}, "after": null, "limit": 9 })).unwrap()["total"].clone();
    assert_eq!(listed(), 0);
    undo(&laptop);
    assert_eq!(listed(), 3);
    assert_eq!(all.iter().map(|post| stands(post)).collect::<Vec<_>>(), before);

    let persona = json!({ "name": "Bakery", "color": "fern", "voice": "", "audience": "", "accounts": [] });
    laptop.call("save_persona", json!({ "persona": null, "text": persona })).unwrap();
    let persona = laptop.call("list_personas", json!({})).unwrap()[0]["persona"]["id"].clone();
    change(&laptop, &all, json!({ "change": "persona", "persona": persona }));
    assert_eq!(stands(all[0]).0, "in_review", "what was signed off spoke as somebody else");
    undo(&laptop);
    assert_eq!(all.iter().map(|post| stands(post)).collect::<Vec<_>>(), before);
    let too_many: Vec<&str> = std::iter::repeat_n(all[0], 1_001).collect();
    let refused =
        laptop.call("change_posts", json!({ "posts": too_many, "change": { "change": "hold" } })).unwrap_err();
    assert_eq!(refused.message, "This is too long: 1001, the limit is 1000.");
    laptop.end();
}
