//! The publisher: looks at the clock, finds what is due, and takes each delivery through the machine of [`domain::job`].
//!
//! One process publishes for a profile, held by a file lock; the fence in every job protects the database should that
//! lock ever lie. Nothing here decides what may be sent: each step is a mutation, and the rulebook says yes or no.

mod deliver;
mod hand;
mod notices;
pub(crate) mod sentences;
mod team;
mod watch;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use contract::program::Publishing;
use contract::{ApiError, Origin, Tag};
use domain::Mutation;
use domain::id::{AccountId, JobId};
use domain::job::{Job, JobState, Reason, plus};
use jiff::Timestamp;
use tokio::sync::Notify;

use crate::engine::{Engine, Note, Shared};
use crate::errors::storage;
use watch::{Seen, Watch};

/// The longest the publisher sleeps: a machine that was suspended is noticed within this time.
const TICK: Duration = Duration::from_secs(10);
/// The shortest: what is held or backs off is not asked about in a circle. News wake the publisher at once.
const SHORTEST: Duration = Duration::from_millis(250);
/// A delivery is claimed this much before it is due, so that images are there when the minute comes.
pub(crate) const LEAD_S: i64 = 40;
/// And so much before if it carries a video: large ones take minutes, and the network works on them.
const VIDEO_LEAD_S: i64 = 10 * 60;
/// Late deliveries of one account keep this distance: a backlog is no burst.
const LATE_DISTANCE_S: i64 = 5 * 60;
/// From then on a delivery counts as late.
const LATE_S: i64 = 60;
/// Jobs looked at in one tick.
const BATCH: u64 = 200;

/// What the publisher of one process keeps in mind between ticks.
#[derive(Debug, Default)]
pub(crate) struct Running {
    /// Each with a bell for whoever waits with it: somebody changed it.
    in_flight: HashMap<JobId, Arc<Notify>>,
    lanes: HashMap<AccountId, Arc<Lane>>,
    /// The late delivery that was taken on last.
    last_late: HashMap<AccountId, (JobId, Timestamp)>,
    watch: Watch,
}

/// Where the deliveries of one account take turns. One that is ready and waits for its minute is in nobody's way.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    /// Images are loaded and uploaded for one delivery at a time.
    making: tokio::sync::Mutex<()>,
    /// Videos, apart: what is due meanwhile does not wait for one that takes minutes.
    filming: tokio::sync::Mutex<()>,
    /// A thread goes out whole before the next delivery begins.
    sending: tokio::sync::Mutex<()>,
}

pub(crate) type SharedRunning = Arc<Mutex<Running>>;

/// Publishes until it is aborted.
pub(crate) async fn run(engine: Shared) {
    let running = SharedRunning::default();
    let mut first = true;
    loop {
        let (now, uptime) = engine.ports.clock.both();
        let seen = lock(&running).watch.look(now, uptime);
        match seen {
            Seen::Steady => {}
            Seen::Resumed { slept } => tracing::info!(slept_s = slept.as_secs(), "the machine was asleep"),
            Seen::Jumped { by_s } => pause_for_clock(&engine, by_s).await,
        }
        let next = match tick(&engine, &running, first).await {
            Ok(next) => {
                first = false;
                next
            }
            Err(error) => {
                tracing::warn!(error.code = ?error.code, detail = error.detail.as_deref(), "a tick failed");
                None
            }
        };
        let wait = next.map_or(TICK, |at| until(engine.now(), at).clamp(SHORTEST, TICK));
        tokio::select! {
            () = engine.ports.clock.sleep(wait) => {}
            () = engine.wake.notified() => {}
        }
    }
}

fn until(now: Timestamp, at: Timestamp) -> Duration {
    at.duration_since(now).try_into().unwrap_or(Duration::ZERO)
}

async fn pause_for_clock(engine: &Shared, by_s: i64) {
    if matches!(engine.publishing(), Publishing::Running) {
        tracing::warn!(by_s, "the clock jumped: publishing pauses");
        engine.set_publishing(Publishing::ClockJumped { by_s }, Origin::Scheduler);
        notices::clock_jumped(engine, by_s);
    }
}

/// One look at everything that is open; answers when to look again.
async fn tick(engine: &Shared, running: &SharedRunning, first: bool) -> Result<Option<Timestamp>, ApiError> {
    let now = engine.now();
    // without a credential nothing is sent and nobody is asked; whoever opens the vault wakes the publisher
    let closed = engine.vault.require_open().err().map(|error| crate::errors::vault(error).message);
    let paused = !matches!(engine.publishing(), Publishing::Running);
    // at first also what an ended process had taken on
    let ahead = if first { VIDEO_LEAD_S + Job::LEASE_S } else { VIDEO_LEAD_S };
    let jobs = engine.store.jobs_to_look_at(plus(now, ahead), BATCH).await.map_err(|error| storage(&error))?;
    // another computer of the team may be at work on what this process did not begin
    let first = first && engine.team.is_none();
    let mut by_hand = None;
    for job in jobs {
        if !team::is_ours(engine, &job).await {
            continue;
        }
        if let Some(bell) = lock(running).in_flight.get(&job.id) {
            if job.state == JobState::Scheduled {
                bell.notify_one();
            }
            continue;
        }
        match job.state {
            // nobody of this process is sending it: its answer went with the process that was
            JobState::Sending if first || job.deadline.is_none_or(|deadline| deadline <= now) => {
                let reason =
                    if first { Reason::Interrupted } else { Reason::AnswerLost { detail: "no answer in time".into() } };
                step(engine, Mutation::LoseAnswer { job: job.id, reason }).await;
            }
            JobState::Reconciling if closed.is_none() && job.not_before.is_none_or(|at| at <= now) => {
                start(engine, running, job, Work::LookUp);
            }
            state if state.before_send() => match hand::is_by_hand(engine, &job).await {
                true => by_hand = hand::waiting(engine, job, now, paused).await.into_iter().chain(by_hand).min(),
                false => {
                    waiting(engine, running, job, Moment { now, paused, first, closed: closed.as_deref() }).await;
                }
            },
            _ => {}
        }
    }
    if paused || closed.is_some() {
        // what is due stays due: it is no reason to look more often
        return Ok(by_hand);
    }
    if by_hand.is_some() {
        // it is the next that is due; what else is near was taken on in this tick
        return Ok(by_hand);
    }
    let next = engine.store.next_due().await.map_err(|error| storage(&error))?;
    Ok(next.map(|at| plus(at, -LEAD_S)))
}

