//! What one client after the other meets.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::id::{CommentId, OrganisationId};
use domain::team::{Personas, Role};
use domain::{Context, Key, Mutation, Reject, Step, WorkingSet, WriteSet};
use ledger::store::MemoryStore;
use ledger::{Admitted, Ledger, Limits};
use wire::Fault;
use wire::bootstrap::Line;
use wire::pull::Pull;
use wire::push::{Answer, Base, Envelope};
use wire::quarantine::Quarantine;

use crate::desk::{
    ADA, BAKERY, BEN, CAFE, CARA, Desk, Laptop, create, draft, edit, fresh, new_text, noon, on_all_stores, person, post,
};
use crate::replica::Replica;

on_all_stores!(
    a_retry_is_answered_from_memory_and_changes_nothing,
    numbers_that_were_used_for_something_else_are_a_fork,
    a_gap_is_told_and_nothing_is_done,
    what_was_applied_under_another_identity_is_not_applied_again,
    a_refusal_is_an_answer_and_stands_in_nobodys_way,
    somebody_who_was_removed_is_refused_and_what_they_had_is_kept,
    a_removal_counts_from_its_number_on,
    nobody_uses_the_database_of_somebody_else,
    another_organisation_is_like_one_that_is_not_there,
    a_restored_server_and_another_history_are_told,
    a_newer_mutation_waits_with_all_behind_it,
    results_come_with_a_pull,
    a_bootstrap_is_all_that_is_held_and_a_pull_goes_on_from_it,
    old_exits_are_swept_and_older_cursors_start_anew,
    who_listens_is_told,
    comments_and_deliveries_move_with_their_post,
    an_organisation_is_founded_once,
);

async fn a_retry_is_answered_from_memory_and_changes_nothing(desk: Desk) {
    let mut ada = Laptop::of(ADA);
    let post = post();
    let sent = vec![
        ada.seal(&create(post, None)),
        ada.seal(&create(post, None)),
        ada.seal(&edit(post, 1, new_text(None), "Rye.", None)),
    ];
    let first = desk.push(&ada, sent.clone()).await.unwrap();
    let head = desk.head().await;
    let second = desk.push(&ada, sent.clone()).await.unwrap();
    assert_eq!((&first.results, first.last_n), (&second.results, second.last_n));
    assert_eq!(desk.head().await, head);
    assert!(
        matches!(first.results[1].answer, Answer::Rejected { ref code, .. } if code == "exists"),
        "also of what was refused"
    );
    // the answer to the first part got lost, and there is more by now
    let more = ada.seal(&edit(post, 2, draft("Rye.", None), "Rye bread.", None));
    let reply = desk.push(&ada, [&sent[1..], std::slice::from_ref(&more)].concat()).await.unwrap();
    assert_eq!(reply.results.iter().map(|one| one.n).collect::<Vec<_>>(), [2, 3, 4]);
    assert_eq!(reply.results[..2], first.results[1..]);
    assert_eq!(reply.results[2].answer, Answer::Applied { seq: head.seq + 1 });
    desk.audit().await;
}

async fn numbers_that_were_used_for_something_else_are_a_fork(desk: Desk) {
    let mut ada = Laptop::of(ADA);
    let before = ada.clone();
    let sent = [ada.seal(&create(post(), None)), ada.seal(&create(post(), None))];
    desk.push(&ada, sent.to_vec()).await.unwrap();
    let head = desk.head().await;
    // a copy of the database from before goes on
    let mut copy = before;
    let other =
        vec![copy.seal(&create(post(), None)), copy.seal(&create(post(), None)), copy.seal(&create(post(), None))];
    assert_eq!(desk.push(&copy, other).await.unwrap_err(), Fault::ForkDetected { n: 1 });
    // the same bytes under another id are another mutation
    let again = Envelope { mid: fresh(), ..sent[1].clone() };
    assert_eq!(desk.push(&copy, vec![sent[0].clone(), again]).await.unwrap_err(), Fault::ForkDetected { n: 2 });
    // the id of a mutation stands for its bytes, also under another number
    let mut third = Laptop::of(ADA);
    let stolen = Envelope { mid: sent[0].mid, ..third.seal(&create(post(), None)) };
    assert_eq!(desk.push(&third, vec![stolen]).await.unwrap_err(), Fault::ForkDetected { n: 1 });
    assert_eq!(desk.head().await, head);
}

