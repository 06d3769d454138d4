//! What must hold after every step.

use std::collections::BTreeMap;

use domain::hash::ContentHash;
use domain::job::{Decision, Job, JobPart, JobState, Outcome};
use domain::mutation::PostsChange;
use domain::post::{Post, PostStatus};
use domain::{Key, Mutation, Record};

use crate::publisher;
use crate::world::World;

type Holds = Result<(), String>;

macro_rules! must {
    ($condition:expr, $($said:tt)+) => {
        if !$condition {
            return Err(format!($($said)+));
        }
    };
}

/// One record before and after one mutation.
pub fn step(before: Option<&Record>, after: &Record, mutation: &Mutation) -> Holds {
    match (before, after) {
        (before, Record::Job(job)) => {
            sound(job)?;
            match before {
                Some(Record::Job(before)) => follows(before, job, mutation),
                _ => Ok(()),
            }
        }
        (Some(Record::Post(before)), Record::Post(post)) => {
            let grown = post.version.checked_sub(before.version);
            must!(grown.is_some_and(|grown| grown <= 1), "version {} after {}", post.version, before.version);
            must!(post.created_at == before.created_at && post.author == before.author, "a post became another");
            must!(before.deliveries.iter().all(|known| post.deliveries.contains(known)), "a delivery was forgotten");
            Ok(())
        }
        _ => Ok(()),
    }
}

/// A job by itself.
fn sound(job: &Job) -> Holds {
    let state = job.state;
    must!(!job.parts.is_empty(), "a job without parts");
    must!(job.next_part().is_none() == (state == JobState::Published), "{state:?} with {:?}", job.parts);
    let waits = state.is_open() || matches!(state, JobState::Handed | JobState::Held);
    must!(job.finished_at.is_some() != waits, "{state:?} finished at {:?}", job.finished_at);
    must!(waits || state == JobState::Published || job.reason.is_some(), "{state:?} without a reason");
    must!(
        (state == JobState::Sending) == job.deadline.is_some() || state == JobState::Reconciling,
        "{state:?}: deadline"
    );
    must!(state != JobState::Unsure || job.begun(), "unsure about what never left");
    must!(state != JobState::Claimed || job.lease_until.is_some(), "claimed for ever");
    let out = job.parts.iter().take_while(|part| part.remote.is_some()).count();
    must!(job.parts.iter().skip(out).all(|part| part.remote.is_none()), "a reply before what it replies to");
    if let Some(next) = job.parts.get(out) {
        let sent = matches!(state, JobState::Sending | JobState::Reconciling);
        must!(!sent || (next.first_ticket_at.is_some() && next.request.is_some()), "{state:?} without a ticket");
        must!(next.request.is_some() == next.request_hash.is_some(), "a request without its hash");
        let hash = next.request.as_ref().map(|request| ContentHash::of_request(request.as_bytes()));
        must!(hash == next.request_hash, "the frozen request is not the one that was hashed");
    }
    Ok(())
}

/// A job after another.
fn follows(before: &Job, after: &Job, mutation: &Mutation) -> Holds {
    let name = mutation.name();
    let (from, to) = (before.state, after.state);
    must!(may(mutation, after, from, to), "{name} leads from {from:?} to {to:?}");
    must!(after.fence >= before.fence, "{name}: the fence went back");
    must!(after.attempt >= before.attempt, "{name}: ticket numbers went back");
    must!(
        before.state != JobState::Published || after.state == JobState::Published,
        "{name}: published became {:?}",
        after.state
    );
    must!(!matches!(mutation, Mutation::Claim { .. }) || after.fence > before.fence, "a claim under the old fence");
    let handed_on = before.state.before_send() && after.state.before_send() && before.fence == after.fence;
    must!(
        !handed_on || matches!(mutation, Mutation::Prepare { .. } | Mutation::Release { .. }),
        "{name} leaves the fence to whoever held it"
    );
    for (number, part) in before.parts.iter().enumerate() {
        let Some(now) = after.parts.get(number) else {
            must!(part.remote.is_none(), "{name}: a published part is gone");
            continue;
        };
        must!(part.remote.is_none() || part == now, "{name}: a published part changed");
        let definite = matches!(
            mutation,
            Mutation::Report {
                outcome: Outcome::NeverSent { .. } | Outcome::RateLimited { .. } | Outcome::SignInRefused,
                ..
            }
        );
        let out = part.first_ticket_at.is_some() && part.key == now.key;
        must!(!out || part.request == now.request, "{name}: a request that may be out was exchanged");
        must!(!out || definite || now.first_ticket_at == part.first_ticket_at, "{name}: a ticket was forgotten");
    }
    Ok(())
}

