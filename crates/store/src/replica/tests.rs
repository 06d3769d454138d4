#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{OrganisationId, PersonId, PostId};
use domain::mutation::Since;
use domain::post::{Content, Draft};
use domain::team::{Personas, Right, Role};
use domain::{Context, Key, Mutation, Record, Reject, Step, WorkingSet, WriteSet};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::{Answer, Exit, PendingEntry, Pulled, PulledRow, Replica};
use crate::tests::{Laptop, now};
use crate::{Commit, LogEntry, Store};

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

fn draft(text: &str) -> Draft {
    Draft { base: Content::text(text), ..Draft::default() }
}

fn decide(actor: u128, set: &WorkingSet, mutation: &Mutation, at: Timestamp) -> Step<Result<WriteSet, Reject>> {
    let context = match mutation.right() {
        Right::Admit => Context::invitation(bakery(), person(actor), at),
        _ => Context::team(bakery(), person(actor), at),
    };
    domain::apply(&context, set, mutation)
}

/// The authority: everything in memory, every row with the number of its last change.
#[derive(Default)]
struct Server {
    rows: BTreeMap<Key, (u64, Record)>,
    seq: u64,
    taken: BTreeMap<Uuid, Result<u64, String>>,
    last_n: u64,
}

impl Server {
    fn founded() -> Self {
        let mut server = Self::default();
        let named = |name: &str| name.to_owned();
        server.done(ADA, &Mutation::FoundOrganisation { name: named("Bakery"), member: named("Ada") });
        let (person, role, personas) = (person(BEN), Role::Administrator, Personas::All);
        server.done(ADA, &Mutation::AddMember { person, name: named("Ben"), role, personas });
        server
    }

    fn ask(&mut self, actor: u128, mutation: &Mutation) -> Result<u64, Reject> {
        let mut set = WorkingSet::default();
        loop {
            match decide(actor, &set, mutation, now()) {
                Step::Need(keys) => {
                    for key in keys {
                        set.load(key, self.rows.get(&key).map(|(_, record)| record.clone()));
                    }
                }
                Step::Done(Err(reject)) => return Err(reject),
                Step::Done(Ok(writes)) => {
                    self.seq += 1;
                    self.rows.extend(writes.into_iter().map(|record| (record.key(), (self.seq, record))));
                    return Ok(self.seq);
                }
            }
        }
    }

    fn done(&mut self, actor: u128, mutation: &Mutation) {
        self.ask(actor, mutation).unwrap();
    }

    /// Takes what a device has sent, each once.
    fn push(&mut self, actor: u128, pending: &[super::Pending]) {
        for one in pending {
            if !self.taken.contains_key(&one.mid) {
                let decided = self.ask(actor, &one.mutation().unwrap());
                self.taken.insert(one.mid, decided.map_err(|reject| serde_json::to_string(&reject).unwrap()));
                self.last_n = self.last_n.max(one.n);
            }
        }
    }

    fn pull(&self, since: u64, answers: impl IntoIterator<Item = Uuid>) -> Pulled {
        let changed = self.rows.values().filter(|(seq, _)| *seq > since);
        let row = |(row_seq, record): &(u64, Record)| PulledRow {
            record: record.clone(),
            scope: "org".to_owned(),
            row_seq: *row_seq,
            hash: Vec::new(),
            sum: u128::from(*row_seq) << 100 | 7,
        };
        let answer = |mid: Uuid| self.taken.get(&mid).map(|decided| Answer { mid, decided: decided.clone() });
        Pulled {
            rows: changed.map(row).collect(),
            answers: answers.into_iter().filter_map(answer).collect(),
            last_n: self.last_n,
            cursor: self.seq.to_string(),
            ..Pulled::default()
        }
    }
}

struct Device {
    store: Store,
    actor: u128,
    ids: u128,
    _laptop: Laptop,
}

