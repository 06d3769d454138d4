//! Signing in on a Mastodon-compatible server.

use domain::account::{Limits, SignIn};
use domain::job::Outcome;
use networks::{Adapter, CallError, Callback, ConnectError, Mastodon, OAuthStart, RefreshError, SignedIn};
use serde_json::{Value, json};
use url::Url;

use crate::bluesky_oauth::REDIRECT;
use crate::browser::{callback, consent_on_mastodon};
use crate::fake::{Answer, Fake};
use crate::people::{answer, mastodon, now, other_client, post, secret, server, stored, unique};
use crate::servers;

pub fn start(url: &str) -> OAuthStart {
    OAuthStart {
        server: Some(server(url)),
        handle: String::new(),
        redirect: Url::parse(REDIRECT).unwrap(),
        state: format!("state-of-a-test-with-128-bits-{}", unique()),
        now: now(),
    }
}

pub async fn connected(url: &str, username: &str) -> (Mastodon, SignedIn) {
    let adapter = mastodon(url);
    let pending = adapter.begin_oauth(start(url)).await.unwrap();
    let back = consent_on_mastodon(&pending.authorize_url, username).await;
    let signed_in = adapter.finish_oauth(pending, callback(&back), now()).await.unwrap();
    (adapter, signed_in)
}

#[tokio::test]
async fn the_browser_connects_the_account() {
    let Some(real) = servers::mastodon() else { return };
    let adapter = mastodon(&real.url);
    let begun = start(&real.url);
    let (state, pending) = (begun.state.clone(), adapter.begin_oauth(begun).await.unwrap());
    let query: std::collections::BTreeMap<String, String> = pending.authorize_url.query_pairs().into_owned().collect();
    assert_eq!(query["scope"], "read:accounts read:statuses write:statuses write:media");
    assert_eq!((query["code_challenge_method"].as_str(), query["code_challenge"].len()), ("S256", 43));
    assert_eq!((&query["state"], query["redirect_uri"].as_str()), (&state, REDIRECT));
    let back = consent_on_mastodon(&pending.authorize_url, "ada").await;
    let signed_in = adapter.finish_oauth(pending, callback(&back), now()).await.unwrap();

    assert_eq!((signed_in.sign_in, signed_in.ends_at), (SignIn::OAuth, None));
    assert_eq!(signed_in.server.origin(), real.url);
    assert_eq!((signed_in.profile.handle.as_str(), signed_in.profile.display_name.as_str()), ("ada", "Ada"));
    assert!(signed_in.profile.url.starts_with("http"), "{}", signed_in.profile.url);
    let Limits::Mastodon(limits) = &signed_in.profile.limits else { panic!("{:?}", signed_in.profile.limits) };
    let told = answer(other_client().get(format!("{}/api/v2/instance", real.url))).await;
    assert_eq!(json!(limits.max_characters), told["configuration"]["statuses"]["max_characters"]);
    let checked = adapter.check(&stored(&signed_in.credential), now()).await.unwrap();
    assert_eq!(checked.profile, signed_in.profile);
    assert!(!adapter.expires_soon(&signed_in.credential, now()), "these tokens do not end");
}

#[tokio::test]
async fn passwords_are_not_taken() {
    let adapter = mastodon("http://127.0.0.1:1");
    let error = adapter.sign_in_password(None, "ada", &secret("x"), now()).await.unwrap_err();
    assert_eq!(error, ConnectError::NotOffered);
    let begun = OAuthStart { server: None, ..start("http://127.0.0.1:1") };
    assert_eq!(adapter.begin_oauth(begun).await.unwrap_err(), ConnectError::ServerMissing);
}

#[tokio::test]
async fn a_revoked_token_says_so() {
    let Some(real) = servers::mastodon() else { return };
    let (adapter, signed_in) = connected(&real.url, "ben").await;
    let credential = signed_in.credential;
    adapter.sign_out(&credential, now()).await.unwrap();
    assert_eq!(adapter.check(&credential, now()).await.unwrap_err(), CallError::SignInRefused);
    let request = adapter.prepare(&credential, post("key", "too late")).await.unwrap();
    assert_eq!(adapter.send(&credential, &request, "key", now()).await, Outcome::SignInRefused);
    assert_eq!(adapter.refresh(&credential, now()).await.unwrap_err(), RefreshError::Ended);
}

