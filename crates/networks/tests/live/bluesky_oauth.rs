//! The whole sign-in with the browser on a real PDS, and what comes of it.

use domain::account::SignIn;
use domain::job::{Lookup, Outcome, plus};
use jiff::{SignedDuration, Timestamp};
use networks::{Adapter, Bluesky, CallError, Callback, ConnectError, OAuthPending, OAuthStart, RefreshError, SignedIn};
use serde_json::Value;
use url::Url;

use crate::bluesky_post::record;
use crate::browser::{callback, consent_on_pds, decline_on_pds};
use crate::people::{PASSWORD, Person, bluesky, key, now, picture, post, secret, server, stored, unique};
use crate::servers::{self, Pds};

pub const REDIRECT: &str = "http://127.0.0.1:49152/oauth/callback";

pub fn start(pds: Option<&Pds>, handle: &str, now: Timestamp) -> OAuthStart {
    OAuthStart {
        server: pds.map(|pds| server(&pds.url)),
        handle: handle.to_owned(),
        redirect: Url::parse(REDIRECT).unwrap(),
        state: format!("state-of-a-test-with-128-bits-{}", unique()),
        now,
    }
}

async fn walk(pds: &Pds, adapter: &Bluesky, person: &Person, begun: OAuthStart) -> Result<SignedIn, ConnectError> {
    let now = begun.now;
    let pending = adapter.begin_oauth(begun).await?;
    let client = pending.authorize_url.query_pairs().find(|(name, _)| name == "client_id").unwrap().1.into_owned();
    let client = Url::parse(&client).unwrap();
    let scope = client.query_pairs().find(|(name, _)| name == "scope").unwrap().1.into_owned();
    assert_eq!(
        scope, "atproto repo:app.bsky.feed.post?action=create&action=update blob:image/* blob:video/mp4",
        "no more than needed"
    );
    let back = consent_on_pds(&pending.authorize_url, &person.handle, &person.did, PASSWORD).await;
    assert!(back.as_str().starts_with(REDIRECT), "{back}");
    assert!(callback(&back).iss.is_some_and(|iss| iss == pds.url));
    adapter.finish_oauth(pending, callback(&back), now).await
}

#[tokio::test]
async fn the_browser_connects_the_account_and_it_can_post() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada) = (bluesky(pds), Person::on(pds, "ada").await);
    let signed_in = walk(pds, &adapter, &ada, start(None, &ada.handle, now())).await.unwrap();
    assert_eq!((signed_in.sign_in, signed_in.server.origin()), (SignIn::OAuth, pds.url.as_str()));
    assert_eq!((&signed_in.profile.remote_id, &signed_in.profile.handle), (&ada.did, &ada.handle));
    let lasts = signed_in.ends_at.unwrap().duration_since(now());
    assert!(lasts > SignedDuration::from_hours(13 * 24) && lasts <= SignedDuration::from_hours(14 * 24), "{lasts}");

    let credential = stored(&signed_in.credential);
    let (key, images) = (key(), [picture("by OAuth")]);
    let input = networks::PrepareInput { images: &images, ..post(&key, "through the browser") };
    let request = adapter.prepare(&credential, input).await.unwrap();
    let outcome = adapter.send(&credential, &request, &key, now()).await;
    let Outcome::Published { remote } = &outcome else { panic!("{outcome:?}") };
    let sent: Value = serde_json::from_str(&request).unwrap();
    assert_eq!(record(pds, &ada, &key).await["value"], sent["record"]);
    assert_eq!(adapter.send(&credential, &request, &key, now()).await, outcome, "the same again is the same post");
    let found = adapter.look_up(&credential, &request, &key, now(), now()).await;
    assert_eq!(found, Lookup::Found { remote: remote.clone() });
    let checked = adapter.check(&credential, now()).await.unwrap();
    assert_eq!((checked.profile, checked.ends_at), (signed_in.profile, signed_in.ends_at));

    // the adapter of the next start knows no nonces: the first request is rejected unread, and sent once more
    let fresh = bluesky(pds);
    assert_eq!(fresh.send(&credential, &request, &key, now()).await, outcome);
}

#[tokio::test]
async fn without_a_name_the_server_is_enough() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada) = (bluesky(pds), Person::on(pds, "ada").await);
    let signed_in = walk(pds, &adapter, &ada, start(Some(pds), "", now())).await.unwrap();
    assert_eq!(signed_in.profile.remote_id, ada.did);
    let neither = adapter.begin_oauth(start(None, "", now())).await.unwrap_err();
    assert_eq!(neither, ConnectError::BadHandle);
}

#[tokio::test]
async fn tokens_are_renewed_and_a_replay_ends_them() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada) = (bluesky(pds), Person::on(pds, "ada").await);
    let first = walk(pds, &adapter, &ada, start(None, &ada.handle, now())).await.unwrap();
    assert!(!adapter.expires_soon(&first.credential, now()));
    assert!(adapter.expires_soon(&first.credential, plus(now(), 3600)));
    let second = adapter.refresh(&stored(&first.credential), now()).await.unwrap();
    let third = adapter.refresh(&stored(&second), now()).await.unwrap();
    adapter.check(&third, now()).await.unwrap();
    assert_eq!(
        adapter.check(&third, now()).await.unwrap().ends_at,
        first.ends_at,
        "renewing does not prolong the session"
    );

    assert_eq!(adapter.refresh(&first.credential, now()).await.unwrap_err(), RefreshError::Ended, "an old token");
    assert_eq!(adapter.refresh(&third, now()).await.unwrap_err(), RefreshError::Ended, "the whole session is gone");
    let (key, text) = (key(), "after the end");
    let request = adapter.prepare(&third, post(&key, text)).await.unwrap();
    assert_eq!(adapter.send(&third, &request, &key, now()).await, Outcome::SignInRefused);
    assert_eq!(adapter.look_up(&third, &request, &key, now(), now()).await, Lookup::Absent, "needs no sign-in");
}

