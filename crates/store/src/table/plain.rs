//! Tables of records that are only asked for one by one or all together: id, deletion, times, and the record itself.

use std::collections::BTreeMap;

use domain::comment::Comment;
use domain::id::PostId;
use domain::idea::Idea;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::error::StoreError;
use crate::store::Store;
use crate::table::{from_json, parsed};

/// Makes the module of one such table: `find`, `save`, and `Store::$all` for those that are not deleted, oldest first. `$about`
/// tells of a record whether it is deleted, and when it was made.
macro_rules! plain {
    ($name:ident, $table:literal, $id:ty, $record:ty, $all:ident, $about:expr) => {
        pub(crate) mod $name {
            use sea_orm::entity::prelude::*;
            use sea_orm::sea_query::OnConflict;
            use sea_orm::{QueryOrder, Set};

            use crate::error::StoreError;
            use crate::store::Store;
            use crate::table::{from_json, to_json};
            use crate::time::micros;

            mod row {
                use sea_orm::entity::prelude::*;

                #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
                #[sea_orm(table_name = $table)]
                pub struct Model {
                    #[sea_orm(primary_key, auto_increment = false)]
                    pub id: String,
                    pub deleted: bool,
                    pub created_at: i64,
                    pub updated_at: i64,
                    pub data: String,
                }

                #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
                pub enum Relation {}

                impl ActiveModelBehavior for ActiveModel {}
            }

            impl row::Model {
                fn record(&self) -> Result<$record, StoreError> {
                    from_json($table, &self.id, &self.data)
                }
            }

            pub(crate) async fn find(db: &impl ConnectionTrait, id: $id) -> Result<Option<$record>, StoreError> {
                row::Entity::find_by_id(id.to_string()).one(db).await?.map(|row| row.record()).transpose()
            }

            pub(crate) async fn save(db: &impl ConnectionTrait, record: &$record) -> Result<(), StoreError> {
                let id = record.id.to_string();
                let about: fn(&$record) -> (bool, jiff::Timestamp) = $about;
                let (deleted, created_at) = about(record);
                let data = to_json($table, &id, record)?;
                let row = row::ActiveModel {
                    id: Set(id),
                    deleted: Set(deleted),
                    created_at: Set(micros(created_at)),
                    updated_at: Set(micros(record.updated_at)),
                    data: Set(data),
                };
                let columns = [row::Column::Deleted, row::Column::UpdatedAt, row::Column::Data];
                row::Entity::insert(row)
                    .on_conflict(OnConflict::column(row::Column::Id).update_columns(columns).to_owned())
                    .exec_without_returning(db)
                    .await?;
                Ok(())
            }

            impl Store {
                /// Those that are not deleted, oldest first.
                ///
                /// # Errors
                /// The database cannot be read.
                pub async fn $all(&self) -> Result<Vec<$record>, StoreError> {
                    let rows = row::Entity::find()
                        .filter(row::Column::Deleted.eq(false))
                        .order_by_asc(row::Column::CreatedAt)
                        .order_by_asc(row::Column::Id);
                    rows.all(&self.readers).await?.iter().map(row::Model::record).collect()
                }
            }
        }
    };
}

plain!(queue, "queue", domain::id::QueueId, domain::queue::Queue, queues, |queue| (queue.deleted, queue.created_at));
plain!(snippet, "snippet", domain::id::SnippetId, domain::snippet::Snippet, snippets, |snippet| (
    snippet.deleted,
    snippet.created_at
));
plain!(comment, "comment", domain::id::CommentId, domain::comment::Comment, comments, |comment| (
    comment.deleted,
    comment.created_at
));
plain!(idea, "idea", domain::id::IdeaId, domain::idea::Idea, ideas, |idea| (idea.deleted, idea.created_at));
plain!(board, "board", domain::id::BoardId, domain::idea::Board, boards, |board| (false, board.updated_at));
plain!(entry, "entry", domain::id::EntryId, domain::entry::Entry, entries, |entry| (entry.deleted, entry.created_at));
plain!(
    organisation,
    "organisation",
    domain::id::OrganisationId,
    domain::team::Organisation,
    organisations,
    |organisation| (false, organisation.created_at)
);

impl Store {
    /// The comments on a post, oldest first, deleted ones too: their answers may stand.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn comments_of(&self, post: PostId) -> Result<Vec<Comment>, StoreError> {
        // as the index has it
        let sql = "SELECT data FROM comment WHERE json_extract(data, '$.post') = ? ORDER BY created_at, id";
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [post.to_string().into()]);
        let rows = self.readers.query_all_raw(statement).await?;
        rows.iter().map(|row| from_json("comment", "", &row.try_get_by_index::<String>(0)?)).collect()
    }

    /// How many comments nobody has settled, for each post that has some; answers count with what they answer.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn open_comments(&self) -> Result<BTreeMap<PostId, u32>, StoreError> {
        // as the index has it
        let sql = "SELECT json_extract(data, '$.post'), count(*) FROM comment WHERE deleted = 0 \
                   AND json_extract(data, '$.resolved') IS NULL AND json_extract(data, '$.reply_to') IS NULL GROUP BY 1";
        let rows = self.readers.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await?;
        let count = |row: &sea_orm::QueryResult| {
            let (post, count): (String, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            Ok((parsed("comment", "", &post)?, u32::try_from(count).unwrap_or(u32::MAX)))
        };
        rows.iter().map(count).collect()
    }

    /// The idea that became this post, if one did that is not deleted.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn idea_of(&self, post: PostId) -> Result<Option<Idea>, StoreError> {
        // as the index has it
        let sql = "SELECT data FROM idea WHERE json_extract(data, '$.post') = ? AND deleted = 0 ORDER BY id LIMIT 1";
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [post.to_string().into()]);
        let Some(row) = self.readers.query_one_raw(statement).await? else { return Ok(None) };
        let data: String = row.try_get_by_index(0)?;
        from_json("idea", "", &data).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use domain::id::QueueId;
    use domain::queue::{Day, Queue, QueueText, Slot};
    use domain::{Key, Record};
    use jiff::civil::time;

    use crate::tests::{Laptop, now};

    #[tokio::test]
    async fn a_record_comes_back_whole_and_a_deleted_one_is_not_listed() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let id = QueueId::new(uuid::Uuid::from_u128(7));
        let slots = vec![Slot { time: time(9, 30, 0, 0), days: [Day::Mo, Day::Su].into() }];
        let text = QueueText { name: "Recipes".into(), zone: "Asia/Kathmandu".into(), slots, ..QueueText::default() };
        let queue = Queue { id, text, deleted: false, created_at: now(), updated_at: now() };
        store.put([Record::Queue(queue.clone())]).await;
        assert_eq!(store.queues().await.unwrap(), std::slice::from_ref(&queue));
        let deleted = Queue { deleted: true, ..queue };
        store.put([Record::Queue(deleted.clone())]).await;
        assert_eq!(store.queues().await.unwrap(), []);
        assert_eq!(store.record(Key::Queue(id)).await.unwrap(), Some(Record::Queue(deleted)));
    }
}
