//! Registering and signing in, from the desktop through the browser and back.

use server::sessions::proof::Purpose;

use crate::both;
use crate::stage::{Browser, Device, PASSWORD, Stage, Store, address, pkce};

both!(ada_makes_an_account_and_is_signed_in, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    let Some(laptop) = stage.register(&ada, PASSWORD).await else { return };
    let (status, me) = stage.me(&laptop.access).await;
    assert_eq!(status, 200);
    assert_eq!(me["email"], ada);
    assert_eq!(me["display_name"], "Ada");
    assert_eq!(me["has_password"], true);
    assert_eq!(me["id"], laptop.person);

    // and later again, on another machine
    let desktop = Device::new("Desktop").sign_in(&stage, &ada, PASSWORD).await;
    assert_eq!(desktop.person, laptop.person);
    assert_ne!(desktop.id, laptop.id);
});

both!(the_way_back_has_code_state_and_issuer_and_nothing_else, |store| {
    let stage = Stage::new(store).await;
    let Some(_) = stage.register(&address("ada"), PASSWORD).await else { return };
    let ben = address("ben");
    stage.register(&ben, PASSWORD).await.unwrap();
    for redirect in ["http://127.0.0.1:49152/callback", "http://[::1]:50000/callback", "sendoff://sign-in"] {
        let (mut browser, device) = (stage.browser(), Device::new("Laptop"));
        let begun = device.begin_at(&stage, &mut browser, redirect).await;
        let page = browser.sign_in(&begun.flow, &ben, PASSWORD).await;
        assert_eq!(page.status, if redirect.starts_with("http") { 303 } else { 200 });
        let back = page.back();
        assert!(back.as_str().starts_with(redirect), "{back}");
        let mut names: Vec<_> = back.query_pairs().map(|(name, _)| name.into_owned()).collect();
        names.sort();
        assert_eq!(names, ["code", "iss", "state"]);
        assert!(back.query_pairs().any(|(name, value)| name == "iss" && value == stage.origin));
        assert!(back.query_pairs().any(|(name, value)| name == "state" && value == begun.state));
        device.redeem(&stage, &begun, &page.code()).await.map(drop).unwrap();
        // over: the same form leads nowhere
        assert_eq!(browser.sign_in(&begun.flow, &ben, PASSWORD).await.status, 400);
    }
});

both!(a_sign_in_belongs_to_the_browser_that_began_it, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    let Some(_) = stage.register(&ada, PASSWORD).await else { return };
    let (mut own, mut foreign) = (stage.browser(), stage.browser());
    let begun = Device::new("Laptop").begin(&stage, &mut own).await;
    Device::new("Eve's").begin(&stage, &mut foreign).await;
    for mut other in [foreign, stage.browser()] {
        let page = other.sign_in(&begun.flow, &ada, PASSWORD).await;
        assert_eq!(page.status, 400);
        assert_eq!(other.get(&format!("/authorize/sign-in?flow={}", begun.flow)).await.status, 400);
    }
    // two sign-ins in two tabs of one browser do not end each other
    let second = Device::new("Laptop").begin(&stage, &mut own).await;
    assert_eq!(own.sign_in(&begun.flow, &ada, PASSWORD).await.status, 303);
    assert_eq!(own.sign_in(&second.flow, &ada, PASSWORD).await.status, 303);
});

both!(a_form_that_a_page_from_elsewhere_sends_does_nothing, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    let Some(_) = stage.register(&ada, PASSWORD).await else { return };
    let mut browser = stage.browser();
    let begun = Device::new("Laptop").begin(&stage, &mut browser).await;
    let form = [("flow", begun.flow.as_str()), ("email", &ada), ("password", PASSWORD)];
    for origin in ["https://eve.example", "null", "http://127.0.0.1", &format!("{}0", stage.origin)] {
        assert_eq!(browser.post_from("/authorize/sign-in", &form, Some(origin)).await.status, 403, "{origin}");
    }
    assert_eq!(browser.post_from("/authorize/sign-in", &form, Some(&stage.origin.clone())).await.status, 303);
});