#[tokio::test]
async fn a_callback_that_is_not_ours_is_refused() {
    let Some(real) = servers::mastodon() else { return };
    let adapter = mastodon(&real.url);
    let begin = async || adapter.begin_oauth(start(&real.url)).await.unwrap();
    let good =
        |state: &str| Callback { code: Some(secret("mockcode_ada")), state: state.to_owned(), ..Callback::default() };
    let pending = begin().await;
    let error = adapter.finish_oauth(pending, good("another"), now()).await.unwrap_err();
    assert_eq!(error, ConnectError::NotOurAnswer { reason: "state" });
    let pending = begin().await;
    let elsewhere = Callback { iss: Some("https://other.example".to_owned()), ..good(&pending.state) };
    let error = adapter.finish_oauth(pending, elsewhere, now()).await.unwrap_err();
    assert_eq!(error, ConnectError::NotOurAnswer { reason: "iss" });
    let pending = begin().await;
    let declined = Callback { code: None, error: Some("access_denied".to_owned()), ..good(&pending.state) };
    assert_eq!(adapter.finish_oauth(pending, declined, now()).await.unwrap_err(), ConnectError::Declined);
    let pending = begin().await;
    let wrong = Callback { code: Some(secret("mockcode_nobody")), ..good(&pending.state) };
    let error = adapter.finish_oauth(pending, wrong, now()).await.unwrap_err();
    assert!(matches!(error, ConnectError::Refused { status: 400, .. }), "{error:?}");
}

/// A server from before metadata and fine-grained scopes, in its smallest form.
fn old_server(granted: &'static str) -> impl Fn(&crate::fake::Asked) -> Answer + Send + Sync {
    move |asked| match asked.path.as_str() {
        "/api/v1/apps" if asked.body.contains("read:accounts") => {
            Answer::json(422, &json!({ "error": "Validation failed: Scopes doesn't match" }))
        }
        "/api/v1/apps" => Answer::json(200, &json!({ "client_id": "an-old-client", "client_secret": "an-old-secret" })),
        "/oauth/token" => {
            let body = json!({ "access_token": "an-old-token", "token_type": "Bearer", "scope": granted });
            Answer::json(200, &body)
        }
        "/api/v1/accounts/verify_credentials" => Answer::json(200, &json!({ "id": "7", "username": "old" })),
        "/api/v1/instance" => Answer::json(200, &json!({ "version": "2.7.2", "max_toot_chars": 777 })),
        _ => Answer::text(404, "text/html", "<html>not here</html>"),
    }
}

#[tokio::test]
async fn old_servers_are_asked_in_their_own_way() {
    let old = Fake::start(old_server("read write")).await;
    let adapter = mastodon(&old.url);
    let pending = adapter.begin_oauth(start(&old.url)).await.unwrap();
    assert!(pending.authorize_url.as_str().starts_with(&format!("{}/oauth/authorize?", old.url)));
    assert!(pending.authorize_url.query_pairs().any(|(name, value)| name == "scope" && value == "read write"));
    let back = Callback { code: Some(secret("a-code")), state: pending.state.clone(), ..Callback::default() };
    let signed_in = adapter.finish_oauth(pending, back, now()).await.unwrap();
    assert_eq!(signed_in.profile.url, format!("{}/@old", old.url));
    let Limits::Mastodon(limits) = signed_in.profile.limits else { panic!() };
    assert_eq!(limits.max_characters, 777);
}

#[tokio::test]
async fn what_was_not_allowed_is_named() {
    let stingy = Fake::start(old_server("read")).await;
    let adapter = mastodon(&stingy.url);
    let pending = adapter.begin_oauth(start(&stingy.url)).await.unwrap();
    let back = Callback { code: Some(secret("a-code")), state: pending.state.clone(), ..Callback::default() };
    let error = adapter.finish_oauth(pending, back, now()).await.unwrap_err();
    assert_eq!(error, ConnectError::ScopeMissing { missing: "write:statuses write:media".to_owned() });
    assert!(stingy.asked().iter().any(|asked| asked.path == "/oauth/revoke"), "the token is given back");
}

#[tokio::test]
async fn a_server_of_another_kind_is_named() {
    let page = Fake::always(Answer::text(200, "text/html", "<html>A shop</html>")).await;
    let error = mastodon(&page.url).begin_oauth(start(&page.url)).await.unwrap_err();
    assert!(matches!(error, ConnectError::NotThisNetwork { .. }), "{error:?}");
    assert!(error.to_string().contains("is not a Mastodon server"), "{error}");
    let nobody = Fake::nobody().await;
    let error = mastodon(&nobody).begin_oauth(start(&nobody)).await.unwrap_err();
    assert!(matches!(error, ConnectError::Unreachable { .. }), "{error:?}");
    let _: Value = json!(error.detail().unwrap().as_str());
}
