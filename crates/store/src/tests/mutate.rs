use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;

use domain::post::Post;
use domain::{Key, Record, Step};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{Laptop, account, ada, commit, job, now, planned, post, post_id};
use crate::{Commit, JobLogEntry, StoreError};

#[tokio::test]
async fn a_rule_sees_what_it_asks_for_and_its_writes_are_there_afterwards() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    store.put([Record::Post(post(1, "rye"))]).await;

    let key = Key::Post(post_id(1));
    let mut asked = 0;
    let committed = store
        .mutate(|set| {
            asked += 1;
            match set.get(key) {
                None => Step::Need(BTreeSet::from([key, Key::Post(post_id(2))])),
                Some(Some(Record::Post(old))) => {
                    assert_eq!(set.get(Key::Post(post_id(2))), Some(None), "an absent record is known to be absent");
                    let changed = Post { version: old.version + 1, ..old.clone() };
                    Step::Done(Ok::<_, Infallible>(commit(vec![Record::Post(changed)])))
                }
                other => panic!("{other:?}"),
            }
        })
        .await
        .unwrap()
        .unwrap();
    assert_eq!((committed.seq, committed.touched, asked), (2, vec![key], 2));
    let Some(Record::Post(stored)) = store.record(key).await.unwrap() else { panic!("gone") };
    assert_eq!(stored.version, 2);
}

#[tokio::test]
async fn a_refusal_leaves_no_trace() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    let refused = store.mutate(|_| Step::Done(Err::<Commit, _>("no"))).await.unwrap();
    assert_eq!(refused.unwrap_err(), "no");
    assert_eq!(store.mutations_since(0, 10).await.unwrap(), []);
}

#[tokio::test]
async fn a_rule_that_never_decides_is_stopped() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    let asked = Key::Post(post_id(1));
    let endless = store.mutate(|_| Step::<Result<Commit, Infallible>>::Need(BTreeSet::from([asked]))).await;
    assert!(matches!(endless, Err(StoreError::Undecided { asked: keys }) if keys == [asked]));
    store.put([Record::Post(post(1, "still works"))]).await;
}

#[tokio::test]
async fn all_is_written_or_nothing() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    let lost = planned(7, "never stored", now(), &[1]);
    let mut broken = commit(vec![Record::Post(post(1, "rye")), Record::Job(job(&lost, 1, now()))]);
    let refused = store.mutate(|_| Step::Done(Ok::<_, Infallible>(broken.clone()))).await;
    assert!(matches!(refused, Err(StoreError::Contradiction { .. })), "{refused:?}");
    assert_eq!(store.record(Key::Post(post_id(1))).await.unwrap(), None);

    // the order of the records does not matter
    broken.writes = vec![Record::Job(job(&lost, 1, now())), Record::Post(lost), Record::Account(account(1))];
    let committed = store.mutate(|_| Step::Done(Ok::<_, Infallible>(broken.clone()))).await.unwrap().unwrap();
    assert_eq!((committed.seq, committed.touched.len()), (1, 3));
}

