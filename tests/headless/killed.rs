//! The program is killed at every step of a delivery, on each network, and each post is there exactly once.

use serde_json::{Value, json};
use testkit::people::unique;
use testkit::{BlueskyPerson, Device, Fault, Mastodon, Proxy, until};

use crate::ada::{self, LONG};
use crate::servers_or_skip;

/// Everybody who takes part in one of these stories.
struct Scene {
    laptop: Device,
    ada: BlueskyPerson,
    mastodon: &'static Mastodon,
    /// In front of the network that the post goes to.
    proxy: &'static Proxy,
    account: String,
    words: String,
    on_bluesky: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Network {
    Bluesky,
    Mastodon,
}

impl Scene {
    fn new(network: Network) -> Option<Self> {
        let (pds, mastodon) = testkit::servers::servers()?;
        let ada = BlueskyPerson::new(pds, "ada");
        // kept for the whole run: the laptop's account is at this address
        let own: &'static Proxy = Box::leak(Box::new(mastodon.behind_a_proxy()));
        let mut laptop = ada::laptop(Device::stoppable(), &own.url());
        let on_bluesky = network == Network::Bluesky;
        let (proxy, account) = if on_bluesky {
            (&pds.proxy, ada::connect_bluesky(&laptop, &ada))
        } else {
            ada::browser(&mut laptop, "ada", "");
            (own, ada::connect_from_the_command_line(&laptop, &ada::mastodon_request(&own.url(), None)))
        };
        let words = format!("Steps {} {} 🧗", std::process::id(), unique());
        Some(Self { laptop, ada, mastodon, proxy, account, words, on_bluesky })
    }

    /// How often the part with these words stands on the network.
    fn count(&self, words: &str) -> usize {
        if self.on_bluesky { self.ada.posts_with(words).len() } else { self.mastodon.statuses_with(words).len() }
    }

    fn part(&self, number: usize) -> String {
        format!("{} part {number}", self.words)
    }

    /// Writes a thread of two and schedules it.
    fn schedule(&self) -> String {
        let content = ada::content(&[&self.part(1), &self.part(2)]);
        let post = ada::write(&self.laptop, &content, &[&self.account]);
        ada::schedule(&self.laptop, &post, 2).unwrap();
        post
    }

    /// Publishes until this step is reached, and dies there.
    fn killed_at(&mut self, step: &str) {
        self.laptop.set("SENDOFF_STOP_AT", step);
        let mut serving = self.laptop.serve();
        let name = step.split(':').next().unwrap();
        until(&format!("{step} is reached"), LONG, || {
            let said = serving.said();
            assert!(serving.ended().is_none(), "{said}");
            said.contains(&format!("stopped at {name}")).then_some(())
        });
        serving.kill();
        self.laptop.unset("SENDOFF_STOP_AT");
    }

    fn job(&self, post: &str) -> Value {
        ada::jobs(&self.laptop, post).pop().unwrap()
    }

    /// The laptop stays off for so long that Mastodon can no longer be at work on what it was sent: only then it may be sent
    /// again there.
    fn stays_off(&mut self) {
        if !self.on_bluesky {
            self.laptop.set("SENDOFF_LATER_S", "240");
        }
    }

