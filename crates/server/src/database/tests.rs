use super::*;
use crate::clock::{Clock, SystemClock};

const TWO: [Migration; 2] = [
    OWN_MIGRATIONS[0],
    Migration {
        version: 2,
        name: "more",
        sqlite: "CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT; INSERT INTO more VALUES (7);",
        postgres: "CREATE TABLE more (id BIGINT PRIMARY KEY)",
    },
];

async fn open(folder: &Path, migrations: &[Migration]) -> Result<Database, DatabaseError> {
    Database::sqlite(folder, migrations, SystemClock.now()).await
}

async fn text(database: &Database, sql: &'static str) -> String {
    let Database::Sqlite { writer, .. } = database else { panic!("SQLite") };
    sqlx::query_scalar(sql).fetch_one(writer).await.unwrap()
}

async fn number(database: &Database, sql: &'static str) -> i64 {
    let Database::Sqlite { writer, .. } = database else { panic!("SQLite") };
    sqlx::query_scalar(sql).fetch_one(writer).await.unwrap()
}

fn backups(folder: &Path) -> Vec<PathBuf> {
    let found = std::fs::read_dir(folder.join(BACKUPS)).into_iter().flatten();
    found.map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn it_is_set_up_not_to_lose_or_mix_anything() {
    let folder = tempfile::tempdir().unwrap();
    let database = open(folder.path(), OWN_MIGRATIONS).await.unwrap();
    assert_eq!(text(&database, "PRAGMA journal_mode").await, "wal");
    assert_eq!(number(&database, "PRAGMA synchronous").await, 2, "FULL");
    assert_eq!(number(&database, "PRAGMA foreign_keys").await, 1);
    let mut tx = database.read().await.unwrap();
    let written = on!(&mut tx, c => sqlx::query("DELETE FROM person").execute(c).await.map(drop));
    assert!(written.is_err(), "what only reads cannot write");
    drop(tx);
    assert!(backups(folder.path()).is_empty(), "there was nothing to copy");
    database.close().await;
}

#[tokio::test]
async fn there_is_a_copy_from_before_each_new_step() {
    let folder = tempfile::tempdir().unwrap();
    let database = open(folder.path(), OWN_MIGRATIONS).await.unwrap();
    let mut tx = database.write().await.unwrap();
    on!(&mut tx, c => sqlx::query("INSERT INTO event (id, at, kind) VALUES (x'00', 1, 'x')").execute(c).await.map(drop).unwrap());
    tx.commit().await.unwrap();
    database.close().await;

    let database = open(folder.path(), &TWO).await.unwrap();
    assert_eq!(number(&database, "SELECT id FROM more").await, 7);
    assert_eq!(number(&database, "SELECT count(*) FROM event").await, 1);
    database.close().await;
    let copies = backups(folder.path());
    assert_eq!(copies.len(), 1);
    let copy = SqlitePoolOptions::new()
        .connect_with(SqliteConnectOptions::new().filename(&copies[0]).create_if_missing(false))
        .await
        .unwrap();
    let events: i64 = sqlx::query_scalar("SELECT count(*) FROM event").fetch_one(&copy).await.unwrap();
    let more: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'more'").fetch_one(&copy).await.unwrap();
    assert_eq!((events, more), (1, 0));

    open(folder.path(), &TWO).await.unwrap().close().await;
    assert_eq!(backups(folder.path()).len(), 1, "nothing new, no copy");
}

#[tokio::test]
async fn a_newer_or_changed_schema_is_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path(), &TWO).await.unwrap().close().await;
    let before = std::fs::read(folder.path().join(FILE)).unwrap();
    let refused = open(folder.path(), OWN_MIGRATIONS).await.unwrap_err();
    assert!(matches!(refused, DatabaseError::Newer { found: 2, known: 1 }), "{refused}");
    let changed = [TWO[0], Migration { sqlite: "CREATE TABLE other (id INTEGER)", ..TWO[1] }];
    let refused = open(folder.path(), &changed).await.unwrap_err();
    assert!(matches!(refused, DatabaseError::Changed(2)), "{refused}");
    assert_eq!(std::fs::read(folder.path().join(FILE)).unwrap(), before);
}

#[tokio::test]
async fn a_step_that_fails_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path(), OWN_MIGRATIONS).await.unwrap().close().await;
    let broken =
        [TWO[0], Migration { sqlite: "CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1);", ..TWO[1] }];
    assert!(matches!(open(folder.path(), &broken).await.unwrap_err(), DatabaseError::Migration(_)));
    let database = open(folder.path(), OWN_MIGRATIONS).await.unwrap();
    assert_eq!(number(&database, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'").await, 0);
    database.close().await;
}

#[test]
fn the_two_databases_have_the_same_tables_and_columns() {
    let plain = |sql: &str| {
        let without = sql.lines().filter(|line| !line.trim_start().starts_with("--"));
        let words = without.flat_map(|line| line.split([' ', ',']));
        let names = words.map(|word| match word {
            "BLOB" | "BYTEA" | "UUID" => "BYTES",
            "INTEGER" | "BIGINT" => "NUMBER",
            other => other,
        });
        names.collect::<Vec<_>>().join(" ").replace(" STRICT", "")
    };
    for step in OWN_MIGRATIONS {
        assert_eq!(plain(step.sqlite), plain(step.postgres), "{}", step.name);
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_not_repeated() {
    let secret = SecretString::from("postgres://ada:the-password@:::/");
    let error = Database::postgres(&secret, None, OWN_MIGRATIONS).await.unwrap_err().to_string();
    assert!(!error.contains("the-password"), "{error}");
}
