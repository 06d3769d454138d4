//! Approval chains, what waits for whose word, and what they say.

use std::collections::{BTreeMap, BTreeSet};

use contract::approvals::{
    ApprovalView, Approvals, ChainSaved, Chains, DeleteChain, GetApproval, ListApprovals, ListChains, Looked, Request,
    ReviewPosts, Reviewed, SaidView, SaveChain, StepView, WithdrawReview,
};
use contract::many::Left;
use contract::posts::Written;
use contract::program::Saved;
use contract::{ApiError, Code};
use domain::approval::{Approval, Case, Chain, ChainStep, Standing, StepStanding, StepState};
use domain::hash::ContentHash;
use domain::id::{ChainId, PersonId, StepId};
use domain::mutation::PostsChange;
use domain::post::Post;
use domain::reject::Field;
use domain::team::Member;
use domain::{Key, Mutation, Record, Reject};
use jiff::Timestamp;

use crate::dispatch::{Call, Handle};
use crate::engine::{Engine, Note};
use crate::errors::storage;
use crate::lines::Accounts;

/// What waits for somebody's word, at most.
const REQUESTS_MAX: u64 = 5_000;

/// Everything that says who has to agree, as this computer knows it.
pub(crate) struct Board {
    chains: Vec<Chain>,
    members: BTreeMap<PersonId, Member>,
    me: PersonId,
    now: Timestamp,
}

impl Engine {
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
        Ok(Some(Board { chains, members, me: self.person, now: self.now() }))
    }

    /// Counts anew what was said about each post that is planned: who has to agree, or who is there, is different now.
    pub(crate) async fn recount(&self) -> Result<(), ApiError> {
        let posts = self.store.waiting_posts().await.map_err(|error| storage(&error))?;
        for posts in posts.chunks(PostsChange::POSTS_MAX) {
            match self.try_mutate(&Mutation::Recount { posts: posts.to_vec() }, Note::default()).await? {
                // no word is another one
                Ok(_) | Err(Reject::Empty { field: Field::Posts }) => {}
                Err(reject) => return Err(reject.into()),
            }
        }
        Ok(())
    }
}

