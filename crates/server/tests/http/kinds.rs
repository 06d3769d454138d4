//! Every kind of token at every place that takes one: each is good for its own and nothing else.

use server::sessions::proof::Purpose;

use crate::both;
use crate::stage::{Device, PASSWORD, Stage, address, token};

both!(no_token_is_taken_for_one_of_another_kind, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    let Some(laptop) = stage.register(&ada, PASSWORD).await else { return };
    let mut browser = stage.browser();
    let begun = Device::new("Desktop").begin(&stage, &mut browser).await;
    let signed_in = browser.sign_in(&begun.flow, &ada, PASSWORD).await;
    let code = signed_in.code();
    let known = browser.cookies["sendoff-known"].clone();
    let waiting = Device::new("Desktop").begin(&stage, &mut browser).await;
    let challenge = browser.reset(&waiting.flow, &ada).await.field("challenge");
    stage.mailbox().wait(&ada, 2).await;
    let mailed = stage.mailbox().code(&ada).await;
    let cookie = browser.cookies["sendoff-browser"].clone();
    let kinds = [
        ("access", laptop.access.clone()),
        ("refresh", laptop.refresh.clone()),
        ("code", code),
        ("browser", cookie),
        ("known browser", known),
        ("flow", waiting.flow.clone()),
        ("mailed code", mailed),
        ("challenge", challenge.clone()),
        ("state", begun.state.clone()),
        ("session or person id", laptop.person.clone()),
        ("device id", laptop.id.clone()),
    ];
    for (name, value) in &kinds {
        // as an access token
        assert_eq!(stage.me(value).await.0, if *name == "access" { 200 } else { 401 }, "{name} as an access token");
        // as an authorization code, with everything else right; the code itself comes last
        if *name != "code" {
            let desktop = Device::new("Desktop");
            let status = token(&stage, &desktop.grant(&stage, &begun, value)).await.0;
            assert_eq!(status, 400, "{name} as a code");
        }
        // as a refresh token of a device that proves itself
        if *name != "refresh" {
            let grant = [
                ("grant_type", "refresh_token".to_owned()),
                ("refresh_token", value.clone()),
                ("device_proof", laptop.device.proof(&stage, Purpose::Refresh, value)),
            ];
            assert_eq!(token(&stage, &grant).await.0, 400, "{name} as a refresh token");
        }
        // as the cookie of the browser
        if *name != "browser" {
            let mut other = stage.browser();
            other.cookies.insert("sendoff-browser".into(), value.clone());
            let page = other.get(&format!("/authorize/sign-in?flow={}", waiting.flow)).await;
            assert_eq!(page.status, 400, "{name} as the browser's cookie");
        }
        // as the id of a flow
        if *name != "flow" {
            let page = browser.get(&format!("/authorize/sign-in?flow={value}")).await;
            assert_eq!(page.status, 400, "{name} as a flow");
        }
        // as what a provider brings back: there is none here, and with one it is tried in its own story
        let page = browser.get(&format!("/authorize/provider/corp/callback?code=x&state={value}")).await;
        assert_eq!(page.status, 404, "{name} as a provider's state");
    }
    // as the mailed code: the right one last, for there are five tries
    for (name, value) in kinds.iter().filter(|(name, _)| !["mailed code"].contains(name)).take(4) {
        let page = browser.reset_code(&waiting.flow, &challenge, value, "a wholly different sentence").await;
        assert!(page.says("not right"), "{name} as a mailed code");
    }
    // after all that the right ones still count
    assert_eq!(laptop.renew_with(&stage, &laptop.refresh).await.0, 200);
    let desktop = Device::new("Desktop");
    assert_eq!(token(&stage, &desktop.grant(&stage, &begun, &kinds[2].1)).await.0, 200);
    let page = browser.reset_code(&waiting.flow, &challenge, &kinds[6].1, "a wholly different sentence").await;
    assert!(!page.says("not right"), "{page:?}");
});
