//! What takes a mutation back: again a mutation, decided by the same rules at the time it is asked for.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::DateTime;

use super::posts::job_ids;
use crate::approval::Chain;
use crate::hash::ContentHash;
use crate::id::{ChainId, MediaId, PersonId, PostId, SeriesId};
use crate::idea::Board;
use crate::job::JobState;
use crate::media::{Media, MediaEdit};
use crate::mutation::{Earlier, Mutation, PartKeys, PostsChange, Since, Stood, When};
use crate::post::{Draft, Post, PostStatus};
use crate::record::{Key, Record, WorkingSet};
use crate::schedule::Schedule;
use crate::series::{Ahead, Series};
use crate::team::Member;

/// The inverse of `mutation`, from the records as they were before it; `None` where it cannot be taken back.
pub fn inverse(before: &WorkingSet, mutation: &Mutation) -> Option<Mutation> {
    match mutation {
        Mutation::NamePerson { person, .. } => match before.get(Key::Person(*person))?? {
            Record::Person(old) => Some(Mutation::NamePerson { person: *person, name: old.name.clone() }),
            _ => None,
        },
        Mutation::AddPersona { persona, .. } | Mutation::RestorePersona { persona } => {
            Some(Mutation::DeletePersona { persona: *persona })
        }
        Mutation::EditPersona { persona, .. } => match before.get(Key::Persona(*persona))?? {
            Record::Persona(old) => Some(Mutation::EditPersona { persona: *persona, text: old.text.clone() }),
            _ => None,
        },
        Mutation::DeletePersona { persona } => Some(Mutation::RestorePersona { persona: *persona }),
        Mutation::AddQueue { queue, .. } | Mutation::RestoreQueue { queue } => {
            Some(Mutation::DeleteQueue { queue: *queue })
        }
        Mutation::EditQueue { queue, .. } => match before.get(Key::Queue(*queue))?? {
            Record::Queue(old) => Some(Mutation::EditQueue { queue: *queue, text: old.text.clone() }),
            _ => None,
        },
        Mutation::DeleteQueue { queue } => Some(Mutation::RestoreQueue { queue: *queue }),
        Mutation::AddSnippet { snippet, .. } | Mutation::RestoreSnippet { snippet } => {
            Some(Mutation::DeleteSnippet { snippet: *snippet })
        }
        Mutation::EditSnippet { snippet, .. } => match before.get(Key::Snippet(*snippet))?? {
            Record::Snippet(old) => Some(Mutation::EditSnippet { snippet: *snippet, text: old.text.clone() }),
            _ => None,
        },
        Mutation::DeleteSnippet { snippet } => Some(Mutation::RestoreSnippet { snippet: *snippet }),
        Mutation::AddComment { comment, .. } | Mutation::RestoreComment { comment } => {
            Some(Mutation::DeleteComment { comment: *comment })
        }
        Mutation::EditComment { comment, .. } => match before.get(Key::Comment(*comment))?? {
            Record::Comment(old) => Some(Mutation::EditComment { comment: *comment, text: old.text.clone() }),
            _ => None,
        },
        Mutation::DeleteComment { comment } => Some(Mutation::RestoreComment { comment: *comment }),
        Mutation::ResolveComment { comment } => Some(Mutation::ReopenComment { comment: *comment }),
        Mutation::ReopenComment { comment } => Some(Mutation::ResolveComment { comment: *comment }),
        Mutation::AddEntry { entry, .. } | Mutation::RestoreEntry { entry } => {
            Some(Mutation::DeleteEntry { entry: *entry })
        }
        Mutation::EditEntry { entry, .. } => match before.get(Key::Entry(*entry))?? {
            Record::Entry(old) => Some(Mutation::EditEntry { entry: *entry, text: old.text.clone() }),
            _ => None,
        },
        Mutation::DeleteEntry { entry } => Some(Mutation::RestoreEntry { entry: *entry }),
        Mutation::AddIdea { idea, .. } | Mutation::RestoreIdea { idea, .. } => {
            Some(Mutation::DeleteIdea { idea: *idea })
        }
        Mutation::EditIdea { idea, .. } => match before.get(Key::Idea(*idea))?? {
            Record::Idea(old) => Some(Mutation::EditIdea { idea: *idea, text: old.text.clone() }),
            _ => None,
        },
        Mutation::MoveIdea { idea, .. } => {
            let (column, before) = board_of(before).place(*idea)?;
            Some(Mutation::MoveIdea { idea: *idea, column, before })
        }
        Mutation::DeleteIdea { idea } => {
            let (column, before) = board_of(before).place(*idea)?;
            Some(Mutation::RestoreIdea { idea: *idea, column, before })
        }
        Mutation::UndraftIdea { idea, post } => {
            let draft = post_of(before, *post)?.draft.clone();
            Some(Mutation::DraftIdea { idea: *idea, post: *post, draft })
        }
        Mutation::DraftIdea { idea, post, .. } => Some(Mutation::UndraftIdea { idea: *idea, post: *post }),
        Mutation::AddColumn { column, .. } => Some(Mutation::DeleteColumn { column: *column }),
        Mutation::RenameColumn { column, .. } => {
            let name = board_of(before).columns.into_iter().find(|old| old.id == *column)?.name;
            // the words that it began with cannot be written down
            (!name.is_empty()).then_some(Mutation::RenameColumn { column: *column, name })
        }
        Mutation::MoveColumn { column, .. } => {
            Some(Mutation::MoveColumn { column: *column, before: board_of(before).behind(*column) })
        }
        Mutation::DeleteColumn { column } => {
            let board = board_of(before);
            let next = board.behind(*column);
            let old = board.columns.into_iter().find(|old| old.id == *column)?;
            Some(Mutation::AddColumn { column: *column, name: old.name, before: next, ideas: old.ideas })
        }
        Mutation::RenameOrganisation { .. } => {
            // the one organisation whose records these are
            let name = before.iter().find_map(|record| match record {
                Record::Organisation(organisation) => Some(organisation.name.clone()),
                _ => None,
            })?;
            Some(Mutation::RenameOrganisation { name })
        }
        Mutation::AddChain { chain, .. } => Some(Mutation::DeleteChain { chain: *chain, read: 1 }),
        Mutation::EditChain { chain, read, .. } => {
            let old = chain_of(before, *chain)?;
            Some(Mutation::EditChain { chain: *chain, read: read.saturating_add(1), text: old.text.clone() })
        }
        Mutation::DeleteChain { chain, .. } => {
            Some(Mutation::AddChain { chain: *chain, text: chain_of(before, *chain)?.text.clone() })
        }
        Mutation::GoAway { .. } => Some(Mutation::ComeBack),
        Mutation::Review { post, .. } => Some(Mutation::WithdrawReview { post: *post }),
        Mutation::AddMember { person, .. } => Some(Mutation::RemoveMember { person: *person }),
        Mutation::ChangeRole { person, .. } => {
            Some(Mutation::ChangeRole { person: *person, role: member_of(before, *person)?.role })
        }
        Mutation::GrantPersonas { person, .. } => {
            Some(Mutation::GrantPersonas { person: *person, personas: member_of(before, *person)?.personas.clone() })
        }
        Mutation::SetGrace { account, .. } => match before.get(Key::Account(*account))?? {
            Record::Account(old) => Some(Mutation::SetGrace { account: *account, grace_s: old.grace_s }),
            _ => None,
        },
        Mutation::RemoveAccount { account } => Some(Mutation::RestoreAccount { account: *account }),
        Mutation::ImportMedia { media } => {
            let new = |media: &&Media| media_of(before, media.id).is_none_or(|known| known.deleted);
            Some(Mutation::DeleteMedia { media: media.iter().filter(new).map(|media| media.id).collect() })
        }
        Mutation::FitMedia { media, .. } => {
            let new = media_of(before, media.id).is_none_or(|known| known.deleted);
            new.then(|| Mutation::DeleteMedia { media: vec![media.id] })
        }
        Mutation::EditMedia { edits } => as_described(before, edits.iter().map(|edit| edit.media)),
        Mutation::FileMedia { media, .. } => as_described(before, media.iter().copied()),
        Mutation::DeleteMedia { media } => Some(Mutation::RestoreMedia { media: media.clone() }),
        Mutation::RestoreMedia { media } => Some(Mutation::DeleteMedia { media: media.clone() }),
        Mutation::ImportPosts { posts, .. } => {
            Some(Mutation::DiscardPosts { posts: posts.iter().map(|one| one.post).collect() })
        }
        Mutation::CreatePost { post, .. } => Some(Mutation::DeletePost { post: *post }),
        // in a team: what this person changed is changed back, and what others wrote since stays
        Mutation::EditDraft { post, read, draft, since: Some(since) } => {
            Some(changed_back(*post, read.saturating_add(since.saves), draft, &since.base))
        }
        Mutation::RestoreVersion { post, read, seen: Some(_), draft } => {
            Some(changed_back(*post, read.saturating_add(1), draft, &post_of(before, *post)?.draft))
        }
        Mutation::EditDraft { post, read, since: None, .. }
        | Mutation::RestoreVersion { post, read, seen: None, .. } => {
            // a version of its own, so that what is taken back stays in the history
            let draft = post_of(before, *post)?.draft.clone();
            Some(Mutation::RestoreVersion { post: *post, read: read.saturating_add(1), seen: None, draft })
        }
        Mutation::DeletePost { post } => Some(Mutation::RestorePost { post: *post, keys: FRESH }),
        Mutation::RestorePost { post, .. } => Some(Mutation::DeletePost { post: *post }),
        Mutation::SchedulePost { post, read, seen, when, keys } => match post_of(before, *post)? {
            old if old.schedule.is_none() => Some(Mutation::Unschedule { post: *post }),
            old => {
                let at = Schedule::resolve(when.local, &when.zone, when.fold).ok()?.0.at;
                let seen = seen.map(|_| ContentHash::of_seen(&old.draft, Some(at)));
                plan_again(before, old, read.saturating_add(1), seen, *keys)
            }
        },
        Mutation::Unschedule { post } if post_of(before, *post)?.held => {
            put_back(before, post_of(before, *post).into_iter(), false)
        }
        Mutation::ChangePosts { posts, change, .. } => change_back(before, posts, change),
        Mutation::RestorePosts { posts, .. } => {
            let posts = all_of(before, posts).filter(|post| post.deleted).map(|post| post.id).collect();
            Some(Mutation::ChangePosts { posts, change: PostsChange::Delete, seen: BTreeMap::new(), keys: FRESH })
        }
        Mutation::PutBackPosts { posts, .. } => {
            let spoke = posts.iter().any(|earlier| matches!(earlier.stood, Stood::Spoke { .. }));
            let ids: Vec<PostId> = posts.iter().map(|earlier| earlier.post).collect();
            put_back(before, all_of(before, &ids), spoke)
        }
        Mutation::Unschedule { post } => {
            let old = post_of(before, *post)?;
            let seen = Some(ContentHash::of_seen(&old.draft, None));
            plan_again(before, old, old.version.saturating_add(1), seen, FRESH)
        }
        Mutation::StartSeries { series, post, .. } => {
            let old = post_of(before, *post)?;
            let back = match &old.schedule {
                Some(_) => Some(waiting(before, old)?),
                None => None,
            };
            let resumes = match &old.place {
                Some(place) => stopped(before, series_of(before, place.series)?, place.local),
                None => Vec::new(),
            };
            let place = old.place.clone();
            let signed = old.sign_off.as_ref().filter(|_| back.is_some()).map(|sign_off| sign_off.hash);
            Some(Mutation::DropSeries { series: *series, post: *post, back, signed, place, resumes, keys: FRESH })
        }
        Mutation::DropSeries { series, post, back, .. } => {
            let (series, first) = (series_of(before, *series)?, post_of(before, *post)?);
            let at = match back {
                Some(when) => Some(Schedule::resolve(when.local, &when.zone, when.fold).ok()?.0.at),
                None => None,
            };
            let places = series.made.iter().map(|made| made.place).filter(|place| *place > series.start).collect();
            Some(Mutation::StartSeries {
                series: series.id,
                post: first.id,
                read: first.version.saturating_add(1),
                seen: Some(ContentHash::of_seen(&first.draft, at)),
                rule: series.rule.clone(),
                when: When { local: series.start, zone: series.zone.clone(), fold: series.fold },
                ahead: Ahead { places, complete: false },
                keys: FRESH,
            })
        }
        Mutation::EditSeries { series, after, .. } => {
            let old = series_of(before, *series)?;
            Some(Mutation::EditSeries { series: old.id, after: *after, draft: old.draft.clone(), keys: FRESH })
        }
        Mutation::StopSeries { series, after } => {
            let old = series_of(before, *series)?;
            Some(Mutation::ResumeSeries { series: old.id, posts: stopped(before, old, *after), keys: FRESH })
        }
        Mutation::ResumeSeries { series, posts, .. } => {
            let places = posts.iter().filter_map(|post| Some(post_of(before, *post)?.place.as_ref()?.local));
            let after = places.min()?.checked_sub(SignedDuration::from_secs(1)).ok()?;
            Some(Mutation::StopSeries { series: *series, after })
        }
        _ => None,
    }
}

