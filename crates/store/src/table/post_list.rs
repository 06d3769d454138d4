//! Lists of posts. A row is what a screen shows; the record's JSON is not read for it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use domain::id::{AccountId, BadId, PersonaId, PostId};
use domain::post::PostStatus;
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};

use crate::error::StoreError;
use crate::store::Store;
use crate::table::parsed;
use crate::table::post::{TABLE, status_of};
use crate::table::search::Search;
use crate::table::snippet::{self, SnippetPart};
use crate::time::{instant, micros};

/// Which posts; empty lists and `None` mean "all".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostFilter {
    /// What a person typed: every word must occur, the last one may be unfinished. Any text is fine.
    pub text: Option<String>,
    pub statuses: Vec<PostStatus>,
    pub personas: Vec<PersonaId>,
    pub accounts: Vec<AccountId>,
    /// Only posts with a time, from here on.
    pub from: Option<Timestamp>,
    /// Only posts with a time, before this.
    pub to: Option<Timestamp>,
    /// The deleted ones instead of the others.
    pub deleted: bool,
}

/// Ties are broken by id, so that an order is total and pages neither repeat nor skip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Last changed first.
    #[default]
    Changed,
    /// By time, earliest first; posts without a time come last.
    DueFirst,
    /// By time, latest first; posts without a time come first.
    DueLast,
}

/// Where a page ended. Its text form is what travels; it belongs to one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    at: i64,
    post: PostId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.at, self.post)
    }
}

impl FromStr for Cursor {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let (at, post) = text.split_once('_').ok_or(BadId)?;
        Ok(Self { at: at.parse().map_err(|_| BadId)?, post: post.parse()? })
    }
}

/// A post as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostRow {
    pub id: PostId,
    /// The inner title; empty if it has none.
    pub title: String,
    /// The first line with text, at most 80 characters; empty for a post without text.
    pub first_line: String,
    pub status: PostStatus,
    pub due_at: Option<Timestamp>,
    /// The zone that the time was chosen in.
    pub zone: Option<String>,
    pub persona: Option<PersonaId>,
    /// In the order of the draft.
    pub accounts: Vec<AccountId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: u32,
    pub deleted: bool,
    /// It is one of a series.
    pub repeats: bool,
    /// Where the words that were looked for occur; empty without a search.
    pub snippet: Vec<SnippetPart>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostPage {
    pub rows: Vec<PostRow>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<Cursor>,
}