    /// Publishes without disturbance until all is said, and counts.
    fn is_there_exactly_once(&self, post: &str) {
        let serving = self.laptop.serve();
        until("the delivery is published", LONG, || {
            let job = self.job(post);
            let dead = ["unsure", "refused", "missed"].iter().any(|state| job["state"] == *state);
            assert!(!dead, "{job}: {:?}\n{}", ada::steps(&self.laptop, &job), serving.said());
            (job["state"] == "published").then_some(())
        });
        for number in [1, 2] {
            assert_eq!(self.count(&self.part(number)), 1, "part {number}: {}", self.job(post));
        }
        let steps = ada::steps(&self.laptop, &self.job(post));
        let released = steps.iter().filter(|step| *step == "release").count();
        assert!(released <= 1, "only what the dead process held is given back: {steps:?}");
        assert!(serving.end().success());
    }
}

/// Killed at `step` with the delivery in `state` and so many parts already there.
fn killed(network: Network, step: &str, state: &str, there: usize) {
    let Some(mut scene) = Scene::new(network) else { return };
    let post = scene.schedule();
    scene.killed_at(step);
    assert_eq!(scene.job(&post)["state"], state);
    assert_eq!(scene.count(&scene.words), there, "parts on the network when the program died");
    scene.stays_off();
    scene.is_there_exactly_once(&post);
}

/// Killed while it asks the network what became of the post.
fn killed_while_asking(network: Network, first: &str, there: usize) {
    let Some(mut scene) = Scene::new(network) else { return };
    let post = scene.schedule();
    scene.killed_at(first);
    assert_eq!(scene.count(&scene.words), there);
    scene.killed_at("publisher-looked-up");
    assert_eq!(scene.job(&post)["state"], "reconciling");
    scene.stays_off();
    scene.is_there_exactly_once(&post);
}

macro_rules! killed_at {
    ($($name:ident: $step:literal, $state:literal, $there:literal;)+) => {
        mod bluesky {
            use super::{Network, killed};
            $(#[test] fn $name() { killed(Network::Bluesky, $step, $state, $there); })+
        }
        mod mastodon {
            use super::{Network, killed};
            $(#[test] fn $name() { killed(Network::Mastodon, $step, $state, $there); })+
        }
    };
}

killed_at! {
    after_the_claim: "publisher-claimed", "claimed", 0;
    after_the_request_was_made: "publisher-prepared", "prepared", 0;
    after_the_ticket: "publisher-ticket", "sending", 0;
    after_the_send: "publisher-sent", "sending", 1;
    after_the_report: "publisher-reported", "scheduled", 1;
    after_the_second_request_was_made: "publisher-prepared:2", "prepared", 1;
    after_the_second_ticket: "publisher-ticket:2", "sending", 1;
    after_the_second_send: "publisher-sent:2", "sending", 2;
    after_the_last_report: "publisher-reported:2", "published", 2;
}

#[test]
fn while_bluesky_is_asked_for_a_post_that_arrived() {
    killed_while_asking(Network::Bluesky, "publisher-sent", 1);
}

#[test]
fn while_bluesky_is_asked_for_a_post_that_never_left() {
    killed_while_asking(Network::Bluesky, "publisher-ticket", 0);
}

#[test]
fn while_mastodon_is_asked_for_a_post_that_arrived() {
    killed_while_asking(Network::Mastodon, "publisher-sent", 1);
}

#[test]
fn while_mastodon_is_asked_for_a_post_that_never_left() {
    killed_while_asking(Network::Mastodon, "publisher-ticket", 0);
}

/// The server has committed, and its answer is lost on the way.
fn answer_lost(network: Network, fault: Fault, path: &'static str, there: usize) {
    let Some(mut scene) = Scene::new(network) else { return };
    let words = scene.words.clone();
    let hits = scene.proxy.fault(fault, 1, move |asked| {
        asked.line.starts_with("POST") && asked.line.contains(path) && asked.text.contains(&words)
    });
    let post = scene.schedule();
    let mut serving = scene.laptop.serve();
    until("the request has met its fault", LONG, || (hits.count() == 1).then_some(()));
    assert!(scene.count(&scene.part(1)) >= there);
    if !scene.on_bluesky && there == 0 {
        until("the network was asked", LONG, || (scene.job(&post)["lookups"].as_u64() > Some(0)).then_some(()));
        serving.kill();
        scene.stays_off();
        serving = scene.laptop.serve();
    }
    ada::until_status(&scene.laptop, &post, "published");
    assert!(serving.end().success());
    for number in [1, 2] {
        assert_eq!(scene.count(&scene.part(number)), 1);
    }
    let steps = ada::steps(&scene.laptop, &scene.job(&post));
    assert!(steps.contains(&"looked_up".to_owned()), "{steps:?}");
}

#[test]
fn bluesky_committed_and_the_answer_was_lost() {
    answer_lost(Network::Bluesky, Fault::AnswerLost, "putRecord", 1);
}

#[test]
fn mastodon_committed_and_the_answer_was_lost() {
    answer_lost(Network::Mastodon, Fault::AnswerLost, "/api/v1/statuses", 1);
}

#[test]
fn bluesky_never_heard_of_it() {
    answer_lost(Network::Bluesky, Fault::NeverArrives, "putRecord", 0);
}

#[test]
fn mastodon_never_heard_of_it() {
    answer_lost(Network::Mastodon, Fault::NeverArrives, "/api/v1/statuses", 0);
}

#[test]
fn two_processes_publish_one_profile_and_one_of_them_does_nothing() {
    let _ = servers_or_skip!();
    let Some(scene) = Scene::new(Network::Mastodon) else { return };
    let (one, other) = (scene.laptop.serve(), scene.laptop.serve());
    let post = scene.schedule();
    ada::until_status(&scene.laptop, &post, "published");
    assert_eq!((scene.count(&scene.part(1)), scene.count(&scene.part(2))), (1, 1));
    assert!(one.end().success() && other.end().success());
    assert_eq!(scene.laptop.call("get_program", json!({})).unwrap()["person"], "Ada");
}
