//! Who has to agree to what, as this computer knows it: what screens show, and what notices tell.

use std::collections::{BTreeMap, BTreeSet};

use contract::ApiError;
use contract::approvals::{ApprovalView, Request, SaidView, StepView};
use domain::approval::{Approval, Case, Chain, ChainStep, Reach, Standing, StepStanding, StepState};
use domain::hash::ContentHash;
use domain::id::{PersonId, PostId, StepId};
use domain::people::Persona;
use domain::post::Post;
use domain::reject::Field;
use domain::team::Member;
use domain::{Key, Mutation, Record, Reject};
use jiff::Timestamp;

use crate::engine::{Engine, Note};
use crate::errors::storage;
use crate::lines::{Accounts, line_of};

/// Posts that are counted anew in one transaction.
const RECOUNTED_MAX: usize = 200;

/// What waits for somebody's word, at most.
const REQUESTS_MAX: u64 = 5_000;

/// Everything that says who has to agree, as this computer knows it.
pub(crate) struct Board {
    chains: Vec<Chain>,
    members: BTreeMap<PersonId, Member>,
    /// Those that chains cover.
    personas: Vec<Persona>,
    me: PersonId,
    now: Timestamp,
}

impl Engine {
    /// The posts that wait for somebody's word, the earliest due first.
    pub(crate) async fn in_review(&self) -> Result<Vec<Post>, ApiError> {
        self.store.posts_in_review(REQUESTS_MAX).await.map_err(|error| storage(&error))
    }

    /// `None`: nobody has to agree to anything.
    pub(crate) async fn board(&self) -> Result<Option<Board>, ApiError> {
        let Some(team) = &self.team else { return Ok(None) };
        let key = Key::Organisation(team.organisation);
        let chains = match self.store.record(key).await.map_err(|error| storage(&error))? {
            Some(Record::Organisation(organisation)) => organisation.chains,
            _ => Vec::new(),
        };
        if chains.is_empty() {
            return Ok(None);
        }
        let members = self.store.members().await.map_err(|error| storage(&error))?;
        let members = members.into_iter().map(|member| (member.person, member)).collect();
        let covered: BTreeSet<_> = chains.iter().flat_map(|chain| &chain.text.covers.personas).copied().collect();
        let mut personas = Vec::new();
        for persona in covered {
            if let Some(Record::Persona(persona)) =
                self.store.record(Key::Persona(persona)).await.map_err(|error| storage(&error))?
            {
                personas.push(persona);
            }
        }
        Ok(Some(Board { chains, members, personas, me: self.person, now: self.now() }))
    }

    /// Counts anew what was said about each post that is planned: who has to agree, or who is there, is different now.
    pub(crate) async fn recount(&self) {
        match self.store.waiting_posts().await {
            Ok(posts) => self.recount_some(&posts).await,
            Err(error) => tracing::warn!(%error, "the approvals could not be counted anew"),
        }
    }

    /// What cannot be counted now is counted by the next who looks, and by every ticket.
    pub(crate) async fn recount_some(&self, posts: &[PostId]) {
        for posts in posts.chunks(RECOUNTED_MAX) {
            match Box::pin(self.try_mutate(&Mutation::Recount { posts: posts.to_vec() }, Note::default())).await {
                // no word is another one
                Ok(Ok(_) | Err(Reject::Empty { field: Field::Posts })) => {}
                Ok(Err(reject)) => tracing::info!(refusal = %reject, "the approvals were not counted anew"),
                Err(error) => tracing::warn!(error.code = ?error.code, "the approvals could not be counted anew"),
            }
        }
    }
}

