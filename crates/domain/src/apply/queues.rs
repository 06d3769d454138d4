//! Queues: times of the week that wait for posts.

use super::{Context, Decided, View, bounded, bounded_count, not_repeated};
use crate::mutation::Mutation;
use crate::people::Persona;
use crate::queue::{Queue, QueueText};
use crate::record::{Key, Record};
use crate::reject::{Field, Reject};
use crate::schedule::{Schedule, ScheduleError};

pub(super) fn apply(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    let queue = match mutation {
        Mutation::AddQueue { queue, text } => {
            set.absent(Key::Queue(*queue))?;
            let (id, created_at) = (*queue, context.now);
            Queue { id, text: checked(context, text)?, deleted: false, created_at, updated_at: context.now }
        }
        Mutation::EditQueue { queue, text } => {
            let old = set.queue(*queue)?;
            if old.deleted {
                return Err(Reject::NotFound.into());
            }
            Queue { text: checked(context, text)?, ..old.clone() }
        }
        Mutation::DeleteQueue { queue } => Queue { deleted: true, ..set.queue(*queue)?.clone() },
        Mutation::RestoreQueue { queue } => Queue { deleted: false, ..set.queue(*queue)?.clone() },
        _ => return Err(Reject::NotFound.into()),
    };
    Ok(vec![Record::Queue(Queue { updated_at: context.now, ..queue })])
}

fn checked(context: &Context, text: &QueueText) -> Result<QueueText, Reject> {
    if text.name.trim().is_empty() {
        return Err(Reject::Empty { field: Field::Name });
    }
    bounded(Field::Name, &text.name, Persona::NAME_MAX)?;
    bounded_count(Field::Accounts, text.accounts.len(), Persona::ACCOUNTS_MAX)?;
    not_repeated(text.accounts.iter().copied())?;
    if text.slots.is_empty() || text.slots.iter().any(|slot| slot.days.is_empty()) {
        return Err(Reject::Empty { field: Field::Slots });
    }
    bounded_count(Field::Slots, text.slots.len(), Queue::SLOTS_MAX)?;
    if Schedule::at_instant(context.now, &text.zone).is_err() {
        return Err(Reject::Schedule { error: ScheduleError::UnknownZone { zone: text.zone.clone() } });
    }
    Ok(QueueText { name: text.name.trim().to_owned(), ..text.clone() })
}
