use std::collections::{BTreeMap, BTreeSet};

use domain::id::{PersonaId, PostId, SeriesId};
use domain::post::{Content, Draft, Post, PostStatus};
use domain::schedule::Schedule;
use jiff::Timestamp;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DbBackend, ExprTrait, QueryOrder, QuerySelect, Select, Set, Statement};

use crate::error::StoreError;
use crate::store::Store;
use crate::table::{from_json, parsed, post_media, post_target, signs, to_json};
use crate::time::{instant, micros};

pub(crate) const TABLE: &str = "post";

/// As the index has it.
pub(super) const MERGED: &str =
    "SELECT id FROM post INDEXED BY post_merged WHERE deleted = 0 AND json_extract(data, '$.merge') IS NOT NULL";

mod row {
    use sea_orm::entity::prelude::*;

    /// Without `n`, the number that the search index knows a post by: it is made by SQLite and never changes.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "post")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub author: String,
        pub persona: Option<String>,
        pub status: String,
        pub deleted: bool,
        pub version: i64,
        pub due_at: Option<i64>,
        pub zone: Option<String>,
        pub created_at: i64,
        pub updated_at: i64,
        pub title: String,
        pub first_line: String,
        pub body: String,
        pub signs: String,
        pub series: Option<String>,
        pub data: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) async fn find(db: &impl ConnectionTrait, id: PostId) -> Result<Option<Post>, StoreError> {
    let id = id.to_string();
    let data: Option<String> =
        row::Entity::find_by_id(&id).select_only().column(row::Column::Data).into_tuple().one(db).await?;
    data.map(|data| from_json(TABLE, &id, &data)).transpose()
}

/// Rows of one statement: each trip to the thread of the database costs as much as a few rows.
pub(super) const AT_ONCE: usize = 200;

/// Keeps posts, each of them once.
pub(crate) async fn save_all(db: &impl ConnectionTrait, posts: &[&Post]) -> Result<(), StoreError> {
    use row::Column as C;
    // an update, never a replacement: `n` must stay what the search index has
    const COLUMNS: [C; 15] = [
        C::Author,
        C::Persona,
        C::Status,
        C::Deleted,
        C::Version,
        C::DueAt,
        C::Zone,
        C::CreatedAt,
        C::UpdatedAt,
        C::Title,
        C::FirstLine,
        C::Body,
        C::Signs,
        C::Series,
        C::Data,
    ];
    for posts in posts.chunks(AT_ONCE) {
        let rows = posts.iter().map(|post| row(post)).collect::<Result<Vec<_>, _>>()?;
        row::Entity::insert_many(rows)
            .on_conflict(OnConflict::column(C::Id).update_columns(COLUMNS).to_owned())
            .exec_without_returning(db)
            .await?;
        post_media::save_all(db, posts).await?;
        post_target::save_all(db, posts).await?;
    }
    Ok(())
}

fn row(post: &Post) -> Result<row::ActiveModel, StoreError> {
    let id = post.id.to_string();
    let data = to_json(TABLE, &id, post)?;
    let body = body(&post.draft);
    Ok(row::ActiveModel {
        id: Set(id),
        author: Set(post.author.to_string()),
        persona: Set(post.draft.persona.map(|persona| persona.to_string())),
        status: Set(post.status.wire().to_owned()),
        deleted: Set(post.deleted),
        version: Set(post.version.into()),
        due_at: Set(post.schedule.as_ref().map(|schedule| micros(schedule.at))),
        zone: Set(post.schedule.as_ref().map(|schedule| schedule.zone.clone())),
        created_at: Set(micros(post.created_at)),
        updated_at: Set(micros(post.updated_at)),
        title: Set(post.draft.title.trim().to_owned()),
        first_line: Set(first_line(&post.draft)),
        signs: Set(signs::words(&[post.draft.title.as_str(), body.as_str()])),
        body: Set(body),
        series: Set(post.place.as_ref().map(|place| place.series.to_string())),
        data: Set(data),
    })
}

/// When a post is planned, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub post: PostId,
    /// Its title or its first line.
    pub title: String,
    pub schedule: Schedule,
}

