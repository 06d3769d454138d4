//! The line between a desk and the server, and what happens while a request is on its way.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use domain::Mutation;
use domain::mutation::{PartKeys, PostsChange};
use engine::teams::{Remote, Trouble};
use jiff::Timestamp;
use uuid::Uuid;
use wire::Fault;
use wire::pull::{Pull, PullReply};
use wire::push::{Answer, Push, PushReply};
use wire::quarantine::Quarantine;

use crate::desk::Desk;
use crate::office::{BAKERY, CAFE, FAY, Office, draft, organisation, person, persona, post};
use crate::random::Random;

/// How many in a hundred.
#[derive(Debug, Clone, Copy, Default)]
pub struct Odds {
    pub cut: u32,
    pub answer_lost: u32,
    pub twice: u32,
    /// Somebody types while a push is on its way.
    pub typing: u32,
    /// Somebody else's change comes between two requests.
    pub interlude: u32,
    /// Rows of a page, 0 for as many as fit.
    pub page: usize,
}

#[derive(Debug)]
pub struct Line<'a> {
    pub office: &'a Office,
    pub desk: &'a Desk,
    pub random: &'a Random,
    pub odds: Odds,
    pub posts: usize,
    /// Numbers for words and posts of this story.
    pub counter: &'a AtomicU64,
    /// What the server said to have done, to be looked for in its log.
    pub claimed: &'a Mutex<Vec<Uuid>>,
    pub now: Timestamp,
}

impl Line<'_> {
    /// `again` is the same request once more, as the line may repeat it.
    async fn ask<T>(
        &self,
        request: impl Future<Output = Result<T, Fault>> + Send,
        again: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<T, Trouble> {
        if self.random.percent(self.odds.cut) {
            return Err(Trouble::Unreachable);
        }
        let mut answer = request.await;
        if self.random.percent(self.odds.twice) {
            answer = again.await;
        }
        if self.random.percent(self.odds.answer_lost) {
            return Err(Trouble::Unreachable);
        }
        Ok(answer?)
    }

    async fn push_bytes(&self, bytes: &[u8]) -> Result<PushReply, Fault> {
        let malformed = |_| Fault::Malformed { n: None, place: "push".to_owned() };
        let push = serde_json::from_slice(bytes).map_err(malformed)?;
        self.office.ledger.push(organisation(), person(self.desk.actor), push).await
    }

    async fn pull_from(&self, pull: &Pull, limit: usize) -> Result<PullReply, Fault> {
        let pull = Pull { client: pull.client, cursor: pull.cursor.clone(), seen_n: pull.seen_n, limit };
        self.office.ledger.pull(organisation(), person(self.desk.actor), pull).await
    }

    async fn leave(&self, upload: &Quarantine) -> Result<(), Fault> {
        let (actor, device) = (person(self.desk.actor), Uuid::from_u128(77));
        self.office.ledger.quarantine(organisation(), actor, device, upload).await
    }

    /// Fay does something, from a program of her own.
    async fn interlude(&self) {
        if !self.random.percent(self.odds.interlude) {
            return;
        }
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let speaker = self.random.pick(&[None, Some(BAKERY), Some(CAFE)]).copied().flatten();
        let mutation = match self.random.below(3) {
            0 => Mutation::CreatePost {
                post: domain::id::PostId::new(Uuid::from_u128(9_000_000 + u128::from(number))),
                draft: draft(&[format!("f{number}x")], speaker),
            },
            _ => Mutation::ChangePosts {
                posts: vec![post(self.random.below(self.posts.max(1)))],
                change: PostsChange::Persona { persona: speaker.map(persona) },
                seen: std::collections::BTreeMap::new(),
                keys: PartKeys { micros: number, clock_id: 2 },
            },
        };
        // it may be refused, as anybody's
        let id = Uuid::from_u128(7_000_000 + u128::from(number));
        if let Ok(Answer::Applied { .. }) = self.office.directly(FAY, id, &mutation).await {
            self.claimed.lock().unwrap_or_else(PoisonError::into_inner).push(id);
        }
    }
}

#[async_trait]
impl Remote for Line<'_> {
    async fn push(&self, push: &Push) -> Result<PushReply, Trouble> {
        if self.random.percent(self.odds.typing) {
            let number = self.counter.fetch_add(1, Ordering::Relaxed);
            let into = post(self.random.below(self.posts.max(1)));
            // what fails here is looked for on the desk afterwards
            let _ = self.desk.types(into, format!("t{number}x"), self.random, self.now).await;
        }
        self.interlude().await;
        // over the wire, as bytes
        let bytes = serde_json::to_vec(push).map_err(|_| Trouble::Unreachable)?;
        self.ask(self.push_bytes(&bytes), self.push_bytes(&bytes)).await
    }

    async fn pull(&self, pull: &Pull) -> Result<PullReply, Trouble> {
        self.interlude().await;
        let limit = if self.odds.page == 0 { pull.limit } else { self.odds.page };
        self.ask(self.pull_from(pull, limit), self.pull_from(pull, limit)).await
    }

    async fn quarantine(&self, upload: &Quarantine) -> Result<(), Trouble> {
        self.ask(self.leave(upload), self.leave(upload)).await
    }
}
