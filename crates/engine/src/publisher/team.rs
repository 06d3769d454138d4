//! Publishing for an organisation: the server decides which computer begins, and grants every ticket, before anything leaves.
//!
//! A step that the server has not taken within the exchange that follows it counts as not taken: the delivery is given back, the
//! ticket unused. Should the server take both later, it finds them in this order, and nothing was sent in between.

use domain::job::{Job, JobState, Outcome, Reason, back_off_s, plus};
use domain::{Key, Mutation, Record};

use super::{step, step_noting};
use crate::engine::{Done, Engine};

const UNREACHED: &str = "the server of the team could not be reached";

/// Whether this computer is one that looks after a delivery: in an organisation the one that holds the credential, and for an
/// account by hand one of whoever signed the post off.
pub(super) async fn is_ours(engine: &Engine, job: &Job) -> bool {
    if engine.team.is_none() {
        return true;
    }
    let Ok(Record::Account(account)) = engine.record(Key::Account(job.account)).await else { return false };
    if account.is_by_hand() {
        let Ok(Record::Post(post)) = engine.record(Key::Post(job.post)).await else { return false };
        return post.sign_off.is_some_and(|sign_off| sign_off.by == engine.person);
    }
    matches!(engine.store.credential(account.id).await, Ok(Some(_)))
}

/// Those who have to agree to it have not, as far as is known here: it is not made ready, and nothing of it is uploaded. Whether
/// it may go out is asked again by its ticket. A word that says otherwise is counted anew.
pub(super) async fn waits_for_approval(engine: &Engine, job: &Job) -> bool {
    let (Ok(Some(board)), Ok(accounts)) = (engine.board().await, engine.accounts().await) else { return false };
    let Ok(Record::Post(post)) = engine.record(Key::Post(job.post)).await else { return false };
    if !post.is_signed() {
        return false;
    }
    let waits = !board.lets_go(&post, &accounts);
    if waits != post.status.is_in_review() {
        engine.recount_some(&[post.id]).await;
    }
    waits
}

/// Takes a delivery on.
pub(super) async fn claim(engine: &Engine, job: &Job) -> Option<Job> {
    let claim = Mutation::Claim { job: job.id };
    if engine.team.is_none() {
        return step(engine, claim).await;
    }
    let done = engine.try_mutate(&claim, crate::engine::Note::default()).await.ok()?.ok()?;
    if engine.is_granted(done.mid).await {
        let job = current(engine, job).await?;
        // somebody else may have been first
        return (Some(job.fence) == done.job().map(|claimed| claimed.fence)).then_some(job);
    }
    let claimed = current(engine, job).await.filter(|job| job.state == JobState::Claimed)?;
    let wait = back_off_s(claimed.failures.saturating_add(1)).min(60);
    let (fence, not_before) = (claimed.fence, plus(engine.now(), wait));
    let reason = Reason::NeverSent { detail: UNREACHED.to_owned() };
    step_noting(engine, Mutation::Release { job: claimed.id, fence, not_before, reason }, String::new()).await;
    None
}

/// The delivery with its ticket, if it counts.
pub(super) async fn ticket(engine: &Engine, done: &Done) -> Option<Job> {
    let granted = done.job()?;
    if engine.is_granted(done.mid).await {
        let job = if engine.team.is_some() { current(engine, granted).await? } else { granted.clone() };
        let same = job.state == JobState::Sending && job.fence == granted.fence && job.attempt == granted.attempt;
        return same.then_some(job);
    }
    let outcome = Outcome::NeverSent { detail: UNREACHED.to_owned() };
    let report = Mutation::Report { job: granted.id, attempt: granted.attempt, outcome };
    step_noting(engine, report, String::new()).await;
    None
}

async fn current(engine: &Engine, job: &Job) -> Option<Job> {
    match engine.record(Key::Job(job.id)).await {
        Ok(Record::Job(job)) => Some(job),
        _ => None,
    }
}
