use std::collections::BTreeMap;

use domain::id::{MediaId, PostId};
use domain::media::Media;
use domain::post::PostStatus;
use jiff::Timestamp;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{DbBackend, FromQueryResult, QueryOrder, QuerySelect, Set, Statement};

use crate::error::StoreError;
use crate::store::Store;
use crate::table::{from_json, parsed, post, to_json};
use crate::time::{instant, micros};

const TABLE: &str = "media";

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "media")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub kind: String,
        pub width: i64,
        pub height: i64,
        pub bytes: i64,
        pub created_at: i64,
        pub deleted: bool,
        pub data: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl row::Model {
    fn record(&self) -> Result<Media, StoreError> {
        from_json(TABLE, &self.id, &self.data)
    }
}

pub(crate) async fn find(db: &impl ConnectionTrait, id: MediaId) -> Result<Option<Media>, StoreError> {
    row::Entity::find_by_id(id.to_string()).one(db).await?.map(|row| row.record()).transpose()
}

pub(crate) async fn save(db: &impl ConnectionTrait, media: &Media) -> Result<(), StoreError> {
    let id = media.id.to_string();
    let data = to_json(TABLE, &id, media)?;
    let row = row::ActiveModel {
        id: Set(id),
        kind: Set(media.kind.extension().to_owned()),
        width: Set(media.width.into()),
        height: Set(media.height.into()),
        bytes: Set(i64::try_from(media.bytes).unwrap_or(i64::MAX)),
        created_at: Set(micros(media.created_at)),
        deleted: Set(media.deleted),
        data: Set(data),
    };
    let columns = [
        row::Column::Kind,
        row::Column::Width,
        row::Column::Height,
        row::Column::Bytes,
        row::Column::CreatedAt,
        row::Column::Deleted,
        row::Column::Data,
    ];
    row::Entity::insert(row)
        .on_conflict(OnConflict::column(row::Column::Id).update_columns(columns).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// A post that uses a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsingPost {
    pub post: PostId,
    /// Its title, or its first line; may be empty.
    pub title: String,
    pub status: PostStatus,
    pub due_at: Option<Timestamp>,
}

#[derive(Debug, FromQueryResult)]
struct Count {
    media: String,
    posts: i64,
}

#[derive(Debug, FromQueryResult)]
struct Using {
    id: String,
    title: String,
    first_line: String,
    status: String,
    due_at: Option<i64>,
}

impl Using {
    fn post(self) -> Result<UsingPost, StoreError> {
        Ok(UsingPost {
            post: parsed(post::TABLE, &self.id, &self.id)?,
            title: if self.title.is_empty() { self.first_line } else { self.title },
            status: post::status_of(&self.id, &self.status)?,
            due_at: self.due_at.map(instant),
        })
    }
}

impl Store {
    /// The images that are there, in the order asked for; missing ones are left out.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn media(&self, ids: &[MediaId]) -> Result<Vec<Media>, StoreError> {
        let rows = row::Entity::find().filter(row::Column::Id.is_in(ids.iter().map(MediaId::to_string)));
        let found: Vec<Media> =
            rows.all(&self.readers).await?.iter().map(row::Model::record).collect::<Result<_, _>>()?;
        Ok(ids.iter().filter_map(|id| found.iter().find(|media| media.id == *id)).cloned().collect())
    }

    /// What stands in the library, the newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn library(&self) -> Result<Vec<Media>, StoreError> {
        let rows = row::Entity::find()
            .filter(row::Column::Deleted.eq(false))
            .order_by_desc(row::Column::CreatedAt)
            .order_by_asc(row::Column::Id);
        rows.all(&self.readers).await?.iter().map(row::Model::record).collect()
    }

    /// How many posts use each file; files that none uses are left out, and so are deleted posts.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn media_uses(&self) -> Result<BTreeMap<MediaId, u32>, StoreError> {
        let sql = "SELECT m.media AS media, COUNT(*) AS posts FROM post_media m JOIN post p ON p.id = m.post \
                   WHERE p.deleted = 0 GROUP BY m.media";
        let statement = Statement::from_string(DbBackend::Sqlite, sql);
        let rows = Count::find_by_statement(statement).all(&self.readers).await?;
        let count =
            |row: Count| Ok((parsed(TABLE, &row.media, &row.media)?, u32::try_from(row.posts).unwrap_or(u32::MAX)));
        rows.into_iter().map(count).collect()
    }

    /// The posts that use a file, the last changed first, without deleted ones; at most `limit`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn posts_with(&self, media: MediaId, limit: u32) -> Result<Vec<UsingPost>, StoreError> {
        let sql = "SELECT p.id AS id, p.title AS title, p.first_line AS first_line, p.status AS status, p.due_at AS due_at \
                   FROM post_media m JOIN post p ON p.id = m.post WHERE m.media = ? AND p.deleted = 0 \
                   ORDER BY p.updated_at DESC, p.id LIMIT ?";
        let values = [media.to_string().into(), limit.into()];
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        let rows = Using::find_by_statement(statement).all(&self.readers).await?;
        rows.into_iter().map(Using::post).collect()
    }

    /// What was made of a file and stands in the library, the newest first; at most `limit`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn made_of(&self, media: MediaId, limit: u32) -> Result<Vec<Media>, StoreError> {
        let rows = row::Entity::find()
            .filter(row::Column::Deleted.eq(false))
            .filter(Expr::cust_with_values("json_extract(data, '$.made_from.media') = ?", [media.to_string()]))
            .order_by_desc(row::Column::CreatedAt)
            .order_by_asc(row::Column::Id)
            .limit(u64::from(limit));
        rows.all(&self.readers).await?.iter().map(row::Model::record).collect()
    }

    /// All images of the profile, oldest first: what a clean-up of the stored files keeps.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn all_media(&self) -> Result<Vec<Media>, StoreError> {
        let rows = row::Entity::find().order_by_asc(row::Column::CreatedAt).order_by_asc(row::Column::Id);
        rows.all(&self.readers).await?.iter().map(row::Model::record).collect()
    }
}

