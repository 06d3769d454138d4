//! What happened to the sample's posts, told to the rulebook: each step is a mutation at its own moment, decided by
//! [`domain::apply`] on records in memory. So a sample is exactly what a year of use would have left behind.

use std::collections::BTreeMap;

use contract::program::Language;
use domain::account::Account;
use domain::id::{JobId, PersonId, PostId};
use domain::job::{Decision, Job, Lookup, Outcome, Reason, Remote, plus};
use domain::media::Media;
use domain::mutation::{PartKeys, PostsChange, When};
use domain::network::Network;
use domain::post::{Draft, Post};
use domain::schedule::Fold;
use domain::{Context, Key, Mutation, Record, Reject, Step, WorkingSet, apply};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::JobLogEntry;

use super::people::base32;
use super::random::Random;
use crate::publisher::LEAD_S;
use crate::publisher::sentences::sentences;

/// The records so far, and what the deliveries' logs say.
#[derive(Debug)]
pub(super) struct History {
    actor: PersonId,
    set: WorkingSet,
    written: Vec<Key>,
    log: Vec<JobLogEntry>,
}

/// What a delivery came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Published,
    /// The network stopped answering and could not be asked afterwards.
    Unsure,
    Refused {
        status: u16,
        detail: &'static str,
    },
    /// A person was told that it is time.
    Handed,
    /// The computer slept.
    Missed,
    /// Missed, and a person decided not to send it.
    Skipped,
}

impl History {
    pub(super) fn new(actor: PersonId, accounts: &[Account], media: &[Media]) -> Self {
        let mut set = WorkingSet::default();
        set.overlay(&accounts.iter().cloned().map(Record::Account).collect());
        set.overlay(&media.iter().cloned().map(Record::Media).collect());
        Self { actor, set, written: Vec::new(), log: Vec::new() }
    }

    /// Everything that was written since the last call, each record as it stands now.
    pub(super) fn take(&mut self) -> (Vec<Record>, Vec<JobLogEntry>) {
        let mut keys = std::mem::take(&mut self.written);
        keys.sort_unstable();
        keys.dedup();
        let records = keys.iter().filter_map(|key| self.set.get(*key).flatten().cloned()).collect();
        for key in keys {
            // a sample of many thousand posts need not be held at once
            self.set.load(key, None);
        }
        (records, std::mem::take(&mut self.log))
    }

    pub(super) fn post(&self, id: PostId) -> Option<&Post> {
        match self.set.get(Key::Post(id)) {
            Some(Some(Record::Post(post))) => Some(post),
            _ => None,
        }
    }

    fn job(&self, id: JobId) -> Result<&Job, Reject> {
        match self.set.get(Key::Job(id)) {
            Some(Some(Record::Job(job))) => Ok(job),
            _ => Err(Reject::NotFound),
        }
    }

    /// Does one step at its moment.
    pub(super) fn step(&mut self, now: Timestamp, mutation: Mutation) -> Result<(), Reject> {
        self.noting(now, mutation, "")
    }

    fn noting(&mut self, now: Timestamp, mutation: Mutation, detail: &str) -> Result<(), Reject> {
        let context = Context::solo(self.actor, now);
        let writes = loop {
            match apply(&context, &self.set, &mutation) {
                Step::Need(keys) => keys.into_iter().for_each(|key| self.set.load(key, None)),
                Step::Done(decided) => break decided?,
            }
        };
        // the people of the sample speak English
        let words = sentences(Language::English);
        for record in &writes {
            self.written.push(record.key());
            if let Record::Job(job) = record {
                self.log.push(JobLogEntry {
                    job: job.id,
                    at: now,
                    step: mutation.name().to_owned(),
                    detail: format!("{}\n{detail}", (words.step)(&mutation, job)),
                });
            }
        }
        self.set.overlay(&writes);
        Ok(())
    }

    pub(super) fn create(&mut self, now: Timestamp, post: PostId, draft: Draft) -> Result<(), Reject> {
        self.step(now, Mutation::CreatePost { post, draft })
    }

    pub(super) fn edit(&mut self, now: Timestamp, post: PostId, draft: Draft) -> Result<(), Reject> {
        let read = self.post(post).ok_or(Reject::NotFound)?.version;
        self.step(now, Mutation::EditDraft { post, read, draft, since: None })
    }

    pub(super) fn schedule(
        &mut self,
        now: Timestamp,
        post: PostId,
        local: DateTime,
        zone: &str,
        random: &mut Random,
    ) -> Result<(), Reject> {
        let read = self.post(post).ok_or(Reject::NotFound)?.version;
        let micros = u64::try_from(now.as_microsecond()).unwrap_or(0);
        let keys = PartKeys { micros, clock_id: u16::try_from(random.next() & 0x3ff).unwrap_or(0) };
        let when = When { local, zone: zone.to_owned(), fold: Fold::First };
        self.step(now, Mutation::SchedulePost { post, read, seen: None, when, keys })
    }

