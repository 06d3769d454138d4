//! Deliveries: the steps of the publish machine that the publisher, or a person, asks for.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::approvals::approval;
use super::posts::{as_seen, finish, job_ids};
use super::{Context, Decided, View};
use crate::hash::ContentHash;
use crate::id::{AccountId, JobId, PersonId};
use crate::job::{Decision, Job, JobPart, JobState, Lookup, Plan, Reason, Repeat, plus};
use crate::mutation::{Mutation, PartKeys};
use crate::network::Network;
use crate::post::{Post, SignOff};
use crate::record::Key;
use crate::reject::Reject;

pub(super) fn apply(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    let now = context.now;
    crate::job::check(mutation)?;
    let (job, changed) = match mutation {
        Mutation::Claim { job } => (*job, load(set, *job)?.claim(now)?),
        Mutation::Prepare { job, fence, request } => {
            (*job, load(set, *job)?.prepare(*fence, request.clone(), publisher(context), now)?)
        }
        Mutation::BeginSend { job, fence } => (*job, begin_send(context, set, *job, *fence)?),
        Mutation::Report { job, attempt, outcome } => (*job, load(set, *job)?.report(*attempt, outcome.clone(), now)?),
        Mutation::LoseAnswer { job, reason } => (*job, load(set, *job)?.lose_answer(reason.clone(), now)?),
        Mutation::LookedUp { job, found } => (*job, looked_up(context, set, *job, found)?),
        Mutation::Release { job, fence, not_before, reason } => {
            (*job, load(set, *job)?.release(*fence, *not_before, reason.clone())?)
        }
        Mutation::HandOver { job } => (*job, hand_over(context, set, *job)?),
        Mutation::Miss { job, reason } => (*job, load(set, *job)?.miss(now, reason.clone())?),
        Mutation::Stop { job, reason } => (*job, load(set, *job)?.stop(reason.clone(), now)?),
        Mutation::Decide { job, decision, seen, keys } => return decide(context, set, *job, decision, *seen, *keys),
        _ => return Err(Reject::NotFound.into()),
    };
    let post = set.post(set.job(job)?.post)?;
    set.need(job_ids(post).map(Key::Job))?;
    finish(set, post.clone(), vec![not_while_held(post, only_signed(post, changed, now)?)?])
}

/// What came back unsent while its post was put on hold waits with it. What has begun is brought to its end.
fn not_while_held(post: &Post, job: Job) -> Result<Job, Reject> {
    if post.held && job.state == JobState::Scheduled && !job.begun() { job.hold() } else { Ok(job) }
}

/// The rest of a thread follows the part that was found there, unless the text was changed or deleted while that was not
/// known: then nobody signed what would follow, and a person is asked.
fn only_signed(post: &Post, job: Job, now: Timestamp) -> Result<Job, Reject> {
    let rest = job.state == JobState::Scheduled && job.begun() && first_ticket(&job).is_none();
    if rest && !is_signed(post, job.hash) { job.stop(Reason::ChangedAfterSignOff, now) } else { Ok(job) }
}

/// What stands there is what was signed off, and what the job was made for.
fn is_signed(post: &Post, hash: ContentHash) -> bool {
    !post.deleted
        && post.sign_off.as_ref().is_some_and(|sign_off| sign_off.hash == hash)
        && post.current_hash() == Some(hash)
}

/// As [`is_signed`], with the reason why not; and those who have to agree have, as of now.
fn may_go(set: View<'_>, post: &Post, job: &Job) -> Decided<()> {
    if post.deleted {
        return Err(Reject::NotFound.into());
    }
    if post.sign_off.is_none() {
        return Err(Reject::NotSignedOff.into());
    }
    // whichever way it was signed: nobody has read this
    if post.merge.is_some() {
        return Err(Reject::MergeUnread.into());
    }
    if !is_signed(post, job.hash) {
        return Err(Reject::ChangedAfterSignOff.into());
    }
    // what has begun is brought to its end
    if job.granted == Some(job.hash) || approval(set, post)?.lets_go() {
        Ok(())
    } else {
        Err(Reject::NotApproved.into())
    }
}

fn load(set: View<'_>, job: JobId) -> Decided<Job> {
    set.job(job).cloned()
}

/// The ticket: in the transaction that issues it, the sign-off, the account and the time are checked once more.
fn begin_send(context: &Context, set: View<'_>, id: JobId, fence: u32) -> Decided<Job> {
    let job = set.job(id)?;
    set.need([Key::Post(job.post), Key::Account(job.account)])?;
    let post = set.post(job.post)?;
    let account = set.account(job.account)?;
    may_go(set, post, job)?;
    if post.held && !job.begun() {
        return Err(Reject::OnHold.into());
    }
    if !account.can_publish() {
        return Err(Reject::AccountUnavailable { account: account.id }.into());
    }
    // a repeat under a key that the network forgot would be a second post
    if first_ticket(job).is_some() && repeat(context, job, account.network) == Repeat::Unsafe {
        return Err(Reject::TooLate.into());
    }
    Ok(job.clone().begin_send(fence, publisher(context), context.now)?)
}

/// Who publishes, where it could be somebody else.
fn publisher(context: &Context) -> Option<PersonId> {
    context.authority.organisation().map(|_| context.actor)
}

