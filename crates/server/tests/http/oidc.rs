//! Signing in by a real identity provider.

use server::config::Provider;
use url::Url;

use crate::both;
use crate::stage::{Browser, Device, Oidc, PASSWORD, Page, Stage, Store, address};

/// A stage and the provider that knows it. The server's port has to be known to the provider, so it is chosen first.
async fn with_provider(store: Store) -> Option<(Stage, Oidc)> {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let back = format!("http://127.0.0.1:{port}/authorize/provider/corp/callback");
    let oidc = Oidc::start(&[back]).await?;
    let stage = Stage::with(store, |config| {
        config.listen.set_port(port);
        config.public_url.set_port(Some(port)).unwrap();
        config.providers = vec![Provider {
            name: "corp".into(),
            title: "Corp".into(),
            issuer: oidc.issuer.clone(),
            client_id: Oidc::CLIENT.into(),
            client_secret: Oidc::SECRET.into(),
            allow: vec![format!("127.0.0.1/32:{}", oidc.port).parse().unwrap()],
        }];
    })
    .await;
    Some((stage, oidc))
}

/// Goes through the provider's own pages as `login`; answers the address that leads back to our server.
async fn at_provider(browser: &mut Browser, start: Url, login: &str, issuer: &str) -> Url {
    let mut next = start;
    for _ in 0..12 {
        if !next.as_str().starts_with(issuer) {
            return next;
        }
        let page = browser.get(next.as_str()).await;
        let page = if page.status == 200 {
            let action =
                page.body.split("action=\"").nth(1).unwrap_or_else(|| panic!("{page:?}")).split('"').next().unwrap();
            let action = next.join(action).unwrap();
            let prompt = page.field("prompt");
            browser.post(action.as_str(), &[("prompt", &prompt), ("login", login), ("password", "x")]).await
        } else {
            page
        };
        let location = page.headers.get("location").unwrap_or_else(|| panic!("{page:?}")).to_str().unwrap();
        next = next.join(location).unwrap();
    }
    panic!("the provider does not come to an end");
}

struct Visit {
    browser: Browser,
    device: Device,
    begun: crate::stage::Begun,
    /// Where the provider sends the browser to.
    back: Url,
}

async fn visit(stage: &Stage, oidc: &Oidc, login: &str) -> Visit {
    let (mut browser, device) = (stage.browser(), Device::new("Laptop"));
    let begun = device.begin(stage, &mut browser).await;
    let page = browser.get(&format!("/authorize/sign-in?flow={}", begun.flow)).await;
    assert!(page.says("Continue with Corp"));
    let page = browser.get(&format!("/authorize/provider/corp?flow={}", begun.flow)).await;
    let start = page.location().unwrap();
    for (name, value) in [("code_challenge_method", "S256"), ("response_type", "code")] {
        assert!(start.query_pairs().any(|(key, found)| key == name && found == value), "{start}");
    }
    assert!(start.query_pairs().any(|(key, _)| key == "nonce"));
    let mut outside = stage.browser();
    let back = at_provider(&mut outside, start, login, &oidc.issuer).await;
    Visit { browser, device, begun, back }
}

async fn confirm(visit: &mut Visit) -> Page {
    let page = visit.browser.get(visit.back.as_str()).await;
    assert_eq!(page.status, 200, "{page:?}");
    assert!(page.says("Corp says that you are"), "nobody is signed in without seeing it");
    visit.browser.post("/authorize/provider", &[("flow", &visit.begun.flow.clone())]).await
}

both!(a_person_of_the_provider_is_the_same_every_time, |store| {
    let Some((stage, oidc)) = with_provider(store).await else { return };
    let ada = address("ada");
    let mut people = Vec::new();
    for _ in 0..2 {
        let mut visit = visit(&stage, &oidc, &ada).await;
        let page = confirm(&mut visit).await;
        let desktop = visit.device.redeem(&stage, &visit.begun, &page.code()).await.unwrap();
        let (status, me) = stage.me(&desktop.access).await;
        assert_eq!((status, me["display_name"].as_str()), (200, Some("Name of ada")));
        assert_eq!((me["email"].is_null(), me["has_password"].as_bool()), (true, Some(false)));
        people.push(desktop.person);
    }
    assert_eq!(people[0], people[1]);
    let mut visit = visit(&stage, &oidc, &address("ben")).await;
    let page = confirm(&mut visit).await;
    assert_ne!(visit.device.redeem(&stage, &visit.begun, &page.code()).await.unwrap().person, people[0]);
});

both!(an_address_that_a_provider_tells_opens_no_account, |store| {
    let Some((stage, oidc)) = with_provider(store).await else { return };
    let ada = address("ada");
    let Some(own) = stage.register(&ada, PASSWORD).await else { return };
    // the provider says that this is Ada's verified address
    let mut visit = visit(&stage, &oidc, &ada).await;
    let page = confirm(&mut visit).await;
    let other = visit.device.redeem(&stage, &visit.begun, &page.code()).await.unwrap();
    assert_ne!(other.person, own.person);
    assert!(stage.me(&other.access).await.1["email"].is_null());
    // nor can the provider take an address away from somebody who registers with it later
    let ben = address("ben");
    let mut visit = self::visit(&stage, &oidc, &ben).await;
    confirm(&mut visit).await;
    let registered = stage.register(&ben, PASSWORD).await.unwrap();
    assert_eq!(stage.me(&registered.access).await.1["email"], ben);
});

