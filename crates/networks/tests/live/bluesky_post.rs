//! Posts on a real PDS, read back by somebody else and compared byte for byte.

use domain::job::{Lookup, Outcome, Remote};
use networks::{Adapter, Bluesky, BlueskyConfig, Credential, PrepareError, PrepareInput};
use serde_json::{Value, json};

use crate::fake::Lossy;
use crate::people::{
    PASSWORD, Person, answer, bluesky, egress, film, key, now, other_client, picture, post, reply, secret,
};
use crate::servers::{self, Pds};

async fn connected(pds: &Pds) -> (Bluesky, Person, Credential) {
    let (adapter, ada) = (bluesky(pds), Person::on(pds, "ada").await);
    let signed_in = adapter.sign_in_password(None, &ada.handle, &secret(PASSWORD), now()).await.unwrap();
    (adapter, ada, signed_in.credential)
}

pub async fn record(pds: &Pds, person: &Person, key: &str) -> Value {
    let url = format!("{}/xrpc/com.atproto.repo.getRecord", pds.url);
    let query = [("repo", person.did.as_str()), ("collection", "app.bsky.feed.post"), ("rkey", key)];
    answer(other_client().get(url).query(&query)).await
}

async fn how_many(pds: &Pds, person: &Person) -> usize {
    let url = format!("{}/xrpc/com.atproto.repo.listRecords", pds.url);
    let query = [("repo", person.did.as_str()), ("collection", "app.bsky.feed.post")];
    answer(other_client().get(url).query(&query)).await["records"].as_array().unwrap().len()
}

async fn publish(adapter: &Bluesky, credential: &Credential, input: PrepareInput<'_>) -> (String, Remote) {
    let key = input.key.to_owned();
    let request = adapter.prepare(credential, input).await.unwrap();
    match adapter.send(credential, &request, &key, now()).await {
        Outcome::Published { remote } => (request, remote),
        outcome => panic!("{outcome:?}"),
    }
}

#[tokio::test]
async fn a_post_with_everything_arrives_byte_for_byte() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada, credential) = connected(pds).await;
    let ben = Person::on(pds, "ben").await;
    let text = format!(
        "Grüße 👩‍👩‍👧 an @{} und @nobody-here.test:\nhttps://example.com/ä?q=1 und example.org, #Rüst $ACME 🇩🇪\u{301}",
        ben.handle
    );
    let images = [picture("Ein rotes Quadrat, „zitiert“"), picture("")];
    let key = key();
    let input = PrepareInput { images: &images, ..post(&key, &text) };
    let (request, remote) = publish(&adapter, &credential, input).await;

    assert_eq!(remote.id, format!("at://{}/app.bsky.feed.post/{key}", ada.did));
    assert_eq!(remote.url, format!("https://bsky.app/profile/{}/post/{key}", ada.did));
    let found = record(pds, &ada, &key).await;
    assert_eq!((&found["uri"], &found["cid"]), (&json!(remote.id), &json!(remote.cid)));
    let sent: Value = serde_json::from_str(&request).unwrap();
    assert_eq!(found["value"], sent["record"], "what was frozen is what is there");
    assert_eq!(found["value"]["text"].as_str().unwrap().as_bytes(), text.as_bytes());

    let facets: Vec<(String, Value)> = found["value"]["facets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|facet| {
            let at = |name: &str| usize::try_from(facet["index"][name].as_u64().unwrap()).unwrap();
            (text[at("byteStart")..at("byteEnd")].to_owned(), facet["features"][0].clone())
        })
        .collect();
    let feature = |kind: &str, name: &str, value: &str| {
        let mut feature = json!({ "$type": format!("app.bsky.richtext.facet#{kind}") });
        feature[name] = value.into();
        feature
    };
    let expected = [
        (format!("@{}", ben.handle), feature("mention", "did", &ben.did)),
        ("https://example.com/ä?q=1".to_owned(), feature("link", "uri", "https://example.com/ä?q=1")),
        ("example.org".to_owned(), feature("link", "uri", "https://example.org")),
        ("#Rüst".to_owned(), feature("tag", "tag", "Rüst")),
        ("$ACME".to_owned(), feature("tag", "tag", "$ACME")),
    ];
    assert_eq!(facets, expected, "a name that nobody has stays text");

    let embedded = found["value"]["embed"]["images"].as_array().unwrap();
    for (image, embedded) in images.iter().zip(embedded) {
        assert_eq!(embedded["alt"], image.alt);
        assert_eq!(embedded["aspectRatio"], json!({ "width": 1, "height": 1 }));
        let query = [("did", ada.did.as_str()), ("cid", embedded["image"]["ref"]["$link"].as_str().unwrap())];
        let url = format!("{}/xrpc/com.atproto.sync.getBlob", pds.url);
        let blob = other_client().get(url).query(&query).send().await.unwrap().bytes().await.unwrap();
        assert_eq!(blob, image.bytes);
    }
    assert_eq!(embedded.len(), images.len());
    assert!(!request.contains("eyJ"), "no token in what is stored");
}