impl Device {
    async fn joined(actor: u128, server: &Server) -> Self {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let (client, nonce) = (Uuid::from_u128(actor << 64), "first".to_owned());
        let replica = Replica { organisation: bakery(), client, nonce, last_n: 0, epoch: None, cursor: None };
        store.begin_replica(&replica).await.unwrap();
        let device = Self { store, actor, ids: actor << 32, _laptop: laptop };
        device.take(&server.pull(0, [])).await;
        device
    }

    async fn does(&mut self, mutation: &Mutation) -> Result<(), Reject> {
        self.ids += 1;
        let mid = Uuid::from_u128(self.ids);
        let actor = self.actor;
        let done = self.store.mutate(|set| match decide(actor, set, mutation, now()) {
            Step::Need(keys) => Step::Need(keys),
            Step::Done(Err(reject)) => Step::Done(Err(reject)),
            Step::Done(Ok(writes)) => Step::Done(Ok(Commit {
                log: LogEntry {
                    actor: person(actor),
                    at: now(),
                    name: mutation.name().to_owned(),
                    data: json!({}),
                    inverse: None,
                    undoes: None,
                },
                job_log: Vec::new(),
                coalesce: false,
                pending: Some(PendingEntry { mid, v: 1, mutation: mutation.clone(), post: None, made_at: now() }),
                writes,
            })),
        });
        done.await.unwrap().map(|_| ())
    }

    async fn types(&mut self, text: &str) {
        let Some(Record::Post(old)) = self.store.record(Key::Post(post(1))).await.unwrap() else { panic!("no post") };
        let since = Some(Box::new(Since { base: old.draft, saves: 1 }));
        self.does(&Mutation::EditDraft { post: post(1), read: old.version, draft: draft(text), since }).await.unwrap();
    }

    async fn take(&self, pulled: &Pulled) -> super::Taken {
        let actor = self.actor;
        self.store.take(pulled, now(), |set, mutation, at| decide(actor, set, mutation, at)).await.unwrap()
    }

    async fn sync(&self, server: &mut Server) -> super::Taken {
        let pending = self.store.send_pending(0, 256, 1 << 20).await.unwrap();
        server.push(self.actor, &pending);
        let since = self.store.replica().await.unwrap().unwrap().cursor.unwrap().parse().unwrap();
        self.take(&server.pull(since, pending.iter().map(|one| one.mid))).await
    }

    async fn text(&self) -> String {
        match self.store.record(Key::Post(post(1))).await.unwrap() {
            Some(Record::Post(post)) => post.draft.base.parts[0].text.clone(),
            other => panic!("{other:?}"),
        }
    }

    async fn agrees_with(&self, server: &Server) {
        let rows = server.rows.values().map(|(row_seq, _)| u128::from(*row_seq) << 100 | 7);
        let sum = rows.fold(0_u128, u128::wrapping_add);
        assert_eq!(self.store.scope_sums().await.unwrap(), BTreeMap::from([("org".to_owned(), sum)]));
        for (key, (_, record)) in &server.rows {
            assert_eq!(self.store.record(*key).await.unwrap().as_ref(), Some(record), "{key:?}");
        }
    }
}

#[tokio::test]
async fn two_people_write_offline_and_both_find_both() {
    let mut server = Server::founded();
    server.done(ADA, &Mutation::CreatePost { post: post(1), draft: draft("Bread at eight. Come early.") });
    let (mut ada, mut ben) = (Device::joined(ADA, &server).await, Device::joined(BEN, &server).await);
    for text in ["R", "Ry", "Rye", "Rye bread at eight. Come early."] {
        ada.types(text).await;
    }
    assert_eq!(ada.store.pending_count().await.unwrap(), 1, "a text that is typed is one change");
    ben.types("Bread at eight. Come early!").await;
    ada.sync(&mut server).await;
    ben.sync(&mut server).await;
    assert_eq!(ben.text().await, "Rye bread at eight. Come early!");
    ada.sync(&mut server).await;
    for device in [&ada, &ben] {
        device.agrees_with(&server).await;
        assert_eq!(device.store.pending_count().await.unwrap(), 0);
        assert_eq!(device.store.attention().await.unwrap(), []);
    }
}