impl Board {
    fn ask<T>(&self, post: &Post, accounts: &Accounts, ask: impl FnOnce(&Case<'_>) -> T) -> T {
        let targets = post.draft.targets.iter();
        let networks: BTreeSet<_> =
            targets.filter_map(|target| accounts.get(&target.account)).map(|account| account.network).collect();
        let members = self.members.iter().map(|(person, member)| (*person, member)).collect();
        ask(&Case { chains: &self.chains, post, networks: &networks, members: &members, now: self.now })
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

    fn view(&self, post: &Post, accounts: &Accounts) -> ApprovalView {
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

impl Call {
    async fn known_post(&self, post: domain::id::PostId) -> Result<Post, ApiError> {
        match self.engine.record(Key::Post(post)).await? {
            Record::Post(post) if !post.deleted => Ok(post),
            _ => Err(Reject::NotFound.into()),
        }
    }
}

impl Handle<ListChains> for Call {
    async fn handle(&self, _: ListChains) -> Result<Chains, ApiError> {
        let team = self.engine.require_team()?;
        let store = &self.engine.store;
        let organisation = store.record(Key::Organisation(team.organisation)).await.map_err(|error| storage(&error))?;
        let me = store.record(Key::Member(self.engine.person)).await.map_err(|error| storage(&error))?;
        let may_manage = matches!(me, Some(Record::Member(me)) if me.may(domain::team::Right::Chains));
        match organisation {
            Some(Record::Organisation(organisation)) => Ok(Chains { chains: organisation.chains, may_manage }),
            _ => Ok(Chains { chains: Vec::new(), may_manage }),
        }
    }
}

impl Handle<SaveChain> for Call {
    async fn handle(&self, command: SaveChain) -> Result<ChainSaved, ApiError> {
        let SaveChain { chain, read, mut text } = command;
        let team = self.engine.require_team()?;
        for step in text.steps.iter_mut().filter(|step| step.id.uuid().is_nil()) {
            step.id = StepId::new(self.engine.fresh_id()?);
        }
        let (chain, mutation) = match chain {
            Some(chain) => (chain, Mutation::EditChain { chain, read, text }),
            None => {
                let chain = ChainId::new(self.engine.fresh_id()?);
                (chain, Mutation::AddChain { chain, text })
            }
        };
        let done = self.engine.mutate(mutation).await?;
        match self.engine.record(Key::Organisation(team.organisation)).await? {
            Record::Organisation(organisation) => {
                let saved = organisation.chains.into_iter().find(|known| known.id == chain);
                Ok(ChainSaved { chain: saved.ok_or(Reject::NotFound)?, undo: done.undo() })
            }
            _ => Err(Reject::NotFound.into()),
        }
    }
}

impl Handle<DeleteChain> for Call {
    async fn handle(&self, command: DeleteChain) -> Result<Saved, ApiError> {
        self.engine.require_team()?;
        let done = self.engine.mutate(Mutation::DeleteChain { chain: command.chain }).await?;
        Ok(Saved { undo: done.undo() })
    }
}

impl Handle<GetApproval> for Call {
    async fn handle(&self, command: GetApproval) -> Result<Option<ApprovalView>, ApiError> {
        let Some(board) = self.engine.board().await? else { return Ok(None) };
        let post = self.known_post(command.post).await?;
        let accounts = self.engine.accounts().await?;
        let view = board.view(&post, &accounts);
        Ok((view.approval != Approval::NotNeeded).then_some(view))
    }
}

impl Handle<ListApprovals> for Call {
    async fn handle(&self, _: ListApprovals) -> Result<Approvals, ApiError> {
        let Some(board) = self.engine.board().await? else { return Ok(Approvals::default()) };
        let accounts = self.engine.accounts().await?;
        let posts = self.engine.store.posts_in_review(REQUESTS_MAX).await.map_err(|error| storage(&error))?;
        let mut approvals = Approvals::default();
        for post in posts {
            let (standing, open) = board.ask(&post, &accounts, |case| (case.standing(), case.open_to(board.me)));
            let Some(sign_off) = post.sign_off.as_ref().filter(|_| post.is_signed()) else { continue };
            let text = ContentHash::of_text(&post.draft);
            let own = post.votes().iter().find(|vote| vote.by == board.me);
            let decided = own.is_some_and(|vote| Some(vote.text) == text && open.is_subset(&vote.steps));
            let mine = standing.approval == Approval::Waiting && !open.is_empty() && !decided;
            let asking = standing.steps.iter().filter(|step| step.state == StepState::Open);
            let deadline = asking.clone().filter_map(|step| step.deadline).min();
            let overdue = asking.clone().any(|step| step.overdue);
            let request = Request {
                approval: standing.approval,
                steps: board.open_steps(&standing),
                deadline,
                overdue,
                by: board.name(sign_off.by),
                at: sign_off.at,
                seen_before: own.is_some() && !decided,
                line: crate::lines::line_of(post, &accounts, board.open_steps(&standing)),
            };
            if mine { approvals.mine.push(request) } else { approvals.others.push(request) }
        }
        for requests in [&mut approvals.mine, &mut approvals.others] {
            requests.sort_by_key(|request| {
                let by = [request.deadline, request.line.due_at].into_iter().flatten().min();
                (by, request.line.post)
            });
        }
        Ok(approvals)
    }
}

impl Handle<ReviewPosts> for Call {
    async fn handle(&self, command: ReviewPosts) -> Result<Reviewed, ApiError> {
        let ReviewPosts { posts, verdict, note } = command;
        if posts.is_empty() || posts.len() > ReviewPosts::POSTS_MAX {
            return Err(ApiError::new(Code::BadRequest, "Decide about 1 to 100 posts at once."));
        }
        self.engine.require_team()?;
        let (mut decided, mut left, mut undo) = (Vec::new(), Vec::new(), None);
        let alone = posts.len() == 1;
        for Looked { post, read } in posts {
            let review = Mutation::Review { post, read, seen: None, verdict, note: note.clone() };
            match self.engine.try_mutate(&review, Note::default()).await? {
                Ok(done) => {
                    decided.push(post);
                    undo = done.undo();
                }
                Err(reject) if alone => return Err(reject.into()),
                Err(reject) => {
                    let title = self.known_post(post).await.map(|post| post.draft.shown_title()).unwrap_or_default();
                    left.push(Left { post, title, why: reject.into() });
                }
            }
        }
        Ok(Reviewed { decided, left, undo: undo.filter(|_| alone) })
    }
}

impl Handle<WithdrawReview> for Call {
    async fn handle(&self, command: WithdrawReview) -> Result<Written, ApiError> {
        self.engine.require_team()?;
        self.write(command.post, Mutation::WithdrawReview { post: command.post }).await
    }
}
