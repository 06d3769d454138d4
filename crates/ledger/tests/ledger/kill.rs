//! A process that is killed in the middle of commits: all that it had answered is there, and the chain holds.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use domain::id::OrganisationId;
use ledger::Ledger;
use ledger::store::{OrgStore as _, SqliteStore};
use uuid::Uuid;
use wire::push::{Answer, Envelope};

use crate::desk::{ADA, Laptop, create, noon, person, post};

const FILE: &str = "SENDOFF_LEDGER_KILLED_FILE";
const RUNS: u64 = 25;
const ORG: OrganisationId = OrganisationId::new(Uuid::from_u128(0x0907));

/// Not a test of its own: the process that is killed. It tells each answer on a line of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by the test below"]
async fn writes_until_it_is_killed() {
    let Some(file) = std::env::var_os(FILE) else { return };
    let ledger = Ledger::new(Arc::new(SqliteStore::open(Path::new(&file)).await.unwrap()));
    ledger.found(ORG, Uuid::nil(), person(ADA), "Bakery".into(), "Ada".into(), noon()).await.unwrap();
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let ledger = ledger.clone();
            tokio::spawn(async move {
                let mut laptop = Laptop::of(ADA);
                // far more than it lives to see
                for _ in 0..1_000_000 {
                    let sealed: Vec<Envelope> = (0..3).map(|_| laptop.seal(&create(post(), None))).collect();
                    let reply = ledger.push(ORG, person(ADA), laptop.push(sealed.clone())).await.unwrap();
                    for (one, outcome) in sealed.iter().zip(reply.results) {
                        let Answer::Applied { seq } = outcome.answer else { panic!() };
                        println!("answered {} {seq}", one.mid);
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

#[test]
fn what_was_answered_survives_a_kill_in_the_middle_of_commits() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.db");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (mut answered, mut lines) = (Vec::new(), 0);
    for run in 0..RUNS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::writes_until_it_is_killed", "--ignored", "--nocapture"])
            .env(FILE, &file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut told = BufReader::new(child.stdout.take().unwrap()).lines();
        // at another place each time
        for _ in 0..(10 + 17 * run % 90) {
            answered.push(told.next().expect("it writes").unwrap());
        }
        child.kill().unwrap();
        child.wait().unwrap();
        answered.extend(told.map_while(Result::ok));
        runtime.block_on(async {
            let store = SqliteStore::open(&file).await.unwrap();
            let mut tx = store.read(ORG).await.unwrap();
            let seen = ledger::audit(tx.as_mut()).await.unwrap();
            assert_eq!(ledger::replay(ORG, tx.as_mut(), domain::apply).await.unwrap(), seen);
            let log = tx.log(0, 1_000_000).await.unwrap();
            for line in answered.iter().filter_map(|line| line.strip_prefix("answered ")) {
                let (mid, seq) = line.split_once(' ').unwrap();
                let stored = &log[seq.parse::<usize>().unwrap() - 1];
                assert_eq!(stored.mid.to_string(), mid, "run {run}");
            }
            lines = log.len();
            drop(tx);
            store.close().await;
        });
    }
    let count = answered.iter().filter(|line| line.starts_with("answered ")).count();
    println!("{RUNS} kills, {count} answers, {lines} lines in the log");
    assert!(count > 500, "{count}");
}
