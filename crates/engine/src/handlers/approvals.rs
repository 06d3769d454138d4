//! Approval chains, what waits for whose word, and what they say.

use contract::approvals::{
    ApprovalView, Approvals, ChainSaved, Chains, ComeBack, DeleteChain, GetApproval, GoAway, ListApprovals, ListChains,
    Looked, ReviewPosts, Reviewed, SaveChain, WithdrawReview,
};
use contract::many::Left;
use contract::posts::Written;
use contract::program::Saved;
use contract::{ApiError, Code};
use domain::approval::Approval;
use domain::id::{ChainId, PostId, StepId};
use domain::post::Post;
use domain::team::Right;
use domain::{Key, Mutation, Record, Reject};

use crate::dispatch::{Call, Handle};
use crate::engine::Note;
use crate::errors::storage;

impl Call {
    async fn known_post(&self, post: PostId) -> Result<Post, ApiError> {
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
        let may_manage = matches!(me, Some(Record::Member(me)) if me.may(Right::Chains));
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
        let DeleteChain { chain, read } = command;
        self.engine.require_team()?;
        let done = self.engine.mutate(Mutation::DeleteChain { chain, read }).await?;
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
        let mut approvals = Approvals::default();
        for post in self.engine.in_review().await? {
            let Some((request, mine)) = board.request(&post, &accounts) else { continue };
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

impl Handle<GoAway> for Call {
    async fn handle(&self, command: GoAway) -> Result<Saved, ApiError> {
        let GoAway { until, deputy } = command;
        self.engine.require_team()?;
        let done = self.engine.mutate(Mutation::GoAway { until, deputy }).await?;
        Ok(Saved { undo: done.undo() })
    }
}

impl Handle<ComeBack> for Call {
    async fn handle(&self, _: ComeBack) -> Result<Saved, ApiError> {
        self.engine.require_team()?;
        let done = self.engine.mutate(Mutation::ComeBack).await?;
        Ok(Saved { undo: done.undo() })
    }
}
