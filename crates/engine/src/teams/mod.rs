//! The profile of an organisation and its server: what is sent, what is taken, and what is done when the two know different
//! histories.

mod approvals;
mod exchange;
mod files;
mod keep;
mod keeper;
mod line;
pub(crate) mod link;
mod listen;
mod notices;
mod presence;
pub(crate) mod sign_in;
mod team;
#[cfg(test)]
mod tests;

pub use exchange::{Device, Exchanged, NotExchanged, Remote, Trouble, exchange, hand_over_unsent};

pub(crate) use files::fetch;
pub(crate) use keep::keep;
pub(crate) use keeper::{KnownTeam, Teams};
pub(crate) use link::failure;
pub(crate) use team::Team;

use domain::{Key, Record};

use crate::engine::Engine;

/// Within the own profile, a folder for each organisation.
const FOLDER: &str = "teams";

/// The name of the organisation whose profile this is; empty before the first exchange.
pub(crate) async fn name_of(engine: &Engine) -> String {
    let Some(team) = &engine.team else { return String::new() };
    match engine.record(Key::Organisation(team.organisation)).await {
        Ok(Record::Organisation(organisation)) => organisation.name,
        _ => String::new(),
    }
}
