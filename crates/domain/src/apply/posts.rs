//! Posts: writing, planning, signing off.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::approvals::{approval, note_writer};
use super::{Authority, Context, Decided, View, bounded, bounded_count, not_repeated};
use crate::account::Account;
use crate::approval::Approval;
use crate::hash::ContentHash;
use crate::id::{AccountId, JobId, PostId};
use crate::job::{Job, JobPart, JobState, Plan, plus};
use crate::link_tags::LinkTags;
use crate::merge::{self, MergedDraft};
use crate::mutation::{ImportedPost, Mutation, PartKeys, Since, When};
use crate::post::{Card, Content, Draft, Merge, Outgoing, Post, PostStatus, SignOff};
use crate::record::{Key, Record, WriteSet};
use crate::reject::{Field, Reject};
use crate::schedule::Schedule;
use crate::text::{ImageFacts, PartText, Violation, check};

pub(super) fn apply(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    match mutation {
        Mutation::CreatePost { post, draft } => Ok(vec![Record::Post(new(context, set, *post, draft)?)]),
        Mutation::ImportPosts { posts, keys } => import(context, set, posts, *keys),
        Mutation::DiscardPosts { posts } => discard(context, set, posts),
        Mutation::EditDraft { post, read, draft, since: Some(since) } => {
            let old = set.post(*post)?;
            bounds(draft)?;
            bounded_count(Field::Posts, since.saves as usize, Since::SAVES_MAX as usize)?;
            if old.deleted {
                return Err(Reject::NotFound.into());
            }
            // not by the version: two desks count to the same number, and what stands there is another text
            let changed = match old.draft == since.base {
                true => Post { draft: draft.clone(), ..touched(old, context.now) },
                false => merged(context, old, draft, &since.base)?,
            };
            let version = old.version.checked_add(since.saves.max(1));
            let version = version.ok_or(Reject::Stale { read: *read, current: old.version })?;
            written(set, old, Post { version, ..changed })
        }
        Mutation::EditDraft { post, read, draft, since: None } => {
            written_over(context, set, set.post(*post)?, (*read, None), draft)
        }
        Mutation::RestoreVersion { post, read, seen, draft } => {
            written_over(context, set, set.post(*post)?, (*read, *seen), draft)
        }
        Mutation::SettleMerge { post, read, seen } => {
            let old = set.post(*post)?;
            as_read(context, old, *read, *seen)?;
            // the version stays: nothing that is sent was changed
            finish(set, Post { merge: None, updated_at: context.now, ..old.clone() }, Vec::new())
        }
        Mutation::DeletePost { post } => {
            let old = set.post(*post)?;
            if old.deleted {
                return Err(Reject::NotFound.into());
            }
            let jobs = cancel_open(set, old, context.now)?;
            finish(set, Post { deleted: true, ..touched(old, context.now) }, jobs)
        }
        Mutation::RestorePost { post, keys } => restore(context, set, set.post(*post)?, *keys),
        Mutation::SchedulePost { post, read, seen, when, keys } => {
            let old = set.post(*post)?;
            as_read(context, old, *read, *seen)?;
            sign_off(context, set, Post { schedule: Some(planned(context, when)?), ..touched(old, context.now) }, *keys)
        }
        Mutation::SignOff { post, read, seen, keys } => {
            let old = set.post(*post)?;
            as_read(context, old, *read, *seen)?;
            if old.schedule.is_none() {
                return Err(Reject::NotScheduled.into());
            }
            sign_off(context, set, touched(old, context.now), *keys)
        }
        Mutation::Unschedule { post } => unschedule(context, set, set.post(*post)?),
        _ => Err(Reject::NotFound.into()),
    }
}

/// The whole draft as somebody wrote it, in place of the one that they read.
fn written_over(
    context: &Context,
    set: View<'_>,
    old: &Post,
    (read, seen): (u32, Option<ContentHash>),
    draft: &Draft,
) -> Decided {
    bounds(draft)?;
    as_read(context, old, read, seen)?;
    written(set, old, Post { draft: draft.clone(), ..touched(old, context.now) })
}

