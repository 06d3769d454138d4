use domain::id::PersonaId;
use domain::people::Persona;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, Set};

use crate::error::StoreError;
use crate::store::Store;
use crate::table::{from_json, to_json};
use crate::time::micros;

const TABLE: &str = "persona";

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "persona")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub name: String,
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
    fn record(&self) -> Result<Persona, StoreError> {
        from_json(TABLE, &self.id, &self.data)
    }
}

pub(crate) async fn find(db: &impl ConnectionTrait, id: PersonaId) -> Result<Option<Persona>, StoreError> {
    row::Entity::find_by_id(id.to_string()).one(db).await?.map(|row| row.record()).transpose()
}

pub(crate) async fn save(db: &impl ConnectionTrait, persona: &Persona) -> Result<(), StoreError> {
    let id = persona.id.to_string();
    let data = to_json(TABLE, &id, persona)?;
    let row = row::ActiveModel {
        id: Set(id),
        name: Set(persona.text.name.clone()),
        deleted: Set(persona.deleted),
        created_at: Set(micros(persona.created_at)),
        updated_at: Set(micros(persona.updated_at)),
        data: Set(data),
    };
    let columns =
        [row::Column::Name, row::Column::Deleted, row::Column::CreatedAt, row::Column::UpdatedAt, row::Column::Data];
    row::Entity::insert(row)
        .on_conflict(OnConflict::column(row::Column::Id).update_columns(columns).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

impl Store {
    /// All personas, deleted ones too, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn personas(&self) -> Result<Vec<Persona>, StoreError> {
        let rows = row::Entity::find().order_by_asc(row::Column::CreatedAt).order_by_asc(row::Column::Id);
        rows.all(&self.readers).await?.iter().map(row::Model::record).collect()
    }
}

#[cfg(test)]
mod tests {
    use domain::{Key, Record};

    use crate::tests::{Laptop, persona, persona_id};

    #[tokio::test]
    async fn personas_come_back_whole_and_oldest_first() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let bakery = persona(2, "The bakery");
        let mut ada = persona(1, "Ada in private");
        ada.created_at += jiff::SignedDuration::from_secs(1);
        ada.deleted = true;
        store.put([Record::Persona(ada.clone()), Record::Persona(bakery.clone())]).await;
        assert_eq!(store.personas().await.unwrap(), [bakery, ada.clone()]);
        assert_eq!(store.record(Key::Persona(persona_id(1))).await.unwrap(), Some(Record::Persona(ada)));
    }
}
