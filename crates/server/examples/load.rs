//! How many people one server serves: `cargo run --release -p server --example load [people] [seconds] [postgres://serving-role …]`.
//!
//! Starts a server of its own at a port of the system's choice, on SQLite in a folder for temporary files or on the given database, makes
//! an organisation with so many members, and lets each push a post, hear of it on a live stream and pull, over real HTTP, as fast as the
//! answers come. Says how long each took.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_debug_implementations
)]

#[path = "bench/crowd.rs"]
#[allow(dead_code, reason = "the benchmark uses the rest of it")]
mod crowd;

use std::time::{Duration, Instant};

use http::Method;
use serde_json::json;

use crowd::{Desk, Serving, organisation, quantile};

/// What one person waited for.
#[derive(Default)]
struct Waits {
    pushes: Vec<Duration>,
    pulls: Vec<Duration>,
}

async fn work(mut desk: Desk, end: Instant) -> Waits {
    let (mut waits, mut cursor, mut pushed) = (Waits::default(), None::<String>, 0_u64);
    let live = desk.asks(Method::GET, "live").send().await.unwrap();
    assert_eq!(live.status().as_u16(), 200);
    while Instant::now() < end {
        let asked = Instant::now();
        assert!(desk.push(1).await);
        pushed += 1;
        waits.pushes.push(asked.elapsed());
        let pull = json!({ "client": desk.client, "cursor": cursor, "seen_n": pushed, "limit": 500 });
        let asked = Instant::now();
        let answer = desk.asks(Method::POST, "pull").json(&pull).send().await.unwrap();
        let page: serde_json::Value = answer.json().await.unwrap();
        cursor = page["cursor"].as_str().map(str::to_owned);
        waits.pulls.push(asked.elapsed());
    }
    waits
}

fn tell(what: &str, mut waits: Vec<Duration>, seconds: f64) {
    let each = waits.len() as f64 / seconds;
    println!("{what}: {each:.0}/s, p50 {:.1} ms, p99 {:.1} ms", quantile(&mut waits, 0.5), quantile(&mut waits, 0.99));
}

#[tokio::main]
async fn main() {
    let mut words = std::env::args().skip(1);
    let mut number = |otherwise: usize| words.next().map_or(otherwise, |word| word.parse().expect("a number"));
    let (people, seconds) = (number(50), number(10));
    let _ = rustls::crypto::ring::default_provider().install_default();
    let database = std::env::args().nth(3).map(|serving| (serving, None));
    let serving = Serving::start(database, 4 * people + 64).await;
    let (org, members) = organisation(&serving.app, people).await;
    let http = reqwest::Client::new();
    let (begun, end) = (Instant::now(), Instant::now() + Duration::from_secs(seconds as u64));
    let tasks: Vec<_> =
        members.iter().map(|who| tokio::spawn(work(Desk::new(&http, &serving.origin, org, who), end))).collect();
    let mut all = Waits::default();
    for task in tasks {
        let waits = task.await.unwrap();
        all.pushes.extend(waits.pushes);
        all.pulls.extend(waits.pulls);
    }
    let took = begun.elapsed().as_secs_f64();
    println!("{people} people, each one push and one pull after the other, a live stream beside them");
    tell("push", all.pushes, took);
    tell("pull", all.pulls, took);
    serving.end().await;
}
