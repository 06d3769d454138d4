use contract::ApiError;
use contract::posts::{CreatePost, DeletePost, EditDraft, PublishNow, SchedulePost, SignOff, UnschedulePost, Written};
use contract::program::Saved;
use domain::id::PostId;
use domain::mutation::{Since, When};
use domain::schedule::Schedule;
use domain::{Key, Mutation, Record, Reject};

use crate::dispatch::{Call, Handle};
use crate::engine::written;
use crate::errors::internal;

impl Call {
    pub(super) async fn write(&self, post: PostId, mutation: Mutation) -> Result<Written, ApiError> {
        written(&self.engine.mutate(mutation).await?, post)
    }
}

impl Handle<CreatePost> for Call {
    async fn handle(&self, command: CreatePost) -> Result<Written, ApiError> {
        let post = PostId::new(self.engine.fresh_id()?);
        self.write(post, Mutation::CreatePost { post, draft: command.draft }).await
    }
}

impl Handle<EditDraft> for Call {
    async fn handle(&self, command: EditDraft) -> Result<Written, ApiError> {
        let EditDraft { post, read, draft, base } = command;
        // alone nobody else writes: what was changed since was changed in another window, which is to be seen
        let base = base.filter(|_| self.engine.team.is_some());
        let since = base.map(|base| Box::new(Since { base: *base, saves: 1 }));
        self.write(post, Mutation::EditDraft { post, read, draft, since }).await
    }
}

impl Handle<DeletePost> for Call {
    async fn handle(&self, command: DeletePost) -> Result<Saved, ApiError> {
        let done = self.engine.mutate(Mutation::DeletePost { post: command.post }).await?;
        Ok(Saved { undo: done.undo() })
    }
}

impl Handle<SchedulePost> for Call {
    async fn handle(&self, command: SchedulePost) -> Result<Written, ApiError> {
        let SchedulePost { post, read, when } = command;
        let keys = self.engine.fresh_keys(1)?;
        self.write(post, Mutation::SchedulePost { post, read, seen: None, when, keys }).await
    }
}

impl Handle<PublishNow> for Call {
    async fn handle(&self, command: PublishNow) -> Result<Written, ApiError> {
        let PublishNow { post, read } = command;
        if matches!(self.engine.record(Key::Post(post)).await?, Record::Post(known) if known.held) {
            return Err(Reject::OnHold.into());
        }
        let now = Schedule::at_instant(self.engine.now(), &self.engine.zone())
            .map_err(|error| ApiError::from(Reject::Schedule { error }))?;
        let local = now.local.with().subsec_nanosecond(0).build().map_err(|error| internal(&error))?;
        let when = When { local, zone: now.zone, fold: now.fold };
        let keys = self.engine.fresh_keys(1)?;
        self.write(post, Mutation::SchedulePost { post, read, seen: None, when, keys }).await
    }
}

impl Handle<SignOff> for Call {
    async fn handle(&self, command: SignOff) -> Result<Written, ApiError> {
        let SignOff { post, read } = command;
        self.write(post, Mutation::SignOff { post, read, seen: None, keys: self.engine.fresh_keys(1)? }).await
    }
}

impl Handle<UnschedulePost> for Call {
    async fn handle(&self, command: UnschedulePost) -> Result<Written, ApiError> {
        self.write(command.post, Mutation::Unschedule { post: command.post }).await
    }
}