both!(who_has_no_proven_address_needs_an_invitation_for_whoever_has_the_link, |store| {
    use crate::organisations::{ORG, accept, code, found};
    let Some((stage, oidc)) = with_provider(store).await else { return };
    let Some(ada) = stage.register(&address("ada"), PASSWORD).await else { return };
    found(&stage, &ada).await;
    let ben_mail = address("ben");
    let mut visit = visit(&stage, &oidc, &ben_mail).await;
    let page = confirm(&mut visit).await;
    let ben = visit.device.redeem(&stage, &visit.begun, &page.code()).await.unwrap();
    let place = format!("/v1/orgs/{ORG}/invitations");
    let invite = async |anyone: bool| {
        let body = serde_json::json!({ "email": ben_mail, "role": "creator", "anyone_with_link": anyone });
        stage.call(reqwest::Method::POST, &place, Some(&ada.access), Some(body)).await
    };
    // the provider says that this is Ben's address; nobody has proved it here
    assert_eq!(invite(false).await.0, 200);
    let first = code(&stage, &ben_mail).await;
    assert_eq!(accept(&stage, &ben, &first).await.0, 404);
    let (status, invitation) = invite(true).await;
    assert_eq!((status, invitation["anyone_with_link"].as_bool()), (200, Some(true)));
    let second = crate::stage::until("the second invitation", async || {
        let found = code(&stage, &ben_mail).await;
        (found != first).then_some(found)
    })
    .await;
    assert_eq!(accept(&stage, &ben, &second).await.0, 200);
    let eve = stage.register(&address("eve"), PASSWORD).await.unwrap();
    assert_eq!(accept(&stage, &eve, &second).await.0, 404, "once");
});

both!(what_comes_back_counts_once_and_in_its_own_browser, |store| {
    let Some((stage, oidc)) = with_provider(store).await else { return };
    // in another browser: an attacker's own sign-in pushed to somebody, or a caught address
    let caught = visit(&stage, &oidc, &address("ada")).await;
    let mut eve = stage.browser();
    Device::new("Eve's").begin(&stage, &mut eve).await;
    assert_eq!(eve.get(caught.back.as_str()).await.status, 400);
    // and by that it is used up
    let mut own = caught;
    assert_eq!(own.browser.get(own.back.as_str()).await.status, 400);

    let mut twice = visit(&stage, &oidc, &address("ada")).await;
    let page = confirm(&mut twice).await;
    assert_eq!(page.status, 303);
    assert_eq!(twice.browser.get(twice.back.as_str()).await.status, 400);
    // confirming without a provider's word
    let begun = Device::new("Laptop").begin(&stage, &mut twice.browser).await;
    assert_eq!(twice.browser.post("/authorize/provider", &[("flow", &begun.flow)]).await.status, 400);

    // with parts of it changed
    for change in [
        |url: &mut Url| {
            let pairs: Vec<_> = url.query_pairs().into_owned().filter(|(name, _)| name != "iss").collect();
            url.query_pairs_mut().clear().extend_pairs(pairs).append_pair("iss", "https://eve.example");
        },
        |url: &mut Url| {
            let pairs: Vec<_> = url.query_pairs().into_owned().filter(|(name, _)| name != "code").collect();
            url.query_pairs_mut().clear().extend_pairs(pairs).append_pair("code", "wrong");
        },
        |url: &mut Url| {
            let pairs: Vec<_> = url.query_pairs().into_owned().filter(|(name, _)| name != "code").collect();
            url.query_pairs_mut().clear().extend_pairs(pairs).append_pair("error", "access_denied");
        },
    ] {
        let mut changed = visit(&stage, &oidc, &address("ada")).await;
        change(&mut changed.back);
        let page = changed.browser.get(changed.back.as_str()).await;
        assert_eq!(page.status, 502, "{page:?}");
        let flow = changed.begun.flow.clone();
        assert_eq!(changed.browser.post("/authorize/provider", &[("flow", &flow)]).await.status, 400);
    }
});

#[tokio::test]
async fn a_provider_that_does_not_answer_is_said_so() {
    let stage = Stage::with(Store::Sqlite, |config| {
        config.providers = vec![Provider {
            name: "gone".into(),
            title: "Gone".into(),
            issuer: "http://127.0.0.1:1".into(),
            client_id: "x".into(),
            client_secret: "x".into(),
            allow: vec!["127.0.0.1/32:1".parse().unwrap()],
        }];
    })
    .await;
    let mut browser = stage.browser();
    let begun = Device::new("Laptop").begin(&stage, &mut browser).await;
    let page = browser.get(&format!("/authorize/provider/gone?flow={}", begun.flow)).await;
    assert!(page.status == 502 && page.says("did not confirm"), "{page:?}");
    assert_eq!(browser.get(&format!("/authorize/provider/other?flow={}", begun.flow)).await.status, 404);
}
