//! Everything there is in one story: records, networks, publishers, real time and the time that the computer shows.

use std::collections::BTreeMap;

use domain::account::{Account, Health, Limits, Profile, SignIn};
use domain::hash::ContentHash;
use domain::id::{AccountId, JobId, PersonId, PostId};
use domain::job::{Decision, Job, plus};
use domain::mutation::{PartKeys, PostsChange};
use domain::network::Network as Kind;
use domain::post::{Draft, Post};
use domain::text::mastodon::MastodonLimits;
use domain::{Context, Key, Mutation, Record, Reject, Step, WorkingSet, apply, inverse};
use jiff::Timestamp;
use uuid::Uuid;

use crate::invariants;
use crate::network::Network;
use crate::planted::Plant;
use crate::publisher::Publisher;
use crate::random::Random;
use crate::run::Broken;
use crate::seen::Seen;

/// 2026-11-23 09:00 UTC.
const BEGIN_MS: i64 = 1_795_424_400_000;

/// What a mutation wrote, and what takes it back.
pub type Undoable = (Vec<Record>, Option<Mutation>);

#[derive(Debug)]
pub struct World {
    pub random: Random,
    pub plant: Plant,
    /// How often in a hundred a publisher hangs with a ticket in its hand.
    pub stalls: u64,
    /// Real time, in milliseconds since 1970.
    pub now: i64,
    /// How far the computer's clock is ahead.
    pub ahead: i64,
    /// When it was set last, in real time.
    pub set_at: i64,
    /// It was set back once.
    pub set_back: bool,
    pub records: BTreeMap<Key, Record>,
    pub networks: BTreeMap<AccountId, Network>,
    pub publishers: Vec<Publisher>,
    /// The clock was seen to jump: nothing goes out until a person looked.
    pub paused: bool,
    /// The author's last word on what shall go out; none once it was taken off the schedule.
    pub wanted: BTreeMap<PostId, (ContentHash, Draft)>,
    /// All that a person ever put their name to.
    pub signed: BTreeMap<PostId, Vec<(ContentHash, Draft)>>,
    /// Parts of threads that have to wait, by their place, and until when.
    pub not_before: BTreeMap<(JobId, usize), Timestamp>,
    /// How often a person said "publish it now".
    pub decided: BTreeMap<JobId, usize>,
    pub seen: Seen,
    /// Every step, in words.
    pub told: Vec<String>,
    ids: u128,
    keys: u64,
}

impl World {
    pub fn new(seed: u64, plant: Plant) -> Self {
        let mut random = Random::new(seed);
        let stalls = [0, 5, 60][usize::try_from(random.below(3)).unwrap()];
        let trouble = [0, 10, 30, 60][usize::try_from(random.below(4)).unwrap()];
        let mut world = Self {
            random,
            plant,
            stalls,
            now: BEGIN_MS,
            ahead: 0,
            set_at: 0,
            set_back: false,
            records: BTreeMap::new(),
            networks: BTreeMap::new(),
            publishers: vec![Publisher::default(), Publisher::default()],
            paused: false,
            wanted: BTreeMap::new(),
            signed: BTreeMap::new(),
            not_before: BTreeMap::new(),
            decided: BTreeMap::new(),
            seen: Seen::default(),
            told: Vec::new(),
            ids: 1_000,
            keys: 0,
        };
        for (number, kind) in [(1, Kind::Bluesky), (2, Kind::Mastodon)] {
            let account = account(number, kind);
            let mut network = Network::new(kind, trouble);
            match plant {
                Plant::NetworkIgnoresKeys => network.remembers_ms = -1,
                Plant::NetworkForgetsKeys => network.remembers_ms = 5 * 60_000,
                _ => {}
            }
            world.networks.insert(account.id, network);
            world.records.insert(Key::Account(account.id), Record::Account(account));
        }
        world
    }

