//! How often somebody may try, over HTTP.

use std::time::Duration;

use server::limits::{Allowance, Quotas};

use crate::both;
use crate::stage::{Browser, Device, PASSWORD, Stage, Store, address};

async fn from(stage: &Stage, address: &str) -> Browser {
    let mut browser = stage.browser();
    browser.forwarded_for = Some(address.to_owned());
    browser
}

/// With the real quotas, behind a proxy on this machine.
async fn guarded(store: Store) -> Stage {
    Stage::with(store, |config| {
        config.quotas = Quotas::default();
        config.quotas.requests = Quotas::unlimited().requests;
        config.proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await
}

both!(attackers_lock_the_account_for_strangers_and_not_for_its_person, |store| {
    let stage = guarded(store).await;
    let ada = address("ada");
    let mut own = from(&stage, "198.51.100.1").await;
    if crate::stage::Mailbox::try_new().is_none() {
        return;
    }
    let begun = Device::new("Laptop").begin(&stage, &mut own).await;
    let challenge = own.register(&begun.flow, "Ada", &ada, PASSWORD).await.field("challenge");
    let code = stage.mailbox().code(&ada).await;
    assert_eq!(own.register_code(&begun.flow, &challenge, &code).await.status, 303);

    // a spray: each try from a network of its own
    let mut refused = 0;
    for n in 0..30 {
        let mut eve = from(&stage, &format!("2001:db8:0:{n:x}::1")).await;
        let begun = Device::new("Eve's").begin(&stage, &mut eve).await;
        let page = eve.sign_in(&begun.flow, &ada, "a guess at a password").await;
        if page.status == 429 {
            let wait: u32 = page.headers["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=61).contains(&wait));
            refused += 1;
        }
    }
    assert_eq!(refused, 20);
    // a stranger with the right password has to wait too, and learns nothing
    let mut stranger = from(&stage, "203.0.113.5").await;
    let begun = Device::new("New").begin(&stage, &mut stranger).await;
    assert_eq!(stranger.sign_in(&begun.flow, &ada, PASSWORD).await.status, 429);
    // her own browser gets in, wherever she is
    own.forwarded_for = Some("192.0.2.77".into());
    let begun = Device::new("Laptop").begin(&stage, &mut own).await;
    assert_eq!(own.sign_in(&begun.flow, &ada, PASSWORD).await.status, 303);
    // and another account's browser is a stranger
    let mut eve = from(&stage, "203.0.113.6").await;
    eve.cookies.insert("sendoff-known".into(), "sok_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into());
    let begun = Device::new("Eve's").begin(&stage, &mut eve).await;
    assert_eq!(eve.sign_in(&begun.flow, &ada, PASSWORD).await.status, 429);
});

both!(an_account_that_is_not_there_is_limited_in_the_same_way, |store| {
    let stage = guarded(store).await;
    let nobody = address("nobody");
    let mut statuses = Vec::new();
    for n in 0..15 {
        let mut eve = from(&stage, &format!("198.51.100.{n}")).await;
        let begun = Device::new("Eve's").begin(&stage, &mut eve).await;
        statuses.push(eve.sign_in(&begun.flow, &nobody, "a guess at a password").await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 5, "{statuses:?}");
});

#[tokio::test]
async fn a_header_of_the_clients_own_changes_nothing() {
    // no proxy is configured: the header is anybody's
    let stage = Stage::with(Store::Sqlite, |config| config.quotas = Quotas::default()).await;
    let mut refused = 0;
    for n in 0..40 {
        let mut eve = from(&stage, &format!("198.51.100.{n}")).await;
        let begun = Device::new("Eve's").begin(&stage, &mut eve).await;
        let page = eve.sign_in(&begun.flow, &address("somebody"), "a guess at a password").await;
        refused += usize::from(page.status == 429);
    }
    assert_eq!(refused, 10, "thirty from one address");

    // behind a proxy only the hop that it wrote itself counts
    let stage = guarded(Store::Sqlite).await;
    let mut refused = 0;
    for n in 0..40 {
        let mut eve = from(&stage, &format!("203.0.113.{n}, 198.51.100.9")).await;
        let begun = Device::new("Eve's").begin(&stage, &mut eve).await;
        let page = eve.sign_in(&begun.flow, &address("somebody"), "a guess at a password").await;
        refused += usize::from(page.status == 429);
    }
    assert_eq!(refused, 10);
}

#[tokio::test]
async fn mails_to_one_address_are_few() {
    let stage = guarded(Store::Sqlite).await;
    if crate::stage::Mailbox::try_new().is_none() {
        return;
    }
    let ada = address("ada");
    let mut statuses = Vec::new();
    for n in 0..6 {
        let mut browser = from(&stage, &format!("198.51.100.{n}")).await;
        let begun = Device::new("Laptop").begin(&stage, &mut browser).await;
        let page = if n % 2 == 0 {
            browser.reset(&begun.flow, &ada).await
        } else {
            browser.register(&begun.flow, "A", &ada, PASSWORD).await
        };
        statuses.push(page.status);
    }
    assert_eq!(statuses, [200, 200, 200, 429, 429, 429]);
}

#[tokio::test]
async fn all_requests_of_one_address_are_counted() {
    let stage = Stage::with(Store::Sqlite, |config| {
        config.quotas.requests = Allowance { burst: 20.try_into().unwrap(), one_per: Duration::from_secs(60) };
    })
    .await;
    let mut statuses = Vec::new();
    for _ in 0..25 {
        statuses.push(stage.call(reqwest::Method::GET, "/healthz", None, None).await.0);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 5);
}
