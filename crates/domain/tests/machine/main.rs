//! The job machine in a hostile world: a simulator drives `domain::apply` with the mutations of the publisher and of people,
//! through lost requests, lost answers, crashes, jumping clocks and two publishers at once, and checks after every step what
//! must never break. A failing seed is printed with the last steps; `SENDOFF_SEED=n cargo test -p domain --test machine`
//! runs that one alone, `SENDOFF_SEEDS=n` so many (from that one on).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod by_hand;
mod cases;
mod desk;
mod essence;
mod holds;
mod invariants;
mod network;
mod person;
mod planted;
mod publisher;
mod random;
mod rejects;
mod run;
mod seen;
mod series;
mod world;

use std::time::Instant;

use planted::Plant;
use seen::Seen;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}

#[test]
fn nothing_is_sent_twice_lost_or_unsigned() {
    let begun = Instant::now();
    let (seed, seeds) = (number("SENDOFF_SEED"), number("SENDOFF_SEEDS"));
    let first = seed.unwrap_or(1);
    let count = seeds.unwrap_or(if seed.is_some() { 1 } else { 2_000 });
    let mut seen = Seen::default();
    for seed in first..first + count {
        match run::simulate(seed, Plant::Nothing) {
            Ok(story) => seen.add(&story.seen),
            Err(broken) => panic!("seed {seed}: {broken}"),
        }
    }
    println!("{count} seeds in {:?}: {seen:?}", begun.elapsed());
    if count >= 2_000 {
        seen.has_met_everything();
    }
}

/// A seed that failed must fail again wherever it is run.
#[test]
fn the_same_seed_tells_the_same_story() {
    let told = |seed| run::simulate(seed, Plant::Nothing).unwrap().told;
    for seed in 1..=50 {
        let (once, again) = (told(seed), told(seed));
        let parts = once.iter().zip(&again).position(|(one, other)| one != other);
        assert_eq!(once.len(), again.len(), "seed {seed} ends elsewhere the second time");
        assert_eq!(parts, None, "seed {seed} parts ways");
        assert!(once.len() > 20, "seed {seed} tells nothing");
    }
    assert_ne!(told(1), told(2));
}
