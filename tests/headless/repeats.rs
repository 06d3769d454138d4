//! The same text to the same account within a day is noticed before it goes out.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::HandClock;
use testkit::inside::{Ground, Inside};
use testkit::people::unique;

use crate::ada;
use crate::servers_or_skip;

#[test]
fn ada_is_told_that_an_account_gets_the_same_text_twice() {
    let (_, mastodon) = servers_or_skip!();
    let folder = tempfile::tempdir().unwrap();
    let (ground, clock) = (Ground::default(), Arc::new(HandClock::real()));
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    ada::set_up(&laptop, &mastodon.url);
    let request = ada::mastodon_request(&mastodon.url, None);
    let account = ada::connect_in_browser(&laptop, request, "ada", "").unwrap();
    let words = format!("Rye {} {}", std::process::id(), unique());

    let first = ada::write(&laptop, &ada::content(&[&words]), &[&account]);
    ada::schedule(&laptop, &first, 3_600).unwrap();
    let again = ada::write(&laptop, &ada::content(&[&words.replace(' ', "  ")]), &[&account]);
    let other = ada::write(&laptop, &ada::content(&[&words, "and a second part"]), &[&account]);
    let repeats = |post: &str| laptop.call("find_repeats", json!({ "post": post })).unwrap();
    let is_first = |found: &Value| {
        found.as_array().map(Vec::len) == Some(1) && found[0]["post"] == first && found[0]["account"] == account
    };
    assert!(is_first(&repeats(&again)), "{}", repeats(&again));
    assert_eq!(repeats(&again)[0]["title"], words);
    assert_eq!(repeats(&other), json!([]));
    // a draft takes nothing from anybody
    assert_eq!(repeats(&first), json!([]));

    // a day and more later is no repeat
    ada::schedule(&laptop, &again, 26 * 3_600).unwrap();
    assert_eq!((repeats(&again), repeats(&first)), (json!([]), json!([])));
    ada::schedule(&laptop, &again, 20 * 3_600).unwrap();
    assert!(is_first(&repeats(&again)));
    assert_eq!(repeats(&first)[0]["post"], again);

    // nor is one that goes out nowhere; one that is out still is
    laptop.call("unschedule_post", json!({ "post": first })).unwrap();
    assert_eq!(repeats(&again), json!([]));
    ada::schedule(&laptop, &first, 60).unwrap();
    clock.sleep_through(Duration::from_secs(60));
    ada::until_status(&laptop, &first, "published");
    assert!(is_first(&repeats(&again)));
    laptop.end();
}