impl Store {
    /// One page of posts, at most `limit` (1 to 1,000).
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn posts_page(
        &self,
        filter: &PostFilter,
        order: Order,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<PostPage, StoreError> {
        match self.page(filter, order, after, limit).await {
            Err(StoreError::SearchIndex) => {
                self.rebuild_search().await?;
                self.page(filter, order, after, limit).await
            }
            page => page,
        }
    }

    async fn page(
        &self,
        filter: &PostFilter,
        order: Order,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<PostPage, StoreError> {
        let limit = limit.clamp(1, 1_000);
        let mut query = Query::new(filter, order.index());
        if let Some(after) = after {
            query.and(order.behind(), [after.at.into(), after.post.to_string().into()]);
        }
        // one more tells whether there is a next page
        let statement = query.page(order, Some(limit.saturating_add(1)));
        let mut found = LineRow::find_by_statement(statement).all(&self.readers).await?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let last = if more { found.last() } else { None };
        let next = last.map(|row| Ok::<_, StoreError>(Cursor { at: row.sort, post: parsed(TABLE, &row.id, &row.id)? }));
        let next = next.transpose()?;
        let rows = self.with_snippets(found, query.search.as_ref()).await?;
        Ok(PostPage { rows, next })
    }

    /// All posts with a time in `from..to`, by time: a calendar. The filter's own times do not count.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn posts_between(
        &self,
        from: Timestamp,
        to: Timestamp,
        filter: &PostFilter,
    ) -> Result<Vec<PostRow>, StoreError> {
        let filter = PostFilter { from: Some(from), to: Some(to), ..filter.clone() };
        match self.calendar(&filter).await {
            Err(StoreError::SearchIndex) => {
                self.rebuild_search().await?;
                self.calendar(&filter).await
            }
            rows => rows,
        }
    }

    async fn calendar(&self, filter: &PostFilter) -> Result<Vec<PostRow>, StoreError> {
        let query = Query::new(filter, Order::DueFirst.index());
        let found = LineRow::find_by_statement(query.page(Order::DueFirst, None)).all(&self.readers).await?;
        self.with_snippets(found, query.search.as_ref()).await
    }

    /// How many posts a filter finds in all.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn posts_count(&self, filter: &PostFilter) -> Result<u64, StoreError> {
        let statement = Query::new(filter, Order::Changed.index()).count();
        let row = match self.readers.query_one_raw(statement.clone()).await.map_err(StoreError::from) {
            Err(StoreError::SearchIndex) => {
                self.rebuild_search().await?;
                self.readers.query_one_raw(statement).await?
            }
            row => row?,
        };
        let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn with_snippets(&self, found: Vec<LineRow>, search: Option<&Search>) -> Result<Vec<PostRow>, StoreError> {
        let numbers: Vec<i64> = found.iter().map(|row| row.n).collect();
        let mut snippets = match search {
            Some(search) => snippet::of(&self.readers, search, &numbers).await?,
            None => BTreeMap::new(),
        };
        found
            .into_iter()
            .map(|row| {
                let snippet = snippets.remove(&row.n).unwrap_or_default();
                row.line(snippet)
            })
            .collect()
    }
}

impl Order {
    /// The index that has the order and everything that filters ask for.
    const fn index(self) -> &'static str {
        match self {
            Self::Changed => "post_by_change",
            Self::DueFirst | Self::DueLast => "post_by_due",
        }
    }

    const fn sort(self) -> &'static str {
        match self {
            Self::Changed => "p.updated_at",
            Self::DueFirst | Self::DueLast => "p.due_sort",
        }
    }

    const fn direction(self) -> &'static str {
        match self {
            Self::DueFirst => "ASC",
            Self::Changed | Self::DueLast => "DESC",
        }
    }

    const fn behind(self) -> &'static str {
        match self {
            Self::Changed => "(p.updated_at, p.id) < (?, ?)",
            Self::DueFirst => "(p.due_sort, p.id) > (?, ?)",
            Self::DueLast => "(p.due_sort, p.id) < (?, ?)",
        }
    }
}

/// A condition grows piece by piece; every value is bound.
pub(crate) struct Query {
    index: &'static str,
    conditions: String,
    values: Vec<Value>,
    search: Option<Search>,
}

impl Query {
    pub(crate) fn new(filter: &PostFilter, index: &'static str) -> Self {
        let search = filter.text.as_deref().and_then(Search::parse);
        let mut query = Self { index, conditions: "p.deleted = ?".to_owned(), values: Vec::new(), search: None };
        query.values.push(filter.deleted.into());
        query.and_in("p.status", filter.statuses.iter().map(|status| status.wire().to_owned()));
        query.and_in("p.persona", filter.personas.iter().map(PersonaId::to_string));
        let time = if index == Order::Changed.index() { "p.due_at" } else { "p.due_sort" };
        if let Some(from) = filter.from {
            query.and(&format!("{time} >= ? AND p.due_at IS NOT NULL"), [micros(from).into()]);
        }
        if let Some(to) = filter.to {
            query.and(&format!("{time} < ? AND p.due_at IS NOT NULL"), [micros(to).into()]);
        }
        if !filter.accounts.is_empty() {
            let marks = marks(filter.accounts.len());
            let condition = format!("p.id IN (SELECT t.post FROM post_target t WHERE t.account IN ({marks}))");
            query.and(&condition, filter.accounts.iter().map(|account| account.to_string().into()));
        }
        if let Some(search) = &search {
            if let Some(expression) = &search.index {
                let condition = "p.n IN (SELECT f.rowid FROM post_fts f WHERE f.post_fts MATCH ?)";
                query.and(condition, [expression.clone().into()]);
            }
            for piece in &search.literal {
                let condition = "(instr(lower(p.body), lower(?)) OR instr(lower(p.title), lower(?)))";
                query.and(condition, [piece.clone().into(), piece.clone().into()]);
            }
        }
        query.search = search;
        query
    }

    fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.conditions.push_str(" AND ");
        self.conditions.push_str(condition);
        self.values.extend(values);
    }

    fn and_in(&mut self, column: &str, values: impl ExactSizeIterator<Item = String>) {
        if values.len() > 0 {
            // the plus keeps the condition a test on the index entry: it must not pick another index
            self.and(&format!("+{column} IN ({})", marks(values.len())), values.map(Value::from));
        }
    }

    pub(crate) fn page(&self, order: Order, limit: Option<u32>) -> Statement {
        let Self { index, conditions, .. } = self;
        let (sort, direction) = (order.sort(), order.direction());
        let mut sql = format!(
            "SELECT p.n, p.id, {sort} AS sort, p.title, p.first_line, p.status, p.due_at, p.zone, p.persona, \
             p.created_at, p.updated_at, p.version, p.deleted, p.series IS NOT NULL AS repeats, \
             (SELECT group_concat(t.account, ' ' ORDER BY t.position) FROM post_target t WHERE t.post = p.id) \
             AS accounts \
             FROM post p INDEXED BY {index} WHERE {conditions} ORDER BY {sort} {direction}, p.id {direction}"
        );
        if let Some(limit) = limit {
            sql.push_str(&format!(" LIMIT {limit}"));
        }
        Statement::from_sql_and_values(DbBackend::Sqlite, sql, self.values.clone())
    }

    pub(crate) fn count(&self) -> Statement {
        let Self { index, conditions, .. } = self;
        let sql = format!("SELECT count(*) FROM post p INDEXED BY {index} WHERE {conditions}");
        Statement::from_sql_and_values(DbBackend::Sqlite, sql, self.values.clone())
    }
}

pub(crate) fn marks(count: usize) -> String {
    let mut marks = "?, ".repeat(count);
    marks.truncate(marks.len().saturating_sub(2));
    marks
}

#[derive(Debug, FromQueryResult)]
struct LineRow {
    n: i64,
    id: String,
    sort: i64,
    title: String,
    first_line: String,
    status: String,
    due_at: Option<i64>,
    zone: Option<String>,
    persona: Option<String>,
    created_at: i64,
    updated_at: i64,
    version: i64,
    deleted: bool,
    repeats: bool,
    accounts: Option<String>,
}

impl LineRow {
    fn line(self, snippet: Vec<SnippetPart>) -> Result<PostRow, StoreError> {
        let accounts = self.accounts.as_deref().unwrap_or_default();
        Ok(PostRow {
            id: parsed(TABLE, &self.id, &self.id)?,
            status: status_of(&self.id, &self.status)?,
            persona: self.persona.as_ref().map(|persona| parsed(TABLE, &self.id, persona)).transpose()?,
            accounts: accounts.split_whitespace().map(|id| parsed(TABLE, &self.id, id)).collect::<Result<_, _>>()?,
            title: self.title,
            first_line: self.first_line,
            due_at: self.due_at.map(instant),
            zone: self.zone,
            created_at: instant(self.created_at),
            updated_at: instant(self.updated_at),
            version: u32::try_from(self.version).unwrap_or(u32::MAX),
            deleted: self.deleted,
            repeats: self.repeats,
            snippet,
        })
    }
}

pub(crate) mod found;
#[cfg(test)]
mod tests;
