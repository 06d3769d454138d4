//! A device: a real profile on a disk, and the person in front of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};
use domain::approval::Verdict;
use domain::hash::ContentHash;
use domain::mutation::{PartKeys, Since, When};
use domain::post::Post;
use domain::schedule::Fold;
use domain::{Context, Key, Mutation, Record, Reject, Step};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use store::{Commit, LogEntry, PendingEntry, Replica, Store};
use uuid::Uuid;

use crate::approvals;
use crate::office::{draft, organisation, person, words};
use crate::random::Random;

/// What was done on a desk, as far as somebody will ask for it.
#[derive(Debug, Default)]
pub struct Notes {
    /// Words that were written on this desk and taken out nowhere.
    pub typed: BTreeSet<String>,
    /// Words that were taken out here.
    pub gone: BTreeSet<String>,
    /// What a decision is about: the id of its mutation, and the text with its time.
    pub decided: Vec<(Uuid, ContentHash)>,
    /// What takes an edit back, and the words that this may take out.
    pub undo: Vec<(Mutation, BTreeSet<String>)>,
    /// The first thing that a rule did which it must not.
    pub wrong: Option<String>,
}

#[derive(Debug)]
pub struct Desk {
    pub name: usize,
    pub actor: u128,
    pub dir: PathBuf,
    /// Lies outside of the profile.
    pub outside: PathBuf,
    store: Option<Store>,
    ids: AtomicU64,
    pub notes: Mutex<Notes>,
    /// Its clock is wrong by so many seconds.
    pub skew_s: i64,
}

impl Desk {
    /// A new profile, made of an empty one.
    pub async fn new(empty: &Path, home: &Path, name: usize, actor: u128, now: Timestamp) -> Result<Self> {
        let (dir, outside) = (home.join(format!("desk{name}")), home.join(format!("outside{name}.json")));
        copy(empty, &dir)?;
        let mut desk = Self::closed(name, actor, dir, outside);
        let store = Store::open(&desk.dir, now).await?;
        let (client, nonce) = (desk.fresh(), "new".to_owned());
        let replica = Replica { organisation: organisation(), client, nonce, last_n: 0, epoch: None, cursor: None };
        store.begin_replica(&replica).await?;
        store.close().await;
        desk.open(now).await?;
        Ok(desk)
    }

    /// A profile that lies there, or will.
    pub fn closed(name: usize, actor: u128, dir: PathBuf, outside: PathBuf) -> Self {
        let (ids, notes) = (AtomicU64::new(0), Mutex::default());
        Self { name, actor, dir, outside, store: None, ids, notes, skew_s: 0 }
    }

    pub async fn open(&mut self, now: Timestamp) -> Result<bool> {
        let store = Store::open(&self.dir, now).await?;
        let (client, word) = (self.fresh(), self.fresh().to_string());
        let copied = store.check_replica_nonce(&self.outside, (client, &word)).await?;
        self.store = Some(store);
        Ok(copied)
    }

    /// In order, or as a program that is killed.
    pub async fn shut(&mut self, in_order: bool) {
        match self.store.take() {
            Some(store) if in_order => store.close().await,
            store => drop(store),
        }
    }

    pub fn store(&self) -> Result<&Store> {
        self.store.as_ref().context("the profile is closed")
    }

    pub fn fresh(&self) -> Uuid {
        let number = self.ids.fetch_add(1, Ordering::Relaxed);
        Uuid::from_u128((0xa_0000 + self.name as u128) << 64 | u128::from(number))
    }