/// The ways through the machine: which step leads from where to where.
fn may(mutation: &Mutation, job: &Job, from: JobState, to: JobState) -> bool {
    use JobState::{
        Cancelled, Claimed, Handed, Held, Missed, Prepared, Published, Reconciling, Refused, Scheduled, Sending,
        Skipped, Unsure,
    };
    let asks = matches!(from, Unsure | Missed | Refused);
    // the rest of a thread whose text was changed waits for a person
    let goes_on = matches!(to, Published | Scheduled | Refused);
    match mutation {
        Mutation::Claim { .. } => matches!(from, Scheduled | Claimed | Prepared) && to == Claimed,
        Mutation::HandOver { .. } => from == Scheduled && to == Handed,
        Mutation::Prepare { .. } => matches!(from, Claimed | Prepared) && to == Prepared,
        Mutation::BeginSend { .. } => from == Prepared && to == Sending,
        Mutation::Report { outcome: Outcome::Published { .. }, .. } => goes_on,
        // its post was put on hold meanwhile
        Mutation::Report { .. } => from == Sending && matches!(to, Scheduled | Held | Reconciling | Refused),
        Mutation::LoseAnswer { .. } => matches!(from, Sending | Claimed | Prepared) && to == Reconciling,
        Mutation::LookedUp { .. } => from == Reconciling && (goes_on || matches!(to, Prepared | Reconciling | Unsure)),
        Mutation::Release { .. } => matches!(from, Claimed | Prepared) && to == Scheduled,
        Mutation::ChangePosts { change, .. } => match change {
            PostsChange::Hold => (from.before_send() || from == Missed) && to == Held,
            PostsChange::Resume => from == Held && matches!(to, Scheduled | Missed),
            PostsChange::Shift { .. } | PostsChange::Rezone { .. } => {
                from.before_send() && matches!(to, Scheduled | Held)
            }
            PostsChange::MoveTo { .. } => {
                !matches!(from, Published | Sending | Reconciling | Unsure)
                    && matches!(to, Scheduled | Held | Cancelled)
            }
            PostsChange::Delete => from.before_send() && to == Cancelled,
            PostsChange::Unschedule => (from.before_send() || matches!(from, Missed | Refused)) && to == Cancelled,
            PostsChange::Persona { .. } => matches!(from, Claimed | Prepared | Handed) && to == Scheduled,
        },
        Mutation::PutBackPosts { .. } => {
            (from.before_send() || matches!(from, Cancelled | Missed | Refused))
                && matches!(to, Scheduled | Held | Cancelled)
        }
        Mutation::Miss { .. } => matches!(from, Scheduled | Claimed | Prepared) && to == Missed,
        Mutation::Stop { .. } => matches!(from, Scheduled | Claimed | Prepared) && to == Refused,
        Mutation::Decide { decision: Decision::ItIsThere { .. }, .. } => {
            (from == Unsure && goes_on) || (from == Handed && to == Published)
        }
        Mutation::Decide { decision: Decision::Skip, .. } => {
            (asks || matches!(from, Handed | Scheduled)) && to == Skipped
        }
        Mutation::Decide { decision: Decision::PublishNow, job: decided, .. } if job.id == *decided => {
            asks && to == Scheduled
        }
        Mutation::Decide { .. } => {
            (from.before_send() && matches!(to, Scheduled | Cancelled)) || (from == Cancelled && to == Scheduled)
        }
        Mutation::EditDraft { .. } | Mutation::RestoreVersion { .. } => {
            matches!(from, Claimed | Prepared | Handed) && to == Scheduled
        }
        Mutation::DeletePost { .. } => from.before_send() && to == Cancelled,
        Mutation::Unschedule { .. } => (from.before_send() || matches!(from, Missed | Refused)) && to == Cancelled,
        Mutation::RestorePost { .. } | Mutation::RestorePosts { .. } | Mutation::ResumeSeries { .. } => {
            from == Cancelled && matches!(to, Scheduled | Held)
        }
        Mutation::StopSeries { .. } => from.before_send() && to == Cancelled,
        Mutation::SchedulePost { .. }
        | Mutation::SignOff { .. }
        | Mutation::StartSeries { .. }
        | Mutation::DropSeries { .. }
        | Mutation::EditSeries { .. } => match from {
            Published => to == Published,
            Sending | Reconciling | Unsure => false,
            from if from.before_send() => matches!(to, Scheduled | Held | Cancelled),
            _ => matches!(to, Scheduled | Held),
        },
        _ => false,
    }
}

