//! An organisation in memory: who is in it, and a post of Dan's that waits.

use std::collections::{BTreeMap, BTreeSet};

use domain::account::{Account, Health, Limits, Profile, SignIn};
use domain::approval::{ChainStep, ChainText, Quorum, Reach, StepState, Verdict};
use domain::id::{AccountId, ChainId, JobId, OrganisationId, PersonId, PostId, StepId};
use domain::mutation::{PartKeys, When};
use domain::network::Network;
use domain::post::{Content, Draft, Post, PostStatus, Target};
use domain::team::{Personas, Role};
use domain::{Context, Key, Mutation, Record, Reject, Step, WorkingSet};
use jiff::Timestamp;
use uuid::Uuid;

/// Owns it.
pub const ADA: u128 = 1;
/// Approvers.
pub const BEN: u128 = 2;
pub const CARA: u128 = 3;
/// Creators.
pub const DAN: u128 = 4;
pub const EVE: u128 = 5;
/// The client, who looks on.
pub const FAY: u128 = 6;
pub const ACCOUNT: u128 = 30;
pub const OTHER_ACCOUNT: u128 = 31;
pub const ORGANISATION: OrganisationId = OrganisationId::new(Uuid::from_u128(9));
pub const KEYS: PartKeys = PartKeys { micros: 1, clock_id: 1 };
pub const CHAIN: ChainId = ChainId::new(Uuid::from_u128(50));
pub const POST: PostId = PostId::new(Uuid::from_u128(100));

pub fn person(number: u128) -> PersonId {
    PersonId::new(Uuid::from_u128(number))
}

pub fn people(numbers: &[u128]) -> BTreeSet<PersonId> {
    numbers.iter().copied().map(person).collect()
}

pub fn account_id(number: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(number))
}

pub fn step_id(number: u128) -> StepId {
    StepId::new(Uuid::from_u128(number))
}

pub fn step(number: u128, named: &[u128], quorum: Quorum) -> ChainStep {
    ChainStep {
        id: step_id(number),
        name: format!("Step {number}"),
        people: people(named),
        roles: BTreeSet::new(),
        quorum,
        only_if: Vec::new(),
        within_h: None,
        then: BTreeSet::new(),
    }
}

pub fn chain(steps: Vec<ChainStep>) -> ChainText {
    ChainText { name: "Marketing".to_owned(), steps, ..ChainText::default() }
}

pub fn draft(text: &str) -> Draft {
    let targets = vec![Target { account: account_id(ACCOUNT), variant: None }];
    Draft { base: Content::text(text), targets, ..Draft::default() }
}

#[derive(Clone)]
pub struct Office {
    pub set: WorkingSet,
    pub now: Timestamp,
}

impl Office {
    pub fn open() -> Self {
        let mut office = Self { set: WorkingSet::default(), now: "2026-12-01T12:00:00Z".parse().unwrap() };
        let [name, member] = ["Bakery", "Ada"].map(str::to_owned);
        office.done(ADA, &Mutation::FoundOrganisation { name, member });
        for (number, role) in [
            (BEN, Role::Approver),
            (CARA, Role::Approver),
            (DAN, Role::Creator),
            (EVE, Role::Creator),
            (FAY, Role::Viewer),
        ] {
            let (name, personas) = (number.to_string(), Personas::All);
            office.admit(&Mutation::AddMember { person: person(number), name, role, personas });
        }
        for (number, network) in [(ACCOUNT, Network::Bluesky), (OTHER_ACCOUNT, Network::Mastodon)] {
            office.done(ADA, &Mutation::ConnectAccount { account: Box::new(account(number, network)) });
        }
        office
    }

    /// With a chain, and a post of Dan's that he signed off for tomorrow at nine.
    pub fn with(text: ChainText) -> Self {
        let mut office = Self::open();
        office.done(ADA, &Mutation::AddChain { chain: CHAIN, text });
        office.submit(DAN, "Rye is back.");
        office
    }

    pub fn submit(&mut self, actor: u128, text: &str) {
        self.done(actor, &Mutation::CreatePost { post: POST, draft: draft(text) });
        self.schedule(actor, "2026-12-02T09:00:00");
    }

    pub fn schedule(&mut self, actor: u128, local: &str) {
        let when = When { local: local.parse().unwrap(), zone: "UTC".to_owned(), fold: Default::default() };
        let read = self.post().version;
        self.done(actor, &Mutation::SchedulePost { post: POST, read, seen: None, when, keys: KEYS });
    }

    pub fn admit(&mut self, add: &Mutation) {
        let writes = self.judge(&Context::invitation(ORGANISATION, person(ADA), self.now), add).unwrap();
        self.set.overlay(&writes);
    }

