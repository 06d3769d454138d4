//! Servers that fail in every way there is: what came of a send must be told in the right class.

use domain::job::{Lookup, Outcome};
use networks::{Adapter, Bluesky, BlueskyConfig, CallError, ConnectError, Credential, RefreshError};
use serde_json::json;

use crate::fake::{Answer, Asked, Fake};
use crate::people::{egress, mastodon, now, secret, server};

const KEY: &str = "3jzfcijpj2z2a";
const DID: &str = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";

/// One account on each network, both on the server at `url`.
struct Accounts(Vec<(Box<dyn Adapter>, Credential, String)>);

impl Accounts {
    fn at(url: &str) -> Self {
        let bluesky = Bluesky::new(egress(&[url]), BlueskyConfig::default());
        let request = json!({ "repo": DID, "collection": "app.bsky.feed.post", "rkey": KEY,
            "record": { "$type": "app.bsky.feed.post", "text": "x", "createdAt": "2026-11-22T12:00:00.000Z" } });
        let status = json!({ "status": "x", "visibility": "public", "sensitive": false });
        Self(vec![
            (Box::new(bluesky), bluesky_credential(url), request.to_string()),
            (Box::new(mastodon(url)), mastodon_credential(url), status.to_string()),
        ])
    }

    async fn send(&self) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for (adapter, credential, request) in &self.0 {
            outcomes.push(adapter.send(credential, request, KEY, now()).await);
        }
        outcomes
    }

    async fn look_up(&self) -> Vec<Lookup> {
        let mut found = Vec::new();
        for (adapter, credential, request) in &self.0 {
            found.push(adapter.look_up(credential, request, KEY, now(), now()).await);
        }
        found
    }
}

pub fn bluesky_credential(url: &str) -> Credential {
    let stored = json!({ "format": "bluesky/1", "pds": url, "did": DID, "access": "canary-access-token",
        "refresh": "canary-refresh-token", "issued_at": "2026-11-22T12:00:00Z", "expires_at": "2026-11-22T14:00:00Z",
        "grant": null });
    Credential::from_bytes(stored.to_string().as_bytes()).unwrap()
}

pub fn mastodon_credential(url: &str) -> Credential {
    let app = json!({ "client_id": "canary-client-id", "client_secret": "canary-client-secret",
        "token_endpoint": format!("{url}/oauth/token"), "revocation_endpoint": format!("{url}/oauth/revoke") });
    let stored = json!({ "format": "mastodon/1", "server": url, "account_id": "7", "handle": "ada",
        "token": "canary-access-token", "app": app, "expires_at": null, "refresh": "canary-refresh-token" });
    Credential::from_bytes(stored.to_string().as_bytes()).unwrap()
}

#[tokio::test]
async fn nothing_is_sent_where_nobody_listens() {
    let url = Fake::nobody().await;
    for outcome in Accounts::at(&url).send().await {
        assert!(matches!(outcome, Outcome::NeverSent { .. }), "{outcome:?}");
    }
    for found in Accounts::at(&url).look_up().await {
        assert!(matches!(found, Lookup::Unknown { .. }), "{found:?}");
    }
}

#[tokio::test]
async fn what_is_not_known_is_called_so() {
    let html = "<html><body>Welcome to the hotel network</body></html>";
    let status = json!({ "id": "5", "created_at": "2026-11-22T12:00:00Z", "account": { "id": "7" } }).to_string();
    let mut answers = vec![
        Answer::Reset,
        Answer::CutShort { status: 200, body: status.clone() },
        Answer::CutShort { status: 200, body: String::new() },
        Answer::text(200, "application/json", status.get(..20).unwrap()),
        Answer::text(200, "text/html", html),
        Answer::text(200, "application/json", ""),
        Answer::json(200, &json!({})),
        Answer::json(200, &json!({ "id": "", "uri": "", "cid": "" })),
        Answer::json(
            200,
            &json!({ "id": "5", "account": { "id": "8" }, "uri": "at://other/app.bsky.feed.post/1", "cid": "c" }),
        ),
        Answer::json(200, &json!([])),
        Answer::json(202, &json!({})),
        Answer::text(204, "text/plain", ""),
        Answer::text(302, "text/html", html).with("location", "https://login.hotel.example/"),
        Answer::text(400, "text/html", html),
        Answer::text(401, "text/html", html),
        Answer::text(403, "text/html", html),
        Answer::text(404, "text/html", html),
        Answer::json(404, &json!({ "message": "no error field" })),
    ];
    for status in [408, 409, 418, 500, 501, 502, 503, 504, 520] {
        answers.push(Answer::json(status, &json!({ "error": "InternalServerError", "message": "x" })));
    }
    for answer in answers {
        let fake = Fake::always(answer.clone()).await;
        for outcome in Accounts::at(&fake.url).send().await {
            assert!(matches!(outcome, Outcome::Ambiguous { .. }), "{answer:?}: {outcome:?}");
        }
        assert_eq!(fake.asked().len(), 2, "nothing is repeated inside: {answer:?}");
    }
}

