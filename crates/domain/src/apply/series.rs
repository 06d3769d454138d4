//! Series: started, made ahead, changed, ended.

use std::collections::BTreeSet;

use jiff::civil::DateTime;

use super::posts::{
    as_read, bounds, delete, is_out, job_ids, keys_of, keys_of_jobs, new, planned, restore, sign_off, touched,
    unschedule,
};
use super::{Authority, Context, Decided, Halt, View, bounded, bounded_count};
use crate::approval::Review;
use crate::hash::ContentHash;
use crate::id::{JobId, PersonId, PostId};
use crate::mutation::{Mutation, PartKeys};
use crate::post::Post;
use crate::record::{Key, Record, WriteSet};
use crate::reject::{Field, Reject};
use crate::scope::Scope;
use crate::series::{Ahead, Made, Place, Series};
use crate::team::Right;

pub(super) fn apply(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    match mutation {
        Mutation::StartSeries { .. } => start(context, set, mutation),
        Mutation::DropSeries { .. } => take_back(context, set, mutation),
        Mutation::ExtendSeries { series, ahead, keys } => extend(context, set, set.series(*series)?, ahead, *keys),
        Mutation::EditSeries { series, after, draft, keys } => {
            let series = set.series(*series)?;
            bounds(draft)?;
            let posts = posts_of(set, series.made_after(*after).map(|made| made.post))?;
            // nothing is signed off that nobody had signed off, or that was changed by itself
            let alike = |post: &&&Post| post.is_planned() && post.draft == series.draft;
            let (mut writes, mut keys) = (WriteSet::new(), *keys);
            for post in posts.iter().filter(alike).filter(|post| !post.deleted) {
                let changed = Post { draft: draft.clone(), ..touched(post, context.now) };
                writes.extend(sign_off(context, set, changed, keys)?);
                keys = keys.skip(keys_of(draft));
            }
            if series.ended && writes.is_empty() {
                return Err(Reject::SeriesEnded.into());
            }
            let halted = None;
            // what is made from now on says what this person wrote, so it is signed off in their name
            let author = context.actor;
            let mut writers = series.writers.clone();
            if context.authority.organisation().is_some() && author != series.author {
                writers.insert(series.author);
            }
            writes.push(Record::Series(Series {
                author,
                writers,
                draft: draft.clone(),
                halted,
                ..changed(context, series)
            }));
            Ok(writes)
        }
        Mutation::StopSeries { series, after } => {
            let writes = stop(context, set, set.series(*series)?, *after)?;
            if set.series(*series)?.ended && writes.len() == 1 {
                return Err(Reject::SeriesEnded.into());
            }
            Ok(writes)
        }
        Mutation::ResumeSeries { series, posts, keys } => resume(context, set, set.series(*series)?, posts, *keys),
        _ => Err(Reject::NotFound.into()),
    }
}

/// Deletes the posts behind a place.
fn stop(context: &Context, set: View<'_>, series: &Series, after: DateTime) -> Decided {
    let posts = posts_of(set, series.made_after(after).map(|made| made.post))?;
    let mut writes = delete(context, set, &posts)?;
    let made = series.made.iter().filter(|made| made.place <= after).cloned().collect();
    writes.push(Record::Series(Series { made, ended: true, ..changed(context, series) }));
    Ok(writes)
}

/// Brings these posts back, and goes on.
fn resume(context: &Context, set: View<'_>, series: &Series, posts: &[PostId], mut keys: PartKeys) -> Decided {
    let (mut writes, mut made) = (WriteSet::new(), series.made.clone());
    for post in posts_of(set, posts.iter().copied())? {
        let Some(place) = post.place.as_ref().filter(|place| place.series == series.id) else { continue };
        if post.deleted {
            writes.extend(restore(context, set, post, keys)?);
            keys = keys.skip(keys_of_jobs(set, post)?);
        }
        made.push(Made { place: place.local, post: post.id });
    }
    made.sort_by_key(|made| made.place);
    made.dedup();
    writes.push(Record::Series(Series { made, ended: false, ..changed(context, series) }));
    Ok(writes)
}

