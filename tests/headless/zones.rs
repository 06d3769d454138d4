//! A country changes its clocks after posts were scheduled: the program of today knows it, what is stored does not.

use std::convert::Infallible;
use std::sync::Arc;

use domain::hash::ContentHash;
use domain::id::{JobId, PostId};
use domain::job::Job;
use domain::{Key, Record, Step};
use engine::ports::Clock;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::{Commit, LogEntry, Store};
use testkit::HandClock;
use testkit::inside::{Ground, Inside};

use crate::ada;

/// What stands in the profile since an older program wrote it, by whose zone data the clocks were an hour ahead.
fn an_older_program_wrote(folder: &std::path::Path, posts: &[&str], now: Timestamp) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open(folder, now).await.unwrap();
        for post in posts {
            let id: PostId = post.parse().unwrap();
            let Some(Record::Post(mut post)) = store.record(Key::Post(id)).await.unwrap() else { panic!("no {post}") };
            let (account, schedule) = (post.deliveries[0], post.schedule.as_mut().unwrap());
            schedule.at = schedule.at.checked_sub(SignedDuration::from_hours(1)).unwrap();
            let (at, hash) = (schedule.at, ContentHash::of(&post.draft, schedule.at).unwrap());
            post.sign_off.as_mut().unwrap().hash = hash;
            let job = store.record(Key::Job(JobId::of(id, account))).await.unwrap();
            let Some(Record::Job(job)) = job else { panic!("no delivery") };
            let job = Job { due_at: at, hash, ..job };
            let log = LogEntry {
                actor: post.author,
                at: now,
                name: "older".to_owned(),
                data: json!({}),
                inverse: None,
                undoes: None,
            };
            let writes = vec![Record::Post(post), Record::Job(job)];
            let commit = Commit { writes, log, job_log: Vec::new(), coalesce: false, pending: None };
            store.mutate(|_| Step::<Result<_, Infallible>>::Done(Ok(commit.clone()))).await.unwrap().unwrap();
        }
        store.close().await;
    });
}

#[test]
fn changed_clocks_are_shown_as_a_difference_and_ada_says_what_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (ground, clock) = (Ground::default(), Arc::new(HandClock::real()));
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    laptop.call("name_person", json!({ "name": "Ada" })).unwrap();
    let x = json!({ "network": "x", "handle": "@bakery", "url": "", "premium": false, "account": null });
    let account = laptop.call("add_by_hand", x).unwrap()["account"].as_str().unwrap().to_owned();
    let plan = |text: &str| {
        let post = ada::write(&laptop, &ada::content(&[text]), &[&account]);
        let when = json!({ "local": "2031-01-07T09:00:00", "zone": "Africa/Casablanca", "fold": "first" });
        laptop.call("schedule_post", json!({ "post": post, "read": 1, "when": when })).unwrap();
        post
    };
    let posts = ["Rye", "Wheat", "Oats"].map(plan);
    assert_eq!(laptop.call("list_zone_changes", json!({})).unwrap(), json!([]));
    laptop.end();
    an_older_program_wrote(&folder.path().join("profile"), &[&posts[0], &posts[1]], clock.now());

    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    let changes = laptop.call("list_zone_changes", json!({})).unwrap();
    let titles: Vec<&str> =
        changes.as_array().unwrap().iter().map(|change| change["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Rye", "Wheat"]);
    let rye = &changes[0];
    assert_eq!((&rye["local"], &rye["shown"]), (&json!("2031-01-07T09:00:00"), &json!("2031-01-07T08:00:00")));
    let (at, moved) = (rye["at"].clone(), rye["moved"].clone());

    let decide = |post: &str, keep: &str| {
        let change = json!({ "change": "rezone", "keep": keep });
        laptop.call("change_posts", json!({ "posts": [post], "change": change })).unwrap()
    };
    let schedule = |post: &str| {
        let view = laptop.call("get_post", json!({ "post": post })).unwrap();
        assert_eq!(view["post"]["status"], "scheduled", "and what is signed off stays so");
        assert_eq!(view["jobs"][0]["due_at"], view["post"]["schedule"]["at"]);
        (view["post"]["schedule"]["local"].clone(), view["post"]["schedule"]["at"].clone())
    };
    decide(&posts[0], "clock");
    assert_eq!(schedule(&posts[0]), (json!("2031-01-07T09:00:00"), moved));
    decide(&posts[1], "instant");
    let at_of_wheat = at.clone();
    assert_eq!(schedule(&posts[1]), (json!("2031-01-07T08:00:00"), at));
    assert_eq!(laptop.call("list_zone_changes", json!({})).unwrap(), json!([]));
    // what did not change is not touched
    let change = json!({ "change": "rezone", "keep": "clock" });
    laptop.call("change_posts", json!({ "posts": [posts[2]], "change": change })).unwrap_err();
    let newest = laptop.call("list_changes", json!({})).unwrap()["undo"][0].take();
    laptop.call("undo", json!({ "undo": newest["undo"] })).unwrap();
    let again = laptop.call("list_zone_changes", json!({})).unwrap();
    assert_eq!((again[0]["title"].clone(), again[0]["at"].clone()), (json!("Wheat"), at_of_wheat));
    laptop.end();
}