/// What takes back that something was done to many.
fn change_back(before: &WorkingSet, posts: &[PostId], change: &PostsChange) -> Option<Mutation> {
    let standing = || all_of(before, posts).filter(|post| !post.deleted);
    let on =
        |change, posts: Vec<PostId>| Some(Mutation::ChangePosts { posts, change, seen: BTreeMap::new(), keys: FRESH });
    match change {
        PostsChange::Hold => {
            on(PostsChange::Resume, standing().filter(|post| !post.held).map(|post| post.id).collect())
        }
        PostsChange::Resume => on(PostsChange::Hold, standing().filter(|post| post.held).map(|post| post.id).collect()),
        PostsChange::Delete => {
            Some(Mutation::RestorePosts { posts: standing().map(|post| post.id).collect(), keys: FRESH })
        }
        PostsChange::Persona { .. } => put_back(before, standing(), true),
        PostsChange::Shift { .. } | PostsChange::MoveTo { .. } | PostsChange::Rezone { .. } => {
            put_back(before, standing(), false)
        }
        PostsChange::Unschedule => put_back(before, standing().filter(|post| post.status != PostStatus::Draft), false),
    }
}

fn put_back<'a>(before: &WorkingSet, posts: impl Iterator<Item = &'a Post>, spoke: bool) -> Option<Mutation> {
    let stood = |post: &Post| match (spoke, post.status) {
        (true, _) => Some(Stood::Spoke { persona: post.draft.persona, link_tags: post.draft.link_tags.clone() }),
        (false, PostStatus::Draft) => Some(Stood::Nowhere),
        (false, _) => {
            waiting(before, post)?;
            let hash = post.sign_off.as_ref()?.hash;
            Some(Stood::At { schedule: post.schedule.clone()?, hash, held: post.held })
        }
    };
    let posts: Vec<Earlier> = posts.filter_map(|post| Some(Earlier { post: post.id, stood: stood(post)? })).collect();
    (!posts.is_empty()).then_some(Mutation::PutBackPosts { posts, keys: FRESH })
}

