//! The server is killed while people work, and what it answered is there.
//!
//! The real program in a process of its own, with accounts, sessions and mutations over real HTTP. It is ended by SIGKILL at a moment
//! that a seed draws, and started again; or its PostgreSQL is ended beneath it, and it has to come back by itself. What was answered in
//! full before must be there afterwards, once, under the number that was told, and what was not answered gets the same verdict however
//! often it is asked for.
//!
//! `SENDOFF_KILLS=10000 cargo test -p server --test killed` kills as often as that; `SENDOFF_SEED` draws the moments of an earlier run
//! again, which does not make the machine as fast or as slow as it was then.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_debug_implementations
)]

mod caller;
mod database;
mod desk;
mod dice;
#[path = "../../../testkit/src/postgres.rs"]
#[allow(dead_code)]
mod postgres;
mod program;
mod server;
mod team;

/// A number from the environment.
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// Draws what a run does; printed, so that it can be given again.
fn seed() -> u64 {
    let drawn = || {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).unwrap();
        u64::from_le_bytes(bytes)
    };
    let seed = number("SENDOFF_SEED").unwrap_or_else(drawn);
    println!("SENDOFF_SEED={seed}");
    seed
}
