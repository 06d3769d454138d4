//! The program without its window: `sendoff` as real processes, against real servers.
#![cfg(unix)]

mod ada;
mod first_post;
mod killed;
mod sign_ins;
mod trouble;
mod unsure;
