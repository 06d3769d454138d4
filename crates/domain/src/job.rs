//! The publish job: one post on its way to one account. Every step is a function that returns the new job or a named refusal.
//!
//! ```text
//! scheduled -> claimed(lease, fence) -> prepared -> sending(ticket) -> published | refused | reconciling -> ... | unsure
//! ```
//!
//! A lease that runs out before a ticket was issued hands the job back. After the ticket nothing ever returns to
//! `scheduled` by itself: what may have been sent is looked up, sent again only under the network's own key, or shown to
//! a person.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::hash::ContentHash;
use crate::id::{AccountId, JobId, PostId};
use crate::reject::Reject;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Scheduled,
    Claimed,
    Prepared,
    /// A ticket is out: bytes may have left.
    Sending,
    /// The outcome is not known; the network is being asked.
    Reconciling,
    Published,
    /// The network said no.
    Refused,
    /// Nobody sent it in time.
    Missed,
    /// It may be there; a person decides.
    Unsure,
    Cancelled,
    /// A person decided that it shall not go out.
    Skipped,
}

impl JobState {
    pub const ALL: [Self; 11] = [
        Self::Scheduled,
        Self::Claimed,
        Self::Prepared,
        Self::Sending,
        Self::Reconciling,
        Self::Published,
        Self::Refused,
        Self::Missed,
        Self::Unsure,
        Self::Cancelled,
        Self::Skipped,
    ];

    pub const fn wire(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Claimed => "claimed",
            Self::Prepared => "prepared",
            Self::Sending => "sending",
            Self::Reconciling => "reconciling",
            Self::Published => "published",
            Self::Refused => "refused",
            Self::Missed => "missed",
            Self::Unsure => "unsure",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
        }
    }

    /// Nothing has left this machine: the job may still be changed or cancelled.
    pub const fn before_send(self) -> bool {
        matches!(self, Self::Scheduled | Self::Claimed | Self::Prepared)
    }

    /// The publisher has work to do, now or later.
    pub const fn is_open(self) -> bool {
        self.before_send() || matches!(self, Self::Sending | Self::Reconciling)
    }
}

/// Why a job stands where it stands; shown to people in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// The network answered with a refusal of its own. `detail` is its own text, shown on request.
    RefusedByNetwork {
        status: u16,
        detail: String,
    },
    /// The sign-in was refused: reconnect.
    ReconnectNeeded,
    /// No connection was made, so nothing was sent.
    NeverSent {
        detail: String,
    },
    RateLimited {
        until: Timestamp,
    },
    /// The answer was lost after the request had left.
    AnswerLost {
        detail: String,
    },
    /// The program was ended while a ticket was out.
    Interrupted,
    /// Looked up and not found, and the network's own key no longer protects.
    NotFoundAfterwards,
    /// The text, the time or the accounts changed after the sign-off.
    ChangedAfterSignOff,
    /// The account was removed or disconnected.
    AccountUnavailable,
    /// Publishing was paused, or no program was running.
    NobodyPublishing,
    /// What should be sent breaks a rule of the network.
    BreaksRules {
        detail: String,
    },
    /// A stored image is gone or damaged.
    MediaMissing,
    /// A person decided.
    ByPerson,
}

/// The post as it stands on the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remote {
    /// at-URI on Bluesky, status number on Mastodon.
    pub id: String,
    pub url: String,
    /// Content id of the record on Bluesky: a reply names it. Empty where a network has none.
    #[serde(default)]
    pub cid: String,
}

/// One entry of the thread within a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobPart {
    /// The idempotency key the network will see: record key on Bluesky, `Idempotency-Key` on Mastodon. Chosen before the
    /// first attempt and never changed.
    pub key: String,
    /// The frozen request, as the adapter wrote it; sent again byte for byte. Holds no secret.
    pub request: Option<String>,
    pub request_hash: Option<ContentHash>,
    /// When the first ticket under this key was issued: the network's own key protects from here.
    pub first_ticket_at: Option<Timestamp>,
    pub remote: Option<Remote>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub id: JobId,
    pub post: PostId,
    pub account: AccountId,
    pub due_at: Timestamp,
    pub grace_s: u32,
    /// What was signed off.
    pub hash: ContentHash,
    pub state: JobState,
    /// Grows with every claim and every change from outside; a publisher with an older fence can neither send nor report.
    pub fence: u32,
    pub lease_until: Option<Timestamp>,
    /// Not to be claimed before this instant: back-off and rate limits.
    pub not_before: Option<Timestamp>,
    /// Tickets issued for the current part.
    pub attempt: u32,
    /// When an unanswered ticket is given up and looked up.
    pub deadline: Option<Timestamp>,
    /// Lookups made since the answer was lost.
    pub lookups: u32,
    /// Definite never-sent failures since the last success.
    pub failures: u32,
    pub parts: Vec<JobPart>,
    pub reason: Option<Reason>,
    /// A person asked for this late delivery: the grace time counts from here.
    pub released_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

