//! What each network allows in a text, and how it counts: limits, links, mentions and tags, names of accounts and records.
//!
//! The composer asks [`measure`] and [`check`] at every keystroke and the publisher asks the same two again before anything
//! is sent, so both always agree. Everything here is pure and allocates little.

pub mod bluesky;
pub mod check;
pub mod film;
pub mod fit;
pub mod fix;
pub mod graphemes;
pub mod handle;
pub mod heading;
pub mod mastodon;
pub mod mention;
pub mod rule;
pub mod rulebook;
pub mod tid;
mod tld;
mod twitter_text;
mod unicode;
pub mod x;

pub use check::{ImageFacts, Measure, PartText, Violation, check, measure, measure_alt};
pub use fit::{Plan, Step, Unfit};
pub use fix::{Fix, Room};
pub use rule::{Rule, Source};
pub use rulebook::{Confidence, NetworkRules};
pub use tid::tid;
