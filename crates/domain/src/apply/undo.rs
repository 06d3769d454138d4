//! What takes a mutation back: again a mutation, decided by the same rules at the time it is asked for.

use crate::mutation::{Mutation, When};
use crate::record::{Key, Record, WorkingSet};

/// The inverse of `mutation`, from the records as they were before it; `None` where it cannot be taken back.
pub fn inverse(before: &WorkingSet, mutation: &Mutation) -> Option<Mutation> {
    match mutation {
        Mutation::NamePerson { person, .. } => match before.get(Key::Person(*person))?? {
            Record::Person(old) => Some(Mutation::NamePerson { person: *person, name: old.name.clone() }),
            _ => None,
        },
        Mutation::AddPersona { persona, .. } | Mutation::RestorePersona { persona } => {
            Some(Mutation::DeletePersona { persona: *persona })
        }
        Mutation::EditPersona { persona, .. } => match before.get(Key::Persona(*persona))?? {
            Record::Persona(old) => Some(Mutation::EditPersona { persona: *persona, text: old.text.clone() }),
            _ => None,
        },
        Mutation::DeletePersona { persona } => Some(Mutation::RestorePersona { persona: *persona }),
        Mutation::SetGrace { account, .. } => match before.get(Key::Account(*account))?? {
            Record::Account(old) => Some(Mutation::SetGrace { account: *account, grace_s: old.grace_s }),
            _ => None,
        },
        Mutation::RemoveAccount { account } => Some(Mutation::RestoreAccount { account: *account }),
        Mutation::CreatePost { post, .. } => Some(Mutation::DeletePost { post: *post }),
        Mutation::EditDraft { post, read, .. } => match before.get(Key::Post(*post))?? {
            Record::Post(old) => {
                Some(Mutation::EditDraft { post: *post, read: read.saturating_add(1), draft: old.draft.clone() })
            }
            _ => None,
        },
        Mutation::DeletePost { post } => {
            Some(Mutation::RestorePost { post: *post, keys: crate::mutation::PartKeys { micros: 0, clock_id: 0 } })
        }
        Mutation::SchedulePost { post, read, keys, .. } => match before.get(Key::Post(*post))?? {
            Record::Post(old) => Some(match &old.schedule {
                Some(schedule) => Mutation::SchedulePost {
                    post: *post,
                    read: read.saturating_add(1),
                    when: When { local: schedule.local, zone: schedule.zone.clone(), fold: schedule.fold },
                    keys: *keys,
                },
                None => Mutation::Unschedule { post: *post },
            }),
            _ => None,
        },
        Mutation::Unschedule { post } => match before.get(Key::Post(*post))?? {
            Record::Post(old) => {
                let schedule = old.schedule.as_ref()?;
                Some(Mutation::SchedulePost {
                    post: *post,
                    read: old.version.saturating_add(1),
                    when: When { local: schedule.local, zone: schedule.zone.clone(), fold: schedule.fold },
                    keys: crate::mutation::PartKeys { micros: 0, clock_id: 0 },
                })
            }
            _ => None,
        },
        _ => None,
    }
}
