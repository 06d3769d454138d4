//! The adapters against real servers, and against servers that break every rule.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test fails by panicking, its tools too"
)]

mod bluesky;
mod bluesky_oauth;
mod bluesky_post;
mod browser;
mod canaries;
mod fake;
mod faults;
mod mastodon;
mod mastodon_post;
mod mix_up;
mod people;
mod servers;
