//! What each network allows in a text, and how it counts: limits, links, mentions and tags, names of accounts and records.
//!
//! The composer asks [`measure`] and [`check`] at every keystroke and the publisher asks the same two again before anything
//! is sent, so both always agree. Everything here is pure and allocates little.

pub mod bluesky;
pub mod check;
pub mod fix;
pub mod graphemes;
pub mod handle;
pub mod heading;
pub mod mastodon;
pub mod rule;
pub mod tid;
mod tld;
mod unicode;

pub use check::{ImageFacts, Measure, NetworkRules, PartText, Violation, check, measure, measure_alt};
pub use fix::{Fix, Room};
pub use rule::{Rule, Source};
pub use tid::tid;
