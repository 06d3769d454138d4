//! Where a post stands with those who have to agree: derived, never stored.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Chain, ChainStep, Condition, Order, Quorum, Verdict, Vote};
use crate::hash::ContentHash;
use crate::id::{ChainId, PersonId, StepId};
use crate::network::Network;
use crate::post::Post;
use crate::team::Member;

/// Everything that decides whether a post may go out.
#[derive(Debug)]
pub struct Case<'a> {
    chains: &'a [Chain],
    post: &'a Post,
    networks: &'a BTreeSet<Network>,
    members: &'a BTreeMap<PersonId, &'a Member>,
    now: Timestamp,
    hash: Option<ContentHash>,
    /// Somebody signed off what the hash says.
    signed: bool,
    // what many steps ask for is worked out once
    text: OnceCell<Option<ContentHash>>,
    link: OnceCell<bool>,
}

/// The word for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// Nobody has to agree.
    NotNeeded,
    /// Nobody is asked before its author says that this should go out.
    NotSubmitted,
    Waiting,
    ChangesRequested,
    Rejected,
    Approved,
    /// By a right of its own.
    Overridden,
}

impl Approval {
    pub const fn lets_go(self) -> bool {
        matches!(self, Self::NotNeeded | Self::Approved | Self::Overridden)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Others come first.
    Later,
    Open,
    Met,
    /// Of those whom it names not enough are left who may agree.
    Stuck,
}

/// One step that this post needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepStanding {
    pub chain: ChainId,
    pub step: StepId,
    pub state: StepState,
    /// Who agreed, as far as it counts.
    pub approved: Vec<PersonId>,
    pub needed: u32,
    /// Of an open step with a deadline.
    pub deadline: Option<Timestamp>,
    pub overdue: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub approval: Approval,
    /// In the order of the chains and of their steps; those that this post does not need are left out.
    pub steps: Vec<StepStanding>,
}

impl<'a> Case<'a> {
    /// `networks`: those of the post's targets. `members`: of [`Case::people`] and their deputies those that are or were members.
    pub fn of(
        chains: &'a [Chain],
        post: &'a Post,
        networks: &'a BTreeSet<Network>,
        members: &'a BTreeMap<PersonId, &'a Member>,
        now: Timestamp,
    ) -> Self {
        let hash = post.current_hash();
        let signed = hash.is_some() && post.sign_off.as_ref().map(|sign_off| sign_off.hash) == hash;
        Self { chains, post, networks, members, now, hash, signed, text: OnceCell::new(), link: OnceCell::new() }
    }

    fn text(&self) -> Option<ContentHash> {
        *self.text.get_or_init(|| ContentHash::of_text(&self.post.draft))
    }

