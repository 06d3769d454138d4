//! Sign-ins that fail, end, or must not be tried at all; and keyrings that are not there.

use std::sync::Arc;
use std::time::Duration;

use engine::ports::KeyringError;
use serde_json::json;
use testkit::inside::{Ground, Inside};
use testkit::servers::{exceptions, free_port};
use testkit::{BlueskyPerson, Device, Fault, HandClock, PASSWORD, Pds, until};

use crate::ada::{self, LONG, Program};
use crate::servers_or_skip;

/// Adds what else Ada's own servers need.
fn also_allow(program: &impl Program, url: &str) {
    let mut settings = program.call("get_program", json!({})).unwrap()["settings"].clone();
    let allowed = settings["private_servers"].as_array_mut().unwrap();
    allowed.extend(exceptions(url).into_iter().map(|entry| json!(entry)));
    program.call("change_settings", json!({ "settings": settings })).unwrap();
}

#[test]
fn a_private_address_is_not_contacted_unless_ada_says_so() {
    let (pds, mastodon) = servers_or_skip!();
    let laptop = ada::laptop(Device::new(), &mastodon.url);
    // a service of this machine that nobody allowed
    let proxy = mastodon.behind_a_proxy();
    let ada = BlueskyPerson::new(pds, "ada");
    for server in [proxy.url(), format!("http://localhost:{}", proxy.port), "https://10.0.0.1".to_owned()] {
        let on_mastodon = laptop.call("start_connect", ada::mastodon_request(&server, None)).unwrap_err();
        assert_eq!(on_mastodon.code, "address_not_allowed", "{server}: {on_mastodon:?}");
        let body = json!({
            "network": "bluesky", "server": server, "handle": ada.handle, "password": PASSWORD, "reconnect": null,
        });
        let on_bluesky = laptop.call("connect_with_password", body).unwrap_err();
        assert_eq!(on_bluesky.code, "address_not_allowed", "{server}: {on_bluesky:?}");
        assert_ne!(on_bluesky.exit, 0);
    }
    assert!(proxy.asked(|_| true).is_empty(), "nothing was sent there");
    assert_eq!(laptop.call("list_accounts", json!({})).unwrap(), json!([]));
}

#[test]
fn servers_that_are_not_there_or_lie_are_named_and_nothing_is_kept() {
    let (pds, mastodon) = servers_or_skip!();
    let laptop = ada::laptop(Device::new(), &mastodon.url);
    let ada = BlueskyPerson::new(pds, "ada");
    let nobody = format!("http://127.0.0.1:{}", free_port());
    also_allow(&laptop, &nobody);
    let failed = laptop.call("start_connect", ada::mastodon_request(&nobody, None)).unwrap_err();
    assert_eq!((failed.code.as_str(), &failed.answer["retry"]), ("unreachable", &json!(true)), "{failed:?}");

    let proxy = mastodon.behind_a_proxy();
    also_allow(&laptop, &proxy.url());
    let lies = [
        Fault::Instead { status: 200, kind: "text/html", body: "<h1>Welcome to your router</h1>".to_owned() },
        Fault::Instead { status: 200, kind: "application/json", body: "{\"client_id\":7}".to_owned() },
        Fault::Instead { status: 500, kind: "text/html", body: "<h1>Oops</h1>".to_owned() },
        Fault::CutShort { body: "{\"client_id\":\"a".to_owned() },
        Fault::NeverArrives,
    ];
    for lie in lies {
        proxy.fault(lie.clone(), u32::MAX, |_| true);
        let failed = laptop.call("start_connect", ada::mastodon_request(&proxy.url(), None)).unwrap_err();
        let named = ["bad_answer", "unreachable", "network_refused"].contains(&failed.code.as_str());
        assert!(named && failed.message.ends_with('.'), "{lie:?}: {failed:?}");
        assert!(!failed.message.contains('<'), "{failed:?}");
        proxy.heal();
    }
    let wrong = ada::sign_in(&laptop, &ada, "not my password", None).unwrap_err();
    assert_eq!(wrong.code, "wrong_credentials", "{wrong:?}");
    let unknown = BlueskyPerson { handle: "nobody-at-all.test".to_owned(), ..ada };
    let wrong = ada::sign_in(&laptop, &unknown, PASSWORD, None).unwrap_err();
    assert_eq!(wrong.code, "wrong_credentials", "{wrong:?}");
    assert_eq!(laptop.call("list_accounts", json!({})).unwrap(), json!([]));
}

/// Ada with Bluesky on a laptop whose clock and keyring are the test's.
fn with_keyring(pds: &Pds, mastodon_url: &str) -> (tempfile::TempDir, Ground, Arc<HandClock>, BlueskyPerson, String) {
    let folder = tempfile::tempdir().unwrap();
    let (ground, clock) = (Ground::default(), Arc::new(HandClock::real()));
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    let made = laptop.call("create_vault", json!({ "protection": { "protection": "keyring" } })).unwrap();
    laptop.call("confirm_recovery_key", json!({ "key": made["key"] })).unwrap();
    ada::allow(&laptop, pds, mastodon_url);
    let ada = BlueskyPerson::new(pds, "ada");
    let account = ada::connect_bluesky(&laptop, &ada);
    laptop.end();
    (folder, ground, clock, ada, account)
}

