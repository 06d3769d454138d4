//! Records by key: what a rule reads and what it writes.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::comment::Comment;
use crate::entry::Entry;
use crate::id::{
    AccountId, BoardId, CommentId, EntryId, IdeaId, JobId, MediaId, OrganisationId, PersonId, PersonaId, PostId,
    QueueId, SeriesId, SnippetId,
};
use crate::idea::{Board, Idea};
use crate::job::Job;
use crate::media::Media;
use crate::people::{Person, Persona};
use crate::post::Post;
use crate::queue::Queue;
use crate::series::Series;
use crate::snippet::Snippet;
use crate::team::{Member, Organisation};

/// Names one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Key {
    Person(PersonId),
    Persona(PersonaId),
    Account(AccountId),
    Post(PostId),
    Job(JobId),
    Media(MediaId),
    Series(SeriesId),
    Queue(QueueId),
    Snippet(SnippetId),
    Comment(CommentId),
    Idea(IdeaId),
    Board(BoardId),
    Entry(EntryId),
    Organisation(OrganisationId),
    /// Of the one organisation whose records these are.
    Member(PersonId),
}

/// One record of any kind, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Record {
    Person(Person),
    Persona(Persona),
    Account(Account),
    Post(Post),
    Job(Job),
    Media(Media),
    Series(Series),
    Queue(Queue),
    Snippet(Snippet),
    Comment(Comment),
    Idea(Idea),
    Board(Board),
    Entry(Entry),
    Organisation(Organisation),
    Member(Member),
}

impl Record {
    pub fn key(&self) -> Key {
        match self {
            Self::Person(person) => Key::Person(person.id),
            Self::Persona(persona) => Key::Persona(persona.id),
            Self::Account(account) => Key::Account(account.id),
            Self::Post(post) => Key::Post(post.id),
            Self::Job(job) => Key::Job(job.id),
            Self::Media(media) => Key::Media(media.id),
            Self::Series(series) => Key::Series(series.id),
            Self::Queue(queue) => Key::Queue(queue.id),
            Self::Snippet(snippet) => Key::Snippet(snippet.id),
            Self::Comment(comment) => Key::Comment(comment.id),
            Self::Idea(idea) => Key::Idea(idea.id),
            Self::Board(board) => Key::Board(board.id),
            Self::Entry(entry) => Key::Entry(entry.id),
            Self::Organisation(organisation) => Key::Organisation(organisation.id),
            Self::Member(member) => Key::Member(member.person),
        }
    }
}

/// The records that a mutation changes: stored together or not at all.
pub type WriteSet = Vec<Record>;

/// The keys that a rule must see before it can decide.
pub type ReadSet = BTreeSet<Key>;

/// The records that were loaded so far. A key that was loaded and not found is remembered as absent.
#[derive(Debug, Clone, Default)]
pub struct WorkingSet(BTreeMap<Key, Option<Record>>);

impl WorkingSet {
    /// Adds what the store answered for a key.
    pub fn load(&mut self, key: Key, record: Option<Record>) {
        self.0.insert(key, record);
    }

    /// Puts written records over the loaded ones, so that the next mutation of the same transaction sees them.
    pub fn overlay(&mut self, writes: &WriteSet) {
        for record in writes {
            self.0.insert(record.key(), Some(record.clone()));
        }
    }

    /// All that were loaded and are there.
    pub fn iter(&self) -> impl Iterator<Item = &Record> {
        self.0.values().flatten()
    }

    /// `None`: not loaded yet. `Some(None)`: loaded, and there is no such record.
    pub fn get(&self, key: Key) -> Option<Option<&Record>> {
        self.0.get(&key).map(Option::as_ref)
    }
}
