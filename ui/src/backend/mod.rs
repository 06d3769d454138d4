//! Calls and queries. [`call`] runs a command once; [`use_query`] shows an answer and keeps it true.

mod cache;
mod ipc;
mod query;

pub use cache::same;
pub use ipc::{Remedy, call, next_events, repair_profile};
pub use query::{Query, invalidate, prefetch, reset, use_query, use_query_if};