impl Store {
    /// The posts of which nobody has read yet what came of two changes; deleted ones are left out.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn merged_posts(&self) -> Result<BTreeSet<PostId>, StoreError> {
        let rows = self.readers.query_all_raw(Statement::from_string(DbBackend::Sqlite, MERGED)).await?;
        rows.iter()
            .map(|row| {
                let id: String = row.try_get_by_index(0)?;
                parsed(TABLE, &id, &id)
            })
            .collect()
    }

    /// The posts that are signed off and wait for a time after `from`, the earliest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn planned_after(&self, from: Timestamp) -> Result<Vec<Planned>, StoreError> {
        use row::Column as C;
        let waiting = [PostStatus::Scheduled, PostStatus::Held].map(PostStatus::wire);
        // the schedule alone is taken out of the record, which is much longer
        let schedule = Expr::cust("json_extract(data, '$.schedule')");
        let found = row::Entity::find().select_only().columns([C::Id, C::Title, C::FirstLine]).expr(schedule);
        let found = found.filter(C::Deleted.eq(false)).filter(C::Status.is_in(waiting));
        let found = found.filter(C::DueAt.gt(micros(from))).order_by_asc(C::DueAt);
        let rows: Vec<(String, String, String, String)> = found.into_tuple().all(&self.readers).await?;
        let planned = |(id, title, first_line, schedule): (String, String, String, String)| {
            let title = if title.is_empty() { first_line } else { title };
            Ok(Planned { post: parsed(TABLE, &id, &id)?, title, schedule: from_json(TABLE, &id, &schedule)? })
        };
        rows.into_iter().map(planned).collect()
    }

    /// The words of the posts that name somebody (or have an `@` for another reason), the last changed first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn texts_with_mentions(&self, limit: u64) -> Result<Vec<String>, StoreError> {
        use row::Column as C;
        let found = row::Entity::find().select_only().column(C::Body).filter(C::Deleted.eq(false));
        let found = found.filter(C::Body.contains("@")).order_by_desc(C::UpdatedAt).limit(limit);
        Ok(found.into_tuple().all(&self.readers).await?)
    }
}

/// What an untitled post is called in lists.
fn first_line(draft: &Draft) -> String {
    Draft { base: draft.base.clone(), ..Draft::default() }.shown_title()
}

/// All words of a post: base, variants, warnings and picture descriptions.
fn body(draft: &Draft) -> String {
    let variants = draft.targets.iter().filter_map(|target| target.variant.as_ref());
    let mut texts: Vec<&str> = Vec::new();
    for content in std::iter::once(&draft.base).chain(variants) {
        texts.extend(words_of(content).filter(|text| !text.trim().is_empty()));
    }
    texts.join("\n")
}

fn words_of(content: &Content) -> impl Iterator<Item = &str> {
    let parts = content
        .parts
        .iter()
        .flat_map(|part| std::iter::once(part.text.as_str()).chain(part.images.iter().map(|image| image.alt.as_str())));
    std::iter::once(content.content_warning.as_str()).chain(parts).chain([content.first_comment.as_str()])
}

/// The state that a stored word names.
pub(crate) fn status_of(id: &str, word: &str) -> Result<PostStatus, StoreError> {
    let status = PostStatus::ALL.into_iter().find(|status| status.wire() == word);
    status.ok_or_else(|| StoreError::Unreadable { table: TABLE, id: id.to_owned() })
}

