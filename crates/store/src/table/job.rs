use domain::id::{AccountId, JobId, PostId};
use domain::job::{Job, JobState, plus};
use jiff::Timestamp;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, QuerySelect, Set};

use crate::error::StoreError;
use crate::store::Store;
use crate::table::{from_json, to_json};
use crate::time::{instant, micros};

const TABLE: &str = "job";

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "job")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub post: String,
        pub account: String,
        pub state: String,
        pub due_at: i64,
        pub not_before: Option<i64>,
        pub deadline: Option<i64>,
        pub lease_until: Option<i64>,
        pub wake_at: Option<i64>,
        pub finished_at: Option<i64>,
        pub hash: String,
        pub data: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl row::Model {
    fn record(&self) -> Result<Job, StoreError> {
        from_json(TABLE, &self.id, &self.data)
    }
}

pub(crate) async fn find(db: &impl ConnectionTrait, id: JobId) -> Result<Option<Job>, StoreError> {
    row::Entity::find_by_id(id.to_string()).one(db).await?.map(|row| row.record()).transpose()
}

pub(crate) async fn save(db: &impl ConnectionTrait, job: &Job) -> Result<(), StoreError> {
    let id = job.id.to_string();
    let data = to_json(TABLE, &id, job)?;
    let row = row::ActiveModel {
        id: Set(id),
        post: Set(job.post.to_string()),
        account: Set(job.account.to_string()),
        state: Set(job.state.wire().to_owned()),
        due_at: Set(micros(job.due_at)),
        not_before: Set(job.not_before.map(micros)),
        deadline: Set(job.deadline.map(micros)),
        lease_until: Set(job.lease_until.map(micros)),
        wake_at: Set(wake_at(job).map(micros)),
        finished_at: Set(job.finished_at.map(micros)),
        hash: Set(job.hash.to_string()),
        data: Set(data),
    };
    let columns = [
        row::Column::Post,
        row::Column::Account,
        row::Column::State,
        row::Column::DueAt,
        row::Column::NotBefore,
        row::Column::Deadline,
        row::Column::LeaseUntil,
        row::Column::WakeAt,
        row::Column::FinishedAt,
        row::Column::Hash,
        row::Column::Data,
    ];
    row::Entity::insert(row)
        .on_conflict(OnConflict::column(row::Column::Id).update_columns(columns).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// When a publisher must look at the job again, if nobody reports before; `None` once there is nothing to do.
///
/// A job that somebody holds is looked at when its time comes. If that had come when the lease began, its holder is at
/// work, and it is looked at when the lease runs out. An answer that does not come is looked at when its ticket expires.
fn wake_at(job: &Job) -> Option<Timestamp> {
    let ready = job.due_at.max(job.not_before.unwrap_or(job.due_at));
    match job.state {
        JobState::Scheduled => Some(ready),
        JobState::Claimed | JobState::Prepared => Some(match job.lease_until {
            Some(until) if ready <= plus(until, -Job::LEASE_S) => until,
            Some(until) => until.min(ready),
            None => ready,
        }),
        JobState::Sending => Some(job.deadline.unwrap_or(job.due_at)),
        JobState::Reconciling => Some(job.not_before.unwrap_or(job.due_at)),
        JobState::Published
        | JobState::Refused
        | JobState::Missed
        | JobState::Unsure
        | JobState::Cancelled
        | JobState::Skipped => None,
    }
}

impl Store {
    /// All deliveries of a post, one per account.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn jobs_of_post(&self, post: PostId) -> Result<Vec<Job>, StoreError> {
        let rows =
            row::Entity::find().filter(row::Column::Post.eq(post.to_string())).order_by_asc(row::Column::Account);
        records(&self.readers, rows).await
    }

    /// Deliveries to an account that are due in `from..to`, by time; finished ones too.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn jobs_of_account(
        &self,
        account: AccountId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Job>, StoreError> {
        let rows = row::Entity::find()
            .filter(row::Column::Account.eq(account.to_string()))
            .filter(row::Column::DueAt.gte(micros(from)))
            .filter(row::Column::DueAt.lt(micros(to)))
            .order_by_asc(row::Column::DueAt);
        records(&self.readers, rows).await
    }

    /// Deliveries that the publisher has work with, now or later, by due time.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn open_jobs(&self, limit: u64) -> Result<Vec<Job>, StoreError> {
        let rows =
            row::Entity::find().filter(row::Column::WakeAt.is_not_null()).order_by_asc(row::Column::DueAt).limit(limit);
        records(&self.readers, rows).await
    }

    /// Deliveries that must be looked at by `until`, the most urgent first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn jobs_to_look_at(&self, until: Timestamp, limit: u64) -> Result<Vec<Job>, StoreError> {
        let rows = row::Entity::find()
            .filter(row::Column::WakeAt.is_not_null())
            .filter(row::Column::WakeAt.lte(micros(until)))
            .order_by_asc(row::Column::WakeAt)
            .limit(limit);
        records(&self.readers, rows).await
    }

    /// The first instant at which the publisher must look at a delivery again; in the past if it is late.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let first: Option<i64> = row::Entity::find()
            .select_only()
            .column(row::Column::WakeAt)
            .filter(row::Column::WakeAt.is_not_null())
            .order_by_asc(row::Column::WakeAt)
            .limit(1)
            .into_tuple()
            .one(&self.readers)
            .await?;
        Ok(first.map(instant))
    }

    /// Deliveries in one state, by due time.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn jobs_in_state(&self, state: JobState) -> Result<Vec<Job>, StoreError> {
        let rows = row::Entity::find().filter(row::Column::State.eq(state.wire())).order_by_asc(row::Column::DueAt);
        records(&self.readers, rows).await
    }
}

async fn records(db: &impl ConnectionTrait, rows: Select<row::Entity>) -> Result<Vec<Job>, StoreError> {
    rows.all(db).await?.iter().map(row::Model::record).collect()
}
