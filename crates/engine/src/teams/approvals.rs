//! Tells a person what waits for their word, and what became of what they signed off: at once, and many things in one notice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use contract::ApiError;
use domain::approval::Verdict;
use domain::hash::ContentHash;
use domain::id::PostId;
use domain::post::{Post, PostStatus};
use domain::{Key, Record};

use super::notices;
use crate::engine::Engine;
use crate::errors::storage;

/// Deadlines pass without anything being changed.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// What was told since the program started. At its start everything that waits is told in one notice.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// What waits for the person's word, by what they would decide about.
    asked: BTreeSet<(PostId, ContentHash)>,
    overdue: BTreeSet<(PostId, ContentHash)>,
    /// What the person signed off and others have not let go, with its word.
    own: BTreeMap<PostId, PostStatus>,
    /// When it was looked last, by a clock that nobody can set.
    looked: Option<Duration>,
}

impl Told {
    /// Looks if something `changed`, or if it is time to.
    pub(super) async fn look(&mut self, engine: &Engine, changed: bool) {
        let now = engine.ports.clock.uptime();
        let due = self.looked.is_none_or(|last| now.saturating_sub(last) >= LOOK_AGAIN);
        if !changed && !due {
            return;
        }
        self.looked = Some(now);
        if let Err(error) = self.tell(engine).await {
            tracing::warn!(error.code = ?error.code, "nobody could be told what waits for their word");
        }
    }

    async fn tell(&mut self, engine: &Engine) -> Result<(), ApiError> {
        let Some(board) = engine.board().await? else {
            *self = Self { looked: self.looked, ..Self::default() };
            return Ok(());
        };
        let accounts = engine.accounts().await?;
        let (mut asked, mut overdue, mut own) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
        let (mut new, mut late, mut stale) = (Vec::new(), Vec::new(), Vec::new());
        for post in engine.in_review().await? {
            if post.is_signed() && post.sign_off.as_ref().is_some_and(|sign_off| sign_off.by == engine.person) {
                if self.own.get(&post.id).is_some_and(|before| *before != post.status) {
                    sent_back(engine, &post);
                }
                own.insert(post.id, post.status);
            }
            if let Some((request, _)) = board.request(&post, &accounts)
                && request.approval.lets_go()
            {
                // a deadline, or an absence, ended by itself
                stale.push(post.id);
            }
            let (Some(hash), Some((request, true))) = (post.current_hash(), board.request(&post, &accounts)) else {
                continue;
            };
            let key = (post.id, hash);
            asked.insert(key);
            if request.overdue {
                overdue.insert(key);
            }
            match (self.asked.contains(&key), self.overdue.contains(&key)) {
                (false, _) => new.push(post),
                (true, false) if request.overdue => late.push(post),
                _ => {}
            }
        }
        engine.recount_some(&stale).await;
        notices::asked(engine, &new);
        notices::overdue(engine, &late);
        for (post, _) in self.own.iter().filter(|(post, _)| !own.contains_key(post)) {
            if let Some(Record::Post(post)) = engine.store.record(Key::Post(*post)).await.map_err(|e| storage(&e))?
                && !post.deleted
                && matches!(post.status, PostStatus::Scheduled | PostStatus::Held)
            {
                notices::approved(engine, &post);
            }
        }
        *self = Self { asked, overdue, own, looked: self.looked };
        Ok(())
    }
}

/// Somebody said that it should be different, or not be.
fn sent_back(engine: &Engine, post: &Post) {
    let against =
        post.votes().iter().rev().find(|vote| matches!(vote.verdict, Verdict::RequestChanges | Verdict::Reject));
    if let (Some(vote), PostStatus::ChangesRequested | PostStatus::Rejected) = (against, post.status) {
        notices::sent_back(engine, post, &vote.note);
    }
}
