//! The engine: use cases, the publisher and everything that needs more than one record. It knows the world only through
//! [`ports`], and it changes state only by mutations that [`domain::apply`] decides.

mod approvals;
mod connect;
mod deep_link;
mod dispatch;
mod emoji;
mod engine;
mod errors;
mod export;
mod files;
mod handlers;
mod host;
mod images;
mod import;
mod lines;
pub mod ports;
mod publisher;
mod recurrence;
pub mod sample;
mod series;
mod sessions;
mod settings;
#[cfg(feature = "failpoints")]
mod stop;
pub mod teams;
mod vault;
mod videos;

pub use dispatch::Handle;
pub use host::{Host, Options, Repair, repair};