/// What came back from one send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    Published {
        remote: Remote,
    },
    /// Definite: no byte of the request left this machine.
    NeverSent {
        detail: String,
    },
    /// Definite: the network answered and refused.
    Refused {
        status: u16,
        detail: String,
    },
    /// Definite: refused because of the sign-in, nothing was posted.
    SignInRefused,
    /// Definite: refused for now.
    RateLimited {
        until: Timestamp,
    },
    /// Bytes may have left and no definite answer came back.
    Ambiguous {
        detail: String,
    },
}

/// What the network shows when asked for the post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum Lookup {
    Found {
        remote: Remote,
    },
    Absent,
    /// The network could not be asked.
    Unknown {
        detail: String,
    },
}

/// What a person decides about a job that cannot decide itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Decision {
    /// "It is there": `url` is where, empty if the person does not say.
    ItIsThere {
        url: String,
    },
    /// "It is not there, publish again", or "publish the missed one now".
    PublishNow,
    Skip,
}

impl JobPart {
    pub fn new(key: String) -> Self {
        Self { key, request: None, request_hash: None, first_ticket_at: None, remote: None }
    }
}

/// What a sign-off fixes for one delivery.
#[derive(Debug, Clone)]
pub struct Plan {
    pub due_at: Timestamp,
    pub grace_s: u32,
    pub hash: ContentHash,
    /// One idempotency key per part.
    pub keys: Vec<String>,
}

impl Job {
    pub const LEASE_S: i64 = 60;
    /// A ticket that has no answer by then is looked up (`reference`: total request timeout 20 to 30 s).
    pub const TICKET_S: i64 = 30;
    /// Lookups before a person is asked.
    pub const LOOKUPS_MAX: u32 = 6;

    /// The part that goes out next: the first that is not there yet.
    pub fn next_part(&self) -> Option<usize> {
        self.parts.iter().position(|part| part.remote.is_none())
    }

    /// The link of the first part, which is the post itself.
    pub fn remote(&self) -> Option<&Remote> {
        self.parts.first()?.remote.as_ref()
    }

    /// When lateness is counted from: the due time, or the moment a person released it.
    pub fn counts_from(&self) -> Timestamp {
        self.released_at.map_or(self.due_at, |released| released.max(self.due_at))
    }

    /// The last instant at which a first ticket may be issued.
    pub fn latest_start(&self) -> Timestamp {
        plus(self.counts_from(), i64::from(self.grace_s))
    }

    fn expect(&self, allowed: &[JobState]) -> Result<(), Reject> {
        if allowed.contains(&self.state) { Ok(()) } else { Err(Reject::JobIs { state: self.state }) }
    }

    fn fenced(&self, fence: u32) -> Result<(), Reject> {
        if self.fence == fence { Ok(()) } else { Err(Reject::FenceLost { held: fence, current: self.fence }) }
    }

    /// A publisher takes the job for [`Job::LEASE_S`] seconds.
    ///
    /// # Errors
    /// Another publisher holds an unexpired lease, the job is not waiting, or it must still back off.
    pub fn claim(mut self, now: Timestamp) -> Result<Self, Reject> {
        self.expect(&[JobState::Scheduled, JobState::Claimed, JobState::Prepared])?;
        if self.state != JobState::Scheduled && self.lease_until.is_some_and(|until| until > now) {
            return Err(Reject::LeaseHeld);
        }
        if self.not_before.is_some_and(|until| until > now) {
            return Err(Reject::NotYet);
        }
        self.state = JobState::Claimed;
        self.fence = self.fence.saturating_add(1);
        self.lease_until = Some(plus(now, Self::LEASE_S));
        Ok(self)
    }

    /// The next part's request is frozen: media are uploaded, the bytes are final.
    ///
    /// # Errors
    /// The fence is old, or the job is not claimed.
    pub fn prepare(mut self, fence: u32, request: String, now: Timestamp) -> Result<Self, Reject> {
        self.expect(&[JobState::Claimed, JobState::Prepared])?;
        self.fenced(fence)?;
        let next = self.next_part().ok_or(Reject::NothingToSend)?;
        let part = self.parts.get_mut(next).ok_or(Reject::NothingToSend)?;
        // a request that may have left is never exchanged for another
        if part.first_ticket_at.is_none() {
            part.request_hash = Some(ContentHash::of_request(request.as_bytes()));
            part.request = Some(request);
        }
        self.state = JobState::Prepared;
        self.lease_until = Some(plus(now, Self::LEASE_S));
        Ok(self)
    }

