//! A PostgreSQL of our own: made in a folder, reached through a socket in it, gone when the tests are.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use ledger::store::PgStore;
use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};

/// The role that the server works as.
const ROLE: &str = "ledger_server";

struct Cluster {
    socket: PathBuf,
    /// It ends when this is dropped: its shell waits for the end of its input.
    _shell: Child,
}

static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(start);

fn binaries() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin")).collect();
    found.retain(|folder| folder.join("postgres").exists());
    found.sort();
    found.pop()
}

fn start() -> Option<Cluster> {
    let Some(bin) = binaries() else {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "PostgreSQL is missing");
        eprintln!("skipped: PostgreSQL is not installed");
        return None;
    };
    let folder = tempfile::Builder::new().prefix("sendoff-pg-").tempdir().unwrap().keep();
    let script = format!(
        "set -e; cd {folder}; {bin}/initdb -D data -U owner -A trust --locale=C -E UTF8 >init.log 2>&1; \
         {bin}/postgres -D data -k {folder} -c listen_addresses='' -c max_connections=200 -c shared_buffers=64MB >run.log 2>&1 & \
         pid=$!; cat >/dev/null; kill -INT $pid; wait $pid || true; cd /; rm -rf {folder}",
        folder = folder.display(),
        bin = bin.display(),
    );
    // it refuses to run as root
    let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let mut command = if root {
        assert!(Command::new("chown").arg("postgres").arg(&folder).status().unwrap().success());
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh", "-c", &script]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", &script]);
        command
    };
    let shell = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    let up = || {
        let ready = Command::new(bin.join("pg_isready"))
            .args(["-q", "-U", "owner", "-d", "postgres", "-h"])
            .arg(&folder)
            .status();
        ready.is_ok_and(|status| status.success())
    };
    while !up() {
        assert!(begun.elapsed() < Duration::from_secs(60), "PostgreSQL does not start");
        std::thread::sleep(Duration::from_millis(50));
    }
    let cluster = Cluster { socket: folder, _shell: shell };
    let owner = options(&cluster, "owner");
    // on a thread of its own: whoever asks first is in a runtime already
    std::thread::spawn(|| prepare(owner)).join().unwrap();
    Some(cluster)
}

fn prepare(owner: PgConnectOptions) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let pool = PgPoolOptions::new().max_connections(1).connect_with(owner).await.unwrap();
        ledger::migrations::postgres(&pool).await.unwrap();
        ledger::migrations::postgres(&pool).await.unwrap();
        sqlx::query("CREATE ROLE ledger_server LOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT").execute(&pool).await.unwrap();
        ledger::migrations::grant_postgres(&pool, ROLE).await.unwrap();
        pool.close().await;
    });
}

fn options(cluster: &Cluster, user: &str) -> PgConnectOptions {
    PgConnectOptions::new().socket(&cluster.socket).username(user).database("postgres")
}

/// A store as the server has it; `None` where there is no PostgreSQL.
pub async fn store() -> Option<Arc<PgStore>> {
    let cluster = CLUSTER.as_ref()?;
    Some(Arc::new(PgStore::connect(options(cluster, ROLE), 16).await.unwrap()))
}

/// As [`store`], under a name by which its connections can be found.
pub async fn store_named(name: &str) -> Option<Arc<PgStore>> {
    let options = options(CLUSTER.as_ref()?, ROLE).application_name(name);
    Some(Arc::new(PgStore::connect(options, 8).await.unwrap()))
}

/// One connection of that role, without the store around it.
pub async fn naked() -> Option<PgConnection> {
    Some(PgConnection::connect_with(&options(CLUSTER.as_ref()?, ROLE)).await.unwrap())
}

/// As the owner of the tables.
pub async fn owner() -> Option<PgPool> {
    Some(PgPoolOptions::new().max_connections(2).connect_with(options(CLUSTER.as_ref()?, "owner")).await.unwrap())
}
