//! Approval chains, decisions about posts, and whether they are enough.

use std::collections::{BTreeMap, BTreeSet};

use super::posts::{as_read, finish, job_ids};
use super::view::View;
use super::{Context, Decided, Halt, bounded, bounded_count};
use crate::approval::{Approval, Case, Chain, ChainStep, ChainText, Condition, Quorum, Reach, Review, Verdict, Vote};
use crate::id::{ChainId, PersonId, PostId};
use crate::job::JobState;
use crate::mutation::{Mutation, PostsChange};
use crate::post::Post;
use crate::record::{Key, Record, WriteSet};
use crate::reject::{Field, Reject};
use crate::team::{Member, Organisation};

pub(super) fn apply(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    match mutation {
        Mutation::AddChain { chain, text } => {
            let organisation = organisation(set)?.ok_or(Reject::NotInOrganisation)?;
            if organisation.chains.iter().any(|known| known.id == *chain) {
                return Err(Reject::Exists.into());
            }
            let mut chains = organisation.chains.clone();
            let (created_at, updated_at) = (context.now, context.now);
            chains.push(Chain { id: *chain, version: 1, text: checked(text)?, created_at, updated_at });
            bounded_count(Field::Chains, chains.len(), Chain::CHAINS_MAX)?;
            written(context, organisation, chains)
        }
        Mutation::EditChain { chain, read, text } => {
            let organisation = organisation(set)?.ok_or(Reject::NotInOrganisation)?;
            let mut chains = organisation.chains.clone();
            let old = as_known(&mut chains, *chain, *read)?;
            let version = old.version.saturating_add(1);
            *old = Chain { version, text: checked(text)?, updated_at: context.now, ..old.clone() };
            written(context, organisation, chains)
        }
        Mutation::DeleteChain { chain, read } => {
            let organisation = organisation(set)?.ok_or(Reject::NotInOrganisation)?;
            let mut chains = organisation.chains.clone();
            as_known(&mut chains, *chain, *read)?;
            chains.retain(|known| known.id != *chain);
            written(context, organisation, chains)
        }
        Mutation::Review { post, read, seen, verdict, note } => {
            let old = set.post(*post)?;
            as_read(context, old, *read, *seen)?;
            decide(context, set, old, *verdict, note)
        }
        Mutation::WithdrawReview { post } => {
            let old = set.post(*post)?;
            if old.deleted {
                return Err(Reject::NotFound.into());
            }
            still_waits(set, old)?;
            if !old.votes().iter().any(|vote| vote.by == context.actor) {
                return Err(Reject::NotFound.into());
            }
            let mut review = old.review.as_deref().cloned().unwrap_or_default();
            review.withdraw(context.actor);
            finish(set, reviewed(context, old, review), Vec::new())
        }
        Mutation::Recount { posts } => {
            bounded_count(Field::Posts, posts.len(), PostsChange::POSTS_MAX)?;
            set.need(posts.iter().map(|post| Key::Post(*post)))?;
            let known = || posts.iter().filter_map(|post| set.post(*post).ok());
            set.need(known().flat_map(job_ids).map(Key::Job))?;
            load(set, known())?;
            recount(set, posts)
        }
        _ => Err(Reject::NotFound.into()),
    }
}

fn written(context: &Context, organisation: &Organisation, chains: Vec<Chain>) -> Decided {
    // a decision names steps: no two have one name
    let mut ids = BTreeSet::new();
    if !chains.iter().flat_map(|chain| &chain.text.steps).all(|step| ids.insert(step.id)) {
        return Err(Reject::Exists.into());
    }
    Ok(vec![Record::Organisation(Organisation { chains, updated_at: context.now, ..organisation.clone() })])
}

/// The chain, in the version that somebody read.
fn as_known(chains: &mut [Chain], id: ChainId, read: u32) -> Result<&mut Chain, Reject> {
    let chain = chains.iter_mut().find(|chain| chain.id == id).ok_or(Reject::NotFound)?;
    if chain.version == read { Ok(chain) } else { Err(Reject::Stale { read, current: chain.version }) }
}

/// The organisation whose records these are; `None` for a person alone.
fn organisation(set: View<'_>) -> Decided<Option<&Organisation>> {
    let Some(id) = set.context().authority.organisation() else { return Ok(None) };
    match set.whole().find(Key::Organisation(id))? {
        Some(Record::Organisation(organisation)) => Ok(Some(organisation)),
        _ => Ok(None),
    }
}

fn checked(text: &ChainText) -> Result<ChainText, Reject> {
    let ChainText { name, covers, steps, .. } = text;
    named(name)?;
    bounded_count(Field::Personas, covers.personas.len(), Chain::NAMED_MAX)?;
    bounded_count(Field::Accounts, covers.accounts.len(), Chain::NAMED_MAX)?;
    if steps.is_empty() {
        return Err(Reject::Empty { field: Field::Steps });
    }
    bounded_count(Field::Steps, steps.len(), Chain::STEPS_MAX)?;
    steps.iter().try_for_each(step_bounds)?;
    let steps = steps.iter().map(|step| ChainStep { name: step.name.trim().to_owned(), ..step.clone() }).collect();
    Ok(ChainText { name: name.trim().to_owned(), steps, ..text.clone() })
}

