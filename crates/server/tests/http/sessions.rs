//! Renewing, and what ends a session.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::both;
use crate::stage::{Device, PASSWORD, Stage, address, token};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

both!(a_session_is_renewed_for_a_month_and_no_longer, |store| {
    let stage = Stage::new(store).await;
    let Some(mut laptop) = stage.register(&address("ada"), PASSWORD).await else { return };
    let first = (laptop.access.clone(), laptop.refresh.clone());
    stage.clock.advance(Duration::from_secs(9 * 60));
    assert_eq!(stage.me(&first.0).await.0, 200);
    stage.clock.advance(Duration::from_secs(2 * 60));
    assert_eq!(stage.me(&first.0).await.0, 401, "an access token lives ten minutes");
    assert_eq!(laptop.renew(&stage).await, 200);
    assert_ne!((&laptop.access, &laptop.refresh), (&first.0, &first.1));
    assert_eq!(stage.me(&laptop.access).await.0, 200);
    for _ in 0..2 {
        stage.clock.advance(DAY * 13);
        assert_eq!(laptop.renew(&stage).await, 200);
    }
    stage.clock.advance(DAY * 5);
    assert_eq!(laptop.renew(&stage).await, 400, "thirty days after the sign-in");
});

both!(a_session_that_rests_for_two_weeks_is_over, |store| {
    let stage = Stage::new(store).await;
    let Some(mut laptop) = stage.register(&address("ada"), PASSWORD).await else { return };
    stage.clock.advance(DAY * 14 - Duration::from_secs(60));
    assert_eq!(laptop.renew(&stage).await, 200);
    stage.clock.advance(DAY * 14 + Duration::from_secs(1));
    assert_eq!(laptop.renew(&stage).await, 400);
});

both!(a_lost_answer_is_given_again_and_is_the_same, |store| {
    let stage = Stage::new(store).await;
    let Some(mut laptop) = stage.register(&address("ada"), PASSWORD).await else { return };
    let lost = laptop.refresh.clone();
    let (status, first) = laptop.renew_with(&stage, &lost).await;
    assert_eq!(status, 200);
    stage.clock.advance(Duration::from_secs(29));
    let (status, second) = laptop.renew_with(&stage, &lost).await;
    assert_eq!(status, 200);
    assert_eq!(first["refresh_token"], second["refresh_token"]);
    laptop.refresh = second["refresh_token"].as_str().unwrap().into();
    assert_eq!(laptop.renew(&stage).await, 200);
    assert_eq!(stage.me(&laptop.access).await.0, 200);
});

both!(a_token_that_comes_again_ends_the_session_and_the_person_is_told, |store| {
    let stage = Stage::new(store).await;
    // after its successor was used, and after thirty seconds though it was not
    for (use_successor, wait) in [(true, 0), (false, 31)] {
        let ada = address("ada");
        let Some(mut laptop) = stage.register(&ada, PASSWORD).await else { return };
        let old = laptop.refresh.clone();
        assert_eq!(laptop.renew(&stage).await, 200);
        if use_successor {
            assert_eq!(laptop.renew(&stage).await, 200);
        }
        stage.clock.advance(Duration::from_secs(wait));
        assert_eq!(stage.me(&laptop.access).await.0, 200);
        assert_eq!(laptop.renew_with(&stage, &old).await.0, 400);
        assert_eq!(stage.me(&laptop.access).await.0, 401, "the access token too, and at once");
        assert_eq!(laptop.renew(&stage).await, 400);
        let mails = stage.mailbox().wait(&ada, 2).await;
        assert!(mails[1].contains("One of your devices was signed out"), "{}", mails[1]);
    }
    assert_eq!(stage.count("SELECT count(*) FROM event WHERE kind = 'refresh_reused'").await, 2);
});

both!(twenty_renewals_at_once_have_one_successor, |store| {
    let stage = Stage::new(store).await;
    let Some(mut laptop) = stage.register(&address("ada"), PASSWORD).await else { return };
    let answers = futures::future::join_all((0..20).map(|_| laptop.renew_with(&stage, &laptop.refresh))).await;
    assert!(answers.iter().all(|(status, _)| *status == 200), "{answers:?}");
    let mut successors: Vec<_> = answers.iter().map(|(_, body)| body["refresh_token"].as_str().unwrap()).collect();
    successors.dedup();
    assert_eq!(successors.len(), 1);
    laptop.refresh = successors[0].to_owned();
    assert_eq!(laptop.renew(&stage).await, 200);
});

both!(a_stolen_token_is_worth_nothing_without_the_device, |store| {
    let stage = Stage::new(store).await;
    let Some(mut laptop) = stage.register(&address("ada"), PASSWORD).await else { return };
    let stolen = laptop.refresh.clone();
    let eve = Device::new("Eve's");
    let proof = eve.proof(&stage, server::sessions::proof::Purpose::Refresh, &stolen);
    for proof in [proof, "A".repeat(86), String::new()] {
        let grant =
            [("grant_type", "refresh_token".to_owned()), ("refresh_token", stolen.clone()), ("device_proof", proof)];
        assert_eq!(token(&stage, &grant).await.0, 400);
    }
    // nor does trying end the session, before or after the token was used
    assert_eq!(laptop.renew(&stage).await, 200);
    assert_eq!(laptop.renew(&stage).await, 200);
    let proof = eve.proof(&stage, server::sessions::proof::Purpose::Refresh, &stolen);
    let grant = [("grant_type", "refresh_token".to_owned()), ("refresh_token", stolen), ("device_proof", proof)];
    assert_eq!(token(&stage, &grant).await.0, 400);
    assert_eq!(laptop.renew(&stage).await, 200);
});

