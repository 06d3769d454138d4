//! Who has which post open: who hears of it, for how long, and across servers.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::Mutation;
use domain::id::{PersonId, PersonaId, PostId};
use domain::mutation::Since;
use domain::people::PersonaText;
use domain::team::Personas;
use reqwest::Method;
use serde_json::{Value, json};
use server::limits::Quotas;

use crate::both;
use crate::organisations::{ORG, accept, code, draft, found, id, invite, push};
use crate::stage::{Desktop, PASSWORD, Stage, Store, address, until};

/// An open stream, and what of it was not looked at yet.
struct Ear(reqwest::Response);

impl Ear {
    async fn open(stage: &Stage, who: &Desktop) -> Self {
        let request = stage.http.get(format!("{}/v1/orgs/{ORG}/live", stage.origin)).bearer_auth(&who.access);
        let mut ear = Self(request.send().await.unwrap());
        assert_eq!(ear.0.headers()["x-accel-buffering"], "no");
        assert_eq!(ear.next().await["event"], "ping", "it tells at once that events come through");
        ear
    }

    async fn next(&mut self) -> Value {
        // each event is a chunk of its own
        let chunk = tokio::time::timeout(Duration::from_secs(10), self.0.chunk()).await.expect("an event").unwrap();
        let text = String::from_utf8(chunk.expect("the stream is open").to_vec()).unwrap();
        serde_json::from_str(text.trim().strip_prefix("data:").unwrap()).unwrap()
    }

    /// The next event about who is there.
    async fn present(&mut self) -> Value {
        loop {
            let event = self.next().await;
            if event["event"] == "presence" {
                return json!([event["post"], event["people"]]);
            }
        }
    }

    /// That nothing about who is there comes before a change with this number.
    async fn nobody_until(&mut self, number: u64) {
        loop {
            let event = self.next().await;
            assert_ne!(event["event"], "presence", "{event}");
            if event["seq"].as_u64().is_some_and(|seq| seq >= number) {
                return;
            }
        }
    }
}

async fn attend(stage: &Stage, who: &Desktop, post: Option<PostId>) -> u16 {
    let body = json!({ "post": post });
    stage.call(Method::PUT, &format!("/v1/orgs/{ORG}/presence"), Some(&who.access), Some(body)).await.0
}

fn seq(reply: &(u16, Value)) -> u64 {
    reply.1["results"][0]["seq"].as_u64().unwrap_or_else(|| panic!("{reply:?}"))
}

fn expected(post: PostId, people: &[&Desktop]) -> Value {
    let people: BTreeSet<&str> = people.iter().map(|who| who.person.as_str()).collect();
    json!([post, people])
}

fn person(who: &Desktop) -> PersonId {
    PersonId::new(who.person.parse().unwrap())
}

/// Ada, who founded the organisation, and members.
async fn people(stage: &Stage, members: &[&str]) -> Option<Vec<Desktop>> {
    let ada = stage.register(&address("ada"), PASSWORD).await?;
    found(stage, &ada).await;
    let mut all = vec![ada];
    for name in members {
        let mail = address(name);
        let member = stage.register(&mail, PASSWORD).await?;
        invite(stage, &all[0], &mail, "creator").await;
        assert_eq!(accept(stage, &member, &code(stage, &mail).await).await.0, 200);
        all.push(member);
    }
    Some(all)
}

both!(whoever_has_a_post_open_hears_of_the_others_who_have, |store| {
    let stage = Stage::new(store).await;
    let Some(people) = people(&stage, &["ben", "cleo"]).await else { return };
    let [ada, ben, cleo] = people.as_slice() else { panic!() };
    let (bread, cake) = (PostId::new(id(7)), PostId::new(id(8)));
    for (n, post) in (1..).zip([bread, cake]) {
        push(&stage, ada, 1, n, &[Mutation::CreatePost { post, draft: draft("Hello") }]).await;
    }
    let (mut ada_hears, mut ben_hears, mut cleo_hears) =
        (Ear::open(&stage, ada).await, Ear::open(&stage, ben).await, Ear::open(&stage, cleo).await);
    assert_eq!(attend(&stage, ada, Some(bread)).await, 204);
    assert_eq!(ada_hears.present().await, expected(bread, &[]));
    assert_eq!(attend(&stage, ben, Some(bread)).await, 204);
    assert_eq!(ada_hears.present().await, expected(bread, &[ben]));
    assert_eq!(ben_hears.present().await, expected(bread, &[ada]));
    // said again: nobody hears the same twice
    assert_eq!(attend(&stage, ben, Some(bread)).await, 204);
    assert_eq!(attend(&stage, cleo, Some(bread)).await, 204);
    assert_eq!(ada_hears.present().await, expected(bread, &[ben, cleo]));
    assert_eq!(cleo_hears.present().await, expected(bread, &[ada, ben]));
    assert_eq!(attend(&stage, cleo, Some(cake)).await, 204);
    assert_eq!(ada_hears.present().await, expected(bread, &[ben]));
    assert_eq!(cleo_hears.present().await, expected(cake, &[]));
    // a stream that begins later hears how it is
    drop(ada_hears);
    let mut ada_hears = Ear::open(&stage, ada).await;
    assert_eq!(ada_hears.present().await, expected(bread, &[ben]));
    assert_eq!(attend(&stage, ben, None).await, 204);
    assert_eq!(ada_hears.present().await, expected(bread, &[]));

    // who says nothing more is not there after half a minute, and is if they do
    assert_eq!(attend(&stage, ben, Some(bread)).await, 204);
    assert_eq!(ada_hears.present().await, expected(bread, &[ben]));
    stage.clock.advance(Duration::from_secs(20));
    assert_eq!(attend(&stage, ada, Some(bread)).await, 204);
    stage.clock.advance(Duration::from_secs(9));
    let third =
        seq(&push(&stage, cleo, 3, 1, &[Mutation::CreatePost { post: PostId::new(id(9)), draft: draft("Hi") }]).await);
    ada_hears.nobody_until(third).await;
    stage.clock.advance(Duration::from_secs(2));
    assert_eq!(ada_hears.present().await, expected(bread, &[]));
});

