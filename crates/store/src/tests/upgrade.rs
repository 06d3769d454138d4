use domain::Key;
use migrations::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::{Laptop, at, files_of, now, post, post_id};
use crate::open::migrate::Migrations;
use crate::time::micros;
use crate::{OpenError, PostFilter, Store};

fn first(steps: usize) -> Migrations {
    let mut migrations = migrations::local::migrations();
    migrations.truncate(steps);
    migrations
}

/// Writes a post in the columns that the first schema had.
async fn write(store: &Store, number: u128, text: &str) {
    let insert = "INSERT INTO post (id, author, status, deleted, version, created_at, updated_at, title, first_line, body, \
        signs, data) VALUES (?, ?, 'draft', 0, 1, ?, ?, '', ?, ?, '', ?)";
    let post = post(number, text);
    let (id, author, made) = (post.id.to_string(), post.author.to_string(), micros(post.created_at));
    let data = serde_json::to_string(&post).unwrap();
    let values = [id.into(), author.into(), made.into(), made.into(), text.into(), text.into(), data.into()];
    store.execute(Statement::from_sql_and_values(DbBackend::Sqlite, insert, values)).await.unwrap();
}

/// A profile as the schema before search and deliveries had it, with posts in it.
async fn older(steps: usize) -> Laptop {
    let laptop = Laptop::new();
    let store = Store::open_with(&laptop.dir(), now(), &first(steps)).await.unwrap();
    write(&store, 1, "Sauerteig über Nacht").await;
    write(&store, 2, "rye").await;
    store.close().await;
    laptop
}

async fn rows(store: &Store, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(store.readers.get_database_backend(), sql);
    let rows = store.readers.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect()
}

#[tokio::test]
async fn an_older_profile_is_backed_up_and_upgraded_with_its_rows() {
    for steps in 1..migrations::local::STEPS.len() {
        let laptop = older(steps).await;
        let store = laptop.open().await;
        store.verify().await.unwrap();
        for n in 1..=2 {
            assert!(store.record(Key::Post(post_id(n))).await.unwrap().is_some());
        }
        // written before there was an index
        let filter = PostFilter { text: Some("uber nach".to_owned()), ..PostFilter::default() };
        assert_eq!(store.posts_count(&filter).await.unwrap(), 1, "from schema {steps}");
        let backups = Store::backups(&laptop.dir()).unwrap();
        assert_eq!(backups.len(), 1);
        assert!(backups[0].path.to_str().unwrap().ends_with(&format!("-v{steps}.db")));
        store.close().await;
        laptop.open().await.close().await;
        assert_eq!(Store::backups(&laptop.dir()).unwrap().len(), 1, "an open without an upgrade makes none");

        // and the way back: the old program opens the backup
        Store::restore_backup(&laptop.dir(), now()).await.unwrap();
        let old = Store::open_with(&laptop.dir(), now(), &first(steps)).await.unwrap();
        assert!(old.record(Key::Post(post_id(1))).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn an_upgraded_schema_is_the_schema_of_a_new_profile() {
    let schema = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1";
    let new = rows(&Laptop::new().open().await, schema).await;
    let upgraded = rows(&older(1).await.open().await, schema).await;
    assert_eq!(new, upgraded);
    assert!(new.iter().any(|line| line.starts_with("table post_fts ")));
}

#[tokio::test]
async fn where_files_are_used_is_known_after_an_upgrade() {
    let laptop = Laptop::new();
    let store = Store::open_with(&laptop.dir(), now(), &first(10)).await.unwrap();
    let media = domain::id::MediaId::of(b"loaf");
    let image = format!(r#"[{{"media":"{media}","alt":"a loaf"}}]"#);
    write(&store, 1, "rye").await;
    write(&store, 2, "nothing to see").await;
    let with = "UPDATE post SET data = json_set(data, '$.draft.base.parts[0].images', json(?)) WHERE body = 'rye'";
    store.execute(Statement::from_sql_and_values(DbBackend::Sqlite, with, [image.into()])).await.unwrap();
    store.close().await;
    let store = laptop.open().await;
    let posts = store.posts_with(media, 9).await.unwrap();
    assert_eq!(posts.iter().map(|using| using.post).collect::<Vec<_>>(), [post_id(1)]);
}

#[tokio::test]
async fn a_clock_before_1970_upgrades_like_any_other() {
    let laptop = older(1).await;
    let store = Store::open(&laptop.dir(), at("1969-07-20T20:17:00Z")).await.unwrap();
    let stamps = "SELECT CAST(applied_at AS TEXT) FROM seaql_migrations ORDER BY version";
    assert_eq!(rows(&store, stamps).await[2], "-14182980");
    let backups = Store::backups(&laptop.dir()).unwrap();
    assert_eq!(backups[0].made_at, Some(at("1969-07-20T20:17:00Z")));
}

#[derive(Debug)]
struct Failing;

impl MigrationName for Failing {
    fn name(&self) -> &str {
        "m9999_failing"
    }
}

#[async_trait]
impl MigrationTrait for Failing {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("CREATE TABLE half (x TEXT)").await?;
        manager.get_connection().execute_unprepared("DELETE FROM post").await?;
        manager.get_connection().execute_unprepared("this is no SQL").await.map(|_| ())
    }
}

#[tokio::test]
async fn a_failed_upgrade_is_undone() {
    let laptop = older(3).await;
    let mut migrations = first(3);
    migrations.push(Box::new(Failing));
    let refused = Store::open_with(&laptop.dir(), now(), &migrations).await.unwrap_err();
    assert!(matches!(&refused, OpenError::Upgrade { name, .. } if name == "m9999_failing"), "{refused:?}");
    let store = laptop.open().await;
    assert_eq!(store.posts_count(&PostFilter::default()).await.unwrap(), 2);
    assert_eq!(rows(&store, "SELECT name FROM sqlite_master WHERE name = 'half'").await, Vec::<String>::new());
}

#[tokio::test]
async fn an_upgrade_waits_for_no_one_and_changes_nothing_under_a_running_program() {
    let laptop = Laptop::new();
    let running = Store::open_with(&laptop.dir(), now(), &first(2)).await.unwrap();
    write(&running, 1, "rye").await;
    let refused = tokio::spawn({
        let dir = laptop.dir();
        async move { Store::open(&dir, now()).await.map(|_| ()).unwrap_err() }
    });
    assert!(matches!(refused.await.unwrap(), OpenError::InUse));
    write(&running, 2, "rye").await;
    running.close().await;
    laptop.open().await.verify().await.unwrap();
    assert!(files_of(&laptop.dir()).keys().any(|path| path.to_str().unwrap().contains("backups")));
}
