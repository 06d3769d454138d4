//! Sign-in servers that lie: nothing must go to the wrong one, and nobody may speak for an account of another server.

use std::sync::{Arc, Mutex};

use networks::{Adapter, Bluesky, BlueskyConfig, Callback, ConnectError, OAuthStart};
use serde_json::{Value, json};
use url::Url;

use crate::bluesky_oauth::start;
use crate::fake::{Answer, Asked, Fake};
use crate::people::{Person, egress, mastodon, now, secret, server};
use crate::servers;

type Changed = Arc<dyn Fn(&Asked, &str) -> Option<Answer> + Send + Sync>;

/// A sign-in server for the AT Protocol that behaves well, except for what `change` says.
async fn sign_in_server(change: Changed) -> Fake {
    let own: Arc<Mutex<String>> = Arc::default();
    let known = Arc::clone(&own);
    let fake = Fake::start(move |asked| {
        let url = known.lock().unwrap().clone();
        change(asked, &url).unwrap_or_else(|| well_behaved(asked, &url))
    })
    .await;
    *own.lock().unwrap() = fake.url.clone();
    fake
}

fn metadata(url: &str) -> Value {
    json!({
        "issuer": url, "authorization_endpoint": format!("{url}/authorize"), "token_endpoint": format!("{url}/token"),
        "pushed_authorization_request_endpoint": format!("{url}/par"), "scopes_supported": ["atproto"],
        "code_challenge_methods_supported": ["S256"], "dpop_signing_alg_values_supported": ["ES256"],
        "authorization_response_iss_parameter_supported": true,
    })
}

fn well_behaved(asked: &Asked, url: &str) -> Answer {
    match asked.path.as_str() {
        "/.well-known/oauth-protected-resource" => {
            Answer::json(200, &json!({ "resource": url, "authorization_servers": [url] }))
        }
        "/.well-known/oauth-authorization-server" => Answer::json(200, &metadata(url)),
        "/par" => {
            Answer::json(201, &json!({ "request_uri": "urn:ietf:params:oauth:request_uri:1", "expires_in": 300 }))
        }
        _ => Answer::json(404, &json!({ "error": "NotFound" })),
    }
}

fn adapter(urls: &[&str], plc: &str) -> Bluesky {
    let config = BlueskyConfig { plc: server(plc), default_server: server(urls[0]), ..BlueskyConfig::default() };
    Bluesky::new(egress(urls), config)
}

fn at(fake: &Fake) -> OAuthStart {
    OAuthStart { server: Some(server(&fake.url)), ..start(None, "", now()) }
}

fn come_back(state: &str, issuer: &str) -> Callback {
    let code = Some(secret("a-code"));
    Callback { code, state: state.to_owned(), iss: Some(issuer.to_owned()), error: None }
}

#[tokio::test]
async fn a_server_that_is_not_good_enough_is_refused_before_the_browser_opens() {
    type Edit = fn(&mut Value);
    type Expected = fn(&ConnectError) -> bool;
    let cases: [(Edit, Expected); 8] = [
        (
            |m| m["issuer"] = "https://other.example".into(),
            |e| matches!(e, ConnectError::NotOurAnswer { reason: "issuer" }),
        ),
        (
            |m| m["issuer"] = format!("{}/", m["issuer"].as_str().unwrap()).into(),
            |e| matches!(e, ConnectError::NotOurAnswer { reason: "issuer" }),
        ),
        (|m| m["code_challenge_methods_supported"] = json!(["plain"]), |e| matches!(e, ConnectError::Unsafe { .. })),
        (|m| m["code_challenge_methods_supported"] = Value::Null, |e| matches!(e, ConnectError::Unsafe { .. })),
        (|m| m["dpop_signing_alg_values_supported"] = json!(["RS256"]), |e| matches!(e, ConnectError::Unsafe { .. })),
        (
            |m| m["authorization_response_iss_parameter_supported"] = false.into(),
            |e| matches!(e, ConnectError::Unsafe { .. }),
        ),
        (|m| m["pushed_authorization_request_endpoint"] = Value::Null, |e| matches!(e, ConnectError::Unsafe { .. })),
        (|m| m["scopes_supported"] = json!(["openid"]), |e| matches!(e, ConnectError::NotThisNetwork { .. })),
    ];
    for (number, (edit, expected)) in cases.into_iter().enumerate() {
        let change: Changed = Arc::new(move |asked, url| {
            let mut metadata = metadata(url);
            edit(&mut metadata);
            (asked.path == "/.well-known/oauth-authorization-server").then(|| Answer::json(200, &metadata))
        });
        let fake = sign_in_server(change).await;
        let error = adapter(&[&fake.url], &fake.url).begin_oauth(at(&fake)).await.unwrap_err();
        assert!(expected(&error), "{number}: {error:?}");
        assert!(!fake.asked().iter().any(|asked| asked.path == "/par"), "{number}");
    }
}

