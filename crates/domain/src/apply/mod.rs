//! The one pure function that decides what a mutation does.

mod accounts;
mod approvals;
mod comments;
mod delivery;
mod entries;
mod ideas;
mod library;
mod many;
mod people;
mod posts;
mod queues;
mod series;
mod snippets;
mod team;
mod undo;
mod view;

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::account::Account;
use crate::comment::Comment;
use crate::entry::Entry;
use crate::id::{
    AccountId, CommentId, EntryId, IdeaId, JobId, MediaId, OrganisationId, PersonId, PersonaId, PostId, QueueId,
    SeriesId, SnippetId,
};
use crate::idea::Idea;
use crate::job::Job;
use crate::media::Media;
use crate::mutation::Mutation;
use crate::people::Persona;
use crate::post::Post;
use crate::queue::Queue;
use crate::record::{Key, ReadSet, Record, WorkingSet, WriteSet};
use crate::reject::{Field, Reject};
use crate::series::Series;
use crate::snippet::Snippet;
use crate::team::Member;
use view::View;

pub use posts::content_violations;
pub use undo::inverse;
pub use view::Authority;

/// Who acts, and when. In a team the time is the server's.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    pub actor: PersonId,
    pub now: Timestamp,
    pub authority: Authority,
}

impl Context {
    /// A person alone with a profile.
    pub const fn solo(actor: PersonId, now: Timestamp) -> Self {
        Self { actor, now, authority: Authority::Solo }
    }

    /// A member of an organisation, or whoever says to be one: [`apply`] asks for the member.
    pub const fn team(organisation: OrganisationId, actor: PersonId, now: Timestamp) -> Self {
        Self { actor, now, authority: Authority::Team { organisation } }
    }

    /// The server of an organisation, in the name of the member whose invitation was accepted.
    pub const fn invitation(organisation: OrganisationId, inviter: PersonId, now: Timestamp) -> Self {
        Self { actor: inviter, now, authority: Authority::Invitation { organisation } }
    }
}

/// A decision, or the records it must see first. The caller loads them all and asks again until it is done.
#[derive(Debug)]
pub enum Step<T> {
    Done(T),
    Need(ReadSet),
}

/// Decides what `mutation` does to the records in `set`: these writes, or this refusal. Depends on its arguments alone.
pub fn apply(context: &Context, set: &WorkingSet, mutation: &Mutation) -> Step<Result<WriteSet, Reject>> {
    let decided = View::of(context, set, mutation).and_then(|view| {
        let writes = rules(context, view, mutation)?;
        view.within_reach(&writes)?;
        Ok(writes)
    });
    match decided {
        Ok(writes) => Step::Done(Ok(writes)),
        Err(Halt::Reject(reject)) => Step::Done(Err(*reject)),
        Err(Halt::Need(keys)) => Step::Need(keys),
    }
}

