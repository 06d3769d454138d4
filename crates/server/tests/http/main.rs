//! The server over real HTTP: started in this process at a port of the system's choice, on SQLite and on PostgreSQL, with a
//! real mail server and a real identity provider beside it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    missing_debug_implementations
)]

mod stage;

mod backup;
mod browser_sign_in;
mod dashboard;
mod database_roles;
mod devices;
mod hostile_provider;
mod kinds;
mod limits;
mod live;
mod mail;
mod matrix;
mod media;
mod oidc;
mod organisations;
mod passwords;
mod presence;
mod program;
mod schemathesis;
mod sessions;
mod surface;
mod unknown_people;
mod verify;
