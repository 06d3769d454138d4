//! The server for teams: people, their devices and sessions, and the HTTP surface that other parts are mounted into.
//!
//! The seams for those parts: [`database::Database`] with its [`on!`](crate::on) macro, [`policy::Signed`] as an argument of
//! handlers, [`error::Error`], and [`router::Row`], which gives a route its policy and its bounds.

pub mod access;
pub mod address;
pub mod app;
pub mod authorize;
pub mod backup;
pub mod clock;
pub mod config;
pub mod database;
mod description;
pub mod error;
pub mod extract;
pub mod housekeeping;
pub mod id;
pub mod keys;
pub mod limits;
pub mod mail;
pub mod media;
pub mod observe;
pub mod organisations;
pub mod people;
pub mod policy;
pub mod random;
pub mod router;
pub mod serve;
pub mod server;
pub mod sessions;
mod stall;
pub mod start;
mod status;
pub mod verify;
