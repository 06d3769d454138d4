//! A publisher as the engine has it, taken apart: between any two of its steps the others move, and it may die.

use domain::hash::ContentHash;
use domain::job::{Job, JobState, Lookup, Outcome, Reason, WAIT_FOR_ACCOUNT_S, back_off_s, plus};
use domain::post::Post;
use domain::{Mutation, Record, Reject};
use jiff::Timestamp;

use crate::planted::Plant;
use crate::run::Broken;
use crate::world::World;

/// As in the engine: claimed this much before it is due.
const LEAD_S: i64 = 40;
/// A ticket that was not used at once, by a clock that nobody can set, is given back unused (`reference` 3.2).
const START_WITHIN_MS: i64 = 5_000;

/// So long after somebody set the clock it is not believed that enough time has passed for a repeat.
const CLOCK_SET_MS: i64 = 210_000;

#[derive(Debug, Default)]
pub struct Publisher {
    /// It has looked at everything since it was started.
    settled: bool,
    /// For so many turns it does nothing: it hangs, or its computer sleeps.
    stalled: u64,
    tasks: Vec<Task>,
}

#[derive(Debug, Clone)]
enum Task {
    Claimed(Job),
    Loaded(Job, Box<Post>),
    Prepared(Job),
    /// With the real time of the ticket.
    Ticket(Job, i64),
    Answered(Job, Outcome),
    LookUp(Job),
    LookedUp(Job, Lookup),
}

impl Publisher {
    pub fn sleeps(&self) -> bool {
        self.stalled > 0
    }
}

impl Task {
    fn job(&self) -> &Job {
        match self {
            Self::Claimed(job)
            | Self::Loaded(job, _)
            | Self::Prepared(job)
            | Self::Ticket(job, _)
            | Self::Answered(job, _)
            | Self::LookUp(job)
            | Self::LookedUp(job, _) => job,
        }
    }
}

/// The request as an adapter would freeze it: everything that the checks need to know what was sent.
pub fn request(job: &Job, part: usize, post: &Post, now: Timestamp) -> Option<String> {
    let content = post.draft.content_for(job.account)?;
    let text = content.outgoing().nth(part)?.text;
    let hash = ContentHash::of(&post.draft, post.schedule.as_ref()?.at)?;
    // a time in it, as Bluesky has: two requests for one part are never equal by chance
    Some(format!("{}|{part}|{hash}|{}|{text}", job.id, now.as_millisecond()))
}

/// Job, part, content hash and text of a request.
pub fn read(request: &str) -> (String, usize, ContentHash, String) {
    let mut fields = request.splitn(5, '|');
    let mut next = || fields.next().unwrap().to_owned();
    let (job, part, hash, _, text) = (next(), next(), next(), next(), next());
    (job, part.parse().unwrap(), hash.parse().unwrap(), text)
}

fn was_out(job: &Job) -> bool {
    job.next_part().is_some_and(|next| job.parts[next].first_ticket_at.is_some())
}

impl World {
    /// The process ends, however far it came, and another one is started later.
    pub fn crash(&mut self, number: usize) {
        self.seen.crashes += 1;
        self.tell(format!("publisher {number} dies with {} tasks", self.publishers[number].tasks.len()));
        self.publishers[number] = Publisher::default();
    }

    /// One step of one publisher: a look around, or one step of something it is at.
    pub fn publish(&mut self, number: usize) -> Result<(), Broken> {
        if let Some(left) = self.publishers[number].stalled.checked_sub(1) {
            self.publishers[number].stalled = left;
            return Ok(());
        }
        let tasks = self.publishers[number].tasks.len() as u64;
        if tasks == 0 || self.random.percent(15) {
            return self.tick(number);
        }
        let chosen = usize::try_from(self.random.below(tasks)).unwrap();
        let task = self.publishers[number].tasks.remove(chosen);
        if let Some(next) = self.go_on(task)? {
            // at the worst of all moments
            if matches!(next, Task::Ticket(..)) && self.random.percent(self.stalls) {
                self.publishers[number].stalled = 1 + self.random.below(100);
            }
            self.publishers[number].tasks.push(next);
        }
        Ok(())
    }

