//! Signing in on a real PDS with an app password.

use domain::account::{Limits, SignIn};
use networks::{Adapter, Bluesky, BlueskyConfig, CallError, ConnectError, Credential, RefreshError};
use serde_json::{Value, json};

use crate::people::{PASSWORD, Person, answer, bluesky, egress, key, now, other_client, post, secret, server, stored};
use crate::servers::{self, Pds};

/// The app password that the person made in the settings of the network.
async fn app_password(pds: &Pds, person: &Person) -> String {
    let xrpc = |method: &str| format!("{}/xrpc/com.atproto.server.{method}", pds.url);
    let body = json!({ "identifier": person.handle, "password": PASSWORD });
    let session = answer(other_client().post(xrpc("createSession")).json(&body)).await;
    let request = other_client().post(xrpc("createAppPassword")).bearer_auth(session["accessJwt"].as_str().unwrap());
    answer(request.json(&json!({ "name": "sendoff" }))).await["password"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_app_password_connects_the_account() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada) = (bluesky(pds), Person::on(pds, "ada").await);
    let password = secret(&app_password(pds, &ada).await);
    let typed = format!(" @{} ", ada.handle.to_uppercase());
    for server in [None, Some(server(&pds.url))] {
        let name = if server.is_some() { ada.handle.as_str() } else { typed.as_str() };
        let signed_in = adapter.sign_in_password(server.as_ref(), name, &password, now()).await.unwrap();
        assert_eq!(signed_in.server.origin(), pds.url);
        assert_eq!((signed_in.sign_in, signed_in.ends_at), (SignIn::AppPassword, None));
        assert_eq!(signed_in.profile.remote_id, ada.did);
        assert_eq!(signed_in.profile.handle, ada.handle);
        assert_eq!(signed_in.profile.url, format!("https://bsky.app/profile/{}", ada.handle));
        assert_eq!(signed_in.profile.limits, Limits::Bluesky);
        let checked = adapter.check(&stored(&signed_in.credential), now()).await.unwrap();
        assert_eq!(checked.profile, signed_in.profile);
        assert!(!adapter.expires_soon(&signed_in.credential, now()));
        let tomorrow = domain::job::plus(now(), 24 * 3600);
        assert!(adapter.expires_soon(&signed_in.credential, tomorrow));
        assert!(adapter.expires_soon(&signed_in.credential, domain::job::plus(now(), -24 * 3600)), "clock set back");
    }
    let mail = format!("{}@x.example", ada.handle);
    let by_mail = adapter.sign_in_password(None, &mail, &secret(PASSWORD), now()).await.unwrap();
    assert_eq!(by_mail.profile.remote_id, ada.did);
}

#[tokio::test]
async fn a_display_name_is_read_from_the_profile() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada) = (bluesky(pds), Person::on(pds, "ada").await);
    let signed_in = adapter.sign_in_password(None, &ada.handle, &secret(PASSWORD), now()).await.unwrap();
    assert_eq!(signed_in.profile.display_name, "");
    let token: Value = serde_json::from_slice(signed_in.credential.as_bytes()).unwrap();
    let body = json!({ "repo": ada.did, "collection": "app.bsky.actor.profile", "rkey": "self",
        "record": { "$type": "app.bsky.actor.profile", "displayName": "Ada Lovelace 🧮" } });
    let url = format!("{}/xrpc/com.atproto.repo.putRecord", pds.url);
    answer(other_client().post(url).bearer_auth(token["access"].as_str().unwrap()).json(&body)).await;
    let checked = adapter.check(&signed_in.credential, now()).await.unwrap();
    assert_eq!(checked.profile.display_name, "Ada Lovelace 🧮");
}

#[tokio::test]
async fn what_is_wrong_is_said_in_words() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada) = (bluesky(pds), Person::on(pds, "ada").await);
    let sign_in = async |name: &str, password: &str| {
        adapter.sign_in_password(None, name, &secret(password), now()).await.unwrap_err()
    };
    let error = sign_in(&ada.handle, "wrong-password").await;
    assert_eq!(error, ConnectError::WrongPassword);
    assert!(error.to_string().contains("handle or the app password is wrong"), "{error}");
    assert_eq!(sign_in("ada lovelace", "x").await, ConnectError::BadHandle);
    let nobody = format!("nobody-{}.test", std::process::id());
    let error = sign_in(&nobody, "x").await;
    assert_eq!(error.to_string(), format!("No account named {nobody} was found. Check the spelling."));
    let error = sign_in("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "x").await;
    assert!(matches!(error, ConnectError::HandleNotFound { .. }), "{error:?}");
}