fn rules(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    match mutation {
        Mutation::FoundOrganisation { .. }
        | Mutation::RenameOrganisation { .. }
        | Mutation::AddMember { .. }
        | Mutation::ChangeRole { .. }
        | Mutation::GrantPersonas { .. }
        | Mutation::RemoveMember { .. }
        | Mutation::Leave
        | Mutation::GoAway { .. }
        | Mutation::ComeBack => team::apply(context, set, mutation),
        Mutation::AddChain { .. }
        | Mutation::EditChain { .. }
        | Mutation::DeleteChain { .. }
        | Mutation::Review { .. }
        | Mutation::WithdrawReview { .. }
        | Mutation::Recount { .. } => approvals::apply(context, set, mutation),
        Mutation::NamePerson { .. }
        | Mutation::AddPersona { .. }
        | Mutation::EditPersona { .. }
        | Mutation::DeletePersona { .. }
        | Mutation::RestorePersona { .. } => people::apply(context, set, mutation),
        Mutation::AddQueue { .. }
        | Mutation::EditQueue { .. }
        | Mutation::DeleteQueue { .. }
        | Mutation::RestoreQueue { .. } => queues::apply(context, set, mutation),
        Mutation::AddSnippet { .. }
        | Mutation::EditSnippet { .. }
        | Mutation::DeleteSnippet { .. }
        | Mutation::RestoreSnippet { .. } => snippets::apply(context, set, mutation),
        Mutation::AddComment { .. }
        | Mutation::EditComment { .. }
        | Mutation::DeleteComment { .. }
        | Mutation::RestoreComment { .. }
        | Mutation::ResolveComment { .. }
        | Mutation::ReopenComment { .. } => comments::apply(context, set, mutation),
        Mutation::AddIdea { .. }
        | Mutation::EditIdea { .. }
        | Mutation::MoveIdea { .. }
        | Mutation::DeleteIdea { .. }
        | Mutation::RestoreIdea { .. }
        | Mutation::DraftIdea { .. }
        | Mutation::UndraftIdea { .. }
        | Mutation::AddColumn { .. }
        | Mutation::RenameColumn { .. }
        | Mutation::MoveColumn { .. }
        | Mutation::DeleteColumn { .. } => ideas::apply(context, set, mutation),
        Mutation::AddEntry { .. }
        | Mutation::EditEntry { .. }
        | Mutation::DeleteEntry { .. }
        | Mutation::RestoreEntry { .. } => entries::apply(context, set, mutation),
        Mutation::ConnectAccount { .. }
        | Mutation::RecordProfile { .. }
        | Mutation::RecordHealth { .. }
        | Mutation::Reconnect { .. }
        | Mutation::SetGrace { .. }
        | Mutation::RemoveAccount { .. }
        | Mutation::RestoreAccount { .. } => accounts::apply(context, set, mutation),
        Mutation::AddMedia { .. }
        | Mutation::ImportMedia { .. }
        | Mutation::FitMedia { .. }
        | Mutation::EditMedia { .. }
        | Mutation::FileMedia { .. }
        | Mutation::DeleteMedia { .. }
        | Mutation::RestoreMedia { .. } => library::apply(context, set, mutation),
        Mutation::CreatePost { .. }
        | Mutation::EditDraft { .. }
        | Mutation::SettleMerge { .. }
        | Mutation::RestoreVersion { .. }
        | Mutation::DeletePost { .. }
        | Mutation::ImportPosts { .. }
        | Mutation::DiscardPosts { .. }
        | Mutation::RestorePost { .. }
        | Mutation::SchedulePost { .. }
        | Mutation::SignOff { .. }
        | Mutation::Unschedule { .. } => posts::apply(context, set, mutation),
        Mutation::ChangePosts { .. } | Mutation::RestorePosts { .. } | Mutation::PutBackPosts { .. } => {
            many::apply(context, set, mutation)
        }
        Mutation::StartSeries { .. }
        | Mutation::DropSeries { .. }
        | Mutation::ExtendSeries { .. }
        | Mutation::EditSeries { .. }
        | Mutation::StopSeries { .. }
        | Mutation::ResumeSeries { .. } => series::apply(context, set, mutation),
        Mutation::Claim { .. }
        | Mutation::Prepare { .. }
        | Mutation::BeginSend { .. }
        | Mutation::Report { .. }
        | Mutation::LoseAnswer { .. }
        | Mutation::LookedUp { .. }
        | Mutation::Release { .. }
        | Mutation::HandOver { .. }
        | Mutation::Miss { .. }
        | Mutation::Stop { .. }
        | Mutation::Decide { .. } => delivery::apply(context, set, mutation),
    }
}

/// Why a rule stopped before its end.
#[derive(Debug)]
enum Halt {
    Need(ReadSet),
    Reject(Box<Reject>),
}

impl From<Reject> for Halt {
    fn from(reject: Reject) -> Self {
        Self::Reject(Box::new(reject))
    }
}

type Decided<T = WriteSet> = Result<T, Halt>;

/// Reading records of a known kind.
macro_rules! readers {
    ($($name:ident, $id:ty, $kind:ident => $record:ty;)+) => {
        impl<'a> View<'a> {
            $(fn $name(self, id: $id) -> Decided<&'a $record> {
                match self.find(Key::$kind(id))? {
                    Some(Record::$kind(record)) => Ok(record),
                    _ => Err(Reject::NotFound.into()),
                }
            })+
        }
    };
}

readers! {
    persona, PersonaId, Persona => Persona;
    account, AccountId, Account => Account;
    post, PostId, Post => Post;
    job, JobId, Job => Job;
    media, MediaId, Media => Media;
    series, SeriesId, Series => Series;
    queue, QueueId, Queue => Queue;
    snippet, SnippetId, Snippet => Snippet;
    comment, CommentId, Comment => Comment;
    idea, IdeaId, Idea => Idea;
    entry, EntryId, Entry => Entry;
    member, PersonId, Member => Member;
}

/// A text with a bound, counted in characters.
fn bounded(field: Field, text: &str, limit: usize) -> Result<(), Reject> {
    let measured = text.chars().count();
    if measured > limit {
        return Err(Reject::TooLong { field, measured: measured as u64, limit: limit as u64 });
    }
    Ok(())
}

fn bounded_count(field: Field, measured: usize, limit: usize) -> Result<(), Reject> {
    if measured > limit {
        return Err(Reject::TooLong { field, measured: measured as u64, limit: limit as u64 });
    }
    Ok(())
}

fn not_repeated(accounts: impl IntoIterator<Item = AccountId>) -> Result<(), Reject> {
    let mut seen = BTreeSet::new();
    match accounts.into_iter().find(|account| !seen.insert(*account)) {
        Some(account) => Err(Reject::Repeated { account }),
        None => Ok(()),
    }
}