    pub fn tick(&mut self, number: usize) -> Result<(), Broken> {
        let first = !std::mem::replace(&mut self.publishers[number].settled, true);
        let jobs: Vec<Job> = self.jobs().cloned().collect();
        for job in jobs {
            let now = self.shown();
            if self.publishers[number].tasks.iter().any(|task| task.job().id == job.id) {
                continue;
            }
            match job.state {
                JobState::Sending if first || job.deadline.is_none_or(|deadline| deadline <= now) => {
                    self.mutate(&Mutation::LoseAnswer { job: job.id, reason: Reason::Interrupted })?.ok();
                }
                JobState::Reconciling if job.not_before.is_none_or(|at| at <= now) => {
                    self.start(number, Task::LookUp(job));
                }
                state if state.before_send() => self.waiting(number, job, first)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn start(&mut self, number: usize, task: Task) {
        self.publishers[number].tasks.push(task);
    }

    fn waiting(&mut self, number: usize, mut job: Job, first: bool) -> Result<(), Broken> {
        let now = self.shown();
        if self.paused {
            return Ok(());
        }
        if !job.begun() && now > job.latest_start() {
            let reason = job.reason.clone().unwrap_or(Reason::NobodyPublishing);
            self.mutate(&Mutation::Miss { job: job.id, reason })?.ok();
            return Ok(());
        }
        let leased = |job: &Job| job.state != JobState::Scheduled && job.lease_until.is_some_and(|until| until > now);
        if first && leased(&job) {
            let release =
                Mutation::Release { job: job.id, fence: job.fence, not_before: now, reason: Reason::Interrupted };
            match written(self.mutate(&release)?) {
                Some(released) => job = released,
                None => return Ok(()),
            }
        }
        if leased(&job) || job.not_before.is_some_and(|at| at > now) || plus(now, LEAD_S) < job.due_at {
            return Ok(());
        }
        if let Some(claimed) = written(self.mutate(&Mutation::Claim { job: job.id })?) {
            self.start(number, Task::Claimed(claimed));
        }
        Ok(())
    }

    /// The next step of a delivery; nothing if it ends here.
    fn go_on(&mut self, task: Task) -> Result<Option<Task>, Broken> {
        match task {
            Task::Claimed(job) => {
                if !self.account(job.account).can_publish() {
                    return self.wait_for_account(&job);
                }
                let Some(post) = self.post(job.post).cloned() else { return Ok(None) };
                Ok(Some(Task::Loaded(job, Box::new(post))))
            }
            Task::Loaded(job, post) => self.prepare(job, &post),
            Task::Prepared(job) if self.shown() < job.due_at => Ok(Some(Task::Prepared(job))),
            Task::Prepared(job) => self.begin_send(job),
            Task::Ticket(job, at) => Ok(Some(self.send(job, at))),
            Task::Answered(job, outcome) => self.report(job, outcome),
            Task::LookUp(job) => {
                let Some(part) = job.next_part().map(|next| job.parts[next].key.clone()) else { return Ok(None) };
                let found = if self.account(job.account).can_publish() {
                    let network = self.networks.get_mut(&job.account).unwrap();
                    network.look_up(&mut self.random, self.now, &part)
                } else {
                    Lookup::Unknown { detail: "no sign-in".to_owned() }
                };
                Ok(Some(Task::LookedUp(job, found)))
            }
            Task::LookedUp(job, found) => {
                let found = match found {
                    Lookup::Absent if self.now - self.set_at < CLOCK_SET_MS => {
                        Lookup::Unknown { detail: "the clock was set".to_owned() }
                    }
                    found => found,
                };
                self.mutate(&Mutation::LookedUp { job: job.id, found })?.ok();
                Ok(None)
            }
        }
    }

    fn prepare(&mut self, job: Job, post: &Post) -> Result<Option<Task>, Broken> {
        let Some(next) = job.next_part() else { return Ok(None) };
        let part = &job.parts[next];
        let parent = next.checked_sub(1).and_then(|parent| job.parts[parent].remote.as_ref());
        if parent.is_some_and(|parent| parent.id.is_empty()) {
            return self.stop(&job, "what it replies to is not known exactly");
        }
        let frozen = part.request.clone().filter(|_| part.first_ticket_at.is_some());
        if frozen.is_none() && self.random.percent(6) {
            return match self.random.below(3) {
                0 => self.release(&job, back_off_s(job.failures + 1), Reason::NeverSent { detail: "upload".into() }),
                1 => self.release(&job, 120, Reason::RateLimited { until: plus(self.shown(), 120) }),
                _ => self.stop(&job, "the server says so"),
            };
        }
        let now = self.shown().max(job.due_at);
        let Some(request) = frozen.or_else(|| request(&job, next, post, now)) else { return Ok(None) };
        let prepare = Mutation::Prepare { job: job.id, fence: self.fence(&job), request };
        Ok(written(self.mutate(&prepare)?).map(Task::Prepared))
    }

    fn begin_send(&mut self, job: Job) -> Result<Option<Task>, Broken> {
        match self.mutate(&Mutation::BeginSend { job: job.id, fence: self.fence(&job) })? {
            Ok(writes) => {
                let Some(sending) = written(Ok(writes)) else { return Ok(None) };
                if self.plant == Plant::TicketNotKept {
                    self.records.insert(domain::Key::Job(job.id), Record::Job(job));
                }
                Ok(Some(Task::Ticket(sending, self.now)))
            }
            Err(Reject::ChangedAfterSignOff | Reject::NotSignedOff) => {
                self.release(&job, WAIT_FOR_ACCOUNT_S, Reason::ChangedAfterSignOff)
            }
            Err(Reject::AccountUnavailable { .. }) => self.wait_for_account(&job),
            Err(Reject::TooLate) if was_out(&job) => {
                self.mutate(&Mutation::LoseAnswer { job: job.id, reason: Reason::NotFoundAfterwards })?.ok();
                Ok(None)
            }
            Err(_) => Ok(None),
        }
    }

    fn send(&mut self, job: Job, ticket_at: i64) -> Task {
        if self.now - ticket_at > START_WITHIN_MS && self.plant != Plant::OldTicketsUsed {
            self.seen.tickets_unused += 1;
            return Task::Answered(job, Outcome::NeverSent { detail: "the computer slept".to_owned() });
        }
        let part = &job.parts[job.next_part().unwrap()];
        let mut request = part.request.clone().unwrap();
        if self.plant == Plant::TextExchanged {
            // the draft as it is now, not what was frozen
            if let Some(post) = self.post(job.post) {
                request = self::request(&job, job.next_part().unwrap(), post, self.shown()).unwrap_or(request);
            }
        }
        let shown = self.shown();
        let network = self.networks.get_mut(&job.account).unwrap();
        let outcome = network.send(&mut self.random, self.now, shown, &part.key, &request);
        self.tell(format!("{shown} sent {request} -> {outcome:?}"));
        let outcome = match outcome {
            Outcome::Ambiguous { detail } if self.plant == Plant::RetryBlindly => Outcome::NeverSent { detail },
            outcome => outcome,
        };
        Task::Answered(job, outcome)
    }

    fn report(&mut self, job: Job, outcome: Outcome) -> Result<Option<Task>, Broken> {
        let remote = match &outcome {
            Outcome::Published { remote } => Some(remote.clone()),
            _ => None,
        };
        let part = job.next_part().unwrap();
        let report = Mutation::Report { job: job.id, attempt: job.attempt, outcome };
        let after = match self.mutate(&report)? {
            Ok(writes) => written(Ok(writes)),
            Err(_) => None,
        };
        if let (Some(remote), None) = (&remote, &after) {
            let known = self.job(job.id).and_then(|job| job.parts.get(part)).is_some_and(|part| part.remote.is_some());
            // hours later, when a person who looked has asked to publish it again: the part goes its own way by then
            let given_up = self.decided.contains_key(&job.id);
            if !known && !given_up {
                return Err(self.broken(format!("the network said {} and nobody wrote it down", remote.id)));
            }
        }
        match after {
            // the next part of a thread goes out at once
            Some(after) if after.state == JobState::Scheduled && after.not_before.is_none() => {
                Ok(written(self.mutate(&Mutation::Claim { job: after.id })?).map(Task::Claimed))
            }
            _ => Ok(None),
        }
    }

    /// The fence that the publisher names: that of its claim.
    fn fence(&self, job: &Job) -> u32 {
        match self.plant {
            Plant::FenceIgnored => self.job(job.id).map_or(job.fence, |current| current.fence),
            _ => job.fence,
        }
    }

    fn wait_for_account(&mut self, job: &Job) -> Result<Option<Task>, Broken> {
        let reason = Reason::AccountUnavailable;
        if !job.begun() || self.shown() <= job.latest_start() {
            return self.release(job, WAIT_FOR_ACCOUNT_S, reason);
        }
        let given_up = match was_out(job) {
            true => Mutation::LoseAnswer { job: job.id, reason },
            false => Mutation::Stop { job: job.id, reason },
        };
        self.mutate(&given_up)?.ok();
        Ok(None)
    }

    fn stop(&mut self, job: &Job, why: &str) -> Result<Option<Task>, Broken> {
        let reason = Reason::BreaksRules { detail: why.to_owned() };
        self.mutate(&Mutation::Stop { job: job.id, reason })?.ok();
        Ok(None)
    }

    fn release(&mut self, job: &Job, wait_s: i64, reason: Reason) -> Result<Option<Task>, Broken> {
        let not_before = plus(self.shown(), wait_s);
        self.mutate(&Mutation::Release { job: job.id, fence: job.fence, not_before, reason })?.ok();
        Ok(None)
    }
}

fn written(done: Result<Vec<Record>, Reject>) -> Option<Job> {
    done.ok()?.into_iter().find_map(|record| match record {
        Record::Job(job) => Some(job),
        _ => None,
    })
}