    /// Issues the send ticket. The caller has checked the sign-off and the account; this checks the machine.
    ///
    /// # Errors
    /// Fence, state, time: too early, or later than the grace time allows.
    pub fn begin_send(mut self, fence: u32, now: Timestamp) -> Result<Self, Reject> {
        self.expect(&[JobState::Prepared])?;
        self.fenced(fence)?;
        if now < self.due_at {
            return Err(Reject::NotYet);
        }
        // what has begun is finished, however late: a thread after its first part, a repeat under the same key
        let begun = self.parts.iter().any(|part| part.remote.is_some() || part.first_ticket_at.is_some());
        if !begun && now > self.latest_start() {
            return Err(Reject::TooLate);
        }
        let next = self.next_part().ok_or(Reject::NothingToSend)?;
        let part = self.parts.get_mut(next).ok_or(Reject::NothingToSend)?;
        if part.request.is_none() {
            return Err(Reject::NothingToSend);
        }
        part.first_ticket_at.get_or_insert(now);
        self.state = JobState::Sending;
        self.attempt = self.attempt.saturating_add(1);
        self.deadline = Some(plus(now, Self::TICKET_S));
        self.lease_until = None;
        self.lookups = 0;
        Ok(self)
    }

    /// Records what came back. `attempt` names the ticket: late truth wins over a guess, an old failure does not.
    ///
    /// # Errors
    /// The ticket is not the current one and says nothing definite, or the job cannot take a report.
    pub fn report(mut self, attempt: u32, outcome: Outcome, now: Timestamp) -> Result<Self, Reject> {
        if let Outcome::Published { remote } = outcome {
            self.expect(&[JobState::Sending, JobState::Reconciling, JobState::Unsure])?;
            return Ok(self.there(remote, now));
        }
        self.expect(&[JobState::Sending])?;
        if attempt != self.attempt {
            return Err(Reject::OldTicket { ticket: attempt, current: self.attempt });
        }
        self.deadline = None;
        match outcome {
            Outcome::Published { .. } => {}
            // an earlier ticket of the same part may have arrived: only a lookup tells
            Outcome::NeverSent { detail } | Outcome::Ambiguous { detail } if self.attempt > 1 => {
                self.look_up(Reason::AnswerLost { detail }, now);
            }
            Outcome::SignInRefused | Outcome::RateLimited { .. } | Outcome::Refused { .. } if self.attempt > 1 => {
                self.look_up(Reason::AnswerLost { detail: "refused after an answer was lost".to_owned() }, now);
            }
            Outcome::NeverSent { detail } => {
                self.failures = self.failures.saturating_add(1);
                self.back_to_scheduled(plus(now, back_off_s(self.failures)), Reason::NeverSent { detail });
            }
            Outcome::RateLimited { until } => self.back_to_scheduled(until, Reason::RateLimited { until }),
            // nothing was posted: it waits for a new sign-in as long as the grace time lasts
            Outcome::SignInRefused => self.back_to_scheduled(plus(now, WAIT_FOR_ACCOUNT_S), Reason::ReconnectNeeded),
            Outcome::Refused { status, detail } => {
                self.finish(JobState::Refused, Reason::RefusedByNetwork { status, detail }, now);
            }
            Outcome::Ambiguous { detail } => self.look_up(Reason::AnswerLost { detail }, now),
        }
        Ok(self)
    }

    /// A ticket without an answer past its deadline, or found at start: what it did is not known. The same holds for one that waited
    /// to be repeated until the network's own key protected no more.
    ///
    /// # Errors
    /// The job is not sending, and no ticket was out before.
    pub fn lose_answer(mut self, reason: Reason, now: Timestamp) -> Result<Self, Reject> {
        let repeats = self.before_send_again();
        if !repeats {
            self.expect(&[JobState::Sending])?;
        }
        self.deadline = None;
        self.look_up(reason, now);
        Ok(self)
    }

    /// Waits to be sent once more under the key of an earlier ticket.
    fn before_send_again(&self) -> bool {
        let part = self.next_part().and_then(|next| self.parts.get(next));
        matches!(self.state, JobState::Claimed | JobState::Prepared)
            && part.is_some_and(|part| part.first_ticket_at.is_some())
    }

