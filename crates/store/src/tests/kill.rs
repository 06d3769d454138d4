use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::Arc;

use domain::job::JobState;
use domain::post::Post;
use domain::{Key, Record};
use migrations::MigrationTrait;
use serde_json::json;

use super::{Laptop, another_process, job, now, planned, post, post_id};
use crate::{Credential, Store};

const FOLDER: &str = "SENDOFF_STORE_TEST_FOLDER";

fn folder() -> PathBuf {
    PathBuf::from(std::env::var_os(FOLDER).unwrap())
}

/// Says on one line that a write was acknowledged.
fn acknowledged(what: &str, n: u128, version: u32) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "ack {what} {n} {version}").unwrap();
    out.flush().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by what_was_acknowledged_survives_a_kill"]
async fn busy_process() {
    let store = Arc::new(Store::open(&folder(), now()).await.unwrap());
    let base = u128::from(std::process::id()) << 32;
    let typing = tokio::spawn({
        let store = Arc::clone(&store);
        async move {
            for version in 1.. {
                let text = "loaf ".repeat(version as usize % 400);
                store.put([Record::Post(Post { version, ..post(base, &text) })]).await;
                acknowledged("post", base, version);
            }
        }
    });
    let publishing = tokio::spawn({
        let store = Arc::clone(&store);
        async move {
            for n in 1.. {
                let planned = planned(base + n, "rye at nine", now(), &[1, 2]);
                let mut job = job(&planned, 1, now());
                store.put([Record::Post(planned), Record::Job(job.clone())]).await;
                acknowledged("post", base + n, 1);
                job.state = JobState::Published;
                store.put([Record::Job(job)]).await;
                acknowledged("job", base + n, 1);
            }
        }
    });
    let keeping = tokio::spawn({
        let store = Arc::clone(&store);
        async move {
            // goes on where the process before was killed
            let reached = store.setting("window").await.unwrap().and_then(|value| value.as_u64()).unwrap_or(0);
            for version in u32::try_from(reached).unwrap() + 1.. {
                store.put_setting("window", &json!(version)).await.unwrap();
                acknowledged("setting", 0, version);
                let sealed = version.to_be_bytes().repeat(100);
                let account = super::account_id(1);
                let credential = Credential { account, sealed, key_version: version, updated_at: now() };
                store.put_credential(&credential).await.unwrap();
                acknowledged("credential", 0, version);
                if version % 20 == 0 {
                    store.backup(now()).await.unwrap();
                }
            }
        }
    });
    let _ = tokio::join!(typing, publishing, keeping);
}

fn start(test: &str, laptop: &Laptop) -> Child {
    let mut command = another_process(test);
    command.env(FOLDER, laptop.dir()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// How often to kill; the requirement's thousand takes some minutes and runs with `SENDOFF_KILLS=1000`.
fn rounds() -> u32 {
    std::env::var("SENDOFF_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(12)
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let laptop = Laptop::new();
    let mut newest: BTreeMap<(String, u128), u32> = BTreeMap::new();
    for round in 0..rounds() {
        let mut process = start("tests::kill::busy_process", &laptop);
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut seen = 0;
        // somewhere in the middle of the load, later in every round
        let until = 5 + (round * 37) % 150;
        for line in (&mut out).lines() {
            let line = line.unwrap();
            let words: Vec<&str> = line.split(' ').collect();
            // the first one comes behind the test runner's own words
            let Some([_, what, n, version]) = words.windows(4).find(|words| words[0].ends_with("ack")) else {
                continue;
            };
            newest.insert(((*what).to_owned(), n.parse().unwrap()), version.parse().unwrap());
            seen += 1;
            if seen == until {
                process.kill().unwrap();
            }
        }
        process.wait().unwrap();
        assert!(seen >= until, "the load ended by itself after {seen}");

        let store = laptop.open().await;
        store.verify().await.unwrap();
        for ((what, n), version) in &newest {
            let stored = match what.as_str() {
                "post" => match store.record(Key::Post(post_id(*n))).await.unwrap() {
                    Some(Record::Post(post)) => post.version,
                    other => panic!("{other:?}"),
                },
                "job" => match store.jobs_of_post(post_id(*n)).await.unwrap().as_slice() {
                    [job] if job.state == JobState::Published => 1,
                    other => panic!("{other:?}"),
                },
                "setting" => u32::try_from(store.setting("window").await.unwrap().unwrap().as_u64().unwrap()).unwrap(),
                "credential" => store.credential(super::account_id(1)).await.unwrap().unwrap().key_version,
                other => panic!("{other}"),
            };
            assert!(stored >= *version, "round {round}: {what} {n} was acknowledged at {version}, is {stored}");
        }
        let log = store.mutations_since(0, 1_000_000).await.unwrap();
        assert!(log.iter().map(|entry| entry.seq).eq(1..=log.len() as u64), "the log has a gap");
        store.close().await;
    }
    println!("{} kills, {} acknowledged records checked", rounds(), newest.len());
}

/// Dies in the middle of a migration: after so many of its statements, before its commit.
#[derive(Debug)]
struct DiesAfter {
    step: migrations::Sql,
    statements: usize,
}

impl migrations::MigrationName for DiesAfter {
    fn name(&self) -> &str {
        self.step.name
    }
}

#[migrations::async_trait]
impl MigrationTrait for DiesAfter {
    async fn up(&self, manager: &migrations::SchemaManager) -> Result<(), migrations::DbErr> {
        use sea_orm::ConnectionTrait;
        for statement in self.step.up.iter().take(self.statements) {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        std::process::abort()
    }
}

const STEP: &str = "SENDOFF_STORE_TEST_STEP";
const STATEMENTS: &str = "SENDOFF_STORE_TEST_STATEMENTS";

#[tokio::test]
#[ignore = "started by a_kill_at_any_statement_of_an_upgrade_is_repaired_by_the_next_start"]
async fn dying_upgrade() {
    let number = |name: &str| std::env::var(name).unwrap().parse::<usize>().unwrap();
    let mut migrations = migrations::local::migrations();
    migrations.truncate(number(STEP));
    let step = migrations::local::STEPS[number(STEP)];
    migrations.push(Box::new(DiesAfter { step, statements: number(STATEMENTS) }));
    let _ = Store::open_with(&folder(), now(), &migrations).await;
}

#[tokio::test]
async fn a_kill_at_any_statement_of_an_upgrade_is_repaired_by_the_next_start() {
    for (number, step) in migrations::local::STEPS.iter().enumerate() {
        for statements in 0..=step.up.len() {
            // an upgrade of an older profile; step 0 is the making of a new one
            let laptop = Laptop::new();
            if number > 0 {
                let mut older = migrations::local::migrations();
                older.truncate(number);
                Store::open_with(&laptop.dir(), now(), &older).await.unwrap().close().await;
            }
            let mut command = another_process("tests::kill::dying_upgrade");
            command.env(FOLDER, laptop.dir()).env(STEP, number.to_string()).env(STATEMENTS, statements.to_string());
            let died = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
            assert!(!died.success(), "it was meant to die");

            let store = laptop.open().await;
            store.put([Record::Post(post(1, "rye"))]).await;
            store.verify().await.unwrap();
            let filter = crate::PostFilter { text: Some("rye".to_owned()), ..Default::default() };
            assert_eq!(store.posts_count(&filter).await.unwrap(), 1, "step {number}, {statements} statements");
        }
    }
}
