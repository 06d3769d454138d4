use std::collections::BTreeMap;

use contract::posts::Filter;
use contract::program::Saved;
use contract::queues::{DeleteQueue, FreeSlot, ListQueues, NextSlots, QueuePost, QueueSaved, Queued, SaveQueue};
use contract::{ApiError, Code};
use domain::id::{AccountId, PersonaId, QueueId};
use domain::job::plus;
use domain::mutation::When;
use domain::queue::Queue;
use domain::{Key, Mutation, Record, Reject};
use jiff::Timestamp;
use store::{PostFilter, PostRow};

use super::reading::PLANNED;
use crate::dispatch::{Call, Handle};
use crate::errors::storage;

/// A time that is so near is not offered: the post could not be made ready, and nobody would look at it once more.
const LEAD_S: i64 = 5 * 60;
/// How far ahead a free time is looked for, in steps that grow: the next one is nearly always within the first.
const LOOK_DAYS: [i64; 3] = [14, 90, 366];
const DAY_S: i64 = 24 * 60 * 60;

impl Handle<ListQueues> for Call {
    async fn handle(&self, _: ListQueues) -> Result<Vec<Queue>, ApiError> {
        self.queues().await
    }
}

impl Handle<SaveQueue> for Call {
    async fn handle(&self, command: SaveQueue) -> Result<QueueSaved, ApiError> {
        let text = command.text;
        let (queue, mutation) = match command.queue {
            Some(queue) => (queue, Mutation::EditQueue { queue, text }),
            None => {
                let queue = QueueId::new(self.engine.fresh_id()?);
                (queue, Mutation::AddQueue { queue, text })
            }
        };
        let done = self.engine.mutate(mutation).await?;
        match self.engine.record(Key::Queue(queue)).await? {
            Record::Queue(queue) => Ok(QueueSaved { queue, undo: done.undo() }),
            _ => Err(Reject::NotFound.into()),
        }
    }
}

impl Handle<DeleteQueue> for Call {
    async fn handle(&self, command: DeleteQueue) -> Result<Saved, ApiError> {
        let done = self.engine.mutate(Mutation::DeleteQueue { queue: command.queue }).await?;
        Ok(Saved { undo: done.undo() })
    }
}

impl Handle<NextSlots> for Call {
    async fn handle(&self, command: NextSlots) -> Result<Vec<FreeSlot>, ApiError> {
        let limit = usize::try_from(command.limit.clamp(1, 20)).unwrap_or(1);
        self.next_slots(None, command.persona, &command.accounts, limit).await
    }
}

impl Handle<QueuePost> for Call {
    async fn handle(&self, command: QueuePost) -> Result<Queued, ApiError> {
        let QueuePost { post, read, queue } = command;
        let Record::Post(current) = self.engine.record(Key::Post(post)).await? else {
            return Err(Reject::NotFound.into());
        };
        // two posts at once: the second one looks after the first one has its time
        let _alone = self.engine.queueing.lock().await;
        let accounts: Vec<AccountId> = current.draft.targets.iter().map(|target| target.account).collect();
        let found = self.next_slots(queue, current.draft.persona, &accounts, 1).await?.pop();
        let slot = found.ok_or_else(|| {
            ApiError::new(Code::NotFound, "No queue for this post has a free time. Add one, or choose a time.")
        })?;
        let (when, keys) = (slot.when.clone(), self.engine.fresh_keys(1)?);
        let written = self.write(post, Mutation::SchedulePost { post, read, seen: None, when, keys }).await?;
        Ok(Queued { written, slot })
    }
}

impl Call {
    async fn queues(&self) -> Result<Vec<Queue>, ApiError> {
        self.engine.store.queues().await.map_err(|error| storage(&error))
    }

    async fn next_slots(
        &self,
        only: Option<QueueId>,
        persona: Option<PersonaId>,
        accounts: &[AccountId],
        limit: usize,
    ) -> Result<Vec<FreeSlot>, ApiError> {
        let mut queues = self.queues().await?;
        queues.retain(|queue| only.is_none_or(|only| queue.id == only) && queue.takes(persona, accounts));
        if queues.is_empty() {
            return Ok(Vec::new());
        }
        let (now, mut found) = (self.engine.now(), Vec::new());
        let mut from = plus(now, LEAD_S);
        for days in LOOK_DAYS {
            let to = plus(now, days * DAY_S);
            found.extend(self.free(&queues, from, to).await?);
            if found.len() >= limit {
                break;
            }
            from = to;
        }
        found.truncate(limit);
        Ok(found)
    }

    /// The free times that a calendar shows from `from` to `to`: those of queues whose posts would pass the filter. `rows` is
    /// everything that stands there, if that is known.
    pub(super) async fn free_in_calendar(
        &self,
        filter: &Filter,
        rows: Option<&[PostRow]>,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<FreeSlot>, ApiError> {
        let from = from.max(plus(self.engine.now(), LEAD_S));
        // a free time says nothing and is in no state
        if from >= to || !filter.text.trim().is_empty() || !filter.statuses.is_empty() {
            return Ok(Vec::new());
        }
        let mut queues = self.queues().await?;
        queues.retain(|Queue { text, .. }| {
            (filter.personas.is_empty() || text.persona.is_some_and(|persona| filter.personas.contains(&persona)))
                && (filter.accounts.is_empty() || text.accounts.iter().any(|account| filter.accounts.contains(account)))
        });
        match rows {
            Some(rows) if !queues.is_empty() => Ok(free(&queues, rows, from, to)),
            _ => self.free(&queues, from, to).await,
        }
    }

    async fn free(&self, queues: &[Queue], from: Timestamp, to: Timestamp) -> Result<Vec<FreeSlot>, ApiError> {
        if queues.is_empty() || from >= to {
            return Ok(Vec::new());
        }
        let planned = PostFilter { statuses: PLANNED.to_vec(), ..PostFilter::default() };
        let rows =
            self.engine.store.posts_between(minute(from), to, &planned).await.map_err(|error| storage(&error))?;
        Ok(free(queues, &rows, from, to))
    }
}

/// The times of these queues from `from` to `to` at which none of these posts stands that the queue is for, by time.
fn free(queues: &[Queue], rows: &[PostRow], from: Timestamp, to: Timestamp) -> Vec<FreeSlot> {
    let mut standing = BTreeMap::<Timestamp, Vec<&PostRow>>::new();
    for (due, row) in rows.iter().filter_map(|row| Some((row.due_at?, row))) {
        standing.entry(minute(due)).or_default().push(row);
    }
    let mut slots = Vec::new();
    for queue in queues {
        let taken = |at: Timestamp| {
            let here = standing.get(&minute(at)).into_iter().flatten();
            here.into_iter().any(|row| queue.takes(row.persona, &row.accounts))
        };
        slots.extend(queue.times(from, to).into_iter().filter(|time| !taken(time.at)).map(|time| FreeSlot {
            queue: queue.id,
            name: queue.text.name.clone(),
            persona: queue.text.persona,
            accounts: queue.text.accounts.clone(),
            at: time.at,
            when: When { local: time.local, zone: time.zone, fold: time.fold },
        }));
    }
    slots.sort_by_key(|slot| slot.at);
    slots
}

/// The minute that an instant lies in: posts and times of queues meet by it.
fn minute(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().div_euclid(60) * 60).unwrap_or(at)
}
