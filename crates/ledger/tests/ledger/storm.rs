//! A store that fails before and after its commits, and clients who send again until they know.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use domain::Key;
use ledger::store::{Faults, MemoryStore, OrgStore};
use wire::Fault;
use wire::push::Answer;

use crate::desk::{ADA, BEN, Desk, Laptop, create, edit, new_text, post};
use crate::replica::Replica;

/// Rolls dice: the same every time for a seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

async fn weathered(seed: u64) -> u64 {
    let store = Arc::new(MemoryStore::default());
    let shared: Arc<dyn OrgStore> = Arc::<MemoryStore>::clone(&store);
    let desk = Desk::over(shared, None).await;
    let faults: &Faults = &store.faults;
    let percent = |of: &AtomicU32, value| of.store(value, Ordering::Relaxed);
    faults.seed.store(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, Ordering::Relaxed);
    percent(&faults.begin, 5);
    percent(&faults.before_commit, 15);
    percent(&faults.after_commit, 15);
    let mut dice = Dice(seed);
    let mut laptops = [Laptop::of(ADA), Laptop::of(ADA), Laptop::of(BEN)];
    let mut applied: BTreeMap<_, u64> = BTreeMap::new();
    let known = post();
    for _ in 0..12 {
        let which = dice.below(3);
        let laptop = &mut laptops[which];
        let before = laptop.clone();
        let sealed: Vec<_> = (0..=dice.below(4))
            .map(|_| match dice.below(3) {
                0 => laptop.seal(&create(known, None)),
                1 => laptop.seal(&edit(known, 1, new_text(None), "Rye", None)),
                _ => laptop.seal(&create(post(), None)),
            })
            .collect();
        let reply = loop {
            match desk.push(laptop, sealed.clone()).await {
                Ok(reply) => break reply,
                Err(Fault::Unavailable { .. }) => {}
                Err(other) => panic!("seed {seed}: {other:?}"),
            }
            // sometimes it gives up on what it does not know, and comes back as somebody new with all of it
            if dice.below(4) == 0 {
                *laptop = Laptop { client: crate::desk::fresh(), ..before.clone() };
                let renumbered = (1..).zip(&sealed).map(|(n, one)| wire::push::Envelope { n, ..one.clone() });
                let renumbered: Vec<_> = renumbered.collect();
                laptop.n = renumbered.len() as u64;
                let reply = loop {
                    match desk.push(laptop, renumbered.clone()).await {
                        Ok(reply) => break reply,
                        Err(Fault::Unavailable { .. }) => {}
                        Err(other) => panic!("seed {seed}: {other:?}"),
                    }
                };
                break reply;
            }
        };
        assert_eq!(reply.results.len(), sealed.len());
        for (one, outcome) in sealed.iter().zip(&reply.results) {
            if let Answer::Applied { seq } = outcome.answer {
                assert_eq!(applied.insert(one.mid, seq), None, "seed {seed}");
            }
        }
    }
    for fault in [&faults.begin, &faults.before_commit, &faults.after_commit] {
        percent(fault, 0);
    }
    // what was answered is in the log under its number, and what is in the log was answered: everybody asked until they knew
    let mut tx = store.read(desk.org).await.unwrap();
    let log = tx.log(5, 10_000).await.unwrap();
    let logged: BTreeMap<_, _> = log.iter().map(|line| (line.mid, line.seq)).collect();
    assert_eq!(logged.len(), log.len(), "seed {seed}: one twice");
    for (mid, seq) in &applied {
        assert_eq!(logged.get(mid), Some(seq), "seed {seed}");
    }
    assert_eq!(logged.len(), applied.len(), "seed {seed}");
    drop(tx);
    desk.audit().await;
    let mut copy = Replica::of(ADA);
    copy.catch_up(&desk, 3).await;
    let there = copy.rows.contains_key(&Key::Post(known));
    assert_eq!(there, log.iter().any(|line| line.kind == "create_post" && line.body.contains(&known.to_string())));
    faults.seen.load(Ordering::Relaxed)
}

#[tokio::test]
async fn nothing_is_lost_or_done_twice_whatever_fails_at_a_commit() {
    let seen = AtomicU64::new(0);
    for seed in 1..=1_000 {
        seen.fetch_add(weathered(seed).await, Ordering::Relaxed);
    }
    let seen = seen.into_inner();
    assert!(seen > 2_000, "{seen} faults");
}

/// Connections are cut all the while, also between a commit and its answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_loses_nothing_when_its_connections_are_cut() {
    const NAME: &str = "sendoff-storm";
    let (Some(store), Some(owner)) = (crate::postgres::store_named(NAME).await, crate::postgres::owner().await) else {
        return;
    };
    let desk = Arc::new(Desk::over(store, None).await);
    let cut = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(std::time::Duration::from_millis(15));
        let mut count = 0_i64;
        loop {
            ticks.tick().await;
            let sql = "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1";
            count += sqlx::query_scalar::<_, i64>(sql).bind(NAME).fetch_one(&owner).await.unwrap();
            CUT.store(count.unsigned_abs(), Ordering::Relaxed);
        }
    });
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let desk = Arc::clone(&desk);
            tokio::spawn(async move {
                let (mut laptop, mut applied, mut unknown) = (Laptop::of(ADA), Vec::new(), 0_u64);
                for _ in 0..30 {
                    let sealed: Vec<_> = (0..3).map(|_| laptop.seal(&create(post(), None))).collect();
                    let reply = loop {
                        match desk.push(&laptop, sealed.clone()).await {
                            Ok(reply) => break reply,
                            Err(Fault::Unavailable { .. }) => unknown += 1,
                            Err(other) => panic!("{other:?}"),
                        }
                    };
                    for (one, outcome) in sealed.iter().zip(reply.results) {
                        let Answer::Applied { seq } = outcome.answer else { panic!("{outcome:?}") };
                        applied.push((one.mid, seq));
                    }
                }
                (applied, unknown)
            })
        })
        .collect();
    let (mut applied, mut unknown) = (BTreeMap::new(), 0);
    for writer in writers {
        let (some, times) = writer.await.unwrap();
        applied.extend(some);
        unknown += times;
    }
    cut.abort();
    drop(cut.await);
    let mut tx = loop {
        // what is left of the cut connections is found out one by one
        if let Ok(tx) = desk.store.read(desk.org).await {
            break tx;
        }
    };
    let log = tx.log(5, 10_000).await.unwrap();
    let logged: BTreeMap<_, _> = log.iter().map(|line| (line.mid, line.seq)).collect();
    assert_eq!((logged.len(), &logged), (log.len(), &applied));
    assert_eq!(applied.len(), 8 * 30 * 3);
    drop(tx);
    desk.audit().await;
    println!("{} connections cut, {unknown} pushes without an answer", CUT.load(Ordering::Relaxed));
    assert!(unknown > 0);
}

static CUT: AtomicU64 = AtomicU64::new(0);
