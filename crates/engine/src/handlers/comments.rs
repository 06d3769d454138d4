use std::collections::{BTreeMap, BTreeSet};

use contract::ApiError;
use contract::comments::{
    AddComment, CommentAdded, CommentView, DeleteComment, EditComment, ListComments, ResolveComment,
};
use contract::program::Saved;
use domain::comment::Comment;
use domain::id::{CommentId, PersonId, PostId};
use domain::reject::Field;
use domain::{Mutation, Reject};

use crate::dispatch::{Call, Handle};
use crate::errors::storage;

impl Handle<ListComments> for Call {
    async fn handle(&self, command: ListComments) -> Result<Vec<CommentView>, ApiError> {
        let all = self.comments_of(command.post).await?;
        let answered: BTreeSet<CommentId> =
            all.iter().filter(|comment| !comment.deleted).filter_map(|comment| comment.reply_to).collect();
        let mut names = BTreeMap::<PersonId, String>::new();
        for author in all.iter().map(|comment| comment.author).collect::<BTreeSet<_>>() {
            if let Some(name) = self.engine.name_of(author).await? {
                names.insert(author, name);
            }
        }
        let shown = all.into_iter().filter(|comment| !comment.deleted || answered.contains(&comment.id));
        let view = |comment: Comment| CommentView {
            author: names.get(&comment.author).cloned().unwrap_or_default(),
            own: comment.author == self.engine.person && !comment.deleted,
            // what was deleted is not shown to anybody
            comment: if comment.deleted { Comment { text: String::new(), ..comment } } else { comment },
        };
        Ok(shown.map(view).collect())
    }
}

impl Handle<AddComment> for Call {
    async fn handle(&self, command: AddComment) -> Result<CommentAdded, ApiError> {
        let AddComment { post, text, anchor, reply_to } = command;
        let count = self.comments_of(post).await?.len().saturating_add(1);
        if count > Comment::COMMENTS_MAX {
            let (measured, limit) = (count as u64, Comment::COMMENTS_MAX as u64);
            return Err(Reject::TooLong { field: Field::Comments, measured, limit }.into());
        }
        let comment = CommentId::new(self.engine.fresh_id()?);
        let done = self.engine.mutate(Mutation::AddComment { comment, post, text, anchor, reply_to }).await?;
        Ok(CommentAdded { comment, undo: done.undo() })
    }
}

impl Handle<EditComment> for Call {
    async fn handle(&self, command: EditComment) -> Result<Saved, ApiError> {
        let EditComment { comment, text } = command;
        self.saved(Mutation::EditComment { comment, text }).await
    }
}

impl Handle<DeleteComment> for Call {
    async fn handle(&self, command: DeleteComment) -> Result<Saved, ApiError> {
        self.saved(Mutation::DeleteComment { comment: command.comment }).await
    }
}

impl Handle<ResolveComment> for Call {
    async fn handle(&self, command: ResolveComment) -> Result<Saved, ApiError> {
        let comment = command.comment;
        self.saved(if command.resolved {
            Mutation::ResolveComment { comment }
        } else {
            Mutation::ReopenComment { comment }
        })
        .await
    }
}

impl Call {
    async fn comments_of(&self, post: PostId) -> Result<Vec<Comment>, ApiError> {
        self.engine.store.comments_of(post).await.map_err(|error| storage(&error))
    }
}
