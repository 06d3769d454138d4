//! The profile of an organisation: what its server has taken, and what it has not taken yet.
//!
//! The tables that everything else reads hold what the person should see: the server's records with everything pending done on
//! top. The first pending change of a record keeps the server's image of it ([`shadow`]), so that the server's state can be
//! brought back, moved on and changed anew ([`take`]) in one transaction.

mod files;
mod identity;
mod incarnation;
mod pending;
mod shadow;
mod take;
#[cfg(test)]
mod tests;

use domain::id::OrganisationId;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use uuid::Uuid;

use crate::error::StoreError;
use crate::store::Store;
use crate::table::parsed;

pub(crate) use pending::enqueue;
pub use pending::{Attention, Pending, PendingEntry};
pub(crate) use shadow::cast;
pub use take::{Answer, ConfirmedRow, Exit, Pulled, PulledRow, Taken};

/// Which ledger a profile follows, under which name, and how far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replica {
    pub organisation: OrganisationId,
    /// Names this very database to the server. A copy of it must not go on under the same name.
    pub client: Uuid,
    /// Is also kept outside of the database, and changes when the two differ.
    pub nonce: String,
    /// The number of the last mutation that the server has decided on.
    pub last_n: u64,
    /// Which history of the server it follows; none before the first pull.
    pub epoch: Option<Uuid>,
    /// Where the next pull begins, in the server's words; none before the first.
    pub cursor: Option<String>,
}

impl Store {
    /// `None` for a profile of one person alone.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn replica(&self) -> Result<Option<Replica>, StoreError> {
        read(&self.readers).await
    }

    /// Makes an empty profile one of an organisation.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn begin_replica(&self, replica: &Replica) -> Result<(), StoreError> {
        let sql = "INSERT INTO replica (one, organisation, client, nonce, last_n, epoch, cursor) VALUES (1, ?, ?, ?, ?, ?, ?)";
        let values: [Value; 6] = [
            replica.organisation.to_string().into(),
            replica.client.to_string().into(),
            replica.nonce.clone().into(),
            i64::try_from(replica.last_n).unwrap_or(i64::MAX).into(),
            replica.epoch.map(|epoch| epoch.to_string()).into(),
            replica.cursor.clone().into(),
        ];
        self.execute(statement(sql, values)).await.map(|_| ())
    }
}

async fn read(db: &impl ConnectionTrait) -> Result<Option<Replica>, StoreError> {
    const TABLE: &str = "replica";
    let sql = "SELECT organisation, client, nonce, last_n, epoch, cursor FROM replica";
    let Some(row) = db.query_one_raw(statement(sql, [])).await? else { return Ok(None) };
    let (organisation, client): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    let epoch: Option<String> = row.try_get_by_index(4)?;
    Ok(Some(Replica {
        organisation: parsed(TABLE, "", &organisation)?,
        client: parsed(TABLE, "", &client)?,
        nonce: row.try_get_by_index(2)?,
        last_n: unsigned(row.try_get_by_index(3)?),
        epoch: epoch.map(|epoch| parsed(TABLE, "", &epoch)).transpose()?,
        cursor: row.try_get_by_index(5)?,
    }))
}

fn statement(sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
