//! Short words for the stories that are told by hand: Ada's two accounts, one publisher, a clock that stands still.

use std::ops::{Deref, DerefMut};

use domain::id::{AccountId, PostId};
use domain::job::{Decision, Job, JobState, Lookup, Outcome, Remote, plus};
use domain::mutation::{PostsChange, When};
use domain::post::{Content, Draft, Part, Post, Target};
use domain::schedule::{Fold, Schedule};
use domain::{Mutation, Record, Reject};
use uuid::Uuid;

use crate::planted::Plant;
use crate::publisher;
use crate::world::World;

pub const BLUESKY: AccountId = AccountId::new(Uuid::from_u128(1));
pub const MASTODON: AccountId = AccountId::new(Uuid::from_u128(2));

/// A world in which nothing happens by itself.
pub struct Desk(World);

impl Deref for Desk {
    type Target = World;

    fn deref(&self) -> &World {
        &self.0
    }
}

impl DerefMut for Desk {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.0
    }
}

pub fn desk() -> Desk {
    Desk(World::new(1, Plant::Nothing))
}

pub fn draft(texts: &[&str], accounts: &[AccountId]) -> Draft {
    let parts = texts.iter().map(|text| Part { text: (*text).to_owned(), ..Part::default() }).collect();
    let targets = accounts.iter().map(|account| Target { account: *account, variant: None }).collect();
    Draft { base: Content { parts, ..Content::default() }, targets, ..Draft::default() }
}

pub fn ambiguous() -> Outcome {
    Outcome::Ambiguous { detail: "no answer".to_owned() }
}

pub fn never_sent() -> Outcome {
    Outcome::NeverSent { detail: "no route".to_owned() }
}

impl Desk {
    /// The mutation is done.
    ///
    /// # Panics
    /// It is refused, or something that must hold is broken.
    pub fn does(&mut self, mutation: &Mutation) -> Vec<Record> {
        self.pass(1);
        let done = self.mutate(mutation).unwrap_or_else(|broken| panic!("{broken}"));
        done.unwrap_or_else(|reject| panic!("{}: {reject:?}", mutation.name()))
    }

    /// The mutation is refused.
    ///
    /// # Panics
    /// It is done.
    pub fn refuses(&mut self, mutation: &Mutation) -> Reject {
        let done = self.mutate(mutation).unwrap_or_else(|broken| panic!("{broken}"));
        done.expect_err("this must be refused")
    }

    pub fn wait(&mut self, seconds: i64) {
        self.now += seconds * 1_000;
    }

    pub fn write(&mut self, texts: &[&str], accounts: &[AccountId]) -> PostId {
        let post = PostId::new(self.fresh());
        self.does(&Mutation::CreatePost { post, draft: draft(texts, accounts) });
        post
    }

    pub fn read(&self, post: PostId) -> Post {
        self.post(post).expect("a post").clone()
    }

    pub fn edit_to(&self, post: PostId, texts: &[&str], accounts: &[AccountId]) -> Mutation {
        Mutation::EditDraft { post, read: self.read(post).version, draft: draft(texts, accounts), since: None }
    }

    pub fn plan_in(&mut self, post: PostId, seconds: i64) -> Mutation {
        let Schedule { local, zone, .. } = Schedule::at_instant(plus(self.shown(), seconds), "Europe/Oslo").unwrap();
        let keys = self.fresh_keys();
        Mutation::SchedulePost {
            post,
            read: self.read(post).version,
            seen: None,
            when: When { local, zone, fold: Fold::First },
            keys,
        }
    }

    pub fn sign(&mut self, post: PostId) -> Mutation {
        let keys = self.fresh_keys();
        Mutation::SignOff { post, read: self.read(post).version, seen: None, keys }
    }

    pub fn change(&mut self, posts: &[PostId], change: PostsChange) -> Mutation {
        let keys = self.fresh_keys();
        Mutation::ChangePosts { posts: posts.to_vec(), change, seen: Default::default(), keys }
    }

    pub fn holds(&mut self, post: PostId) {
        let hold = self.change(&[post], PostsChange::Hold);
        self.does(&hold);
    }

    pub fn resumes(&mut self, post: PostId) {
        let resume = self.change(&[post], PostsChange::Resume);
        self.does(&resume);
    }

    /// Written and scheduled.
    pub fn waiting(&mut self, texts: &[&str], accounts: &[AccountId], seconds: i64) -> PostId {
        let post = self.write(texts, accounts);
        let plan = self.plan_in(post, seconds);
        self.does(&plan);
        post
    }