    /// What the computer's clock shows.
    pub fn shown(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now + self.ahead).unwrap()
    }

    pub fn fresh(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    pub fn fresh_keys(&mut self) -> PartKeys {
        self.keys += 100_000;
        PartKeys { micros: u64::try_from(self.now * 1_000).unwrap() + self.keys, clock_id: 7 }
    }

    pub fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.records.values().filter_map(|record| match record {
            Record::Job(job) => Some(job),
            _ => None,
        })
    }

    pub fn posts(&self) -> impl Iterator<Item = &Post> {
        self.records.values().filter_map(|record| match record {
            Record::Post(post) => Some(post),
            _ => None,
        })
    }

    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.records.values().filter_map(|record| match record {
            Record::Account(account) => Some(account),
            _ => None,
        })
    }

    pub fn job(&self, id: JobId) -> Option<&Job> {
        self.jobs().find(|job| job.id == id)
    }

    pub fn post(&self, id: PostId) -> Option<&Post> {
        match self.records.get(&Key::Post(id)) {
            Some(Record::Post(post)) => Some(post),
            _ => None,
        }
    }

    pub fn account(&self, id: AccountId) -> &Account {
        match &self.records[&Key::Account(id)] {
            Record::Account(account) => account,
            other => panic!("{other:?} under the key of an account"),
        }
    }

    pub fn pass(&mut self, ms: i64) {
        self.now += ms;
        for network in self.networks.values_mut() {
            network.pass(&mut self.random, self.now);
        }
    }

    /// One mutation in one transaction, as the engine does it, and every check there is.
    pub fn mutate(&mut self, mutation: &Mutation) -> Result<Result<Vec<Record>, Reject>, Broken> {
        self.mutate_with_inverse(mutation).map(|done| done.map(|(writes, _)| writes))
    }

    pub fn mutate_with_inverse(&mut self, mutation: &Mutation) -> Result<Result<Undoable, Reject>, Broken> {
        let context = Context::solo(PersonId::new(Uuid::from_u128(77)), self.shown());
        let mut set = WorkingSet::default();
        let decided = loop {
            match apply(&context, &set, mutation) {
                Step::Done(decided) => break decided,
                Step::Need(keys) => {
                    if keys.iter().all(|key| set.get(*key).is_some()) {
                        return Err(self.broken(format!("{} asks for {keys:?} again", mutation.name())));
                    }
                    for key in keys {
                        set.load(key, self.records.get(&key).cloned());
                    }
                }
            }
        };
        if self.random.percent(5) {
            let again = apply(&context, &set, mutation);
            if !matches!(&again, Step::Done(second) if *second == decided) {
                return Err(self.broken(format!("{} decided otherwise the second time", mutation.name())));
            }
        }
        let decided = self.plant.decide(&context, &self.records, mutation, decided);
        self.note(&context, mutation, &decided);
        let writes = match decided {
            Ok(writes) => writes,
            Err(reject) => return Ok(Err(reject)),
        };
        for record in &writes {
            let before = self.records.get(&record.key());
            if let Err(what) = invariants::step(before, record, mutation) {
                return Err(self.broken(what));
            }
            self.seen.step(before, record, mutation);
        }
        let back = self.plant.undo(inverse(&set, &mutation.as_done(&writes)));
        for record in &writes {
            self.records.insert(record.key(), record.clone());
        }
        self.remember(mutation, &writes);
        let holds = invariants::post_words(self, &writes).and_then(|()| invariants::ticket(self, mutation));
        match holds {
            Ok(()) => Ok(Ok((writes, back))),
            Err(what) => Err(self.broken(what)),
        }
    }

    /// What people said, beside the records: the records are what is tried here.
    fn remember(&mut self, mutation: &Mutation, writes: &[Record]) {
        for record in writes {
            let Record::Job(job) = record else { continue };
            if let Some(next) =
                job.next_part().filter(|next| *next > 0 && !self.not_before.contains_key(&(job.id, *next)))
            {
                let wait = i64::from(job.parts[next].wait_s);
                self.not_before.insert((job.id, next), plus(self.shown(), wait));
            }
        }
        let signs = matches!(
            mutation,
            Mutation::SchedulePost { .. }
                | Mutation::SignOff { .. }
                | Mutation::RestorePost { .. }
                | Mutation::StartSeries { .. }
                | Mutation::DropSeries { .. }
                | Mutation::ExtendSeries { .. }
                | Mutation::EditSeries { .. }
                | Mutation::ResumeSeries { .. }
                | Mutation::RestorePosts { .. }
                | Mutation::PutBackPosts { .. }
                | Mutation::ChangePosts { change: PostsChange::Shift { .. } | PostsChange::MoveTo { .. }, .. }
                | Mutation::Decide { decision: Decision::PublishNow, .. }
        );
        for record in writes {
            let Record::Post(post) = record else { continue };
            let (true, Some(sign_off), Some(schedule)) = (signs, &post.sign_off, &post.schedule) else { continue };
            // only what stands there is signed; a restored post that was not signed stays so
            if ContentHash::of(&post.draft, schedule.at) == Some(sign_off.hash) {
                self.wanted.insert(post.id, (sign_off.hash, post.draft.clone()));
                self.signed.entry(post.id).or_default().push((sign_off.hash, post.draft.clone()));
            }
        }
        if let Mutation::Unschedule { post } | Mutation::DropSeries { post, back: None, .. } = mutation {
            self.wanted.remove(post);
        }
        if let Mutation::ChangePosts { change: PostsChange::Unschedule, .. } | Mutation::PutBackPosts { .. } = mutation
        {
            let off = |record: &Record| match record {
                Record::Post(post) => post.schedule.is_none().then_some(post.id),
                _ => None,
            };
            for post in writes.iter().filter_map(off) {
                self.wanted.remove(&post);
            }
        }
        if let Mutation::Decide { job, decision: Decision::PublishNow, .. } = mutation {
            *self.decided.entry(*job).or_default() += 1;
        }
    }

    fn note(&mut self, context: &Context, mutation: &Mutation, decided: &Result<Vec<Record>, Reject>) {
        let outcome = match decided {
            Ok(writes) => {
                let states = writes.iter().map(|record| match record {
                    Record::Job(job) => format!("job {} {:?} f{} a{}", job.account, job.state, job.fence, job.attempt),
                    Record::Post(post) => format!("post v{} {:?}", post.version, post.status),
                    _ => String::new(),
                });
                states.collect::<Vec<_>>().join(", ")
            }
            Err(reject) => format!("no: {reject:?}"),
        };
        let mut said = format!("{mutation:?}");
        said.truncate((0..=220).rev().find(|end| said.is_char_boundary(*end)).unwrap_or(0));
        self.tell(format!("{} {said} -> {outcome}", context.now));
    }

    pub fn tell(&mut self, line: String) {
        self.told.push(line);
    }

    pub fn broken(&self, what: String) -> Broken {
        let from = self.told.len().saturating_sub(60);
        Broken { what, trace: self.told[from..].join("\n") }
    }
}

pub fn account(number: u128, kind: Kind) -> Account {
    let limits = match kind {
        Kind::Bluesky => Limits::Bluesky,
        Kind::Mastodon => Limits::Mastodon(MastodonLimits::default()),
        _ => Limits::Book { premium: false },
    };
    Account {
        id: AccountId::new(Uuid::from_u128(number)),
        network: kind,
        server: "https://net.example".to_owned(),
        sign_in: if Kind::PUBLISHED.contains(&kind) { SignIn::OAuth } else { SignIn::ByHand },
        profile: Profile {
            remote_id: number.to_string(),
            handle: "ada.example".to_owned(),
            display_name: "Ada".to_owned(),
            url: "https://net.example/ada".to_owned(),
            limits,
        },
        health: Health::Healthy,
        ends_at: None,
        checked_at: Timestamp::UNIX_EPOCH,
        grace_s: Account::GRACE_DEFAULT_S,
        removed: false,
        sample: false,
        created_at: Timestamp::UNIX_EPOCH,
    }
}
