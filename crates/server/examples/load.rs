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

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::Mutation;
use domain::id::{OrganisationId, PersonId, PostId};
use domain::post::{Content, Draft};
use domain::team::{Personas, Role};
use ledger::Admitted;
use secrecy::ExposeSecret;
use serde_json::json;
use server::app::App;
use server::clock::{Clock, SystemClock};
use server::config::Config;
use server::database::Tx;
use server::id::{DeviceId, SessionId};
use server::limits::Quotas;
use server::on;
use server::policy::Signed;
use server::serve::Bounds;
use server::server::Server;
use uuid::Uuid;
use wire::push::{Envelope, Push};

const HOUR_MS: i64 = 60 * 60 * 1000;

struct Person {
    id: PersonId,
    token: String,
}

fn fresh() -> Uuid {
    server::id::fresh(&SystemClock).unwrap()
}

/// Somebody with a session, without going through the browser.
async fn person(app: &App) -> Person {
    let (id, device, session, now) = (fresh(), fresh(), fresh(), SystemClock.millis());
    let mut tx = app.database.write().await.unwrap();
    write(&mut tx, "INSERT INTO person (id, display_name, created_at) VALUES ($1, 'Load', $2)", &[id], &[now]).await;
    let sql = "INSERT INTO device (id, person_id, public_key, name, enrolled_at, last_seen_at) VALUES ($1, $2, $3, 'Load', $4, $4)";
    on!(&mut tx, c => {
        sqlx::query(sql).bind(device).bind(id).bind(device.as_bytes().as_slice()).bind(now).execute(c).await.unwrap().rows_affected()
    });
    let sql = "INSERT INTO session (id, person_id, device_id, started_at, expires_at, idle_at) VALUES ($1, $2, $3, $4, $5, $5)";
    write(&mut tx, sql, &[session, id, device], &[now, now + 24 * HOUR_MS]).await;
    tx.commit().await.unwrap();
    let signed = Signed { person: PersonId::new(id), device: DeviceId::new(device), session: SessionId::new(session) };
    let token = app.access_tokens.make(&signed, &SystemClock).unwrap().expose_secret().to_owned();
    Person { id: signed.person, token }
}

async fn write(tx: &mut Tx, sql: &'static str, ids: &[Uuid], times: &[i64]) {
    on!(tx, c => {
        let query = ids.iter().fold(sqlx::query(sql), |query, id| query.bind(*id));
        let query = times.iter().fold(query, |query, time| query.bind(*time));
        query.execute(c).await.unwrap().rows_affected()
    });
}

/// What one person waited for.
#[derive(Default)]
struct Waits {
    pushes: Vec<Duration>,
    pulls: Vec<Duration>,
}

async fn work(http: reqwest::Client, origin: String, org: OrganisationId, who: Person, end: Instant) -> Waits {
    let (client, mut waits, mut cursor) = (fresh(), Waits::default(), None::<String>);
    let place = |what: &str| format!("{origin}/v1/orgs/{org}/{what}");
    let live = http.get(place("live")).bearer_auth(&who.token).send().await.unwrap();
    assert_eq!(live.status().as_u16(), 200);
    for n in 1.. {
        if Instant::now() >= end {
            break;
        }
        let draft = Draft { base: Content::text("A loaf of rye, baked at four. Come early."), ..Draft::default() };
        let create = Mutation::CreatePost { post: PostId::new(fresh()), draft };
        let sealed = Envelope::seal(n, fresh(), SystemClock.now(), &create).unwrap();
        let push = Push { client, epoch: None, base: None, mutations: vec![sealed] };
        let asked = Instant::now();
        let answer = http.post(place("push")).bearer_auth(&who.token).json(&push).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{}", answer.text().await.unwrap());
        drop(answer.bytes().await.unwrap());
        waits.pushes.push(asked.elapsed());
        let pull = json!({ "client": client, "cursor": cursor, "seen_n": n, "limit": 500 });
        let asked = Instant::now();
        let answer = http.post(place("pull")).bearer_auth(&who.token).json(&pull).send().await.unwrap();
        let page: serde_json::Value = answer.json().await.unwrap();
        cursor = page["cursor"].as_str().map(str::to_owned);
        waits.pulls.push(asked.elapsed());
    }
    waits
}

fn tell(what: &str, mut waits: Vec<Duration>, seconds: f64) {
    waits.sort();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    println!("{what}: {:.0}/s, p50 {:.1} ms, p99 {:.1} ms", waits.len() as f64 / seconds, at(0.5), at(0.99));
}

#[tokio::main]
async fn main() {
    let mut words = std::env::args().skip(1);
    let mut number = |otherwise: usize| words.next().map_or(otherwise, |word| word.parse().expect("a number"));
    let (people, seconds) = (number(50), number(10));
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::local(folder.path().join("data")).unwrap();
    config.quotas = Quotas::unlimited();
    config.database_url = std::env::args().nth(3).map(Into::into);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let server = Server::start(config, Arc::new(SystemClock), Vec::new, &[]).await.unwrap();
    // all of them come from one address
    let server = server.with_bounds(Bounds {
        connections: 4 * people + 64,
        connections_each: 4 * people + 64,
        ..Bounds::default()
    });
    let app = server.app().clone();
    let origin = app.origin().to_owned();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(server.serve(async move {
        let _ = stopped.await;
    }));
    let owner = person(&app).await;
    let (org, at) = (OrganisationId::new(fresh()), SystemClock.now());
    app.ledger.found(org, fresh(), owner.id, "Load".into(), "Owner".into(), at).await.unwrap();
    let mut members = Vec::new();
    for _ in 0..people {
        let member = person(&app).await;
        let (role, personas) = (Role::Creator, Personas::All);
        let admitted = Admitted { person: member.id, name: "Load".into(), role, personas };
        app.ledger.admit(org, owner.id, fresh(), admitted, at).await.unwrap();
        members.push(member);
    }
    let http = reqwest::Client::new();
    let (begun, end) = (Instant::now(), Instant::now() + Duration::from_secs(seconds as u64));
    let tasks: Vec<_> =
        members.into_iter().map(|who| tokio::spawn(work(http.clone(), origin.clone(), org, who, end))).collect();
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
    drop(stop);
    served.await.unwrap();
}