/// Another draft in place of the old one.
fn written(set: View<'_>, old: &Post, changed: Post) -> Decided {
    if matches!(old.status, PostStatus::Publishing | PostStatus::Published) {
        return Err(Reject::AlreadySent.into());
    }
    let jobs = if changed.draft == old.draft { Vec::new() } else { take_back(set, old)? };
    finish(set, changed, jobs)
}

/// What `draft` changed of `base`, in the draft that stands there by now.
fn merged(context: &Context, old: &Post, draft: &Draft, base: &Draft) -> Decided<Post> {
    bounds(base)?;
    let MergedDraft { draft: both, overlaps } = merge::draft(base, draft, &old.draft);
    // each side is within the bounds, both together need not be
    bounds(&both)?;
    let review = match (overlaps, &old.merge) {
        (false, unread) => unread.clone(),
        (true, unread) => {
            let (base, mine, theirs) = (base.clone(), draft.clone(), old.draft.clone());
            let earlier = unread.as_deref().map_or_else(|| Ok(Vec::new()), |unread| earlier(unread, &both))?;
            Some(Box::new(Merge { by: context.actor, at: context.now, base, mine, theirs, earlier }))
        }
    };
    Ok(Post { draft: both, merge: review, ..touched(old, context.now) })
}

/// The sides of a merge that nobody has read when the next one comes. What all stands in the text makes room for what does not.
///
/// # Errors
/// Words would stand nowhere: somebody reads first.
fn earlier(unread: &Merge, text: &Draft) -> Result<Vec<Draft>, Reject> {
    let mut sides: Vec<Draft> = Vec::new();
    for side in unread.earlier.iter().chain([&unread.theirs, &unread.mine]) {
        if !sides.contains(side) {
            sides.push(side.clone());
        }
    }
    while sides.len() > Merge::EARLIER_MAX {
        let in_text = sides.iter().position(|side| merge::holds(text, side)).ok_or(Reject::MergeUnread)?;
        sides.remove(in_text);
    }
    Ok(sides)
}

pub(super) const PAST_TOLERANCE_S: i64 = 60;

pub(super) fn new(context: &Context, set: View<'_>, post: PostId, draft: &Draft) -> Decided<Post> {
    set.absent(Key::Post(post))?;
    bounds(draft)?;
    Ok(Post {
        id: post,
        author: context.actor,
        draft: draft.clone(),
        schedule: None,
        place: None,
        sign_off: None,
        held: false,
        merge: None,
        review: None,
        status: PostStatus::Draft,
        version: 1,
        deliveries: Vec::new(),
        deleted: false,
        created_at: context.now,
        updated_at: context.now,
    })
}

pub(super) fn planned(context: &Context, when: &When) -> Result<Schedule, Reject> {
    let (schedule, _) =
        Schedule::resolve(when.local, &when.zone, when.fold).map_err(|error| Reject::Schedule { error })?;
    // "now" was chosen a moment ago
    if plus(schedule.at, PAST_TOLERANCE_S) < context.now { Err(Reject::InThePast) } else { Ok(schedule) }
}

fn import(context: &Context, set: View<'_>, posts: &[ImportedPost], keys: PartKeys) -> Decided {
    bounded_count(Field::Posts, posts.len(), ImportedPost::POSTS_MAX)?;
    // everything at once: asking post by post would begin anew for each
    set.need(posts.iter().flat_map(|one| {
        let accounts = one.draft.targets.iter().map(|target| target.account);
        let of_account = |account| [Key::Account(account), Key::Job(JobId::of(one.post, account))];
        std::iter::once(Key::Post(one.post)).chain(accounts.flat_map(of_account))
    }))?;
    let (mut writes, mut keys) = (WriteSet::new(), keys);
    for one in posts {
        let post = new(context, set, one.post, &one.draft)?;
        let Some(when) = &one.when else {
            writes.push(Record::Post(post));
            continue;
        };
        writes.extend(sign_off(context, set, Post { schedule: Some(planned(context, when)?), ..post }, keys)?);
        keys = keys.skip(keys_of(&one.draft));
    }
    Ok(writes)
}

