//! What one writes is on the desk of the other at once, and when nothing comes through it is there a little later.

use std::time::{Duration, Instant};

use serde_json::json;
use testkit::{Fault, TeamServer, until};

use crate::ada::{self, Program as _};
use crate::teams::{Laptop, bakery};

/// Of everything together: typing, sending, telling, pulling.
const AT_ONCE: Duration = Duration::from_millis(900);
/// Between two looks at a server that tells nothing.
const BY_THE_CLOCK: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits, without asking for an exchange, until somebody reads this; tells how long it took.
fn reads_by_itself(laptop: &Laptop, post: &str, text: &str, patience: Duration) -> Duration {
    let begun = Instant::now();
    loop {
        let view = laptop.call("get_post", json!({ "post": post }));
        if view.is_ok_and(|view| view["post"]["draft"]["base"]["parts"][0]["text"] == text) {
            return begun.elapsed();
        }
        assert!(begun.elapsed() < patience, "waited in vain for \u{201c}{text}\u{201d}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn hears(laptop: &Laptop) {
    until("it hears of changes", PATIENCE, || (laptop.team()["live"] == true).then_some(()));
}

fn is_deaf(laptop: &Laptop) {
    until("it hears nothing", PATIENCE, || (laptop.team()["live"] == false).then_some(()));
}

#[test]
fn ben_s_words_are_on_ada_s_desk_at_once_and_again_after_the_server_was_gone() {
    let Some(mut server) = TeamServer::start() else { return };
    let (ada, ben) = bakery(&server);
    let words = |nth: usize| format!("Bread at eight, version {nth}");
    let post = ada::write(&ben, &ada::content(&[&words(0)]), &[]);
    ada.reads(&post, &words(0));
    hears(&ada);
    hears(&ben);
    let mut times = Vec::new();
    for nth in 0..10 {
        // not in the middle of what the last one led to
        std::thread::sleep(Duration::from_secs(1));
        ben.writes(&post, &words(nth), &words(nth + 1));
        times.push(reads_by_itself(&ada, &post, &words(nth + 1), BY_THE_CLOCK));
    }
    times.sort();
    println!("from one desk to the other: {:?} to {:?}, in the middle {:?}", times[0], times[9], times[5]);
    assert!(times[5] < AT_ONCE, "{times:?}");

    // what is written while the server is gone goes when it is back, and then everything is as before
    server.stop();
    is_deaf(&ada);
    is_deaf(&ben);
    ben.writes(&post, &words(10), &words(11));
    server.begin();
    reads_by_itself(&ada, &post, &words(11), PATIENCE);
    hears(&ada);
    hears(&ben);
    std::thread::sleep(Duration::from_secs(1));
    ben.writes(&post, &words(11), &words(12));
    let after = reads_by_itself(&ada, &post, &words(12), BY_THE_CLOCK);
    println!("after the server was restarted: {after:?}");
    assert!(after < AT_ONCE, "{after:?}");
}

/// Something between lets requests through, and holds back what lasts.
#[test]
fn a_proxy_that_swallows_events_only_makes_it_slower() {
    let Some(mut server) = TeamServer::start() else { return };
    let proxy = server.moves_behind();
    let swallowed = proxy.fault(Fault::Swallowed, u32::MAX, |asked| asked.line.ends_with("/live"));
    let (ada, ben) = bakery(&server);
    let post = ada::write(&ben, &ada::content(&["Bread at eight."]), &[]);
    reads_by_itself(&ada, &post, "Bread at eight.", PATIENCE);
    assert!(swallowed.count() <= 4, "nobody knocks again and again");
    assert_eq!((&ada.team()["live"], &ben.team()["live"]), (&json!(false), &json!(false)));
    let mut times = Vec::new();
    for (from, to) in [("Bread at eight.", "Bread at nine."), ("Bread at nine.", "Bread at ten.")] {
        ben.writes(&post, from, to);
        times.push(reads_by_itself(&ada, &post, to, BY_THE_CLOCK + Duration::from_secs(5)));
    }
    println!("by the clock: {times:?}");
    // and with a stream that comes through it looks no more by the clock
    let looks = || proxy.asked(|asked| asked.line.ends_with("/pull")).len();
    let deaf = looks();
    std::thread::sleep(Duration::from_secs(12));
    let deaf = looks() - deaf;
    assert!((4..=8).contains(&deaf), "two desks, one look each five seconds: {deaf}");
}

#[test]
fn who_hears_does_not_ask_by_the_clock_and_who_signs_out_hears_no_more() {
    let Some(mut server) = TeamServer::start() else { return };
    let proxy = server.moves_behind();
    let (ada, ben) = bakery(&server);
    hears(&ada);
    hears(&ben);
    ada.settles();
    ben.settles();
    // until what was asked for meanwhile is done too
    std::thread::sleep(Duration::from_secs(3));
    let looks = || proxy.asked(|asked| asked.line.ends_with("/pull")).len();
    let before = looks();
    std::thread::sleep(Duration::from_secs(12));
    assert_eq!(looks(), before, "nothing happened");
    let streams = || proxy.asked(|asked| asked.line.ends_with("/live")).len();
    let before = streams();
    ben.ask("sign_out_of_server", json!({ "server": server.origin }));
    is_deaf(&ben);
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(streams(), before, "nobody who is signed out asks for a stream");
    ben.signs_in(&server, &ben.email);
    hears(&ben);
    let post = ada::write(&ada, &ada::content(&["Bread at eight."]), &[]);
    reads_by_itself(&ben, &post, "Bread at eight.", BY_THE_CLOCK);
    // a member no more: it is known at once, not at the next look
    let person = ben.team()["me"].clone();
    let removed = Instant::now();
    ada.ask("remove_member", json!({ "person": person }));
    until("Ben has the bakery no more", BY_THE_CLOCK, || {
        (ben.ask("get_teams", json!({}))["teams"] == json!([])).then_some(())
    });
    println!("a removal is known after {:?}", removed.elapsed());
}

fn sees(laptop: &Laptop, post: &str, names: &[&str]) -> Duration {
    let begun = Instant::now();
    loop {
        let present = laptop.ask("list_present", json!({ "post": post }));
        let found: Vec<&str> =
            present.as_array().unwrap().iter().filter_map(|present| present["name"].as_str()).collect();
        if found == names {
            return begun.elapsed();
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain for {names:?}: {found:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn ada_sees_that_ben_has_the_same_draft_open() {
    let Some(mut server) = TeamServer::start() else { return };
    let (ada, ben) = bakery(&server);
    let post = ada::write(&ada, &ada::content(&["Bread at eight."]), &[]);
    let other = ada::write(&ada, &ada::content(&["Cake at nine."]), &[]);
    ben.reads(&post, "Bread at eight.");
    ben.reads(&other, "Cake at nine.");
    hears(&ada);
    hears(&ben);
    let attend = |laptop: &Laptop, post: &str, open: bool| laptop.ask("attend", json!({ "post": post, "open": open }));
    attend(&ada, &post, true);
    assert_eq!(ada.ask("list_present", json!({ "post": post })), json!([]));
    attend(&ben, &post, true);
    let came = sees(&ada, &post, &["Ben"]);
    sees(&ben, &post, &["Ada"]);
    sees(&ada, &other, &[]);
    // the next one is opened before the last one is left, as windows do it
    attend(&ben, &other, true);
    attend(&ben, &post, false);
    let went = sees(&ada, &post, &[]);
    println!("that Ben came is seen after {came:?}, that he went after {went:?}");
    assert!(came < AT_ONCE && went < AT_ONCE, "{came:?} {went:?}");
    attend(&ben, &post, true);
    sees(&ada, &post, &["Ben"]);

    // a server that forgot everything is told again
    server.stop();
    sees(&ada, &post, &[]);
    server.begin();
    attend(&ada, &post, true);
    attend(&ben, &post, true);
    sees(&ada, &post, &["Ben"]);

    // nobody has it open who looks at another profile
    ben.ask("open_team", json!({ "organisation": null }));
    attend(&ben, &other, true);
    sees(&ada, &post, &[]);
    assert_eq!(ben.ask("list_present", json!({ "post": post })), json!([]));
}
