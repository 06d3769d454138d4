//! One file per table: its private row, what is written to it, what is asked of it.

pub(crate) mod account;
pub(crate) mod credential;
pub(crate) mod job;
pub(crate) mod job_log;
pub(crate) mod media;
pub(crate) mod member;
pub(crate) mod mutation_log;
pub(crate) mod person;
pub(crate) mod persona;
mod plain;
pub(crate) mod post;
pub(crate) mod post_list;
pub(crate) mod post_media;
pub(crate) mod post_target;
pub(crate) mod search;
pub(crate) mod series;
pub(crate) mod setting;
pub(crate) mod signs;
pub(crate) mod snippet;

use domain::{Key, Record};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::store::Store;

impl Store {
    /// The record that a key names, if it is there.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn record(&self, key: Key) -> Result<Option<Record>, StoreError> {
        load(&self.readers, key).await
    }
}

pub(crate) async fn load(db: &impl ConnectionTrait, key: Key) -> Result<Option<Record>, StoreError> {
    Ok(match key {
        Key::Person(id) => person::find(db, id).await?.map(Record::Person),
        Key::Persona(id) => persona::find(db, id).await?.map(Record::Persona),
        Key::Account(id) => account::find(db, id).await?.map(Record::Account),
        Key::Post(id) => post::find(db, id).await?.map(Record::Post),
        Key::Job(id) => job::find(db, id).await?.map(Record::Job),
        Key::Media(id) => media::find(db, id).await?.map(Record::Media),
        Key::Series(id) => series::find(db, id).await?.map(Record::Series),
        Key::Queue(id) => plain::queue::find(db, id).await?.map(Record::Queue),
        Key::Snippet(id) => plain::snippet::find(db, id).await?.map(Record::Snippet),
        Key::Comment(id) => plain::comment::find(db, id).await?.map(Record::Comment),
        Key::Idea(id) => plain::idea::find(db, id).await?.map(Record::Idea),
        Key::Board(id) => plain::board::find(db, id).await?.map(Record::Board),
        Key::Entry(id) => plain::entry::find(db, id).await?.map(Record::Entry),
        Key::Organisation(id) => plain::organisation::find(db, id).await?.map(Record::Organisation),
        Key::Member(id) => member::find(db, id).await?.map(Record::Member),
    })
}

pub(crate) async fn save(db: &impl ConnectionTrait, record: &Record) -> Result<(), StoreError> {
    match record {
        Record::Person(person) => person::save(db, person).await,
        Record::Persona(persona) => persona::save(db, persona).await,
        Record::Account(account) => account::save(db, account).await,
        Record::Post(post) => post::save_all(db, &[post]).await,
        Record::Job(job) => job::save(db, job).await,
        Record::Media(media) => media::save(db, media).await,
        Record::Series(series) => series::save(db, series).await,
        Record::Queue(queue) => plain::queue::save(db, queue).await,
        Record::Snippet(snippet) => plain::snippet::save(db, snippet).await,
        Record::Comment(comment) => plain::comment::save(db, comment).await,
        Record::Idea(idea) => plain::idea::save(db, idea).await,
        Record::Board(board) => plain::board::save(db, board).await,
        Record::Entry(entry) => plain::entry::save(db, entry).await,
        Record::Organisation(organisation) => plain::organisation::save(db, organisation).await,
        Record::Member(member) => member::save(db, member).await,
    }
}

/// As [`save`], many at once, each of them once. What refers to something else may come before it: the database looks at its commit.
pub(crate) async fn save_all<'a>(
    db: &impl ConnectionTrait,
    records: impl Iterator<Item = &'a Record>,
) -> Result<(), StoreError> {
    let mut posts = Vec::new();
    for record in records {
        match record {
            Record::Post(post) => posts.push(post),
            other => save(db, other).await?,
        }
    }
    post::save_all(db, &posts).await
}

/// Removes a record with what hangs on it. Only what a server tells does this: a person's deletion keeps the record.
pub(crate) async fn delete(db: &impl ConnectionTrait, key: Key) -> Result<(), StoreError> {
    let (table, column, id) = match key {
        Key::Person(id) => ("person", "id", id.to_string()),
        Key::Persona(id) => ("persona", "id", id.to_string()),
        Key::Account(id) => ("account", "id", id.to_string()),
        Key::Post(id) => ("post", "id", id.to_string()),
        Key::Job(id) => ("job", "id", id.to_string()),
        Key::Media(id) => ("media", "id", id.to_string()),
        Key::Series(id) => ("series", "id", id.to_string()),
        Key::Queue(id) => ("queue", "id", id.to_string()),
        Key::Snippet(id) => ("snippet", "id", id.to_string()),
        Key::Comment(id) => ("comment", "id", id.to_string()),
        Key::Idea(id) => ("idea", "id", id.to_string()),
        Key::Board(id) => ("board", "id", id.to_string()),
        Key::Entry(id) => ("entry", "id", id.to_string()),
        Key::Organisation(id) => ("organisation", "id", id.to_string()),
        Key::Member(person) => ("member", "person", person.to_string()),
    };
    let mut sql = vec![format!("DELETE FROM {table} WHERE {column} = ?")];
    match key {
        Key::Post(_) => sql.push("DELETE FROM post_media WHERE post = ?".to_owned()),
        Key::Job(_) => sql.insert(0, "DELETE FROM job_log WHERE job = ?".to_owned()),
        _ => {}
    }
    for sql in sql {
        db.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, [id.clone().into()])).await?;
    }
    Ok(())
}

/// The record as it is kept in `data`.
pub(crate) fn to_json<T: Serialize>(table: &'static str, id: &str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Unreadable { table, id: id.to_owned() })
}

pub(crate) fn from_json<T: DeserializeOwned>(table: &'static str, id: &str, data: &str) -> Result<T, StoreError> {
    serde_json::from_str(data).map_err(|_| StoreError::Unreadable { table, id: id.to_owned() })
}

/// An id or another parsed column; a text that is none means that the row is not readable.
pub(crate) fn parsed<T: std::str::FromStr>(table: &'static str, id: &str, text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Unreadable { table, id: id.to_owned() })
}
