//! One open profile.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use contract::program::{Publishing, Settings};
use contract::{ApiError, Changed, Event, Origin, Tag};
use domain::id::{PersonId, PostId};
use domain::job::Job;
use domain::mutation::PartKeys;
use domain::post::{Content, Draft, Post, PostStatus};
use domain::{Context, Key, Mutation, Record, Reject, Step, WorkingSet};
use jiff::Timestamp;
use store::{Commit, JobLogEntry, LogEntry, Store};
use tokio::sync::{Notify, broadcast};
use uuid::Uuid;

use crate::connect::AccountFlows;
use crate::errors::storage;
use crate::ports::Ports;
use crate::publisher::sentences::{Sentences, sentences};
use crate::sessions::Sessions;
use crate::teams::Team;
use crate::vault::Vault;

/// Every part of every account.
const KEYS_PER_POST: usize = Content::PARTS_MAX * Draft::TARGETS_MAX + 1;

/// A mutation that was done.
#[derive(Debug)]
pub(crate) struct Done {
    /// Its number in the log, by which it can be taken back.
    pub seq: u64,
    /// By what the server of a team knows it.
    pub mid: Option<Uuid>,
    pub writes: Vec<Record>,
    pub can_undo: bool,
}

/// What is written down beside a mutation.
#[derive(Debug, Default)]
pub(crate) struct Note {
    /// The network's literal words, for the job's log.
    pub detail: String,
    /// The number of the mutation that this one takes back.
    pub undoes: Option<u64>,
}

impl Done {
    pub(crate) fn post(&self, id: PostId) -> Option<&Post> {
        self.writes.iter().find_map(|record| match record {
            Record::Post(post) if post.id == id => Some(post),
            _ => None,
        })
    }

    pub(crate) fn job(&self) -> Option<&Job> {
        self.writes.iter().find_map(|record| match record {
            Record::Job(job) => Some(job),
            _ => None,
        })
    }

    pub(crate) fn undo(&self) -> Option<u64> {
        self.can_undo.then_some(self.seq)
    }
}

#[derive(Debug)]
pub(crate) struct Engine {
    pub store: Store,
    pub vault: Arc<Vault>,
    pub ports: Ports,
    pub folder: PathBuf,
    pub sample: bool,
    pub person: PersonId,
    /// None: the profile of one person alone.
    pub team: Option<Team>,
    pub sessions: Sessions,
    pub flows: AccountFlows,
    pub settings: Arc<RwLock<Settings>>,
    pub publishing: RwLock<Publishing>,
    /// Wakes the publisher: something is due earlier than it thinks.
    pub wake: Notify,
    pub events: broadcast::Sender<Event>,
    /// Held while a free time of a queue is looked for and taken.
    pub queueing: tokio::sync::Mutex<()>,
    /// Files that were read for the library.
    pub reading: Mutex<crate::handlers::library::Reading>,
    /// Videos that come in piece by piece.
    pub staging: Mutex<crate::videos::Staging>,
    pub encodes: Mutex<crate::videos::ffmpeg::Encodes>,
    /// The first idempotency key, in microseconds, that this process did not use yet.
    next_key: Mutex<u64>,
    /// The newest entry of the log that this process wrote or has announced.
    pub last_seen: AtomicU64,
}

impl Engine {
    #[expect(clippy::too_many_arguments, reason = "the one place where a profile is put together")]
    pub(crate) fn new(
        store: Store,
        vault: Vault,
        ports: Ports,
        folder: PathBuf,
        sample: bool,
        person: PersonId,
        settings: Settings,
        publishing: Publishing,
        events: broadcast::Sender<Event>,
    ) -> Self {
        Self {
            store,
            vault: Arc::new(vault),
            ports,
            folder,
            sample,
            person,
            team: None,
            sessions: Sessions::default(),
            flows: AccountFlows::default(),
            settings: Arc::new(RwLock::new(settings)),
            publishing: RwLock::new(publishing),
            wake: Notify::new(),
            events,
            queueing: tokio::sync::Mutex::default(),
            reading: Mutex::default(),
            staging: Mutex::default(),
            encodes: Mutex::default(),
            next_key: Mutex::new(0),
            last_seen: AtomicU64::new(0),
        }
    }