async fn a_gap_is_told_and_nothing_is_done(desk: Desk) {
    let mut ada = Laptop::of(ADA);
    desk.tries(&mut ada, &create(post(), None)).await;
    let head = desk.head().await;
    ada.n += 1;
    let behind = ada.seal(&create(post(), None));
    assert_eq!(desk.push(&ada, vec![behind.clone()]).await.unwrap_err(), Fault::Gap { expected: 2 });
    let holes = vec![Envelope { n: 2, ..behind.clone() }, Envelope { n: 4, ..behind.clone() }];
    assert!(matches!(desk.push(&ada, holes).await.unwrap_err(), Fault::Malformed { n: Some(4), .. }));
    let many = (2..).take(257).map(|n| Envelope { n, mid: fresh(), ..behind.clone() }).collect();
    assert_eq!(desk.push(&ada, many).await.unwrap_err(), Fault::TooLarge { limit: 256 });
    assert_eq!(desk.head().await, head);
}

async fn what_was_applied_under_another_identity_is_not_applied_again(desk: Desk) {
    let mut old = Laptop::of(ADA);
    let sent: Vec<Envelope> = (0..3).map(|_| old.seal(&create(post(), None))).collect();
    let first = desk.push(&old, sent[..2].to_vec()).await.unwrap();
    let mut new = Laptop::of(ADA);
    let more = new.seal(&create(post(), None));
    let renumbered = [&[more][..], &sent].concat();
    let renumbered: Vec<Envelope> = (1..).zip(renumbered).map(|(n, one)| Envelope { n, ..one }).collect();
    let head = desk.head().await.seq;
    let reply = desk.push(&new, renumbered.clone()).await.unwrap();
    let answers: Vec<_> = reply.results.iter().map(|one| one.answer.clone()).collect();
    assert_eq!(answers[1..3], first.results.iter().map(|one| one.answer.clone()).collect::<Vec<_>>());
    assert_eq!((&answers[0], &answers[3]), (&Answer::Applied { seq: head + 1 }, &Answer::Applied { seq: head + 2 }));
    assert_eq!(desk.push(&new, renumbered).await.unwrap().results, reply.results, "and that is remembered as well");
    desk.audit().await;
}