both!(a_sign_in_ends_after_an_hour_and_a_code_after_a_minute, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    let Some(_) = stage.register(&ada, PASSWORD).await else { return };
    let (mut browser, device) = (stage.browser(), Device::new("Laptop"));
    let begun = device.begin(&stage, &mut browser).await;
    let code = browser.sign_in(&begun.flow, &ada, PASSWORD).await.code();
    stage.clock.advance(std::time::Duration::from_secs(61));
    assert_eq!(device.redeem(&stage, &begun, &code).await.err().unwrap().0, 400);

    let begun = Device::new("Laptop").begin(&stage, &mut browser).await;
    stage.clock.advance(std::time::Duration::from_secs(3601));
    assert_eq!(browser.sign_in(&begun.flow, &ada, PASSWORD).await.status, 400);
});

both!(a_code_counts_once_for_the_program_that_asked, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    let Some(_) = stage.register(&ada, PASSWORD).await else { return };
    // each way of being wrong uses the code up
    for (field, value) in [
        ("code_verifier", pkce().0),
        ("code_verifier", "short".into()),
        ("redirect_uri", "http://127.0.0.1:49153/callback".into()),
        ("client_id", "somebody-else".into()),
        ("device_proof", "AAAA".into()),
    ] {
        let (mut browser, device) = (stage.browser(), Device::new("Laptop"));
        let begun = device.begin(&stage, &mut browser).await;
        let code = browser.sign_in(&begun.flow, &ada, PASSWORD).await.code();
        let mut grant = device.grant(&stage, &begun, &code);
        grant.iter_mut().find(|(name, _)| *name == field).unwrap().1 = value;
        let (status, body) = crate::stage::token(&stage, &grant).await;
        assert_eq!((status, body["error"].as_str()), (400, Some("invalid_grant")), "{field}");
        assert_eq!(device.redeem(&stage, &begun, &code).await.err().unwrap().0, 400, "{field}");
    }
    // with the key of another device than the one that proves
    let (mut browser, device, eve) = (stage.browser(), Device::new("Laptop"), Device::new("Eve's"));
    let begun = device.begin(&stage, &mut browser).await;
    let code = browser.sign_in(&begun.flow, &ada, PASSWORD).await.code();
    let mut grant = device.grant(&stage, &begun, &code);
    grant.iter_mut().find(|(name, _)| *name == "device_proof").unwrap().1 = eve.proof(&stage, Purpose::Enroll, &code);
    assert_eq!(crate::stage::token(&stage, &grant).await.0, 400);

    // a code that comes again ends what it began
    let (mut browser, device) = (stage.browser(), Device::new("Laptop"));
    let begun = device.begin(&stage, &mut browser).await;
    let code = browser.sign_in(&begun.flow, &ada, PASSWORD).await.code();
    let again = device.grant(&stage, &begun, &code);
    let desktop = device.redeem(&stage, &begun, &code).await.unwrap();
    assert_eq!(stage.me(&desktop.access).await.0, 200);
    assert_eq!(crate::stage::token(&stage, &again).await.0, 400);
    assert_eq!(stage.me(&desktop.access).await.0, 401);
});

