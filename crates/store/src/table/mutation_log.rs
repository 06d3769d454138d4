use std::str::FromStr;

use domain::Key;
use domain::id::{PersonId, PostId};
use jiff::Timestamp;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{NotSet, QueryOrder, QuerySelect, Set};
use serde_json::Value;

use crate::error::StoreError;
use crate::mutate::{Commit, LogEntry};
use crate::store::Store;
use crate::table::{from_json, parsed, to_json};
use crate::time::{instant, micros};

const TABLE: &str = "mutation_log";
/// More than a person and the publisher write in an hour.
const CHANGES_MAX: u64 = 5_000;

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mutation_log")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub began_at: i64,
        pub at: i64,
        pub actor: String,
        pub name: String,
        pub subject: Option<String>,
        pub data: String,
        pub inverse: Option<String>,
        pub undoes: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A mutation that was done, as the log remembers it.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedMutation {
    pub seq: u64,
    /// When the first mutation of a coalesced burst was done.
    pub began_at: Timestamp,
    /// When the last one was done.
    pub at: Timestamp,
    pub actor: PersonId,
    pub name: String,
    /// The post that it wrote, if it wrote one.
    pub post: Option<PostId>,
    pub data: Value,
    pub inverse: Option<Value>,
}

/// What a list of changes says of one: everything but the texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedChange {
    pub seq: u64,
    pub at: Timestamp,
    pub name: String,
    /// The record that it is about: the post that it wrote, the first one of several, or what it names.
    pub about: Option<Key>,
    /// So many posts came in at once, or so many files were changed; 0 for anything else.
    pub count: u32,
    /// The name of the mutation that takes it back; `None` if nothing does.
    pub inverse: Option<String>,
    pub undoes: Option<u64>,
}

/// The first file of a change.
const MEDIA: &str = "coalesce(json_extract(data, '$.media[0].id'), json_extract(data, '$.media[0]'), \
                     json_extract(data, '$.media.id'), json_extract(data, '$.edits[0].media'))";
const COUNT: &str = "coalesce(json_array_length(data, '$.posts'), json_array_length(data, '$.media'), \
                     json_array_length(data, '$.edits'))";

#[derive(Debug, sea_orm::FromQueryResult)]
struct ChangeRow {
    seq: i64,
    at: i64,
    name: String,
    subject: Option<String>,
    persona: Option<String>,
    queue: Option<String>,
    snippet: Option<String>,
    comment: Option<String>,
    idea: Option<String>,
    entry: Option<String>,
    media: Option<String>,
    posts: Option<i64>,
    inverse_name: Option<String>,
    undoes: Option<i64>,
}

impl ChangeRow {
    fn change(self) -> Result<LoggedChange, StoreError> {
        let id = self.seq.to_string();
        let about = match &self.subject {
            Some(post) => Some(Key::Post(parsed(TABLE, &id, post)?)),
            None => self.named(&id)?,
        };
        Ok(LoggedChange {
            seq: u64::try_from(self.seq).unwrap_or(0),
            at: instant(self.at),
            name: self.name,
            about,
            count: self.posts.and_then(|posts| u32::try_from(posts).ok()).unwrap_or(0),
            inverse: self.inverse_name,
            undoes: self.undoes.and_then(|undoes| u64::try_from(undoes).ok()),
        })
    }
}

impl ChangeRow {
    /// The record that it names.
    fn named(&self, id: &str) -> Result<Option<Key>, StoreError> {
        Ok(key(id, self.persona.as_ref(), Key::Persona)?
            .or(key(id, self.queue.as_ref(), Key::Queue)?)
            .or(key(id, self.snippet.as_ref(), Key::Snippet)?)
            .or(key(id, self.comment.as_ref(), Key::Comment)?)
            .or(key(id, self.idea.as_ref(), Key::Idea)?)
            .or(key(id, self.entry.as_ref(), Key::Entry)?)
            .or(key(id, self.media.as_ref(), Key::Media)?))
    }
}