/// What one tick finds.
#[derive(Debug, Clone, Copy)]
struct Moment<'a> {
    now: Timestamp,
    paused: bool,
    /// Nobody looked before in this process.
    first: bool,
    /// The vault is, and this is why.
    closed: Option<&'a str>,
}

/// A delivery that has not been sent.
async fn waiting(engine: &Shared, running: &SharedRunning, mut job: Job, moment: Moment<'_>) {
    let Moment { now, paused, first, closed } = moment;
    // a clock that nobody trusts makes nothing late
    if matches!(engine.publishing(), Publishing::ClockJumped { .. }) {
        return;
    }
    let begun = job.begun();
    if !begun && now > job.latest_start() {
        let unapproved = team::waits_for_approval(engine, &job).await;
        let reason = match (closed, &job.reason) {
            _ if unapproved => Reason::NotApproved,
            // at first the vault is closed because nobody asked for it yet
            (Some(why), _) if !first => Reason::NeverSent { detail: why.to_owned() },
            (_, Some(reason)) => reason.clone(),
            (_, None) => Reason::NobodyPublishing,
        };
        if let Some(missed) = step(engine, Mutation::Miss { job: job.id, reason }).await {
            notices::missed(engine, &missed).await;
        }
        return;
    }
    let leased = |job: &Job| job.state != JobState::Scheduled && job.lease_until.is_some_and(|until| until > now);
    if first && leased(&job) {
        // the lock says that nobody else publishes this profile: whoever took the delivery on is gone
        let (id, fence) = (job.id, job.fence);
        let release = Mutation::Release { job: id, fence, not_before: now, reason: Reason::Interrupted };
        let Some(released) = step(engine, release).await else { return };
        job = released;
    }
    let held = leased(&job);
    let backing_off = job.not_before.is_some_and(|at| at > now);
    if paused || closed.is_some() || held || backing_off {
        return;
    }
    if plus(now, LEAD_S) < job.due_at && !deliver::carries_video(engine, &job).await {
        return;
    }
    if !begun && team::waits_for_approval(engine, &job).await {
        return;
    }
    if !begun && now > plus(job.counts_from(), LATE_S) {
        let mut running = lock(running);
        let account = job.account;
        // one that had to wait for something keeps no distance to itself
        let near = |(other, at): &(JobId, Timestamp)| *other != job.id && plus(*at, LATE_DISTANCE_S) > now;
        if running.last_late.get(&account).is_some_and(near) {
            return;
        }
        running.last_late.insert(account, (job.id, now));
    }
    start(engine, running, job, Work::Deliver);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    Deliver,
    LookUp,
}

/// Takes a job on, once.
fn start(engine: &Shared, running: &SharedRunning, job: Job, work: Work) {
    let bell = Arc::new(Notify::new());
    let lane = {
        let mut running = lock(running);
        if running.in_flight.contains_key(&job.id) {
            return;
        }
        running.in_flight.insert(job.id, Arc::clone(&bell));
        Arc::clone(running.lanes.entry(job.account).or_default())
    };
    let place = Place { running: Arc::clone(running), job: job.id, engine: Arc::clone(engine) };
    tokio::spawn(async move {
        match work {
            Work::Deliver => deliver::deliver(&place.engine, &lane, &bell, job).await,
            Work::LookUp => {
                let steady_for = |time| {
                    let (now, uptime) = place.engine.ports.clock.both();
                    lock(&place.running).watch.is_steady_for(time, now, uptime)
                };
                deliver::look_up(&place.engine, &lane, job, steady_for).await;
            }
        }
    });
}

/// Frees the job when the work ends, however it ends.
struct Place {
    running: SharedRunning,
    job: JobId,
    engine: Shared,
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.running).in_flight.remove(&self.job);
        self.engine.wake.notify_one();
    }
}

fn lock(running: &SharedRunning) -> std::sync::MutexGuard<'_, Running> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One step of a job; a refusal is logged and answered with `None`, because the next tick sees the truth.
async fn step(engine: &Engine, mutation: Mutation) -> Option<Job> {
    step_noting(engine, mutation, String::new()).await
}

async fn step_noting(engine: &Engine, mutation: Mutation, detail: String) -> Option<Job> {
    let mutation = mutation.within_bounds();
    match engine.try_mutate(&mutation, Note { detail, ..Note::default() }).await {
        Ok(Ok(done)) => {
            engine.announce(&[Tag::Jobs, Tag::Posts], Origin::Scheduler);
            done.job().cloned()
        }
        Ok(Err(reject)) => {
            tracing::info!(step = mutation.name(), refusal = %reject, "a step was refused");
            None
        }
        Err(error) => {
            tracing::warn!(step = mutation.name(), error.code = ?error.code, "a step could not be written");
            None
        }
    }
}
