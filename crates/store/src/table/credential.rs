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
        self.put_credentials(std::slice::from_ref(credential)).await
    }

    /// Keeps many at once, all or none: a change of the key leaves no mixture behind.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn put_credentials(&self, credentials: &[Credential]) -> Result<(), StoreError> {
        if credentials.is_empty() {
            return Ok(());
        }
        let rows = credentials.iter().map(|credential| row::ActiveModel {
            account: Set(credential.account.to_string()),
            sealed: Set(credential.sealed.clone()),
            key_version: Set(credential.key_version.into()),
            updated_at: Set(micros(credential.updated_at)),
        });
        let columns = [row::Column::Sealed, row::Column::KeyVersion, row::Column::UpdatedAt];
        let insert = row::Entity::insert_many(rows)
            .on_conflict(OnConflict::column(row::Column::Account).update_columns(columns).to_owned());
        self.execute_and_overwrite(insert.build(DbBackend::Sqlite)).await.map(|_| ())
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
        Ok(self.execute_and_overwrite(delete.build(DbBackend::Sqlite)).await? > 0)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Laptop, account_id, files_of, now};

    fn sealed(account: u128, sealed: &[u8], key_version: u32) -> Credential {
        Credential { account: account_id(account), sealed: sealed.to_vec(), key_version, updated_at: now() }
    }

    #[tokio::test]
    async fn a_credential_is_kept_replaced_and_forgotten() {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        let first = sealed(1, &[0, 255, 7], 1);
        store.put_credential(&first).await.unwrap();
        assert_eq!(store.credential(account_id(1)).await.unwrap(), Some(first));
        let both = [sealed(1, b"anew", 2), sealed(2, b"other", 2)];
        store.put_credentials(&both).await.unwrap();
        store.put_credentials(&[]).await.unwrap();
        assert_eq!(store.all_credentials().await.unwrap(), both);
        assert!(store.delete_credential(account_id(1)).await.unwrap());
        assert!(!store.delete_credential(account_id(1)).await.unwrap());
        assert_eq!(store.credential(account_id(1)).await.unwrap(), None);
        assert!(!format!("{both:?}").contains("sealed"));
    }

    #[tokio::test]
    async fn a_forgotten_credential_is_gone_from_the_files() {
        let needle = b"sealed-bytes-that-can-be-searched-for";
        let laptop = Laptop::new();
        let store = laptop.open().await;
        store.put_credential(&sealed(1, &needle.repeat(500), 1)).await.unwrap();
        store.close().await;
        let occurs = |laptop: &Laptop| {
            files_of(&laptop.dir()).values().any(|bytes| bytes.windows(needle.len()).any(|window| window == needle))
        };
        assert!(occurs(&laptop), "or the search finds nothing at all");
        let store = laptop.open().await;
        store.delete_credential(account_id(1)).await.unwrap();
        store.close().await;
        assert!(!occurs(&laptop));
    }
}