fn key<T: FromStr>(entry: &str, id: Option<&String>, of: fn(T) -> Key) -> Result<Option<Key>, StoreError> {
    id.map(|id| parsed(TABLE, entry, id).map(of)).transpose()
}

impl row::Model {
    fn logged(&self) -> Result<LoggedMutation, StoreError> {
        let id = self.seq.to_string();
        Ok(LoggedMutation {
            seq: u64::try_from(self.seq).unwrap_or(0),
            began_at: instant(self.began_at),
            at: instant(self.at),
            actor: parsed(TABLE, &id, &self.actor)?,
            name: self.name.clone(),
            post: self.subject.as_ref().map(|subject| parsed(TABLE, &id, subject)).transpose()?,
            data: from_json(TABLE, &id, &self.data)?,
            inverse: self.inverse.as_ref().map(|inverse| from_json(TABLE, &id, inverse)).transpose()?,
        })
    }
}

/// The part of the last entry that says whether the next one may replace it.
#[derive(Debug, sea_orm::FromQueryResult)]
struct Last {
    seq: i64,
    began_at: i64,
    actor: String,
    name: String,
    subject: Option<String>,
    undoes: Option<i64>,
}

impl Last {
    fn may_be_replaced_by(&self, entry: &LogEntry, post: Option<&str>) -> bool {
        let age = micros(entry.at).saturating_sub(self.began_at);
        post.is_some()
            && self.subject.as_deref() == post
            && self.name == entry.name
            && self.actor == entry.actor.to_string()
            // what took something back is taken back by itself
            && self.undoes.is_none()
            // a clock that was set back begins a new entry
            && (0..Commit::COALESCE_S * 1_000_000).contains(&age)
    }
}

/// Writes the entry under the next number, or over the last entry.
pub(crate) async fn append(
    db: &impl ConnectionTrait,
    entry: &LogEntry,
    post: Option<PostId>,
    coalesce: bool,
) -> Result<u64, StoreError> {
    let post = post.map(|post| post.to_string());
    let last = row::Entity::find()
        .select_only()
        .columns([row::Column::Seq, row::Column::BeganAt, row::Column::Actor, row::Column::Name])
        .columns([row::Column::Subject, row::Column::Undoes])
        .order_by_desc(row::Column::Seq)
        .limit(1)
        .into_model::<Last>()
        .one(db)
        .await?;
    let mut replaced = last.as_ref().filter(|last| coalesce && last.may_be_replaced_by(entry, post.as_deref()));
    if let (Some(last), Some(base)) = (replaced, entry.data.pointer("/since/base"))
        && text_of(db, last.seq).await?.as_ref() != Some(base)
    {
        // somebody else's words came in between: taking the burst back would take them back too
        replaced = None;
    }
    let seq = replaced.map_or_else(|| last.as_ref().map_or(0, |last| last.seq).saturating_add(1), |last| last.seq);
    let id = seq.to_string();
    let data = to_json(TABLE, &id, &entry.data)?;
    if replaced.is_some() {
        let row = row::ActiveModel { seq: Set(seq), at: Set(micros(entry.at)), data: Set(data), ..Default::default() };
        row::Entity::update(row).validate()?.exec(db).await?;
    } else {
        let row = row::ActiveModel {
            seq: Set(seq),
            began_at: Set(micros(entry.at)),
            at: Set(micros(entry.at)),
            actor: Set(entry.actor.to_string()),
            name: Set(entry.name.clone()),
            subject: Set(post),
            data: Set(data),
            inverse: Set(entry.inverse.as_ref().map(|inverse| to_json(TABLE, &id, inverse)).transpose()?),
            // left out of the statement by all others, as it was before there was such a column
            undoes: entry.undoes.map_or(NotSet, |undoes| Set(i64::try_from(undoes).ok())),
        };
        row::Entity::insert(row).exec_without_returning(db).await?;
    }
    Ok(u64::try_from(seq).unwrap_or(0))
}

