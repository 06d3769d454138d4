//! A sign-in is renewed once, by one, and survives whatever happens meanwhile.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde_json::{Value, json};
use testkit::inside::{Ground, Inside};
use testkit::process::Process;
use testkit::proxy::Asked;
use testkit::servers::counterparts;
use testkit::{BlueskyPerson, Device, Fault, HandClock, PASSWORD, Pds, until};

use crate::ada::{self, LONG};
use crate::servers_or_skip;

const RENEWS: &str = "grant_type=refresh_token";

/// The tokens that were handed in for new ones. One that is handed in twice (the server may ask for another nonce) is one.
fn handed_in(pds: &Pds) -> BTreeSet<String> {
    let asked = pds.proxy.asked(|asked| asked.text.contains(RENEWS));
    let token =
        |text: &str| text.split('&').find_map(|pair| pair.trim().strip_prefix("refresh_token=").map(str::to_owned));
    asked.iter().map(|asked| token(asked.text.lines().last().unwrap()).unwrap()).collect()
}

fn health(account: &Value) -> &str {
    account["account"]["health"]["state"].as_str().unwrap()
}

#[test]
fn fifty_who_find_it_ended_renew_it_once_and_a_server_that_is_down_ends_nothing() {
    let Some(root) = counterparts() else { return };
    // one of its own: the others renew their sign-ins too
    let pds = &Pds::start(&root, "renewals");
    let person = BlueskyPerson::new(pds, "ada");
    let (folder, ground, clock) = (tempfile::tempdir().unwrap(), Ground::default(), Arc::new(HandClock::real()));
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    ada::make_vault(&laptop);
    ada::allow(&laptop, pds, &pds.url);
    let request = json!({
        "network": "bluesky", "server": "", "handle": person.handle, "come_back": "loopback", "reconnect": null,
    });
    let account = ada::connect_in_browser(&laptop, request, &person.handle, PASSWORD).unwrap();
    let check = || laptop.call("check_account", json!({ "account": account }));
    assert_eq!(health(&check().unwrap()), "healthy");

    assert_eq!(handed_in(pds).len(), 0);
    clock.sleep_through(Duration::from_secs(3 * 3600));
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..50).map(|_| scope.spawn(check)).collect();
        for one in all {
            assert_eq!(health(&one.join().unwrap().unwrap()), "healthy");
        }
    });
    assert_eq!(handed_in(pds).len(), 1);

    clock.sleep_through(Duration::from_secs(3 * 3600));
    let down = Fault::Instead { status: 503, kind: "text/html", body: "<h1>We are down</h1>".to_owned() };
    let hits = pds.proxy.fault(down, 10, |asked| asked.text.contains(RENEWS));
    while hits.count() < 10 {
        match check() {
            Err(failure) => assert_eq!(failure.code, "unreachable", "{failure:?}"),
            // it asks again by itself, and may meet the last failure with its first question
            Ok(_) => assert_eq!(hits.count(), 10),
        }
    }
    assert_eq!(health(&check().unwrap()), "healthy");
    assert!(ground.desktop.titles().is_empty(), "{:?}", ground.desktop.titles());
    laptop.end();
}

/// Whose token a request carries is in its middle part.
fn speaks_for(asked: &Asked, did: &str) -> bool {
    let line = asked.text.lines().find(|line| line.to_ascii_lowercase().starts_with("authorization:"));
    let claims = line.and_then(|line| line.split('.').nth(1)).and_then(|part| BASE64URL.decode(part).ok());
    claims.is_some_and(|claims| String::from_utf8_lossy(&claims).contains(did))
}

/// Ada's laptop is killed between the server's answer and its being written down.
fn killed_while_renewing(laptop: &mut Device, pds: &Pds, person: &BlueskyPerson, account: &str) {
    let request = json!({ "account": account }).to_string();
    let expired = json!({ "error": "ExpiredToken", "message": "Token has expired" }).to_string();
    let did = person.did.clone();
    let fault = Fault::Instead { status: 400, kind: "application/json", body: expired };
    let hits = pds.proxy.fault(fault, 1, move |asked| asked.line.contains("getSession") && speaks_for(asked, &did));
    laptop.set("SENDOFF_STOP_AT", "session-renewed");
    let mut checking = Process::start(laptop.command(&["call", "check_account", &request]));
    until("the renewed sign-in has arrived", LONG, || {
        let said = checking.said();
        assert!(checking.ended().is_none(), "{said}");
        said.contains("stopped at session-renewed").then_some(())
    });
    checking.kill();
    laptop.unset("SENDOFF_STOP_AT");
    assert_eq!(hits.count(), 1);
}

#[test]
fn a_renewal_that_was_lost_with_the_power_is_repeated_where_the_server_allows_it() {
    let (pds, mastodon) = servers_or_skip!();
    let person = BlueskyPerson::new(pds, "ada");
    let mut laptop = ada::laptop(Device::stoppable(), &mastodon.url);
    let account = ada::connect_bluesky(&laptop, &person);
    killed_while_renewing(&mut laptop, pds, &person, &account);
    let checked = laptop.call("check_account", json!({ "account": account })).unwrap();
    assert_eq!(health(&checked), "healthy");
}

#[test]
fn where_the_server_does_not_allow_it_ada_is_asked_to_reconnect_and_nothing_is_deleted() {
    let (pds, mastodon) = servers_or_skip!();
    let person = BlueskyPerson::new(pds, "ada");
    let mut laptop = ada::laptop(Device::stoppable(), &mastodon.url);
    ada::browser(&mut laptop, &person.handle, PASSWORD);
    let request = json!({
        "network": "bluesky", "server": "", "handle": person.handle, "come_back": "loopback", "reconnect": null,
    });
    let account = ada::connect_from_the_command_line(&laptop, &request);
    let post = ada::write(&laptop, &ada::content(&["Still here"]), &[&account]);
    ada::schedule(&laptop, &post, 3600).unwrap();
    killed_while_renewing(&mut laptop, pds, &person, &account);

    // the server takes the lost token for stolen, and ends the sign-in
    until("the sign-in has ended", LONG, || {
        let listed = laptop.call("list_accounts", json!({})).unwrap();
        if health(&listed[0]) == "reconnect_needed" {
            return Some(());
        }
        // until the token that is still good has ended too
        let _ = laptop.call("check_account", json!({ "account": account }));
        None
    });
    let failure = laptop.call("check_account", json!({ "account": account })).unwrap_err();
    assert_eq!(failure.code, "wrong_credentials");
    assert_eq!(ada::jobs(&laptop, &post)[0]["state"], "scheduled", "the schedule is kept");
    let again = json!({
        "network": "bluesky", "server": "", "handle": person.handle, "come_back": "loopback", "reconnect": account,
    });
    assert_eq!(ada::connect_from_the_command_line(&laptop, &again), account);
    assert_eq!(health(&laptop.call("check_account", json!({ "account": account })).unwrap()), "healthy");
}
