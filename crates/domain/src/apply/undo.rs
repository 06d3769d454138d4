//! What takes a mutation back: again a mutation, decided by the same rules at the time it is asked for.

use super::posts::job_ids;
use crate::job::JobState;
use crate::mutation::{Mutation, PartKeys, When};
use crate::post::{Post, PostStatus};
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
        Mutation::ImportPosts { posts, .. } => {
            Some(Mutation::DiscardPosts { posts: posts.iter().map(|one| one.post).collect() })
        }
        Mutation::CreatePost { post, .. } => Some(Mutation::DeletePost { post: *post }),
        Mutation::EditDraft { post, read, .. } | Mutation::RestoreVersion { post, read, .. } => match before
            .get(Key::Post(*post))??
        {
            Record::Post(old) => {
                // a version of its own, so that what is taken back stays in the history
                Some(Mutation::RestoreVersion { post: *post, read: read.saturating_add(1), draft: old.draft.clone() })
            }
            _ => None,
        },
        Mutation::DeletePost { post } => {
            Some(Mutation::RestorePost { post: *post, keys: PartKeys { micros: 0, clock_id: 0 } })
        }
        Mutation::RestorePost { post, .. } => Some(Mutation::DeletePost { post: *post }),
        Mutation::SchedulePost { post, read, keys, .. } => match before.get(Key::Post(*post))?? {
            Record::Post(old) if old.schedule.is_none() => Some(Mutation::Unschedule { post: *post }),
            Record::Post(old) => plan_again(before, old, read.saturating_add(1), *keys),
            _ => None,
        },
        Mutation::Unschedule { post } => match before.get(Key::Post(*post))?? {
            Record::Post(old) => {
                plan_again(before, old, old.version.saturating_add(1), PartKeys { micros: 0, clock_id: 0 })
            }
            _ => None,
        },
        _ => None,
    }
}

/// Back to the old time: only for a post that was waiting with its sign-off. Scheduling signs off and sets everything going
/// again, and no undo may sign what nobody signed, or send what a person had decided not to send.
fn plan_again(before: &WorkingSet, old: &Post, read: u32, keys: PartKeys) -> Option<Mutation> {
    let skipped =
        |id| matches!(before.get(Key::Job(id)), Some(Some(Record::Job(job))) if job.state == JobState::Skipped);
    if old.status != PostStatus::Scheduled || job_ids(old).any(skipped) {
        return None;
    }
    let schedule = old.schedule.as_ref()?;
    let when = When { local: schedule.local, zone: schedule.zone.clone(), fold: schedule.fold };
    Some(Mutation::SchedulePost { post: old.id, read, when, keys })
}
