use domain::account::Account;
use domain::id::AccountId;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, Set};

use crate::error::StoreError;
use crate::store::Store;
use crate::table::{from_json, to_json};
use crate::time::micros;
use domain::network::Network;

const TABLE: &str = "account";

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "account")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub network: String,
        pub server: String,
        pub remote_id: String,
        pub removed: bool,
        pub created_at: i64,
        pub data: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl row::Model {
    fn record(&self) -> Result<Account, StoreError> {
        from_json(TABLE, &self.id, &self.data)
    }
}

pub(crate) async fn find(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<Account>, StoreError> {
    row::Entity::find_by_id(id.to_string()).one(db).await?.map(|row| row.record()).transpose()
}

pub(crate) async fn save(db: &impl ConnectionTrait, account: &Account) -> Result<(), StoreError> {
    let id = account.id.to_string();
    let data = to_json(TABLE, &id, account)?;
    let row = row::ActiveModel {
        id: Set(id),
        network: Set(account.network.wire().to_owned()),
        server: Set(account.server.clone()),
        remote_id: Set(account.profile.remote_id.clone()),
        removed: Set(account.removed),
        created_at: Set(micros(account.created_at)),
        data: Set(data),
    };
    let columns = [
        row::Column::Network,
        row::Column::Server,
        row::Column::RemoteId,
        row::Column::Removed,
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
    /// All accounts, removed ones too, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows = row::Entity::find().order_by_asc(row::Column::CreatedAt).order_by_asc(row::Column::Id);
        rows.all(&self.readers).await?.iter().map(row::Model::record).collect()
    }

    /// The account that a network knows by this id, removed or not: connecting it again brings it back.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn account_by_remote(
        &self,
        network: Network,
        server: &str,
        remote_id: &str,
    ) -> Result<Option<Account>, StoreError> {
        let rows = row::Entity::find()
            .filter(row::Column::Network.eq(network.wire()))
            .filter(row::Column::Server.eq(server))
            .filter(row::Column::RemoteId.eq(remote_id))
            .order_by_asc(row::Column::CreatedAt);
        rows.one(&self.readers).await?.map(|row| row.record()).transpose()
    }
}

#[cfg(test)]
mod tests {
    use domain::Record;

    use super::*;
    use crate::tests::{Laptop, account};

    #[tokio::test]
    async fn an_account_is_found_by_what_its_network_calls_it() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let mut removed = account(1);
        removed.removed = true;
        store.put([Record::Account(removed.clone()), Record::Account(account(2))]).await;
        let find = async |server: &str, remote: &str| {
            store.account_by_remote(Network::Bluesky, server, remote).await.unwrap().map(|account| account.id)
        };
        let remote = removed.profile.remote_id.as_str();
        assert_eq!(find("https://bsky.social", remote).await, Some(removed.id));
        assert_eq!(find("https://elsewhere.example", remote).await, None);
        assert_eq!(store.account_by_remote(Network::Mastodon, "https://bsky.social", remote).await.unwrap(), None);
        assert_eq!(store.accounts().await.unwrap().len(), 2);
    }
}
