//! Organisations over HTTP: founding, inviting, and two members who sync.

use base64::Engine as _;
use domain::Mutation;
use domain::id::PostId;
use domain::mutation::Since;
use domain::post::{Content, Draft};
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Digest as _;
use uuid::Uuid;
use wire::push::{Envelope, Push};

use crate::both;
use crate::stage::{Desktop, PASSWORD, Stage, address, until};

pub const ORG: &str = "0199aaaa-0000-7000-8000-00000000000a";

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub fn draft(text: &str) -> Draft {
    Draft { base: Content::text(text), ..Draft::default() }
}

pub async fn found(stage: &Stage, who: &Desktop) {
    let body = json!({ "id": ORG, "name": "Bakery" });
    let (status, answer) = stage.call(Method::POST, "/v1/orgs", Some(&who.access), Some(body)).await;
    assert_eq!((status, answer["role"].as_str()), (200, Some("owner")), "{answer}");
}

pub async fn invite(stage: &Stage, who: &Desktop, email: &str, role: &str) -> (u16, Value) {
    let body = json!({ "email": email, "role": role });
    stage.call(Method::POST, &format!("/v1/orgs/{ORG}/invitations"), Some(&who.access), Some(body)).await
}

/// The secret in the newest invitation that came.
pub async fn code(stage: &Stage, email: &str) -> String {
    let mailbox = stage.mailbox();
    until("an invitation", async || {
        let mails = mailbox.all(email);
        mails.iter().rev().find_map(|mail| {
            // long lines are folded on their way
            let mail = mail.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=");
            mail.split("/join#code=").nth(1).map(|rest| rest.chars().take(47).collect::<String>())
        })
    })
    .await
}

pub async fn accept(stage: &Stage, who: &Desktop, code: &str) -> (u16, Value) {
    stage.call(Method::POST, "/v1/invitations/accept", Some(&who.access), Some(json!({ "code": code }))).await
}

pub async fn push(stage: &Stage, who: &Desktop, client: u128, first: u64, mutations: &[Mutation]) -> (u16, Value) {
    let seal = |(n, mutation): (u64, &Mutation)| {
        Envelope::seal(n, id(client << 64 | u128::from(n)), Timestamp::UNIX_EPOCH, mutation).unwrap()
    };
    let mutations = (first..).zip(mutations).map(seal).collect();
    let push = Push { client: id(client), epoch: None, base: None, mutations };
    let body = serde_json::to_value(push).unwrap();
    stage.call(Method::POST, &format!("/v1/orgs/{ORG}/push"), Some(&who.access), Some(body)).await
}

pub async fn pull(stage: &Stage, who: &Desktop, client: u128, cursor: Option<&str>) -> (u16, Value) {
    let body = json!({ "client": id(client), "cursor": cursor, "seen_n": 0, "limit": 100 });
    stage.call(Method::POST, &format!("/v1/orgs/{ORG}/pull"), Some(&who.access), Some(body)).await
}

