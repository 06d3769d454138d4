use domain::id::PersonId;
use domain::people::Person;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, Set};

use crate::error::StoreError;
use crate::store::Store;
use crate::table::{from_json, to_json};
use crate::time::micros;

const TABLE: &str = "person";

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub name: String,
        pub created_at: i64,
        pub data: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl row::Model {
    fn record(&self) -> Result<Person, StoreError> {
        from_json(TABLE, &self.id, &self.data)
    }
}

pub(crate) async fn find(db: &impl ConnectionTrait, id: PersonId) -> Result<Option<Person>, StoreError> {
    row::Entity::find_by_id(id.to_string()).one(db).await?.map(|row| row.record()).transpose()
}

pub(crate) async fn save(db: &impl ConnectionTrait, person: &Person) -> Result<(), StoreError> {
    let id = person.id.to_string();
    let data = to_json(TABLE, &id, person)?;
    let row = row::ActiveModel {
        id: Set(id),
        name: Set(person.name.clone()),
        created_at: Set(micros(person.created_at)),
        data: Set(data),
    };
    let columns = [row::Column::Name, row::Column::CreatedAt, row::Column::Data];
    row::Entity::insert(row)
        .on_conflict(OnConflict::column(row::Column::Id).update_columns(columns).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

impl Store {
    /// The people of this profile, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        let rows = row::Entity::find().order_by_asc(row::Column::CreatedAt).order_by_asc(row::Column::Id);
        rows.all(&self.readers).await?.iter().map(row::Model::record).collect()
    }
}

#[cfg(test)]
mod tests {
    use domain::Record;

    use super::*;
    use crate::tests::{Laptop, ada, now};

    #[tokio::test]
    async fn a_person_is_renamed_in_place() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let mut person = Person { id: ada(), name: "Ada".to_owned(), created_at: now() };
        store.put([Record::Person(person.clone())]).await;
        person.name = "Ada L.".to_owned();
        store.put([Record::Person(person.clone())]).await;
        assert_eq!(store.people().await.unwrap(), [person]);
    }
}