    /// Takes the result of asking the network. `same_key_safe` says that repeating the request under its key cannot make
    /// a second post now.
    ///
    /// # Errors
    /// The job is not being looked up.
    pub fn looked_up(mut self, found: Lookup, same_key_safe: bool, now: Timestamp) -> Result<Self, Reject> {
        self.expect(&[JobState::Reconciling])?;
        self.lookups = self.lookups.saturating_add(1);
        match found {
            Lookup::Found { remote } => Ok(self.there(remote, now)),
            Lookup::Absent if same_key_safe && self.attempt < 5 => {
                // hand it back to the publisher with the frozen request: prepared, unleased
                self.state = JobState::Prepared;
                self.lease_until = None;
                self.not_before = None;
                Ok(self)
            }
            Lookup::Absent if self.lookups >= 3 => {
                self.finish(JobState::Unsure, Reason::NotFoundAfterwards, now);
                Ok(self)
            }
            Lookup::Absent | Lookup::Unknown { .. } if self.lookups < Self::LOOKUPS_MAX => {
                self.not_before = Some(plus(now, back_off_s(self.lookups)));
                Ok(self)
            }
            Lookup::Absent | Lookup::Unknown { .. } => {
                let reason = self.reason.clone().unwrap_or(Reason::NotFoundAfterwards);
                self.finish(JobState::Unsure, reason, now);
                Ok(self)
            }
        }
    }

    /// Gives a claimed or prepared job back, to be tried again at `not_before`.
    ///
    /// # Errors
    /// The fence is old, or a ticket is out.
    pub fn release(mut self, fence: u32, not_before: Timestamp, reason: Reason) -> Result<Self, Reject> {
        self.expect(&[JobState::Claimed, JobState::Prepared])?;
        self.fenced(fence)?;
        self.failures = self.failures.saturating_add(1);
        // a ticket that was out stays known: that the network did not show the post yet is no proof that it never will
        let ticket = self.next_part().and_then(|next| self.parts.get(next)).and_then(|part| part.first_ticket_at);
        let attempt = self.attempt;
        self.back_to_scheduled(not_before, reason);
        if let Some(part) = self.next_part().and_then(|next| self.parts.get_mut(next)).filter(|_| ticket.is_some()) {
            part.first_ticket_at = ticket;
            self.attempt = attempt;
        }
        Ok(self)
    }

    /// Nothing was sent, and it will not be sent by itself: the grace time is over.
    ///
    /// # Errors
    /// A ticket is out, or the grace time is not over.
    pub fn miss(mut self, now: Timestamp, reason: Reason) -> Result<Self, Reject> {
        self.expect(&[JobState::Scheduled, JobState::Claimed, JobState::Prepared])?;
        if self.parts.iter().any(|part| part.first_ticket_at.is_some()) || now <= self.latest_start() {
            return Err(Reject::NotYet);
        }
        self.finish(JobState::Missed, reason, now);
        Ok(self)
    }

    /// Stops a job that has not sent anything, for a reason that a person must repair.
    ///
    /// # Errors
    /// A ticket is out.
    pub fn stop(mut self, reason: Reason, now: Timestamp) -> Result<Self, Reject> {
        self.expect(&[JobState::Scheduled, JobState::Claimed, JobState::Prepared])?;
        self.finish(JobState::Refused, reason, now);
        Ok(self)
    }

    /// Takes the job off the schedule.
    ///
    /// # Errors
    /// A ticket is or was out.
    pub fn cancel(mut self, now: Timestamp) -> Result<Self, Reject> {
        self.expect(&[
            JobState::Scheduled,
            JobState::Claimed,
            JobState::Prepared,
            JobState::Missed,
            JobState::Refused,
            JobState::Cancelled,
        ])?;
        if self.parts.iter().any(|part| part.remote.is_some()) || self.may_be_out() {
            return Err(Reject::AlreadySent);
        }
        self.finish(JobState::Cancelled, Reason::ByPerson, now);
        Ok(self)
    }

    /// Does what a person decided.
    ///
    /// # Errors
    /// The job does not wait for a decision.
    pub fn decide(mut self, decision: Decision, now: Timestamp) -> Result<Self, Reject> {
        self.expect(&[JobState::Unsure, JobState::Missed, JobState::Refused])?;
        match decision {
            Decision::ItIsThere { url } => {
                self.expect(&[JobState::Unsure])?;
                Ok(self.there(Remote { id: String::new(), url, cid: String::new() }, now))
            }
            Decision::Skip => {
                self.finish(JobState::Skipped, Reason::ByPerson, now);
                Ok(self)
            }
            Decision::PublishNow => {
                self.state = JobState::Scheduled;
                self.fence = self.fence.saturating_add(1);
                self.attempt = 0;
                self.failures = 0;
                self.lookups = 0;
                self.not_before = None;
                self.reason = None;
                self.finished_at = None;
                self.released_at = Some(now);
                Ok(self)
            }
        }
    }