#[tokio::test]
async fn refusals_are_definite() {
    for status in [400, 403, 404, 413, 422] {
        let error = json!({ "error": "Validation failed: Text is too long", "message": "" });
        let fake = Fake::always(Answer::json(status, &error)).await;
        for outcome in Accounts::at(&fake.url).send().await {
            let Outcome::Refused { status: told, detail } = &outcome else { panic!("{status}: {outcome:?}") };
            assert_eq!((*told, detail.contains("too long")), (status, true), "{detail}");
        }
    }
    let fake = Fake::always(Answer::json(401, &json!({ "error": "The access token is invalid" }))).await;
    assert_eq!(Accounts::at(&fake.url).send().await, [Outcome::SignInRefused, Outcome::SignInRefused]);
    let fake =
        Fake::always(Answer::json(400, &json!({ "error": "ExpiredToken", "message": "Token has expired" }))).await;
    assert_eq!(Accounts::at(&fake.url).send().await.first(), Some(&Outcome::SignInRefused));
}

#[tokio::test]
async fn limits_are_waited_for() {
    let fake = Fake::always(Answer::text(429, "text/html", "slow down").with("retry-after", "120")).await;
    let accounts = Accounts::at(&fake.url);
    for outcome in accounts.send().await {
        let Outcome::RateLimited { until } = outcome else { panic!("{outcome:?}") };
        let wait = until.duration_since(now()).as_secs();
        assert!((115..=120).contains(&wait), "{wait}");
    }
    for (adapter, credential, _) in &accounts.0 {
        let error = adapter.check(credential, now()).await.unwrap_err();
        assert!(matches!(error, CallError::RateLimited { .. }), "{error:?}");
        let error = adapter.refresh(credential, now()).await.unwrap_err();
        assert!(matches!(error, RefreshError::RateLimited { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_failing_server_does_not_end_a_sign_in() {
    let html = "<html>down for maintenance</html>";
    for answer in [
        Answer::Reset,
        Answer::text(200, "text/html", html),
        Answer::text(401, "text/html", html),
        Answer::text(403, "text/html", html),
        Answer::json(500, &json!({ "error": "invalid_grant" })),
        Answer::json(503, &json!({ "error": "ExpiredToken" })),
        Answer::json(400, &json!({ "error": "invalid_request" })),
        Answer::json(400, &json!({ "error": "invalid_client_metadata" })),
    ] {
        let fake = Fake::always(answer.clone()).await;
        for (adapter, credential, _) in &Accounts::at(&fake.url).0 {
            let error = adapter.refresh(credential, now()).await.unwrap_err();
            assert!(matches!(error, RefreshError::Temporary { .. }), "{answer:?}: {error:?}");
        }
        assert_eq!(fake.asked().len(), 2, "{answer:?}");
    }
    for (number, code) in ["ExpiredToken", "invalid_grant"].into_iter().enumerate() {
        let fake = Fake::always(Answer::json(400, &json!({ "error": code }))).await;
        let accounts = Accounts::at(&fake.url);
        let (adapter, credential, _) = &accounts.0[number];
        assert_eq!(adapter.refresh(credential, now()).await.unwrap_err(), RefreshError::Ended, "{code}");
    }
}

#[tokio::test]
async fn what_cannot_be_looked_up_is_not_called_absent() {
    for answer in [
        Answer::Reset,
        Answer::text(200, "text/html", "<html></html>"),
        Answer::text(404, "text/html", "<html></html>"),
        Answer::json(200, &json!({})),
        Answer::json(401, &json!({ "error": "The access token is invalid" })),
        Answer::json(404, &json!({ "error": "Record not found" })),
        Answer::json(429, &json!({ "error": "Too many requests" })),
        Answer::json(500, &json!({ "error": "RecordNotFound" })),
    ] {
        let fake = Fake::always(answer.clone()).await;
        for found in Accounts::at(&fake.url).look_up().await {
            assert!(matches!(found, Lookup::Unknown { .. }), "{answer:?}: {found:?}");
        }
    }
}

/// Somebody posts without end: no page is ever older than the ticket.
#[tokio::test]
async fn an_endless_list_ends() {
    let page = |_: &Asked| {
        let status = |number: u32| json!({ "id": number.to_string(), "created_at": "2099-01-01T00:00:00Z", "content": "<p>y</p>" });
        Answer::json(200, &(0..40).map(status).collect::<Vec<_>>().into())
    };
    let fake = Fake::start(page).await;
    let (adapter, credential) = (mastodon(&fake.url), mastodon_credential(&fake.url));
    let request = r#"{"status":"x","visibility":"public"}"#;
    let found = adapter.look_up(&credential, request, KEY, now(), now()).await;
    assert!(matches!(found, Lookup::Unknown { .. }), "{found:?}");
    assert_eq!(fake.asked().len(), 5);
}

#[tokio::test]
async fn an_image_that_is_worked_on_is_waited_for() {
    let polled = std::sync::atomic::AtomicU32::new(0);
    let fake = Fake::start(move |asked: &Asked| match asked.path.as_str() {
        "/api/v2/media" => Answer::json(202, &json!({ "id": "9/../1", "url": null })),
        "/api/v1/media/9%2F..%2F1" if polled.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 => {
            Answer::json(206, &json!({ "id": "9/../1", "url": null }))
        }
        "/api/v1/media/9%2F..%2F1" => Answer::json(200, &json!({ "id": "9/../1", "url": "https://x.example/9.png" })),
        _ => Answer::json(500, &json!({ "error": "no such path" })),
    })
    .await;
    let images = [crate::people::picture("slow")];
    let input = networks::PrepareInput { images: &images, ..crate::people::post(KEY, "x") };
    let request = mastodon(&fake.url).prepare(&mastodon_credential(&fake.url), input).await.unwrap();
    assert!(request.contains(r#""media_ids":["9/../1"]"#), "{request}");
    assert_eq!(fake.asked().len(), 3);
    let upload = &fake.asked()[0];
    assert!(upload.body.contains("name=\"description\"") && upload.body.contains("image/png"));
}

#[tokio::test]
async fn a_video_is_sent_as_one_and_waited_for() {
    let fake = Fake::start(move |asked: &Asked| match asked.path.as_str() {
        "/api/v2/media" => Answer::json(202, &json!({ "id": "7", "url": null })),
        "/api/v1/media/7" => Answer::json(200, &json!({ "id": "7", "url": "https://x.example/7.mp4" })),
        _ => Answer::json(500, &json!({ "error": "no such path" })),
    })
    .await;
    let images = [crate::people::film("Loaves")];
    let input = networks::PrepareInput { images: &images, ..crate::people::post(KEY, "x") };
    let request = mastodon(&fake.url).prepare(&mastodon_credential(&fake.url), input).await.unwrap();
    assert!(request.contains(r#""media_ids":["7"]"#), "{request}");
    let upload = &fake.asked()[0];
    assert!(upload.body.contains("video.mp4") && upload.body.contains("video/mp4"));
    // one that the server cannot work with is a refusal, in its words
    let fake = Fake::start(move |asked: &Asked| match asked.path.as_str() {
        "/api/v2/media" => Answer::json(202, &json!({ "id": "7", "url": null })),
        _ => Answer::json(422, &json!({ "error": "240fps videos are not supported" })),
    })
    .await;
    let input = networks::PrepareInput { images: &images, ..crate::people::post(KEY, "x") };
    let refused = mastodon(&fake.url).prepare(&mastodon_credential(&fake.url), input).await.unwrap_err();
    assert!(
        refused.to_string().contains("240fps") || refused.detail().unwrap().as_str().contains("240fps"),
        "{refused:?}"
    );
    // and a Bluesky sign-in that may not upload videos says how to get one
    let fake =
        Fake::always(Answer::json(403, &json!({ "error": "ScopeMissingError", "message": "blob:video/mp4" }))).await;
    let key = domain::text::tid::tid(1_700_000_000_000_000, 7);
    let input = networks::PrepareInput { images: &images, ..crate::people::post(&key, "x") };
    let adapter = Bluesky::new(egress(&[&fake.url]), BlueskyConfig::default());
    let refused = adapter.prepare(&bluesky_credential(&fake.url), input).await.unwrap_err();
    assert!(refused.to_string().contains("Connect the account again"), "{refused:?}");
}

#[tokio::test]
async fn why_a_password_was_not_taken() {
    let html = Answer::text(200, "text/html", "<html>A shop</html>");
    let no = |status, code: &str| Answer::json(status, &json!({ "error": code, "message": "x" }));
    type Expected = fn(&ConnectError) -> bool;
    let cases: [(Answer, Expected); 8] = [
        (no(401, "AuthenticationRequired"), |e| *e == ConnectError::WrongPassword),
        (no(401, "AuthFactorTokenRequired"), |e| *e == ConnectError::SecondStepNeeded),
        (no(401, "AccountTakedown"), |e| matches!(e, ConnectError::AccountNotActive { .. })),
        (no(400, "InvalidRequest"), |e| matches!(e, ConnectError::Refused { status: 400, .. })),
        (no(404, "MethodNotImplemented"), |e| matches!(e, ConnectError::NotThisNetwork { .. })),
        (html, |e| matches!(e, ConnectError::NotThisNetwork { .. })),
        (no(503, "x"), |e| matches!(e, ConnectError::Unreachable { .. })),
        (Answer::Reset, |e| matches!(e, ConnectError::Unreachable { .. })),
    ];
    for (answer, expected) in cases {
        let fake = Fake::always(answer.clone()).await;
        let adapter = Bluesky::new(egress(&[&fake.url]), BlueskyConfig::default());
        let password = secret("a-password");
        let error = adapter.sign_in_password(Some(&server(&fake.url)), "ada.test", &password, now()).await.unwrap_err();
        assert!(expected(&error), "{answer:?}: {error:?}");
    }
}