both!(two_members_write_one_post_and_both_find_both, |store| {
    let stage = Stage::new(store).await;
    let (ada_mail, ben_mail) = (address("ada"), address("ben"));
    let Some(ada) = stage.register(&ada_mail, PASSWORD).await else { return };
    let ben = stage.register(&ben_mail, PASSWORD).await.unwrap();
    found(&stage, &ada).await;
    found(&stage, &ada).await;
    assert_eq!(pull(&stage, &ben, 2, None).await.0, 403, "not a member yet");
    assert_eq!(invite(&stage, &ada, &ben_mail, "creator").await.0, 200);
    let code = code(&stage, &ben_mail).await;
    // the code is behind the `#`: the server is not told it
    let page = stage.http.get(format!("{}/join#code={code}", stage.origin)).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    let page = page.text().await.unwrap();
    assert!(page.contains("sendoff://join?") && !page.contains(&code), "{page}");
    let script = page.split("<script>").nth(1).unwrap().split("</script>").next().unwrap();
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(script));
    assert!(policy.contains(&format!("script-src 'sha256-{hash}';")) && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(accept(&stage, &ben, &code).await, (200, json!({ "organisation": ORG })));
    assert_eq!(accept(&stage, &ben, &code).await.0, 200, "an answer that got lost is given again");
    let (_, mine) = stage.call(Method::GET, "/v1/orgs", Some(&ben.access), None).await;
    assert_eq!(mine["organisations"], json!([{ "id": ORG, "name": "Bakery", "role": "creator" }]));

    let post = PostId::new(id(7));
    let base = "Bread at eight. Come early.";
    let (status, reply) = push(&stage, &ada, 1, 1, &[Mutation::CreatePost { post, draft: draft(base) }]).await;
    assert_eq!((status, reply["results"][0]["s"].as_str()), (200, Some("applied")), "{reply}");
    let since = || Some(Box::new(Since { base: draft(base), saves: 1 }));
    let edit = |text: &str| Mutation::EditDraft { post, read: 1, draft: draft(text), since: since() };
    push(&stage, &ada, 1, 2, &[edit("Rye bread at eight. Come early.")]).await;
    push(&stage, &ben, 2, 1, &[edit("Bread at eight. Come early!")]).await;
    let both = "Rye bread at eight. Come early!";
    for (who, client) in [(&ada, 1), (&ben, 2)] {
        let (status, pulled) = pull(&stage, who, client, None).await;
        assert_eq!((status, pulled["complete"].as_bool()), (200, Some(true)));
        let rows = pulled["rows"].as_array().unwrap();
        let post = rows.iter().find(|row| row["key"]["kind"] == "post").unwrap();
        assert_eq!(post["d"]["value"]["draft"]["base"]["parts"][0]["text"], both);
        let stream = stage.http.get(format!("{}/v1/orgs/{ORG}/bootstrap", stage.origin)).bearer_auth(&who.access);
        let lines = stream.send().await.unwrap().text().await.unwrap();
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), rows.len() + 2);
        assert_eq!(lines.last().unwrap()["end"]["sums"], pulled["sums"]);
        // from there on there is nothing new
        let cursor = lines.last().unwrap()["end"]["cursor"].as_str().unwrap();
        assert_eq!(pull(&stage, who, client, Some(cursor)).await.1["rows"], json!([]));
    }
});

