//! The mutations: every change of state by its name. A mutation is an intent, not a row write; it carries the ids it needs.

mod keys;
mod many;
mod name;
mod origin;
mod pending;
mod seen;
mod when;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::account::{Account, Health, Profile, SignIn};
use crate::approval::{ChainText, Verdict};
use crate::comment::Anchor;
use crate::entry::EntryText;
use crate::hash::ContentHash;
use crate::id::{
    AccountId, ChainId, ColumnId, CommentId, EntryId, IdeaId, JobId, MediaId, PersonId, PersonaId, PostId, QueueId,
    SeriesId, SnippetId,
};
use crate::idea::IdeaText;
use crate::job::{Decision, Lookup, Outcome, Reason};
use crate::media::{Media, MediaEdit};
use crate::people::PersonaText;
use crate::post::Draft;
use crate::queue::QueueText;
use crate::record::{Key, Record};
use crate::series::{Ahead, Place};
use crate::snippet::SnippetText;

use crate::team::{Personas, Role};
pub use keys::PartKeys;
pub use many::{Earlier, Keep, PostsChange, Stood};
pub use pending::Since;
pub use when::When;

/// One post of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedPost {
    pub post: PostId,
    pub draft: Draft,
    /// Without one it is a draft.
    pub when: Option<When>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mutation", rename_all = "snake_case")]
pub enum Mutation {
    /// The first of an organisation: whoever does it becomes its owner.
    FoundOrganisation {
        name: String,
        /// How the owner is called.
        member: String,
    },
    RenameOrganisation {
        name: String,
    },
    /// Takes a person in, or in again, who accepted an invitation of the actor. No member may do this by a change of their own.
    AddMember {
        person: PersonId,
        name: String,
        role: Role,
        personas: Personas,
    },
    ChangeRole {
        person: PersonId,
        role: Role,
    },
    /// As which personas a creator speaks from now on.
    GrantPersonas {
        person: PersonId,
        personas: Personas,
    },
    RemoveMember {
        person: PersonId,
    },
    /// Ends the own membership.
    Leave,
    /// From now on until a time, somebody decides in place of the actor, where a chain asks for them by name.
    GoAway {
        until: Timestamp,
        deputy: PersonId,
    },
    /// Ends that now.
    ComeBack,

    AddChain {
        chain: ChainId,
        text: ChainText,
    },
    /// Writes the whole chain. `read` is the version that the writer started from.
    EditChain {
        chain: ChainId,
        read: u32,
        text: ChainText,
    },
    /// `read` is the version that the person looked at.
    DeleteChain {
        chain: ChainId,
        read: u32,
    },
    /// The own decision about a post, in place of an earlier one. `read` is the version that the person looked at.
    Review {
        post: PostId,
        read: u32,
        /// What the person saw ([`Post::seen`](crate::post::Post::seen)); it is not done without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<ContentHash>,
        verdict: Verdict,
        note: String,
    },
    /// Takes the own decision back.
    WithdrawReview {
        post: PostId,
    },
    /// Writes the word that follows for each of these from chains and members as they are now.
    Recount {
        posts: Vec<PostId>,
    },

    /// Names the person of this profile, or renames them.
    NamePerson {
        person: PersonId,
        name: String,
    },

    AddPersona {
        persona: PersonaId,
        text: PersonaText,
    },
    EditPersona {
        persona: PersonaId,
        text: PersonaText,
    },
    DeletePersona {
        persona: PersonaId,
    },
    RestorePersona {
        persona: PersonaId,
    },

    AddQueue {
        queue: QueueId,
        text: QueueText,
    },
    EditQueue {
        queue: QueueId,
        text: QueueText,
    },
    DeleteQueue {
        queue: QueueId,
    },
    RestoreQueue {
        queue: QueueId,
    },

    AddSnippet {
        snippet: SnippetId,
        text: SnippetText,
    },
    EditSnippet {
        snippet: SnippetId,
        text: SnippetText,
    },
    DeleteSnippet {
        snippet: SnippetId,
    },
    RestoreSnippet {
        snippet: SnippetId,
    },

    AddComment {
        comment: CommentId,
        post: PostId,
        text: String,
        /// Of an answer it is none.
        anchor: Option<Anchor>,
        reply_to: Option<CommentId>,
    },
    EditComment {
        comment: CommentId,
        text: String,
    },
    DeleteComment {
        comment: CommentId,
    },
    RestoreComment {
        comment: CommentId,
    },
    /// With all its answers.
    ResolveComment {
        comment: CommentId,
    },
    ReopenComment {
        comment: CommentId,
    },