both!(nobody_hears_of_a_post_that_they_may_not_see, |store| {
    let stage = Stage::new(store).await;
    let Some(people) = people(&stage, &["ben"]).await else { return };
    let [ada, ben] = people.as_slice() else { panic!() };
    let stranger = stage.register(&address("eve"), PASSWORD).await.unwrap();
    let (bread, persona) = (PostId::new(id(7)), PersonaId::new(id(70)));
    let text = PersonaText { name: "Oven".to_owned(), ..PersonaText::default() };
    push(&stage, ada, 1, 1, &[Mutation::AddPersona { persona, text }]).await;
    push(&stage, ada, 1, 2, &[Mutation::CreatePost { post: bread, draft: draft("Hello") }]).await;
    let only = Mutation::GrantPersonas { person: person(ben), personas: Personas::Only(BTreeSet::new()) };
    seq(&push(&stage, ada, 1, 3, &[only]).await);
    let (mut ada_hears, mut ben_hears) = (Ear::open(&stage, ada).await, Ear::open(&stage, ben).await);
    assert_eq!(attend(&stage, &stranger, Some(bread)).await, 403);
    assert_eq!(attend(&stage, &stranger, None).await, 403);
    assert_eq!(attend(&stage, ben, Some(PostId::new(id(99)))).await, 404, "there is none");
    assert_eq!(attend(&stage, ada, Some(bread)).await, 204);
    assert_eq!(attend(&stage, ben, Some(bread)).await, 204);
    assert_eq!(ben_hears.present().await, expected(bread, &[ada]));
    until("Ada hears of Ben", async || (ada_hears.present().await == expected(bread, &[ben])).then_some(())).await;

    // the post goes to a persona that is not his: from that commit on
    let mut moved = draft("Hello");
    moved.persona = Some(persona);
    let since = Some(Box::new(Since { base: draft("Hello"), saves: 1 }));
    let edit = Mutation::EditDraft { post: bread, read: 1, draft: moved, since };
    let number = seq(&push(&stage, ada, 1, 4, &[edit]).await);
    assert_eq!(ada_hears.present().await, expected(bread, &[]), "he is not there any more");
    assert_eq!(attend(&stage, ben, Some(bread)).await, 404);
    // and whoever comes and goes there is nobody's business but Ada's
    assert_eq!(attend(&stage, ada, None).await, 204);
    assert_eq!(attend(&stage, ada, Some(bread)).await, 204);
    ben_hears.nobody_until(number).await;
    let last =
        seq(&push(&stage, ben, 2, 1, &[Mutation::CreatePost { post: PostId::new(id(10)), draft: draft("Hi") }]).await);
    ben_hears.nobody_until(last).await;
});

both!(it_is_said_only_so_often, |store| {
    let usual = Quotas::default().presence;
    let stage = Stage::with(store, |config| config.quotas = Quotas { presence: usual, ..Quotas::unlimited() }).await;
    let Some(people) = people(&stage, &["ben"]).await else { return };
    let [ada, ben] = people.as_slice() else { panic!() };
    let mut answers = BTreeSet::new();
    for _ in 0..usual.burst.get() + 30 {
        answers.insert(attend(&stage, ada, None).await);
    }
    assert_eq!(answers, BTreeSet::from([204, 429]));
    assert_eq!(attend(&stage, ben, None).await, 204, "one person does not use up what is another's");
});

/// What is said to one server is heard at the other one, which has the same database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_reaches_across_servers() {
    if !crate::stage::has_postgres() {
        return;
    }
    let stage = Stage::new(Store::Postgres).await;
    let Some(people) = people(&stage, &["ben"]).await else { return };
    let [ada, ben] = people.as_slice() else { panic!() };
    let other = stage.beside().await;
    let bread = PostId::new(id(7));
    push(&stage, ada, 1, 1, &[Mutation::CreatePost { post: bread, draft: draft("Hello") }]).await;
    let (mut ada_hears, mut ben_hears) = (Ear::open(&stage, ada).await, Ear::open(&other, ben).await);
    assert_eq!(attend(&stage, ada, Some(bread)).await, 204);
    assert_eq!(ada_hears.present().await, expected(bread, &[]));
    // until both servers listen to each other nobody is told; a desk says it again
    until("Ben hears of Ada", async || {
        assert_eq!(attend(&stage, ada, Some(bread)).await, 204);
        assert_eq!(attend(&other, ben, Some(bread)).await, 204);
        (ben_hears.present().await == expected(bread, &[ada])).then_some(())
    })
    .await;
    until("Ada hears of Ben", async || {
        assert_eq!(attend(&other, ben, Some(bread)).await, 204);
        (ada_hears.present().await == expected(bread, &[ben])).then_some(())
    })
    .await;
    assert_eq!(attend(&other, ben, None).await, 204);
    assert_eq!(ada_hears.present().await, expected(bread, &[]));
}
