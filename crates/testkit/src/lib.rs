//! What the stories are made of: people with accounts at real servers, their devices, a browser that follows a script, and
//! everything that goes wrong between them.
//!
//! Stories are plain functions; whatever is asynchronous inside runs on one runtime of this crate.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test kit fails the test it is part of")]
#![expect(clippy::indexing_slicing, reason = "a missing field of a server's answer fails the test")]

pub mod browser;
pub mod clock;
pub mod device;
pub mod film;
pub mod http;
pub mod inside;
pub mod people;
pub mod picture;
pub mod postgres;
pub mod process;
pub mod programs;
pub mod proxy;
pub mod servers;
pub mod teams;
pub mod wait;
pub mod window;

pub use clock::HandClock;
pub use device::{Device, Failure};
pub use http::block_on;
pub use people::{BlueskyPerson, PASSWORD};
pub use proxy::{Fault, Proxy};
pub use servers::{Mastodon, Pds};
pub use teams::TeamServer;
pub use wait::{until, until_is};
