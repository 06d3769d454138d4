//! The profile of an organisation and its server: what is sent, what is taken, and what is done when the two know different
//! histories.

mod exchange;
#[cfg(test)]
mod tests;

pub use exchange::{Device, Exchanged, NotExchanged, Remote, Trouble, exchange, hand_over_unsent};