    pub fn delivery(&self, post: PostId, account: AccountId) -> Job {
        self.jobs().find(|job| job.post == post && job.account == account).expect("a delivery").clone()
    }

    pub fn claim(&mut self, post: PostId, account: AccountId) -> Job {
        let job = self.delivery(post, account);
        self.does(&Mutation::Claim { job: job.id });
        self.delivery(post, account)
    }

    /// What `job`'s holder would make ready from the post as it stands.
    pub fn ready(&self, job: &Job) -> Mutation {
        let next = job.next_part().unwrap();
        let request = job.parts[next].request.clone().filter(|_| job.parts[next].first_ticket_at.is_some());
        let request = request.or_else(|| publisher::request(job, next, &self.read(job.post), self.shown())).unwrap();
        Mutation::Prepare { job: job.id, fence: job.fence, request }
    }

    pub fn prepare(&mut self, post: PostId, account: AccountId) -> Job {
        let job = self.claim(post, account);
        let ready = self.ready(&job);
        self.does(&ready);
        self.delivery(post, account)
    }

    /// Claimed, made ready, and with a ticket at its time.
    pub fn ticket(&mut self, post: PostId, account: AccountId) -> Job {
        let job = self.prepare(post, account);
        self.now = self.now.max(job.due_at.as_millisecond() - self.ahead);
        self.does(&Mutation::BeginSend { job: job.id, fence: job.fence });
        self.delivery(post, account)
    }

    pub fn report(&mut self, ticket: &Job, outcome: Outcome) -> Job {
        self.does(&Mutation::Report { job: ticket.id, attempt: ticket.attempt, outcome });
        self.delivery(ticket.post, ticket.account)
    }

    /// Really posts what this ticket is for, and says where it stands.
    pub fn posts(&mut self, ticket: &Job) -> Remote {
        let part = &ticket.parts[ticket.next_part().unwrap()];
        let world = &mut self.0;
        let network = world.networks.get_mut(&ticket.account).unwrap();
        network.arrive(&mut world.random, world.now, &part.key, part.request.as_deref().unwrap())
    }

    pub fn sends(&mut self, post: PostId, account: AccountId) -> Job {
        let ticket = self.ticket(post, account);
        let remote = self.posts(&ticket);
        self.report(&ticket, Outcome::Published { remote })
    }

    /// The answer to a ticket is lost.
    pub fn loses(&mut self, post: PostId, account: AccountId) -> Job {
        let ticket = self.ticket(post, account);
        self.report(&ticket, ambiguous())
    }

    pub fn looks(&mut self, job: &Job, found: Lookup) -> Job {
        self.does(&Mutation::LookedUp { job: job.id, found });
        self.delivery(job.post, job.account)
    }

    /// Asks until nobody knows any more.
    pub fn gives_up(&mut self, post: PostId, account: AccountId) -> Job {
        let mut job = self.loses(post, account);
        while job.state == JobState::Reconciling {
            self.wait(60);
            job = self.looks(&job, Lookup::Unknown { detail: "down".to_owned() });
        }
        assert_eq!(job.state, JobState::Unsure);
        job
    }

    pub fn decision(&mut self, job: &Job, decision: Decision) -> Mutation {
        let keys = self.fresh_keys();
        Mutation::Decide { job: job.id, decision, seen: None, keys }
    }

    pub fn decides(&mut self, job: &Job, decision: Decision) -> Job {
        let decide = self.decision(job, decision);
        self.does(&decide);
        self.delivery(job.post, job.account)
    }

    /// Too late by a second.
    pub fn misses(&mut self, post: PostId, account: AccountId) -> Job {
        let job = self.delivery(post, account);
        self.now = self.now.max(plus(job.latest_start(), 1).as_millisecond() - self.ahead);
        let reason = domain::job::Reason::NobodyPublishing;
        self.does(&Mutation::Miss { job: job.id, reason });
        self.delivery(post, account)
    }

    pub fn undoes(&mut self, mutation: &Mutation) -> Option<Mutation> {
        self.pass(1);
        let done = self.mutate_with_inverse(mutation).unwrap_or_else(|broken| panic!("{broken}"));
        let (_, back) = done.unwrap_or_else(|reject| panic!("{}: {reject:?}", mutation.name()));
        let keys = self.fresh_keys();
        back.map(|back| back.with_keys(keys))
    }

    pub fn put(&mut self, record: Record) {
        self.records.insert(record.key(), record);
    }
}