    pub(super) fn hold(&mut self, now: Timestamp, post: PostId) -> Result<(), Reject> {
        // holding makes no delivery, so it uses no key
        let keys = PartKeys { micros: 0, clock_id: 0 };
        self.step(
            now,
            Mutation::ChangePosts { posts: vec![post], change: PostsChange::Hold, seen: BTreeMap::new(), keys },
        )
    }

    /// Takes one delivery through the machine to its end, at its due time.
    pub(super) fn deliver(
        &mut self,
        post: PostId,
        account: &Account,
        end: End,
        random: &mut Random,
    ) -> Result<(), Reject> {
        let id = JobId::of(post, account.id);
        if matches!(end, End::Missed | End::Skipped) {
            return self.miss(id, end);
        }
        if end == End::Handed {
            return self.step(self.job(id)?.due_at, Mutation::HandOver { job: id });
        }
        let parts = self.job(id)?.parts.len();
        let mut now = plus(self.job(id)?.due_at, -LEAD_S);
        for part in 0..parts {
            now = self.send(id, part, account, now, random)?;
            let attempt = self.job(id)?.attempt;
            now = millis(now, random.between(380, 1_900));
            match end {
                End::Published => {
                    let remote =
                        remote(account, &self.job(id)?.parts.get(part).ok_or(Reject::NotFound)?.key, now, random);
                    self.step(now, Mutation::Report { job: id, attempt, outcome: Outcome::Published { remote } })?;
                }
                End::Refused { status, detail } => {
                    let outcome = Outcome::Refused { status, detail: detail.to_owned() };
                    return self.noting(now, Mutation::Report { job: id, attempt, outcome }, detail);
                }
                _ => return self.lose(id, attempt, now),
            }
        }
        Ok(())
    }

    /// Up to the ticket of one part.
    fn send(
        &mut self,
        id: JobId,
        part: usize,
        account: &Account,
        now: Timestamp,
        random: &mut Random,
    ) -> Result<Timestamp, Reject> {
        self.step(now, Mutation::Claim { job: id })?;
        let job = self.job(id)?;
        let (fence, due_at, post) = (job.fence, job.due_at, job.post);
        let request = request(self.post(post).ok_or(Reject::NotFound)?, account, part, now.max(due_at));
        let now = millis(now, random.between(240, 2_600));
        self.step(now, Mutation::Prepare { job: id, fence, request })?;
        let now = millis(now.max(due_at), random.between(4, 60));
        self.step(now, Mutation::BeginSend { job: id, fence })?;
        Ok(now)
    }

    /// No answer, and no answer to the questions after it either.
    fn lose(&mut self, id: JobId, attempt: u32, sent: Timestamp) -> Result<(), Reject> {
        let mut now = plus(sent, 24);
        let detail = "the connection was closed before the answer was complete";
        let outcome = Outcome::Ambiguous { detail: detail.to_owned() };
        self.noting(now, Mutation::Report { job: id, attempt, outcome }, detail)?;
        while let Some(at) = self.job(id)?.not_before {
            now = now.max(at);
            let detail = "connection refused";
            let found = Lookup::Unknown { detail: detail.to_owned() };
            self.noting(now, Mutation::LookedUp { job: id, found }, detail)?;
        }
        Ok(())
    }

    fn miss(&mut self, id: JobId, end: End) -> Result<(), Reject> {
        // the lid was opened again some hours later
        let woke = plus(self.job(id)?.latest_start(), 94 * 60);
        self.step(woke, Mutation::Miss { job: id, reason: Reason::NobodyPublishing })?;
        if end == End::Skipped {
            let keys = PartKeys { micros: u64::try_from(woke.as_microsecond()).unwrap_or(0), clock_id: 0 };
            self.step(plus(woke, 41), Mutation::Decide { job: id, decision: Decision::Skip, seen: None, keys })?;
        }
        Ok(())
    }
}

fn millis(at: Timestamp, more: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_millis(more)).unwrap_or(at)
}

/// What the delivery's request says. Real ones are written by the network's adapter; nobody will ever send this one.
fn request(post: &Post, account: &Account, part: usize, now: Timestamp) -> String {
    let content = post.draft.sent_to(account);
    let text = content.as_ref().and_then(|content| content.outgoing().nth(part)).map_or("", |part| part.text);
    match account.network {
        Network::Bluesky => json!({ "$type": "app.bsky.feed.post", "text": text, "createdAt": now.to_string() }),
        _ => json!({ "status": text, "visibility": "public" }),
    }
    .to_string()
}

/// The post as its network would name it.
fn remote(account: &Account, key: &str, now: Timestamp, random: &mut Random) -> Remote {
    match account.network {
        Network::Bluesky => Remote {
            id: format!("at://{}/app.bsky.feed.post/{key}", account.profile.remote_id),
            url: format!("{}/post/{key}", account.profile.url),
            cid: format!("bafyrei{}", random.bytes::<52>().map(base32).iter().collect::<String>()),
        },
        _ => {
            // a status number: milliseconds, then sixteen bits that tell apart
            let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
            let number = (millis << 16) | (random.next() & 0xffff);
            Remote { id: number.to_string(), url: format!("{}/{number}", account.profile.url), cid: String::new() }
        }
    }
}