fn all_of<'a>(before: &'a WorkingSet, posts: &'a [PostId]) -> impl Iterator<Item = &'a Post> {
    posts.iter().filter_map(|post| post_of(before, *post))
}

fn board_of(before: &WorkingSet) -> Board {
    match before.get(Key::Board(Board::ID)) {
        Some(Some(Record::Board(board))) => board.clone(),
        _ => Board::blank(),
    }
}

/// What stands for idempotency keys until an undo is asked for.
const FRESH: PartKeys = PartKeys { micros: 0, clock_id: 0 };

fn post_of(before: &WorkingSet, id: PostId) -> Option<&Post> {
    match before.get(Key::Post(id))?? {
        Record::Post(post) => Some(post),
        _ => None,
    }
}

fn chain_of(before: &WorkingSet, id: ChainId) -> Option<&Chain> {
    // the one organisation whose records these are
    let mut chains = before.iter().filter_map(|record| match record {
        Record::Organisation(organisation) => Some(&organisation.chains),
        _ => None,
    });
    chains.next()?.iter().find(|chain| chain.id == id)
}

fn member_of(before: &WorkingSet, id: PersonId) -> Option<&Member> {
    match before.get(Key::Member(id))?? {
        Record::Member(member) => Some(member),
        _ => None,
    }
}