fn start(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    let Mutation::StartSeries { series, post, read, seen, rule, when, ahead, keys } = mutation else {
        return Err(Reject::NotFound.into());
    };
    bounded(Field::Rule, rule, Series::RULE_MAX)?;
    in_order(ahead, when.local)?;
    let old = set.post(*post)?;
    as_read(context, old, *read, *seen)?;
    let created_at = match set.find(Key::Series(*series))? {
        // its start was taken back, and is done again
        Some(Record::Series(known)) if known.ended => known.created_at,
        Some(_) => return Err(Reject::Exists.into()),
        None => context.now,
    };
    let schedule = Some(planned(context, when)?);
    let place = Some(Place { series: *series, local: when.local });
    let mut writes = sign_off(context, set, Post { schedule, place, ..touched(old, context.now) }, *keys)?;
    // another rhythm: what it was one of ends with it
    if let Some(place) = &old.place {
        writes.extend(stop(context, set, set.series(place.series)?, place.local)?);
    }
    let mut series = Series {
        id: *series,
        author: context.actor,
        writers: writers_of(context, old),
        rule: rule.clone(),
        start: when.local,
        zone: when.zone.clone(),
        fold: when.fold,
        draft: old.draft.clone(),
        made: vec![Made { place: when.local, post: *post }],
        until: when.local,
        ended: false,
        halted: None,
        created_at,
        updated_at: context.now,
    };
    writes.extend(make(context, set, &mut series, ahead, keys.skip(keys_of(&old.draft)), true)?);
    writes.push(Record::Series(series));
    Ok(writes)
}

fn take_back(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    let Mutation::DropSeries { series, post, back, signed, place, resumes, keys } = mutation else {
        return Err(Reject::NotFound.into());
    };
    let (series, first) = (set.series(*series)?, set.post(*post)?);
    let others = series.made.iter().map(|made| made.post).filter(|made| *made != first.id);
    let mut writes = delete(context, set, &posts_of(set, others)?)?;
    let mut keys = *keys;
    if let Some(place) = place {
        writes.extend(resume(context, set, set.series(place.series)?, resumes, keys)?);
        for post in resumes {
            keys = keys.skip(keys_of_jobs(set, set.post(*post)?)?);
        }
    }
    let stands = Post { place: place.clone(), ..first.clone() };
    match back {
        _ if first.deleted || is_out(first) => {}
        Some(when) => {
            let schedule = planned(context, when)?;
            // taking a start back signs only what had been signed off before it
            match (*signed, ContentHash::of(&stands.draft, schedule.at)) {
                (Some(signed), Some(stands)) if signed == stands => {}
                (None, _) if context.authority == Authority::Solo => {}
                (None, _) => return Err(Reject::NotAsRead.into()),
                _ => return Err(Reject::ChangedAfterSignOff.into()),
            }
            let planned = Post { schedule: Some(schedule), ..touched(&stands, context.now) };
            writes.extend(sign_off(context, set, planned, keys)?);
        }
        None if first.schedule.is_some() => writes.extend(unschedule(context, set, &stands)?),
        None => {}
    }
    let made = series.made.iter().filter(|made| made.post == first.id).cloned().collect();
    writes.push(Record::Series(Series { made, ended: true, ..changed(context, series) }));
    Ok(writes)
}

/// In an organisation: whose words a post says that comes again from now on.
fn writers_of(context: &Context, post: &Post) -> BTreeSet<PersonId> {
    if context.authority.organisation().is_none() {
        return BTreeSet::new();
    }
    let others = post.review.iter().flat_map(|review| &review.writers);
    others.chain([&post.author]).copied().filter(|person| *person != context.actor).collect()
}

