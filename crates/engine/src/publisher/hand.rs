//! Deliveries that a person makes by hand: at their time the person is told.

use domain::job::{Job, JobState, WAIT_FOR_ACCOUNT_S, plus};
use domain::{Key, Mutation, Record};
use jiff::Timestamp;

use super::{notices, step};
use crate::engine::Shared;

pub(super) async fn is_by_hand(engine: &Shared, job: &Job) -> bool {
    let account = engine.record(Key::Account(job.account)).await;
    matches!(account, Ok(Record::Account(account)) if account.is_by_hand())
}

/// Hands it over if it is time; else answers when to look again. It needs no credential, so the vault may be closed.
pub(super) async fn waiting(engine: &Shared, job: Job, now: Timestamp, paused: bool) -> Option<Timestamp> {
    if job.state != JobState::Scheduled || paused {
        return None;
    }
    if now < job.due_at {
        return Some(job.due_at);
    }
    match step(engine, Mutation::HandOver { job: job.id }).await {
        Some(handed) => {
            notices::your_turn(engine, &handed).await;
            None
        }
        // a change of the text waits for its sign-off, or the account is gone
        None => Some(plus(now, WAIT_FOR_ACCOUNT_S)),
    }
}
