//! The steps of the publisher. Each returns the new job, or a named refusal and nothing changed.

use jiff::Timestamp;

use super::{Job, JobPart, JobState, Lookup, Outcome, Reason, Remote, Repeat, WAIT_FOR_ACCOUNT_S, back_off_s, plus};
use crate::hash::ContentHash;
use crate::id::PersonId;
use crate::reject::Reject;

impl Job {
    pub(super) fn expect(&self, allowed: &[JobState]) -> Result<(), Reject> {
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

    /// The next part's request is frozen: media are uploaded, the bytes are final. `by`: in an organisation, who made it ready.
    ///
    /// # Errors
    /// The fence is old, or the job is not claimed.
    pub fn prepare(
        mut self,
        fence: u32,
        request: String,
        by: Option<PersonId>,
        now: Timestamp,
    ) -> Result<Self, Reject> {
        self.expect(&[JobState::Claimed, JobState::Prepared])?;
        self.fenced(fence)?;
        let next = self.next_part().ok_or(Reject::NothingToSend)?;
        let part = self.parts.get_mut(next).ok_or(Reject::NothingToSend)?;
        // a request that may have left is never exchanged for another, but for one of whoever sends now: they know what it says,
        // and under the same key the network makes no second post of it
        if part.first_ticket_at.is_none() || part.prepared_by != by {
            part.request_hash = Some(ContentHash::of_request(request.as_bytes()));
            part.request = Some(request);
            part.prepared_by = by;
        }
        self.state = JobState::Prepared;
        self.lease_until = Some(plus(now, Self::LEASE_S));
        Ok(self)
    }

    /// Issues the send ticket. The caller has checked the sign-off and the account; this checks the machine.
    ///
    /// # Errors
    /// Fence, state, time: too early, or later than the grace time allows.
    pub fn begin_send(mut self, fence: u32, by: Option<PersonId>, now: Timestamp) -> Result<Self, Reject> {
        self.expect(&[JobState::Prepared])?;
        self.fenced(fence)?;
        let next = self.next_part().and_then(|next| self.parts.get(next));
        if next.is_some_and(|part| part.prepared_by != by) {
            return Err(Reject::LeaseHeld);
        }
        if now < self.due_at {
            return Err(Reject::NotYet);
        }
        // what has begun is finished, however late: a thread after its first part, a repeat under the same key
        if !self.begun() && now > self.latest_start() {
            return Err(Reject::TooLate);
        }
        let next = self.next_part().ok_or(Reject::NothingToSend)?;
        let part = self.parts.get_mut(next).ok_or(Reject::NothingToSend)?;
        if part.request.is_none() {
            return Err(Reject::NothingToSend);
        }
        part.first_ticket_at.get_or_insert(now);
        self.granted = by.map(|_| self.hash);
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
    /// The ticket is not the current one and says nothing definite, or it belongs to what is settled.
    pub fn report(mut self, attempt: u32, outcome: Outcome, now: Timestamp) -> Result<Self, Reject> {
        let old = Reject::OldTicket { ticket: attempt, current: self.attempt };
        let settled = self.next().map_or(self.attempt, |part| part.after);
        if let Outcome::Published { remote } = outcome {
            // whatever was believed since: handed back to be repeated, given up, skipped
            let ours = attempt > settled && attempt <= self.attempt;
            return if ours { Ok(self.there(remote, now)) } else { Err(old) };
        }
        self.expect(&[JobState::Sending])?;
        if attempt != self.attempt {
            return Err(old);
        }
        // an earlier ticket of the same part may have arrived: only a lookup tells
        let repeated = attempt > settled.saturating_add(1);
        match outcome {
            Outcome::Published { .. } => {}
            Outcome::NeverSent { detail } | Outcome::Ambiguous { detail } if repeated => {
                self.look_up(Reason::AnswerLost { detail }, now);
            }
            Outcome::SignInRefused | Outcome::RateLimited { .. } | Outcome::Refused { .. } if repeated => {
                self.look_up(Reason::AnswerLost { detail: "refused after an answer was lost".to_owned() }, now);
                if let Outcome::RateLimited { until } = outcome {
                    self.not_before = Some(until.max(now));
                }
            }
            Outcome::NeverSent { detail } => {
                self.failures = self.failures.saturating_add(1);
                self.never_sent(plus(now, back_off_s(self.failures)), Reason::NeverSent { detail });
            }
            Outcome::RateLimited { until } => self.never_sent(until, Reason::RateLimited { until }),
            // nothing was posted: it waits for a new sign-in as long as the grace time lasts
            Outcome::SignInRefused => self.never_sent(plus(now, WAIT_FOR_ACCOUNT_S), Reason::ReconnectNeeded),
            Outcome::Refused { status, detail } => {
                self.finish(JobState::Refused, Reason::RefusedByNetwork { status, detail }, now);
            }
            Outcome::Ambiguous { detail } => self.look_up(Reason::AnswerLost { detail }, now),
        }
        Ok(self)
    }

    /// A ticket without an answer past its deadline, or found at start: what it did is not known. The same holds for one
    /// that waited to be repeated until the network's own key protected no more.
    ///
    /// # Errors
    /// The job is not sending, and no ticket was out before.
    pub fn lose_answer(mut self, reason: Reason, now: Timestamp) -> Result<Self, Reject> {
        let repeats = self.before_send_again();
        if !repeats {
            self.expect(&[JobState::Sending])?;
        }
        self.look_up(reason, now);
        Ok(self)
    }

    /// Waits to be sent once more under the key of an earlier ticket.
    fn before_send_again(&self) -> bool {
        matches!(self.state, JobState::Claimed | JobState::Prepared) && self.has_ticket()
    }

    /// Takes the result of asking the network.
    ///
    /// # Errors
    /// The job is not being looked up, or what was found is another part of it.
    pub fn looked_up(mut self, found: Lookup, repeat: Repeat, now: Timestamp) -> Result<Self, Reject> {
        self.expect(&[JobState::Reconciling])?;
        let (settled, current) = (self.next().map_or(self.attempt, |part| part.after), self.attempt);
        self.lookups = self.lookups.saturating_add(1);
        match found {
            // an answer to a question about an earlier part, asked by somebody who was overtaken
            Lookup::Found { remote } if self.knows(&remote) => Err(Reject::OldTicket { ticket: settled, current }),
            Lookup::Found { remote } => Ok(self.there(remote, now)),
            Lookup::Absent if repeat == Repeat::Safe && current.saturating_sub(settled) < Self::TICKETS_MAX => {
                // hand it back to the publisher with the frozen request: prepared, unleased
                self.state = JobState::Prepared;
                self.lease_until = None;
                self.not_before = None;
                self.deadline = None;
                Ok(self)
            }
            // it may still arrive: nobody is asked before that is over
            Lookup::Absent | Lookup::Unknown { .. } if let Repeat::SafeFrom(at) = repeat => {
                self.not_before = Some(at.min(plus(now, back_off_s(self.lookups))));
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
        self.back_to_scheduled(not_before, reason);
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

    /// It is time, and a person posts it. However late that is noticed: nobody else would.
    ///
    /// # Errors
    /// It is not due, or does not wait.
    pub fn hand_over(mut self, now: Timestamp) -> Result<Self, Reject> {
        self.expect(&[JobState::Scheduled])?;
        if now < self.due_at {
            return Err(Reject::NotYet);
        }
        self.state = JobState::Handed;
        self.fence = self.fence.saturating_add(1);
        self.lease_until = None;
        self.not_before = None;
        self.reason = None;
        Ok(self)
    }

    /// Stops a job that has not sent anything, for a reason that a person must repair.
    ///
    /// # Errors
    /// A ticket is or was out: it may be there, and nobody shall read that it is not.
    pub fn stop(mut self, reason: Reason, now: Timestamp) -> Result<Self, Reject> {
        self.expect(&[JobState::Scheduled, JobState::Claimed, JobState::Prepared])?;
        if self.has_ticket() {
            return Err(Reject::AlreadySent);
        }
        self.finish(JobState::Refused, reason, now);
        Ok(self)
    }

    fn next(&self) -> Option<&JobPart> {
        self.next_part().and_then(|next| self.parts.get(next))
    }

    /// The next part was sent, and it is not certain that it did not arrive.
    pub(super) fn has_ticket(&self) -> bool {
        self.next().is_some_and(|part| part.first_ticket_at.is_some())
    }

    fn knows(&self, remote: &Remote) -> bool {
        let known = |part: &JobPart| part.remote.as_ref().is_some_and(|known| known.id == remote.id);
        !remote.id.is_empty() && self.parts.iter().any(known)
    }

    /// No ticket up to now says anything about the next part.
    pub(super) fn settle(&mut self) {
        let attempt = self.attempt;
        if let Some(part) = self.next_part().and_then(|next| self.parts.get_mut(next)) {
            part.after = attempt;
        }
    }

    pub(super) fn there(mut self, remote: Remote, now: Timestamp) -> Self {
        let next = self.next_part();
        if let Some(part) = next.and_then(|next| self.parts.get_mut(next)) {
            part.remote = Some(remote);
        }
        self.settle();
        if self.state.before_send() {
            // somebody was about to repeat it
            self.fence = self.fence.saturating_add(1);
        }
        self.deadline = None;
        self.not_before = None;
        self.reason = None;
        self.failures = 0;
        self.lookups = 0;
        self.lease_until = None;
        if self.next_part().is_none() {
            self.state = JobState::Published;
            self.finished_at = Some(now);
        } else {
            // the next reply: anyone may take it once it has waited
            self.state = JobState::Scheduled;
            self.finished_at = None;
            let wait = self.next().map_or(0, |part| part.wait_s);
            self.not_before = (wait > 0).then(|| plus(now, i64::from(wait)));
        }
        self
    }

    /// The deadline stays: until then the network may be at work on the request.
    fn look_up(&mut self, reason: Reason, now: Timestamp) {
        self.state = JobState::Reconciling;
        self.reason = Some(reason);
        self.not_before = Some(now);
        self.lease_until = None;
        self.lookups = 0;
    }

    fn back_to_scheduled(&mut self, not_before: Timestamp, reason: Reason) {
        self.state = JobState::Scheduled;
        self.lease_until = None;
        self.not_before = Some(not_before);
        self.reason = Some(reason);
    }

    /// Definite: no ticket of this part arrived, so its key is unused.
    fn never_sent(&mut self, not_before: Timestamp, reason: Reason) {
        self.back_to_scheduled(not_before, reason);
        self.deadline = None;
        self.settle();
        if let Some(part) = self.next_part().and_then(|next| self.parts.get_mut(next)) {
            part.first_ticket_at = None;
        }
    }

    pub(super) fn finish(&mut self, state: JobState, reason: Reason, now: Timestamp) {
        self.state = state;
        self.fence = self.fence.saturating_add(1);
        self.lease_until = None;
        self.not_before = None;
        self.deadline = None;
        self.reason = Some(reason);
        self.finished_at = Some(now);
    }
}
