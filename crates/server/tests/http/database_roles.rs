//! On PostgreSQL the role that serves owns nothing and can take nothing.

use server::clock::SystemClock;
use server::server::Server;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::stage::{Stage, Store, database, has_postgres};

async fn start(serving: &str, owner: Option<&str>) -> Result<(), String> {
    let folder = tempfile::TempDir::new().unwrap();
    let mut config = server::config::Config::local(folder.path().join("data")).unwrap();
    config.hashing = server::people::hashing::Cost::TESTS_ONLY;
    config.database_url = Some(serving.to_owned().into());
    config.database_owner_url = owner.map(|owner| owner.to_owned().into());
    let started = Server::start(config, std::sync::Arc::new(SystemClock), Vec::new, &[]).await;
    started.map(drop).map_err(|error| error.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_serving_role_owns_nothing_and_the_owner_only_migrates() {
    if !has_postgres() {
        return;
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (serving, owner) = database().await;
    assert!(start(&serving, None).await.unwrap_err().contains("--database-owner-url"), "there are no tables yet");
    assert!(start(&owner, Some(&owner)).await.unwrap_err().contains("owns tables or is above"));
    // two at once, as when a cluster starts
    let (one, other) = tokio::join!(start(&serving, Some(&owner)), start(&serving, Some(&owner)));
    one.unwrap();
    other.unwrap();
    start(&serving, None).await.unwrap();

    let mut naked = PgConnection::connect(&serving).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        .fetch_all(&mut naked)
        .await
        .unwrap();
    assert!(tables.len() > 20, "{tables:?}");
    for table in &tables {
        for sql in [
            format!("DROP TABLE {table} CASCADE"),
            format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"),
            format!("ALTER TABLE {table} ADD COLUMN more integer"),
            format!("TRUNCATE {table}"),
        ] {
            let refused = sqlx::query(AssertSqlSafe(sql.clone())).execute(&mut naked).await.unwrap_err();
            assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("42501"), "{sql}");
        }
    }
    for sql in
        ["SET ROLE sendoff", "CREATE TABLE mine (id integer)", "INSERT INTO _sqlx_migrations (version) VALUES (7)"]
    {
        let refused = sqlx::query(sql).execute(&mut naked).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("42501"), "{sql}");
    }

    // a database of a newer version
    let mut owning = PgConnection::connect(&owner).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (999999, 'x', true, '', 0)";
    sqlx::query(newer).execute(&mut owning).await.unwrap();
    assert!(start(&serving, None).await.unwrap_err().contains("newer version"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_connections_of_a_server_are_those_of_the_serving_role() {
    if !has_postgres() {
        return;
    }
    let stage = Stage::new(Store::Postgres).await;
    let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename <> 'serving'";
    assert_eq!(stage.count(others).await, 0);
    assert!(stage.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()").await >= 2);
}
