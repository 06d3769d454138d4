//! Devices of named people against the real ledger, with a line between them that loses, repeats and delays.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::id::{OrganisationId, PersonId, PostId};
use domain::mutation::Since;
use domain::post::{Content, Draft};
use domain::team::{Personas, Role};
use domain::{Context, Key, Mutation, Record, Reject, Step};
use jiff::Timestamp;
use ledger::store::MemoryStore;
use ledger::{Admitted, Ledger};
use serde_json::json;
use store::{Commit, LogEntry, PendingEntry, Replica, Store};
use tempfile::TempDir;
use uuid::Uuid;
use wire::Fault;
use wire::pull::{Pull, PullReply};
use wire::push::{Envelope, Push, PushReply};
use wire::quarantine::Quarantine;

use super::{Device, Exchanged, NotExchanged, Remote, Trouble, exchange, hand_over_unsent};

const ADA: u128 = 1;
const BEN: u128 = 2;

fn person(number: u128) -> PersonId {
    PersonId::new(Uuid::from_u128(number))
}

fn post(number: u128) -> PostId {
    PostId::new(Uuid::from_u128(number))
}

fn bakery() -> OrganisationId {
    OrganisationId::new(Uuid::from_u128(9))
}

fn now() -> Timestamp {
    "2026-11-30T12:00:00Z".parse().unwrap()
}

fn draft(text: &str) -> Draft {
    Draft { base: Content::text(text), ..Draft::default() }
}

/// What happens to a request on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Fine,
    /// It never arrives.
    Cut,
    /// It arrives, and its answer does not.
    AnswerLost,
}

/// Requests of one person to the ledger.
struct Desk<'a> {
    ledger: &'a Ledger,
    person: PersonId,
    line: Box<dyn Fn() -> Line + Send + Sync + 'a>,
}

impl Desk<'_> {
    async fn ask<T>(&self, answer: impl Future<Output = Result<T, Fault>>) -> Result<T, Trouble> {
        match (self.line)() {
            Line::Cut => Err(Trouble::Unreachable),
            Line::Fine => Ok(answer.await?),
            Line::AnswerLost => {
                let _ = answer.await;
                Err(Trouble::Unreachable)
            }
        }
    }
}

#[async_trait]
impl Remote for Desk<'_> {
    async fn push(&self, push: &Push) -> Result<PushReply, Trouble> {
        // over the wire, as bytes
        let push = serde_json::from_str(&serde_json::to_string(push).unwrap()).unwrap();
        self.ask(self.ledger.push(bakery(), self.person, push)).await
    }

    async fn pull(&self, pull: &Pull) -> Result<PullReply, Trouble> {
        // small pages: all of them have to come together
        let pull = Pull { client: pull.client, cursor: pull.cursor.clone(), seen_n: pull.seen_n, limit: 3 };
        self.ask(self.ledger.pull(bakery(), self.person, pull)).await
    }

    async fn quarantine(&self, upload: &Quarantine) -> Result<(), Trouble> {
        self.ask(self.ledger.quarantine(bakery(), self.person, Uuid::from_u128(77), upload)).await
    }
}

struct Laptop {
    store: Store,
    actor: u128,
    ids: AtomicU64,
    folder: TempDir,
}

impl Laptop {
    async fn new(actor: u128, client: u128) -> Self {
        let folder = TempDir::new().unwrap();
        let store = Store::open(&folder.path().join("profile"), now()).await.unwrap();
        let (client, nonce) = (Uuid::from_u128(client), "first".to_owned());
        let replica = Replica { organisation: bakery(), client, nonce, last_n: 0, epoch: None, cursor: None };
        store.begin_replica(&replica).await.unwrap();
        Self { store, actor, ids: AtomicU64::new(0), folder }
    }

    fn fresh(&self) -> Uuid {
        let number = self.ids.fetch_add(1, Ordering::Relaxed);
        // the tail of the folder's name tells copies of one device apart
        let salt = self.folder.path().to_string_lossy().bytes().fold(7u128, |sum, byte| sum * 31 + u128::from(byte));
        Uuid::from_u128(salt << 32 | u128::from(number))
    }