    /// At the head of a column.
    AddIdea {
        idea: IdeaId,
        text: IdeaText,
        column: ColumnId,
    },
    EditIdea {
        idea: IdeaId,
        text: IdeaText,
    },
    /// Before another one of that column, or at its end.
    MoveIdea {
        idea: IdeaId,
        column: ColumnId,
        before: Option<IdeaId>,
    },
    DeleteIdea {
        idea: IdeaId,
    },
    RestoreIdea {
        idea: IdeaId,
        column: ColumnId,
        before: Option<IdeaId>,
    },
    /// It becomes a post, and knows it from then on.
    DraftIdea {
        idea: IdeaId,
        post: PostId,
        draft: Draft,
    },
    /// Takes that back: the post is deleted.
    UndraftIdea {
        idea: IdeaId,
        post: PostId,
    },
    /// Before another one, or as the last; with these ideas of other columns.
    AddColumn {
        column: ColumnId,
        name: String,
        before: Option<ColumnId>,
        ideas: Vec<IdeaId>,
    },
    RenameColumn {
        column: ColumnId,
        name: String,
    },
    MoveColumn {
        column: ColumnId,
        before: Option<ColumnId>,
    },
    /// Its ideas go to the end of the first column that is left.
    DeleteColumn {
        column: ColumnId,
    },

    AddEntry {
        entry: EntryId,
        text: EntryText,
    },
    EditEntry {
        entry: EntryId,
        text: EntryText,
    },
    DeleteEntry {
        entry: EntryId,
    },
    RestoreEntry {
        entry: EntryId,
    },

    /// A finished sign-in at a network. Connecting an account that is known brings it back with its schedule.
    ConnectAccount {
        account: Box<Account>,
    },
    /// What a check of the account told.
    RecordProfile {
        account: AccountId,
        profile: Profile,
        ends_at: Option<Timestamp>,
    },
    RecordHealth {
        account: AccountId,
        health: Health,
    },
    Reconnect {
        account: AccountId,
        sign_in: SignIn,
        profile: Profile,
        ends_at: Option<Timestamp>,
    },
    SetGrace {
        account: AccountId,
        grace_s: u32,
    },
    RemoveAccount {
        account: AccountId,
    },
    RestoreAccount {
        account: AccountId,
    },

    /// A file that a post brings in. One that is known stays as it is, and is back if it was deleted.
    AddMedia {
        media: Media,
    },
    /// Files that come into the library together; those that are there already stay as they are.
    ImportMedia {
        media: Vec<Media>,
    },
    /// A file that was made of another one ([`Media::made_from`]); it takes over what people say about that.
    FitMedia {
        of: MediaId,
        media: Media,
    },
    /// Writes what people say about files.
    EditMedia {
        edits: Vec<MediaEdit>,
    },
    /// Puts files into a folder and gives them a tag.
    FileMedia {
        media: Vec<MediaId>,
        folder: Option<String>,
        tag: Option<String>,
    },
    /// Takes files out of the library. Posts that use them keep them.
    DeleteMedia {
        media: Vec<MediaId>,
    },
    RestoreMedia {
        media: Vec<MediaId>,
    },

    CreatePost {
        post: PostId,
        draft: Draft,
    },
    /// Writes the whole draft. `read` is the version that the writer started from.
    EditDraft {
        post: PostId,
        read: u32,
        draft: Draft,
        /// In a team; without it a draft that was changed meanwhile is not touched.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Box<Since>>,
    },
    /// Somebody has read what came of two changes.
    SettleMerge {
        post: PostId,
        read: u32,
        /// What the person saw ([`Post::seen`](crate::post::Post::seen)); in a team it is not done without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<ContentHash>,
    },
    /// Writes the whole draft as it stood before: an edit that is a version of its own, however soon it comes.
    RestoreVersion {
        post: PostId,
        read: u32,
        /// What the person saw ([`Post::seen`](crate::post::Post::seen)); in a team it is not done without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<ContentHash>,
        draft: Draft,
    },
    DeletePost {
        post: PostId,
    },
    /// Posts that come in together, from a table: each written, and those with a time scheduled and signed off. All or none.
    ImportPosts {
        posts: Vec<ImportedPost>,
        keys: PartKeys,
    },
    /// Takes an import back: all that has not begun to go out.
    DiscardPosts {
        posts: Vec<PostId>,
    },
    /// Brings it back as it was; what was scheduled is scheduled again as long as its grace time lasts.
    RestorePost {
        post: PostId,
        keys: PartKeys,
    },

    /// Sets the time and signs off exactly what stands there now.
    SchedulePost {
        post: PostId,
        read: u32,
        /// What the person saw ([`Post::seen`](crate::post::Post::seen)); in a team it is not done without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<ContentHash>,
        when: When,
        keys: PartKeys,
    },
    /// Signs off a scheduled post that was changed.
    SignOff {
        post: PostId,
        read: u32,
        /// What the person saw ([`Post::seen`](crate::post::Post::seen)); in a team it is not done without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<ContentHash>,
        keys: PartKeys,
    },
    Unschedule {
        post: PostId,
    },

