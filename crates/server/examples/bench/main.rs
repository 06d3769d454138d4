//! How fast the server is, beside what the machine can do at best in the same run: `cargo xtask bench --server`. With words, only those
//! parts: `memory`, `sqlite`, `postgres`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_debug_implementations
)]

mod crowd;
mod desk;
mod limits;
mod memory;
#[path = "../../../testkit/src/postgres.rs"]
#[allow(dead_code)]
mod postgres;

use std::time::{Duration, Instant};

use futures::StreamExt as _;
use http::Method;
use serde_json::{Value, json};

use crowd::{Desk, Serving, organisation, quantile};
use postgres::{Cluster, Syncs};

/// Those who push at the same time, each with one connection.
const CALLERS: usize = 256;
const ORGANISATIONS: usize = 100;
/// Time of one figure.
const TIME: Duration = Duration::from_secs(5);
/// Rows of an organisation when a pull of the newest is timed.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

/// A figure beside what is wanted of it.
fn tell(what: &str, figure: String, wanted: &str, beside: &str) {
    println!("{what:<58} {figure:>16}   {wanted:<22} {beside}");
}

fn rate(each: f64) -> String {
    format!("{each:.0}/s")
}

/// Mutations a second that these desks have answered, each with so many in a push.
async fn burst(desks: Vec<Desk>, posts: usize, time: Duration) -> (f64, f64, f64) {
    let (begun, end) = (Instant::now(), Instant::now() + time);
    let one = |mut desk: Desk| async move {
        let mut waits = Vec::new();
        while Instant::now() < end {
            let asked = Instant::now();
            assert!(desk.push(posts).await, "a push was refused");
            waits.push(asked.elapsed());
        }
        waits
    };
    let tasks: Vec<_> = desks.into_iter().map(|desk| tokio::spawn(one(desk))).collect();
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await.unwrap());
    }
    let each = (waits.len() * posts) as f64 / begun.elapsed().as_secs_f64();
    (each, quantile(&mut waits, 0.5), quantile(&mut waits, 0.99))
}

