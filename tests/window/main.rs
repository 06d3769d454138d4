//! The program through its real window: what a person sees and does, against real servers.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story fails by them"
)]

mod accessible;
mod approvals;
mod by_hand;
mod by_keyboard;
mod calendar;
mod changes;
mod comments;
mod crops;
mod desk;
mod emoji;
mod entries;
mod few_keys;
mod films;
mod first_day;
mod holds;
mod ideas;
mod imports;
mod in_background;
mod kept;
mod library;
mod picked;
mod queues;
mod series;
mod shut_in;
mod snippets;
mod started_again;
mod teams;
mod threads;
mod versions;
mod writing;