#[tokio::test]
async fn what_is_pending_stands_on_top_of_what_came() {
    let mut server = Server::founded();
    server.done(ADA, &Mutation::CreatePost { post: post(1), draft: draft("One. Two.") });
    let mut ada = Device::joined(ADA, &server).await;
    ada.types("One. Two. Three.").await;
    ada.does(&Mutation::CreatePost { post: post(2), draft: draft("Mine") }).await.unwrap();
    let since = Some(Box::new(Since { base: draft("One. Two."), saves: 1 }));
    server.done(BEN, &Mutation::EditDraft { post: post(1), read: 1, draft: draft("Zero. One. Two."), since });
    // nothing was sent yet
    let taken = ada.take(&server.pull(0, [])).await;
    assert_eq!(ada.text().await, "Zero. One. Two. Three.");
    assert!(ada.store.record(Key::Post(post(2))).await.unwrap().is_some());
    assert!(taken.touched.is_superset(&BTreeSet::from([Key::Post(post(1)), Key::Post(post(2))])));
    assert_eq!(ada.store.pending_count().await.unwrap(), 2);
    ada.sync(&mut server).await;
    ada.agrees_with(&server).await;
}

#[tokio::test]
async fn a_refused_change_keeps_its_words_and_blocks_nothing() {
    let mut server = Server::founded();
    server.done(ADA, &Mutation::CreatePost { post: post(1), draft: draft("One.") });
    let mut ada = Device::joined(ADA, &server).await;
    ada.types("One. Two.").await;
    ada.does(&Mutation::CreatePost { post: post(2), draft: draft("Mine") }).await.unwrap();
    server.done(BEN, &Mutation::DeletePost { post: post(1) });
    let taken = ada.sync(&mut server).await;
    assert_eq!(taken.refused, 1);
    let attention = ada.store.attention().await.unwrap();
    assert_eq!(attention.len(), 1);
    let kept: Mutation = serde_json::from_str(&attention[0].body).unwrap();
    assert_eq!(kept.words(), "One. Two.");
    assert_eq!(serde_json::from_str::<Reject>(&attention[0].reject).unwrap(), Reject::NotFound);
    ada.agrees_with(&server).await;
    assert!(server.rows.contains_key(&Key::Post(post(2))));
    assert!(ada.store.settle_attention(attention[0].mid).await.unwrap());
    assert_eq!(ada.store.attention().await.unwrap(), []);
}

#[tokio::test]
async fn an_answer_that_got_lost_is_asked_for_again() {
    let mut server = Server::founded();
    let mut ada = Device::joined(ADA, &server).await;
    ada.does(&Mutation::CreatePost { post: post(1), draft: draft("One.") }).await.unwrap();
    let sent = ada.store.send_pending(0, 256, 1 << 20).await.unwrap();
    server.push(ADA, &sent);
    // a pull that knows of the change, but not of its answer
    ada.take(&server.pull(0, [])).await;
    assert_eq!(ada.store.pending_count().await.unwrap(), 1, "nothing goes without an answer");
    ada.agrees_with(&server).await;
    ada.sync(&mut server).await;
    assert_eq!(ada.store.pending_count().await.unwrap(), 0);
    ada.agrees_with(&server).await;
    // numbers go on behind what the server knows
    ada.does(&Mutation::CreatePost { post: post(2), draft: draft("Two.") }).await.unwrap();
    assert_eq!(ada.store.pending(1).await.unwrap()[0].n, 2);
}