/// How many idempotency keys a sign-off of this takes: one for each part of each account.
pub(super) fn keys_of(draft: &Draft) -> u64 {
    let contents = draft.targets.iter().filter_map(|target| draft.content_for(target.account));
    contents.map(|content| content.outgoing().count() as u64).sum()
}

/// How many a restoration takes at most: what was signed off then may have had more parts than what stands there now.
pub(super) fn keys_of_jobs(set: View<'_>, post: &Post) -> Decided<u64> {
    Ok(jobs_of(set, post)?.into_iter().map(|job| job.parts.len() as u64).sum())
}

fn discard(context: &Context, set: View<'_>, posts: &[PostId]) -> Decided {
    set.need(posts.iter().map(|post| Key::Post(*post)))?;
    let known: Vec<&Post> = posts.iter().map(|post| set.post(*post)).collect::<Decided<_>>()?;
    set.need(known.iter().flat_map(|post| job_ids(post)).map(Key::Job))?;
    delete(context, set, &known)
}

/// Deletes what has not begun to go out.
pub(super) fn delete(context: &Context, set: View<'_>, posts: &[&Post]) -> Decided {
    let mut writes = WriteSet::new();
    for post in posts.iter().filter(|post| !post.deleted && !is_out(post)) {
        let jobs = cancel_open(set, post, context.now)?;
        writes.extend(finish(set, Post { deleted: true, ..touched(post, context.now) }, jobs)?);
    }
    Ok(writes)
}

/// It went out, is about to, or may have.
pub(super) fn is_out(post: &Post) -> bool {
    matches!(post.status, PostStatus::Publishing | PostStatus::Published | PostStatus::Unsure)
}

pub(super) fn touched(post: &Post, now: Timestamp) -> Post {
    Post { version: post.version.saturating_add(1), updated_at: now, ..post.clone() }
}

/// The version that was read, and what the person saw of it.
pub(super) fn as_read(context: &Context, post: &Post, read: u32, seen: Option<ContentHash>) -> Result<(), Reject> {
    fresh(post, read)?;
    as_seen(context, post, seen)
}

/// In a team a number says nothing: two desks count to the same one, with different texts. Nothing is signed off, settled or
/// written over that the person did not see.
pub(super) fn as_seen(context: &Context, post: &Post, seen: Option<ContentHash>) -> Result<(), Reject> {
    #[cfg(feature = "planted")]
    if crate::planted::is(crate::planted::Planted::SeenNotCompared) {
        return Ok(());
    }
    match seen {
        Some(seen) if seen == post.seen() => Ok(()),
        None if context.authority == Authority::Solo => Ok(()),
        _ => Err(Reject::NotAsRead),
    }
}

fn fresh(post: &Post, read: u32) -> Result<(), Reject> {
    if post.deleted {
        return Err(Reject::NotFound);
    }
    if post.version == read { Ok(()) } else { Err(Reject::Stale { read, current: post.version }) }
}

pub(super) fn bounds(draft: &Draft) -> Result<(), Reject> {
    bounded(Field::Title, &draft.title, Draft::TITLE_MAX)?;
    bounded_count(Field::Accounts, draft.targets.len(), Draft::TARGETS_MAX)?;
    not_repeated(draft.targets.iter().map(|target| target.account))?;
    tag_bounds(draft.link_tags.as_ref())?;
    std::iter::once(&draft.base)
        .chain(draft.targets.iter().filter_map(|target| target.variant.as_ref()))
        .try_for_each(content_bounds)
}

pub(super) fn tag_bounds(tags: Option<&LinkTags>) -> Result<(), Reject> {
    let values = tags.map(LinkTags::values).unwrap_or_default();
    values.into_iter().try_for_each(|value| bounded(Field::LinkTag, value, LinkTags::VALUE_MAX))
}