async fn a_refusal_is_an_answer_and_stands_in_nobodys_way(desk: Desk) {
    let mut cara = Laptop::of(CARA);
    let (hers, theirs) = (post(), post());
    let rename = Mutation::RenameOrganisation { name: "Hers".into() };
    let sent = vec![cara.seal(&rename), cara.seal(&create(theirs, Some(CAFE))), cara.seal(&create(hers, Some(BAKERY)))];
    let reply = desk.push(&cara, sent).await.unwrap();
    let code = |answer: &Answer| match answer {
        Answer::Rejected { code, .. } => code.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(code(&reply.results[0].answer), "not_permitted");
    assert_eq!(code(&reply.results[1].answer), "not_found");
    assert!(matches!(reply.results[2].answer, Answer::Applied { .. }));
    assert_eq!(reply.last_n, 3);
    let broken = serde_json::value::RawValue::from_string(r#"{"mutation":"delete_post"}"#.into()).unwrap();
    let broken = Envelope { body: broken, ..cara.seal(&rename) };
    assert!(matches!(desk.push(&cara, vec![broken]).await.unwrap_err(), Fault::Malformed { n: Some(4), .. }));
    assert_eq!(desk.audit().await, desk.head().await.seq);
}

async fn somebody_who_was_removed_is_refused_and_what_they_had_is_kept(mut desk: Desk) {
    let mut cara = Laptop::of(CARA);
    let mut copy = Replica::of(CARA);
    desk.tries(&mut cara, &create(post(), Some(BAKERY))).await;
    copy.catch_up(&desk, 3).await;
    desk.does(&Mutation::RemoveMember { person: person(CARA) }).await;
    let unsent = cara.seal(&create(post(), Some(BAKERY)));
    let head = desk.head().await;
    assert_eq!(desk.push(&cara, vec![unsent.clone()]).await.unwrap_err(), Fault::AccessRevoked);
    assert_eq!(copy.page(&desk, 3).await.unwrap_err(), Fault::AccessRevoked);
    assert_eq!(
        desk.ledger.bootstrap(desk.org, person(CARA), &Default::default()).await.unwrap_err(),
        Fault::AccessRevoked
    );
    assert_eq!(desk.ledger.member(desk.org, person(CARA)).await.unwrap_err(), Fault::AccessRevoked);
    let upload = Quarantine { client: cara.client, mutations: vec![unsent] };
    let id = fresh();
    for _ in 0..2 {
        desk.ledger.quarantine(desk.org, person(CARA), id, &upload).await.unwrap();
    }
    let stranger = desk.ledger.quarantine(desk.org, person(77), fresh(), &upload).await;
    assert_eq!(stranger.unwrap_err(), Fault::AccessRevoked);
    assert_eq!(desk.head().await, head, "kept, not applied");
    let kept = desk.ledger.quarantined(desk.org, person(BEN), None).await.unwrap();
    assert_eq!(kept.iter().map(|row| (row.id, row.person)).collect::<Vec<_>>(), [(id, person(CARA))]);
    assert!(desk.ledger.quarantined(desk.org, person(CARA), None).await.is_err());
    assert_eq!(
        desk.ledger.quarantined(desk.org, person(BEN), Some(id)).await.unwrap(),
        [],
        "behind the last there is none"
    );
    for _ in 1..wire::quarantine::UPLOADS_MAX {
        // however many databases they say to have
        let upload = Quarantine { client: fresh(), ..upload.clone() };
        desk.ledger.quarantine(desk.org, person(CARA), fresh(), &upload).await.unwrap();
    }
    let upload = Quarantine { client: fresh(), ..upload };
    let (mut listed, mut after) = (0, None);
    loop {
        let some = desk.ledger.quarantined(desk.org, person(BEN), after).await.unwrap();
        let Some(last) = some.last() else { break };
        (listed, after) = (listed + some.len() as u64, Some(last.id));
    }
    assert_eq!(listed, wire::quarantine::UPLOADS_MAX);
    let one_more = desk.ledger.quarantine(desk.org, person(CARA), fresh(), &upload).await;
    assert!(matches!(one_more, Err(Fault::Busy { .. })));
}

/// The same push before and after, in one batch and in two.
async fn a_removal_counts_from_its_number_on(mut desk: Desk) {
    let mut ben = Laptop::of(BEN);
    let role = Role::Owner;
    desk.does(&Mutation::ChangeRole { person: person(BEN), role }).await;
    // he removes himself in the middle of what he sends
    let sent = vec![ben.seal(&create(post(), None)), ben.seal(&Mutation::Leave), ben.seal(&create(post(), None))];
    let head = desk.head().await.seq;
    assert_eq!(desk.push(&ben, sent).await.unwrap_err(), Fault::AccessRevoked);
    assert_eq!(desk.head().await.seq, head + 2);
    desk.admit(Admitted { person: person(BEN), name: "Ben".into(), role: Role::Creator, personas: Personas::All })
        .await;
    ben.n -= 1;
    let answer = desk.tries(&mut ben, &create(post(), None)).await;
    assert_eq!(answer, Answer::Applied { seq: head + 4 }, "the numbers go on where they were");
}

async fn nobody_uses_the_database_of_somebody_else(desk: Desk) {
    let mut ada = Laptop::of(ADA);
    desk.tries(&mut ada, &create(post(), None)).await;
    let mut forged = Laptop { person: CARA, ..ada.clone() };
    let next = forged.seal(&create(post(), Some(BAKERY)));
    assert_eq!(desk.push(&forged, vec![next]).await.unwrap_err(), Fault::ForkDetected { n: 2 });
    let pull = Pull { client: ada.client, cursor: None, seen_n: 0, limit: 10 };
    assert_eq!(desk.ledger.pull(desk.org, person(CARA), pull).await.unwrap_err(), Fault::ForkDetected { n: 1 });
    let own = Laptop { client: desk.org.uuid(), ..Laptop::of(ADA) };
    assert_eq!(desk.push(&own, Vec::new()).await.unwrap_err(), Fault::ForkDetected { n: 1 });
}

async fn another_organisation_is_like_one_that_is_not_there(desk: Desk) {
    let other = OrganisationId::new(fresh());
    desk.ledger.found(other, fresh(), person(50), "Theirs".into(), "Eve".into(), noon()).await.unwrap();
    let nowhere = OrganisationId::new(fresh());
    let mut ada = Laptop::of(ADA);
    let sealed = ada.clone().seal(&create(post(), None));
    for org in [other, nowhere] {
        let push = ada.push(vec![sealed.clone()]);
        assert_eq!(desk.ledger.push(org, person(ADA), push).await.unwrap_err(), Fault::AccessRevoked);
        let pull = Pull { client: ada.client, cursor: None, seen_n: 0, limit: 10 };
        assert_eq!(desk.ledger.pull(org, person(ADA), pull).await.unwrap_err(), Fault::AccessRevoked);
    }
    // the id of a post of Ada's is a random id there, and a cursor of hers leads nowhere
    let mine = post();
    assert!(matches!(desk.tries(&mut ada, &create(mine, None)).await, Answer::Applied { .. }));
    let mut eve = Laptop::of(50);
    let delete = eve.seal(&Mutation::DeletePost { post: mine });
    let reply = desk.ledger.push(other, person(50), eve.push(vec![delete])).await.unwrap();
    assert!(matches!(&reply.results[0].answer, Answer::Rejected { code, .. } if code == "not_found"));
    let mut copy = Replica::of(ADA);
    copy.catch_up(&desk, 100).await;
    let pull = Pull { client: eve.client, cursor: copy.cursor, seen_n: 0, limit: 10 };
    assert!(desk.ledger.pull(other, person(50), pull).await.is_err());
}

async fn a_restored_server_and_another_history_are_told(mut desk: Desk) {
    let mut copy = Replica::of(ADA);
    copy.catch_up(&desk, 100).await;
    let base = desk.head().await;
    desk.does(&create(post(), None)).await;
    let mut ada = Laptop::of(ADA);
    let mut push = |epoch, base, n: u64| {
        let sealed = ada.seal(&create(post(), None));
        let sealed = Envelope { n, ..sealed };
        wire::push::Push { client: ada.client, epoch, base, mutations: vec![sealed] }
    };
    let ledger = &desk.ledger;
    ledger.push(desk.org, person(ADA), push(Some(desk.epoch), Some(base), 1)).await.unwrap();
    let wrong = Base { chain: wire::Digest([7; 32]), ..base };
    let refused = ledger.push(desk.org, person(ADA), push(Some(desk.epoch), Some(wrong), 2)).await;
    assert_eq!(refused.unwrap_err(), Fault::HistoryDiverged);
    let ahead = Base { seq: 1_000, ..base };
    let refused = ledger.push(desk.org, person(ADA), push(None, Some(ahead), 2)).await;
    assert_eq!(refused.unwrap_err(), Fault::HistoryDiverged);
    let epoch = fresh();
    ledger.begin_epoch(desk.org, epoch).await.unwrap();
    let refused = ledger.push(desk.org, person(ADA), push(Some(desk.epoch), Some(base), 2)).await;
    assert_eq!(refused.unwrap_err(), Fault::EpochChanged { epoch, last_n: 1 });
    assert_eq!(copy.page(&desk, 10).await.unwrap_err(), Fault::EpochChanged { epoch, last_n: 0 });
}

async fn a_newer_mutation_waits_with_all_behind_it(desk: Desk) {
    let mut ada = Laptop::of(ADA);
    let first = ada.seal(&create(post(), None));
    let newer = serde_json::value::RawValue::from_string(r#"{"mutation":"teleport"}"#.into()).unwrap();
    let newer = Envelope { body: newer, ..ada.seal(&Mutation::Leave) };
    let last = ada.seal(&create(post(), None));
    let reply = desk.push(&ada, vec![first, newer, last]).await.unwrap();
    let answers: Vec<_> = reply.results.iter().map(|one| (one.n, matches!(one.answer, Answer::RetryLater))).collect();
    assert_eq!(answers, [(1, false), (2, true), (3, true)]);
    assert_eq!(reply.last_n, 1);
    assert!(reply.server_is_older);
}

async fn results_come_with_a_pull(desk: Desk) {
    let mut ada = Laptop::of(ADA);
    let known = post();
    let sent = vec![ada.seal(&create(known, None)), ada.seal(&create(known, None)), ada.seal(&create(post(), None))];
    let reply = desk.push(&ada, sent).await.unwrap();
    let pull = |seen_n| Pull { client: ada.client, cursor: None, seen_n, limit: 10 };
    let seen = desk.ledger.pull(desk.org, person(ADA), pull(1)).await.unwrap();
    assert_eq!((seen.last_n, &seen.results[..]), (3, &reply.results[1..]));
    assert!(desk.ledger.pull(desk.org, person(ADA), pull(3)).await.unwrap().results.is_empty());
}

async fn a_bootstrap_is_all_that_is_held_and_a_pull_goes_on_from_it(mut desk: Desk) {
    for speaker in [None, Some(BAKERY), Some(CAFE)] {
        for _ in 0..20 {
            desk.does(&create(post(), speaker)).await;
        }
    }
    for number in [ADA, CARA] {
        let mut stream = desk.ledger.bootstrap(desk.org, person(number), &Default::default()).await.unwrap();
        let mut copy = Replica::of(number);
        let mut ended = false;
        while let Some(lines) = stream.next().await.unwrap() {
            for line in lines {
                assert!(!ended, "the end is the end");
                match line {
                    Line::Begin { seq, chain, .. } => assert_eq!(Base { seq, chain }, desk.head().await),
                    Line::Row(row) => drop(copy.rows.insert(row.key, (row.scope, row.q, row.d.get().to_owned()))),
                    Line::End { count, cursor, .. } => {
                        assert_eq!(count, copy.rows.len() as u64);
                        copy.cursor = Some(cursor);
                        ended = true;
                    }
                }
            }
        }
        assert!(ended);
        drop(stream);
        copy.agrees(&desk).await;
        desk.does(&create(post(), Some(BAKERY))).await;
        copy.catch_up(&desk, 2).await;
    }
}

async fn old_exits_are_swept_and_older_cursors_start_anew(mut desk: Desk) {
    let moved = post();
    desk.does(&create(moved, Some(BAKERY))).await;
    let mut cara = Replica::of(CARA);
    cara.catch_up(&desk, 100).await;
    let before = cara.clone();
    desk.does(&edit(moved, 1, new_text(Some(BAKERY)), "Coffee.", Some(CAFE))).await;
    cara.catch_up(&desk, 100).await;
    assert!(!cara.rows.contains_key(&Key::Post(moved)));
    assert_eq!(desk.ledger.sweep(desk.org, jiff::Timestamp::MIN).await.unwrap(), 0, "nothing is that old");
    assert_eq!(desk.ledger.sweep(desk.org, jiff::Timestamp::MAX).await.unwrap(), 1);
    assert_eq!(before.clone().page(&desk, 10).await.unwrap_err(), Fault::CursorExpired);
    cara.catch_up(&desk, 100).await;
    let mut new = Replica::of(CARA);
    new.catch_up(&desk, 1).await;
}

async fn who_listens_is_told(desk: Desk) {
    let mut seen = desk.ledger.hub().subscribe(desk.org);
    // another process, with a hub of its own
    let other = Ledger::new(Arc::clone(&desk.store));
    let mut far = other.hub().subscribe(desk.org);
    let mut ada = Laptop::of(ADA);
    desk.tries(&mut ada, &create(post(), None)).await;
    let seq = desk.head().await.seq;
    assert_eq!(*seen.borrow_and_update(), seq, "told before the answer");
    let poll = other.hub().poll(other.store(), std::time::Duration::from_millis(5));
    tokio::select! {
        () = poll => unreachable!(),
        told = far.wait_for(|told| *told == seq) => drop(told.unwrap()),
    }
    drop(seen);
    assert!(desk.ledger.hub().listened().is_empty());
}

async fn comments_and_deliveries_move_with_their_post(mut desk: Desk) {
    let moved = post();
    desk.does(&create(moved, Some(BAKERY))).await;
    let comments: Vec<CommentId> = (0..3).map(|_| CommentId::new(fresh())).collect();
    let say =
        |comment| Mutation::AddComment { comment, post: moved, text: "Shorter".into(), anchor: None, reply_to: None };
    for comment in &comments[..2] {
        desk.does(&say(*comment)).await;
    }
    let (mut cara, mut ada) = (Replica::of(CARA), Replica::of(ADA));
    cara.catch_up(&desk, 2).await;
    ada.catch_up(&desk, 2).await;
    assert!(cara.rows.contains_key(&Key::Comment(comments[0])));
    // one more in the same batch as the move, and one answer after it
    let mut laptop = desk.ada.clone();
    let sent = vec![
        laptop.seal(&say(comments[2])),
        laptop.seal(&edit(moved, 1, new_text(Some(BAKERY)), "Coffee", Some(CAFE))),
    ];
    desk.push(&laptop, sent).await.unwrap();
    desk.ada = laptop;
    cara.catch_up(&desk, 1).await;
    ada.catch_up(&desk, 1).await;
    assert!(comments.iter().all(|comment| !cara.rows.contains_key(&Key::Comment(*comment))));
    assert!(comments.iter().all(|comment| ada.rows.contains_key(&Key::Comment(*comment))));
    desk.does(&edit(moved, 2, draft("Coffee", Some(CAFE)), "Rye", Some(BAKERY))).await;
    cara.catch_up(&desk, 1).await;
    assert!(comments.iter().all(|comment| cara.rows.contains_key(&Key::Comment(*comment))));
    desk.audit().await;
}

async fn an_organisation_is_founded_once(desk: Desk) {
    let again = |owner| desk.ledger.found(desk.org, fresh(), owner, "Bread and coffee".into(), "Ada".into(), noon());
    let head = desk.head().await;
    assert_eq!(again(person(ADA)).await.unwrap().results[0].answer, Answer::Applied { seq: 1 });
    assert!(again(person(50)).await.is_err());
    assert_eq!(desk.head().await, head);
}

static PANICS: AtomicU32 = AtomicU32::new(0);

/// Rules with a fault in one of them.
fn poisoned(context: &Context, set: &WorkingSet, mutation: &Mutation) -> Step<Result<WriteSet, Reject>> {
    if matches!(mutation, Mutation::RenameOrganisation { .. }) && PANICS.load(Ordering::Relaxed) == 1 {
        panic!("a fault in a rule");
    }
    domain::apply(context, set, mutation)
}

#[tokio::test]
async fn a_panic_in_a_rule_stops_one_client_and_nobody_else() {
    let store: Arc<dyn ledger::store::OrgStore> = Arc::new(MemoryStore::default());
    let ledger = Ledger::with(Arc::clone(&store), Limits::default(), poisoned);
    let desk = Desk::judged_by(ledger, store, None).await;
    PANICS.store(1, Ordering::Relaxed);
    let (mut ada, mut ben) = (Laptop::of(ADA), Laptop::of(BEN));
    let rename = Mutation::RenameOrganisation { name: "Rye and more".into() };
    let sent = vec![ada.seal(&create(post(), None)), ada.seal(&rename), ada.seal(&create(post(), None))];
    let other = vec![ben.seal(&create(post(), None)), ben.seal(&create(post(), None))];
    let (hers, his) = tokio::join!(desk.push(&ada, sent.clone()), desk.push(&ben, other));
    let hers = hers.unwrap();
    assert!(matches!(hers.results[0].answer, Answer::Applied { .. }));
    assert_eq!(hers.results[1..].iter().map(|one| &one.answer).collect::<Vec<_>>(), [&Answer::RetryLater; 2]);
    assert!(!hers.server_is_older, "it is a fault of the server, and not its age");
    assert!(his.unwrap().results.iter().all(|one| matches!(one.answer, Answer::Applied { .. })));
    // repaired
    PANICS.store(0, Ordering::Relaxed);
    let reply = desk.push(&ada, sent).await.unwrap();
    assert!(reply.results.iter().all(|one| matches!(one.answer, Answer::Applied { .. })));
    desk.audit().await;
}
