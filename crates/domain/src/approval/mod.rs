//! Approval: what has to be agreed to before it goes out, and what was said about it.
//!
//! Nothing here stores that a post is approved. What is stored are decisions, each with the hash of what it was made about; whether
//! they are enough is asked anew every time ([`Case::standing`]), of the members, the chains and the text as they are then.

mod chain;
mod standing;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::hash::ContentHash;
use crate::id::{PersonId, StepId};
use crate::post::{Draft, Post, PostStatus};

pub use chain::{Chain, ChainStep, ChainText, Condition, Covers, Order, Quorum, Reach};
pub use standing::{Approval, Case, Standing, StepStanding, StepState};

/// What a person who was asked says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Approve,
    /// With a word about what should be different.
    RequestChanges,
    /// It should not go out at all.
    Reject,
    /// Let it go out whatever the chains say: a right of its own.
    Override,
}

/// A person's decision about exactly what they saw. It counts for as long as this is what would be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    pub by: PersonId,
    pub at: Timestamp,
    pub verdict: Verdict,
    /// At most [`Review::NOTE_MAX`] characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The steps that were open to this person then.
    pub steps: BTreeSet<StepId>,
    /// Of the post, for people: what counts are the hashes.
    pub version: u32,
    /// What would be sent, to whom and when.
    pub hash: ContentHash,
    /// The same without the time.
    pub text: ContentHash,
    /// What the person had said about the same before: whoever takes this back has said that again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Box<Vote>>,
}

/// What one of the last decisions was about, so that whoever decides next sees what is different since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    pub hash: ContentHash,
    pub draft: Draft,
    /// When it would have gone out.
    pub at: Timestamp,
}

/// What was said about a post, and who must not say it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Review {
    /// Who changed its draft, beside the post's author.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub writers: BTreeSet<PersonId>,
    /// The last decision of each person, oldest first, also of those that count no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub votes: Vec<Vote>,
    /// What the last of them were about, oldest first, at most [`Review::READ_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<Read>,
}

impl Review {
    pub const NOTE_MAX: usize = 2_000;
    pub const READ_MAX: usize = 6;

    pub fn is_empty(&self) -> bool {
        self.writers.is_empty() && self.votes.is_empty()
    }

    /// With this decision as the person's last, and what it is about.
    pub(crate) fn decide(&mut self, vote: Vote, draft: &Draft, at: Timestamp) {
        let earlier = self.take(vote.by).filter(|earlier| earlier.hash == vote.hash);
        // who says the same twice takes it back once
        let earlier = match earlier {
            Some(earlier) if earlier.verdict == vote.verdict => earlier.replaces,
            Some(earlier) => Some(Box::new(Vote { replaces: None, ..earlier })),
            None => None,
        };
        self.read.retain(|read| read.hash != vote.hash);
        self.read.push(Read { hash: vote.hash, draft: draft.clone(), at });
        self.votes.push(Vote { replaces: earlier, ..vote });
        self.tidy();
    }

    /// Without the last decision of this person; what they had said before about the same counts again.
    pub(crate) fn withdraw(&mut self, by: PersonId) {
        if planted!(WithdrawnStillCounts) {
            return;
        }
        let earlier = self.take(by).and_then(|vote| vote.replaces);
        self.votes.extend(earlier.map(|earlier| *earlier));
        self.tidy();
    }

    fn take(&mut self, by: PersonId) -> Option<Vote> {
        let at = self.votes.iter().position(|vote| vote.by == by)?;
        Some(self.votes.remove(at))
    }

    /// Drops the texts and the notes of earlier decisions.
    pub(crate) fn forget(&mut self) {
        self.read.clear();
        for vote in &mut self.votes {
            vote.note.clear();
            vote.replaces = None;
        }
    }

    /// Drops what no decision is about any more, and the oldest where there are too many.
    fn tidy(&mut self) {
        self.read.retain(|read| self.votes.iter().any(|vote| vote.hash == read.hash));
        let over = self.read.len().saturating_sub(Self::READ_MAX);
        self.read.drain(..over);
    }

    /// What this person decided about last, if it is still known.
    pub fn last_read(&self, by: PersonId) -> Option<&Read> {
        let vote = self.votes.iter().find(|vote| vote.by == by)?;
        self.read.iter().find(|read| read.hash == vote.hash)
    }
}

impl Post {
    /// What would be sent now, for the time that is set; `None` without a time or without accounts.
    pub fn current_hash(&self) -> Option<ContentHash> {
        ContentHash::of(&self.draft, self.schedule.as_ref()?.at)
    }

    /// Somebody signed off exactly what would be sent now.
    pub fn is_signed(&self) -> bool {
        self.sign_off.as_ref().is_some_and(|sign_off| Some(sign_off.hash) == self.current_hash())
    }

    /// It is planned and signed off; whether those who have to agree have is another matter.
    pub fn is_planned(&self) -> bool {
        match self.status {
            PostStatus::Scheduled | PostStatus::Held => true,
            status => status.is_in_review() && self.is_signed(),
        }
    }

    /// Whose words are in it: none of them agrees to their own work.
    pub fn wrote(&self, person: PersonId) -> bool {
        self.author == person || self.review.as_deref().is_some_and(|review| review.writers.contains(&person))
    }

    pub fn votes(&self) -> &[Vote] {
        self.review.as_deref().map_or(&[], |review| &review.votes)
    }
}
