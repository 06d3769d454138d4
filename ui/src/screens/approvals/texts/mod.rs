//! The words of approval: its steps, what is said about a post, and the screen where people decide.

mod de;
mod en;

use domain::approval::{StepState, Verdict};
use domain::team::Role;

pub use de::DE;
pub use en::EN;

/// What was decided about.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    One(&'a str),
    Many(usize),
}

pub struct Texts {
    pub title: &'static str,
    // steps
    pub step_state: fn(StepState) -> &'static str,
    pub asks_you: &'static str,
    pub approved_by: fn(names: &str) -> String,
    pub waits: fn(who: &str) -> String,
    pub so_many: fn(usize, u32) -> String,
    pub some_of: fn(usize, who: &str) -> String,
    pub of_role: fn(Role) -> &'static str,
    pub or: &'static str,
    pub and: &'static str,
    pub deadline: fn(when: &str) -> String,
    pub overdue_since: fn(when: &str) -> String,
    pub stuck: &'static str,
    // where a post stands
    pub panel: &'static str,
    pub will_need: fn(steps: &[(String, String)]) -> String,
    pub waiting: &'static str,
    pub waits_for: fn(steps: &str) -> String,
    pub changes_requested: &'static str,
    pub rejected: &'static str,
    pub approved: fn(names: &str) -> String,
    pub overridden: fn(name: &str) -> String,
    pub own_work: &'static str,
    pub reads_only: &'static str,
    pub offline: &'static str,
    // what was said
    pub said: &'static str,
    pub verdict: fn(Verdict, who: Option<&str>) -> String,
    pub earlier: &'static str,
    // deciding
    pub approve: &'static str,
    pub request: &'static str,
    pub reject: &'static str,
    pub override_: &'static str,
    pub withdraw: fn(Verdict) -> &'static str,
    pub more: &'static str,
    pub ask_title: fn(Verdict) -> &'static str,
    pub ask_what: fn(Verdict) -> &'static str,
    pub note: fn(Verdict) -> &'static str,
    pub note_missing: &'static str,
    pub note_long: &'static str,
    pub done: fn(Verdict, Subject<'_>) -> String,
    pub done_offline: &'static str,
    pub left: fn(usize, title: &str, why: &str) -> String,
    pub withdrawn: &'static str,
    pub not_saved: &'static str,
    // the screen
    pub mine: &'static str,
    pub others: &'static str,
    pub sent_back: &'static str,
    pub to_approve: &'static str,
    pub list: &'static str,
    pub waits_for_me: fn(usize) -> String,
    pub nothing: &'static str,
    pub nothing_what: &'static str,
    pub no_chains: &'static str,
    pub no_chains_what: &'static str,
    pub signed_by: fn(name: &str) -> String,
    pub signed_when: fn(name: &str, when: &str) -> String,
    pub due: fn(when: &str) -> String,
    pub overdue: &'static str,
    pub changed: &'static str,
    pub changed_since: fn(Option<Verdict>, who: Option<&str>) -> String,
    pub time_field: &'static str,
    pub goes_out: fn(when: &str) -> String,
    pub open: &'static str,
    pub own_text: &'static str,
    pub choose_one: &'static str,
    pub picked: fn(usize) -> String,
    pub picked_label: &'static str,
    pub pick_none: &'static str,
    pub approve_many: fn(usize) -> String,
    pub approve_many_what: &'static str,
}