#[test]
fn a_revoked_sign_in_keeps_its_schedule_and_goes_on_after_ada_reconnects() {
    let (pds, mastodon) = servers_or_skip!();
    let (folder, ground, clock, ada, account) = with_keyring(pds, &mastodon.url);
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    let words = format!("Revoked {}", testkit::people::unique());
    let post = ada::write(&laptop, &ada::content(&[&words]), &[&account]);
    ada::schedule(&laptop, &post, 4 * 3600).unwrap();
    ada.revoke_app_password("sendoff");
    clock.sleep_through(Duration::from_secs(4 * 3600 - 10));

    let health = || laptop.call("list_accounts", json!({})).unwrap()[0]["account"]["health"]["state"].clone();
    until("the account needs reconnecting", LONG, || (health() == "reconnect_needed").then_some(()));
    assert!(ground.desktop.titles().contains(&"Reconnect your Bluesky account".to_owned()));
    assert_eq!(laptop.call("get_post", json!({ "post": post })).unwrap()["post"]["status"], "scheduled");
    assert_eq!(ada.posts().len(), 0);

    let password = ada.app_password("sendoff again");
    let renewed = ada::sign_in(&laptop, &ada, &password, Some(&account)).unwrap();
    assert_eq!(renewed["account"], json!(account));
    assert_eq!(health(), "healthy");
    ada::until_status(&laptop, &post, "published");
    assert_eq!(ada.posts_with(&words).len(), 1);
    laptop.end();
}

#[test]
fn another_account_does_not_take_over_the_schedule_of_the_one_that_ended() {
    let (pds, mastodon) = servers_or_skip!();
    let (folder, ground, clock, _, account) = with_keyring(pds, &mastodon.url);
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    let eve = BlueskyPerson::new(pds, "eve");
    let refused = ada::sign_in(&laptop, &eve, &eve.app_password("sendoff"), Some(&account)).unwrap_err();
    assert_eq!(refused.code, "rejected", "{refused:?}");
    laptop.end();
}

#[test]
fn a_keyring_that_is_locked_gone_or_empty_makes_no_new_key_and_loses_nothing() {
    let (pds, mastodon) = servers_or_skip!();
    let (folder, ground, clock, ada, account) = with_keyring(pds, &mastodon.url);
    let words = format!("Keyring {}", testkit::people::unique());
    let vault = std::fs::read(folder.path().join("profile/vault.json")).unwrap();

    ground.keyring.be(Some(KeyringError::Locked));
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    let state = || laptop.call("get_program", json!({})).unwrap()["vault"].clone();
    until("the keyring is found locked", LONG, || (state() == "keyring_locked").then_some(()));
    let post = ada::write(&laptop, &ada::content(&[&words]), &[&account]);
    ada::schedule(&laptop, &post, 1).unwrap();
    let locked = laptop.call("check_account", json!({ "account": account })).unwrap_err();
    assert_eq!(locked.code, "vault_locked", "{locked:?}");
    for (broken, code) in [
        (KeyringError::NoBackend, "keyring_unavailable"),
        (KeyringError::NoAnswer, "keyring_unavailable"),
        (KeyringError::Denied, "keyring_denied"),
    ] {
        ground.keyring.be(Some(broken));
        let failed = laptop.call("unlock_vault", json!({ "passphrase": null })).unwrap_err();
        assert_eq!(failed.code, code, "{failed:?}");
        let again = laptop.call("create_vault", json!({ "protection": { "protection": "keyring" } })).unwrap_err();
        assert_eq!(again.code, "bad_request", "{again:?}");
    }
    assert_eq!(ada.posts().len(), 0);
    assert_eq!(std::fs::read(folder.path().join("profile/vault.json")).unwrap(), vault);

    // Ada unlocks it, and what waited goes out
    ground.keyring.be(None);
    laptop.call("unlock_vault", json!({ "passphrase": null })).unwrap();
    let published = ada::until_status(&laptop, &post, "published");
    assert_eq!(ada.posts_with(&words).len(), 1);
    let steps = ada::steps(&laptop, &published["jobs"][0]);
    assert_eq!(steps, ["schedule_post", "claim", "prepare", "begin_send", "report"], "nobody took it on before");
    laptop.end();

    ground.keyring.forget();
    let laptop = Inside::start(folder.path(), &ground, &clock).unwrap();
    let empty = laptop.call("unlock_vault", json!({ "passphrase": null })).unwrap_err();
    assert_eq!(empty.code, "wrong_key", "{empty:?}");
    assert_eq!(std::fs::read(folder.path().join("profile/vault.json")).unwrap(), vault);
    laptop.end();
}
