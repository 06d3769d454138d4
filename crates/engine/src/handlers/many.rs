//! One thing done to many posts at once.

use std::collections::{BTreeMap, BTreeSet};

use contract::ApiError;
use contract::many::{ChangePosts, Left, PostsChanged};
use domain::id::PostId;
use domain::mutation::{PartKeys, PostsChange};
use domain::reject::Field;
use domain::{Key, Mutation, Record, Reject, Step, WorkingSet};

use crate::dispatch::{Call, Handle};
use crate::errors::storage;

impl Handle<ChangePosts> for Call {
    async fn handle(&self, command: ChangePosts) -> Result<PostsChanged, ApiError> {
        let ChangePosts { posts, change } = command;
        let keys = self.engine.fresh_keys(posts.len().min(PostsChange::POSTS_MAX))?;
        let mutation =
            Mutation::ChangePosts { posts: posts.clone(), change: change.clone(), seen: BTreeMap::new(), keys };
        let done = self.engine.mutate(mutation).await?;
        let changed: Vec<PostId> = done
            .writes
            .iter()
            .filter_map(|record| match record {
                Record::Post(post) => Some(post.id),
                _ => None,
            })
            .collect();
        let written: BTreeSet<PostId> = changed.iter().copied().collect();
        let mut left = Vec::new();
        for post in posts.iter().filter(|post| !written.contains(post)).take(PostsChanged::LEFT_MAX) {
            if let Some(why) = self.refusal(*post, &change).await? {
                let title = match self.engine.store.record(Key::Post(*post)).await {
                    Ok(Some(Record::Post(post))) => post.draft.shown_title(),
                    _ => String::new(),
                };
                left.push(Left { post: *post, title, why: why.into() });
            }
        }
        Ok(PostsChanged { changed, left, undo: done.undo() })
    }
}

impl Call {
    /// Why this cannot be done to a post; nothing is written.
    async fn refusal(&self, post: PostId, change: &PostsChange) -> Result<Option<Reject>, ApiError> {
        let context = self.engine.context();
        // nothing is made with these
        let keys = PartKeys { micros: 0, clock_id: 0 };
        let mutation = Mutation::ChangePosts { posts: vec![post], change: change.clone(), seen: BTreeMap::new(), keys };
        let mut set = WorkingSet::default();
        loop {
            match domain::apply(&context, &set, &mutation) {
                Step::Need(keys) => {
                    for key in keys {
                        let record = self.engine.store.record(key).await.map_err(|error| storage(&error))?;
                        set.load(key, record);
                    }
                }
                // it is as it was asked to be
                Step::Done(Ok(_) | Err(Reject::Empty { field: Field::Posts })) => return Ok(None),
                Step::Done(Err(reject)) => return Ok(Some(reject)),
            }
        }
    }
}