#[tokio::test]
async fn every_flow_has_its_own_challenge_and_pushes_it() {
    let fake = sign_in_server(Arc::new(|_, _| None)).await;
    let adapter = adapter(&[&fake.url], &fake.url);
    let mut challenges = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let pending = adapter.begin_oauth(at(&fake)).await.unwrap();
        let names: Vec<String> = pending.authorize_url.query_pairs().map(|(name, _)| name.into_owned()).collect();
        assert_eq!(names, ["client_id", "request_uri"], "nothing else passes through the browser");
        let pushed = fake.asked().into_iter().rfind(|asked| asked.path == "/par").unwrap();
        assert_eq!(pushed.field("code_challenge_method").unwrap(), "S256");
        assert_eq!(pushed.field("state").unwrap(), pending.state);
        assert!(pushed.header("dpop").is_some());
        challenges.insert(pushed.field("code_challenge").unwrap());
    }
    assert_eq!(challenges.len(), 20);
}

#[tokio::test]
async fn a_server_that_wants_new_nonces_for_ever_is_asked_twice() {
    let number = std::sync::atomic::AtomicU32::new(0);
    let change: Changed = Arc::new(move |asked, _| {
        let next = number.fetch_add(1, std::sync::atomic::Ordering::SeqCst).to_string();
        let again = Answer::json(400, &json!({ "error": "use_dpop_nonce" })).with("dpop-nonce", next);
        (asked.path == "/par").then_some(again)
    });
    let fake = sign_in_server(change).await;
    let error = adapter(&[&fake.url], &fake.url).begin_oauth(at(&fake)).await.unwrap_err();
    assert!(matches!(error, ConnectError::Refused { status: 400, .. }), "{error:?}");
    assert_eq!(fake.asked().iter().filter(|asked| asked.path == "/par").count(), 2);
}

#[tokio::test]
async fn a_server_cannot_hand_out_tokens_for_an_account_of_another() {
    let Some(pds) = servers::pds() else { return };
    let ada = Person::on(pds, "ada").await;
    let did = ada.did.clone();
    let change: Changed = Arc::new(move |asked, _| {
        let tokens = json!({ "access_token": "forged", "token_type": "DPoP", "refresh_token": "forged", "expires_in": 3600,
            "scope": "atproto transition:generic", "sub": did });
        (asked.path == "/token").then(|| Answer::json(200, &tokens))
    });
    let fake = sign_in_server(change).await;
    let adapter = adapter(&[&fake.url, &pds.url, &pds.plc], &pds.plc);
    let pending = adapter.begin_oauth(at(&fake)).await.unwrap();
    let back = come_back(&pending.state, &fake.url);
    let error = adapter.finish_oauth(pending, back, now()).await.unwrap_err();
    assert_eq!(error, ConnectError::NotOurAnswer { reason: "sub" });

    // two flows at two servers, their answers exchanged: the code goes to neither
    let pending = adapter.begin_oauth(at(&fake)).await.unwrap();
    let before = fake.asked().len();
    let back = come_back(&pending.state, &pds.url);
    let error = adapter.finish_oauth(pending, back, now()).await.unwrap_err();
    assert_eq!(error, ConnectError::NotOurAnswer { reason: "iss" });
    assert_eq!(fake.asked().len(), before, "no call at all");
}

