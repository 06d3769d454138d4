//! What a network does not tell is not guessed at: a person is asked, and nothing goes out twice.

use std::sync::Arc;
use std::time::Duration;

use engine::ports::Clock;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use testkit::inside::{Ground, Inside};
use testkit::people::unique;
use testkit::{Fault, HandClock, Mastodon, Proxy, until};

use crate::ada::{self, LONG};
use crate::servers_or_skip;

/// Ada's laptop with her Mastodon account behind a proxy, inside the test so that its clock can be set.
struct Scene {
    laptop: Inside,
    ground: Ground,
    clock: Arc<HandClock>,
    proxy: Proxy,
    account: String,
    words: String,
    _folder: tempfile::TempDir,
}

impl Scene {
    fn new(mastodon: &Mastodon) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (ground, clock) = (Ground::default(), Arc::new(HandClock::real()));
        let proxy = mastodon.behind_a_proxy();
        let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
        ada::set_up(&laptop, &proxy.url());
        let request = ada::mastodon_request(&proxy.url(), None);
        let account = ada::connect_in_browser(&laptop, request, "ada", "").unwrap();
        let words = format!("Unsure {} {}", std::process::id(), unique());
        Self { laptop, ground, clock, proxy, account, words, _folder: folder }
    }

    fn write(&self) -> String {
        ada::write(&self.laptop, &ada::content(&[&self.words]), &[&self.account])
    }

    fn job(&self, post: &str) -> Value {
        ada::jobs(&self.laptop, post).pop().unwrap()
    }

    /// The send with our words is lost, and nobody can be asked for it until the proxy heals.
    fn lose(&self, fault: Fault) {
        let words = self.words.clone();
        self.proxy.fault(fault, 1, move |asked| asked.line.starts_with("POST") && asked.text.contains(&words));
        let down = Fault::Instead { status: 503, kind: "text/html", body: "<h1>We are down</h1>".to_owned() };
        self.proxy.fault(down, u32::MAX, |asked| asked.line.starts_with("GET"));
    }

    /// The day goes on until the delivery comes to rest.
    fn until_unsure(&self, post: &str) {
        until("the delivery is unsure", LONG, || {
            self.clock.sleep_through(Duration::from_secs(60));
            let state = self.job(post)["state"].clone();
            assert_ne!(state, "published");
            (state == "unsure").then_some(())
        });
    }
}

#[test]
fn after_its_hour_mastodons_key_protects_no_more_and_ada_is_asked() {
    let (_, mastodon) = servers_or_skip!();
    let scene = Scene::new(mastodon);
    scene.lose(Fault::NeverArrives);
    let post = scene.write();
    ada::schedule(&scene.laptop, &post, 2).unwrap();
    until("the network was asked once", LONG, || (scene.job(&post)["lookups"] == 1).then_some(()));
    scene.clock.sleep_through(Duration::from_secs(2 * 3600));
    scene.proxy.heal();
    scene.until_unsure(&post);
    assert_eq!(mastodon.statuses_with(&scene.words).len(), 0, "it is not sent again by itself");
    assert!(scene.ground.desktop.titles().contains(&"Did this post go out?".to_owned()));
    let today = scene.laptop.call("get_today", json!({})).unwrap();
    let sentence = today["trouble"][0]["sentence"].as_str().unwrap().to_owned();
    assert!(sentence.contains("could post it twice"), "{sentence}");

    // Ada looks at her profile, sees nothing, and decides
    let decision = json!({ "job": scene.job(&post)["id"], "decision": { "decision": "publish_now" } });
    scene.laptop.call("decide_job", decision).unwrap();
    ada::until_status(&scene.laptop, &post, "published");
    assert_eq!(mastodon.statuses_with(&scene.words).len(), 1);
    scene.laptop.end();
}

