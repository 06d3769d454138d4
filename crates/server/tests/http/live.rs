//! Streams that tell of changes: who hears, who does not any more, and how many there may be.

use domain::Mutation;
use domain::id::PostId;
use reqwest::Method;
use server::organisations::live::OF_PERSON_MAX;

use crate::both;
use crate::organisations::{ORG, accept, code, draft, found, id, invite, push};
use crate::stage::{Desktop, Device, PASSWORD, Stage, address, until};

async fn listen(stage: &Stage, who: &Desktop) -> reqwest::Response {
    let request = stage.http.get(format!("{}/v1/orgs/{ORG}/live", stage.origin)).bearer_auth(&who.access);
    request.send().await.unwrap()
}

/// The next event; `None` if the stream is over.
async fn heard(live: &mut reqwest::Response) -> Option<String> {
    let chunk = live.chunk().await.ok().flatten()?;
    Some(String::from_utf8(chunk.to_vec()).unwrap())
}

/// The number of the first mutation of a push.
fn seq(reply: &(u16, serde_json::Value)) -> u64 {
    reply.1["results"][0]["seq"].as_u64().unwrap()
}

/// Waits until a stream tells of this number or one behind it; false if it ends before.
async fn told(live: &mut reqwest::Response, number: u64) -> bool {
    while let Some(text) = heard(live).await {
        let events = text.lines().filter_map(|line| line.strip_prefix("data:"));
        let mut events = events.filter_map(|data| serde_json::from_str::<serde_json::Value>(data).ok());
        if events.any(|event| event["seq"].as_u64().is_some_and(|seq| seq >= number)) {
            return true;
        }
    }
    false
}

both!(whoever_listens_hears_each_change_until_they_may_not, |store| {
    let stage = Stage::new(store).await;
    let (ada_mail, ben_mail) = (address("ada"), address("ben"));
    let Some(ada) = stage.register(&ada_mail, PASSWORD).await else { return };
    let ben = stage.register(&ben_mail, PASSWORD).await.unwrap();
    found(&stage, &ada).await;
    assert_eq!(listen(&stage, &ben).await.status().as_u16(), 403);
    invite(&stage, &ada, &ben_mail, "creator").await;
    accept(&stage, &ben, &code(&stage, &ben_mail).await).await;
    let phone = Device::new("Phone").sign_in(&stage, &ben_mail, PASSWORD).await;
    let mut streams = Vec::new();
    for who in [&ada, &ben, &phone] {
        streams.push(listen(&stage, who).await);
    }
    let create = |number| [Mutation::CreatePost { post: PostId::new(id(number)), draft: draft("Hello") }];
    // what was done before a stream began may still be told to it: what counts is the number
    let first = seq(&push(&stage, &ada, 1, 1, &create(7)).await);
    for stream in &mut streams {
        assert!(told(stream, first).await);
    }
    // one device is signed out: it hears nothing more, the others do
    assert_eq!(stage.call(Method::POST, "/v1/sign-out", Some(&phone.access), None).await.0, 204);
    let second = seq(&push(&stage, &ada, 1, 2, &create(8)).await);
    assert!(!told(&mut streams.pop().unwrap(), second).await);
    for stream in &mut streams {
        assert!(told(stream, second).await);
    }
    let person = domain::id::PersonId::new(ben.person.parse().unwrap());
    let third = seq(&push(&stage, &ada, 1, 3, &[Mutation::RemoveMember { person }]).await);
    let mut removed = String::new();
    let mut stream = streams.pop().unwrap();
    while let Some(more) = heard(&mut stream).await {
        removed.push_str(&more);
    }
    assert!(removed.contains("revoked"), "{removed}");
    assert!(told(&mut streams[0], third).await);
});

both!(one_person_holds_so_many_streams_and_no_more, |store| {
    let stage = Stage::new(store).await;
    let Some(ada) = stage.register(&address("ada"), PASSWORD).await else { return };
    found(&stage, &ada).await;
    let mut streams = Vec::new();
    for _ in 0..OF_PERSON_MAX {
        let stream = listen(&stage, &ada).await;
        assert_eq!(stream.status().as_u16(), 200);
        streams.push(stream);
    }
    let open = |count: usize| format!("sendoff_live_streams {count}\n");
    assert!(stage.app.metrics.text().contains(&open(OF_PERSON_MAX)));
    let refused = listen(&stage, &ada).await;
    assert_eq!(refused.status().as_u16(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    streams.clear();
    until("the places are given back", async || stage.app.metrics.text().contains(&open(0)).then_some(())).await;
    assert_eq!(listen(&stage, &ada).await.status().as_u16(), 200);
});
