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
        JobState::Held
        | JobState::Handed
        | JobState::Published
        | JobState::Refused
        | JobState::Missed
        | JobState::Unsure
        | JobState::Cancelled
        | JobState::Skipped => None,
    }
}

fn of_post(post: PostId) -> Select<row::Entity> {
    row::Entity::find().filter(row::Column::Post.eq(post.to_string())).order_by_asc(row::Column::Account)
}

fn of_account(account: AccountId, from: Timestamp, to: Timestamp) -> Select<row::Entity> {
    row::Entity::find()
        .filter(row::Column::Account.eq(account.to_string()))
        .filter(row::Column::DueAt.gte(micros(from)))
        .filter(row::Column::DueAt.lt(micros(to)))
        .order_by_asc(row::Column::DueAt)
}

fn open_by_due(limit: u64) -> Select<row::Entity> {
    row::Entity::find().filter(row::Column::WakeAt.is_not_null()).order_by_asc(row::Column::DueAt).limit(limit)
}

fn open_by_wake() -> Select<row::Entity> {
    row::Entity::find().filter(row::Column::WakeAt.is_not_null()).order_by_asc(row::Column::WakeAt)
}

fn in_state(state: JobState) -> Select<row::Entity> {
    row::Entity::find().filter(row::Column::State.eq(state.wire())).order_by_asc(row::Column::DueAt)
}

impl Store {
    /// All deliveries of a post, one per account.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn jobs_of_post(&self, post: PostId) -> Result<Vec<Job>, StoreError> {
        self.jobs(of_post(post)).await
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
        self.jobs(of_account(account, from, to)).await
    }

    /// Deliveries that the publisher has work with, now or later, by due time.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn open_jobs(&self, limit: u64) -> Result<Vec<Job>, StoreError> {
        self.jobs(open_by_due(limit)).await
    }

    /// Deliveries that must be looked at by `until`, the most urgent first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn jobs_to_look_at(&self, until: Timestamp, limit: u64) -> Result<Vec<Job>, StoreError> {
        self.jobs(open_by_wake().filter(row::Column::WakeAt.lte(micros(until))).limit(limit)).await
    }

    /// The first instant at which the publisher must look at a delivery again; in the past if it is late.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let first = open_by_wake().select_only().column(row::Column::WakeAt).limit(1).into_tuple::<i64>();
        Ok(first.one(&self.readers).await?.map(instant))
    }

    /// Deliveries in one state, by due time.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn jobs_in_state(&self, state: JobState) -> Result<Vec<Job>, StoreError> {
        self.jobs(in_state(state)).await
    }

    async fn jobs(&self, rows: Select<row::Entity>) -> Result<Vec<Job>, StoreError> {
        rows.all(&self.readers).await?.iter().map(row::Model::record).collect()
    }
}

#[cfg(test)]
mod tests {
    use domain::Record;
    use jiff::SignedDuration;
    use sea_orm::{DbBackend, QueryTrait};

    use super::*;
    use crate::store::Store;
    use crate::tests::{Laptop, account_id, job, now, planned, post_id};

    fn second(n: i64) -> Timestamp {
        now() + SignedDuration::from_secs(n)
    }

    async fn with(jobs: impl IntoIterator<Item = Job>) -> (Laptop, Store) {
        let laptop = Laptop::new();
        let store = laptop.open().await;
        for job in jobs {
            let mut post = planned(1, "rye", now(), &[1]);
            post.id = job.post;
            store.put([Record::Post(post), Record::Job(job)]).await;
        }
        (laptop, store)
    }

    fn in_state(n: u128, state: JobState, due: i64) -> Job {
        Job { state, ..job(&planned(n, "rye", second(due), &[1]), 1, second(due)) }
    }

