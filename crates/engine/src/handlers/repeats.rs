//! The same text to the same account within a day.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use contract::ApiError;
use contract::posts::{FindRepeats, Repeat};
use domain::id::PostId;
use domain::job::{JobState, plus};
use domain::post::{Post, PostStatus};
use domain::{Key, Record, Reject};

use crate::dispatch::{Call, Handle};
use crate::errors::storage;

/// How near two posts may not say the same, in seconds.
const NEAR_S: i64 = 24 * 60 * 60;
/// So many are shown at most.
const SHOWN: usize = 10;

impl Handle<FindRepeats> for Call {
    async fn handle(&self, command: FindRepeats) -> Result<Vec<Repeat>, ApiError> {
        let Record::Post(post) = self.engine.record(Key::Post(command.post)).await? else {
            return Err(Reject::NotFound.into());
        };
        let mut repeats = Vec::new();
        if matches!(post.status, PostStatus::Publishing | PostStatus::Published) {
            return Ok(repeats);
        }
        let at = post.schedule.as_ref().map_or_else(|| self.engine.now(), |schedule| schedule.at);
        let mut known = BTreeMap::<PostId, Option<Post>>::new();
        for account in post.draft.targets.iter().map(|target| target.account) {
            let Some(content) = post.draft.content_for(account).filter(|content| !content.is_blank()) else { continue };
            let jobs = self.engine.store.jobs_of_account(account, plus(at, -NEAR_S), plus(at, NEAR_S)).await;
            for job in jobs.map_err(|error| storage(&error))? {
                if job.post == post.id || !goes_out(job.state) {
                    continue;
                }
                let other = match known.entry(job.post) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(match self.engine.record(Key::Post(job.post)).await {
                        Ok(Record::Post(other)) if !other.deleted => Some(other),
                        _ => None,
                    }),
                };
                let Some(other) = other else { continue };
                if other.draft.content_for(account).is_some_and(|theirs| content.says_the_same(theirs)) {
                    repeats.push(Repeat { account, post: other.id, title: other.draft.shown_title(), at: job.due_at });
                }
            }
        }
        repeats.truncate(SHOWN);
        Ok(repeats)
    }
}

/// It is out, may be, or will be.
const fn goes_out(state: JobState) -> bool {
    state.is_open() || matches!(state, JobState::Held | JobState::Published | JobState::Unsure | JobState::Handed)
}