#[tokio::test]
async fn a_server_that_may_not_be_asked_is_not_asked() {
    let Some(pds) = servers::pds() else { return };
    let config = BlueskyConfig { plc: server(&pds.plc), default_server: server(&pds.url), ..BlueskyConfig::default() };
    let adapter = Bluesky::new(egress(&[&pds.plc]), config);
    let error = adapter.sign_in_password(None, "ada.test", &secret("x"), now()).await.unwrap_err();
    assert!(matches!(error, ConnectError::Blocked { .. }), "{error:?}");
    assert!(error.to_string().contains("allow it in the settings"), "{error}");
}

#[tokio::test]
async fn a_session_is_renewed_and_its_old_half_is_not_needed() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada) = (bluesky(pds), Person::on(pds, "ada").await);
    let first = adapter.sign_in_password(None, &ada.handle, &secret(PASSWORD), now()).await.unwrap().credential;
    let second = adapter.refresh(&stored(&first), now()).await.unwrap();
    assert_ne!(first.as_bytes(), second.as_bytes());
    adapter.check(&second, now()).await.unwrap();
    // the answer to the first renewal was lost: the same again must not lock the person out
    let third = adapter.refresh(&first, now()).await.unwrap();
    adapter.check(&third, now()).await.unwrap();
}

#[tokio::test]
async fn an_ended_session_says_so() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada) = (bluesky(pds), Person::on(pds, "ada").await);
    let credential = adapter.sign_in_password(None, &ada.handle, &secret(PASSWORD), now()).await.unwrap().credential;
    adapter.sign_out(&credential, now()).await.unwrap();
    assert_eq!(adapter.refresh(&credential, now()).await.unwrap_err(), RefreshError::Ended);

    // a token that the server does not accept: nothing is posted
    let mut broken: Value = serde_json::from_slice(credential.as_bytes()).unwrap();
    broken["access"] = "eyJhbGciOiJIUzI1NiJ9.e30.c2ln".into();
    let broken = Credential::from_bytes(broken.to_string().as_bytes()).unwrap();
    assert_eq!(adapter.check(&broken, now()).await.unwrap_err(), CallError::SignInRefused);
    let key = key();
    let request = adapter.prepare(&broken, post(&key, "no images, so nothing to upload")).await.unwrap();
    let outcome = adapter.send(&broken, &request, &key, now()).await;
    assert_eq!(outcome, domain::job::Outcome::SignInRefused);
    assert_eq!(adapter.look_up(&broken, &request, &key, now(), now()).await, domain::job::Lookup::Absent);

    let nonsense = Credential::from_bytes(b"{}").unwrap();
    assert_eq!(adapter.check(&nonsense, now()).await.unwrap_err(), CallError::SignInRefused);
    assert_eq!(adapter.refresh(&nonsense, now()).await.unwrap_err(), RefreshError::Ended);
    assert_eq!(adapter.send(&nonsense, "{}", "k", now()).await, domain::job::Outcome::SignInRefused);
}

#[tokio::test]
async fn a_real_rate_limit_names_its_end() {
    let Some(pds) = servers::limited_pds() else { return };
    let (adapter, ada) = (bluesky(pds), Person::on(pds, "ada").await);
    for _ in 0..40 {
        match adapter.sign_in_password(None, &ada.handle, &secret("wrong"), now()).await.unwrap_err() {
            ConnectError::WrongPassword => {}
            ConnectError::RateLimited { until } => {
                let wait = until.duration_since(now()).as_secs();
                assert!((1..=300).contains(&wait), "30 in 5 minutes: {wait}");
                return;
            }
            error => panic!("{error:?}"),
        }
    }
    panic!("no limit after 40 wrong passwords");
}