#[tokio::test]
async fn tokens_must_be_bound_and_allow_enough() {
    for (edit, missing) in [
        (json!({ "token_type": "Bearer" }), None),
        (json!({ "refresh_token": null }), None),
        (json!({ "sub": null }), None),
        (json!({ "scope": "atproto" }), Some("writing posts")),
        (json!({ "scope": "" }), Some("the account")),
    ] {
        let edit = edit.as_object().unwrap().clone();
        let change: Changed = Arc::new(move |asked, url| {
            let mut tokens = json!({ "access_token": "a-token", "token_type": "DPoP", "refresh_token": "r-token",
                "scope": "atproto transition:generic", "sub": "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa" });
            tokens.as_object_mut().unwrap().extend(edit.clone());
            let service =
                json!([{ "id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": url }]);
            match asked.path.as_str() {
                "/token" => Some(Answer::json(200, &tokens)),
                "/did:plc:aaaaaaaaaaaaaaaaaaaaaaaa" => {
                    Some(Answer::json(200, &json!({ "id": "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "service": service })))
                }
                _ => None,
            }
        });
        let fake = sign_in_server(change).await;
        let adapter = adapter(&[&fake.url], &fake.url);
        let pending = adapter.begin_oauth(at(&fake)).await.unwrap();
        let back = come_back(&pending.state, &fake.url);
        let error = adapter.finish_oauth(pending, back, now()).await.unwrap_err();
        match missing {
            Some(missing) => assert_eq!(error, ConnectError::ScopeMissing { missing: missing.to_owned() }),
            None => assert!(matches!(error, ConnectError::Refused { .. }), "{error:?}"),
        }
    }
}

#[tokio::test]
async fn a_mastodon_server_cannot_send_codes_elsewhere() {
    let own: Arc<Mutex<Value>> = Arc::default();
    let known = Arc::clone(&own);
    let fake = Fake::start(move |asked| match asked.path.as_str() {
        "/.well-known/oauth-authorization-server" => Answer::json(200, &known.lock().unwrap()),
        _ => Answer::json(500, &json!({ "error": "not reached" })),
    })
    .await;
    let good = json!({ "issuer": format!("{}/", fake.url), "authorization_endpoint": format!("{}/oauth/authorize", fake.url),
        "token_endpoint": format!("{}/oauth/token", fake.url), "code_challenge_methods_supported": ["S256"] });
    let begin = async |change: (&str, Value)| {
        let mut metadata = good.clone();
        metadata[change.0] = change.1;
        *own.lock().unwrap() = metadata;
        mastodon(&fake.url).begin_oauth(crate::mastodon::start(&fake.url)).await.unwrap_err()
    };
    let elsewhere = || json!("https://other.example/oauth/token");
    for name in ["token_endpoint", "authorization_endpoint", "app_registration_endpoint", "revocation_endpoint"] {
        assert_eq!(begin((name, elsewhere())).await, ConnectError::NotOurAnswer { reason: "endpoint" }, "{name}");
    }
    assert_eq!(
        begin(("issuer", json!("https://other.example/"))).await,
        ConnectError::NotOurAnswer { reason: "issuer" }
    );
    let error = begin(("code_challenge_methods_supported", json!(["plain"]))).await;
    assert!(matches!(error, ConnectError::Unsafe { .. }), "{error:?}");
    assert!(error.to_string().contains("PKCE"), "{error}");
    assert_eq!(fake.asked().iter().filter(|asked| asked.method == "POST").count(), 0, "nothing was registered");
    assert!(Url::parse(&fake.url).is_ok());
}