    pub fn ask(&mut self, actor: u128, mutation: &Mutation) -> Result<Vec<Record>, Reject> {
        self.judge(&Context::team(ORGANISATION, person(actor), self.now), mutation)
    }

    pub fn judge(&mut self, context: &Context, mutation: &Mutation) -> Result<Vec<Record>, Reject> {
        loop {
            let step = match mutation.bound(context, &self.set) {
                Step::Done(bound) => domain::apply(context, &self.set, &bound),
                Step::Need(keys) => Step::Need(keys),
            };
            match step {
                Step::Done(decided) => return decided,
                Step::Need(keys) => keys.into_iter().for_each(|key| self.set.load(key, None)),
            }
        }
    }

    pub fn done(&mut self, actor: u128, mutation: &Mutation) {
        let writes = self.ask(actor, mutation).unwrap_or_else(|refused| panic!("{}: {refused}", mutation.name()));
        self.set.overlay(&writes);
    }

    pub fn post(&self) -> &Post {
        match self.set.get(Key::Post(POST)) {
            Some(Some(Record::Post(post))) => post,
            other => panic!("{other:?}"),
        }
    }

    pub fn status(&self) -> PostStatus {
        self.post().status
    }

    pub fn says(&mut self, actor: u128, verdict: Verdict) -> Result<(), Reject> {
        let (read, note) = (self.post().version, "Because.".to_owned());
        let mutation = Mutation::Review { post: POST, read, seen: None, verdict, note };
        let writes = self.ask(actor, &mutation)?;
        self.set.overlay(&writes);
        Ok(())
    }

    pub fn approve(&mut self, actor: u128) {
        self.says(actor, Verdict::Approve).unwrap_or_else(|refused| panic!("{actor}: {refused}"));
    }

    pub fn edit(&mut self, actor: u128, draft: Draft) {
        let read = self.post().version;
        self.done(actor, &Mutation::EditDraft { post: POST, read, draft, since: None });
    }

    pub fn sign(&mut self, actor: u128) {
        let read = self.post().version;
        self.done(actor, &Mutation::SignOff { post: POST, read, seen: None, keys: KEYS });
    }

    /// Asks for a ticket at the minute, as the publisher does, and gives everything back.
    pub fn ticket(&self) -> Result<(), Reject> {
        self.ticket_of(self.post(), account_id(ACCOUNT))
    }

    pub fn ticket_of(&self, post: &Post, account: AccountId) -> Result<(), Reject> {
        let mut office = self.clone();
        let id = JobId::of(post.id, account);
        office.now = post.schedule.as_ref().ok_or(Reject::NotScheduled)?.at;
        let claimed = office.ask(EVE, &Mutation::Claim { job: id })?;
        office.set.overlay(&claimed);
        let fence = office.job(id).fence;
        office.done(EVE, &Mutation::Prepare { job: id, fence, request: "{}".to_owned() });
        office.ask(EVE, &Mutation::BeginSend { job: id, fence }).map(drop)
    }

    pub fn job(&self, id: JobId) -> domain::job::Job {
        match self.set.get(Key::Job(id)) {
            Some(Some(Record::Job(job))) => job.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Where its steps stand.
    pub fn steps(&mut self) -> Vec<(StepState, Vec<u128>)> {
        let Some(Some(Record::Organisation(organisation))) = self.set.get(Key::Organisation(ORGANISATION)) else {
            panic!()
        };
        let reach = Reach { networks: [Network::Bluesky].into(), ..Reach::default() };
        let members: BTreeMap<_, _> = self
            .set
            .iter()
            .filter_map(|record| match record {
                Record::Member(member) => Some((member.person, member)),
                _ => None,
            })
            .collect();
        let (chains, post, now) = (organisation.chains.as_slice(), self.post(), self.now);
        let case = domain::approval::Case::of(chains, post, &reach, &members, now);
        let number = |person: &PersonId| person.uuid().as_u128();
        case.standing().steps.iter().map(|step| (step.state, step.approved.iter().map(number).collect())).collect()
    }
}

pub fn account(number: u128, network: Network) -> Account {
    let now = Timestamp::UNIX_EPOCH;
    Account {
        id: account_id(number),
        network,
        server: "https://bsky.social".to_owned(),
        sign_in: SignIn::AppPassword,
        profile: Profile {
            remote_id: number.to_string(),
            handle: String::new(),
            display_name: String::new(),
            url: String::new(),
            limits: Limits::Bluesky,
        },
        health: Health::Healthy,
        ends_at: None,
        checked_at: now,
        grace_s: 3_600,
        removed: false,
        sample: false,
        created_at: now,
    }
}