fn content_bounds(content: &Content) -> Result<(), Reject> {
    if content.parts.is_empty() {
        return Err(Reject::Empty { field: Field::Parts });
    }
    bounded_count(Field::Parts, content.parts.len(), Content::PARTS_MAX)?;
    bounded(Field::ContentWarning, &content.content_warning, Content::WARNING_MAX)?;
    bounded(Field::Text, &content.first_comment, Content::TEXT_MAX)?;
    content.parts.iter().try_for_each(|part| {
        if part.wait_s > Content::WAIT_MAX_S {
            let (measured, limit) = (part.wait_s.into(), Content::WAIT_MAX_S.into());
            return Err(Reject::TooLong { field: Field::Wait, measured, limit });
        }
        bounded(Field::Text, &part.text, Content::TEXT_MAX)?;
        if let Some(card) = &part.card {
            bounded(Field::Card, &card.url, Card::URL_MAX)?;
            bounded(Field::Card, &card.title, Card::TITLE_MAX)?;
            bounded(Field::Card, &card.description, Card::DESCRIPTION_MAX)?;
        }
        bounded_count(Field::Images, part.images.len(), Content::IMAGES_MAX)?;
        part.images.iter().try_for_each(|image| bounded(Field::AltText, &image.alt, Content::ALT_MAX))
    })
}

/// What breaks a rule of the account's network, by part. The composer, the sign-off and the publisher all ask this.
/// `facts` tells what is known of an image; an unknown image is judged by the text alone.
pub fn content_violations<'a>(
    account: &Account,
    content: &'a Content,
    mut facts: impl FnMut(&'a crate::post::Image) -> Option<ImageFacts<'a>>,
) -> Vec<(u32, Vec<Violation>)> {
    let mut found = Vec::new();
    for (number, part) in content.outgoing().enumerate() {
        let images: Vec<ImageFacts<'_>> = part.images.iter().filter_map(&mut facts).collect();
        let violations = check(account.rules(), part_text(content, part, &images));
        if !violations.is_empty() {
            found.push((u32::try_from(number).unwrap_or(u32::MAX), violations));
        }
    }
    found
}

fn part_text<'a>(content: &'a Content, part: Outgoing<'a>, images: &'a [ImageFacts<'a>]) -> PartText<'a> {
    let Outgoing { text, is_comment, .. } = part;
    PartText { text, content_warning: &content.content_warning, images, is_comment }
}

/// Signs off exactly what stands there: checks every rule, then puts one job per account on the schedule.
pub(super) fn sign_off(context: &Context, set: View<'_>, post: Post, keys: PartKeys) -> Decided {
    if post.merge.is_some() {
        return Err(Reject::MergeUnread.into());
    }
    let schedule = post.schedule.as_ref().ok_or(Reject::NotScheduled)?;
    let hash = post.current_hash().ok_or(Reject::NoAccounts)?;
    let targets: BTreeSet<AccountId> = post.draft.targets.iter().map(|target| target.account).collect();
    let images =
        post.draft.targets.iter().filter_map(|target| post.draft.content_for(target.account)).flat_map(Content::media);
    set.need(
        targets
            .iter()
            .flat_map(|account| [Key::Account(*account), Key::Job(JobId::of(post.id, *account))])
            .chain(post.deliveries.iter().map(|account| Key::Job(JobId::of(post.id, *account))))
            .chain(images.map(Key::Media)),
    )?;

    let mut jobs = Vec::new();
    let mut used = 0;
    for account_id in &targets {
        let account = set.account(*account_id)?;
        if account.removed {
            return Err(Reject::AccountUnavailable { account: *account_id }.into());
        }
        let content = post.draft.sent_to(account).ok_or(Reject::NoAccounts)?;
        obeys_rules(set, account, &content)?;
        // from 1, as since the first version
        let first = used + 1;
        let parts = JobPart::all_of(&content, |n| keys.key(first + n));
        used += parts.len() as u64;
        let plan = Plan { due_at: schedule.at, grace_s: account.grace_s, hash, parts };
        jobs.push(match set.find(Key::Job(JobId::of(post.id, *account_id)))? {
            Some(Record::Job(job)) => job.clone().plan(plan)?,
            _ => Job::new(post.id, *account_id, plan),
        });
    }
    if post.held {
        // another time, or another text, is no word to let it go
        jobs = jobs
            .into_iter()
            .map(|job| if job.can_be_held() { job.hold() } else { Ok(job) })
            .collect::<Result<_, _>>()?;
    }
    if jobs.iter().all(|job| job.state == JobState::Published) {
        // a new time would be a lie about what is out
        return Err(Reject::AlreadySent.into());
    }
    // accounts that were signed off before and are no longer wanted
    for account in post.deliveries.iter().filter(|account| !targets.contains(account)) {
        let job = set.job(JobId::of(post.id, *account))?;
        if job.state.before_send() {
            jobs.push(job.clone().cancel(context.now)?);
        }
    }
    let mut deliveries: BTreeSet<AccountId> = post.deliveries.iter().copied().collect();
    deliveries.extend(targets);
    let sign_off = SignOff { by: context.actor, at: context.now, hash };
    finish(set, Post { sign_off: Some(sign_off), deliveries: deliveries.into_iter().collect(), ..post }, jobs)
}

fn obeys_rules<'a>(set: View<'a>, account: &Account, content: &'a Content) -> Result<(), super::Halt> {
    for media in content.media() {
        if set.find(Key::Media(media))?.is_none() {
            return Err(Reject::MediaMissing.into());
        }
    }
    let broken = content_violations(account, content, |image| {
        let media = set.media(image.media).ok()?;
        Some(ImageFacts::of(media, &image.alt))
    });
    match broken.into_iter().next() {
        Some((part, violations)) => Err(Reject::BreaksRules { account: account.id, part, violations }.into()),
        None => Ok(()),
    }
}