both!(signing_out_ends_one_session_or_all, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    let Some(mut laptop) = stage.register(&ada, PASSWORD).await else { return };
    let mut desktop = Device::new("Desktop").sign_in(&stage, &ada, PASSWORD).await;
    let mut phone = Device::new("Phone").sign_in(&stage, &ada, PASSWORD).await;
    let ben = stage.register(&address("ben"), PASSWORD).await.unwrap();

    assert_eq!(stage.call(Method::POST, "/v1/sign-out", Some(&laptop.access), None).await.0, 204);
    assert_eq!(stage.me(&laptop.access).await.0, 401);
    assert_eq!(laptop.renew(&stage).await, 400);
    assert_eq!(desktop.renew(&stage).await, 200);

    assert_eq!(stage.call(Method::POST, "/v1/sign-out-everywhere", Some(&desktop.access), None).await.0, 204);
    for device in [&mut desktop, &mut phone] {
        assert_eq!(stage.me(&device.access).await.0, 401);
        assert_eq!(device.renew(&stage).await, 400);
    }
    assert_eq!(stage.me(&ben.access).await.0, 200);
});

both!(who_is_shut_out_is_out_at_once, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    let Some(mut laptop) = stage.register(&ada, PASSWORD).await else { return };
    let (mut browser, device) = (stage.browser(), Device::new("Desktop"));
    let begun = device.begin(&stage, &mut browser).await;
    let code = browser.sign_in(&begun.flow, &ada, PASSWORD).await.code();
    stage.execute("UPDATE person SET disabled_at = 1").await;
    assert_eq!(stage.me(&laptop.access).await.0, 401);
    assert_eq!(laptop.renew(&stage).await, 400);
    assert_eq!(device.redeem(&stage, &begun, &code).await.err().unwrap().0, 400);
    let begun = Device::new("Desktop").begin(&stage, &mut browser).await;
    let page = browser.sign_in(&begun.flow, &ada, PASSWORD).await;
    assert!(page.status == 200 && page.says("not right"), "as if there were no such account");
});

both!(a_changed_password_ends_everything_else_that_was_held, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    let Some(mut laptop) = stage.register(&ada, PASSWORD).await else { return };
    let mut phone = Device::new("Phone").sign_in(&stage, &ada, PASSWORD).await;
    // a code not yet redeemed, and a reset under way
    let (mut browser, device) = (stage.browser(), Device::new("Desktop"));
    let begun = device.begin(&stage, &mut browser).await;
    let code = browser.sign_in(&begun.flow, &ada, PASSWORD).await.code();
    let mut other = stage.browser();
    let reset = Device::new("Other").begin(&stage, &mut other).await;
    let page = other.reset(&reset.flow, &ada).await;
    let mailed = stage.mailbox().wait(&ada, 2).await;
    assert!(mailed[1].contains("new Sendoff password"));
    let mailed = stage.mailbox().code(&ada).await;

    let body = json!({ "current_password": PASSWORD, "new_password": "a wholly different sentence" });
    assert_eq!(stage.call(Method::POST, "/v1/me/password", Some(&laptop.access), Some(body)).await.0, 204);
    assert_eq!(stage.me(&laptop.access).await.0, 200, "the session that changed it goes on");
    assert_eq!(laptop.renew(&stage).await, 200);
    assert_eq!(stage.me(&phone.access).await.0, 401);
    assert_eq!(phone.renew(&stage).await, 400);
    assert_eq!(device.redeem(&stage, &begun, &code).await.err().unwrap().0, 400);
    let page = other.reset_code(&reset.flow, &page.field("challenge"), &mailed, "yet another sentence").await;
    assert!(page.says("not right"));
    assert!(stage.mailbox().wait(&ada, 3).await[2].contains("password was changed"));

    let again = Device::new("Desktop").begin(&stage, &mut browser).await;
    assert!(browser.sign_in(&again.flow, &ada, PASSWORD).await.says("not right"));
    Device::new("Desktop").sign_in(&stage, &ada, "a wholly different sentence").await;
});

both!(what_is_over_is_cleaned_away, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    let Some(laptop) = stage.register(&ada, PASSWORD).await else { return };
    let desktop = Device::new("Desktop").sign_in(&stage, &ada, PASSWORD).await;
    assert_eq!(stage.call(Method::POST, "/v1/sign-out", Some(&laptop.access), None).await.0, 204);
    stage.clock.advance(DAY * 8);
    server::housekeeping::clean(&stage.app).await.unwrap();
    assert_eq!(stage.count("SELECT count(*) FROM session").await, 1);
    assert_eq!(stage.count("SELECT count(*) FROM refresh_token").await, 1);
    for table in [
        "SELECT count(*) FROM flow",
        "SELECT count(*) FROM authorization_code",
        "SELECT count(*) FROM email_challenge",
        "SELECT count(*) FROM mail",
    ] {
        assert_eq!(stage.count(table).await, 0, "{table}");
    }
    assert_eq!(desktop.renew_with(&stage, &desktop.refresh).await.0, 200);
});