#[tokio::test]
async fn a_video_stands_alone_with_its_words_and_its_shape() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada, credential) = connected(pds).await;
    let key = key();
    let films = [film("Loaves rise in the oven")];
    let input = PrepareInput { images: &films, ..post(&key, "Fresh rye") };
    let (request, remote) = publish(&adapter, &credential, input).await;
    let found = record(pds, &ada, &key).await;
    let sent: Value = serde_json::from_str(&request).unwrap();
    assert_eq!(found["value"], sent["record"], "what was frozen is what is there");
    assert_eq!(found["cid"], remote.cid);
    let embed = &found["value"]["embed"];
    assert_eq!((&embed["$type"], &embed["alt"]), (&json!("app.bsky.embed.video"), &json!("Loaves rise in the oven")));
    assert_eq!(embed["aspectRatio"], json!({ "width": 320, "height": 180 }));
    assert_eq!(embed["video"]["mimeType"], "video/mp4");
    let query = [("did", ada.did.as_str()), ("cid", embed["video"]["ref"]["$link"].as_str().unwrap())];
    let url = format!("{}/xrpc/com.atproto.sync.getBlob", pds.url);
    let blob = other_client().get(url).query(&query).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(blob, films[0].bytes);
    // frozen a second time it is the same blob, and sent a second time the same record
    let again = adapter.prepare(&credential, PrepareInput { images: &films, ..post(&key, "Fresh rye") }).await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&again).unwrap()["record"]["embed"], sent["record"]["embed"]);
    let outcome = adapter.send(&credential, &request, &key, now()).await;
    assert!(matches!(outcome, Outcome::Published { .. }), "{outcome:?}");
    // beside an image, or of another type, it is refused before anything is sent
    let mut foreign = film("");
    foreign.kind = domain::media::MediaType::WebM;
    for images in [vec![film(""), picture("")], vec![foreign]] {
        let error =
            adapter.prepare(&credential, PrepareInput { images: &images, ..post(&key, "x") }).await.unwrap_err();
        assert!(matches!(error, PrepareError::BreaksRules { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_thread_hangs_together() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada, credential) = connected(pds).await;
    let keys = [key(), key(), key()];
    let (_, first) = publish(&adapter, &credential, post(&keys[0], "one")).await;
    let (_, second) = publish(&adapter, &credential, reply(post(&keys[1], "two"), &first, &first)).await;
    let (_, _) = publish(&adapter, &credential, reply(post(&keys[2], "three"), &first, &second)).await;
    let reference = |post: &Remote| json!({ "uri": post.id, "cid": post.cid });
    let third = record(pds, &ada, &keys[2]).await;
    assert_eq!(third["value"]["reply"], json!({ "root": reference(&first), "parent": reference(&second) }));
    assert_eq!(how_many(pds, &ada).await, 3);
}

#[tokio::test]
async fn the_same_request_twice_is_one_post() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada, credential) = connected(pds).await;
    let key = key();
    let request = adapter.prepare(&credential, post(&key, "once")).await.unwrap();
    assert_eq!(adapter.look_up(&credential, &request, &key, now(), now()).await, Lookup::Absent);
    let first = adapter.send(&credential, &request, &key, now()).await;
    let second = adapter.send(&credential, &request, &key, now()).await;
    assert_eq!(first, second);
    let Outcome::Published { remote } = first else { panic!("{first:?}") };
    assert_eq!(how_many(pds, &ada).await, 1);
    assert_eq!(
        adapter.look_up(&credential, &request, &key, now(), now()).await,
        Lookup::Found { remote: remote.clone() }
    );

    // another text under the same key never replaces the first
    let other = adapter.prepare(&credential, post(&key, "twice")).await.unwrap();
    let outcome = adapter.send(&credential, &other, &key, now()).await;
    assert!(matches!(outcome, Outcome::Ambiguous { .. }), "{outcome:?}");
    assert_eq!(record(pds, &ada, &key).await["value"]["text"], "once");
    assert_eq!(adapter.look_up(&credential, &other, &key, now(), now()).await, Lookup::Found { remote });
}

