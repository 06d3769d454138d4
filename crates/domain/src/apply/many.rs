//! One thing done to many posts at once. What it cannot be done to stays as it is, and stands in nobody's way.

use std::collections::BTreeSet;

use super::posts::{
    as_seen, cancel_open, finish, jobs_of, keys_of, keys_of_jobs, planned, restore, sign_off, tag_bounds, take_back,
    touched, unschedule,
};
use super::{Context, Decided, Halt, View, bounded_count};
use crate::hash::ContentHash;
use crate::id::{JobId, PersonaId, PostId};
use crate::job::{Job, JobState, plus};
use crate::link_tags::LinkTags;
use crate::mutation::{Keep, Mutation, PartKeys, PostsChange, Stood, When};
use crate::post::{Draft, Post, PostStatus};
use crate::record::{Key, Record, WriteSet};
use crate::reject::{Field, Reject};
use crate::schedule::Schedule;

pub(super) fn apply(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    match mutation {
        Mutation::ChangePosts { posts, change, seen, keys } => {
            // further changes are read first: asking post by post would begin anew for each
            load(set, posts.iter().copied())?;
            each(posts, *keys, |post, keys| {
                let old = set.post(*post)?;
                if change.signs_off() && !old.deleted {
                    as_seen(context, old, seen.get(post).copied())?;
                }
                Ok((one(context, set, old, change, keys)?, keys_of(&old.draft)))
            })
        }
        Mutation::RestorePosts { posts, keys } => {
            load(set, posts.iter().copied())?;
            each(posts, *keys, |post, keys| {
                let old = set.post(*post)?;
                Ok((restore(context, set, old, keys)?, keys_of_jobs(set, old)?))
            })
        }
        Mutation::PutBackPosts { posts, keys } => {
            load(set, posts.iter().map(|earlier| earlier.post))?;
            each(posts, *keys, |earlier, keys| {
                let old = set.post(earlier.post)?;
                Ok((put_back(context, set, old, &earlier.stood, keys)?, keys_of(&old.draft)))
            })
        }
        _ => Err(Reject::NotFound.into()),
    }
}

/// Everything that the posts may need, in three questions instead of one for each.
fn load(set: View<'_>, posts: impl Iterator<Item = PostId> + Clone) -> Decided<()> {
    bounded_count(Field::Posts, posts.clone().count(), PostsChange::POSTS_MAX)?;
    set.need(posts.clone().map(Key::Post))?;
    let known = posts.filter_map(|post| match set.get(Key::Post(post)) {
        Some(Some(Record::Post(post))) => Some(post),
        _ => None,
    });
    super::approvals::load(set, known.clone())?;
    set.need(known.flat_map(|post| {
        let accounts: BTreeSet<_> =
            post.deliveries.iter().copied().chain(post.draft.targets.iter().map(|target| target.account)).collect();
        let images = post.draft.images().into_iter().map(Key::Media);
        let of_account = |account| [Key::Account(account), Key::Job(JobId::of(post.id, account))];
        accounts.into_iter().flat_map(of_account).chain(images).collect::<Vec<_>>()
    }))
}

/// Does it to each that lets it; refused only if none does, with the reason of the first.
fn each<T>(all: &[T], mut keys: PartKeys, mut change: impl FnMut(&T, PartKeys) -> Decided<(WriteSet, u64)>) -> Decided {
    let (mut writes, mut refusal) = (WriteSet::new(), None);
    let mut written = BTreeSet::new();
    for one in all {
        match change(one, keys) {
            Ok((some, used)) => {
                // whoever names a post twice means it once
                if some.iter().all(|record| written.insert(record.key())) {
                    writes.extend(some);
                }
                keys = keys.skip(used);
            }
            Err(Halt::Reject(reject)) => drop(refusal.get_or_insert(reject)),
            Err(need) => return Err(need),
        }
    }
    match refusal {
        Some(reject) if writes.is_empty() => Err(Halt::Reject(reject)),
        _ if writes.is_empty() => Err(Reject::Empty { field: Field::Posts }.into()),
        _ => Ok(writes),
    }
}

fn one(context: &Context, set: View<'_>, old: &Post, change: &PostsChange, keys: PartKeys) -> Decided {
    if old.deleted {
        return Err(Reject::NotFound.into());
    }
    match change {
        PostsChange::Hold => hold(context, set, old),
        PostsChange::Resume => resume(context, set, old),
        PostsChange::Shift { days } => {
            let schedule = waiting(set, old)?;
            let local = jiff::Span::new().try_days(*days).and_then(|by| schedule.local.checked_add(by));
            let local = local.map_err(|_| Reject::Schedule { error: crate::schedule::ScheduleError::OutOfRange })?;
            let when = When { local, zone: schedule.zone.clone(), fold: schedule.fold };
            move_to(context, set, old, &when, keys)
        }
        PostsChange::MoveTo { when } => {
            if old.status != PostStatus::Draft || old.schedule.is_some() {
                waiting(set, old)?;
            }
            move_to(context, set, old, when, keys)
        }
        PostsChange::Delete => {
            let jobs = cancel_open(set, old, context.now)?;
            finish(set, Post { deleted: true, ..touched(old, context.now) }, jobs)
        }
        PostsChange::Unschedule => {
            // all that is done together is taken back together, and no undo signs what is not signed
            waiting(set, old)?;
            unschedule(context, set, old)
        }
        PostsChange::Rezone { keep } => {
            let schedule = waiting(set, old)?;
            let of_zone = |error| Reject::Schedule { error };
            let kept = match (keep, schedule.moved().map_err(of_zone)?) {
                (_, None) => return Ok(WriteSet::new()),
                (Keep::Clock, Some(moved)) => moved,
                (Keep::Instant, Some(_)) => Schedule::at_instant(schedule.at, &schedule.zone).map_err(of_zone)?,
            };
            move_to(context, set, old, &When { local: kept.local, zone: kept.zone, fold: kept.fold }, keys)
        }
        PostsChange::Persona { persona } => {
            let link_tags = tags_of(set, *persona)?;
            speak_as(context, set, old, *persona, link_tags)
        }
    }
}

