//! Posts: writing, planning, signing off.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Context, Decided, bounded, bounded_count, not_repeated};
use crate::account::{Account, Limits};
use crate::hash::ContentHash;
use crate::id::{AccountId, JobId, PostId};
use crate::job::{Job, JobState, Plan, plus};
use crate::mutation::{Mutation, PartKeys};
use crate::post::{Content, Draft, Part, Post, PostStatus, SignOff};
use crate::record::{Key, Record, WorkingSet, WriteSet};
use crate::reject::{Field, Reject};
use crate::schedule::Schedule;
use crate::text::{ImageFacts, NetworkRules, PartText, Violation, check};

pub(super) fn apply(context: &Context, set: &WorkingSet, mutation: &Mutation) -> Decided {
    match mutation {
        Mutation::CreatePost { post, draft } => {
            set.absent(Key::Post(*post))?;
            bounds(draft)?;
            Ok(vec![Record::Post(Post {
                id: *post,
                author: context.actor,
                draft: draft.clone(),
                schedule: None,
                sign_off: None,
                status: PostStatus::Draft,
                version: 1,
                deliveries: Vec::new(),
                deleted: false,
                created_at: context.now,
                updated_at: context.now,
            })])
        }
        Mutation::EditDraft { post, read, draft } => {
            let old = set.post(*post)?;
            bounds(draft)?;
            fresh(old, *read)?;
            if matches!(old.status, PostStatus::Publishing | PostStatus::Published) {
                return Err(Reject::AlreadySent.into());
            }
            let changed = Post { draft: draft.clone(), ..touched(old, context.now) };
            finish(set, changed, Vec::new())
        }
        Mutation::DeletePost { post } => {
            let old = set.post(*post)?;
            let jobs = cancel_open(set, old, context.now)?;
            finish(set, Post { deleted: true, ..touched(old, context.now) }, jobs)
        }
        Mutation::RestorePost { post, keys } => {
            let old = set.post(*post)?;
            let restored = Post { deleted: false, ..touched(old, context.now) };
            let still_ahead = old.schedule.as_ref().is_some_and(|schedule| schedule.at > context.now);
            let signed = old.sign_off.as_ref().is_some_and(|sign_off| Some(sign_off.hash) == current_hash(old));
            if still_ahead && signed {
                return sign_off(context, set, restored, *keys);
            }
            finish(set, Post { schedule: None, ..restored }, Vec::new())
        }
        Mutation::SchedulePost { post, read, when, keys } => {
            let old = set.post(*post)?;
            fresh(old, *read)?;
            let (schedule, _) =
                Schedule::resolve(when.local, &when.zone, when.fold).map_err(|error| Reject::Schedule { error })?;
            // "now" was chosen a moment ago
            if plus(schedule.at, PAST_TOLERANCE_S) < context.now {
                return Err(Reject::InThePast.into());
            }
            sign_off(context, set, Post { schedule: Some(schedule), ..touched(old, context.now) }, *keys)
        }
        Mutation::SignOff { post, read, keys } => {
            let old = set.post(*post)?;
            fresh(old, *read)?;
            if old.schedule.is_none() {
                return Err(Reject::NotScheduled.into());
            }
            sign_off(context, set, touched(old, context.now), *keys)
        }
        Mutation::Unschedule { post } => {
            let old = set.post(*post)?;
            if old.schedule.is_none() {
                return Err(Reject::NotScheduled.into());
            }
            let jobs = cancel_open(set, old, context.now)?;
            finish(set, Post { schedule: None, sign_off: None, ..touched(old, context.now) }, jobs)
        }
        _ => Err(Reject::NotFound.into()),
    }
}

const PAST_TOLERANCE_S: i64 = 60;

fn touched(post: &Post, now: Timestamp) -> Post {
    Post { version: post.version.saturating_add(1), updated_at: now, ..post.clone() }
}

fn fresh(post: &Post, read: u32) -> Result<(), Reject> {
    if post.deleted {
        return Err(Reject::NotFound);
    }
    if post.version == read { Ok(()) } else { Err(Reject::Stale { read, current: post.version }) }
}

/// The hash of what stands there now, for the time that is set; `None` without a time or without accounts.
pub(super) fn current_hash(post: &Post) -> Option<ContentHash> {
    ContentHash::of(&post.draft, post.schedule.as_ref()?.at)
}

fn bounds(draft: &Draft) -> Result<(), Reject> {
    bounded(Field::Title, &draft.title, Draft::TITLE_MAX)?;
    bounded_count(Field::Accounts, draft.targets.len(), Draft::TARGETS_MAX)?;
    not_repeated(draft.targets.iter().map(|target| target.account))?;
    std::iter::once(&draft.base)
        .chain(draft.targets.iter().filter_map(|target| target.variant.as_ref()))
        .try_for_each(content_bounds)
}

