//! A history that somebody with all rights in the database has tampered with, and `sendoff-server audit verify`.

use std::path::Path;
use std::process::Command;

use domain::Mutation;
use domain::id::PostId;
use secrecy::ExposeSecret as _;
use serde_json::Value;
use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};
use wire::hash::{row_hash, row_sum};

use crate::both;
use crate::organisations::{draft, found, id, push};
use crate::stage::{PASSWORD, Stage, Store, address};

/// A bakery that has written so many posts: the founding has the number 1.
async fn bakery(stage: &Stage, posts: u64) -> Option<()> {
    let ada = stage.register(&address("ada"), PASSWORD).await?;
    found(stage, &ada).await;
    for n in 1..=posts {
        let post = PostId::new(id(1_000 + u128::from(n)));
        let create = Mutation::CreatePost { post, draft: draft(&format!("Bread at {n}.")) };
        let (status, reply) = push(stage, &ada, 1, n, &[create]).await;
        assert_eq!((status, reply["results"][0]["s"].as_str()), (200, Some("applied")), "{reply}");
    }
    Some(())
}

/// What the program says of each organisation, and whether it is content.
fn verify(stage: &Stage, words: &[&str]) -> (bool, Vec<Value>) {
    let config = &stage.app.config;
    let mut program = Command::new(env!("CARGO_BIN_EXE_sendoff-server"));
    program.arg("--data").arg(&config.data);
    if let Some(serving) = &config.database_url {
        program.env("SENDOFF_DATABASE_URL", serving.expose_secret());
    }
    let output = program.args(["audit", "verify"]).args(words).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
    assert!(!lines.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.success(), lines)
}

/// What is wrong with the only organisation.
fn wrong(stage: &Stage, words: &[&str]) -> Option<String> {
    let (content, lines) = verify(stage, words);
    let wrong = lines[0]["wrong"].as_str().map(str::to_owned);
    assert_eq!((content, lines.len()), (wrong.is_none(), 1), "{lines:?}");
    wrong
}

/// As somebody whom nothing binds.
async fn tampers(stage: &Stage, sql: &str) {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    match &stage.app.config.database_owner_url {
        Some(owner) => {
            let mut database = PgConnection::connect(owner.expose_secret()).await.unwrap();
            database.execute(sqlx::raw_sql(sql)).await.unwrap();
        }
        None => {
            let file = stage.app.config.data.join(server::organisations::place::FILE);
            let mut database = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
            database.execute(sqlx::raw_sql(sql)).await.unwrap();
            database.close().await.unwrap();
        }
    }
}

const KEPT: [&str; 3] = ["ledger_log", "ledger_row", "ledger_scope"];