    async fn does(&self, mutation: &Mutation) -> Result<(), Reject> {
        let context = Context::team(bakery(), person(self.actor), now());
        let mid = self.fresh();
        let done = self.store.mutate(|set| match domain::apply(&context, set, mutation) {
            Step::Need(keys) => Step::Need(keys),
            Step::Done(Err(reject)) => Step::Done(Err(reject)),
            Step::Done(Ok(writes)) => Step::Done(Ok(Commit {
                log: LogEntry {
                    actor: person(self.actor),
                    at: now(),
                    name: mutation.name().to_owned(),
                    data: json!({}),
                    inverse: None,
                    undoes: None,
                },
                job_log: Vec::new(),
                coalesce: false,
                pending: Some(PendingEntry {
                    mid,
                    v: wire::MUTATION_VERSION,
                    mutation: mutation.clone(),
                    post: None,
                    made_at: now(),
                }),
                writes,
            })),
        });
        done.await.unwrap().map(|_| ())
    }

    async fn post(&self, number: u128) -> Option<domain::post::Post> {
        match self.store.record(Key::Post(post(number))).await.unwrap() {
            Some(Record::Post(post)) => Some(post),
            _ => None,
        }
    }

    async fn text(&self, number: u128) -> String {
        self.post(number).await.unwrap().draft.base.parts[0].text.clone()
    }

    async fn types(&self, number: u128, text: &str) {
        let old = self.post(number).await.unwrap();
        let since = Some(Box::new(Since { base: old.draft, saves: 1 }));
        let edit = Mutation::EditDraft { post: post(number), read: old.version, draft: draft(text), since };
        self.does(&edit).await.unwrap();
    }

    async fn exchange_over(
        &self,
        ledger: &Ledger,
        line: impl Fn() -> Line + Send + Sync,
    ) -> Result<Exchanged, NotExchanged> {
        let desk = Desk { ledger, person: person(self.actor), line: Box::new(line) };
        let fresh = || Ok(self.fresh());
        let device = Device { organisation: bakery(), person: person(self.actor), now: now(), fresh: &fresh };
        exchange(&self.store, &desk, &device).await
    }

    async fn exchange(&self, ledger: &Ledger) -> Exchanged {
        self.exchange_over(ledger, || Line::Fine).await.unwrap()
    }
}

async fn bakery_of_two() -> Ledger {
    let ledger = Ledger::new(Arc::new(MemoryStore::default()));
    let named = |name: &str| name.to_owned();
    ledger.found(bakery(), Uuid::from_u128(1), person(ADA), named("Bakery"), named("Ada"), now()).await.unwrap();
    let ben = Admitted { person: person(BEN), name: named("Ben"), role: Role::Creator, personas: Personas::All };
    ledger.admit(bakery(), person(ADA), Uuid::from_u128(500), ben, now()).await.unwrap();
    ledger
}

/// As somebody else's device would.
async fn directly(ledger: &Ledger, actor: u128, client: u128, mutation: &Mutation) {
    let sealed = Envelope::seal(1, Uuid::from_u128(client), now(), mutation).unwrap();
    let push = Push { client: Uuid::from_u128(client), epoch: None, base: None, mutations: vec![sealed] };
    ledger.push(bakery(), person(actor), push).await.unwrap();
}

async fn same(one: &Laptop, other: &Laptop) {
    let rows = async |laptop: &Laptop| {
        let mut rows = Vec::new();
        for row in laptop.store.confirmed().await.unwrap() {
            rows.push((row.key, laptop.store.record(row.key).await.unwrap()));
        }
        rows.sort_by_key(|(key, _)| *key);
        rows
    };
    assert_eq!(rows(one).await, rows(other).await);
}