/// Whoever is making a delivery ready has read the text as it was: they must not come back with it, not even if it is
/// changed back by then. A delivery that has begun is brought to its end with the text that it began with.
pub(super) fn take_back(set: View<'_>, post: &Post) -> Decided<Vec<Job>> {
    let mut taken = Vec::new();
    for job in jobs_of(set, post)? {
        if job.state.is_open() && (job.begun() || !job.state.before_send()) {
            return Err(Reject::AlreadySent.into());
        }
        if matches!(job.state, JobState::Claimed | JobState::Prepared | JobState::Handed) {
            taken.push(job.clone().take_back()?);
        }
    }
    Ok(taken)
}

/// Brings a deleted post back as it was. What the deletion called off waits again for what was signed off then; if it is too
/// late for all of it, it is a draft.
pub(super) fn restore(context: &Context, set: View<'_>, old: &Post, keys: PartKeys) -> Decided {
    if !old.deleted {
        return Err(Reject::Exists.into());
    }
    let restored = Post { deleted: false, ..touched(old, context.now) };
    let jobs = jobs_of(set, old)?;
    let called_off: Vec<&Job> = jobs
        .iter()
        .copied()
        .filter(|job| job.state == JobState::Cancelled && job.finished_at == Some(old.updated_at))
        .collect();
    // what is on hold is never too late by itself
    if !old.held && called_off.iter().all(|job| context.now > job.latest_start()) {
        // what went out, or waits for a decision, keeps its time
        let draft = !called_off.is_empty() && jobs.iter().all(|job| job.state == JobState::Cancelled);
        let restored = if draft { Post { schedule: None, sign_off: None, ..restored } } else { restored };
        return finish(set, restored, Vec::new());
    }
    let mut used = 0;
    let mut waiting = Vec::new();
    for job in called_off {
        let first = used;
        used += job.parts.len() as u64;
        let again = job.clone().wait_again(|n| keys.key(first + n))?;
        waiting.push(if old.held && again.can_be_held() { again.hold()? } else { again });
    }
    finish(set, restored, waiting)
}

/// Takes off the schedule what has not gone out. A post of which something is out keeps its time: it is history.
pub(super) fn unschedule(context: &Context, set: View<'_>, old: &Post) -> Decided {
    if old.deleted {
        return Err(Reject::NotFound.into());
    }
    if old.schedule.is_none() {
        return Err(Reject::NotScheduled.into());
    }
    let mut jobs = cancel_open(set, old, context.now)?;
    let mut out = false;
    for job in jobs_of(set, old)? {
        match job.state {
            // nothing was sent, and without a time nothing could be decided about it
            JobState::Missed | JobState::Refused if !job.parts.iter().any(|part| part.remote.is_some()) => {
                jobs.push(job.clone().cancel(context.now)?);
            }
            JobState::Missed | JobState::Refused | JobState::Published | JobState::Unsure => out = true,
            _ => {}
        }
    }
    if out && jobs.is_empty() {
        return Err(Reject::AlreadySent.into());
    }
    let changed = Post { held: false, ..touched(old, context.now) };
    finish(set, if out { changed } else { Post { schedule: None, sign_off: None, ..changed } }, jobs)
}