    /// Does one thing to all of these that let it; the others stay as they are.
    ChangePosts {
        posts: Vec<PostId>,
        change: PostsChange,
        /// As [`Mutation::SchedulePost`]: of each post that a change signs off.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        seen: BTreeMap<PostId, ContentHash>,
        keys: PartKeys,
    },
    /// Brings back what was deleted together.
    RestorePosts {
        posts: Vec<PostId>,
        keys: PartKeys,
    },
    /// Puts posts back to where they stood, as far as what was signed off then still stands there.
    PutBackPosts {
        posts: Vec<Earlier>,
        keys: PartKeys,
    },

    /// A post comes again: it is scheduled and signed off, and so is a post like it at each of `places`.
    StartSeries {
        series: SeriesId,
        post: PostId,
        read: u32,
        /// What the person saw ([`Post::seen`](crate::post::Post::seen)); in a team it is not done without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<ContentHash>,
        /// [`crate::series::Series::rule`].
        rule: String,
        when: When,
        ahead: Ahead,
        keys: PartKeys,
    },
    /// Takes back the start of a series: the posts that it made are deleted, and the one that it began with stands as `back`
    /// says, as a draft if it is `None`.
    DropSeries {
        series: SeriesId,
        post: PostId,
        back: Option<When>,
        /// What was signed off for that time; in a team it is not done without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signed: Option<ContentHash>,
        /// Where it stood before in another series, which goes on with these posts.
        place: Option<Place>,
        resumes: Vec<PostId>,
        keys: PartKeys,
    },
    /// Makes the next posts of a series. What keeps it from that is written in the series.
    ExtendSeries {
        series: SeriesId,
        ahead: Ahead,
        keys: PartKeys,
    },
    /// The posts behind a place say this from now on, those that were changed by themselves excepted.
    EditSeries {
        series: SeriesId,
        after: DateTime,
        draft: Draft,
        keys: PartKeys,
    },
    /// The posts behind a place are deleted, and no more are made.
    StopSeries {
        series: SeriesId,
        after: DateTime,
    },
    /// Takes the end of a series back.
    ResumeSeries {
        series: SeriesId,
        posts: Vec<PostId>,
        keys: PartKeys,
    },

    Claim {
        job: JobId,
    },
    Prepare {
        job: JobId,
        fence: u32,
        request: String,
    },
    BeginSend {
        job: JobId,
        fence: u32,
    },
    Report {
        job: JobId,
        attempt: u32,
        outcome: Outcome,
    },
    LoseAnswer {
        job: JobId,
        reason: Reason,
    },
    LookedUp {
        job: JobId,
        found: Lookup,
    },
    Release {
        job: JobId,
        fence: u32,
        not_before: Timestamp,
        reason: Reason,
    },
    /// It is time for a delivery that a person makes by hand.
    HandOver {
        job: JobId,
    },
    Miss {
        job: JobId,
        reason: Reason,
    },
    Stop {
        job: JobId,
        reason: Reason,
    },
    Decide {
        job: JobId,
        decision: Decision,
        /// What the person saw ([`Post::seen`](crate::post::Post::seen)); in a team what publishes is not done without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<ContentHash>,
        keys: PartKeys,
    },
}

impl ImportedPost {
    /// Posts of one import: half a year of three a day, and what one transaction writes while a person waits.
    pub const POSTS_MAX: usize = 1_000;
}

impl Mutation {
    /// The same intent with idempotency keys of its own: an undo must never send under a key that was used before.
    #[must_use]
    pub fn with_keys(mut self, fresh: PartKeys) -> Self {
        match &mut self {
            Self::RestorePost { keys, .. }
            | Self::ImportPosts { keys, .. }
            | Self::ChangePosts { keys, .. }
            | Self::RestorePosts { keys, .. }
            | Self::PutBackPosts { keys, .. }
            | Self::SchedulePost { keys, .. }
            | Self::SignOff { keys, .. }
            | Self::StartSeries { keys, .. }
            | Self::DropSeries { keys, .. }
            | Self::ExtendSeries { keys, .. }
            | Self::EditSeries { keys, .. }
            | Self::ResumeSeries { keys, .. }
            | Self::Decide { keys, .. } => *keys = fresh,
            _ => {}
        }
        self
    }

    /// What was done of it: of a change of many the posts that it wrote.
    pub fn as_done(&self, writes: &[Record]) -> Cow<'_, Self> {
        let written = |post: &&PostId| writes.iter().any(|record| record.key() == Key::Post(**post));
        if let Self::Recount { posts } = self {
            return Cow::Owned(Self::Recount { posts: posts.iter().filter(written).copied().collect() });
        }
        let Self::ChangePosts { posts, change, seen, keys } = self else { return Cow::Borrowed(self) };
        let posts: BTreeSet<PostId> = posts.iter().filter(written).copied().collect();
        let seen = seen.iter().filter(|(post, _)| posts.contains(post)).map(|(post, hash)| (*post, *hash)).collect();
        let posts = posts.into_iter().collect();
        Cow::Owned(Self::ChangePosts { posts, change: change.clone(), seen, keys: *keys })
    }
}