    /// The job of a delivery that was never scheduled before.
    pub fn new(post: PostId, account: AccountId, plan: Plan) -> Self {
        Self {
            id: JobId::of(post, account),
            post,
            account,
            due_at: plan.due_at,
            grace_s: plan.grace_s,
            hash: plan.hash,
            state: JobState::Scheduled,
            fence: 0,
            lease_until: None,
            not_before: None,
            attempt: 0,
            deadline: None,
            lookups: 0,
            failures: 0,
            parts: plan.keys.into_iter().map(JobPart::new).collect(),
            reason: None,
            released_at: None,
            finished_at: None,
        }
    }

    /// Puts an existing delivery on the schedule again, with what was signed off now. What is published stays.
    ///
    /// # Errors
    /// It is on its way, or it may be out.
    pub fn plan(self, plan: Plan) -> Result<Self, Reject> {
        if self.state == JobState::Published {
            return Ok(self);
        }
        let begun = self.parts.iter().any(|part| part.remote.is_some()) || self.may_be_out();
        if begun || matches!(self.state, JobState::Sending | JobState::Reconciling) {
            return Err(Reject::AlreadySent);
        }
        Ok(Self { fence: self.fence.saturating_add(1), ..Self::new(self.post, self.account, plan) })
    }

    /// Takes a new sign-off over: parts that are out stay, the others follow the new text under new keys.
    ///
    /// # Errors
    /// A ticket is out, or there would be fewer parts than are already published.
    pub(crate) fn rewrite(
        &mut self,
        parts: usize,
        hash: ContentHash,
        key: impl Fn(u64) -> String,
    ) -> Result<(), Reject> {
        let out = self.parts.iter().take_while(|part| part.remote.is_some()).count();
        if !self.state.before_send() || parts <= out {
            return Err(Reject::NothingToSend);
        }
        self.parts.truncate(out);
        self.parts.extend((out..parts).map(|n| JobPart::new(key(n as u64))));
        self.hash = hash;
        self.fence = self.fence.saturating_add(1);
        self.state = JobState::Scheduled;
        self.lease_until = None;
        Ok(())
    }

    fn may_be_out(&self) -> bool {
        self.state == JobState::Unsure
            || (self.attempt > 0 && self.state.before_send() && self.parts.iter().any(|p| p.first_ticket_at.is_some()))
    }

    fn there(mut self, remote: Remote, now: Timestamp) -> Self {
        let next = self.next_part();
        if let Some(part) = next.and_then(|next| self.parts.get_mut(next)) {
            part.remote = Some(remote);
        }
        self.deadline = None;
        self.not_before = None;
        self.reason = None;
        self.attempt = 0;
        self.failures = 0;
        self.lookups = 0;
        if self.next_part().is_none() {
            self.state = JobState::Published;
            self.lease_until = None;
            self.finished_at = Some(now);
        } else {
            // the next reply: anyone may take it at once
            self.state = JobState::Scheduled;
            self.lease_until = None;
        }
        self
    }

    fn look_up(&mut self, reason: Reason, now: Timestamp) {
        self.state = JobState::Reconciling;
        self.reason = Some(reason);
        self.not_before = Some(now);
        self.lookups = 0;
    }

    fn back_to_scheduled(&mut self, not_before: Timestamp, reason: Reason) {
        self.state = JobState::Scheduled;
        self.lease_until = None;
        self.not_before = Some(not_before);
        self.reason = Some(reason);
        self.attempt = 0;
        // no earlier ticket can have arrived: the key is still unused
        if let Some(part) = self.next_part().and_then(|next| self.parts.get_mut(next)) {
            part.first_ticket_at = None;
        }
    }

    fn finish(&mut self, state: JobState, reason: Reason, now: Timestamp) {
        self.state = state;
        self.fence = self.fence.saturating_add(1);
        self.lease_until = None;
        self.not_before = None;
        self.deadline = None;
        self.reason = Some(reason);
        self.finished_at = Some(now);
    }
}

/// How often a job that waits for its account looks whether it is back.
pub const WAIT_FOR_ACCOUNT_S: i64 = 10;

/// 2, 4, 8 ... seconds, at most five minutes.
pub fn back_off_s(failures: u32) -> i64 {
    1_i64.checked_shl(failures.clamp(1, 9)).unwrap_or(300).min(300)
}

/// `at` moved by whole seconds; at the edge of representable time it stays where it is.
pub fn plus(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at)
}
