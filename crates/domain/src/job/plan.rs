//! What people change about a job: they plan it, call it off, and decide what it cannot decide itself.

use jiff::Timestamp;

use super::{Decision, Job, JobPart, JobState, Plan, Reason, Remote};
use crate::hash::ContentHash;
use crate::id::{AccountId, JobId, PostId};
use crate::reject::Reject;

impl Job {
    /// The job of a delivery that was never scheduled before.
    pub fn new(post: PostId, account: AccountId, plan: Plan) -> Self {
        Self {
            id: JobId::of(post, account),
            post,
            account,
            due_at: plan.due_at,
            grace_s: plan.grace_s,
            hash: plan.hash,
            granted: None,
            state: JobState::Scheduled,
            fence: 0,
            lease_until: None,
            not_before: None,
            attempt: 0,
            deadline: None,
            lookups: 0,
            failures: 0,
            parts: plan.parts,
            reason: None,
            released_at: None,
            finished_at: None,
        }
    }

    /// Puts an existing delivery on the schedule again, with what was signed off now. What is published stays.
    ///
    /// # Errors
    /// It is on its way, or it may be out: then only a decision sends it again.
    pub fn plan(self, plan: Plan) -> Result<Self, Reject> {
        if self.state == JobState::Published {
            return Ok(self);
        }
        let begun = self.parts.iter().any(|part| part.remote.is_some()) || self.may_be_out();
        if begun || matches!(self.state, JobState::Sending | JobState::Reconciling) {
            return Err(Reject::AlreadySent);
        }
        let (fence, attempt) = (self.fence.saturating_add(1), self.attempt);
        let mut planned = Self { fence, attempt, ..Self::new(self.post, self.account, plan) };
        planned.settle();
        Ok(planned)
    }

    /// A delivery that was called off waits again, for what was signed off before.
    ///
    /// # Errors
    /// As [`Job::plan`].
    pub(crate) fn wait_again(self, key: impl Fn(u64) -> String) -> Result<Self, Reject> {
        let waits = (0..).zip(&self.parts);
        let parts = waits.map(|(n, part)| JobPart { wait_s: part.wait_s, ..JobPart::new(key(n)) }).collect();
        let plan = Plan { due_at: self.due_at, grace_s: self.grace_s, hash: self.hash, parts };
        let released_at = self.released_at;
        Ok(Self { released_at, ..self.plan(plan)? })
    }

    /// Takes a new sign-off over: parts that are out stay, the others follow the new text under new keys.
    ///
    /// # Errors
    /// A ticket is out, or there would be fewer parts than are already published.
    pub(crate) fn rewrite(&mut self, parts: Vec<JobPart>, hash: ContentHash) -> Result<(), Reject> {
        let out = self.parts.iter().take_while(|part| part.remote.is_some()).count();
        if !self.state.before_send() || parts.len() <= out {
            return Err(Reject::NothingToSend);
        }
        self.parts.truncate(out);
        self.parts.extend(parts.into_iter().skip(out));
        self.settle();
        self.hash = hash;
        self.fence = self.fence.saturating_add(1);
        self.state = JobState::Scheduled;
        self.lease_until = None;
        Ok(())
    }

    /// What was signed off has changed: whoever is making it ready must not go on with the text that they read.
    ///
    /// # Errors
    /// It is on its way, or it may be out.
    pub(crate) fn take_back(mut self) -> Result<Self, Reject> {
        if self.begun() || !self.state.before_send() {
            return Err(Reject::AlreadySent);
        }
        self.fence = self.fence.saturating_add(1);
        self.state = JobState::Scheduled;
        self.lease_until = None;
        Ok(self)
    }

    /// Holds back what has not begun to go out, and what came too late from being held back: it asks for nothing any more.
    ///
    /// # Errors
    /// It has begun, or it does not wait.
    pub(crate) fn hold(mut self) -> Result<Self, Reject> {
        if !self.can_be_held() {
            return Err(if self.begun() { Reject::AlreadySent } else { Reject::JobIs { state: self.state } });
        }
        self.state = JobState::Held;
        self.fence = self.fence.saturating_add(1);
        self.lease_until = None;
        self.not_before = None;
        self.reason = None;
        self.finished_at = None;
        Ok(self)
    }

    /// Whether [`Job::hold`] can hold it back.
    pub(crate) fn can_be_held(&self) -> bool {
        let came_late = self.state == JobState::Missed && self.reason == Some(Reason::OnHold);
        !self.begun() && self.state != JobState::Held && (self.state.before_send() || came_late)
    }

    /// It goes out as planned; if its time and the grace after it are over, a person is asked. By hand it is never too late:
    /// whoever posts it is asked anyway.
    ///
    /// # Errors
    /// It is not held back.
    pub(crate) fn resume(mut self, by_hand: bool, now: Timestamp) -> Result<Self, Reject> {
        self.expect(&[JobState::Held])?;
        if !by_hand && now > self.latest_start() {
            self.finish(JobState::Missed, Reason::OnHold, now);
            return Ok(self);
        }
        self.state = JobState::Scheduled;
        self.fence = self.fence.saturating_add(1);
        Ok(self)
    }

    /// Takes the job off the schedule.
    ///
    /// # Errors
    /// A ticket is or was out.
    pub fn cancel(mut self, now: Timestamp) -> Result<Self, Reject> {
        self.expect(&[
            JobState::Scheduled,
            JobState::Held,
            JobState::Claimed,
            JobState::Prepared,
            JobState::Handed,
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
        // between two parts of a thread the rest can be left out
        if decision != Decision::Skip || !self.is_between_parts() {
            self.expect(&[JobState::Unsure, JobState::Missed, JobState::Refused, JobState::Handed])?;
        }
        match decision {
            Decision::ItIsThere { url } => {
                self.expect(&[JobState::Unsure, JobState::Handed])?;
                // by hand a thread is told of as a whole
                let all = self.state == JobState::Handed;
                let remote = Remote { id: String::new(), url, cid: String::new() };
                let mut job = self.there(remote.clone(), now);
                while all && job.next_part().is_some() {
                    job = job.there(remote.clone(), now);
                }
                Ok(job)
            }
            Decision::Skip => {
                self.finish(JobState::Skipped, Reason::ByPerson, now);
                Ok(self)
            }
            Decision::PublishNow => {
                self.expect(&[JobState::Unsure, JobState::Missed, JobState::Refused])?;
                self.state = JobState::Scheduled;
                self.fence = self.fence.saturating_add(1);
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

    /// A part is out, and of the next one nothing has left.
    pub fn is_between_parts(&self) -> bool {
        self.state == JobState::Scheduled && self.begun() && !self.has_ticket()
    }

    fn may_be_out(&self) -> bool {
        let open_question = self.state.before_send() || self.state == JobState::Skipped;
        self.state == JobState::Unsure || (open_question && self.has_ticket())
    }
}