impl Store {
    /// How many posts stand in each state, without deleted ones; a state without posts is left out.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn counts_by_status(&self) -> Result<BTreeMap<PostStatus, u64>, StoreError> {
        let rows: Vec<(String, i64)> = row::Entity::find()
            .select_only()
            .column(row::Column::Status)
            .column_as(row::Column::Status.count(), "count")
            .filter(row::Column::Deleted.eq(false))
            .group_by(row::Column::Status)
            .into_tuple()
            .all(&self.readers)
            .await?;
        rows.iter().map(|(word, count)| Ok((status_of("", word)?, u64::try_from(*count).unwrap_or(0)))).collect()
    }

    /// The states of these posts; deleted ones are left out.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn statuses(&self, posts: &[PostId]) -> Result<BTreeMap<PostId, PostStatus>, StoreError> {
        let mut statuses = BTreeMap::new();
        // fewer than a statement has places for values
        for some in posts.chunks(500) {
            let rows: Vec<(String, String)> = row::Entity::find()
                .select_only()
                .columns([row::Column::Id, row::Column::Status])
                .filter(row::Column::Id.is_in(some.iter().map(PostId::to_string)))
                .filter(row::Column::Deleted.eq(false))
                .into_tuple()
                .all(&self.readers)
                .await?;
            for (id, word) in rows {
                statuses.insert(parsed(TABLE, &id, &id)?, status_of(&id, &word)?);
            }
        }
        Ok(statuses)
    }

    /// The posts that wait for somebody's word, or were sent back, whole; the earliest due first, at most `limit`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn posts_in_review(&self, limit: u64) -> Result<Vec<Post>, StoreError> {
        let in_review = [PostStatus::InReview, PostStatus::ChangesRequested, PostStatus::Rejected];
        let rows: Vec<(String, String)> = row::Entity::find()
            .select_only()
            .columns([row::Column::Id, row::Column::Data])
            .filter(row::Column::Deleted.eq(false))
            .filter(row::Column::Status.is_in(in_review.map(PostStatus::wire)))
            .order_by_asc(row::Column::DueAt)
            .order_by_asc(row::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(&self.readers)
            .await?;
        rows.iter().map(|(id, data)| from_json(TABLE, id, data)).collect()
    }

    /// The posts that are planned and have not begun to go out.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn waiting_posts(&self) -> Result<Vec<PostId>, StoreError> {
        let ids: Vec<String> = row::Entity::find()
            .select_only()
            .column(row::Column::Id)
            .filter(row::Column::Deleted.eq(false))
            .filter(row::Column::Status.is_in(WAITING.map(PostStatus::wire)))
            .order_by_asc(row::Column::DueAt)
            .into_tuple()
            .all(&self.readers)
            .await?;
        ids.iter().map(|id| parsed(TABLE, id, id)).collect()
    }

    /// How many posts in these states each persona has, without deleted ones; a persona without any is left out.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn counts_by_persona(&self, statuses: &[PostStatus]) -> Result<BTreeMap<PersonaId, u64>, StoreError> {
        let rows: Vec<(String, i64)> = row::Entity::find()
            .select_only()
            .column(row::Column::Persona)
            .column_as(row::Column::Id.count(), "count")
            .filter(row::Column::Deleted.eq(false))
            .filter(row::Column::Status.is_in(statuses.iter().map(|status| status.wire())))
            .filter(row::Column::Persona.is_not_null())
            .group_by(row::Column::Persona)
            .into_tuple()
            .all(&self.readers)
            .await?;
        rows.iter().map(|(id, count)| Ok((parsed(TABLE, id, id)?, u64::try_from(*count).unwrap_or(0)))).collect()
    }

    /// When the posts of a series that wait are due, without deleted ones, the first first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn waiting_in_series(&self, series: SeriesId) -> Result<Vec<(PostId, Timestamp)>, StoreError> {
        let rows: Vec<(String, i64)> = waiting_in(series).into_tuple().all(&self.readers).await?;
        rows.iter().map(|(id, due)| Ok((parsed(TABLE, id, id)?, instant(*due)))).collect()
    }

    /// When the posts of one state with a time in `from..to` are due, without deleted ones, in no order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn due_times(
        &self,
        status: PostStatus,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Timestamp>, StoreError> {
        let times: Vec<i64> = due_times(status, from, to).into_tuple().all(&self.readers).await?;
        Ok(times.into_iter().map(instant).collect())
    }
}

/// What is planned and has not begun to go out.
const WAITING: [PostStatus; 5] =
    [PostStatus::Scheduled, PostStatus::Held, PostStatus::InReview, PostStatus::ChangesRequested, PostStatus::Rejected];

fn waiting_in(series: SeriesId) -> Select<row::Entity> {
    let waiting = WAITING.map(PostStatus::wire);
    row::Entity::find()
        .select_only()
        .columns([row::Column::Id, row::Column::DueAt])
        .filter(row::Column::Series.eq(series.to_string()))
        .filter(row::Column::Deleted.eq(false))
        // a series is a small part of all posts, a state a large one: `+` keeps the planner to the first
        .filter(Expr::cust_with_values("+\"post\".\"status\" IN (?, ?, ?, ?, ?)", waiting))
        .filter(row::Column::DueAt.is_not_null())
        .order_by_asc(row::Column::DueAt)
}