    #[test]
    fn a_publisher_is_woken_when_there_is_something_to_do() {
        let job = in_state(1, JobState::Scheduled, 100);
        assert_eq!(wake_at(&job), Some(second(100)));
        let backing_off = Job { not_before: Some(second(130)), ..job.clone() };
        assert_eq!(wake_at(&backing_off), Some(second(130)));

        let early = job.clone().claim(second(95)).unwrap();
        assert_eq!(wake_at(&early), Some(second(100)), "held, and its time comes before the lease ends");
        let far = job.clone().claim(second(0)).unwrap();
        assert_eq!(wake_at(&far), Some(second(60)), "the holder may have died");
        let late = job.clone().claim(second(100)).unwrap();
        assert_eq!(wake_at(&late), Some(second(160)), "the holder is at work");

        let prepared = late.clone().prepare(late.fence, "{}".to_owned(), None, second(101)).unwrap();
        let sending = prepared.clone().begin_send(prepared.fence, None, second(101)).unwrap();
        assert_eq!(wake_at(&sending), sending.deadline);
        let asking = sending.lose_answer(domain::job::Reason::Interrupted, second(140)).unwrap();
        assert_eq!(wake_at(&asking), Some(second(140)));
        for state in JobState::ALL {
            let job = Job { state, ..job.clone() };
            assert_eq!(wake_at(&job).is_some(), state.is_open(), "{state:?}");
        }
    }

    #[tokio::test]
    async fn open_deliveries_come_by_time_and_finished_ones_do_not_come() {
        let mut jobs: Vec<Job> =
            (0i64..).zip(JobState::ALL).map(|(n, state)| in_state(n.unsigned_abs().into(), state, 100 - n)).collect();
        jobs.iter_mut().for_each(|job| job.deadline = Some(second(500)));
        let (_laptop, store) = with(jobs.clone()).await;
        let mut open: Vec<Job> = jobs.iter().filter(|job| job.state.is_open()).cloned().collect();
        open.sort_by_key(|job| job.due_at);
        assert_eq!(store.open_jobs(100).await.unwrap(), open);
        assert_eq!(store.open_jobs(2).await.unwrap(), &open[..2]);
        assert_eq!(store.next_due().await.unwrap(), Some(second(96)), "the first that is not sending");
        let urgent = store.jobs_to_look_at(second(97), 100).await.unwrap();
        assert!(urgent.iter().map(|job| job.due_at).eq([second(96), second(97)].into_iter().take(urgent.len())));
        assert_eq!(store.jobs_in_state(JobState::Unsure).await.unwrap().len(), 1);
        assert_eq!(store.jobs_to_look_at(second(95), 100).await.unwrap(), []);
        let (_laptop, empty) = with([]).await;
        assert_eq!(empty.next_due().await.unwrap(), None);
    }

    #[tokio::test]
    async fn deliveries_are_found_by_post_and_by_account() {
        let post = planned(1, "rye", now(), &[1, 2]);
        let (_laptop, store) =
            with([job(&post, 2, second(0)), job(&post, 1, second(0)), in_state(2, JobState::Published, 50)]).await;
        let accounts: Vec<_> = store.jobs_of_post(post_id(1)).await.unwrap().iter().map(|job| job.account).collect();
        assert_eq!(accounts, [account_id(1), account_id(2)]);
        let due = async |from: i64, to: i64| {
            store.jobs_of_account(account_id(1), second(from), second(to)).await.unwrap().len()
        };
        assert_eq!((due(0, 51).await, due(0, 50).await, due(1, 51).await), (2, 1, 1));
    }

    #[tokio::test]
    async fn every_question_about_deliveries_has_an_index() {
        let (_laptop, store) = with([]).await;
        for (select, index) in [
            (of_post(post_id(1)), "job_by_post (post=?)"),
            (of_account(account_id(1), now(), now()), "job_by_account (account=? AND due_at>? AND due_at<?)"),
            (open_by_due(10), "USING INDEX job_open_by_due"),
            (open_by_wake(), "USING INDEX job_open_by_wake"),
            (open_by_wake().filter(row::Column::WakeAt.lte(5)), "job_open_by_wake (wake_at"),
            (super::in_state(JobState::Unsure), "job_by_state (state=?)"),
        ] {
            let plan = store.plan(select.build(DbBackend::Sqlite)).await;
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