/// What a person is handed is what was signed off, as it is for what the program sends.
fn hand_over(context: &Context, set: View<'_>, id: JobId) -> Decided<Job> {
    let job = set.job(id)?;
    set.need([Key::Post(job.post), Key::Account(job.account)])?;
    let (post, account) = (set.post(job.post)?, set.account(job.account)?);
    may_go(set, post, job)?;
    if account.removed || !account.is_by_hand() {
        return Err(Reject::AccountUnavailable { account: account.id }.into());
    }
    Ok(job.clone().hand_over(context.now)?)
}

/// When the next part was sent for the first time, if it ever was.
fn first_ticket(job: &Job) -> Option<Timestamp> {
    job.next_part().and_then(|next| job.parts.get(next)).and_then(|part| part.first_ticket_at)
}

/// How far a clock may seem to go back without having been set.
const CLOCK_SLACK_S: i64 = 60;

/// A repeat under the same key is safe as long as the network remembers the key, and once it is not at work on the last
/// request any more.
fn repeat(context: &Context, job: &Job, network: Network) -> Repeat {
    let now = context.now;
    let Some(ticket) = first_ticket(job) else { return Repeat::Unsafe };
    let Some(lifetime) = network.key_lifetime_s() else { return Repeat::Safe };
    // a clock that shows a time before the ticket was set: nobody knows how old the key is
    if now > plus(ticket, lifetime) || now < plus(ticket, -CLOCK_SLACK_S) {
        return Repeat::Unsafe;
    }
    match job.deadline.map(|deadline| plus(deadline, network.repeat_after_s())) {
        Some(alone) if alone > now => Repeat::SafeFrom(alone),
        _ => Repeat::Safe,
    }
}

/// A refused or absent lookup after the key's lifetime is a person's matter.
fn looked_up(context: &Context, set: View<'_>, id: JobId, found: &Lookup) -> Decided<Job> {
    let job = set.job(id)?;
    let repeat = repeat(context, job, set.account(job.account)?.network);
    Ok(job.clone().looked_up(found.clone(), repeat, context.now)?)
}

fn decide(
    context: &Context,
    set: View<'_>,
    id: JobId,
    decision: &Decision,
    seen: Option<ContentHash>,
    keys: PartKeys,
) -> Decided {
    let job = set.job(id)?;
    let post = set.post(job.post)?;
    set.need(job_ids(post).map(Key::Job))?;
    let mut changed = job.clone().decide(decision.clone(), context.now)?;
    if *decision != Decision::PublishNow {
        return finish(set, post.clone(), vec![only_signed(post, changed, context.now)?]);
    }
    if post.deleted {
        return Err(Reject::NotFound.into());
    }
    as_seen(context, post, seen)?;
    if post.held {
        return Err(Reject::OnHold.into());
    }
    if post.merge.is_some() {
        return Err(Reject::MergeUnread.into());
    }
    // whoever signs may speak through each of them
    for delivery in &post.deliveries {
        set.account(*delivery)?;
    }
    // the author's word for what stands there now, for every delivery that is still to come
    let schedule = post.schedule.as_ref().ok_or(Reject::NotScheduled)?;
    let hash = post.current_hash().ok_or(Reject::NotScheduled)?;
    let content = post.draft.content_for(job.account).ok_or(Reject::NoAccounts)?;
    changed.rewrite(JobPart::all_of(content, |n| keys.key(n)), hash)?;
    let mut jobs = vec![changed];
    for other in job_ids(post).filter(|other| *other != id) {
        let other = set.job(other)?;
        // what has begun goes on with what it began with
        if !other.state.before_send() || other.hash == hash || other.begun() {
            continue;
        }
        let mut other = other.clone();
        match post.draft.content_for(other.account) {
            Some(content) => {
                let first = keys_from(jobs.len());
                other.rewrite(JobPart::all_of(content, |n| keys.key(first + n)), hash)?;
                jobs.push(other);
            }
            None => jobs.push(other.cancel(context.now)?),
        }
    }
    // accounts that were added since have no delivery yet, or one that was called off: nobody would miss it
    let mut deliveries: BTreeSet<AccountId> = post.deliveries.iter().copied().collect();
    for target in &post.draft.targets {
        let called_off = match deliveries.insert(target.account) {
            true => None,
            false => match set.job(JobId::of(post.id, target.account))? {
                job if job.state == JobState::Cancelled => Some(job.clone()),
                _ => continue,
            },
        };
        let grace_s = set.account(target.account)?.grace_s;
        let content = post.draft.content_for(target.account).ok_or(Reject::NoAccounts)?;
        let first = keys_from(jobs.len());
        let parts = JobPart::all_of(content, |n| keys.key(first + n));
        let plan = Plan { due_at: schedule.at, grace_s, hash, parts };
        let planned = match called_off {
            Some(job) => job.plan(plan)?,
            None => Job::new(post.id, target.account, plan),
        };
        jobs.push(Job { released_at: Some(context.now), ..planned });
    }
    let sign_off = SignOff { by: context.actor, at: context.now, hash };
    let deliveries = deliveries.into_iter().collect();
    finish(set, Post { sign_off: Some(sign_off), deliveries, ..post.clone() }, jobs)
}

/// Every job of one decision takes its keys from a range of its own.
fn keys_from(job: usize) -> u64 {
    1_000 * job as u64
}