#[tokio::test]
async fn many_writers_take_turns_and_the_log_has_no_gap() {
    let laptop = Laptop::new();
    let store = Arc::new(laptop.open().await);
    store.put([Record::Post(post(1, "counter"))]).await;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for turn in 0..10 {
                    let key = Key::Post(post_id(1));
                    let done = store
                        .mutate(|set| match set.get(key) {
                            None => Step::Need(BTreeSet::from([key])),
                            Some(Some(Record::Post(old))) if turn % 3 != 2 => {
                                Step::Done(Ok(commit(vec![Record::Post(Post {
                                    version: old.version + 1,
                                    ..old.clone()
                                })])))
                            }
                            _ => Step::Done(Err("refused")),
                        })
                        .await
                        .unwrap();
                    assert_eq!(done.is_err(), turn % 3 == 2);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let Some(Record::Post(counter)) = store.record(Key::Post(post_id(1))).await.unwrap() else { panic!("gone") };
    assert_eq!(counter.version, 1 + 8 * 7, "no update was lost");
    let log = store.mutations_since(0, 1_000).await.unwrap();
    assert!(log.iter().map(|entry| entry.seq).eq(1..=1 + 8 * 7));
}

#[tokio::test]
async fn a_call_that_is_given_up_neither_writes_nor_blocks() {
    let laptop = Laptop::new();
    let store = Arc::new(laptop.open().await);
    for n in 0..50u128 {
        let store = Arc::clone(&store);
        let task = tokio::spawn(async move { store.put([Record::Post(post(100 + n, "given up"))]).await });
        for _ in 0..n % 7 {
            tokio::task::yield_now().await;
        }
        task.abort();
        let _ = task.await;
    }
    store.put([Record::Post(post(1, "after all that"))]).await;
    let log = store.mutations_since(0, 1_000).await.unwrap();
    assert!(log.iter().map(|entry| entry.seq).eq(1..=log.len() as u64));
    store.verify().await.unwrap();
}

/// Ada types: one entry per keystroke.
fn typed(n: u128, text: &str, at: Timestamp, version: u32) -> Commit {
    let mut commit = commit(vec![Record::Post(Post { version, updated_at: at, ..post(n, text) })]);
    commit.log.name = "edit_draft".to_owned();
    commit.log.at = at;
    commit.log.data = json!({ "text": text });
    commit.log.inverse = Some(json!({ "back to": version - 1 }));
    commit.coalesce = true;
    commit
}

#[tokio::test]
async fn typing_does_not_bloat_the_log_and_one_undo_takes_the_burst_back() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    let put = async |commit: Commit| {
        store.mutate(|_| Step::Done(Ok::<_, Infallible>(commit.clone()))).await.unwrap().unwrap().seq
    };
    let second = |n: i64| now() + SignedDuration::from_secs(n);
    assert_eq!(put(typed(1, "r", second(0), 2)).await, 1);
    assert_eq!(put(typed(1, "ry", second(1), 3)).await, 1);
    assert_eq!(put(typed(1, "rye", second(59), 4)).await, 1);
    let burst = store.log_entry(1).await.unwrap().unwrap();
    assert_eq!((burst.began_at, burst.at), (second(0), second(59)));
    assert_eq!((burst.data, burst.inverse), (json!({ "text": "rye" }), Some(json!({ "back to": 1 }))));
    assert_eq!((burst.actor, burst.post), (ada(), Some(post_id(1))));

    assert_eq!(put(typed(1, "rye!", second(60), 5)).await, 2, "a burst ends after a minute");
    assert_eq!(put(typed(2, "other", second(61), 2)).await, 3, "another post");
    assert_eq!(put(typed(1, "rye!!", second(62), 6)).await, 4, "only the last entry is replaced");
    assert_eq!(put(typed(1, "rye", second(-10), 7)).await, 5, "the clock was set back");
    let plain = Commit { coalesce: false, ..typed(1, "rye", second(-9), 8) };
    assert_eq!(put(plain).await, 6, "not asked for");
    let stored = store.record(Key::Post(post_id(1))).await.unwrap();
    assert!(matches!(stored, Some(Record::Post(Post { version: 8, .. }))));
}

#[tokio::test]
async fn a_burst_ends_where_somebody_else_wrote_or_something_was_taken_back() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    let put = async |commit: Commit| {
        store.mutate(|_| Step::Done(Ok::<_, Infallible>(commit.clone()))).await.unwrap().unwrap().seq
    };
    let second = |n: i64| now() + SignedDuration::from_secs(n);
    let merged = |base: &str, text: &str, n: i64| {
        let mut commit = typed(1, text, second(n), 2);
        commit.log.data = json!({ "draft": text, "since": { "base": base } });
        commit
    };
    assert_eq!(put(merged("", "a", 0)).await, 1);
    assert_eq!(put(merged("a", "ab", 1)).await, 1);
    assert_eq!(put(merged("ab and what Ben wrote", "abc and what Ben wrote", 2)).await, 2);
    let mut back = merged("abc and what Ben wrote", "and what Ben wrote", 3);
    back.log.undoes = Some(2);
    back.coalesce = false;
    assert_eq!(put(back).await, 3);
    assert_eq!(put(merged("and what Ben wrote", "d and what Ben wrote", 4)).await, 4, "an undo is taken back alone");
}

#[tokio::test]
async fn the_log_of_a_delivery_keeps_its_order_whatever_the_clock_says() {
    let laptop = Laptop::new();
    let store = laptop.open().await;
    let planned = planned(1, "rye", now(), &[1]);
    let job = job(&planned, 1, now());
    let entry = |step: &str, seconds: i64| JobLogEntry {
        job: job.id,
        at: now() + SignedDuration::from_secs(seconds),
        step: step.to_owned(),
        detail: String::new(),
    };
    let mut first = commit(vec![Record::Post(planned.clone()), Record::Job(job.clone())]);
    first.job_log = vec![entry("claim", 5), entry("prepare", 3)];
    let mut second = commit(vec![Record::Job(job.clone())]);
    second.job_log = vec![entry("begin_send", 1)];
    for commit in [first, second] {
        store.mutate(|_| Step::Done(Ok::<_, Infallible>(commit.clone()))).await.unwrap().unwrap();
    }
    let steps: Vec<String> = store.job_log(job.id).await.unwrap().into_iter().map(|entry| entry.step).collect();
    assert_eq!(steps, ["claim", "prepare", "begin_send"]);
}

/// Commands run on any thread.
#[test]
fn a_mutation_may_move_between_threads() {
    fn may_move<T: Send>(_: T) {}
    fn check(store: &crate::Store) {
        may_move(store.mutate(|_| Step::Done(Err::<Commit, &str>("no"))));
        may_move(store.posts_page(&crate::PostFilter::default(), crate::Order::Changed, None, 10));
    }
    let _ = check;
}
