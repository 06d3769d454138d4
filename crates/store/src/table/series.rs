use domain::id::SeriesId;
use domain::series::Series;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, Set};

use crate::error::StoreError;
use crate::store::Store;
use crate::table::{from_json, to_json};
use crate::time::micros;

const TABLE: &str = "series";

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "series")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub ended: bool,
        pub created_at: i64,
        pub updated_at: i64,
        pub data: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl row::Model {
    fn record(&self) -> Result<Series, StoreError> {
        from_json(TABLE, &self.id, &self.data)
    }
}

pub(crate) async fn find(db: &impl ConnectionTrait, id: SeriesId) -> Result<Option<Series>, StoreError> {
    row::Entity::find_by_id(id.to_string()).one(db).await?.map(|row| row.record()).transpose()
}

pub(crate) async fn save(db: &impl ConnectionTrait, series: &Series) -> Result<(), StoreError> {
    let id = series.id.to_string();
    let data = to_json(TABLE, &id, series)?;
    let row = row::ActiveModel {
        id: Set(id),
        ended: Set(series.ended),
        created_at: Set(micros(series.created_at)),
        updated_at: Set(micros(series.updated_at)),
        data: Set(data),
    };
    let columns = [row::Column::Ended, row::Column::CreatedAt, row::Column::UpdatedAt, row::Column::Data];
    row::Entity::insert(row)
        .on_conflict(OnConflict::column(row::Column::Id).update_columns(columns).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

impl Store {
    /// All series, ended ones too, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn all_series(&self) -> Result<Vec<Series>, StoreError> {
        let rows = row::Entity::find().order_by_asc(row::Column::CreatedAt).order_by_asc(row::Column::Id);
        rows.all(&self.readers).await?.iter().map(row::Model::record).collect()
    }
}

#[cfg(test)]
mod tests {
    use domain::id::{PostId, SeriesId};
    use domain::post::Draft;
    use domain::schedule::Fold;
    use domain::series::{Made, Series};
    use domain::{Key, Record};
    use jiff::civil::date;

    use crate::tests::{Laptop, now};

    #[tokio::test]
    async fn a_series_comes_back_whole() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let id = SeriesId::new(uuid::Uuid::from_u128(7));
        let start = date(2026, 11, 24).at(9, 0, 0, 0);
        let series = Series {
            id,
            author: domain::id::PersonId::new(uuid::Uuid::from_u128(1)),
            writers: Default::default(),
            rule: "FREQ=WEEKLY;BYDAY=TU".to_owned(),
            start,
            zone: "Australia/Lord_Howe".to_owned(),
            fold: Fold::Second,
            draft: Draft::default(),
            made: vec![Made { place: start, post: PostId::of(id, start) }],
            until: start,
            ended: false,
            halted: Some(Box::new(domain::Reject::NoAccounts)),
            created_at: now(),
            updated_at: now(),
        };
        store.put([Record::Series(series.clone())]).await;
        assert_eq!(store.record(Key::Series(id)).await.unwrap(), Some(Record::Series(series.clone())));
        let ended = Series { ended: true, ..series };
        store.put([Record::Series(ended.clone())]).await;
        assert_eq!(store.all_series().await.unwrap(), [ended]);
    }
}