#[test]
fn a_repeat_that_waited_until_the_key_was_forgotten_is_not_sent() {
    let (_, mastodon) = servers_or_skip!();
    let scene = Scene::new(mastodon);
    scene.lose(Fault::NeverArrives);
    let post = scene.write();
    ada::schedule(&scene.laptop, &post, 2).unwrap();
    until("the network was asked once", LONG, || (scene.job(&post)["lookups"] == 1).then_some(()));
    // Ada pauses before the network can be asked again; it shows nothing, and the repeat would be safe now
    scene.laptop.call("set_publishing", json!({ "paused": true })).unwrap();
    scene.proxy.heal();
    until("it may be repeated", LONG, || {
        let job = scene.job(&post);
        // only up to the next question: on a busy machine the answer may take longer than the hour of the key
        if let Some(at) = job["not_before"].as_str().and_then(|at| at.parse::<Timestamp>().ok())
            && let Ok(left) = Duration::try_from(at.duration_since(scene.clock.now()))
        {
            scene.clock.sleep_through(left);
        }
        assert_ne!(job["state"], "unsure", "{job}");
        (job["state"] == "prepared").then_some(())
    });
    scene.clock.sleep_through(Duration::from_secs(2 * 3600));
    scene.laptop.call("set_publishing", json!({ "paused": false })).unwrap();
    scene.until_unsure(&post);
    assert_eq!(mastodon.statuses_with(&scene.words).len(), 0);
    scene.laptop.end();
}

#[test]
fn a_server_that_stays_down_after_it_committed_makes_ada_look_herself() {
    let (_, mastodon) = servers_or_skip!();
    let scene = Scene::new(mastodon);
    scene.lose(Fault::AnswerLost);
    let post = scene.write();
    ada::schedule(&scene.laptop, &post, 2).unwrap();
    scene.until_unsure(&post);
    let found = mastodon.statuses_with(&scene.words);
    assert_eq!(found.len(), 1);
    scene.proxy.heal();
    let there = json!({ "decision": "it_is_there", "url": found[0]["url"] });
    scene.laptop.call("decide_job", json!({ "job": scene.job(&post)["id"], "decision": there })).unwrap();
    ada::until_status(&scene.laptop, &post, "published");
    assert_eq!(mastodon.statuses_with(&scene.words).len(), 1);
    scene.laptop.end();
}

#[test]
fn a_clock_set_back_pauses_publishing_until_ada_has_looked() {
    let (_, mastodon) = servers_or_skip!();
    let scene = Scene::new(mastodon);
    let post = scene.write();
    ada::schedule(&scene.laptop, &post, 3600).unwrap();
    scene.clock.set_by(SignedDuration::from_hours(-3));
    let publishing = || scene.laptop.call("get_program", json!({})).unwrap()["publishing"].clone();
    until("the jump is noticed", LONG, || (publishing()["state"] == "clock_jumped").then_some(()));
    assert_eq!(scene.ground.desktop.titles(), ["Publishing is paused"]);
    assert_eq!(scene.job(&post)["state"], "scheduled");

    // the time service corrects it; Ada resumes, and the post goes out at its time
    scene.clock.set_by(SignedDuration::from_hours(3));
    scene.laptop.call("set_publishing", json!({ "paused": false })).unwrap();
    until("publishing goes on", LONG, || {
        scene.laptop.call("set_publishing", json!({ "paused": false })).unwrap();
        (publishing()["state"] == "running").then_some(())
    });
    scene.clock.sleep_through(Duration::from_secs(3580));
    ada::until_status(&scene.laptop, &post, "published");
    assert_eq!(mastodon.statuses_with(&scene.words).len(), 1);
    scene.laptop.end();
}

#[test]
fn a_laptop_that_slept_too_long_has_missed_the_post_and_says_so() {
    let (_, mastodon) = servers_or_skip!();
    let scene = Scene::new(mastodon);
    let post = scene.write();
    ada::schedule(&scene.laptop, &post, 600).unwrap();
    scene.clock.sleep_through(Duration::from_secs(8 * 3600));
    ada::until_status(&scene.laptop, &post, "missed");
    assert_eq!(mastodon.statuses_with(&scene.words).len(), 0);
    assert_eq!(scene.ground.desktop.titles(), ["A post was not sent"]);
    let decision = json!({ "job": scene.job(&post)["id"], "decision": { "decision": "publish_now" } });
    scene.laptop.call("decide_job", decision).unwrap();
    ada::until_status(&scene.laptop, &post, "published");
    assert_eq!(mastodon.statuses_with(&scene.words).len(), 1);
    scene.laptop.end();
}
