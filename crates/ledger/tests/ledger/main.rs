//! The ledger on all its stores: stories of named people, a model of what they hold, writers at once, faults, kills.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_debug_implementations
)]

mod bounds;
mod desk;
mod feed;
mod kill;
mod postgres;
mod replica;
mod rows;
mod stories;
mod storm;
mod writers;