#[tokio::test]
async fn signing_out_ends_the_session_at_the_server() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada) = (bluesky(pds), Person::on(pds, "ada").await);
    let signed_in = walk(pds, &adapter, &ada, start(None, &ada.handle, now())).await.unwrap();
    adapter.sign_out(&signed_in.credential, now()).await.unwrap();
    assert_eq!(adapter.refresh(&signed_in.credential, now()).await.unwrap_err(), RefreshError::Ended);
    assert_eq!(adapter.check(&signed_in.credential, now()).await.unwrap_err(), CallError::SignInRefused);
}

#[tokio::test]
async fn a_wrong_clock_does_not_matter() {
    let Some(pds) = servers::pds() else { return };
    let ada = Person::on(pds, "ada").await;
    for wrong in [-30 * 24 * 3600, 30 * 24 * 3600] {
        let (adapter, now) = (bluesky(pds), plus(now(), wrong));
        let signed_in = walk(pds, &adapter, &ada, start(None, &ada.handle, now)).await.unwrap();
        let (key, fresh) = (key(), bluesky(pds));
        let request = fresh.prepare(&signed_in.credential, post(&key, "which day is it?")).await.unwrap();
        let outcome = fresh.send(&signed_in.credential, &request, &key, now).await;
        assert!(matches!(outcome, Outcome::Published { .. }), "{wrong}: {outcome:?}");
        fresh.refresh(&signed_in.credential, now).await.unwrap();
    }
}

#[tokio::test]
async fn saying_no_connects_nothing() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada) = (bluesky(pds), Person::on(pds, "ada").await);
    let pending = adapter.begin_oauth(start(None, &ada.handle, now())).await.unwrap();
    let back = decline_on_pds(&pending.authorize_url, &ada.handle, PASSWORD).await;
    let error = adapter.finish_oauth(pending, callback(&back), now()).await.unwrap_err();
    assert_eq!(error, ConnectError::Declined);
}

#[tokio::test]
async fn another_account_than_the_one_that_was_asked_for() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada) = (bluesky(pds), Person::on(pds, "ada").await);
    // two flows of one person: the answer to one is put into the other
    let ben = Person::on(pds, "ben").await;
    let for_ada = adapter.begin_oauth(start(None, &ada.handle, now())).await.unwrap();
    let for_ben = adapter.begin_oauth(start(None, &ben.handle, now())).await.unwrap();
    let back = callback(&consent_on_pds(&for_ben.authorize_url, &ben.handle, &ben.did, PASSWORD).await);
    let swapped = Callback { state: for_ada.state.clone(), ..back };
    let error = adapter.finish_oauth(for_ada, swapped, now()).await.unwrap_err();
    assert!(matches!(error, ConnectError::Refused { status: 400, .. }), "the verifier is another one: {error:?}");
}

/// A flow that has come back from the browser, and the callback it brought.
async fn returned(pds: &Pds, adapter: &Bluesky, ada: &Person) -> (OAuthPending, Callback) {
    let pending = adapter.begin_oauth(start(Some(pds), &ada.handle, now())).await.unwrap();
    let back = consent_on_pds(&pending.authorize_url, &ada.handle, &ada.did, PASSWORD).await;
    (pending, callback(&back))
}

#[tokio::test]
async fn a_callback_that_is_not_ours_is_refused() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada) = (bluesky(pds), Person::on(pds, "ada").await);
    let not_ours = |reason| ConnectError::NotOurAnswer { reason };
    type Change = fn(&mut Callback);
    let cases: [(Change, ConnectError); 6] = [
        (|back| back.state.push('x'), not_ours("state")),
        (|back| back.state.clear(), not_ours("state")),
        (|back| back.iss = None, not_ours("iss")),
        (|back| back.iss = Some("https://other.example".to_owned()), not_ours("iss")),
        (|back| back.iss.as_mut().unwrap().push('/'), not_ours("iss")),
        (|back| back.code = None, not_ours("code")),
    ];
    for (change, expected) in cases {
        let (pending, mut back) = returned(pds, &adapter, &ada).await;
        change(&mut back);
        assert_eq!(adapter.finish_oauth(pending, back, now()).await.unwrap_err(), expected);
    }
    let (pending, back) = returned(pds, &adapter, &ada).await;
    let later = pending.expires_at;
    assert_eq!(adapter.finish_oauth(pending, back, later).await.unwrap_err(), ConnectError::TookTooLong);
    let (pending, mut back) = returned(pds, &adapter, &ada).await;
    back.code = Some(secret("cod-0000000000000000000000000000000000000000000000000000000000000000"));
    let error = adapter.finish_oauth(pending, back, now()).await.unwrap_err();
    assert!(matches!(error, ConnectError::Refused { status: 400, .. }), "{error:?}");
}

#[tokio::test]
async fn only_a_local_address_brings_the_answer_back() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada) = (bluesky(pds), Person::on(pds, "ada").await);
    for redirect in
        ["sendoff://oauth/callback", "http://localhost:4000/cb", "https://127.0.0.1/cb", "http://x.example/"]
    {
        let begun = OAuthStart { redirect: Url::parse(redirect).unwrap(), ..start(None, &ada.handle, now()) };
        assert_eq!(adapter.begin_oauth(begun).await.unwrap_err(), ConnectError::RedirectNotPossible, "{redirect}");
    }
}