fn due_times(status: PostStatus, from: Timestamp, to: Timestamp) -> Select<row::Entity> {
    // a week is a small part of the calendar, a state a large part of all posts: `+` keeps the planner to the first
    let due = Expr::cust("\"post\".\"due_sort\"");
    row::Entity::find()
        .select_only()
        .column(row::Column::DueAt)
        .filter(row::Column::Deleted.eq(false))
        .filter(due.clone().gte(micros(from)))
        .filter(due.lt(micros(to)))
        .filter(row::Column::DueAt.is_not_null())
        .filter(Expr::cust_with_values("+\"post\".\"status\" = ?", [status.wire()]))
}

#[cfg(test)]
mod tests {
    use domain::post::{Image, Part, Target};
    use domain::{Key, Record};
    use sea_orm::{DbBackend, QueryTrait};

    use super::*;
    use crate::PostFilter;
    use crate::tests::{Laptop, account_id, now, persona_id, planned, post, post_id};

    #[tokio::test]
    async fn a_post_comes_back_whole() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let mut post = planned(1, "rye \u{1f956}\u{0} and \"quotes\"", now(), &[3, 1, 2]);
        post.draft.title = "  Inner  ".to_owned();
        post.draft.targets[1].variant = Some(Content::text("shorter"));
        store.put([Record::Post(post.clone())]).await;
        assert_eq!(store.record(Key::Post(post.id)).await.unwrap(), Some(Record::Post(post)));
    }

    #[test]
    fn a_list_knows_the_first_line_and_search_knows_every_word() {
        let image = Image { media: domain::id::MediaId::of(b"x"), alt: "a loaf".to_owned() };
        let mut draft = Draft { base: Content::text("\n \n first line \nsecond"), ..Draft::default() };
        draft.title = "a title is searched on its own".to_owned();
        draft.base.content_warning = "gluten".to_owned();
        draft.base.parts.push(Part { text: "a reply".to_owned(), images: vec![image], ..Part::default() });
        draft.targets.push(Target { account: account_id(1), variant: Some(Content::text("variant")) });
        assert_eq!(first_line(&draft), "first line");
        assert_eq!(body(&draft), "gluten\n\n \n first line \nsecond\na reply\na loaf\nvariant");
    }

    #[tokio::test]
    async fn the_search_index_follows_every_change() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let finds = async |text: &str| {
            store.posts_count(&PostFilter { text: Some(text.to_owned()), ..PostFilter::default() }).await.unwrap()
        };
        let mut rye = post(1, "rye bread");
        store.put([Record::Post(rye.clone()), Record::Post(post(2, "rye rolls"))]).await;
        assert_eq!((finds("rye").await, finds("bread").await), (2, 1));
        rye.draft.base = Content::text("wheat bread");
        store.put([Record::Post(rye.clone())]).await;
        assert_eq!((finds("rye").await, finds("wheat").await), (1, 1));
        rye.draft.title = "Saturday".to_owned();
        rye.status = PostStatus::Scheduled;
        store.put([Record::Post(rye.clone())]).await;
        assert_eq!((finds("saturday wheat").await, finds("bread").await), (1, 1));
        rye.deleted = true;
        store.put([Record::Post(rye.clone())]).await;
        assert_eq!(finds("wheat").await, 0);
        // compares the index with the posts word by word
        let check = "INSERT INTO post_fts (post_fts, rank) VALUES ('integrity-check', 1)";
        store.writer.lock().await.connection().await.unwrap().execute_unprepared(check).await.unwrap();
    }

    #[tokio::test]
    async fn states_are_counted() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let mut gone = post(9, "gone");
        gone.deleted = true;
        let due = planned(3, "planned", now(), &[1]);
        store.put([post(1, "a"), post(2, "b"), due, gone].map(Record::Post)).await;
        let counts = store.counts_by_status().await.unwrap();
        assert_eq!(counts, BTreeMap::from([(PostStatus::Draft, 2), (PostStatus::Scheduled, 1)]));
    }

    #[tokio::test]
    async fn each_persona_s_open_posts_are_counted() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let of = |n: u128, persona: Option<u128>, status: PostStatus| {
            let mut post = post(n, "a");
            post.draft.persona = persona.map(persona_id);
            post.status = status;
            post
        };
        let mut gone = of(5, Some(1), PostStatus::Draft);
        gone.deleted = true;
        let posts = [
            of(1, Some(1), PostStatus::Draft),
            of(2, Some(1), PostStatus::Scheduled),
            of(3, Some(2), PostStatus::Published),
            of(4, None, PostStatus::Draft),
            gone,
        ];
        store.put(posts.map(Record::Post)).await;
        let counts = store.counts_by_persona(&[PostStatus::Draft, PostStatus::Scheduled]).await.unwrap();
        assert_eq!(counts, BTreeMap::from([(persona_id(1), 2)]));
    }

    #[tokio::test]
    async fn due_times_are_found_by_the_calendar_s_index() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let hour = |n: i64| now() + jiff::SignedDuration::from_hours(n);
        let of = |n: u128, due: i64, status: PostStatus| {
            let mut post = planned(n, "a", hour(due), &[1]);
            post.status = status;
            post
        };
        let mut gone = of(5, 1, PostStatus::Published);
        gone.deleted = true;
        let mut timeless = of(6, 1, PostStatus::Published);
        timeless.schedule = None;
        let posts = [
            of(1, 0, PostStatus::Published),
            of(2, 1, PostStatus::Published),
            of(3, 2, PostStatus::Published),
            of(4, 1, PostStatus::Scheduled),
            gone,
            timeless,
        ];
        store.put(posts.map(Record::Post)).await;
        let mut times = store.due_times(PostStatus::Published, hour(0), hour(2)).await.unwrap();
        times.sort_unstable();
        assert_eq!(times, [hour(0), hour(1)]);
        let plan = store.plan(super::due_times(PostStatus::Published, hour(0), hour(2)).build(DbBackend::Sqlite)).await;
        assert!(plan.contains("INDEX post_by_due (deleted=? AND due_sort>? AND due_sort<?)"), "{plan}");
    }

    #[tokio::test]
    async fn what_waits_in_a_series_is_found_by_its_index() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let id = SeriesId::new(uuid::Uuid::from_u128(5));
        let of = |n: u128, hours: i64, status: PostStatus| {
            let mut post = planned(n, "a", now() + jiff::SignedDuration::from_hours(hours), &[1]);
            post.status = status;
            post.place =
                Some(domain::series::Place { series: id, local: jiff::civil::date(2026, 11, 24).at(9, 0, 0, 0) });
            post
        };
        let mut gone = of(4, 1, PostStatus::Scheduled);
        gone.deleted = true;
        let posts = [
            of(1, 3, PostStatus::Scheduled),
            of(2, 2, PostStatus::InReview),
            of(3, 1, PostStatus::Published),
            gone,
            planned(5, "alone", now(), &[1]),
        ];
        store.put(posts.map(Record::Post)).await;
        let waiting = store.waiting_in_series(id).await.unwrap();
        let numbers: Vec<PostId> = waiting.iter().map(|(post, _)| *post).collect();
        assert_eq!(numbers, [post_id(2), post_id(1)]);
        let plan = store.plan(waiting_in(id).build(DbBackend::Sqlite)).await;
        assert!(plan.contains("INDEX post_by_series (series=?"), "{plan}");
    }

    #[tokio::test]
    async fn an_unreadable_post_is_named_and_hides_no_other() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        store.put([Record::Post(post(1, "a")), Record::Post(post(2, "b"))]).await;
        let broken = "UPDATE post SET data = '{}' WHERE id LIKE '%1'";
        store.writer.lock().await.connection().await.unwrap().execute_unprepared(broken).await.unwrap();
        let error = store.record(Key::Post(post_id(1))).await.unwrap_err();
        assert!(matches!(&error, StoreError::Unreadable { table: "post", id } if *id == post_id(1).to_string()));
        assert!(store.record(Key::Post(post_id(2))).await.unwrap().is_some());
        let page = store.posts_page(&PostFilter::default(), crate::Order::Changed, None, 10).await.unwrap();
        assert_eq!(page.rows.len(), 2);
    }
}