fn named(name: &str) -> Result<(), Reject> {
    if name.trim().is_empty() {
        return Err(Reject::Empty { field: Field::Name });
    }
    bounded(Field::Name, name.trim(), Chain::NAME_MAX)
}

fn step_bounds(step: &ChainStep) -> Result<(), Reject> {
    let ChainStep { id: _, name, people, roles, quorum, only_if, within_h, then } = step;
    named(name)?;
    if people.is_empty() && roles.is_empty() {
        return Err(Reject::Empty { field: Field::Approvers });
    }
    bounded_count(Field::Approvers, people.len(), Chain::NAMED_MAX)?;
    bounded_count(Field::Approvers, then.len(), Chain::NAMED_MAX)?;
    // with roles nobody knows how many there are
    let limit = if roles.is_empty() { people.len() } else { Chain::NAMED_MAX };
    match quorum {
        Quorum::Any => {}
        Quorum::All if roles.is_empty() => {}
        Quorum::All => return Err(Reject::TooLong { field: Field::Quorum, measured: u64::MAX, limit: limit as u64 }),
        Quorum::AtLeast(0 | 1) => return Err(Reject::Empty { field: Field::Quorum }),
        Quorum::AtLeast(people) => bounded_count(Field::Quorum, *people as usize, limit)?,
    }
    bounded_count(Field::Conditions, only_if.len(), Chain::CONDITIONS_MAX)?;
    for condition in only_if {
        match condition {
            Condition::HasLink | Condition::MoreAccountsThan(_) => {}
            Condition::Mentions(words) => {
                bounded_count(Field::Conditions, words.len(), Chain::WORDS_MAX)?;
                if words.iter().all(|word| word.trim().is_empty()) {
                    return Err(Reject::Empty { field: Field::Conditions });
                }
                words.iter().try_for_each(|word| bounded(Field::Conditions, word, Chain::WORD_MAX))?;
            }
        }
    }
    match within_h {
        Some(0) => Err(Reject::Empty { field: Field::Deadline }),
        Some(hours) => bounded_count(Field::Deadline, *hours as usize, Chain::WITHIN_MAX_H as usize),
        None => Ok(()),
    }
}

/// Something of it is still to come: what is said about it can change what happens.
fn still_waits(set: View<'_>, post: &Post) -> Decided<()> {
    set.need(job_ids(post).map(Key::Job))?;
    for id in job_ids(post) {
        match set.job(id)?.state {
            JobState::Published | JobState::Skipped | JobState::Cancelled => {}
            JobState::Sending | JobState::Reconciling => {}
            _ => return Ok(()),
        }
    }
    Err(Reject::AlreadySent.into())
}

fn decide(context: &Context, set: View<'_>, old: &Post, verdict: Verdict, note: &str) -> Decided {
    let note = note.trim();
    bounded(Field::Note, note, Review::NOTE_MAX)?;
    if matches!(verdict, Verdict::RequestChanges | Verdict::Override) && note.is_empty() {
        return Err(Reject::Empty { field: Field::Note }.into());
    }
    if !old.is_signed() {
        return Err(Reject::NotSignedOff.into());
    }
    still_waits(set, old)?;
    let steps = with_case(set, old, Some(context.actor), |case| {
        let reached = case.reached_by(context.actor);
        match verdict {
            Verdict::Override => Ok(reached),
            _ if !reached.is_empty() => Ok(reached),
            _ if old.wrote(context.actor) => Err(Reject::OwnWork),
            _ => Err(Reject::NotAsked),
        }
    })?
    .ok_or(Reject::NotAsked)??;
    let hash = old.current_hash().ok_or(Reject::NotSignedOff)?;
    let text = crate::hash::ContentHash::of_text(&old.draft).ok_or(Reject::NoAccounts)?;
    let (by, at, version) = (context.actor, context.now, old.version);
    let due = old.schedule.as_ref().ok_or(Reject::NotScheduled)?.at;
    let mut review = old.review.as_deref().cloned().unwrap_or_default();
    review.decide(
        Vote { by, at, verdict, note: note.to_owned(), steps, version, hash, text, replaces: None },
        &old.draft,
        due,
    );
    finish(set, reviewed(context, old, review), Vec::new())
}

/// The version stays: nothing that is sent was changed.
fn reviewed(context: &Context, old: &Post, review: Review) -> Post {
    let review = (!review.is_empty()).then(|| Box::new(review));
    Post { review, updated_at: context.now, ..old.clone() }
}