/// The draft that an entry wrote.
async fn text_of(db: &impl ConnectionTrait, seq: i64) -> Result<Option<Value>, StoreError> {
    let data = row::Entity::find_by_id(seq).select_only().column(row::Column::Data).into_tuple::<String>();
    let Some(data) = data.one(db).await? else { return Ok(None) };
    let data: Value = from_json(TABLE, &seq.to_string(), &data)?;
    Ok(data.get("draft").cloned())
}

impl Store {
    /// The number of the newest mutation, whichever process did it; 0 for an empty log.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn last_mutation(&self) -> Result<u64, StoreError> {
        let newest: Option<i64> = row::Entity::find()
            .select_only()
            .column(row::Column::Seq)
            .order_by_desc(row::Column::Seq)
            .limit(1)
            .into_tuple()
            .one(&self.readers)
            .await?;
        Ok(newest.map_or(0, |seq| u64::try_from(seq).unwrap_or(0)))
    }

    /// Mutations with a number above `seq`, in order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn mutations_since(&self, seq: u64, limit: u64) -> Result<Vec<LoggedMutation>, StoreError> {
        let rows = row::Entity::find()
            .filter(row::Column::Seq.gt(i64::try_from(seq).unwrap_or(i64::MAX)))
            .order_by_asc(row::Column::Seq)
            .limit(limit);
        rows.all(&self.readers).await?.iter().map(row::Model::logged).collect()
    }

    /// The newest `limit` mutations of these names that wrote `post`, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn mutations_of_post(
        &self,
        post: PostId,
        names: &[&str],
        limit: u64,
    ) -> Result<Vec<LoggedMutation>, StoreError> {
        let rows = row::Entity::find()
            .filter(row::Column::Subject.eq(post.to_string()))
            .filter(row::Column::Name.is_in(names.iter().copied()))
            .order_by_desc(row::Column::Seq)
            .limit(limit);
        rows.all(&self.readers).await?.iter().rev().map(row::Model::logged).collect()
    }

    /// The changes of a person since `since` that can be taken back, or take one back, oldest first; of the newest
    /// [`CHANGES_MAX`] entries.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn changes_of(&self, actor: PersonId, since: Timestamp) -> Result<Vec<LoggedChange>, StoreError> {
        let newest = self.last_mutation().await?;
        let from = i64::try_from(newest.saturating_sub(CHANGES_MAX)).unwrap_or(i64::MAX);
        let rows = row::Entity::find()
            .select_only()
            .columns([row::Column::Seq, row::Column::At, row::Column::Name, row::Column::Subject, row::Column::Undoes])
            .column_as(Expr::cust("json_extract(data, '$.persona')"), "persona")
            .column_as(Expr::cust("json_extract(data, '$.queue')"), "queue")
            .column_as(Expr::cust("json_extract(data, '$.snippet')"), "snippet")
            .column_as(Expr::cust("json_extract(data, '$.comment')"), "comment")
            .column_as(Expr::cust("json_extract(data, '$.idea')"), "idea")
            .column_as(Expr::cust("json_extract(data, '$.entry')"), "entry")
            .column_as(Expr::cust(MEDIA), "media")
            .column_as(Expr::cust(COUNT), "posts")
            .column_as(Expr::cust("json_extract(inverse, '$.mutation')"), "inverse_name")
            .filter(row::Column::Seq.gt(from))
            .filter(row::Column::At.gte(micros(since)))
            .filter(row::Column::Actor.eq(actor.to_string()))
            .filter(row::Column::Inverse.is_not_null().or(row::Column::Undoes.is_not_null()))
            .order_by_asc(row::Column::Seq)
            .into_model::<ChangeRow>();
        rows.all(&self.readers).await?.into_iter().map(ChangeRow::change).collect()
    }

    /// The mutation with this number.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn log_entry(&self, seq: u64) -> Result<Option<LoggedMutation>, StoreError> {
        let row = row::Entity::find_by_id(i64::try_from(seq).unwrap_or(i64::MAX)).one(&self.readers).await?;
        row.map(|row| row.logged()).transpose()
    }
}
