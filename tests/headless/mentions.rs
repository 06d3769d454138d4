//! People to mention: from posts that were written here, and from the networks.

use std::sync::Arc;

use serde_json::{Value, json};
use testkit::inside::{Ground, Inside};
use testkit::people::unique;
use testkit::{BlueskyPerson, HandClock};

use crate::ada;
use crate::servers_or_skip;

fn found(laptop: &Inside, text: &str, accounts: &[&str], ask: bool) -> Vec<(String, String, bool)> {
    let body = json!({ "text": text, "accounts": accounts, "ask": ask });
    let answer = laptop.call("find_people", body).unwrap();
    assert_eq!(answer["silent"], json!([]), "{answer}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let person = |person: &Value| (text(&person["network"]), text(&person["handle"]), person["known"] == true);
    answer["people"].as_array().unwrap().iter().map(person).collect()
}

#[test]
fn people_are_offered_for_the_networks_that_a_post_goes_to() {
    let (pds, mastodon) = servers_or_skip!();
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock::real());
    let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
    let url = &mastodon.url;
    ada::set_up(&laptop, url);
    let bluesky = ada::connect_bluesky(&laptop, &BlueskyPerson::new(pds, "ada"));
    let social = ada::connect_in_browser(&laptop, ada::mastodon_request(url, None), "ada", "").unwrap();
    let both = [bluesky.as_str(), social.as_str()];

    // on the networks: whoever the server knows, exact names where it knows no others
    let ben = BlueskyPerson::new(pds, "ben");
    let there = found(&laptop, &ben.handle, &both, true);
    assert_eq!(there, [("bluesky".to_owned(), ben.handle.clone(), false)]);
    assert_eq!(found(&laptop, &ben.handle, &[&social], true), []);
    let there = found(&laptop, "be", &[&social], true);
    assert!(
        there.iter().any(|(network, handle, known)| network == "mastodon" && handle.starts_with("ben@") && !known),
        "{there:?}"
    );

    // in posts: also offline, the most named first
    let host = format!("h{}.example", unique());
    let text = format!("Thanks @cleo.{host} and @cora@{host}! Again @cora@{host}. Mail: carl@{host}");
    ada::write(&laptop, &ada::content(&[&text, &format!("@cleo.{host}"), &format!("(@cleo.{host})")]), &[]);
    let known = |network: &str, handle: String| (network.to_owned(), handle, true);
    assert_eq!(
        found(&laptop, "c", &both, false),
        [known("bluesky", format!("cleo.{host}")), known("mastodon", format!("cora@{host}"))]
    );
    assert_eq!(found(&laptop, "cor", &[&bluesky], false), []);
    laptop.end();
}
