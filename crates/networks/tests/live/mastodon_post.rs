//! Statuses on a Mastodon-compatible server, read back by somebody else.

use domain::job::{Lookup, Outcome, Remote, plus};
use domain::post::Visibility;
use networks::{Adapter, Credential, Mastodon, PrepareInput};
use serde_json::{Value, json};

use crate::fake::Lossy;
use crate::mastodon::connected;
use crate::people::{answer, film, mastodon, now, other_client, picture, post, reply, stored, unique};
use crate::servers;

fn token(credential: &Credential) -> String {
    let stored: Value = serde_json::from_slice(credential.as_bytes()).unwrap();
    stored["token"].as_str().unwrap().to_owned()
}

async fn get(url: &str, credential: &Credential, path: &str) -> Value {
    answer(other_client().get(format!("{url}{path}")).bearer_auth(token(credential))).await
}

fn idempotency_key() -> String {
    format!("key-{}-{}", std::process::id(), unique())
}

async fn publish(adapter: &Mastodon, credential: &Credential, input: PrepareInput<'_>) -> (String, Remote) {
    let key = input.key.to_owned();
    let request = adapter.prepare(credential, input).await.unwrap();
    match adapter.send(credential, &request, &key, now()).await {
        Outcome::Published { remote } => (request, remote),
        outcome => panic!("{outcome:?}"),
    }
}

#[tokio::test]
async fn a_status_with_everything_arrives() {
    let Some(real) = servers::mastodon() else { return };
    let (adapter, signed_in) = connected(&real.url, "ada").await;
    let credential = stored(&signed_in.credential);
    let text = "Grüße 👩‍👩‍👧 an @ben: https://example.com/ä?q=1 #Rüst & <b>kein HTML</b> **fett**\n\nZweiter Absatz";
    let images = [picture("Ein rotes Quadrat, „zitiert“ & mehr\nzweite Zeile"), picture("")];
    let (first_key, key) = (idempotency_key(), idempotency_key());
    let (_, first) = publish(&adapter, &credential, post(&first_key, "first")).await;
    let input = PrepareInput {
        images: &images,
        content_warning: "Achtung: rot",
        visibility: Visibility::Unlisted,
        ..reply(post(&key, text), &first, &first)
    };
    let (request, remote) = publish(&adapter, &credential, input).await;

    let status = get(&real.url, &credential, &format!("/api/v1/statuses/{}", remote.id)).await;
    let source = get(&real.url, &credential, &format!("/api/v1/statuses/{}/source", remote.id)).await;
    assert_eq!(source["text"].as_str().unwrap().as_bytes(), text.as_bytes());
    assert_eq!((&status["spoiler_text"], &status["sensitive"]), (&json!("Achtung: rot"), &json!(true)));
    assert_eq!((&status["visibility"], &status["in_reply_to_id"]), (&json!("unlisted"), &json!(first.id)));
    assert_eq!(status["url"], remote.url);
    let attached = status["media_attachments"].as_array().unwrap();
    assert_eq!(attached.len(), 2);
    for (image, attached) in images.iter().zip(attached) {
        assert_eq!(attached["description"].as_str().unwrap_or_default(), image.alt);
        let bytes = other_client().get(attached["url"].as_str().unwrap()).send().await.unwrap().bytes().await.unwrap();
        assert_eq!(bytes, image.bytes);
    }
    assert!(!request.contains(&token(&credential)), "no token in what is stored");
}

#[tokio::test]
async fn a_video_arrives_with_its_words() {
    let Some(real) = servers::mastodon() else { return };
    let (adapter, signed_in) = connected(&real.url, "ada").await;
    let credential = &signed_in.credential;
    let key = idempotency_key();
    let films = [film("Loaves rise in the oven")];
    let started = now();
    let (request, remote) =
        publish(&adapter, credential, PrepareInput { images: &films, ..post(&key, "Fresh rye") }).await;
    let status = get(&real.url, credential, &format!("/api/v1/statuses/{}", remote.id)).await;
    let attached = &status["media_attachments"][0];
    assert_eq!((&attached["type"], &attached["description"]), (&json!("video"), &json!("Loaves rise in the oven")));
    let bytes = other_client().get(attached["url"].as_str().unwrap()).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(bytes, films[0].bytes);
    // and it is found again by what was frozen
    let found = adapter.look_up(credential, &request, &key, started, now()).await;
    assert_eq!(found, Lookup::Found { remote });
}

#[tokio::test]
async fn the_same_key_twice_is_one_status() {
    let Some(real) = servers::mastodon() else { return };
    let (adapter, signed_in) = connected(&real.url, "ada").await;
    let key = idempotency_key();
    let text = format!("once, {key}");
    let request = adapter.prepare(&signed_in.credential, post(&key, &text)).await.unwrap();
    let first = adapter.send(&signed_in.credential, &request, &key, now()).await;
    let second = adapter.send(&signed_in.credential, &request, &key, now()).await;
    assert!(matches!(first, Outcome::Published { .. }), "{first:?}");
    assert_eq!(first, second);
    let path = format!("/api/v1/accounts/{}/statuses?limit=40", signed_in.profile.remote_id);
    let all = get(&real.url, &signed_in.credential, &path).await;
    let ours = all.as_array().unwrap().iter().filter(|status| status["content"].as_str().unwrap().contains(&key));
    assert_eq!(ours.count(), 1);
}

