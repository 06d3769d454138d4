//! What may be a password, how a forgotten one is replaced, and what tries cost.

use reqwest::Method;
use serde_json::json;
use server::people::hashing::Cost;
use server::people::password;

use crate::both;
use crate::stage::{Device, PASSWORD, Stage, Store, address};

both!(common_and_own_passwords_are_refused_wherever_one_is_set, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada.lovelace");
    let Some(laptop) = stage.register(&ada, PASSWORD).await else { return };
    for weak in ["Password123!", "12345678", "short", "ada.lovelace", &"x".repeat(password::MAX + 1)] {
        let mut browser = stage.browser();
        let begun = Device::new("Laptop").begin(&stage, &mut browser).await;
        let page = browser.register(&begun.flow, "Ada", &ada, weak).await;
        assert!(page.status == 200 && page.says("role=\"alert\"") && page.says("password"), "{weak}");
        let body = json!({ "current_password": PASSWORD, "new_password": weak });
        let (status, body) = stage.call(Method::POST, "/v1/me/password", Some(&laptop.access), Some(body)).await;
        assert_eq!((status, body["code"].as_str()), (422, Some("weak_password")), "{weak}");
        browser.reset(&begun.flow, &ada).await;
    }
    let body = json!({ "current_password": "not the one", "new_password": "a wholly different sentence" });
    let (status, body) = stage.call(Method::POST, "/v1/me/password", Some(&laptop.access), Some(body)).await;
    assert_eq!((status, body["code"].as_str()), (403, Some("wrong_password")));
});

both!(any_content_of_a_good_length_is_a_password, |store| {
    let stage = Stage::new(store).await;
    for good in ["  spaces count  x9 ", "пароль длиной в предложение", "🦊🐻🐼🦁 vier Tiere &=?#%+"]
    {
        let ada = address("ada");
        let Some(laptop) = stage.register(&ada, good).await else { return };
        assert_eq!(Device::new("Desktop").sign_in(&stage, &ada, good).await.person, laptop.person);
    }
});

#[tokio::test]
async fn a_megabyte_is_refused_before_anything_is_computed() {
    let stage = Stage::new(Store::Sqlite).await;
    let mut browser = stage.browser();
    let begun = Device::new("Laptop").begin(&stage, &mut browser).await;
    let began = std::time::Instant::now();
    let page = browser.sign_in(&begun.flow, "ada@example.com", &"x".repeat(1024 * 1024)).await;
    assert_eq!(page.status, 413);
    assert!(began.elapsed().as_secs() < 2);
}

both!(a_forgotten_password_is_replaced_by_mail_and_all_devices_are_out, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    let Some(mut laptop) = stage.register(&ada, PASSWORD).await else { return };
    let (mut browser, device) = (stage.browser(), Device::new("Desktop"));
    let begun = device.begin(&stage, &mut browser).await;
    let page = browser.reset(&begun.flow, &ada).await;
    let challenge = page.field("challenge");
    stage.mailbox().wait(&ada, 2).await;
    let code = stage.mailbox().code(&ada).await;
    let typed = code.to_lowercase().replace('-', " ");
    let page = browser.reset_code(&begun.flow, &challenge, &typed, "a wholly different sentence").await;
    let desktop = device.redeem(&stage, &begun, &page.code()).await.unwrap();
    assert_eq!(desktop.person, laptop.person);
    assert_eq!(stage.me(&laptop.access).await.0, 401);
    assert_eq!(laptop.renew(&stage).await, 400);
    // the code is used up, in this sign-in and in another
    let begun = Device::new("Desktop").begin(&stage, &mut browser).await;
    assert!(browser.reset_code(&begun.flow, &challenge, &code, "yet another sentence").await.says("not right"));
    assert!(browser.sign_in(&begun.flow, &ada, PASSWORD).await.says("not right"));
});

both!(a_mailed_code_has_five_tries_and_half_an_hour_and_one_browser, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    if crate::stage::Mailbox::try_new().is_none() {
        return;
    }
    let mut browser = stage.browser();
    let begun = Device::new("Laptop").begin(&stage, &mut browser).await;
    let challenge = browser.register(&begun.flow, "Ada", &ada, PASSWORD).await.field("challenge");
    let code = stage.mailbox().code(&ada).await;
    // another browser with the right code
    let mut eve = stage.browser();
    let other = Device::new("Eve's").begin(&stage, &mut eve).await;
    assert!(eve.register_code(&other.flow, &challenge, &code).await.says("not right"));
    // the code of a registration resets nothing
    assert!(browser.reset_code(&begun.flow, &challenge, &code, "a wholly different sentence").await.says("not right"));
    for _ in 0..5 {
        assert!(browser.register_code(&begun.flow, &challenge, "0000-0000").await.says("not right"));
    }
    assert!(browser.register_code(&begun.flow, &challenge, &code).await.says("not right"), "used up by tries");
    assert_eq!(stage.count("SELECT count(*) FROM person").await, 0);

    let ben = address("ben");
    let challenge = browser.register(&begun.flow, "Ben", &ben, PASSWORD).await.field("challenge");
    let code = stage.mailbox().code(&ben).await;
    stage.clock.advance(std::time::Duration::from_secs(31 * 60));
    assert!(browser.register_code(&begun.flow, &challenge, &code).await.says("not right"), "too late");
    assert_eq!(stage.count("SELECT count(*) FROM person").await, 0);
});

both!(a_hash_of_an_older_cost_is_made_anew_at_the_next_sign_in, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    let Some(_) = stage.register(&ada, PASSWORD).await else { return };
    let stronger = Cost { memory_kib: 64, passes: 2, parallel: 2 };
    let stage = stage.restart(|config| config.hashing = stronger).await;
    let old = "SELECT count(*) FROM person WHERE password_hash LIKE '$argon2id$v=19$m=8,t=1,p=1$%'";
    let new = "SELECT count(*) FROM person WHERE password_hash LIKE '$argon2id$v=19$m=64,t=2,p=1$%'";
    assert_eq!((stage.count(old).await, stage.count(new).await), (1, 0));
    Device::new("Desktop").sign_in(&stage, &ada, PASSWORD).await;
    assert_eq!((stage.count(old).await, stage.count(new).await), (0, 1));
    Device::new("Phone").sign_in(&stage, &ada, PASSWORD).await;
});
