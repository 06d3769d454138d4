//! The minute belongs to the post that it was given: nothing else is held up by it, and a pause holds it to the last second.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use testkit::inside::{Ground, Inside};
use testkit::people::unique;
use testkit::{HandClock, Mastodon, until};

use crate::ada::{self, LONG};
use crate::servers_or_skip;

/// Ada's laptop, and a post of hers that is ready and waits for its minute.
struct Scene {
    laptop: Inside,
    clock: Arc<HandClock>,
    account: String,
    ready: String,
    words: String,
    _folder: tempfile::TempDir,
}

impl Scene {
    fn new(mastodon: &Mastodon) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock::real());
        let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
        ada::set_up(&laptop, &mastodon.url);
        let request = ada::mastodon_request(&mastodon.url, None);
        let account = ada::connect_in_browser(&laptop, request, "ada", "").unwrap();
        let words = format!("Minute {} {}", std::process::id(), unique());
        let ready = ada::write(&laptop, &ada::content(&[&words]), &[&account]);
        // within the time ahead in which a post is made ready
        ada::schedule(&laptop, &ready, 35).unwrap();
        let scene = Self { laptop, clock, account, ready, words, _folder: folder };
        scene.until_state("prepared");
        scene
    }

    fn state(&self) -> String {
        ada::jobs(&self.laptop, &self.ready)[0]["state"].as_str().unwrap().to_owned()
    }

    fn until_state(&self, state: &str) {
        until(&format!("the delivery is {state}"), LONG, || (self.state() == state).then_some(()));
    }

    fn pause(&self, paused: bool) {
        self.laptop.call("set_publishing", json!({ "paused": paused })).unwrap();
    }
}

#[test]
fn a_post_of_now_does_not_wait_for_one_whose_minute_is_yet_to_come() {
    let (_, mastodon) = servers_or_skip!();
    let scene = Scene::new(mastodon);
    let words = format!("At once {}", scene.words);
    let now = ada::write(&scene.laptop, &ada::content(&[&words]), &[&scene.account]);
    let version = scene.laptop.call("get_post", json!({ "post": now })).unwrap()["post"]["version"].clone();
    scene.laptop.call("publish_now", json!({ "post": now, "read": version })).unwrap();
    ada::until_status(&scene.laptop, &now, "published");
    assert_eq!(scene.state(), "prepared", "the other one still waits");
    assert_eq!(mastodon.statuses_with(&words).len(), 1);
    scene.laptop.end();
}

#[test]
fn a_post_that_is_ready_can_be_brought_forward() {
    let (_, mastodon) = servers_or_skip!();
    let scene = Scene::new(mastodon);
    ada::schedule(&scene.laptop, &scene.ready, 0).unwrap();
    until("it is sent", Duration::from_secs(20), || (scene.state() == "published").then_some(()));
    assert_eq!(mastodon.statuses_with(&scene.words).len(), 1);
    scene.laptop.end();
}

#[test]
fn a_pause_in_the_last_seconds_holds_the_post_until_ada_goes_on() {
    let (_, mastodon) = servers_or_skip!();
    let scene = Scene::new(mastodon);
    scene.pause(true);
    scene.until_state("scheduled");
    scene.clock.sleep_through(Duration::from_secs(60));
    assert_eq!((scene.state().as_str(), mastodon.statuses_with(&scene.words).len()), ("scheduled", 0));
    scene.pause(false);
    ada::until_status(&scene.laptop, &scene.ready, "published");
    assert_eq!(mastodon.statuses_with(&scene.words).len(), 1);
    scene.laptop.end();
}
