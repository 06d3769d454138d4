//! An identity provider that lies. Whatever it says, nobody is signed in.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};
use server::config::Provider;
use sha2::Sha256;
use url::Url;

use crate::stage::{Device, Stage, Store};

const CLIENT: &str = "sendoff-server";
const SECRET: &str = "a-secret-that-two-know";

/// What it does differently.
#[derive(Debug, Clone, Default)]
struct Lie {
    claims: Vec<(&'static str, Value)>,
    without: Option<&'static str>,
    header: Option<Value>,
    /// `none`, `hs256`, or the key of somebody else.
    signature: Option<&'static str>,
    issuer_in_discovery: Option<&'static str>,
    no_token: bool,
}

struct Provided {
    issuer: String,
    lie: Mutex<Lie>,
    nonce: Mutex<String>,
    /// What the token endpoint was sent.
    forms: Mutex<Vec<Vec<(String, String)>>>,
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[42; 32])
}

async fn provide() -> Arc<Provided> {
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", socket.local_addr().unwrap());
    let provided =
        Arc::new(Provided { issuer, lie: Mutex::default(), nonce: Mutex::default(), forms: Mutex::default() });
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/keys", get(keys))
        .route("/token", post(token))
        .with_state(provided.clone());
    tokio::spawn(async move { axum::serve(socket, router).await });
    provided
}

async fn discovery(State(own): State<Arc<Provided>>) -> Json<Value> {
    let issuer = own.lie.lock().unwrap().issuer_in_discovery.map_or(own.issuer.clone(), str::to_owned);
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{}/auth", own.issuer),
        "token_endpoint": format!("{}/token", own.issuer),
        "jwks_uri": format!("{}/keys", own.issuer),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    }))
}

async fn keys() -> Json<Value> {
    let x = B64.encode(key().verifying_key().to_bytes());
    Json(json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "1", "x": x }] }))
}