fn recount(set: View<'_>, posts: &[PostId]) -> Decided {
    let mut writes = WriteSet::new();
    for id in posts {
        let post = match set.find(Key::Post(*id))? {
            Some(Record::Post(post)) if !post.deleted => post,
            _ => continue,
        };
        for record in finish(set, post.clone(), Vec::new())? {
            if !matches!(&record, Record::Post(new) if new.status == post.status) {
                writes.push(record);
            }
        }
    }
    if writes.is_empty() { Err(Reject::Empty { field: Field::Posts }.into()) } else { Ok(writes) }
}

/// Whether a post may go out as far as those are concerned who have to agree.
pub(super) fn approval(set: View<'_>, post: &Post) -> Decided<Approval> {
    if planted!(ApprovalNotAsked) {
        return Ok(Approval::NotNeeded);
    }
    Ok(with_case(set, post, None, |case| case.standing().approval)?.unwrap_or(Approval::NotNeeded))
}

/// Everything that the approval of these depends on, in a few questions for all of them.
pub(super) fn load<'a>(set: View<'a>, posts: impl Iterator<Item = &'a Post> + Clone) -> Decided<()> {
    let set = set.whole();
    let Some(organisation) = organisation(set)?.filter(|organisation| !organisation.chains.is_empty()) else {
        return Ok(());
    };
    let accounts = posts.clone().flat_map(|post| post.draft.targets.iter().map(|target| Key::Account(target.account)));
    let personas = organisation.chains.iter().flat_map(|chain| &chain.text.covers.personas);
    set.need(accounts.chain(personas.map(|persona| Key::Persona(*persona))))?;
    let named = organisation.chains.iter().flat_map(|chain| chain.text.named());
    let people: BTreeSet<PersonId> =
        posts.flat_map(|post| post.votes().iter().map(|vote| vote.by)).chain(named).collect();
    with_deputies(set, people)?;
    Ok(())
}

/// Asks something of the case of a post; `None` where nobody has to agree. `asker` is loaded too.
fn with_case<T>(
    set: View<'_>,
    post: &Post,
    asker: Option<PersonId>,
    ask: impl FnOnce(&Case<'_>) -> T,
) -> Decided<Option<T>> {
    let Some(organisation) = organisation(set)? else { return Ok(None) };
    if organisation.chains.is_empty() {
        return Ok(None);
    }
    // it depends on all of it, whoever acts
    let set = set.whole();
    let chains = organisation.chains.as_slice();
    let reach = reach(set, chains, post)?;
    let people: BTreeSet<PersonId> = Case::people(chains, post, &reach).into_iter().chain(asker).collect();
    let members = with_deputies(set, people)?;
    let case = Case::of(chains, post, &reach, &members, set.context().now);
    Ok(Some(ask(&case)))
}

fn with_deputies(set: View<'_>, people: BTreeSet<PersonId>) -> Decided<BTreeMap<PersonId, &Member>> {
    let mut members = members(set, people)?;
    let deputies = members.values().filter_map(|member| Some(member.away?.deputy)).collect();
    members.extend(self::members(set, deputies)?);
    Ok(members)
}

fn members(set: View<'_>, people: BTreeSet<PersonId>) -> Decided<BTreeMap<PersonId, &Member>> {
    set.need(people.iter().map(|person| Key::Member(*person)))?;
    let mut members = BTreeMap::new();
    for person in people {
        if let Some(Record::Member(member)) = set.find(Key::Member(person))? {
            members.insert(person, member);
        }
    }
    Ok(members)
}

fn reach(set: View<'_>, chains: &[Chain], post: &Post) -> Decided<Reach> {
    let accounts = || post.draft.targets.iter().map(|target| Key::Account(target.account));
    let personas = || chains.iter().flat_map(|chain| &chain.text.covers.personas).map(|persona| Key::Persona(*persona));
    set.need(accounts().chain(personas()))?;
    let mut reach = Reach::default();
    for key in accounts().chain(personas()) {
        match set.find(key)? {
            Some(Record::Account(account)) => drop(reach.networks.insert(account.network)),
            Some(Record::Persona(persona)) => reach.speaks(persona, &post.draft),
            _ => {}
        }
    }
    Ok(reach)
}

/// Whoever changes a draft must not agree to it: in a team their name stays with it.
pub(super) fn note_writer(set: View<'_>, post: &mut Post) -> Result<(), Halt> {
    let context = set.context();
    if context.authority.organisation().is_none() {
        return Ok(());
    }
    let same = match set.whole().find(Key::Post(post.id))? {
        Some(Record::Post(old)) => {
            if let (true, Some(review)) = (old.scope() != post.scope(), &mut post.review) {
                // who may see it now was not there when it was said
                review.forget();
            }
            old.draft == post.draft
        }
        _ => true,
    };
    if !same && post.author != context.actor && !planted!(WriterNotNoted) {
        post.review.get_or_insert_default().writers.insert(context.actor);
    }
    Ok(())
}
