//! What the program says outside of its window: in the log of a delivery, about one that needs a person, and to the desktop.

mod english;
mod german;

use contract::program::Language;
use domain::Mutation;
use domain::account::Account;
use domain::job::Job;

/// The sentences of one language. A sentence that one language lacks does not compile.
#[derive(Debug)]
pub(crate) struct Sentences {
    /// One line of the job's log: what this step did.
    pub step: fn(&Mutation, &Job) -> String,
    /// What a person must know about a delivery that needs them, and what to do.
    pub trouble: fn(&Job, &Account) -> String,
    // notifications
    pub live: &'static str,
    pub live_as: fn(network: &str, handle: &str) -> String,
    pub unsure: &'static str,
    pub missed: &'static str,
    pub your_turn: &'static str,
    pub failed: &'static str,
    pub paused: &'static str,
    pub clock_jumped: fn(minutes: u64) -> String,
    pub restored: &'static str,
    pub reconnect: fn(network: &str) -> String,
    pub signed_out: fn(handle: &str) -> String,
    /// The server of a team refused changes.
    pub refused: &'static str,
    pub refused_count: fn(count: u32) -> String,
    /// Posts wait for the person's word.
    pub asked: &'static str,
    pub asked_count: fn(count: usize) -> String,
    pub overdue: &'static str,
    pub overdue_count: fn(count: usize) -> String,
    pub approved: &'static str,
    pub changes_requested: &'static str,
    pub rejected: &'static str,
    pub removed: fn(organisation: &str) -> String,
    pub removed_unsent: fn(count: u64) -> String,
}

pub(crate) const fn sentences(language: Language) -> &'static Sentences {
    match language {
        Language::English => &english::SENTENCES,
        Language::German => &german::SENTENCES,
    }
}

/// Ends what somebody else said with a full stop, unless it has an end.
fn ended(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) || text.is_empty() { text.to_owned() } else { format!("{text}.") }
}

/// Which part of a thread is next, counted from one, and how many there are; nothing for a post of one part.
fn part_of(job: &Job) -> Option<(usize, usize)> {
    let all = job.parts.len();
    (all > 1).then(|| (job.next_part().map_or(all, |next| next + 1), all))
}
