use domain::id::JobId;
use sea_orm::entity::prelude::*;
use sea_orm::{NotSet, QueryOrder, Set};

use crate::error::StoreError;
use crate::mutate::JobLogEntry;
use crate::store::Store;
use crate::time::{instant, micros};

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "job_log")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub n: i64,
        pub job: String,
        pub at: i64,
        pub step: String,
        pub detail: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Rows of one statement: far below the 32,766 values that SQLite binds.
const ROWS: usize = 500;

pub(crate) async fn append(db: &impl ConnectionTrait, entries: &[JobLogEntry]) -> Result<(), StoreError> {
    for entries in entries.chunks(ROWS) {
        let rows = entries.iter().map(|entry| row::ActiveModel {
            n: NotSet,
            job: Set(entry.job.to_string()),
            at: Set(micros(entry.at)),
            step: Set(entry.step.clone()),
            detail: Set(entry.detail.clone()),
        });
        row::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

impl Store {
    /// What happened to a delivery, oldest first, in the order in which it was written whatever the clock said.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn job_log(&self, job: JobId) -> Result<Vec<JobLogEntry>, StoreError> {
        let rows = row::Entity::find().filter(row::Column::Job.eq(job.to_string())).order_by_asc(row::Column::N);
        let entry = |row: row::Model| JobLogEntry { job, at: instant(row.at), step: row.step, detail: row.detail };
        Ok(rows.all(&self.readers).await?.into_iter().map(entry).collect())
    }
}