/// A ticket was issued: for exactly what a person wants to go out, in its time.
pub fn ticket(world: &World, mutation: &Mutation) -> Holds {
    let Mutation::BeginSend { job, .. } = mutation else { return Ok(()) };
    let job = world.job(*job).ok_or("a ticket for nothing")?;
    let now = world.shown();
    must!(world.post(job.post).is_some_and(|post| !post.deleted), "a ticket for a deleted post");
    let (wanted, draft) = world.wanted.get(&job.post).ok_or("a ticket for what nobody wants to go out")?;
    let part = job.next_part().and_then(|next| job.parts.get(next)).ok_or("a ticket for no part")?;
    let (id, number, hash, text) = publisher::read(part.request.as_deref().ok_or("a ticket without a request")?);
    must!(id == job.id.to_string() && Some(number) == job.next_part(), "the request of another part");
    must!(hash == *wanted, "{text:?} is not what was signed off last");
    let content = draft.content_for(job.account).ok_or("a ticket for an account that is no target")?;
    must!(content.outgoing().nth(number).is_some_and(|part| part.text == text), "{text:?} is not what was signed");
    must!(world.account(job.account).can_publish(), "a ticket for an account that may not publish");
    must!(now >= job.due_at, "a ticket before its time");
    let waited = world.not_before.get(&(job.id, number)).is_none_or(|until| now >= *until);
    // a clock that was set back shows once more what was over
    must!(part.first_ticket_at != Some(now) || waited || world.set_back, "part {number} before its wait is over");
    let first = number == 0 && part.first_ticket_at == Some(now);
    must!(!first || now <= job.latest_start(), "a ticket after the grace time");
    must!(!first || !world.post(job.post).is_some_and(|post| post.held), "a ticket while the post is on hold");
    Ok(())
}

/// The word of every post that was touched, from its jobs.
pub fn post_words(world: &World, writes: &[Record]) -> Holds {
    let touched = writes.iter().filter_map(|record| match record {
        Record::Post(post) => Some(post.id),
        Record::Job(job) => Some(job.post),
        _ => None,
    });
    for post in touched {
        let post = world.post(post).ok_or("a job without its post")?;
        let jobs: Vec<&Job> = world.jobs().filter(|job| job.post == post.id).collect();
        let accounts: Vec<_> = jobs.iter().map(|job| job.account).collect();
        must!(accounts.iter().all(|account| post.deliveries.contains(account)), "a job that its post does not know");
        must!(accounts.len() == post.deliveries.len(), "a delivery without a job");
        let word = word(post, &jobs);
        must!(post.status == word, "the post says {:?}, its jobs {word:?}", post.status);
        let idle = |job: &&Job| job.state != JobState::Held && job.state.before_send() && !job.begun();
        must!(!post.held || !jobs.iter().any(idle), "a delivery is under way while its post is on hold");
        let held = jobs.iter().any(|job| job.state == JobState::Held);
        must!(post.deleted || post.held == held, "on hold is {}, and of its deliveries {held}", post.held);
        if matches!(post.status, PostStatus::Scheduled | PostStatus::Held) {
            all_wait(post, &jobs)?;
        }
    }
    Ok(())
}

/// "Scheduled" promises every account of the post: each has its delivery, for what is signed off, at the time that is shown.
fn all_wait(post: &Post, jobs: &[&Job]) -> Holds {
    let schedule = post.schedule.as_ref().ok_or("scheduled without a time")?;
    let signed = post.sign_off.as_ref().ok_or("scheduled without a sign-off")?;
    for job in jobs.iter().filter(|job| job.state.is_open() || job.state == JobState::Held) {
        must!(job.hash == signed.hash, "a delivery waits for another text than the one that is signed");
        let now = job.released_at.is_some();
        must!(now || job.due_at == schedule.at, "a delivery waits for another time than the one that is shown");
        must!(post.draft.content_for(job.account).is_some(), "a delivery waits for an account that is no target");
    }
    for target in &post.draft.targets {
        let job = jobs.iter().find(|job| job.account == target.account).ok_or("scheduled without a delivery")?;
        let kept = job.state.is_open() || matches!(job.state, JobState::Held | JobState::Published | JobState::Skipped);
        must!(kept, "scheduled, and the delivery to an account is {:?}", job.state);
    }
    Ok(())
}

