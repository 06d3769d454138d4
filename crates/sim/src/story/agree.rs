//! The part of a story in which people have to agree.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;

use anyhow::Result;
use domain::id::PostId;
use domain::mutation::PartKeys;
use domain::team::{Personas, Role};
use domain::{Key, Mutation, Record};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Told, World};
use crate::approvals;
use crate::desk::said;
use crate::office::{ADA, BAKERY, FAY, GIL, draft, organisation, person, post};

impl World {
    /// Whatever is due, as far as the server lets it.
    pub(super) async fn publishes(&mut self) -> Told {
        let mut all = String::new();
        for number in 0..self.posts {
            let attempt = self.counter.fetch_add(1, Ordering::Relaxed);
            let (told, wrong) = approvals::publishes(&self.office, &self.log.reviews, post(number), attempt).await?;
            let what = match told.as_str() {
                "sent" => "sent",
                told if told.contains("not_approved") => "not sent without approval",
                _ => "not sent",
            };
            *self.seen.entry(what).or_default() += 1;
            let _ = write!(all, "{number}: {told}; ");
            if wrong.is_some() {
                return Ok((all, wrong));
            }
        }
        Ok((all, None))
    }

    /// A post that somebody signed off here, as long as there is one.
    pub(super) async fn signed(&self, at: usize) -> Result<PostId> {
        let mut signed = Vec::new();
        for number in 0..self.posts {
            if self.desk(at)?.post(post(number)).await?.is_some_and(|post| post.is_signed()) {
                signed.push(post(number));
            }
        }
        let any = post(self.random.below(self.posts.max(1)));
        Ok(self.random.pick(&signed).copied().unwrap_or(any))
    }

    /// Somebody wrote before anybody looked, and somebody has to agree.
    pub(super) async fn begins_with_something(&mut self) -> Result<()> {
        for number in 0..2 {
            let words: Vec<String> = (0..4).map(|_| self.word('c')).collect();
            let create = Mutation::CreatePost { post: post(number), draft: draft(&words, Some(BAKERY)) };
            self.office.directly(FAY, Uuid::from_u128(6_000 + number as u128), &create).await?;
            self.posts += 1;
        }
        for which in 0..self.random.below(3) {
            let add = Mutation::AddChain { chain: approvals::chain(which), text: approvals::text(&self.random, which) };
            self.office.directly(ADA, Uuid::from_u128(6_010 + which as u128), &add).await?;
        }
        Ok(())
    }

    pub(super) async fn changes_chain(&self, at: usize, now: Timestamp) -> Result<String> {
        let which = self.random.below(2);
        let (chain, text) = (approvals::chain(which), approvals::text(&self.random, which));
        let known = match self.desk(at)?.store()?.record(Key::Organisation(organisation())).await? {
            Some(Record::Organisation(organisation)) => organisation.chains,
            _ => Vec::new(),
        };
        let mutation = match known.iter().find(|known| known.id == chain) {
            None => Mutation::AddChain { chain, text },
            Some(known) if self.random.percent(15) => Mutation::DeleteChain { chain, read: known.version },
            Some(known) => Mutation::EditChain { chain, read: known.version, text },
        };
        Ok(said(self.desk(at)?.does(&mutation, now).await?.map(|_| ())))
    }

    /// Others plan and decide at the server itself, by programs of their own; and Gil is taken out, or in again, or is something else.
    pub(super) async fn others(&self, post: PostId) -> Result<String> {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let id = |of: u128| Uuid::from_u128(800_000_000_000 + u128::from(number) * 10 + of);
        let gil = person(GIL);
        match self.random.below(20) {
            0 | 1 => {
                return Ok(format!(
                    "{:?}",
                    self.office.directly(ADA, id(0), &Mutation::RemoveMember { person: gil }).await
                ));
            }
            2 | 3 => {
                return Ok(format!("{:?}", self.office.admits(GIL, Role::Approver, Personas::All, id(0)).await));
            }
            4 => {
                let role = if self.random.percent(50) { Role::Creator } else { Role::Approver };
                let change = Mutation::ChangeRole { person: gil, role };
                return Ok(format!("{:?}", self.office.directly(ADA, id(0), &change).await));
            }
            _ => {}
        }
        let Some(Record::Post(there)) = self.office.record(Key::Post(post)).await? else {
            return Ok("nothing to decide about".to_owned());
        };
        let (read, seen) = (there.version, Some(there.seen()));
        if there.is_signed() && self.random.percent(10) {
            let voters: Vec<_> = there.votes().iter().map(|vote| vote.by.uuid().as_u128()).collect();
            let actor = self.random.pick(&voters).copied().unwrap_or(GIL);
            return Ok(format!("{:?}", self.office.directly(actor, id(4), &Mutation::WithdrawReview { post }).await));
        }
        if there.is_signed() && self.random.percent(75) {
            let verdict = approvals::verdict(&self.random);
            let review = Mutation::Review { post, read, seen, verdict, note: "Because.".to_owned() };
            let actor = self.random.pick(&approvals::APPROVERS).copied().unwrap_or(GIL);
            return Ok(format!("{:?}", self.office.directly(actor, id(1), &review).await));
        }
        if there.merge.is_some() {
            drop(self.office.directly(FAY, id(2), &Mutation::SettleMerge { post, read, seen }).await);
        }
        let when = approvals::soon(self.office.now()?, self.random.below(8))?;
        let keys = PartKeys { micros: 7_000_000 + number * 1_000, clock_id: 5 };
        let plan = Mutation::SchedulePost { post, read, seen, when, keys };
        Ok(format!("{:?}", self.office.directly(FAY, id(3), &plan).await))
    }
}
