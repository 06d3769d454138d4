//! Bounds: what one person can take from the others, and what one request can take of memory.

use std::sync::Arc;

use domain::team::{Personas, Role};
use domain::{Mutation, Scope};
use ledger::store::{After, Page};
use ledger::{Ledger, Limits};
use wire::Fault;
use wire::pull::Pull;
use wire::push::{Answer, PushReply};

use crate::desk::{ADA, BEN, CARA, Desk, Laptop, create, draft, fresh, on_all_stores, person, post};

on_all_stores!(
    many_databases_are_no_more_turns,
    what_waits_is_bounded_for_each_person,
    a_page_is_cut_where_it_is_read,
    nobody_pushes_a_member,
);

fn last(reply: &PushReply) -> u64 {
    match reply.results.last().unwrap().answer {
        Answer::Applied { seq } => seq,
        ref other => panic!("{other:?}"),
    }
}

/// Ada sends from ten databases at once, Ben one change from one.
async fn many_databases_are_no_more_turns(desk: Desk) {
    let limits = Limits { batch: 16, share: 8, ..Limits::default() };
    let ledger = Ledger::with(Arc::clone(&desk.store), limits, domain::apply);
    let mut pushes = Vec::new();
    for _ in 0..10 {
        let mut laptop = Laptop::of(ADA);
        let many: Vec<_> = (0..40).map(|_| laptop.seal(&create(post(), None))).collect();
        pushes.push((ADA, laptop.push(many)));
    }
    let mut ben = Laptop::of(BEN);
    let one = ben.seal(&create(post(), None));
    pushes.push((BEN, ben.push(vec![one])));
    // all wait before the first transaction can begin
    let held = desk.store.write(desk.org).await.unwrap();
    let all = pushes.into_iter().map(|(who, push)| ledger.push(desk.org, person(who), push));
    let mut all = std::pin::pin!(futures::future::join_all(all));
    assert!(futures::poll!(all.as_mut()).is_pending());
    drop(held);
    let replies: Vec<PushReply> = all.await.into_iter().map(Result::unwrap).collect();
    let before = desk.head().await.seq - 401;
    // in the transaction behind the one that Ada's took alone, not behind all ten of hers
    let place = last(replies.last().unwrap()) - before;
    assert!(place <= 16 + 16, "{place}");
    assert_eq!(replies.iter().map(last).max().unwrap(), before + 401);
    desk.audit().await;
}

async fn what_waits_is_bounded_for_each_person(desk: Desk) {
    let limits = Limits { waiting_bytes_of_person: 200_000, ..Limits::default() };
    let ledger = Ledger::with(Arc::clone(&desk.store), limits, domain::apply);
    let push = |who: u128| {
        let mut laptop = Laptop::of(who);
        let large = Mutation::CreatePost { post: post(), draft: draft(&"x".repeat(50_000), None) };
        let sealed = laptop.seal(&large);
        (who, laptop.push(vec![sealed]))
    };
    let mut pushes: Vec<_> = (0..20).map(|_| push(ADA)).collect();
    pushes.push(push(BEN));
    let held = desk.store.write(desk.org).await.unwrap();
    let all = pushes.into_iter().map(|(who, push)| ledger.push(desk.org, person(who), push));
    let mut all = std::pin::pin!(futures::future::join_all(all));
    assert!(futures::poll!(all.as_mut()).is_pending());
    drop(held);
    let mut replies = all.await;
    assert!(replies.pop().unwrap().is_ok(), "what others send takes no place of Ben's");
    let taken = replies.iter().filter(|reply| reply.is_ok()).count();
    assert_eq!(taken, 3, "of 50 kB each within 200 kB");
    let busy = |reply: &Result<PushReply, Fault>| matches!(reply, Err(Fault::Busy { .. }));
    assert!(replies.iter().filter(|reply| reply.is_err()).all(busy));
    let (who, again) = push(ADA);
    assert!(ledger.push(desk.org, person(who), again).await.is_ok(), "once those are answered there is room");
}

async fn a_page_is_cut_where_it_is_read(mut desk: Desk) {
    for _ in 0..12 {
        desk.does(&Mutation::CreatePost { post: post(), draft: draft(&"x".repeat(30_000), None) }).await;
    }
    let all = Page { rows: 1_000, bytes: 100_000 };
    let mut tx = desk.store.read(desk.org).await.unwrap();
    let places = [(Scope::Organisation, After { q: 0, key: None })];
    let (mut seen, mut place) = (0, places[0].1);
    loop {
        let rows = tx.rows_after(&[(Scope::Organisation, place)], all).await.unwrap();
        let Some(last) = rows.last() else { break };
        let size: usize = rows.iter().map(|row| row.data.len()).sum();
        assert!(size < 100_000 + 40_000, "{size}");
        (seen, place) = (seen + rows.len(), After { q: last.q, key: Some(last.key) });
    }
    let (mut by_key, mut after) = (0, None);
    loop {
        let rows = tx.rows_by_key(&[Scope::Organisation], after, all).await.unwrap();
        let Some(last) = rows.last() else { break };
        let size: usize = rows.iter().map(|row| row.data.len()).sum();
        assert!(size < 100_000 + 40_000, "{size}");
        (by_key, after) = (by_key + rows.len(), Some(last.key));
    }
    let whole = tx.rows_after(&places, Page::ALL).await.unwrap();
    assert_eq!((seen, by_key), (whole.len(), whole.len()));
    assert_eq!(tx.rows_after(&places, Page { rows: 3, bytes: 1 << 40 }).await.unwrap(), whole[..3]);
    drop(tx);
    // and a pull ends with all of it
    let (mut cursor, mut pulled) = (None, 0);
    loop {
        let pull = Pull { client: fresh(), cursor, seen_n: 0, limit: 1_000 };
        let reply = desk.ledger.pull(desk.org, person(ADA), pull).await.unwrap();
        pulled += reply.rows.iter().filter(|row| row.scope == Scope::Organisation).count();
        if reply.complete {
            break;
        }
        cursor = Some(reply.cursor);
    }
    assert_eq!(pulled, whole.len());
}

async fn nobody_pushes_a_member(desk: Desk) {
    let eve = person(70);
    let add = |personas| Mutation::AddMember { person: eve, name: "Eve".into(), role: Role::Creator, personas };
    for who in [ADA, BEN, CARA] {
        let answer = desk.tries(&mut Laptop::of(who), &add(Personas::All)).await;
        assert!(matches!(&answer, Answer::Rejected { code, .. } if code == "not_permitted"), "{answer:?}");
    }
    assert_eq!(desk.ledger.member(desk.org, eve).await.unwrap_err(), Fault::AccessRevoked);
    let admitted =
        || ledger::Admitted { person: eve, name: "Eve".into(), role: Role::Creator, personas: Personas::All };
    let refused = desk.ledger.admit(desk.org, person(CARA), fresh(), admitted(), jiff::Timestamp::UNIX_EPOCH).await;
    assert!(matches!(&refused.unwrap().results[0].answer, Answer::Rejected { code, .. } if code == "not_permitted"));
    let invitation = fresh();
    for _ in 0..2 {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let reply = desk.ledger.admit(desk.org, person(BEN), invitation, admitted(), at).await.unwrap();
        assert!(matches!(reply.results[0].answer, Answer::Applied { .. }), "{reply:?}");
    }
    assert_eq!(desk.ledger.member(desk.org, eve).await.unwrap().role, Role::Creator);
    desk.audit().await;
}