    pub fn note<T>(&self, change: impl FnOnce(&mut Notes) -> T) -> T {
        change(&mut self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn clock(&self, now: Timestamp) -> Timestamp {
        now.checked_add(SignedDuration::from_secs(self.skew_s)).unwrap_or(now)
    }

    /// Does it here, to be sent later: as the program does it. The mutation as it was written down, with its id.
    pub async fn does(&self, mutation: &Mutation, now: Timestamp) -> Result<Result<(Mutation, Uuid), Reject>> {
        let now = self.clock(now);
        let context = Context::team(organisation(), person(self.actor), now);
        let mid = self.fresh();
        let mut outcome = None;
        let done = self.store()?.mutate(|set| {
            let bound = match mutation.bound(&context, set) {
                Step::Need(keys) => return Step::Need(keys),
                Step::Done(bound) => bound.into_owned(),
            };
            match domain::apply(&context, set, &bound) {
                Step::Need(keys) => Step::Need(keys),
                Step::Done(Err(reject)) => Step::Done(Err(reject)),
                Step::Done(Ok(writes)) => {
                    outcome = Some((bound.clone(), domain::inverse(set, &bound)));
                    let log = LogEntry {
                        actor: person(self.actor),
                        at: now,
                        name: bound.name().to_owned(),
                        data: Value::Null,
                        inverse: None,
                        undoes: None,
                    };
                    let v = wire::MUTATION_VERSION;
                    let pending = PendingEntry { mid, v, mutation: bound, post: None, made_at: now };
                    let (job_log, coalesce) = (Vec::new(), false);
                    Step::Done(Ok(Commit { writes, log, job_log, coalesce, pending: Some(pending) }))
                }
            }
        });
        if let Err(reject) = done.await? {
            return Ok(Err(reject));
        }
        let (bound, inverse) = outcome.context("a change that was not decided")?;
        self.remember(&bound, inverse);
        Ok(Ok((bound, mid)))
    }

    fn remember(&self, done: &Mutation, inverse: Option<Mutation>) {
        let Some((wrote, took)) = changed(done) else { return };
        self.note(|notes| {
            notes.typed.extend(wrote.iter().cloned());
            notes.gone.extend(took);
            if let (Mutation::EditDraft { .. }, Some(inverse)) = (done, inverse) {
                notes.undo.push((inverse, wrote));
            }
        });
    }

    pub async fn post(&self, post: domain::id::PostId) -> Result<Option<Post>> {
        Ok(match self.store()?.record(Key::Post(post)).await? {
            Some(Record::Post(post)) => Some(post),
            _ => None,
        })
    }

    /// Writes a word that nobody has written, and at times takes one out.
    pub async fn types(
        &self,
        post: domain::id::PostId,
        word: String,
        random: &Random,
        now: Timestamp,
    ) -> Result<String> {
        let Some(old) = self.post(post).await? else { return Ok("nothing to write into".to_owned()) };
        let mut text = words(&old.draft);
        if random.percent(25) && !text.is_empty() {
            text.remove(random.below(text.len()));
        }
        text.insert(random.below(text.len() + 1), word);
        let mut new = old.draft.clone();
        new.base = draft(&text, None).base;
        let since = Some(Box::new(Since { base: old.draft, saves: 1 }));
        let edit = Mutation::EditDraft { post, read: old.version, draft: new, since };
        Ok(said(self.does(&edit, now).await?.map(|_| ())))
    }

    /// Takes the last edit of this desk back.
    pub async fn undoes(&self, now: Timestamp) -> Result<String> {
        let Some((mut inverse, own)) = self.note(|notes| notes.undo.pop()) else {
            return Ok("nothing to take back".to_owned());
        };
        if let Mutation::EditDraft { post, read, .. } = &mut inverse
            && let Some(current) = self.post(*post).await?
        {
            *read = current.version;
        }
        let known = self.note(|notes| notes.undo.len());
        let done = self.does(&inverse, now).await?;
        self.note(|notes| notes.undo.truncate(known));
        if let Ok((done, _)) = &done
            && let Some((_, took)) = changed(done)
            && let Some(word) = took.iter().find(|word| !own.contains(*word))
        {
            let wrong = format!("desk {}: an undo takes out {word}, which the edit had not written", self.name);
            self.note(|notes| {
                notes.wrong.get_or_insert(wrong);
            });
        }
        Ok(said(done.map(|_| ())))
    }

    /// Signs off what stands here, for a day far away, or for the next hour.
    pub async fn decides(&self, post: domain::id::PostId, day: usize, now: Timestamp) -> Result<String> {
        let Some(old) = self.post(post).await? else { return Ok("nothing to sign off".to_owned()) };
        let when = match day {
            0..28 => {
                let local = format!("2030-01-{:02}T09:00:00", day + 1).parse()?;
                When { local, zone: "UTC".to_owned(), fold: Fold::First }
            }
            minutes => approvals::soon(now, minutes - 28)?,
        };
        let at = domain::schedule::Schedule::resolve(when.local, "UTC", Fold::First)
            .map_err(|error| anyhow::anyhow!("{error:?}"))?
            .0
            .at;
        let keys = PartKeys { micros: self.ids.load(Ordering::Relaxed), clock_id: 1 };
        // the number alone, as the window says it
        let sign = Mutation::SchedulePost { post, read: old.version, seen: None, when, keys };
        let done = self.does(&sign, now).await?;
        if let (Ok((_, mid)), Some(signed)) = (&done, ContentHash::of(&old.draft, at)) {
            self.note(|notes| notes.decided.push((*mid, signed)));
        }
        Ok(said(done.map(|_| ())))
    }

    /// Says something about what stands here.
    pub async fn reviews(&self, post: domain::id::PostId, verdict: Verdict, now: Timestamp) -> Result<String> {
        let Some(old) = self.post(post).await? else { return Ok("nothing to decide about".to_owned()) };
        let (read, note) = (old.version, "Because.".to_owned());
        let review = Mutation::Review { post, read, seen: None, verdict, note };
        Ok(said(self.does(&review, now).await?.map(|_| ())))
    }

    pub async fn settles(&self, post: domain::id::PostId, now: Timestamp) -> Result<String> {
        let Some(old) = self.post(post).await?.filter(|post| post.merge.is_some()) else {
            return Ok("nothing to settle".to_owned());
        };
        let settle = Mutation::SettleMerge { post, read: old.version, seen: None };
        Ok(said(self.does(&settle, now).await?.map(|_| ())))
    }

    /// Everything that waits or was refused here, as it is stored.
    pub async fn kept(&self) -> Result<String> {
        let store = self.store()?;
        let waiting = store.pending(u32::MAX).await?.into_iter().map(|one| one.body);
        let refused = store.attention().await?.into_iter().map(|one| one.body);
        Ok(waiting.chain(refused).collect::<Vec<_>>().join("\n"))
    }
}

/// The words that a mutation writes, and those that it takes out; `None` of one that has none.
pub fn changed(mutation: &Mutation) -> Option<(BTreeSet<String>, BTreeSet<String>)> {
    let set = |draft| words(draft).into_iter().collect::<BTreeSet<String>>();
    match mutation {
        Mutation::CreatePost { draft, .. } => Some((set(draft), BTreeSet::new())),
        Mutation::EditDraft { draft, since: Some(since), .. } => {
            let (was, is) = (set(&since.base), set(draft));
            Some((is.difference(&was).cloned().collect(), was.difference(&is).cloned().collect()))
        }
        _ => None,
    }
}

pub fn said(done: Result<(), Reject>) -> String {
    match done {
        Ok(()) => "done".to_owned(),
        Err(reject) => format!("refused: {reject}"),
    }
}

/// A folder with its files, without what a lock means.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if from == to {
        bail!("a folder is not copied onto itself");
    }
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