#[tokio::test]
async fn two_people_write_offline_and_meet() {
    let ledger = bakery_of_two().await;
    let (ada, ben) = (Laptop::new(ADA, 10).await, Laptop::new(BEN, 20).await);
    ada.exchange(&ledger).await;
    ada.does(&Mutation::CreatePost { post: post(1), draft: draft("Bread at eight. Come early.") }).await.unwrap();
    ada.exchange(&ledger).await;
    ben.exchange(&ledger).await;
    // both are offline now
    for text in ["Rye", "Rye bread at eight. Come early."] {
        ada.types(1, text).await;
    }
    for number in 2..12 {
        ada.does(&Mutation::CreatePost { post: post(number), draft: draft("More") }).await.unwrap();
    }
    ben.types(1, "Bread at eight. Come early!").await;
    ben.exchange(&ledger).await;
    let exchanged = ada.exchange(&ledger).await;
    assert!(!exchanged.later && exchanged.taken.refused == 0);
    ben.exchange(&ledger).await;
    assert_eq!(ada.text(1).await, "Rye bread at eight. Come early!");
    same(&ada, &ben).await;
    assert_eq!(ben.store.confirmed().await.unwrap().len(), 11 + 3, "posts, the organisation and two members");
}

#[tokio::test]
async fn whatever_the_line_does_everything_arrives_once() {
    for seed in 0..16_u64 {
        let ledger = bakery_of_two().await;
        let (ada, ben) = (Laptop::new(ADA, 10).await, Laptop::new(BEN, 20).await);
        ada.exchange(&ledger).await;
        let dice = AtomicU64::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let line = || {
            let mut roll = dice.load(Ordering::Relaxed);
            roll ^= roll << 13;
            roll ^= roll >> 7;
            roll ^= roll << 17;
            dice.store(roll, Ordering::Relaxed);
            match roll % 5 {
                0 => Line::Cut,
                1 => Line::AnswerLost,
                _ => Line::Fine,
            }
        };
        for number in 1..6 {
            ada.does(&Mutation::CreatePost { post: post(number), draft: draft("One.") }).await.unwrap();
            let _ = ada.exchange_over(&ledger, line).await;
            let _ = ben.exchange_over(&ledger, line).await;
            if ben.post(number).await.is_some() {
                ben.types(number, "One. Two.").await;
            }
            ada.types(number, "Zero. One.").await;
        }
        for _ in 0..2 {
            ada.exchange(&ledger).await;
            ben.exchange(&ledger).await;
        }
        same(&ada, &ben).await;
        for number in 1..6 {
            let text = ada.text(number).await;
            assert!(text.contains("Zero.") && text.matches("One.").count() == 1, "seed {seed}: {text}");
            assert_eq!(ada.store.pending_count().await.unwrap() + ben.store.pending_count().await.unwrap(), 0);
        }
    }
}

#[tokio::test]
async fn a_removed_member_leaves_what_was_not_sent() {
    let ledger = bakery_of_two().await;
    let ben = Laptop::new(BEN, 20).await;
    ben.exchange(&ledger).await;
    ben.does(&Mutation::CreatePost { post: post(1), draft: draft("Unsent") }).await.unwrap();
    directly(&ledger, ADA, 501, &Mutation::RemoveMember { person: person(BEN) }).await;
    let ended = ben.exchange_over(&ledger, || Line::Fine).await;
    assert!(matches!(ended, Err(NotExchanged::Revoked)), "{ended:?}");
    assert_eq!(ben.store.pending_count().await.unwrap(), 1);
    let cut = Desk { ledger: &ledger, person: person(BEN), line: Box::new(|| Line::Cut) };
    assert!(matches!(hand_over_unsent(&ben.store, &cut).await, Err(NotExchanged::Later(None))));
    let desk = Desk { ledger: &ledger, person: person(BEN), line: Box::new(|| Line::Fine) };
    hand_over_unsent(&ben.store, &desk).await.unwrap();
    let kept = ledger.quarantined(bakery(), person(ADA), None).await.unwrap();
    assert!(kept.iter().any(|row| row.body.contains("Unsent")));
}