fn word(post: &Post, jobs: &[&Job]) -> PostStatus {
    let left_out = |job: &Job| job.state == JobState::Skipped && job.parts.iter().any(|part| part.remote.is_some());
    let shown = |job: &Job| if left_out(job) { JobState::Published } else { job.state };
    let any = |state| jobs.iter().any(|job| shown(job) == state);
    let open = jobs.iter().any(|job| job.state.is_open());
    let begun = |job: &&Job| job.parts.iter().any(|part| part.remote.is_some() || part.first_ticket_at.is_some());
    let going_out = jobs.iter().filter(|job| job.state.is_open()).any(begun);
    let current = post.schedule.as_ref().and_then(|schedule| ContentHash::of(&post.draft, schedule.at));
    let signed = post.sign_off.as_ref().is_some_and(|sign_off| Some(sign_off.hash) == current);
    match () {
        () if any(JobState::Unsure) => PostStatus::Unsure,
        () if any(JobState::Handed) => PostStatus::YourTurn,
        () if going_out || (open && any(JobState::Published)) => PostStatus::Publishing,
        () if any(JobState::Refused) => PostStatus::Failed,
        () if any(JobState::Missed) => PostStatus::Missed,
        () if (open || any(JobState::Held)) && !signed => PostStatus::InReview,
        () if any(JobState::Held) => PostStatus::Held,
        () if open => PostStatus::Scheduled,
        () if any(JobState::Published) => PostStatus::Published,
        () => PostStatus::Draft,
    }
}

/// Records against what really stands on the networks.
pub fn truth(world: &World) -> Holds {
    let jobs: BTreeMap<String, &Job> = world.jobs().map(|job| (job.id.to_string(), job)).collect();
    let mut counted: BTreeMap<(String, usize), usize> = BTreeMap::new();
    for network in world.networks.values() {
        must!(network.rewritten.is_none(), "other bytes under a used key: {:?}", network.rewritten);
        for posted in &network.posts {
            let (id, part, hash, text) = publisher::read(&posted.request);
            let job = jobs.get(&id).ok_or_else(|| format!("{id} was sent and is not there"))?;
            let count = counted.entry((id.clone(), part)).or_default();
            *count += 1;
            let decided = world.decided.get(&job.id).copied().unwrap_or(0);
            must!(
                *count <= 1 + decided,
                "part {part} of {id} stands {count} times on the network after {decided} decisions"
            );
            let signed = world.signed.get(&job.post).and_then(|all| all.iter().find(|(known, _)| *known == hash));
            let (_, draft) = signed.ok_or_else(|| format!("{text:?} was sent and never signed"))?;
            let content = draft.content_for(job.account).ok_or("sent to an account that was not signed")?;
            must!(
                content.outgoing().nth(part).is_some_and(|part| part.text == text),
                "{text:?} is not what was signed"
            );
        }
    }
    for job in jobs.values() {
        says_the_truth(world, job)?;
    }
    Ok(())
}

fn says_the_truth(world: &World, job: &Job) -> Holds {
    let posts = &world.networks[&job.account].posts;
    let denies = |part: &JobPart| {
        part.first_ticket_at.is_none()
            || matches!(job.state, JobState::Missed | JobState::Refused | JobState::Cancelled)
    };
    for (number, part) in job.parts.iter().enumerate() {
        match &part.remote {
            // a person said so, without an address
            Some(remote) if remote.id.is_empty() => {}
            Some(remote) => {
                let posted = posts.iter().find(|posted| posted.remote == *remote);
                let posted = posted.ok_or_else(|| format!("{} stands nowhere", remote.id))?;
                let (id, part, ..) = publisher::read(&posted.request);
                must!(id == job.id.to_string() && part == number, "part {number} points at part {part} of {id}");
            }
            None if denies(part) => {
                must!(posts.iter().all(|posted| posted.key != part.key), "{:?}, and it is there", job.state);
            }
            None => {}
        }
    }
    Ok(())
}

/// At the end of a story in which the world became kind: nothing waits any more, nothing was forgotten.
pub fn end(world: &World) -> Holds {
    for job in world.jobs() {
        must!(!job.state.is_open(), "still {:?} at the end: {:?}", job.state, job.reason);
        let Some(Record::Post(post)) = world.records.get(&Key::Post(job.post)) else {
            return Err("a job without its post".to_owned());
        };
        must!(post.deliveries.contains(&job.account), "its post does not know it");
    }
    Ok(())
}
