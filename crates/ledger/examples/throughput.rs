//! How many mutations a second one organisation takes, each answered after a durable commit, beside what the disk and the databases
//! can do at all. `cargo run --release -p ledger --example throughput [seconds]`; files go to the folder for temporary files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../tests/ledger/postgres.rs"]
#[allow(dead_code)]
mod postgres;

use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::Mutation;
use domain::id::{OrganisationId, PersonId, PostId};
use domain::post::{Content, Draft, Part};
use ledger::store::{OrgStore, SqliteStore};
use ledger::{Ledger, Limits};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use uuid::Uuid;
use wire::push::{Answer, Envelope, Push};

const OWNER: PersonId = PersonId::new(Uuid::from_u128(1));

fn main() {
    let seconds = std::env::args().nth(1).map_or(5, |text| text.parse().expect("a number of seconds"));
    let time = Duration::from_secs(seconds);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(all(time));
}

async fn all(time: Duration) {
    let folder = tempfile::tempdir().unwrap();
    let syncs = fdatasyncs(folder.path(), time);
    println!("F  fdatasync of 8 kB: {syncs:.0}/s");
    println!(
        "W  raw inserts into a SQLite table without an index, 256 bytes, 1,000 per commit: {:.0}/s",
        raw(folder.path(), time).await
    );
    let open = async |name: &str| Arc::new(SqliteStore::open(&folder.path().join(name)).await.unwrap());
    for callers in [1, 64, 256] {
        let store = open(&format!("{callers}.db")).await;
        measure("SQLite", store, callers, Limits::default(), time, syncs).await;
    }
    let one = Limits { batch: 1, ..Limits::default() };
    measure("SQLite, one per commit", open("one.db").await, 256, one, time, syncs).await;
    if let Some(store) = postgres::store().await {
        for callers in [1, 64, 256] {
            let store: Arc<dyn OrgStore> = Arc::<ledger::store::PgStore>::clone(&store);
            measure("PostgreSQL", store, callers, Limits::default(), time, syncs).await;
        }
        measure("PostgreSQL, one per commit", store, 256, one, time, syncs).await;
    }
}

fn fdatasyncs(folder: &Path, time: Duration) -> f64 {
    let mut file = std::fs::File::create(folder.join("sync")).unwrap();
    let (block, begun, mut count) = (vec![7_u8; 8_192], Instant::now(), 0_u32);
    while begun.elapsed() < time {
        file.seek(SeekFrom::Start(0)).unwrap();
        file.write_all(&block).unwrap();
        file.sync_data().unwrap();
        count += 1;
    }
    f64::from(count) / begun.elapsed().as_secs_f64()
}

async fn raw(folder: &Path, time: Duration) -> f64 {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("raw.db"))
        .create_if_missing(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
        .synchronous(sqlx::sqlite::SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    sqlx::raw_sql("CREATE TABLE raw (data TEXT NOT NULL) STRICT").execute(&pool).await.unwrap();
    let (text, begun, mut count) = ("x".repeat(256), Instant::now(), 0_u32);
    while begun.elapsed() < time {
        // the statement runs a thousand times inside SQLite
        sqlx::query(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO raw SELECT ?1 FROM n",
        )
        .bind(&text)
        .execute(&pool)
        .await
        .unwrap();
        count += 1_000;
    }
    f64::from(count) / begun.elapsed().as_secs_f64()
}

fn fresh(caller: usize, number: u64) -> Uuid {
    let run = u128::from(std::process::id()) << 96;
    Uuid::from_u128(run | (caller as u128) << 64 | u128::from(number))
}

async fn measure(what: &str, store: Arc<dyn OrgStore>, callers: usize, limits: Limits, time: Duration, syncs: f64) {
    // all callers are one person here
    let ledger = Ledger::with(store, Limits { waiting_of_person: callers, ..limits }, domain::apply);
    let salt = u64::from(Instant::now().elapsed().subsec_nanos()) ^ (callers as u64) << 32 ^ limits.batch as u64;
    let org = OrganisationId::new(fresh(usize::MAX, salt));
    let at = jiff::Timestamp::UNIX_EPOCH;
    ledger.found(org, org.uuid(), OWNER, "Bakery".into(), "Ada".into(), at).await.unwrap();
    let begun = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|caller| {
            let ledger = ledger.clone();
            tokio::spawn(async move {
                let caller = caller + callers * 1_000 + limits.batch * 1_000_000;
                let (client, mut waits) = (fresh(caller, 0), Vec::new());
                for n in 1.. {
                    if begun.elapsed() >= time {
                        break;
                    }
                    let part = Part { text: "A loaf of rye, baked at four. ".repeat(4), ..Part::default() };
                    let base = Content { parts: vec![part], ..Content::default() };
                    let draft = Draft { base, ..Draft::default() };
                    let mutation = Mutation::CreatePost { post: PostId::new(fresh(caller, n)), draft };
                    let sealed = Envelope::seal(n, fresh(caller, n), at, &mutation).unwrap();
                    let asked = Instant::now();
                    let push = Push { client, epoch: None, base: None, mutations: vec![sealed] };
                    let reply = ledger.push(org, OWNER, push).await.unwrap();
                    assert!(matches!(reply.results[0].answer, Answer::Applied { .. }));
                    waits.push(asked.elapsed());
                }
                waits
            })
        })
        .collect();
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await.unwrap());
    }
    let rate = waits.len() as f64 / begun.elapsed().as_secs_f64();
    waits.sort();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    println!(
        "{what}, {callers} callers: {rate:.0} mutations/s ({:.1} x F), answered in p50 {:.1} ms, p99 {:.1} ms",
        rate / syncs,
        at(0.5),
        at(0.99)
    );
    let mut tx = ledger.store().read(org).await.unwrap();
    ledger::audit(tx.as_mut()).await.unwrap();
}