fn media_of(before: &WorkingSet, id: MediaId) -> Option<&Media> {
    match before.get(Key::Media(id))?? {
        Record::Media(media) => Some(media),
        _ => None,
    }
}

/// Files as they were described.
fn as_described(before: &WorkingSet, media: impl Iterator<Item = MediaId>) -> Option<Mutation> {
    let edit = |media| Some(MediaEdit { media, text: media_of(before, media)?.text() });
    Some(Mutation::EditMedia { edits: media.map(edit).collect::<Option<_>>()? })
}

fn series_of(before: &WorkingSet, id: SeriesId) -> Option<&Series> {
    match before.get(Key::Series(id))?? {
        Record::Series(series) => Some(series),
        _ => None,
    }
}

/// The posts that the end of a series behind a place deletes.
fn stopped(before: &WorkingSet, series: &Series, after: DateTime) -> Vec<PostId> {
    let stands = |post: &PostId| post_of(before, *post).is_some_and(|post| !post.deleted);
    series.made_after(after).map(|made| made.post).filter(stands).collect()
}

/// Back to the old time, under the conditions of [`waiting`].
fn plan_again(
    before: &WorkingSet,
    old: &Post,
    read: u32,
    seen: Option<ContentHash>,
    keys: PartKeys,
) -> Option<Mutation> {
    Some(Mutation::SchedulePost { post: old.id, read, seen, when: waiting(before, old)?, keys })
}

/// An edit that makes `old` of `new`, wherever that is by now.
fn changed_back(post: PostId, read: u32, new: &Draft, old: &Draft) -> Mutation {
    #[cfg(feature = "planted")]
    if crate::planted::is(crate::planted::Planted::UndoWritesOver) {
        return Mutation::EditDraft { post, read, draft: old.clone(), since: None };
    }
    let since = Some(Box::new(Since { base: new.clone(), saves: 1 }));
    Mutation::EditDraft { post, read, draft: old.clone(), since }
}

/// The time of a post that was waiting with its sign-off; none of any other. Scheduling signs off and sets everything going
/// again, and no undo may sign what nobody signed, or send what a person had decided not to send.
fn waiting(before: &WorkingSet, old: &Post) -> Option<When> {
    let settled = |id| {
        let job = before.get(Key::Job(id));
        matches!(job, Some(Some(Record::Job(job))) if matches!(job.state, JobState::Skipped | JobState::Published))
    };
    if !old.is_planned() || job_ids(old).any(settled) {
        return None;
    }
    let schedule = old.schedule.as_ref()?;
    Some(When { local: schedule.local, zone: schedule.zone.clone(), fold: schedule.fold })
}