pub(super) fn jobs_of<'a>(set: View<'a>, post: &Post) -> Decided<Vec<&'a Job>> {
    set.need(job_ids(post).map(Key::Job))?;
    job_ids(post).map(|id| set.job(id)).collect()
}

pub(super) fn cancel_open(set: View<'_>, post: &Post, now: Timestamp) -> Decided<Vec<Job>> {
    let mut cancelled = Vec::new();
    for job in jobs_of(set, post)? {
        match job.state {
            JobState::Sending | JobState::Reconciling => return Err(Reject::AlreadySent.into()),
            JobState::Scheduled | JobState::Held | JobState::Claimed | JobState::Prepared | JobState::Handed => {
                cancelled.push(job.clone().cancel(now)?);
            }
            _ => {}
        }
    }
    Ok(cancelled)
}

/// Writes jobs and post together, the post with the word that follows from all its jobs.
pub(super) fn finish(set: View<'_>, mut post: Post, jobs: Vec<Job>) -> Decided {
    note_writer(set, &mut post)?;
    let (word, held) = status(set, &post, &jobs)?;
    post.status = word;
    // what comes later is not held back by what nobody sees any more
    post.held &= held || post.deleted;
    let mut writes: WriteSet = jobs.into_iter().map(Record::Job).collect();
    writes.push(Record::Post(post));
    Ok(writes)
}

/// The post's one word, from its jobs, and whether any is held back; `changed` lie over what is stored.
fn status(set: View<'_>, post: &Post, changed: &[Job]) -> Decided<(PostStatus, bool)> {
    let ids: Vec<JobId> = job_ids(post).collect();
    let stored = ids.iter().filter(|id| !changed.iter().any(|job| job.id == **id));
    set.need(stored.map(|id| Key::Job(*id)))?;
    let mut states = BTreeSet::new();
    let mut going_out = false;
    for id in &ids {
        let job = match changed.iter().find(|job| job.id == *id) {
            Some(job) => job,
            None => set.job(*id)?,
        };
        // what is out of a thread that was not brought to its end is out
        let left_out = job.state == JobState::Skipped && job.remote().is_some();
        states.insert(if left_out { JobState::Published } else { job.state });
        going_out |= job.state.is_open() && job.begun();
    }
    let word = match word(&states, going_out) {
        word @ (PostStatus::Scheduled | PostStatus::Held) => match approval(set, post)? {
            Approval::NotNeeded | Approval::Approved | Approval::Overridden if post.is_signed() => word,
            Approval::ChangesRequested => PostStatus::ChangesRequested,
            Approval::Rejected => PostStatus::Rejected,
            _ => PostStatus::InReview,
        },
        word => word,
    };
    Ok((word, states.contains(&JobState::Held)))
}

/// What needs a person comes first, then what moves, then what waits, then what is done. `going_out`: a delivery is under
/// way, also between two parts of a thread or before a repeat.
fn word(states: &BTreeSet<JobState>, going_out: bool) -> PostStatus {
    let any = |state| states.contains(&state);
    let open = states.iter().any(|state| state.is_open());
    let held = any(JobState::Held);
    if any(JobState::Unsure) {
        PostStatus::Unsure
    } else if any(JobState::Handed) {
        PostStatus::YourTurn
    } else if going_out || (open && any(JobState::Published)) {
        PostStatus::Publishing
    } else if any(JobState::Refused) {
        PostStatus::Failed
    } else if any(JobState::Missed) {
        PostStatus::Missed
    } else if held {
        PostStatus::Held
    } else if open {
        PostStatus::Scheduled
    } else if any(JobState::Published) {
        PostStatus::Published
    } else {
        PostStatus::Draft
    }
}

/// The ids of all jobs of a post.
pub(super) fn job_ids(post: &Post) -> impl Iterator<Item = JobId> + use<'_> {
    let id: PostId = post.id;
    post.deliveries.iter().map(move |account| JobId::of(id, *account))
}