#[tokio::test]
async fn what_was_sent_is_never_written_into() {
    let mut server = Server::founded();
    server.done(ADA, &Mutation::CreatePost { post: post(1), draft: draft("a") });
    let mut ada = Device::joined(ADA, &server).await;
    ada.types("ab").await;
    let sent = ada.store.send_pending(0, 256, 1 << 20).await.unwrap();
    ada.types("abc").await;
    let pending = ada.store.pending(10).await.unwrap();
    assert_eq!((pending.len(), &pending[0].body), (2, &sent[0].body));
    ada.sync(&mut server).await;
    assert_eq!(ada.text().await, "abc");
    ada.agrees_with(&server).await;
}

#[tokio::test]
async fn what_left_the_reach_of_a_member_is_gone_from_the_disk() {
    let mut server = Server::founded();
    server.done(ADA, &Mutation::CreatePost { post: post(1), draft: draft("Secret") });
    server.done(ADA, &Mutation::CreatePost { post: post(2), draft: draft("Other") });
    let ada = Device::joined(ADA, &server).await;
    let exit = Exit { scope: "org".to_owned(), key: Key::Post(post(1)), row_seq: server.seq };
    ada.take(&Pulled { exits: vec![exit], last_n: 0, cursor: "9".to_owned(), ..Pulled::default() }).await;
    assert_eq!(ada.store.record(Key::Post(post(1))).await.unwrap(), None);
    let filter = crate::PostFilter { text: Some("secret".to_owned()), ..Default::default() };
    assert_eq!(ada.store.posts_count(&filter).await.unwrap(), 0, "nor does the search index have it");
    // an exit that is older than what came since takes nothing
    let exit = Exit { scope: "org".to_owned(), key: Key::Post(post(2)), row_seq: 1 };
    ada.take(&Pulled { exits: vec![exit], cursor: "9".to_owned(), ..Pulled::default() }).await;
    assert!(ada.store.record(Key::Post(post(2))).await.unwrap().is_some());
    let dropped = vec!["org".to_owned()];
    ada.take(&Pulled { dropped, cursor: "10".to_owned(), ..Pulled::default() }).await;
    assert_eq!(ada.store.record(Key::Post(post(2))).await.unwrap(), None);
}