    /// The profile of an organisation. Settings and vault are those of the person's own one.
    pub(crate) fn of_team(store: Store, folder: PathBuf, person: PersonId, team: Team) -> Self {
        let own = Arc::clone(&team.own);
        Self {
            store,
            vault: Arc::clone(&own.vault),
            ports: own.ports.clone(),
            folder,
            sample: false,
            person,
            team: Some(team),
            sessions: Sessions::default(),
            flows: AccountFlows::default(),
            settings: Arc::clone(&own.settings),
            publishing: RwLock::new(own.publishing()),
            wake: Notify::new(),
            events: own.events.clone(),
            queueing: tokio::sync::Mutex::default(),
            reading: Mutex::default(),
            staging: Mutex::default(),
            encodes: Mutex::default(),
            next_key: Mutex::new(0),
            last_seen: AtomicU64::new(0),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn publishing(&self) -> Publishing {
        self.publishing.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes whether posts go out; tells the windows if it changed.
    pub(crate) fn set_publishing(&self, state: Publishing, origin: Origin) {
        let mut current = self.publishing.write().unwrap_or_else(PoisonError::into_inner);
        if *current != state {
            *current = state;
            drop(current);
            self.announce(&[Tag::Program], origin);
            self.wake.notify_one();
        }
    }

    /// The zone that times are shown in.
    pub(crate) fn zone(&self) -> String {
        let chosen = self.settings().zone;
        if chosen.is_empty() { self.ports.clock.zone() } else { chosen }
    }

    pub(crate) fn announce(&self, tags: &[Tag], origin: Origin) {
        // nobody listening is fine
        let _ = self.events.send(Event::Changed(Changed { tags: tags.to_vec(), origin }));
    }

    /// A fresh UUID of version 7: time first, so that records lie in the order in which they were made.
    pub(crate) fn fresh_id(&self) -> Result<Uuid, ApiError> {
        let mut random = [0u8; 10];
        self.ports.entropy.fill(&mut random).map_err(|error| crate::errors::internal(&error))?;
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// The start of a range of idempotency keys, enough for so many posts, that was never used before by this process.
    pub(crate) fn fresh_keys(&self, posts: usize) -> Result<PartKeys, ApiError> {
        let mut random = [0u8; 2];
        self.ports.entropy.fill(&mut random).map_err(|error| crate::errors::internal(&error))?;
        let now = u64::try_from(self.now().as_microsecond()).unwrap_or(0);
        let mut next = self.next_key.lock().unwrap_or_else(PoisonError::into_inner);
        let micros = now.max(*next);
        let taken = KEYS_PER_POST.saturating_mul(posts.max(1));
        *next = micros.saturating_add(u64::try_from(taken).unwrap_or(u64::MAX));
        Ok(PartKeys { micros, clock_id: u16::from_be_bytes(random) & 0x3ff })
    }

    /// Runs one mutation to its end: decided by the rulebook, written with its log entry in one transaction.
    ///
    /// # Errors
    /// The rule's refusal, or what the disk said.
    pub(crate) async fn mutate(&self, mutation: Mutation) -> Result<Done, ApiError> {
        self.mutate_noting(mutation, Note::default()).await
    }

    /// As [`Engine::mutate`], with what else there is to write down.
    pub(crate) async fn mutate_noting(&self, mutation: Mutation, note: Note) -> Result<Done, ApiError> {
        match self.try_mutate(&mutation, note).await? {
            Ok(done) => Ok(done),
            Err(reject) => Err(reject.into()),
        }
    }

    /// As [`Engine::mutate`]; the publisher tells refusals apart.
    pub(crate) async fn try_mutate(&self, mutation: &Mutation, note: Note) -> Result<Result<Done, Reject>, ApiError> {
        let context = self.context();
        let words = sentences(self.settings().language);
        let mut outcome = None;
        let waits = self.waiting()?;
        let mid = waits.as_ref().map(|waits| waits.mid);
        let committed = self
            .store
            .mutate(|set: &WorkingSet| {
                // in the transaction that applies it: nothing comes in between from elsewhere
                let mutation = match mutation.bound(&context, set) {
                    Step::Need(keys) => return Step::Need(keys),
                    Step::Done(mutation) => mutation,
                };
                match domain::apply(&context, set, &mutation) {
                    Step::Need(keys) => Step::Need(keys),
                    Step::Done(Err(reject)) => Step::Done(Err(reject)),
                    Step::Done(Ok(writes)) => {
                        let mutation = mutation.as_done(&writes);
                        let inverse = domain::inverse(set, &mutation);
                        let mut commit = commit(&context, &mutation, &writes, inverse.as_ref(), words, &note);
                        commit.pending = waits.as_ref().map(|waits| waits.entry(&mutation, &writes));
                        outcome = Some((writes, inverse.is_some()));
                        Step::Done(Ok(commit))
                    }
                }
            })
            .await
            .map_err(|error| storage(&error))?;
        let committed = match committed {
            Ok(committed) => committed,
            Err(reject) => return Ok(Err(reject)),
        };
        self.last_seen.fetch_max(committed.seq, Ordering::Relaxed);
        let (writes, can_undo) = outcome.unwrap_or_default();
        if writes.iter().any(|record| matches!(record, Record::Job(_))) {
            self.wake.notify_one();
        }
        if let Some(team) = &self.team {
            team.wake.notify_one();
            // who has to agree, or who is there, is different now
            if writes.iter().any(|record| matches!(record, Record::Organisation(_) | Record::Member(_))) {
                Box::pin(self.recount()).await;
            }
        }
        Ok(Ok(Done { seq: committed.seq, mid, writes, can_undo }))
    }

    /// What a person is called here; `None` if nobody knows them.
    pub(crate) async fn name_of(&self, person: PersonId) -> Result<Option<String>, ApiError> {
        let key = if self.team.is_some() { Key::Member(person) } else { Key::Person(person) };
        Ok(match self.store.record(key).await.map_err(|error| storage(&error))? {
            Some(Record::Member(member)) => Some(member.name),
            Some(Record::Person(person)) => Some(person.name),
            _ => None,
        })
    }

    pub(crate) async fn record(&self, key: Key) -> Result<Record, ApiError> {
        let found = self.store.record(key).await.map_err(|error| storage(&error))?;
        found.ok_or_else(|| Reject::NotFound.into())
    }
}

fn commit(
    context: &Context,
    mutation: &Mutation,
    writes: &[Record],
    inverse: Option<&Mutation>,
    words: &Sentences,
    note: &Note,
) -> Commit {
    let step = mutation.name();
    let job_log = writes
        .iter()
        .filter_map(|record| match record {
            Record::Job(job) => Some(JobLogEntry {
                job: job.id,
                at: context.now,
                step: step.to_owned(),
                // the sentence is the first line; what the network literally said follows
                detail: format!("{}\n{}", (words.step)(mutation, job), note.detail),
            }),
            _ => None,
        })
        .collect();
    Commit {
        writes: writes.to_vec(),
        log: LogEntry {
            at: context.now,
            actor: context.actor,
            name: step.to_owned(),
            data: serde_json::to_value(mutation).unwrap_or_default(),
            inverse: inverse.and_then(|inverse| serde_json::to_value(inverse).ok()),
            undoes: note.undoes,
        },
        job_log,
        // what is taken back is an entry of its own, however soon it comes
        coalesce: matches!(mutation, Mutation::EditDraft { .. }) && note.undoes.is_none(),
        pending: None,
    }
}

/// What a write to a post answers.
pub(crate) fn written(done: &Done, post: PostId) -> Result<contract::posts::Written, ApiError> {
    let stored = done.post(post).ok_or(Reject::NotFound)?;
    Ok(contract::posts::Written { post, version: stored.version, status: stored.status, undo: done.undo() })
}

/// The words that "still to come" means.
pub(crate) const OPEN: [PostStatus; 6] = [
    PostStatus::Draft,
    PostStatus::InReview,
    PostStatus::ChangesRequested,
    PostStatus::Rejected,
    PostStatus::Scheduled,
    PostStatus::Held,
];

/// A shared profile.
pub(crate) type Shared = Arc<Engine>;