async fn token(State(own): State<Arc<Provided>>, Form(form): Form<Vec<(String, String)>>) -> Json<Value> {
    own.forms.lock().unwrap().push(form);
    let lie = own.lie.lock().unwrap().clone();
    let now = Timestamp::now().as_second();
    let mut claims = json!({
        "iss": own.issuer, "sub": "the victim", "aud": CLIENT, "exp": now + 300, "iat": now,
        "nonce": *own.nonce.lock().unwrap(), "name": "Ada", "email": "ada@example.com", "email_verified": true,
    });
    for (name, value) in &lie.claims {
        claims[*name] = value.clone();
    }
    if let Some(name) = lie.without {
        claims.as_object_mut().unwrap().remove(name);
    }
    let header = lie.header.clone().unwrap_or(json!({ "alg": "EdDSA", "kid": "1", "typ": "JWT" }));
    let head = format!("{}.{}", B64.encode(header.to_string()), B64.encode(claims.to_string()));
    let tag = match lie.signature {
        None => key().sign(head.as_bytes()).to_bytes().to_vec(),
        Some("none") => Vec::new(),
        Some("hs256") => {
            let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
            mac.update(head.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
        Some(_) => SigningKey::from_bytes(&[1; 32]).sign(head.as_bytes()).to_bytes().to_vec(),
    };
    let mut answer = json!({ "access_token": "x", "token_type": "Bearer", "expires_in": 60 });
    if !lie.no_token {
        answer["id_token"] = json!(format!("{head}.{}", B64.encode(tag)));
    }
    Json(answer)
}

async fn stage(provided: &Provided) -> Stage {
    let port = Url::parse(&provided.issuer).unwrap().port().unwrap();
    Stage::with(Store::Sqlite, |config| {
        config.providers = vec![Provider {
            name: "corp".into(),
            title: "Corp".into(),
            issuer: provided.issuer.clone(),
            client_id: CLIENT.into(),
            client_secret: SECRET.into(),
            allow: vec![format!("127.0.0.1/32:{port}").parse().unwrap()],
        }];
    })
    .await
}

/// The status of the page after the provider's answer.
async fn sign_in(stage: &Stage, provided: &Provided, lie: Lie) -> u16 {
    *provided.lie.lock().unwrap() = lie;
    let mut browser = stage.browser();
    let begun = Device::new("Laptop").begin(stage, &mut browser).await;
    let page = browser.get(&format!("/authorize/provider/corp?flow={}", begun.flow)).await;
    let Some(start) = page.location() else { return page.status };
    let pair = |name: &str| start.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    *provided.nonce.lock().unwrap() = pair("nonce");
    let state = pair("state");
    browser.get(&format!("/authorize/provider/corp/callback?code=abc&state={state}")).await.status
}

#[tokio::test]
async fn nobody_is_signed_in_by_a_lie() {
    let provided = provide().await;
    let stage = stage(&provided).await;
    let now = Timestamp::now().as_second();
    let claim = |name, value| Lie { claims: vec![(name, value)], ..Lie::default() };
    let without = |name| Lie { without: Some(name), ..Lie::default() };
    for (what, lie) in [
        ("another issuer", claim("iss", json!("https://eve.example"))),
        ("nearly the issuer", claim("iss", json!(format!("{}/", provided.issuer)))),
        ("another audience", claim("aud", json!("another-client"))),
        ("more audiences", claim("aud", json!([CLIENT, "another-client"]))),
        (
            "another party",
            Lie { claims: vec![("aud", json!([CLIENT])), ("azp", json!("another-client"))], ..Lie::default() },
        ),
        ("expired", claim("exp", json!(now - 10))),
        ("another nonce", claim("nonce", json!("of another sign-in"))),
        ("no nonce", without("nonce")),
        ("no subject", without("sub")),
        ("no issuer", without("iss")),
        ("no audience", without("aud")),
        ("no end", without("exp")),
        ("an access token's hash that is wrong", claim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"))),
        ("no signature", Lie { header: Some(json!({ "alg": "none" })), signature: Some("none"), ..Lie::default() }),
        (
            "the secret as a key",
            Lie { header: Some(json!({ "alg": "HS256" })), signature: Some("hs256"), ..Lie::default() },
        ),
        ("an empty signature", Lie { signature: Some("none"), ..Lie::default() }),
        ("a foreign key", Lie { signature: Some("foreign"), ..Lie::default() }),
        (
            "a key of its own along with it",
            Lie {
                header: Some(json!({
                    "alg": "EdDSA", "kid": "2",
                    "jwk": { "kty": "OKP", "crv": "Ed25519", "x": B64.encode(SigningKey::from_bytes(&[1; 32]).verifying_key().to_bytes()) },
                })),
                signature: Some("foreign"),
                ..Lie::default()
            },
        ),
        ("no identity token", Lie { no_token: true, ..Lie::default() }),
    ] {
        assert_eq!(sign_in(&stage, &provided, lie).await, 502, "{what}");
    }
    assert_eq!(stage.count("SELECT count(*) FROM person").await, 0);
    // and told the truth, by the same provider
    assert_eq!(sign_in(&stage, &provided, Lie::default()).await, 200);
    assert_eq!(stage.count("SELECT count(*) FROM person").await, 1);
    let forms = provided.forms.lock().unwrap();
    let form = forms.last().unwrap();
    assert!(form.iter().any(|(name, value)| name == "code_verifier" && value.len() >= 43), "PKCE is spoken to the end");
}

#[tokio::test]
async fn a_provider_that_calls_itself_another_is_not_used() {
    let provided = provide().await;
    let stage = stage(&provided).await;
    let lie = Lie { issuer_in_discovery: Some("https://accounts.example"), ..Lie::default() };
    assert_eq!(sign_in(&stage, &provided, lie).await, 502);
    assert!(provided.forms.lock().unwrap().is_empty());
}