impl Board {
    fn ask<T>(&self, post: &Post, accounts: &Accounts, ask: impl FnOnce(&Case<'_>) -> T) -> T {
        let targets = post.draft.targets.iter();
        let networks = targets.filter_map(|target| accounts.get(&target.account)).map(|account| account.network);
        let mut reach = Reach { networks: networks.collect(), ..Reach::default() };
        for persona in &self.personas {
            reach.speaks(persona, &post.draft);
        }
        let members = self.members.iter().map(|(person, member)| (*person, member)).collect();
        ask(&Case::of(&self.chains, post, &reach, &members, self.now))
    }

    /// Whether those who have to agree have, as far as is known here.
    pub(crate) fn lets_go(&self, post: &Post, accounts: &Accounts) -> bool {
        self.ask(post, accounts, |case| case.standing()).approval.lets_go()
    }

    fn name(&self, person: PersonId) -> String {
        self.members.get(&person).map(|member| member.name.clone()).unwrap_or_default()
    }

    fn step(&self, of: &StepStanding) -> Option<(&Chain, &ChainStep)> {
        let chain = self.chains.iter().find(|chain| chain.id == of.chain)?;
        Some((chain, chain.text.steps.iter().find(|step| step.id == of.step)?))
    }

    fn step_view(&self, of: StepStanding, mine: &BTreeSet<StepId>) -> Option<StepView> {
        let (chain, step) = self.step(&of)?;
        let active = |person: &&PersonId| self.members.get(person).is_some_and(Member::is_active);
        let then = step.then.iter().filter(|_| of.overdue);
        let named: BTreeSet<PersonId> = step.people.iter().chain(then).filter(active).copied().collect();
        let waits_for = named.iter().filter(|person| !of.approved.contains(person)).map(|person| self.name(*person));
        Some(StepView {
            chain: chain.id,
            of: chain.text.name.clone(),
            step: step.id,
            name: step.name.clone(),
            state: of.state,
            needed: of.needed,
            waits_for: waits_for.collect(),
            approved: of.approved.iter().map(|person| self.name(*person)).collect(),
            roles: step.roles.iter().copied().collect(),
            deadline: of.deadline,
            overdue: of.overdue,
            mine: mine.contains(&of.step),
        })
    }

    /// The names of the steps that are open.
    pub(crate) fn waits_for(&self, post: &Post, accounts: &Accounts) -> Vec<String> {
        self.open_steps(&self.ask(post, accounts, |case| case.standing()))
    }

    fn open_steps(&self, standing: &Standing) -> Vec<String> {
        if standing.approval != Approval::Waiting {
            return Vec::new();
        }
        let open = standing.steps.iter().filter(|step| matches!(step.state, StepState::Open | StepState::Stuck));
        open.filter_map(|of| Some(self.step(of)?.1.name.clone())).collect()
    }

    /// How it waits for somebody's word, and whether for that of whoever looks; `None` where nobody signed it off.
    pub(crate) fn request(&self, post: &Post, accounts: &Accounts) -> Option<(Request, bool)> {
        let sign_off = post.sign_off.as_ref().filter(|_| post.is_signed())?;
        let (standing, open) = self.ask(post, accounts, |case| (case.standing(), case.open_to(self.me)));
        let text = ContentHash::of_text(&post.draft);
        let own = post.votes().iter().find(|vote| vote.by == self.me);
        let decided = own.is_some_and(|vote| Some(vote.text) == text && open.is_subset(&vote.steps));
        let asking = || standing.steps.iter().filter(|step| step.state == StepState::Open);
        let steps = self.open_steps(&standing);
        let request = Request {
            line: line_of(post, accounts, steps.clone()),
            approval: standing.approval,
            steps,
            deadline: asking().filter_map(|step| step.deadline).min(),
            overdue: asking().any(|step| step.overdue),
            by: self.name(sign_off.by),
            at: sign_off.at,
            seen_before: own.is_some() && !decided,
        };
        Some((request, standing.approval == Approval::Waiting && !open.is_empty() && !decided))
    }

    pub(crate) fn view(&self, post: &Post, accounts: &Accounts) -> ApprovalView {
        let (standing, open, reached) =
            self.ask(post, accounts, |case| (case.standing(), case.open_to(self.me), case.reached_by(self.me)));
        let text = ContentHash::of_text(&post.draft);
        let me = self.members.get(&self.me);
        let review = post.review.as_deref();
        let mut said: Vec<SaidView> = post
            .votes()
            .iter()
            .map(|vote| SaidView {
                person: vote.by,
                name: self.name(vote.by),
                me: vote.by == self.me,
                verdict: vote.verdict,
                note: vote.note.clone(),
                at: vote.at,
                current: Some(vote.text) == text,
            })
            .collect();
        said.reverse();
        let submitted = standing.approval != Approval::NotSubmitted && standing.approval != Approval::NotNeeded;
        let lately = review.and_then(|review| review.read.last());
        let decided = said.iter().find(|said| said.me && said.current).map(|said| said.verdict);
        ApprovalView {
            approval: standing.approval,
            asked: !open.is_empty() && decided.is_none(),
            may_decide: !reached.is_empty(),
            own_work: post.wrote(self.me),
            may_override: submitted && !standing.approval.lets_go() && me.is_some_and(|me| me.role.may_override()),
            decided,
            last_read: review.and_then(|review| review.last_read(self.me)).or(lately).cloned(),
            steps: standing.steps.into_iter().filter_map(|of| self.step_view(of, &open)).collect(),
            said,
        }
    }
}
