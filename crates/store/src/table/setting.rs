use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DbBackend, QueryTrait, Set};
use serde_json::Value;

use crate::error::StoreError;
use crate::store::Store;
use crate::table::{from_json, to_json};

const TABLE: &str = "setting";

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "setting")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub value: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl Store {
    /// # Errors
    /// The database cannot be read.
    pub async fn setting(&self, name: &str) -> Result<Option<Value>, StoreError> {
        let row = row::Entity::find_by_id(name).one(&self.readers).await?;
        row.map(|row| from_json(TABLE, name, &row.value)).transpose()
    }

    /// # Errors
    /// Nothing was written.
    pub async fn put_setting(&self, name: &str, value: &Value) -> Result<(), StoreError> {
        let row = row::ActiveModel { name: Set(name.to_owned()), value: Set(to_json(TABLE, name, value)?) };
        let insert = row::Entity::insert(row)
            .on_conflict(OnConflict::column(row::Column::Name).update_column(row::Column::Value).to_owned());
        self.execute(insert.build(DbBackend::Sqlite)).await.map(|_| ())
    }

    /// Whether there was such a setting.
    ///
    /// # Errors
    /// Nothing was deleted.
    pub async fn delete_setting(&self, name: &str) -> Result<bool, StoreError> {
        let delete = row::Entity::delete_many().filter(row::Column::Name.eq(name));
        Ok(self.execute(delete.build(DbBackend::Sqlite)).await? > 0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::tests::Laptop;

    #[tokio::test]
    async fn a_setting_is_kept_replaced_and_forgotten() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        assert_eq!(store.setting("theme").await.unwrap(), None);
        for value in [json!("dark"), json!({ "mode": "light", "accent": 3 })] {
            store.put_setting("theme", &value).await.unwrap();
            assert_eq!(store.setting("theme").await.unwrap(), Some(value));
        }
        store.close().await;
        let store = laptop.open().await;
        assert!(store.delete_setting("theme").await.unwrap());
        assert!(!store.delete_setting("theme").await.unwrap());
        assert_eq!(store.setting("theme").await.unwrap(), None);
    }
}