fn extend(context: &Context, set: View<'_>, old: &Series, ahead: &Ahead, keys: PartKeys) -> Decided {
    if old.ended {
        return Err(Reject::SeriesEnded.into());
    }
    in_order(ahead, old.until)?;
    let mut series = Series { halted: None, ..changed(context, old) };
    let passed = |made: &Made| old.schedule(made.place).is_ok_and(|schedule| schedule.at < context.now);
    series.made = old.made.iter().filter(|made| !passed(made)).cloned().collect();
    // whoever signed the series off signed off all its posts
    let author = Context { actor: old.author, ..*context };
    let made = signs(set, &author, old).and_then(|()| make(&author, set, &mut series, ahead, keys, false));
    match made {
        Ok(mut writes) => {
            writes.push(Record::Series(series));
            Ok(writes)
        }
        Err(Halt::Reject(reject)) if old.halted.as_ref() != Some(&reject) => {
            Ok(vec![Record::Series(Series { halted: Some(reject), ..changed(context, old) })])
        }
        Err(halt) => Err(halt),
    }
}

/// In a team whoever signed the series off must still be one who may: nothing more goes out in the name of somebody who left.
fn signs(set: View<'_>, author: &Context, series: &Series) -> Decided<()> {
    if author.authority == Authority::Solo {
        return Ok(());
    }
    match set.find(Key::Member(author.actor))? {
        Some(Record::Member(member)) if member.may(Right::Content) && member.holds(Scope::of(series.draft.persona)) => {
            Ok(())
        }
        _ => Err(Reject::NotPermitted.into()),
    }
}

/// One post for each place, scheduled and signed off. A place that has a post keeps it, deleted or not; `again`: what was
/// deleted comes back.
fn make(
    context: &Context,
    set: View<'_>,
    series: &mut Series,
    ahead: &Ahead,
    mut keys: PartKeys,
    again: bool,
) -> Decided {
    // everything at once: asking post by post would begin anew for each
    set.need(ahead.places.iter().map(|place| PostId::of(series.id, *place)).flat_map(|post| {
        let of_account = move |account| [Key::Account(account), Key::Job(JobId::of(post, account))];
        let accounts = series.draft.targets.iter().map(|target| target.account);
        std::iter::once(Key::Post(post)).chain(accounts.flat_map(of_account))
    }))?;
    let mut writes = WriteSet::new();
    for place in &ahead.places {
        let id = PostId::of(series.id, *place);
        let post = match set.find(Key::Post(id))? {
            None => {
                let mut made = Post { author: series.author, ..new(context, set, id, &series.draft)? };
                if !series.writers.is_empty() {
                    made.review = Some(Box::new(Review { writers: series.writers.clone(), ..Review::default() }));
                }
                Some(made)
            }
            Some(Record::Post(post)) if again && post.deleted => {
                Some(Post { deleted: false, draft: series.draft.clone(), ..touched(post, context.now) })
            }
            Some(_) => None,
        };
        if let Some(post) = post {
            let schedule = series.schedule(*place).map_err(|error| Reject::Schedule { error })?;
            let standing = Some(Place { series: series.id, local: *place });
            let post = Post { schedule: Some(schedule), place: standing, ..post };
            writes.extend(sign_off(context, set, post, keys)?);
            keys = keys.skip(keys_of(&series.draft));
        }
        series.made.push(Made { place: *place, post: id });
        series.until = *place;
    }
    series.ended = ahead.complete;
    Ok(writes)
}

fn in_order(ahead: &Ahead, after: DateTime) -> Result<(), Reject> {
    bounded_count(Field::Posts, ahead.places.len(), Ahead::PLACES_MAX)?;
    let all = std::iter::once(&after).chain(&ahead.places);
    if all.is_sorted_by(|one, next| one < next) { Ok(()) } else { Err(Reject::BadRule) }
}

fn posts_of(set: View<'_>, posts: impl Iterator<Item = PostId> + Clone) -> Decided<Vec<&Post>> {
    set.need(posts.clone().map(Key::Post))?;
    let posts: Vec<&Post> = posts.map(|post| set.post(post)).collect::<Decided<_>>()?;
    set.need(posts.iter().flat_map(|post| job_ids(post)).map(Key::Job))?;
    Ok(posts)
}

fn changed(context: &Context, series: &Series) -> Series {
    Series { updated_at: context.now, ..series.clone() }
}
