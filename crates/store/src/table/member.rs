//! The members of the organisation that this profile belongs to.

use domain::id::PersonId;
use domain::team::Member;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, Set};

use crate::error::StoreError;
use crate::store::Store;
use crate::table::{from_json, to_json};
use crate::time::micros;

const TABLE: &str = "member";

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "member")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person: String,
        pub active: bool,
        pub joined_at: i64,
        pub updated_at: i64,
        pub data: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl row::Model {
    fn record(&self) -> Result<Member, StoreError> {
        from_json(TABLE, &self.person, &self.data)
    }
}

pub(crate) async fn find(db: &impl ConnectionTrait, person: PersonId) -> Result<Option<Member>, StoreError> {
    row::Entity::find_by_id(person.to_string()).one(db).await?.map(|row| row.record()).transpose()
}

pub(crate) async fn save(db: &impl ConnectionTrait, member: &Member) -> Result<(), StoreError> {
    let person = member.person.to_string();
    let data = to_json(TABLE, &person, member)?;
    let row = row::ActiveModel {
        person: Set(person),
        active: Set(member.is_active()),
        joined_at: Set(micros(member.joined_at)),
        updated_at: Set(micros(member.updated_at)),
        data: Set(data),
    };
    let columns = [row::Column::Active, row::Column::JoinedAt, row::Column::UpdatedAt, row::Column::Data];
    row::Entity::insert(row)
        .on_conflict(OnConflict::column(row::Column::Person).update_columns(columns).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

impl Store {
    /// All who are or were members, in the order in which they joined.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn members(&self) -> Result<Vec<Member>, StoreError> {
        let rows = row::Entity::find().order_by_asc(row::Column::JoinedAt).order_by_asc(row::Column::Person);
        rows.all(&self.readers).await?.iter().map(row::Model::record).collect()
    }
}

#[cfg(test)]
mod tests {
    use domain::team::{Membership, Personas, Role};
    use domain::{Key, Record};

    use super::*;
    use crate::tests::{Laptop, ada, now};

    #[tokio::test]
    async fn a_member_comes_back_whole_and_stays_when_they_leave() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let mut member = Member {
            person: ada(),
            name: "Ada".to_owned(),
            role: Role::Creator,
            personas: Personas::Only([domain::id::PersonaId::new(uuid::Uuid::from_u128(3))].into()),
            membership: Membership::Active,
            away: None,
            again_at: None,
            joined_at: now(),
            updated_at: now(),
        };
        store.put([Record::Member(member.clone())]).await;
        assert_eq!(store.record(Key::Member(ada())).await.unwrap(), Some(Record::Member(member.clone())));
        member.membership = Membership::Removed;
        store.put([Record::Member(member.clone())]).await;
        assert_eq!(store.members().await.unwrap(), [member]);
    }
}
