use domain::id::MediaId;
use domain::media::Media;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, Set};

use crate::error::StoreError;
use crate::store::Store;
use crate::table::{from_json, to_json};
use crate::time::micros;

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
        data: Set(data),
    };
    let columns = [
        row::Column::Kind,
        row::Column::Width,
        row::Column::Height,
        row::Column::Bytes,
        row::Column::CreatedAt,
        row::Column::Data,
    ];
    row::Entity::insert(row)
        .on_conflict(OnConflict::column(row::Column::Id).update_columns(columns).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
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
    use domain::media::MediaType;

    use super::*;
    use crate::tests::{Laptop, now};

    fn image(content: &[u8]) -> Media {
        Media {
            id: MediaId::of(content),
            kind: MediaType::Jpeg,
            width: 1_600,
            height: 1_200,
            bytes: u64::MAX,
            name: "../loaf.jpg".to_owned(),
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
}