both!(who_is_removed_is_told_at_once_and_leaves_what_was_not_sent, |store| {
    let stage = Stage::new(store).await;
    let (ada_mail, ben_mail) = (address("ada"), address("ben"));
    let Some(ada) = stage.register(&ada_mail, PASSWORD).await else { return };
    let ben = stage.register(&ben_mail, PASSWORD).await.unwrap();
    found(&stage, &ada).await;
    invite(&stage, &ada, &ben_mail, "creator").await;
    accept(&stage, &ben, &code(&stage, &ben_mail).await).await;
    let live = stage.http.get(format!("{}/v1/orgs/{ORG}/live", stage.origin)).bearer_auth(&ben.access);
    let mut live = live.send().await.unwrap();
    assert_eq!(live.headers()["content-type"], "text/event-stream");
    push(&stage, &ada, 1, 1, &[Mutation::CreatePost { post: PostId::new(id(7)), draft: draft("Hello") }]).await;
    // reads on until the event has come: before it are pings, and on PostgreSQL a change may be told of twice
    let hears = async |live: &mut reqwest::Response, event: &str| {
        let of = |event: &str| format!(r#""event":"{event}""#);
        loop {
            let chunk = String::from_utf8(live.chunk().await.unwrap().unwrap().to_vec()).unwrap();
            if chunk.contains(&of(event)) {
                return;
            }
            assert!(chunk.contains(&of("ping")) || chunk.contains(&of("poke")), "{chunk}");
        }
    };
    hears(&mut live, "poke").await;
    let person = domain::id::PersonId::new(ben.person.parse().unwrap());
    push(&stage, &ada, 1, 2, &[Mutation::RemoveMember { person }]).await;
    hears(&mut live, "revoked").await;
    assert!(live.chunk().await.unwrap().is_none(), "and the stream is over");
    let unsent = [Mutation::CreatePost { post: PostId::new(id(8)), draft: draft("Unsent") }];
    let (status, refused) = push(&stage, &ben, 2, 1, &unsent).await;
    assert_eq!((status, refused["code"].as_str()), (403, Some("access_revoked")));
    let (_, mine) = stage.call(Method::GET, "/v1/orgs", Some(&ben.access), None).await;
    assert_eq!(mine["organisations"], json!([]));
    let sealed = Envelope::seal(1, id(3), Timestamp::UNIX_EPOCH, &unsent[0]).unwrap();
    let upload = json!({ "client": id(2), "mutations": [serde_json::to_value(sealed).unwrap()] });
    let place = format!("/v1/orgs/{ORG}/quarantine");
    assert_eq!(stage.call(Method::POST, &place, Some(&ben.access), Some(upload)).await.0, 204);
    let (_, kept) = stage.call(Method::GET, &place, Some(&ada.access), None).await;
    assert_eq!(kept[0]["person"], ben.person);
    assert_eq!(kept[0]["upload"]["mutations"][0]["body"]["draft"]["base"]["parts"][0]["text"], "Unsent");
    assert_eq!(stage.call(Method::GET, &place, Some(&ben.access), None).await.0, 403);
});

both!(an_invitation_counts_once_for_one_address_from_somebody_who_may, |store| {
    let stage = Stage::new(store).await;
    let [ada_mail, ben_mail, eve_mail] = ["ada", "ben", "eve"].map(address);
    let Some(ada) = stage.register(&ada_mail, PASSWORD).await else { return };
    let ben = stage.register(&ben_mail, PASSWORD).await.unwrap();
    let eve = stage.register(&eve_mail, PASSWORD).await.unwrap();
    found(&stage, &ada).await;
    assert_eq!(invite(&stage, &eve, &eve_mail, "owner").await.0, 404, "the organisation of others is like none");
    assert_eq!(invite(&stage, &ada, "nobody", "creator").await.0, 422);
    assert_eq!(invite(&stage, &ada, &ben_mail, "king").await.0, 422);
    let (_, invited) = invite(&stage, &ada, &ben_mail, "administrator").await;
    let first = code(&stage, &ben_mail).await;
    assert_eq!(accept(&stage, &eve, &first).await.0, 404, "it was sent to somebody else");
    let list = format!("/v1/orgs/{ORG}/invitations");
    let (_, open) = stage.call(Method::GET, &list, Some(&ada.access), None).await;
    assert_eq!(open["invitations"][0]["id"], invited["id"]);
    let one = format!("{list}/{}", invited["id"].as_str().unwrap());
    assert_eq!(stage.call(Method::DELETE, &one, Some(&eve.access), None).await.0, 404);
    assert_eq!(stage.call(Method::DELETE, &one, Some(&ada.access), None).await.0, 204);
    assert_eq!(accept(&stage, &ben, &first).await.0, 404, "it was taken back");
    // an administrator invites no owner
    invite(&stage, &ada, &ben_mail, "administrator").await;
    let second = until("the second invitation", async || {
        let found = code(&stage, &ben_mail).await;
        (found != first).then_some(found)
    })
    .await;
    assert_eq!(accept(&stage, &ben, &second).await.0, 200);
    assert_eq!(invite(&stage, &ben, &eve_mail, "owner").await.0, 403);
    // a link that was not needed lets nobody back in
    invite(&stage, &ada, &ben_mail, "administrator").await;
    let unused = until("the third invitation", async || {
        let found = code(&stage, &ben_mail).await;
        (found != second).then_some(found)
    })
    .await;
    assert_eq!(accept(&stage, &ben, &unused).await.0, 200, "a member already");
    // who was invited by somebody who is gone by then is not let in
    invite(&stage, &ben, &eve_mail, "creator").await;
    let third = code(&stage, &eve_mail).await;
    let person = domain::id::PersonId::new(ben.person.parse().unwrap());
    push(&stage, &ada, 1, 1, &[Mutation::RemoveMember { person }]).await;
    assert_eq!(accept(&stage, &eve, &third).await.0, 404);
    assert_eq!(pull(&stage, &eve, 3, None).await.0, 403);
    for used in [&second, &unused] {
        assert_eq!(accept(&stage, &ben, used).await.0, 404, "removed since");
    }
    assert_eq!(pull(&stage, &ben, 2, None).await.0, 403);
});

both!(what_the_ledger_refuses_is_told_by_its_code, |store| {
    let stage = Stage::new(store).await;
    let Some(ada) = stage.register(&address("ada"), PASSWORD).await else { return };
    found(&stage, &ada).await;
    let create = |n: u128| [Mutation::CreatePost { post: PostId::new(id(n)), draft: draft("Hello") }];
    let (status, gap) = push(&stage, &ada, 1, 2, &create(7)).await;
    assert_eq!((status, gap["code"].as_str(), gap["expected"].as_u64()), (409, Some("gap"), Some(1)));
    assert_eq!(push(&stage, &ada, 1, 1, &create(7)).await.0, 200);
    assert_eq!(push(&stage, &ada, 1, 1, &create(7)).await.1["results"][0]["s"], "applied", "the same again");
    let (status, fork) = push(&stage, &ada, 1, 1, &create(8)).await;
    assert_eq!((status, fork["code"].as_str()), (409, Some("fork_detected")));
    let (status, rejected) = push(&stage, &ada, 1, 2, &create(7)).await;
    assert_eq!((status, rejected["results"][0]["code"].as_str()), (200, Some("exists")));
    let place = format!("/v1/orgs/{ORG}/push");
    assert_eq!(stage.call(Method::POST, &place, Some(&ada.access), Some(json!({ "role": "owner" }))).await.0, 422);
    assert_eq!(stage.call(Method::POST, &place, None, Some(json!({}))).await.0, 401);
    let other = "/v1/orgs/0199aaaa-0000-7000-8000-00000000000b/pull";
    let body = json!({ "client": id(1), "cursor": null, "seen_n": 0, "limit": 100 });
    assert_eq!(stage.call(Method::POST, other, Some(&ada.access), Some(body)).await.1["code"], "access_revoked");
});

both!(what_a_person_sent_is_taken_back_when_their_sign_ins_are_ended_for_a_reason, |store| {
    let stage = Stage::new(store).await;
    let [ada_mail, ben_mail, eve_mail] = ["ada", "ben", "eve"].map(address);
    let Some(ada) = stage.register(&ada_mail, PASSWORD).await else { return };
    let mut ben = stage.register(&ben_mail, PASSWORD).await.unwrap();
    let eve = stage.register(&eve_mail, PASSWORD).await.unwrap();
    found(&stage, &ada).await;
    invite(&stage, &ada, &ben_mail, "administrator").await;
    accept(&stage, &ben, &code(&stage, &ben_mail).await).await;
    let mut before = String::new();
    for round in 0..4 {
        assert_eq!(invite(&stage, &ben, &eve_mail, "creator").await.0, 200);
        let sent = until("the next invitation", async || {
            let found = code(&stage, &eve_mail).await;
            (found != before).then_some(found)
        })
        .await;
        match round {
            // somebody has a copy of a refresh token
            0 => {
                let copied = ben.refresh.clone();
                assert_eq!(ben.renew(&stage).await, 200);
                assert_eq!(ben.renew(&stage).await, 200);
                assert_eq!(ben.renew_with(&stage, &copied).await.0, 400);
            }
            1 => {
                let everywhere = stage.call(Method::POST, "/v1/sign-out-everywhere", Some(&ben.access), None).await;
                assert_eq!(everywhere.0, 204);
            }
            2 => {
                let device = format!("/v1/devices/{}", ben.id);
                assert_eq!(stage.call(Method::DELETE, &device, Some(&ben.access), None).await.0, 204);
            }
            _ => {
                let body = json!({ "current_password": PASSWORD, "new_password": "a wholly different sentence" });
                assert_eq!(stage.call(Method::POST, "/v1/me/password", Some(&ben.access), Some(body)).await.0, 204);
            }
        }
        assert_eq!(accept(&stage, &eve, &sent).await.0, 404, "round {round}");
        before = sent;
        if round < 3 {
            ben = crate::stage::Device::new("Laptop").sign_in(&stage, &ben_mail, PASSWORD).await;
        }
    }
    // a plain sign-out takes nothing back
    assert_eq!(invite(&stage, &ben, &eve_mail, "creator").await.0, 200);
    let last = until("the last invitation", async || {
        let found = code(&stage, &eve_mail).await;
        (found != before).then_some(found)
    })
    .await;
    assert_eq!(stage.call(Method::POST, "/v1/sign-out", Some(&ben.access), None).await.0, 204);
    assert_eq!(accept(&stage, &eve, &last).await.0, 200);
});

both!(a_member_is_not_pushed_in, |store| {
    let stage = Stage::new(store).await;
    let [ada_mail, eve_mail] = ["ada", "eve"].map(address);
    let Some(ada) = stage.register(&ada_mail, PASSWORD).await else { return };
    let eve = stage.register(&eve_mail, PASSWORD).await.unwrap();
    found(&stage, &ada).await;
    let person = domain::id::PersonId::new(eve.person.parse().unwrap());
    let (role, personas) = (domain::team::Role::Creator, domain::team::Personas::All);
    let add = Mutation::AddMember { person, name: "Eve".into(), role, personas };
    let (status, reply) = push(&stage, &ada, 1, 1, &[add]).await;
    assert_eq!((status, reply["results"][0]["code"].as_str()), (200, Some("not_permitted")), "{reply}");
    assert_eq!(pull(&stage, &eve, 2, None).await.0, 403);
});