fn move_to(context: &Context, set: View<'_>, old: &Post, when: &When, keys: PartKeys) -> Decided {
    let schedule = Some(planned(context, when)?);
    if old.schedule == schedule {
        return Ok(WriteSet::new());
    }
    sign_off(context, set, Post { schedule, ..touched(old, context.now) }, keys)
}

/// What moves is scheduled and signed off: moving signs off what stands there, and nothing may be signed off by a gesture that
/// looks like something else.
fn waiting<'a>(set: View<'_>, post: &'a Post) -> Decided<&'a Schedule> {
    for job in jobs_of(set, post)? {
        match job.state {
            // a new time would be a lie about what is out
            JobState::Published => return Err(Reject::AlreadySent.into()),
            // nothing sends what a person had decided not to send
            state @ JobState::Skipped => return Err(Reject::JobIs { state }.into()),
            _ => {}
        }
    }
    match (post.status, &post.schedule) {
        (_, Some(schedule)) if post.is_planned() => Ok(schedule),
        (status, _) if status.is_in_review() => Err(Reject::NotSignedOff.into()),
        (PostStatus::Draft, _) | (_, None) => Err(Reject::NotScheduled.into()),
        _ => Err(Reject::AlreadySent.into()),
    }
}

/// Puts a post on hold: what has not begun to go out waits until it is resumed.
fn hold(context: &Context, set: View<'_>, old: &Post) -> Decided {
    let all = jobs_of(set, old)?;
    // what came too late waits again only for what is signed now
    let signed = |job: &Job| old.sign_off.as_ref().is_some_and(|sign_off| sign_off.hash == job.hash);
    let waits = |job: &Job| job.can_be_held() && (job.state.before_send() || signed(job));
    let jobs: Vec<_> =
        all.iter().filter(|job| waits(job)).map(|job| (*job).clone().hold()).collect::<Result<_, _>>()?;
    if jobs.is_empty() {
        let held = old.held && all.iter().any(|job| job.state == JobState::Held);
        return Err(match () {
            () if held => Reject::OnHold,
            () if all.is_empty() || old.schedule.is_none() => Reject::NotScheduled,
            () => Reject::AlreadySent,
        }
        .into());
    }
    finish(set, Post { held: true, updated_at: context.now, ..old.clone() }, jobs)
}

/// Lets it go as planned, or asks what to do if its time is over.
fn resume(context: &Context, set: View<'_>, old: &Post) -> Decided {
    if !old.held {
        return Err(Reject::NotOnHold.into());
    }
    let mut jobs = Vec::new();
    for job in jobs_of(set, old)?.into_iter().filter(|job| job.state == JobState::Held) {
        let by_hand = set.account(job.account)?.is_by_hand();
        jobs.push(job.clone().resume(by_hand, context.now)?);
    }
    finish(set, Post { held: false, updated_at: context.now, ..old.clone() }, jobs)
}

/// The tags that a persona brings along, if it is still there.
fn tags_of(set: View<'_>, persona: Option<PersonaId>) -> Decided<Option<LinkTags>> {
    let Some(persona) = persona else { return Ok(None) };
    match set.persona(persona)? {
        persona if persona.deleted => Err(Reject::NotFound.into()),
        persona => Ok(persona.text.link_tags.clone()),
    }
}

/// As an edit of the draft: what was signed off waits to be signed off again.
fn speak_as(
    context: &Context,
    set: View<'_>,
    old: &Post,
    persona: Option<PersonaId>,
    link_tags: Option<LinkTags>,
) -> Decided {
    if matches!(old.status, PostStatus::Publishing | PostStatus::Published) {
        return Err(Reject::AlreadySent.into());
    }
    if old.draft.persona == persona {
        return Ok(WriteSet::new());
    }
    let draft = Draft { persona, link_tags, ..old.draft.clone() };
    let jobs = take_back(set, old)?;
    finish(set, Post { draft, ..touched(old, context.now) }, jobs)
}

fn put_back(context: &Context, set: View<'_>, old: &Post, stood: &Stood, keys: PartKeys) -> Decided {
    if old.deleted {
        return Err(Reject::NotFound.into());
    }
    match stood {
        Stood::At { schedule, hash, held } => {
            if old.status != PostStatus::Draft && !old.is_planned() {
                return Err(Reject::AlreadySent.into());
            }
            if old.schedule.as_ref() == Some(schedule) && old.held == *held {
                return Ok(WriteSet::new());
            }
            // no undo may sign what nobody had signed
            if ContentHash::of(&old.draft, schedule.at) != Some(*hash) {
                return Err(Reject::ChangedAfterSignOff.into());
            }
            // a zone that there is, so not any text either
            schedule.moved().map_err(|error| Reject::Schedule { error })?;
            if plus(schedule.at, super::posts::PAST_TOLERANCE_S) < context.now && !held {
                return Err(Reject::InThePast.into());
            }
            let back = Post { schedule: Some(schedule.clone()), held: *held, ..touched(old, context.now) };
            sign_off(context, set, back, keys)
        }
        Stood::Nowhere if old.schedule.is_none() => Ok(WriteSet::new()),
        Stood::Nowhere => unschedule(context, set, old),
        Stood::Spoke { persona, link_tags } => {
            tags_of(set, *persona)?;
            tag_bounds(link_tags.as_ref())?;
            speak_as(context, set, old, *persona, link_tags.clone())
        }
    }
}
