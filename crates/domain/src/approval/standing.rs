//! Where a post stands with those who have to agree: derived, never stored.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Chain, ChainStep, Condition, Order, Quorum, Reach, Verdict, Vote};
use crate::hash::ContentHash;
use crate::id::{ChainId, PersonId, StepId};
use crate::post::Post;
use crate::team::Member;

/// Everything that decides whether a post may go out.
#[derive(Debug)]
pub struct Case<'a> {
    chains: &'a [Chain],
    post: &'a Post,
    reach: &'a Reach,
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
    /// `members`: of [`Case::people`] and their deputies those that are or were members.
    pub fn of(
        chains: &'a [Chain],
        post: &'a Post,
        reach: &'a Reach,
        members: &'a BTreeMap<PersonId, &'a Member>,
        now: Timestamp,
    ) -> Self {
        let hash = post.current_hash();
        let signed = hash.is_some() && post.sign_off.as_ref().map(|sign_off| sign_off.hash) == hash;
        Self { chains, post, reach, members, now, hash, signed, text: OnceCell::new(), link: OnceCell::new() }
    }

    fn text(&self) -> Option<ContentHash> {
        *self.text.get_or_init(|| ContentHash::of_text(&self.post.draft))
    }

    /// The chains that a post meets.
    pub fn chains_of<'c>(chains: &'c [Chain], post: &'c Post, reach: &'c Reach) -> impl Iterator<Item = &'c Chain> {
        let some = if planted!(OnlyTheFirstChain) { 1 } else { chains.len() };
        chains.iter().filter(move |chain| chain.text.covers.matches(&post.draft, reach)).take(some)
    }

    /// Everybody whose membership it depends on: those who decided, and those whom a step names; and then their deputies.
    pub fn people(chains: &[Chain], post: &Post, reach: &Reach) -> BTreeSet<PersonId> {
        let named = Self::chains_of(chains, post, reach).flat_map(|chain| chain.text.named());
        post.votes().iter().map(|vote| vote.by).chain(named).collect()
    }

    pub fn standing(&self) -> Standing {
        let mut steps = Vec::new();
        for chain in Self::chains_of(self.chains, self.post, self.reach) {
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
                    && self.voter(vote).is_some()
            };
            self.post.votes().iter().any(is_it)
        };
        let overrides = |vote: &Vote| {
            vote.verdict == Verdict::Override
                && Some(vote.hash) == self.hash
                && self.voter(vote).is_some_and(|member| member.role.may_override())
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
                // nobody is asked before it is signed off, whatever was met before
                opened = met_at.max(submitted).filter(|_| met_at.is_some());
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
                && self.voter(vote).is_some()
                // that it was open to them, late as it was, stands in the vote
                && self.is_asked(chain, step, vote.by, (vote.at, true))
        };
        let votes: Vec<&Vote> =
            if opened.is_some() { self.post.votes().iter().filter(counts).collect() } else { Vec::new() };
        let members = || step.people.iter().filter(|person| self.is_there(**person));
        let needed = match step.quorum {
            _ if planted!(OneIsEnough) => 1,
            Quorum::Any => 1,
            // nobody left is not everybody
            Quorum::All => u32::try_from(members().count()).unwrap_or(u32::MAX).max(1),
            Quorum::AtLeast(people) => people,
        };
        let enough = needed as usize;
        let mut seats = self.seats(chain, step, &votes);
        seats.sort_unstable();
        let met = seats.len() >= enough;
        let left = || {
            let can = |person: &&PersonId| self.may_agree(chain, **person);
            match step.quorum {
                Quorum::All => members().filter(can).count(),
                _ => members().filter(can).chain(step.then.iter().filter(can).filter(|_| overdue)).count(),
            }
        };
        let state = match () {
            () if met => StepState::Met,
            () if !reached => StepState::Later,
            () if step.roles.is_empty() && left() < enough => StepState::Stuck,
            () => StepState::Open,
        };
        let met_at = seats.get(enough.saturating_sub(1)).copied();
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

    /// When each seat was taken. Whoever is asked by name has one, which their deputy may take for them; everybody else who agreed
    /// has one of their own. Where all have to agree a deputy takes all that they stand in for, elsewhere nobody takes two.
    fn seats(&self, chain: &Chain, step: &ChainStep, votes: &[&Vote]) -> Vec<Timestamp> {
        let all = step.quorum == Quorum::All;
        let (mut seats, mut used) = (Vec::new(), BTreeSet::new());
        let own = |person: PersonId| votes.iter().find(|vote| vote.by == person);
        for vote in step.people.iter().filter_map(|person| own(*person)) {
            used.insert(vote.by);
            seats.push(vote.at);
        }
        for away in step.people.iter().filter(|person| own(**person).is_none()) {
            let takes =
                |vote: &&&Vote| (all || !used.contains(&vote.by)) && self.stands_in(chain, vote.by, *away, vote.at);
            if let Some(vote) = votes.iter().find(takes) {
                used.insert(vote.by);
                seats.push(vote.at);
            }
        }
        // and whoever is asked by role, or late as it is in place of one who did not
        let by_itself = |vote: &&&Vote| {
            let role = self.member(vote.by).map(|member| member.role);
            step.then.contains(&vote.by)
                || role.is_some_and(|role| step.roles.contains(&role) || planted!(ApprovalOutlivesRole))
        };
        seats.extend(votes.iter().filter(|vote| !used.contains(&vote.by)).filter(by_itself).map(|vote| vote.at));
        seats
    }

    fn is_about_this(&self, chain: &Chain, vote: &Vote) -> bool {
        match chain.text.time_counts && !planted!(ApprovalOutlivesTime) {
            _ if planted!(ApprovalOutlivesText) => true,
            true => Some(vote.hash) == self.hash,
            false => Some(vote.text) == self.text(),
        }
    }

    /// A member now, whether they see the post or not.
    fn is_there(&self, person: PersonId) -> bool {
        self.members.get(&person).is_some_and(|member| member.is_active())
    }

    /// A member now, who sees the post.
    fn member(&self, person: PersonId) -> Option<&'a Member> {
        let there = self.members.get(&person).copied();
        there.filter(|member| planted!(ApprovalOutlivesMember) || member.holds(self.post.scope()))
    }

    /// Whoever decided, if they are a member and were not away from the organisation in between.
    fn voter(&self, vote: &Vote) -> Option<&'a Member> {
        let member = self.member(vote.by)?;
        (planted!(ApprovalOutlivesMember) || member.again_at.is_none_or(|since| vote.at >= since)).then_some(member)
    }

    fn may_agree(&self, chain: &Chain, person: PersonId) -> bool {
        self.member(person).is_some() && (chain.text.own_work || planted!(OwnWorkAgreed) || !self.post.wrote(person))
    }

    /// Decides for this person, who is away at that moment and could decide themselves.
    fn stands_in(&self, chain: &Chain, person: PersonId, away: PersonId, at: Timestamp) -> bool {
        let absence = self.member(away).and_then(|member| member.away);
        absence.is_some_and(|absence| absence.deputy == person && absence.is_at(at)) && self.may_agree(chain, away)
    }

    /// Asks this person, as of a moment: by name, by role, for somebody who is away then, or because it takes too long.
    fn is_asked(&self, chain: &Chain, step: &ChainStep, person: PersonId, (at, overdue): (Timestamp, bool)) -> bool {
        let Some(member) = self.member(person).filter(|_| self.may_agree(chain, person)) else { return false };
        step.people.contains(&person)
            || step.roles.contains(&member.role)
            || (planted!(ApprovalOutlivesRole) && !step.roles.is_empty())
            || (overdue && step.then.contains(&person))
            || step.people.iter().any(|away| self.stands_in(chain, person, *away, at))
    }

    /// The open steps that ask this person now. `members` must name them.
    pub fn open_to(&self, person: PersonId) -> BTreeSet<StepId> {
        self.asking(person, |state| matches!(state, StepState::Open))
    }

    /// The steps that were open to this person, met or not: whoever has decided may change their mind, and what one says may be
    /// all that is missing beside an override.
    pub fn reached_by(&self, person: PersonId) -> BTreeSet<StepId> {
        self.asking(person, |state| matches!(state, StepState::Open | StepState::Met | StepState::Stuck))
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