fn content_bounds(content: &Content) -> Result<(), Reject> {
    if content.parts.is_empty() {
        return Err(Reject::Empty { field: Field::Parts });
    }
    bounded_count(Field::Parts, content.parts.len(), Content::PARTS_MAX)?;
    bounded(Field::ContentWarning, &content.content_warning, Content::WARNING_MAX)?;
    content.parts.iter().try_for_each(|part| {
        bounded(Field::Text, &part.text, Content::TEXT_MAX)?;
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
    let rules = match &account.profile.limits {
        Limits::Bluesky => NetworkRules::Bluesky,
        Limits::Mastodon(limits) => NetworkRules::Mastodon(limits),
    };
    let mut found = Vec::new();
    for (number, part) in content.parts.iter().enumerate() {
        let images: Vec<ImageFacts<'_>> = part.images.iter().filter_map(&mut facts).collect();
        let violations = check(rules, part_text(content, part, &images));
        if !violations.is_empty() {
            found.push((u32::try_from(number).unwrap_or(u32::MAX), violations));
        }
    }
    found
}

fn part_text<'a>(content: &'a Content, part: &'a Part, images: &'a [ImageFacts<'a>]) -> PartText<'a> {
    PartText { text: &part.text, content_warning: &content.content_warning, images }
}

/// Signs off exactly what stands there: checks every rule, then puts one job per account on the schedule.
fn sign_off(context: &Context, set: &WorkingSet, post: Post, keys: PartKeys) -> Decided {
    let schedule = post.schedule.as_ref().ok_or(Reject::NotScheduled)?;
    let hash = current_hash(&post).ok_or(Reject::NoAccounts)?;
    let targets: BTreeSet<AccountId> = post.draft.targets.iter().map(|target| target.account).collect();
    let images = post
        .draft
        .targets
        .iter()
        .filter_map(|target| post.draft.content_for(target.account))
        .flat_map(|content| content.parts.iter().flat_map(|part| part.images.iter()));
    set.need(
        targets
            .iter()
            .flat_map(|account| [Key::Account(*account), Key::Job(JobId::of(post.id, *account))])
            .chain(post.deliveries.iter().map(|account| Key::Job(JobId::of(post.id, *account))))
            .chain(images.map(|image| Key::Media(image.media))),
    )?;

    let mut jobs = Vec::new();
    let mut used = 0;
    for account_id in &targets {
        let account = set.account(*account_id)?;
        if account.removed {
            return Err(Reject::AccountUnavailable { account: *account_id }.into());
        }
        let content = post.draft.content_for(*account_id).ok_or(Reject::NoAccounts)?;
        obeys_rules(set, account, content)?;
        let keys = content.parts.iter().map(|_| {
            used += 1;
            keys.key(used)
        });
        let plan = Plan { due_at: schedule.at, grace_s: account.grace_s, hash, keys: keys.collect() };
        jobs.push(match set.find(Key::Job(JobId::of(post.id, *account_id)))? {
            Some(Record::Job(job)) => job.clone().plan(plan)?,
            _ => Job::new(post.id, *account_id, plan),
        });
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

fn obeys_rules<'a>(set: &'a WorkingSet, account: &Account, content: &'a Content) -> Result<(), super::Halt> {
    for image in content.parts.iter().flat_map(|part| &part.images) {
        if set.find(Key::Media(image.media))?.is_none() {
            return Err(Reject::MediaMissing.into());
        }
    }
    let broken = content_violations(account, content, |image| {
        let media = set.media(image.media).ok()?;
        Some(ImageFacts {
            alt: &image.alt,
            bytes: media.bytes,
            mime: media.kind.mime(),
            width: media.width,
            height: media.height,
        })
    });
    match broken.into_iter().next() {
        Some((part, violations)) => Err(Reject::BreaksRules { account: account.id, part, violations }.into()),
        None => Ok(()),
    }
}

fn cancel_open(set: &WorkingSet, post: &Post, now: Timestamp) -> Decided<Vec<Job>> {
    let ids: Vec<JobId> = post.deliveries.iter().map(|account| JobId::of(post.id, *account)).collect();
    set.need(ids.iter().map(|id| Key::Job(*id)))?;
    let mut cancelled = Vec::new();
    for id in ids {
        let job = set.job(id)?;
        match job.state {
            JobState::Sending | JobState::Reconciling => return Err(Reject::AlreadySent.into()),
            JobState::Scheduled | JobState::Claimed | JobState::Prepared => {
                cancelled.push(job.clone().cancel(now)?);
            }
            _ => {}
        }
    }
    Ok(cancelled)
}

/// Writes jobs and post together, the post with the word that follows from all its jobs.
pub(super) fn finish(set: &WorkingSet, mut post: Post, jobs: Vec<Job>) -> Decided {
    post.status = status(set, &post, &jobs)?;
    let mut writes: WriteSet = jobs.into_iter().map(Record::Job).collect();
    writes.push(Record::Post(post));
    Ok(writes)
}

/// The post's one word, from the states of its jobs; `changed` lie over what is stored.
fn status(set: &WorkingSet, post: &Post, changed: &[Job]) -> Decided<PostStatus> {
    let ids: Vec<JobId> = post.deliveries.iter().map(|account| JobId::of(post.id, *account)).collect();
    let stored = ids.iter().filter(|id| !changed.iter().any(|job| job.id == **id));
    set.need(stored.map(|id| Key::Job(*id)))?;
    let mut states = BTreeSet::new();
    for id in &ids {
        states.insert(match changed.iter().find(|job| job.id == *id) {
            Some(job) => job.state,
            None => set.job(*id)?.state,
        });
    }
    Ok(word(&states, || post.sign_off.as_ref().is_some_and(|sign_off| Some(sign_off.hash) == current_hash(post))))
}

/// What needs a person comes first, then what moves, then what waits, then what is done.
fn word(states: &BTreeSet<JobState>, signed: impl FnOnce() -> bool) -> PostStatus {
    let any = |state| states.contains(&state);
    let open = states.iter().any(|state| state.is_open());
    if any(JobState::Unsure) {
        PostStatus::Unsure
    } else if any(JobState::Sending) || any(JobState::Reconciling) || (open && any(JobState::Published)) {
        PostStatus::Publishing
    } else if any(JobState::Refused) {
        PostStatus::Failed
    } else if any(JobState::Missed) {
        PostStatus::Missed
    } else if open {
        if signed() { PostStatus::Scheduled } else { PostStatus::InReview }
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
