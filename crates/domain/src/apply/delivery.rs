//! Deliveries: the steps of the publish machine that the publisher, or a person, asks for.

use jiff::Timestamp;

use super::posts::{current_hash, finish, job_ids};
use super::{Context, Decided};
use crate::id::JobId;
use crate::job::{Decision, Job, Lookup, plus};
use crate::mutation::{Mutation, PartKeys};
use crate::network::Network;
use crate::post::{Post, SignOff};
use crate::record::{Key, WorkingSet};
use crate::reject::Reject;

pub(super) fn apply(context: &Context, set: &WorkingSet, mutation: &Mutation) -> Decided {
    let now = context.now;
    let (job, changed) = match mutation {
        Mutation::Claim { job } => (*job, load(set, *job)?.claim(now)?),
        Mutation::Prepare { job, fence, request } => (*job, load(set, *job)?.prepare(*fence, request.clone(), now)?),
        Mutation::BeginSend { job, fence } => (*job, begin_send(context, set, *job, *fence)?),
        Mutation::Report { job, attempt, outcome } => (*job, load(set, *job)?.report(*attempt, outcome.clone(), now)?),
        Mutation::LoseAnswer { job, reason } => (*job, load(set, *job)?.lose_answer(reason.clone(), now)?),
        Mutation::LookedUp { job, found } => (*job, looked_up(context, set, *job, found)?),
        Mutation::Release { job, fence, not_before, reason } => {
            (*job, load(set, *job)?.release(*fence, *not_before, reason.clone())?)
        }
        Mutation::Miss { job, reason } => (*job, load(set, *job)?.miss(now, reason.clone())?),
        Mutation::Stop { job, reason } => (*job, load(set, *job)?.stop(reason.clone(), now)?),
        Mutation::Decide { job, decision, keys } => return decide(context, set, *job, decision, *keys),
        _ => return Err(Reject::NotFound.into()),
    };
    let post = set.post(set.job(job)?.post)?;
    set.need(job_ids(post).map(Key::Job))?;
    finish(set, post.clone(), vec![changed])
}

fn load(set: &WorkingSet, job: JobId) -> Decided<Job> {
    set.job(job).cloned()
}

/// The ticket: in the transaction that issues it, the sign-off, the account and the time are checked once more.
fn begin_send(context: &Context, set: &WorkingSet, id: JobId, fence: u32) -> Decided<Job> {
    let job = set.job(id)?;
    set.need([Key::Post(job.post), Key::Account(job.account)])?;
    let post = set.post(job.post)?;
    let account = set.account(job.account)?;
    if post.deleted {
        return Err(Reject::NotFound.into());
    }
    let sign_off = post.sign_off.as_ref().ok_or(Reject::NotSignedOff)?;
    if sign_off.hash != job.hash || current_hash(post) != Some(job.hash) {
        return Err(Reject::ChangedAfterSignOff.into());
    }
    if !account.can_publish() {
        return Err(Reject::AccountUnavailable { account: account.id }.into());
    }
    // a repeat under a key that the network forgot would be a second post
    if first_ticket(job).is_some() && !same_key_safe(context, job, account.network) {
        return Err(Reject::TooLate.into());
    }
    Ok(job.clone().begin_send(fence, context.now)?)
}

/// When the next part was sent for the first time, if it ever was.
fn first_ticket(job: &Job) -> Option<Timestamp> {
    job.next_part().and_then(|next| job.parts.get(next)).and_then(|part| part.first_ticket_at)
}

/// A repeat under the same key is safe as long as the network remembers the key.
fn same_key_safe(context: &Context, job: &Job, network: Network) -> bool {
    first_ticket(job)
        .is_some_and(|ticket| network.key_lifetime_s().is_none_or(|lifetime| context.now <= plus(ticket, lifetime)))
}

/// A refused or absent lookup after the key's lifetime is a person's matter.
fn looked_up(context: &Context, set: &WorkingSet, id: JobId, found: &Lookup) -> Decided<Job> {
    let job = set.job(id)?;
    let safe = same_key_safe(context, job, set.account(job.account)?.network);
    Ok(job.clone().looked_up(found.clone(), safe, context.now)?)
}

fn decide(context: &Context, set: &WorkingSet, id: JobId, decision: &Decision, keys: PartKeys) -> Decided {
    let job = set.job(id)?;
    let post = set.post(job.post)?;
    set.need(job_ids(post).map(Key::Job))?;
    let mut changed = job.clone().decide(decision.clone(), context.now)?;
    if *decision != Decision::PublishNow {
        return finish(set, post.clone(), vec![changed]);
    }
    // the author's word for what stands there now, for every delivery that is still to come
    let hash = current_hash(post).ok_or(Reject::NotScheduled)?;
    let content = post.draft.content_for(job.account).ok_or(Reject::NoAccounts)?;
    changed.rewrite(content.parts.len(), hash, |n| keys.key(n))?;
    let mut jobs = vec![changed];
    for other in job_ids(post).filter(|other| *other != id) {
        let other = set.job(other)?;
        if other.state.before_send() && other.hash != hash {
            let mut other = other.clone();
            let parts = post.draft.content_for(other.account).map_or(0, |content| content.parts.len());
            let first = 1000 * jobs.len() as u64;
            other.rewrite(parts, hash, |n| keys.key(first + n))?;
            jobs.push(other);
        }
    }
    let sign_off = SignOff { by: context.actor, at: context.now, hash };
    finish(set, Post { sign_off: Some(sign_off), ..post.clone() }, jobs)
}