/// Milliseconds from the answer of a push to the word of it on another live stream: the middle and the 99th of a hundred.
async fn live(mut writer: Desk, listener: &Desk) -> (f64, f64) {
    let answer = listener.asks(Method::GET, "live").send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let mut events = answer.bytes_stream();
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let listening = tokio::spawn(async move {
        while let Some(Ok(bytes)) = events.next().await {
            if String::from_utf8_lossy(&bytes).contains("poke") && told.send(Instant::now()).is_err() {
                return;
            }
        }
    });
    let mut waits = Vec::new();
    for round in 0..400 {
        while heard.try_recv().is_ok() {}
        let asked = Instant::now();
        assert!(writer.push(1).await);
        let at = heard.recv().await.expect("the stream lives");
        if round >= 20 {
            waits.push(at.saturating_duration_since(asked));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    listening.abort();
    (quantile(&mut waits, 0.5), quantile(&mut waits, 0.99))
}

/// Milliseconds of a pull of the newest 500 rows, and of one that brings nothing.
async fn pulls(desk: &mut Desk) -> (f64, f64) {
    let mut cursor = None::<String>;
    loop {
        let page = pull(desk, cursor.as_deref(), 2_000).await;
        cursor = page["cursor"].as_str().map(str::to_owned);
        if page["complete"] == true {
            break;
        }
    }
    let (mut new, mut nothing) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        assert!(desk.push(250).await);
        let asked = Instant::now();
        let page = pull(desk, cursor.as_deref(), 500).await;
        new.push(asked.elapsed());
        cursor = page["cursor"].as_str().map(str::to_owned);
        let asked = Instant::now();
        pull(desk, cursor.as_deref(), 500).await;
        nothing.push(asked.elapsed());
    }
    (quantile(&mut new, 0.5), quantile(&mut nothing, 0.5))
}

async fn pull(desk: &Desk, cursor: Option<&str>, limit: usize) -> Value {
    let asked = json!({ "client": desk.client, "cursor": cursor, "seen_n": 0, "limit": limit });
    desk.asks(Method::POST, "pull").json(&asked).send().await.unwrap().json().await.unwrap()
}

async fn measures(name: &str, serving: Serving) {
    let app = serving.app.clone();
    let http = reqwest::Client::builder().pool_max_idle_per_host(CALLERS).build().unwrap();
    let disk = limits::disk(serving.folder.path(), TIME / 2);
    let inserts = limits::inserts(&app, CALLERS, TIME).await;
    let hello = limits::hello(&http, &serving.origin, CALLERS, TIME).await;
    println!(
        "\n{name}: {} fdatasync/s of the disk of temporary files, {} bare inserts, {} empty requests",
        rate(disk),
        rate(inserts),
        rate(hello)
    );

    let (org, members) = organisation(&app, 8).await;
    let desks = |origin: &str| {
        (0..CALLERS).map(|n| Desk::new(&http, origin, org, &members[n % members.len()])).collect::<Vec<_>>()
    };
    for posts in [1, 16] {
        let (each, p50, p99) = burst(desks(&serving.origin), posts, TIME).await;
        let beside = format!(
            "{:.1} x fdatasync, {:.1} x bare inserts, {:.2} x empty requests; p50 {p50:.0} ms, p99 {p99:.0} ms",
            each / disk,
            each / inserts,
            each / hello
        );
        tell(
            &format!("one organisation, {CALLERS} callers, {posts} in a push"),
            rate(each),
            ">= 8000/s (SQLite 5000)",
            &beside,
        );
    }
    let mut many = Vec::new();
    for n in 0..CALLERS.max(ORGANISATIONS) {
        if n < ORGANISATIONS {
            let (org, mut members) = organisation(&app, 1).await;
            many.push((org, members.remove(0)));
        }
    }
    for posts in [1, 16] {
        let desks = (0..CALLERS)
            .map(|n| {
                let (org, who) = &many[n % many.len()];
                Desk::new(&http, &serving.origin, *org, who)
            })
            .collect();
        let (each, p50, p99) = burst(desks, posts, TIME).await;
        tell(
            &format!("{ORGANISATIONS} organisations, {CALLERS} callers, {posts} in a push"),
            rate(each),
            ">= 5000/s",
            &format!("{:.1} x fdatasync; p50 {p50:.0} ms, p99 {p99:.0} ms", each / disk),
        );
    }
    let (quiet, people) = organisation(&app, 2).await;
    let of = |nth: usize| Desk::new(&http, &serving.origin, quiet, &people[nth]);
    let (p50, p99) = live(of(0), &of(1)).await;
    tell(
        "from the start of a push to the word on another stream",
        format!("p99 {p99:.1} ms"),
        "<= 50 ms",
        &format!("p50 {p50:.1} ms"),
    );

    let (growing, people) = organisation(&app, 2).await;
    let mut writer = Desk::new(&http, &serving.origin, growing, &people[0]);
    let mut rows = 0;
    for size in SIZES {
        while rows < size {
            assert!(writer.push(250).await);
            rows += 250;
        }
        let mut reader = Desk::new(&http, &serving.origin, growing, &people[1]);
        let (new, nothing) = pulls(&mut reader).await;
        rows += 20 * 250;
        tell(
            &format!("a pull of 250 new rows of {rows}"),
            format!("{new:.1} ms"),
            "does not grow",
            &format!("of nothing {nothing:.1} ms"),
        );
    }
    desk::measures(&serving, growing, &people[1], &mut writer, rows).await;
    serving.end().await;
}

#[tokio::main]
async fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let connections = 8 * CALLERS;
    let only: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |part: &str| only.is_empty() || only.iter().any(|one| one == part);
    if wanted("memory") {
        memory::measures().await;
    }
    if wanted("sqlite") {
        measures("SQLite", Serving::start(None, connections).await).await;
    }
    if !wanted("postgres") {
        return;
    }
    match Cluster::start(Syncs::Always) {
        Some(cluster) => {
            let addresses = cluster.database();
            let database = (addresses.serving, Some(addresses.owner));
            measures("PostgreSQL", Serving::start(Some(database), connections).await).await;
        }
        None => println!("PostgreSQL is not installed: nothing measured with it"),
    }
}
