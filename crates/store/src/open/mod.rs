//! From a folder to an open store: look without touching, create or upgrade under a lock, check, connect.

pub(crate) mod backup;
pub(crate) mod connect;
pub(crate) mod files;
pub(crate) mod lock;
pub(crate) mod migrate;
pub(crate) mod peek;
pub(crate) mod place;
mod start;
pub(crate) mod wal;