both!(what_was_changed_taken_out_or_swapped_is_named, |store| {
    let mut stage = Stage::new(store).await;
    let Some(()) = bakery(&stage, 6).await else { return };
    stage.stop().await;
    assert_eq!(wrong(&stage, &[]), None);
    assert_eq!(wrong(&stage, &["--judge"]), None);
    for table in KEPT {
        tampers(&stage, &format!("CREATE TABLE was_{table} AS SELECT * FROM {table}")).await;
    }
    let acts = [
        ("UPDATE ledger_log SET body = replace(body, 'Bread', 'Cakes') WHERE seq = 4", "the bytes of number 4"),
        ("UPDATE ledger_log SET at = at + 1 WHERE seq = 4", "the chain breaks at number 4"),
        (
            "UPDATE ledger_log SET chain = (SELECT chain FROM was_ledger_log WHERE seq = 3) WHERE seq = 4",
            "the chain breaks at number 4",
        ),
        ("DELETE FROM ledger_log WHERE seq = 4", "number 4 is missing"),
        ("DELETE FROM ledger_log WHERE seq > 4", "the log ends at 4, the head says 7"),
        (
            "UPDATE ledger_log SET seq = 99 WHERE seq = 4; UPDATE ledger_log SET seq = 4 WHERE seq = 5; \
             UPDATE ledger_log SET seq = 5 WHERE seq = 99",
            "the chain breaks at number 4",
        ),
        ("UPDATE ledger_row SET data = replace(data, 'Bread', 'Cakes')", "a row is not what was hashed"),
        ("DELETE FROM ledger_row WHERE q = 4", "the sum of a scope"),
    ];
    for (act, named) in acts {
        tampers(&stage, act).await;
        let wrong = wrong(&stage, &[]).unwrap_or_default();
        assert!(wrong.contains(named), "{act}: {wrong:?}");
        for table in KEPT {
            tampers(&stage, &format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM was_{table}")).await;
        }
        assert_eq!(self::wrong(&stage, &[]), None, "{act}");
    }
});

fn written(folder: &Path, lines: &[Value]) -> String {
    let file = folder.join("heads");
    let text: Vec<String> = lines.iter().map(Value::to_string).collect();
    std::fs::write(&file, text.join("\n")).unwrap();
    file.display().to_string()
}

both!(a_log_that_was_cut_off_or_written_anew_is_named_by_who_knows_an_earlier_head, |store| {
    let mut before = Stage::new(store).await;
    let Some(()) = bakery(&before, 6).await else { return };
    before.stop().await;
    let folder = tempfile::TempDir::new().unwrap();
    let (_, lines) = verify(&before, &[]);
    let heads = written(folder.path(), &lines);
    assert_eq!(wrong(&before, &["--heads", &heads]), None);

    // the same organisation, by other hands: each is a good history for itself
    for (posts, named) in
        [(3, "the log ends at 4, and went to 7 before"), (9, "the log up to number 7 was written anew")]
    {
        let mut anew = Stage::new(store).await;
        bakery(&anew, posts).await.unwrap();
        anew.stop().await;
        assert_eq!(wrong(&anew, &["--judge"]), None);
        assert_eq!(wrong(&anew, &["--heads", &heads]).as_deref(), Some(named));
    }
    let mut empty = Stage::new(store).await;
    empty.stop().await;
    assert_eq!(wrong(&empty, &["--heads", &heads]).as_deref(), Some("its history is gone"));

    // a file that is none of ours
    std::fs::write(&heads, "{}").unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_sendoff-server"));
    program.arg("--data").arg(folder.path().join("new")).args(["audit", "verify", "--heads", &heads]);
    let refused = program.output().unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("line 1 of the heads"));
});

/// Whoever changes a row together with its hash and the sum of its scope is found by judging everything again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_was_changed_with_all_its_hashes_is_found_by_judging_again() {
    let mut stage = Stage::new(Store::Sqlite).await;
    let Some(()) = bakery(&stage, 3).await else { return };
    stage.stop().await;
    let file = stage.app.config.data.join(server::organisations::place::FILE);
    let mut database = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    let (scope, q, data): (String, i64, String) =
        sqlx::query_as("SELECT scope, q, data FROM ledger_row WHERE q = 3 AND data LIKE '%Bread%'")
            .fetch_one(&mut database)
            .await
            .unwrap();
    let sum: Vec<u8> = sqlx::query_scalar("SELECT sum FROM ledger_scope WHERE scope = $1")
        .bind(&scope)
        .fetch_one(&mut database)
        .await
        .unwrap();
    let forged = data.replace("Bread", "Cakes");
    let key = domain::Key::Post(PostId::new(id(1_002)));
    let of = |data: &str| row_sum(key, u64::try_from(q).unwrap(), &row_hash(data));
    let sum = u128::from_le_bytes(sum.try_into().unwrap()).wrapping_sub(of(&data)).wrapping_add(of(&forged));
    sqlx::query("UPDATE ledger_row SET data = $1, hash = $2 WHERE data = $3")
        .bind(&forged)
        .bind(row_hash(&forged).0.as_slice())
        .bind(&data)
        .execute(&mut database)
        .await
        .unwrap();
    sqlx::query("UPDATE ledger_scope SET sum = $1 WHERE scope = $2")
        .bind(sum.to_le_bytes().as_slice())
        .bind(&scope)
        .execute(&mut database)
        .await
        .unwrap();
    database.close().await.unwrap();
    assert_eq!(wrong(&stage, &[]), None);
    assert_eq!(wrong(&stage, &["--judge"]).as_deref(), Some("a row is not what was hashed, or is newer than the head"));
}