/// Ada's device, after it has sent its first post, and a copy of its whole disk.
async fn copied(ledger: &Ledger) -> (Laptop, Laptop) {
    let device = Laptop::new(ADA, 10).await;
    device.exchange(ledger).await;
    device.does(&Mutation::CreatePost { post: post(1), draft: draft("Before the copy") }).await.unwrap();
    device.exchange(ledger).await;
    device.store.backup_when_due(now()).await.ok();
    let Laptop { store, actor, folder, .. } = device;
    store.close().await;
    let (from, copy) = (folder.path().join("profile"), TempDir::new().unwrap());
    std::fs::create_dir_all(copy.path().join("profile")).unwrap();
    for entry in std::fs::read_dir(&from).unwrap().flatten() {
        if entry.path().is_file() {
            std::fs::copy(entry.path(), copy.path().join("profile").join(entry.file_name())).unwrap();
        }
    }
    let open = async |folder: TempDir| {
        let store = Store::open(&folder.path().join("profile"), now()).await.unwrap();
        Laptop { store, actor, ids: AtomicU64::new(1_000), folder }
    };
    (open(folder).await, open(copy).await)
}

/// Both have the same posts, under names of their own.
async fn are_two(one: &Laptop, other: &Laptop, posts: std::ops::Range<u128>) {
    same(one, other).await;
    for number in posts {
        assert!(one.post(number).await.is_some(), "{number}");
    }
    let client = async |laptop: &Laptop| laptop.store.replica().await.unwrap().unwrap().client;
    assert_ne!(client(one).await, client(other).await);
}

#[tokio::test]
async fn a_restored_device_takes_a_new_name_and_nothing_is_lost() {
    let ledger = bakery_of_two().await;
    let (original, copy) = copied(&ledger).await;
    original.does(&Mutation::CreatePost { post: post(2), draft: draft("On the one") }).await.unwrap();
    original.exchange(&ledger).await;
    copy.does(&Mutation::CreatePost { post: post(3), draft: draft("On the other") }).await.unwrap();
    copy.exchange(&ledger).await;
    original.exchange(&ledger).await;
    are_two(&original, &copy, 1..4).await;
}

/// The server asks for what follows numbers that only the original has used.
#[tokio::test]
async fn a_restored_device_meets_a_restored_server() {
    let ledger = bakery_of_two().await;
    let (original, copy) = copied(&ledger).await;
    for number in 2..5 {
        original.does(&Mutation::CreatePost { post: post(number), draft: draft("On the one") }).await.unwrap();
    }
    original.exchange(&ledger).await;
    ledger.begin_epoch(bakery(), Uuid::from_u128(2)).await.unwrap();
    copy.does(&Mutation::CreatePost { post: post(5), draft: draft("On the other") }).await.unwrap();
    copy.exchange(&ledger).await;
    original.exchange(&ledger).await;
    are_two(&original, &copy, 1..6).await;
}

#[tokio::test]
async fn a_restored_server_gets_back_what_it_lost() {
    let ledger = bakery_of_two().await;
    let ada = Laptop::new(ADA, 10).await;
    ada.exchange(&ledger).await;
    ada.does(&Mutation::CreatePost { post: post(1), draft: draft("Kept") }).await.unwrap();
    ada.exchange(&ledger).await;
    // another server, which knows the same people and nothing of what came since
    let restored = bakery_of_two().await;
    restored.begin_epoch(bakery(), Uuid::from_u128(2)).await.unwrap();
    let exchanged = ada.exchange(&restored).await;
    assert_eq!(exchanged.taken.refused, 0);
    assert_eq!(ada.text(1).await, "Kept");
    let ben = Laptop::new(BEN, 20).await;
    ben.exchange(&restored).await;
    assert_eq!(ben.text(1).await, "Kept");
}

/// Notes what is asked, in that order.
struct Noted<'a>(Desk<'a>, Mutex<Vec<&'static str>>);

#[async_trait]
impl Remote for Noted<'_> {
    async fn push(&self, push: &Push) -> Result<PushReply, Trouble> {
        self.1.lock().unwrap().push("push");
        self.0.push(push).await
    }

    async fn pull(&self, pull: &Pull) -> Result<PullReply, Trouble> {
        self.1.lock().unwrap().push("pull");
        self.0.ask(self.0.ledger.pull(bakery(), self.0.person, Pull { cursor: pull.cursor.clone(), ..*pull })).await
    }

    async fn quarantine(&self, upload: &Quarantine) -> Result<(), Trouble> {
        self.0.quarantine(upload).await
    }
}