#[tokio::test]
async fn a_request_that_breaks_a_rule_is_told_so_and_sent_nowhere() {
    let stage = Stage::new(Store::Sqlite).await;
    let (_, challenge) = pkce();
    let good = [
        ("response_type", "code"),
        ("client_id", "sendoff-desktop"),
        ("redirect_uri", "sendoff://sign-in"),
        ("state", "0123456789abcdef"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let ask = async |pairs: &[(&str, &str)]| {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        stage.browser().get(&format!("/authorize?{query}")).await
    };
    assert_eq!(ask(&good).await.status, 303);
    for (field, value) in [
        ("response_type", "token"),
        ("client_id", "other"),
        ("redirect_uri", "https://eve.example/callback"),
        ("redirect_uri", "http://localhost:49152/callback"),
        ("state", "short"),
        ("state", "a state with spaces in it"),
        ("code_challenge", "short"),
        ("code_challenge", "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!"),
        ("code_challenge_method", "plain"),
    ] {
        let mut pairs = good;
        pairs.iter_mut().find(|(name, _)| *name == field).unwrap().1 = value;
        let page = ask(&pairs).await;
        assert_eq!(page.status, 400, "{field}={value}");
        assert!(page.location().is_none());
        assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    }
    // missing, twice, unknown
    for missing in 0..good.len() {
        let mut pairs = good.to_vec();
        pairs.remove(missing);
        assert_eq!(ask(&pairs).await.status, 422);
    }
    assert_eq!(ask(&[good.as_slice(), &[("redirect_uri", "sendoff://sign-in")]].concat()).await.status, 422);
    assert_eq!(ask(&[good.as_slice(), &[("prompt", "none")]].concat()).await.status, 422);
    assert_eq!(stage.count("SELECT count(*) FROM flow").await, 1);
}

#[tokio::test]
async fn pages_work_without_scripts_and_load_nothing_from_elsewhere() {
    let stage = Stage::new(Store::Sqlite).await;
    let mut browser = stage.browser();
    let begun = Device::new("Laptop").begin(&stage, &mut browser).await;
    let pages = ["sign-in", "register", "reset"];
    for name in pages {
        let page = browser.get(&format!("/authorize/{name}?flow={}", begun.flow)).await;
        assert_eq!(page.status, 200);
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert_eq!(
            policy,
            "default-src 'none'; style-src 'self'; form-action 'self' http://127.0.0.1:49152; frame-ancestors 'none'; base-uri 'none'"
        );
        let body = &page.body;
        for never in ["<script", "onclick", "style=", "javascript:", "http://", "https://"] {
            let own = body.replace(&stage.origin, "");
            assert!(!own.contains(never), "{name}: {never}");
        }
        // what a screen reader needs: a language, a title, one heading, and a label for each field
        assert!(body.contains("<html lang=\"en\">") && body.contains("<title>") && body.matches("<h1>").count() == 1);
        for id in body.split("<input id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(body.contains(&format!("<label for=\"{id}\">")), "{name}: {id}");
        }
        assert_eq!(page.headers["cache-control"], "no-store");
        assert_eq!(page.headers["referrer-policy"], "same-origin");
        assert_eq!(page.headers["x-frame-options"], "DENY");
    }
    let style = browser.get("/authorize/style.css").await;
    assert!(style.headers["content-type"].to_str().unwrap().starts_with("text/css"));
    assert!(!style.body.contains("url(") && !style.body.contains("@import"));
}

#[tokio::test]
async fn what_people_type_comes_back_as_text() {
    let stage = Stage::new(Store::Sqlite).await;
    let mut browser = stage.browser();
    let begun = Device::new("Laptop").begin(&stage, &mut browser).await;
    let markup = "\"><script>alert(1)</script>";
    let page = browser.sign_in(&begun.flow, markup, PASSWORD).await;
    assert!(page.says("role=\"alert\"") && !page.says("<script"), "{page:?}");
    let page = browser.register(&begun.flow, markup, "no address", PASSWORD).await;
    assert!(page.says("role=\"alert\"") && !page.says("<script"), "{page:?}");
}

#[tokio::test]
async fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
    let stage = Stage::new(Store::Sqlite).await;
    let mut browser = stage.browser();
    let (_, challenge) = pkce();
    let query = format!(
        "/authorize?response_type=code&client_id=sendoff-desktop&redirect_uri=sendoff://sign-in&state=0123456789abcdef\
         &code_challenge={challenge}&code_challenge_method=S256"
    );
    let page = browser.get(&query).await;
    let cookie = page.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    assert!(!cookie.contains("Domain"));

    let stage =
        Stage::with(Store::Sqlite, |config| config.public_url = "https://sendoff.example".parse().unwrap()).await;
    let mut browser = Browser::new(&stage);
    browser.origin = format!("http://{}", stage.address);
    let page = browser.get(&query).await;
    let cookie = page.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-sendoff-browser=sob_") && cookie.contains("; Secure"), "{cookie}");
    assert!(page.headers.contains_key("strict-transport-security"));
}