#[tokio::test]
async fn a_copied_database_goes_on_under_another_name_and_loses_nothing() {
    let mut server = Server::founded();
    server.done(ADA, &Mutation::CreatePost { post: post(1), draft: draft("One.") });
    let mut ada = Device::joined(ADA, &server).await;
    for number in 2..5 {
        ada.does(&Mutation::CreatePost { post: post(number), draft: draft("More") }).await.unwrap();
    }
    ada.sync(&mut server).await;
    ada.does(&Mutation::CreatePost { post: post(5), draft: draft("Waits") }).await.unwrap();
    let before: Vec<Uuid> = ada.store.pending(10).await.unwrap().iter().map(|one| one.mid).collect();
    ada.store.fork_replica(Uuid::from_u128(77), "second").await.unwrap();
    let waiting = ada.store.pending(10).await.unwrap();
    assert_eq!(waiting.iter().map(|one| one.n).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(waiting.last().map(|one| one.mid), before.last().copied(), "ids stay");
    let replica = ada.store.replica().await.unwrap().unwrap();
    assert_eq!((replica.client, replica.cursor, replica.last_n), (Uuid::from_u128(77), None, 0));
    // the server knows three of them by their ids, and takes the fourth
    server.last_n = 0;
    let sent = ada.store.send_pending(0, 256, 1 << 20).await.unwrap();
    server.push(ADA, &sent);
    server.last_n = 4;
    let whole = Pulled { whole: true, ..server.pull(0, sent.iter().map(|one| one.mid)) };
    ada.take(&whole).await;
    ada.agrees_with(&server).await;
    assert_eq!(ada.store.pending_count().await.unwrap(), 0);
    assert_eq!(server.rows.keys().filter(|key| matches!(key, Key::Post(_))).count(), 5);
}

#[tokio::test]
async fn what_a_restored_server_lost_is_sent_again() {
    let mut server = Server::founded();
    let mut ada = Device::joined(ADA, &server).await;
    ada.does(&Mutation::CreatePost { post: post(1), draft: draft("One.") }).await.unwrap();
    ada.sync(&mut server).await;
    let yesterday = (server.rows.clone(), server.seq, server.taken.clone(), server.last_n);
    ada.does(&Mutation::CreatePost { post: post(2), draft: draft("Two.") }).await.unwrap();
    ada.sync(&mut server).await;
    (server.rows, server.seq, server.taken, server.last_n) = yesterday;
    ada.store.requeue(server.last_n).await.unwrap();
    assert_eq!(ada.store.pending(10).await.unwrap().iter().map(|one| one.n).collect::<Vec<_>>(), [2]);
    let sent = ada.store.send_pending(0, 256, 1 << 20).await.unwrap();
    server.push(ADA, &sent);
    ada.take(&Pulled { whole: true, ..server.pull(0, sent.iter().map(|one| one.mid)) }).await;
    ada.agrees_with(&server).await;
    assert!(server.rows.contains_key(&Key::Post(post(2))));
}

#[tokio::test]
async fn a_change_that_the_server_does_not_understand_steps_aside() {
    let server = Server::founded();
    let mut ada = Device::joined(ADA, &server).await;
    for number in 1..4 {
        ada.does(&Mutation::CreatePost { post: post(number), draft: draft("Text") }).await.unwrap();
    }
    ada.store.set_pending_aside(2, "{}", now()).await.unwrap();
    let waiting = ada.store.pending(10).await.unwrap();
    assert_eq!(waiting.iter().map(|one| one.n).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(ada.store.attention().await.unwrap().len(), 1);
    // what was done meanwhile is numbered behind them
    ada.does(&Mutation::CreatePost { post: post(9), draft: draft("Text") }).await.unwrap();
    assert_eq!(ada.store.pending(10).await.unwrap().len(), 3);
}

#[tokio::test]
async fn what_the_program_did_by_itself_and_was_refused_is_in_nobodys_tray() {
    let mut server = Server::founded();
    server.done(ADA, &Mutation::CreatePost { post: post(1), draft: draft("One.") });
    let mut ada = Device::joined(ADA, &server).await;
    let job = domain::id::JobId::of(post(1), domain::id::AccountId::new(Uuid::from_u128(3)));
    ada.types("One. Two.").await;
    // the rules of this desk refuse it by now: it was done before, from other records
    let entry = |mid: u128, mutation: Mutation| PendingEntry {
        mid: Uuid::from_u128(mid),
        v: 1,
        mutation,
        post: None,
        made_at: now(),
    };
    for (mid, mutation) in [(901, Mutation::Claim { job }), (902, Mutation::Unschedule { post: post(1) })] {
        super::enqueue(&ada.store.writer.lock().await.connection().await.unwrap(), &entry(mid, mutation))
            .await
            .unwrap();
    }
    let taken = ada.sync(&mut server).await;
    assert_eq!(taken.refused, 1);
    let names: Vec<String> = ada.store.attention().await.unwrap().into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["unschedule"]);
    assert_eq!(ada.store.pending_count().await.unwrap(), 0, "it does not wait either");
    super::enqueue(&ada.store.writer.lock().await.connection().await.unwrap(), &entry(903, Mutation::Claim { job }))
        .await
        .unwrap();
    let n = ada.store.pending(1).await.unwrap()[0].n;
    ada.store.set_pending_aside(n, "{}", now()).await.unwrap();
    assert_eq!((ada.store.attention().await.unwrap().len(), ada.store.pending_count().await.unwrap()), (1, 0));
}

#[tokio::test]
async fn a_change_keeps_the_version_that_it_was_written_as() {
    let mut server = Server::founded();
    let mut ada = Device::joined(ADA, &server).await;
    ada.does(&Mutation::CreatePost { post: post(1), draft: draft("One.") }).await.unwrap();
    ada.store.execute(super::statement("UPDATE pending SET v = 7", [])).await.unwrap();
    ada.types("One. Two.").await;
    let versions = async |store: &Store| store.pending(9).await.unwrap().iter().map(|one| one.v).collect::<Vec<_>>();
    assert_eq!(versions(&ada.store).await, [7, 1]);
    ada.store.execute(super::statement("UPDATE pending SET v = 8 WHERE v = 1", [])).await.unwrap();
    ada.types("One. Two. Three.").await;
    assert_eq!(versions(&ada.store).await, [7, 8, 1], "nothing is written into a change of another version");
    ada.sync(&mut server).await;
    ada.store.fork_replica(Uuid::from_u128(77), "second").await.unwrap();
    assert_eq!(versions(&ada.store).await, [7, 8, 1], "nor does it change its version by being sent again");
    ada.store.set_pending_aside(1, "{}", now()).await.unwrap();
    assert_eq!(ada.store.attention().await.unwrap()[0].v, 7);
}

#[tokio::test]
async fn a_copy_of_a_profile_takes_a_name_of_its_own_when_it_is_opened() {
    let mut server = Server::founded();
    let mut ada = Device::joined(ADA, &server).await;
    ada.does(&Mutation::CreatePost { post: post(1), draft: draft("One.") }).await.unwrap();
    ada.sync(&mut server).await;
    ada.store.execute(super::statement("UPDATE replica SET last_n = 1", [])).await.unwrap();
    let config = tempfile::TempDir::new().unwrap();
    let outside = config.path().join("bakery.json");
    let name = async |store: &Store| store.replica().await.unwrap().unwrap().client;
    let check = async |store: &Store, file: &std::path::Path, number: u128| {
        let word = number.to_string();
        store.check_replica_nonce(file, (Uuid::from_u128(number), &word)).await.unwrap()
    };
    // from a time when nothing was kept outside, or taken from elsewhere: nobody knows
    assert!(check(&ada.store, &outside, 100).await);
    assert_eq!(name(&ada.store).await, Uuid::from_u128(100));
    for number in 101..104 {
        assert!(!check(&ada.store, &outside, number).await, "the same database, opened again");
    }
    assert_eq!(name(&ada.store).await, Uuid::from_u128(100));
    // ended between the two writes: the file is ahead by one word
    let before = std::fs::read(&outside).unwrap();
    assert!(!check(&ada.store, &outside, 104).await);
    let ahead = std::fs::read(&outside).unwrap();
    ada.store.execute(super::statement("UPDATE replica SET nonce = '103'", [])).await.unwrap();
    std::fs::write(&outside, &ahead).unwrap();
    assert!(!check(&ada.store, &outside, 105).await);
    // an older database came back from a copy
    ada.store.execute(super::statement("UPDATE replica SET nonce = '101'", [])).await.unwrap();
    assert!(check(&ada.store, &outside, 106).await);
    assert_eq!(name(&ada.store).await, Uuid::from_u128(106));
    // an old file is as good as none
    std::fs::write(&outside, before).unwrap();
    assert!(check(&ada.store, &outside, 107).await);
    // the folder lies elsewhere by now, with the same file beside it
    let moved = String::from_utf8(std::fs::read(&outside).unwrap())
        .unwrap()
        .replace("\"profile\":\"", "\"profile\":\"/elsewhere");
    std::fs::write(&outside, moved).unwrap();
    assert!(check(&ada.store, &outside, 108).await);
    let sent = ada.store.pending(9).await.unwrap();
    assert_eq!(sent.len(), 1, "what could be missing waits again");
    // a new one has nobody to be mistaken for
    let new = Device::joined(BEN, &Server::founded()).await;
    new.store.execute(super::statement("UPDATE replica SET cursor = NULL", [])).await.unwrap();
    assert!(!check(&new.store, &config.path().join("new.json"), 200).await);
    assert!(!check(&new.store, &config.path().join("new.json"), 201).await);
}
