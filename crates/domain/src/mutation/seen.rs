//! What a person saw when they decided: filled in where only the number of a version says it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Mutation, PostsChange, Since};
use crate::apply::{Authority, Context, Step};
use crate::id::PostId;
use crate::job::Decision;
use crate::post::Post;
use crate::record::{Key, ReadSet, Record, WorkingSet};

impl Mutation {
    /// The same intent, and with it what stands on this desk under the version that it names, so that a server at which that
    /// number is another text does not take it for this one. To be called in the transaction that applies it. What names its
    /// text already, and whatever is done alone, stays as it is.
    pub fn bound<'a>(&'a self, context: &Context, set: &WorkingSet) -> Step<Cow<'a, Self>> {
        if context.authority == Authority::Solo {
            return Step::Done(Cow::Borrowed(self));
        }
        let mut desk = Desk { set, missing: ReadSet::new() };
        let mut bound = Cow::Borrowed(self);
        match self {
            Self::EditDraft { post, read, since: None, .. } => {
                if let Some(old) = desk.post(*post).filter(|old| old.version == *read)
                    && let Self::EditDraft { since, .. } = bound.to_mut()
                {
                    *since = Some(Box::new(Since { base: old.draft.clone(), saves: 1 }));
                }
            }
            Self::SettleMerge { post, read, seen: None }
            | Self::RestoreVersion { post, read, seen: None, .. }
            | Self::SchedulePost { post, read, seen: None, .. }
            | Self::SignOff { post, read, seen: None, .. }
            | Self::Review { post, read, seen: None, .. }
            | Self::StartSeries { post, read, seen: None, .. } => {
                if let Some(old) = desk.post(*post).filter(|old| old.version == *read) {
                    bound.to_mut().see(old);
                }
            }
            Self::Decide { job, decision: Decision::PublishNow, seen: None, .. } => {
                if let Some(old) = desk.post_of(Key::Job(*job)) {
                    bound.to_mut().see(old);
                }
            }
            Self::ChangePosts { posts, change, seen, .. } if change.signs_off() => {
                let unseen: Vec<PostId> = posts.iter().copied().filter(|post| !seen.contains_key(post)).collect();
                let found: BTreeMap<_, _> =
                    unseen.into_iter().filter_map(|post| Some((post, desk.post(post)?.seen()))).collect();
                if let Self::ChangePosts { seen, .. } = bound.to_mut() {
                    seen.extend(found);
                }
            }
            _ => {}
        }
        if desk.missing.is_empty() { Step::Done(bound) } else { Step::Need(desk.missing) }
    }

    /// Names what stands in `post` as what was seen, if it names one such thing at all.
    fn see(&mut self, post: &Post) {
        match self {
            Self::SettleMerge { seen, .. }
            | Self::RestoreVersion { seen, .. }
            | Self::SchedulePost { seen, .. }
            | Self::SignOff { seen, .. }
            | Self::Review { seen, .. }
            | Self::StartSeries { seen, .. }
            | Self::Decide { seen, .. } => *seen = Some(post.seen()),
            _ => {}
        }
    }
}

impl PostsChange {
    /// It signs off what stands there, for another time.
    pub const fn signs_off(&self) -> bool {
        matches!(self, Self::Shift { .. } | Self::MoveTo { .. } | Self::Rezone { .. })
    }
}

/// The records as they are here; what is not loaded yet is noted.
struct Desk<'a> {
    set: &'a WorkingSet,
    missing: ReadSet,
}

impl<'a> Desk<'a> {
    fn record(&mut self, key: Key) -> Option<&'a Record> {
        let loaded = self.set.get(key);
        if loaded.is_none() {
            self.missing.insert(key);
        }
        loaded.flatten()
    }

    fn post(&mut self, id: PostId) -> Option<&'a Post> {
        match self.record(Key::Post(id))? {
            Record::Post(post) => Some(post),
            _ => None,
        }
    }

    fn post_of(&mut self, job: Key) -> Option<&'a Post> {
        match self.record(job)? {
            Record::Job(job) => self.post(job.post),
            _ => None,
        }
    }
}
