use std::fmt;

use domain::id::AccountId;
use jiff::Timestamp;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DbBackend, QueryOrder, QueryTrait, Set};

use crate::error::StoreError;
use crate::store::Store;
use crate::table::parsed;
use crate::time::{instant, micros};

const TABLE: &str = "credential";

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "credential")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account: String,
        pub sealed: Vec<u8>,
        pub key_version: i64,
        pub updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What lets this device speak for an account, sealed before it comes here: the store never sees it open.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    pub account: AccountId,
    pub sealed: Vec<u8>,
    /// Which key it is sealed with.
    pub key_version: u32,
    pub updated_at: Timestamp,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("account", &self.account).finish_non_exhaustive()
    }
}

impl row::Model {
    fn credential(self) -> Result<Credential, StoreError> {
        Ok(Credential {
            account: parsed(TABLE, &self.account, &self.account)?,
            key_version: u32::try_from(self.key_version)
                .map_err(|_| StoreError::Unreadable { table: TABLE, id: self.account.clone() })?,
            updated_at: instant(self.updated_at),
            sealed: self.sealed,
        })
    }
}

impl Store {
    /// Keeps the credential of an account in the place of an older one.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn put_credential(&self, credential: &Credential) -> Result<(), StoreError> {
        let row = row::ActiveModel {
            account: Set(credential.account.to_string()),
            sealed: Set(credential.sealed.clone()),
            key_version: Set(credential.key_version.into()),
            updated_at: Set(micros(credential.updated_at)),
        };
        let columns = [row::Column::Sealed, row::Column::KeyVersion, row::Column::UpdatedAt];
        let insert = row::Entity::insert(row)
            .on_conflict(OnConflict::column(row::Column::Account).update_columns(columns).to_owned());
        self.execute(insert.build(DbBackend::Sqlite)).await.map(|_| ())
    }

    /// # Errors
    /// The database cannot be read.
    pub async fn credential(&self, account: AccountId) -> Result<Option<Credential>, StoreError> {
        let row = row::Entity::find_by_id(account.to_string()).one(&self.readers).await?;
        row.map(row::Model::credential).transpose()
    }

    /// Forgets the credential of an account; its bytes are overwritten. Whether there was one.
    ///
    /// # Errors
    /// Nothing was deleted.
    pub async fn delete_credential(&self, account: AccountId) -> Result<bool, StoreError> {
        let delete = row::Entity::delete_many().filter(row::Column::Account.eq(account.to_string()));
        Ok(self.execute(delete.build(DbBackend::Sqlite)).await? > 0)
    }

    /// Every credential of the profile: to seal them anew under another key, and to see whether any exist.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn all_credentials(&self) -> Result<Vec<Credential>, StoreError> {
        let rows = row::Entity::find().order_by_asc(row::Column::Account).all(&self.readers).await?;
        rows.into_iter().map(row::Model::credential).collect()
    }
}