#[tokio::test]
async fn a_status_is_found_again() {
    let Some(real) = servers::mastodon() else { return };
    let (adapter, signed_in) = connected(&real.url, "ada").await;
    let credential = &signed_in.credential;
    let started = now();
    let look = async |request: &str, key: &str| adapter.look_up(credential, request, key, started, now()).await;
    for text in [
        "plain",
        "several\n\n\nlines  and   spaces ",
        "links https://example.com/a_b_c?x=1&y=2#z and @ben and #tag",
        "signs & < > \" ' &amp; &lt; 👩‍👩‍👧",
        "**formatted** _by_ `the server` ~~away~~",
        "",
    ] {
        let key = idempotency_key();
        let text = if text.is_empty() { String::new() } else { format!("{text} {key}") };
        let images = if text.is_empty() { vec![picture("only an image")] } else { Vec::new() };
        let input = PrepareInput { images: &images, ..post(&key, &text) };
        let request = adapter.prepare(credential, input).await.unwrap();
        assert_eq!(look(&request, &key).await, Lookup::Absent, "{text:?}");
        let outcome = adapter.send(credential, &request, &key, now()).await;
        let Outcome::Published { remote } = outcome else { panic!("{text:?}: {outcome:?}") };
        assert_eq!(look(&request, &key).await, Lookup::Found { remote }, "{text:?}");
        // not if it can only have been sent later than that
        let later = plus(now(), 3600);
        let found = adapter.look_up(credential, &request, &key, later, now()).await;
        assert_eq!(found, Lookup::Absent, "{text:?}");
    }
}

#[tokio::test]
async fn looking_up_is_careful_with_equal_statuses() {
    let Some(real) = servers::mastodon() else { return };
    let (adapter, signed_in) = connected(&real.url, "ben").await;
    let credential = &signed_in.credential;
    let text = format!("twice, {}", idempotency_key());
    let (started, keys) = (now(), [idempotency_key(), idempotency_key()]);
    let (request, first) = publish(&adapter, credential, post(&keys[0], &text)).await;
    let answered = reply(post(&keys[1], &text), &first, &first);
    let reply_request = adapter.prepare(credential, answered).await.unwrap();
    let found = adapter.look_up(credential, &reply_request, &keys[1], started, now()).await;
    assert_eq!(found, Lookup::Absent, "the same text, but not as an answer");
    let (_, _) = publish(&adapter, credential, post(&keys[1], &text)).await;
    let found = adapter.look_up(credential, &request, &keys[0], started, now()).await;
    assert!(matches!(found, Lookup::Unknown { .. }), "two are equal: {found:?}");
    // our clock is a day ahead or behind: the server's own time counts
    for wrong in [-24 * 3600, 24 * 3600] {
        let now = plus(now(), wrong);
        let found = adapter.look_up(credential, &request, &keys[0], plus(started, wrong), now).await;
        assert!(matches!(found, Lookup::Unknown { .. }), "{wrong}: {found:?}");
    }
}

#[tokio::test]
async fn a_text_that_is_too_long_is_refused() {
    let Some(real) = servers::mastodon() else { return };
    let (adapter, signed_in) = connected(&real.url, "ada").await;
    let (key, long) = (idempotency_key(), "x".repeat(10_000));
    let request = adapter.prepare(&signed_in.credential, post(&key, &long)).await.unwrap();
    let outcome = adapter.send(&signed_in.credential, &request, &key, now()).await;
    let Outcome::Refused { status: 422, detail } = &outcome else { panic!("{outcome:?}") };
    assert!(detail.contains("too long"), "{detail}");
    let found = adapter.look_up(&signed_in.credential, &request, &key, now(), now()).await;
    assert_eq!(found, Lookup::Absent);
}

#[tokio::test]
async fn an_answer_that_is_lost_after_the_server_acted() {
    let Some(real) = servers::mastodon() else { return };
    let (_, signed_in) = connected(&real.url, "ada").await;
    let wire = Lossy::before(&real.url).await;
    let mut credential: Value = serde_json::from_slice(signed_in.credential.as_bytes()).unwrap();
    credential["server"] = wire.url.as_str().into();
    let credential = Credential::from_bytes(credential.to_string().as_bytes()).unwrap();
    let adapter = mastodon(&wire.url);
    let (key, started) = (idempotency_key(), now());
    let request = adapter.prepare(&credential, post(&key, &key)).await.unwrap();
    wire.lose_next_answer();
    let outcome = adapter.send(&credential, &request, &key, now()).await;
    assert!(matches!(outcome, Outcome::Ambiguous { .. }), "{outcome:?}");
    let found = adapter.look_up(&credential, &request, &key, started, now()).await;
    let Lookup::Found { remote } = &found else { panic!("{found:?}") };
    let again = adapter.send(&credential, &request, &key, now()).await;
    assert_eq!(again, Outcome::Published { remote: remote.clone() }, "the same key is the same status");
}