#[cfg(test)]
mod tests {
    use domain::Record;
    use domain::media::{Fit, MadeFrom, MediaType};
    use domain::post::{Image, Post};

    use super::*;
    use crate::tests::{Laptop, now, post};

    fn image(content: &[u8]) -> Media {
        Media {
            id: MediaId::of(content),
            kind: MediaType::Jpeg,
            width: 1_600,
            height: 1_200,
            bytes: u64::MAX,
            frames: 1,
            video: None,
            metadata: false,
            name: "../loaf.jpg".to_owned(),
            alt: String::new(),
            folder: String::new(),
            tags: Vec::new(),
            deleted: false,
            made_from: None,
            created_at: now(),
        }
    }

    #[tokio::test]
    async fn images_come_in_the_order_asked_for() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let (rye, wheat, missing) = (image(b"rye"), image(b"wheat"), image(b"missing"));
        store.put([Record::Media(rye.clone()), Record::Media(wheat.clone())]).await;
        let found = store.media(&[wheat.id, missing.id, rye.id, wheat.id]).await.unwrap();
        assert_eq!(found, [wheat.clone(), rye, wheat]);
        assert_eq!(store.media(&[]).await.unwrap(), []);
        assert_eq!(store.all_media().await.unwrap().len(), 2);
    }

    #[tokio::test]
    async fn the_library_knows_where_each_file_is_used() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let (rye, wheat) = (image(b"rye"), image(b"wheat"));
        let with = |number: u128, media: &[&Media]| {
            let mut post = post(number, "a loaf");
            let images = media.iter().map(|media| Image { media: media.id, alt: String::new() });
            post.draft.base.parts[0].images = images.collect();
            post
        };
        let both = with(1, &[&rye, &wheat]);
        let records = [Record::Media(rye.clone()), Record::Media(wheat.clone()), Record::Post(both.clone())];
        store.put(records).await;
        store.put([Record::Post(with(2, &[&rye]))]).await;
        assert_eq!(store.media_uses().await.unwrap(), BTreeMap::from([(rye.id, 2), (wheat.id, 1)]));
        let posts = store.posts_with(wheat.id, 10).await.unwrap();
        assert_eq!(
            posts.iter().map(|using| (using.post, using.title.as_str())).collect::<Vec<_>>(),
            [(both.id, "a loaf")]
        );

        // another picture, and a post that is gone
        let gone = Post { deleted: true, ..with(2, &[&rye]) };
        store.put([Record::Post(with(1, &[&rye])), Record::Post(gone)]).await;
        assert_eq!(store.media_uses().await.unwrap(), BTreeMap::from([(rye.id, 1)]));
        assert_eq!(store.posts_with(wheat.id, 10).await.unwrap(), []);
        let out = Media { deleted: true, ..wheat };
        store.put([Record::Media(out)]).await;
        assert_eq!(store.library().await.unwrap(), std::slice::from_ref(&rye));

        // what was made of it, as long as it is in the library
        let made_from = Some(MadeFrom { media: rye.id, fit: Fit::default() });
        let crop = Media { made_from, ..image(b"crop") };
        let gone = Media { made_from, deleted: true, ..image(b"gone") };
        store.put([Record::Media(crop.clone()), Record::Media(gone)]).await;
        assert_eq!(store.made_of(rye.id, 10).await.unwrap(), std::slice::from_ref(&crop));
        assert_eq!(store.made_of(crop.id, 10).await.unwrap(), []);
        assert_eq!(store.made_of(rye.id, 0).await.unwrap(), []);
    }
}