#[tokio::test]
async fn two_senders_at_once_make_one_post() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada, credential) = connected(pds).await;
    let key = key();
    let request = adapter.prepare(&credential, post(&key, "raced")).await.unwrap();
    let sends = (0..5).map(|_| adapter.send(&credential, &request, &key, now()));
    let outcomes = futures::future::join_all(sends).await;
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Outcome::Published { .. })), "{outcomes:?}");
    assert_eq!(how_many(pds, &ada).await, 1);
}

#[tokio::test]
async fn what_breaks_the_rules_is_refused() {
    let Some(pds) = servers::pds() else { return };
    let (adapter, ada, credential) = connected(pds).await;
    let key = key();
    let long = "x".repeat(301);
    let request = adapter.prepare(&credential, post(&key, &long)).await.unwrap();
    let outcome = adapter.send(&credential, &request, &key, now()).await;
    let Outcome::Refused { status: 400, detail } = &outcome else { panic!("{outcome:?}") };
    assert!(detail.contains("InvalidRequest"), "{detail}");
    assert_eq!(how_many(pds, &ada).await, 0);

    let five: Vec<_> = (0..5).map(|_| picture("")).collect();
    let mut huge = picture("");
    huge.bytes = vec![0; 2_000_001].into();
    let headless = Remote { id: String::new(), url: String::new(), cid: String::new() };
    for input in [
        PrepareInput { images: &five, ..post(&key, "five") },
        PrepareInput { images: &[huge], ..post(&key, "huge") },
        post("not a key", "key"),
        reply(post(&key, "reply"), &headless, &headless),
    ] {
        let error = adapter.prepare(&credential, input).await.unwrap_err();
        assert!(matches!(error, PrepareError::BreaksRules { .. }), "{error:?}");
        assert!(!error.may_pass());
    }
    // a request of somebody else is never sent
    let ben = Person::on(pds, "ben").await;
    let request = adapter.prepare(&credential, post(&key, "mine")).await.unwrap().replace(&ada.did, &ben.did);
    let outcome = adapter.send(&credential, &request, &key, now()).await;
    assert!(matches!(outcome, Outcome::Refused { status: 0, .. }), "{outcome:?}");
}

#[tokio::test]
async fn an_answer_that_is_lost_after_the_server_acted() {
    let Some(pds) = servers::pds() else { return };
    let (_, ada, credential) = connected(pds).await;
    let wire = Lossy::before(&pds.url).await;
    let mut stored: Value = serde_json::from_slice(credential.as_bytes()).unwrap();
    stored["pds"] = wire.url.as_str().into();
    let credential = Credential::from_bytes(stored.to_string().as_bytes()).unwrap();
    let adapter = Bluesky::new(egress(&[&wire.url]), BlueskyConfig::default());
    let key = key();
    let request = adapter.prepare(&credential, post(&key, "did it arrive?")).await.unwrap();
    wire.lose_next_answer();
    let outcome = adapter.send(&credential, &request, &key, now()).await;
    assert!(matches!(outcome, Outcome::Ambiguous { .. }), "{outcome:?}");
    let found = adapter.look_up(&credential, &request, &key, now(), now()).await;
    let Lookup::Found { remote } = &found else { panic!("{found:?}") };
    let again = adapter.send(&credential, &request, &key, now()).await;
    assert_eq!(again, Outcome::Published { remote: remote.clone() });
    assert_eq!(how_many(pds, &ada).await, 1);
}
