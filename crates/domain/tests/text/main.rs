//! The text rules, proven on the networks' own test data and on Unicode's.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod bluesky;
mod check;
mod data;
mod fit;
mod fix;
mod js;
mod mastodon;
mod properties;
mod syntax;
mod unicode;
mod x;