#[tokio::test]
async fn much_that_waits_goes_in_several_pushes_before_a_pull_whichever_answer_is_lost() {
    const WAITING: u128 = 600;
    for lost in [None, Some(0), Some(1), Some(2), Some(3)] {
        let ledger = bakery_of_two().await;
        let ada = Laptop::new(ADA, 10).await;
        ada.exchange(&ledger).await;
        for number in 1..=WAITING {
            ada.does(&Mutation::CreatePost { post: post(number), draft: draft("Rye") }).await.unwrap();
        }
        let asked = AtomicU64::new(0);
        let line = || if Some(asked.fetch_add(1, Ordering::Relaxed)) == lost { Line::AnswerLost } else { Line::Fine };
        let noted = Noted(Desk { ledger: &ledger, person: person(ADA), line: Box::new(line) }, Mutex::default());
        let fresh = || Ok(ada.fresh());
        let device = Device { organisation: bakery(), person: person(ADA), now: now(), fresh: &fresh };
        let first = exchange(&ada.store, &noted, &device).await;
        assert_eq!(first.is_err(), lost.is_some(), "{first:?}");
        if lost.is_some() {
            exchange(&ada.store, &noted, &device).await.unwrap();
        }
        let asked = noted.1.into_inner().unwrap();
        assert_eq!(asked[asked.len() - 4..], ["push", "push", "push", "pull"], "{lost:?}");
        assert_eq!(ada.store.pending_count().await.unwrap(), 0);
        let ben = Laptop::new(BEN, 20).await;
        ben.exchange(&ledger).await;
        same(&ada, &ben).await;
        assert_eq!(ben.store.confirmed().await.unwrap().len(), 600 + 3, "{lost:?}");
    }
}

/// The server has a record of a kind that this program does not know.
struct Newer<'a>(Desk<'a>);

#[async_trait]
impl Remote for Newer<'_> {
    async fn push(&self, push: &Push) -> Result<PushReply, Trouble> {
        self.0.push(push).await
    }

    async fn pull(&self, pull: &Pull) -> Result<PullReply, Trouble> {
        let mut reply = self.0.pull(pull).await?;
        for row in &mut reply.rows {
            row.d = serde_json::value::to_raw_value(&json!({ "kind": "hologram", "value": {} })).unwrap();
        }
        Ok(reply)
    }

    async fn quarantine(&self, upload: &Quarantine) -> Result<(), Trouble> {
        self.0.quarantine(upload).await
    }
}

#[tokio::test]
async fn what_a_newer_program_wrote_asks_for_an_update_and_loses_nothing() {
    let ledger = bakery_of_two().await;
    let ada = Laptop::new(ADA, 10).await;
    ada.exchange(&ledger).await;
    let ben = Laptop::new(BEN, 20).await;
    ben.exchange(&ledger).await;
    ben.does(&Mutation::CreatePost { post: post(1), draft: draft("Rye") }).await.unwrap();
    ada.does(&Mutation::CreatePost { post: post(2), draft: draft("Spelt") }).await.unwrap();
    ada.exchange(&ledger).await;
    let before = ben.store.replica().await.unwrap().unwrap();
    let newer = Newer(Desk { ledger: &ledger, person: person(BEN), line: Box::new(|| Line::Fine) });
    let fresh = || Ok(ben.fresh());
    let device = Device { organisation: bakery(), person: person(BEN), now: now(), fresh: &fresh };
    let ended = exchange(&ben.store, &newer, &device).await;
    assert!(matches!(ended, Err(NotExchanged::UpgradeRequired)), "{ended:?}");
    // nothing was taken of it, and the own words wait on until their answer can be read
    assert_eq!(ben.store.replica().await.unwrap().unwrap(), before);
    assert_eq!((ben.text(1).await.as_str(), ben.store.pending_count().await.unwrap()), ("Rye", 1));
    assert!(ben.post(2).await.is_none());
    // updated
    ben.exchange(&ledger).await;
    ada.exchange(&ledger).await;
    same(&ada, &ben).await;
    assert_eq!(ada.text(1).await, "Rye");
    assert_eq!(ben.store.pending_count().await.unwrap(), 0);
}
