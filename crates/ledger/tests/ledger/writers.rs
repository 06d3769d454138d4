//! Many writers at once, each with retries, and a reader who pulls all the while.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::Key;
use ledger::{Ledger, Limits};
use wire::push::Answer;

use crate::desk::{ADA, Desk, Laptop, create, on_all_stores, person, post};
use crate::replica::Replica;

on_all_stores!(twelve_writers_and_a_reader_lose_nothing, one_who_sends_much_does_not_keep_the_others_waiting);

const WRITERS: usize = 12;
const PUSHES: usize = 25;

async fn twelve_writers_and_a_reader_lose_nothing(desk: Desk) {
    let desk = Arc::new(desk);
    // two processes on one database: the lock is the database's
    let far = Ledger::new(Arc::clone(&desk.store));
    let over = Arc::new(AtomicBool::new(false));
    let reader = tokio::spawn({
        let (desk, over) = (Arc::clone(&desk), Arc::clone(&over));
        async move {
            let (mut copy, mut pages) = (Replica::of(ADA), 0);
            loop {
                let last = over.load(Ordering::Acquire);
                let complete = copy.page(&desk, 7).await.unwrap();
                pages += 1;
                if complete && last {
                    break;
                }
                tokio::task::yield_now().await;
            }
            copy.agrees(&desk).await;
            (copy, pages)
        }
    });
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            let (desk, far) = (Arc::clone(&desk), far.clone());
            tokio::spawn(async move {
                let mut laptop = Laptop::of(ADA);
                let mut done = Vec::new();
                for round in 0..PUSHES {
                    let posts = [post(), post(), post()];
                    let sealed: Vec<_> = posts.iter().map(|post| laptop.seal(&create(*post, None))).collect();
                    let ledger = if (number + round) % 2 == 0 { &desk.ledger } else { &far };
                    for retry in 0..2 {
                        if retry == 1 && round % 3 != 0 {
                            continue;
                        }
                        let push = laptop.push(sealed.clone());
                        let reply = loop {
                            match ledger.push(desk.org, person(ADA), push_again(&push)).await {
                                Ok(reply) => break reply,
                                // SQLite lets one wait too long, on a machine that does much else
                                Err(wire::Fault::Unavailable { .. }) => tokio::task::yield_now().await,
                                Err(other) => panic!("{other:?}"),
                            }
                        };
                        let seqs = reply.results.iter().map(|one| match one.answer {
                            Answer::Applied { seq } => seq,
                            ref other => panic!("{other:?}"),
                        });
                        if retry == 0 {
                            done.extend(posts.into_iter().zip(seqs));
                        } else {
                            assert!(
                                seqs.eq(done[done.len() - 3..].iter().map(|(_, seq)| *seq)),
                                "a retry tells the same"
                            );
                        }
                    }
                }
                done
            })
        })
        .collect();
    let before = 5_u64;
    let mut done = Vec::new();
    for writer in writers {
        done.extend(writer.await.unwrap());
    }
    over.store(true, Ordering::Release);
    let (copy, pages) = reader.await.unwrap();
    let seqs: BTreeSet<u64> = done.iter().map(|(_, seq)| *seq).collect();
    let count = (WRITERS * PUSHES * 3) as u64;
    assert_eq!(seqs.len() as u64, count, "no number twice");
    assert_eq!(
        (seqs.first().copied(), seqs.last().copied()),
        (Some(before + 1), Some(before + count)),
        "and none missing"
    );
    for (post, seq) in done {
        assert_eq!(copy.rows.get(&Key::Post(post)).map(|(_, q, _)| *q), Some(seq));
    }
    assert!(pages > 10, "{pages}");
    assert_eq!(desk.audit().await, before + count);
}

fn push_again(push: &wire::push::Push) -> wire::push::Push {
    wire::push::Push { client: push.client, epoch: push.epoch, base: push.base, mutations: push.mutations.clone() }
}

async fn one_who_sends_much_does_not_keep_the_others_waiting(desk: Desk) {
    let limits = Limits { batch: 64, share: 16, ..Limits::default() };
    let ledger = Ledger::with(Arc::clone(&desk.store), limits, domain::apply);
    let mut bulk = Laptop::of(ADA);
    let large: Vec<_> = (0..256).map(|_| bulk.seal(&create(post(), None))).collect();
    let mut small = Laptop::of(ADA);
    let one = small.seal(&create(post(), None));
    let (bulk_reply, small_reply) = tokio::join!(
        ledger.push(desk.org, person(ADA), bulk.push(large)),
        ledger.push(desk.org, person(ADA), small.push(vec![one])),
    );
    let last = |reply: wire::push::PushReply| match reply.results.last().unwrap().answer {
        Answer::Applied { seq } => seq,
        ref other => panic!("{other:?}"),
    };
    let (bulk_last, small_last) = (last(bulk_reply.unwrap()), last(small_reply.unwrap()));
    assert_eq!(bulk_last, 5 + 257);
    // behind at most what the first transaction took alone, and a share in the next
    assert!(small_last <= 5 + 64 + 64, "{small_last}");
    assert_eq!(desk.audit().await, bulk_last);
}