    /// The chains that a post meets.
    pub fn chains_of<'c>(
        chains: &'c [Chain],
        post: &'c Post,
        networks: &'c BTreeSet<Network>,
    ) -> impl Iterator<Item = &'c Chain> {
        let some = if planted!(OnlyTheFirstChain) { 1 } else { chains.len() };
        chains.iter().filter(move |chain| chain.text.covers.matches(&post.draft, networks)).take(some)
    }

    /// Everybody whose membership it depends on: those who decided, and those whom a step names; and then their deputies.
    pub fn people(chains: &[Chain], post: &Post, networks: &BTreeSet<Network>) -> BTreeSet<PersonId> {
        let named = Self::chains_of(chains, post, networks)
            .flat_map(|chain| &chain.text.steps)
            .flat_map(|step| step.people.iter().chain(&step.then).copied());
        post.votes().iter().map(|vote| vote.by).chain(named).collect()
    }

    pub fn standing(&self) -> Standing {
        let mut steps = Vec::new();
        for chain in Self::chains_of(self.chains, self.post, self.networks) {
            steps.extend(self.steps_of(chain));
        }
        Standing { approval: self.approval(&steps), steps }
    }

    fn approval(&self, steps: &[StepStanding]) -> Approval {
        if steps.is_empty() {
            return Approval::NotNeeded;
        }
        if !self.signed {
            return Approval::NotSubmitted;
        }
        // who is against a text is against it at any time
        let says = |verdict| {
            let is_it = |vote: &Vote| {
                !planted!(AgainstIsNotHeard)
                    && vote.verdict == verdict
                    && Some(vote.text) == self.text()
                    && self.member(vote.by).is_some()
            };
            self.post.votes().iter().any(is_it)
        };
        let overrides = |vote: &Vote| {
            vote.verdict == Verdict::Override
                && Some(vote.hash) == self.hash
                && self.member(vote.by).is_some_and(|member| member.role.may_override())
        };
        match () {
            () if self.post.votes().iter().any(overrides) => Approval::Overridden,
            () if says(Verdict::Reject) => Approval::Rejected,
            () if says(Verdict::RequestChanges) => Approval::ChangesRequested,
            () if steps.iter().all(|step| step.state == StepState::Met) => Approval::Approved,
            () => Approval::Waiting,
        }
    }

    fn steps_of(&self, chain: &'a Chain) -> Vec<StepStanding> {
        let submitted = self.post.sign_off.as_ref().filter(|_| self.signed).map(|sign_off| sign_off.at);
        let mut opened = submitted;
        let mut reached = true;
        let mut steps = Vec::new();
        let has_link = || *self.link.get_or_init(|| Condition::HasLink.holds(&self.post.draft));
        for step in chain.text.steps.iter().filter(|step| step.applies(&self.post.draft, has_link)) {
            let (standing, met_at) = self.step(chain, step, reached.then_some(opened).flatten(), reached);
            if chain.text.order == Order::OneByOne {
                reached &= standing.state == StepState::Met;
                opened = met_at;
            }
            steps.push(standing);
        }
        steps
    }

    /// And when it was met.
    fn step(
        &self,
        chain: &Chain,
        step: &ChainStep,
        opened: Option<Timestamp>,
        reached: bool,
    ) -> (StepStanding, Option<Timestamp>) {
        let deadline = opened.zip(step.within_h).map(|(from, hours)| {
            from.saturating_add(SignedDuration::from_hours(i64::from(hours))).unwrap_or(Timestamp::MAX)
        });
        let overdue = deadline.is_some_and(|deadline| self.now > deadline);
        let counts = |vote: &&Vote| {
            vote.verdict == Verdict::Approve
                && vote.steps.contains(&step.id)
                && self.is_about_this(chain, vote)
                && self.is_asked(chain, step, vote.by, (vote.at, overdue))
        };
        let mut votes: Vec<&Vote> =
            if opened.is_some() { self.post.votes().iter().filter(counts).collect() } else { Vec::new() };
        votes.sort_by_key(|vote| vote.at);
        let named = || -> BTreeSet<PersonId> {
            step.people.iter().filter_map(|person| self.decides_for(chain, *person)).collect()
        };
        let needed = match step.quorum {
            _ if planted!(OneIsEnough) => 1,
            Quorum::Any => 1,
            // nobody left is not everybody
            Quorum::All => u32::try_from(named().len()).unwrap_or(u32::MAX).max(1),
            Quorum::AtLeast(people) => people,
        };
        let enough = needed as usize;
        let met = votes.len() >= enough;
        let left = || {
            let then = step.then.iter().filter(|person| overdue && self.may_agree(chain, **person));
            let mut left = named();
            left.extend(then);
            left.len()
        };
        let state = match () {
            () if met => StepState::Met,
            () if step.roles.is_empty() && left() < enough => StepState::Stuck,
            () if reached => StepState::Open,
            () => StepState::Later,
        };
        let met_at = votes.get(enough.saturating_sub(1)).map(|vote| vote.at);
        let standing = StepStanding {
            chain: chain.id,
            step: step.id,
            state,
            approved: votes.into_iter().map(|vote| vote.by).collect(),
            needed,
            deadline: deadline.filter(|_| !met),
            overdue: overdue && !met,
        };
        (standing, met_at)
    }

    fn is_about_this(&self, chain: &Chain, vote: &Vote) -> bool {
        match chain.text.time_counts && !planted!(ApprovalOutlivesTime) {
            _ if planted!(ApprovalOutlivesText) => true,
            true => Some(vote.hash) == self.hash,
            false => Some(vote.text) == self.text(),
        }
    }

    /// A member now, who sees the post.
    fn member(&self, person: PersonId) -> Option<&'a Member> {
        self.members
            .get(&person)
            .copied()
            .filter(|member| planted!(ApprovalOutlivesMember) || member.holds(self.post.scope()))
    }

    fn may_agree(&self, chain: &Chain, person: PersonId) -> bool {
        self.member(person).is_some() && (chain.text.own_work || planted!(OwnWorkAgreed) || !self.post.wrote(person))
    }

    /// Whoever decides now where this person is asked by name: they, or their deputy.
    fn decides_for(&self, chain: &Chain, person: PersonId) -> Option<PersonId> {
        let away = self.member(person)?.away.filter(|away| away.is_at(self.now));
        let decides = away.map(|away| away.deputy).filter(|deputy| self.may_agree(chain, *deputy)).unwrap_or(person);
        self.may_agree(chain, decides).then_some(decides)
    }

    /// Asks this person, as of a moment: by name, by role, for somebody who is away then, or because it takes too long.
    fn is_asked(&self, chain: &Chain, step: &ChainStep, person: PersonId, (at, overdue): (Timestamp, bool)) -> bool {
        let Some(member) = self.member(person).filter(|_| self.may_agree(chain, person)) else { return false };
        let stands_in = |away: &PersonId| {
            let away = self.member(*away).and_then(|member| member.away);
            away.is_some_and(|away| away.deputy == person && away.is_at(at))
        };
        step.people.contains(&person)
            || step.roles.contains(&member.role)
            || (planted!(ApprovalOutlivesRole) && !step.roles.is_empty())
            || (overdue && step.then.contains(&person))
            || step.people.iter().any(stands_in)
    }

    /// The open steps that ask this person now. `members` must name them.
    pub fn open_to(&self, person: PersonId) -> BTreeSet<StepId> {
        self.asking(person, |state| matches!(state, StepState::Open))
    }

    /// The steps that were open to this person, met or not: whoever has decided may change their mind.
    pub fn reached_by(&self, person: PersonId) -> BTreeSet<StepId> {
        self.asking(person, |state| matches!(state, StepState::Open | StepState::Met))
    }

    fn asking(&self, person: PersonId, counts: impl Fn(StepState) -> bool) -> BTreeSet<StepId> {
        if !self.signed {
            return BTreeSet::new();
        }
        let standing = self.standing();
        let asks = |of: &&StepStanding| {
            let chain = self.chains.iter().find(|chain| chain.id == of.chain);
            let step = chain.and_then(|chain| chain.text.steps.iter().find(|step| step.id == of.step));
            chain.zip(step).is_some_and(|(chain, step)| self.is_asked(chain, step, person, (self.now, of.overdue)))
        };
        standing.steps.iter().filter(|of| counts(of.state)).filter(asks).map(|of| of.step).collect()
    }
}
