//! A throw-away PostgreSQL for this test program; it ends when the program does.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::counterpart::skipped;

struct Cluster {
    port: u16,
    /// Its standard input keeps the cluster alive: the system closes it however this program ends.
    _keeper: Child,
}

fn programs() -> Option<PathBuf> {
    let found = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<PathBuf> = found.map(|entry| entry.path().join("bin")).collect();
    found.sort();
    let on_path = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect::<Vec<_>>();
    found
        .into_iter()
        .rev()
        .chain(on_path)
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER.get_or_init(|| programs().map(|programs| start(&programs))).as_ref()
}

/// PostgreSQL refuses to run as root; then it runs as the user that Debian made for it.
fn as_somebody() -> Vec<&'static str> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if root { vec!["runuser", "-u", "postgres", "--"] } else { Vec::new() }
}

fn start(programs: &Path) -> Cluster {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let script = r#"
        set -e
        home=$(mktemp -d)
        trap 'rm -rf "$home"' EXIT
        cd "$home"
        "$1/initdb" -D "$home/data" -U sendoff -A trust --no-sync -E UTF8 --locale=C >/dev/null
        "$1/postgres" -D "$home/data" -p "$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
            -c fsync=off -c max_connections=300 >"$home/log" 2>&1 &
        server=$!
        echo started
        cat >/dev/null
        kill -INT $server
        wait $server || true
    "#;
    let mut words = as_somebody();
    words.extend(["sh", "-c", script, "sh"]);
    let mut keeper = Command::new(words[0])
        .args(&words[1..])
        .arg(programs)
        .arg(port.to_string())
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(keeper.stdout.take().unwrap()), &mut line).unwrap();
    assert_eq!(line.trim(), "started", "PostgreSQL does not start");
    Cluster { port, _keeper: keeper }
}

/// Whether there is a PostgreSQL; says so if not, and fails where everything must run.
pub fn has_postgres() -> bool {
    if programs().is_none() {
        skipped("PostgreSQL is not installed");
        return false;
    }
    true
}

/// The addresses of a new, empty database: of the role that serves and owns nothing, and of the owner.
pub async fn database() -> (String, String) {
    let cluster = tokio::task::spawn_blocking(cluster).await.unwrap().expect("asked for with `has_postgres`");
    let base = format!("postgres://sendoff@127.0.0.1:{}", cluster.port);
    let mut connection =
        super::until("PostgreSQL answers", async || PgConnection::connect(&format!("{base}/postgres")).await.ok())
            .await;
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    let name: String = bytes.iter().map(|byte| char::from(b'a' + byte % 26)).collect();
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
    // once for the cluster; of programs that come together one is first
    let made = sqlx::query("CREATE ROLE serving LOGIN NOSUPERUSER NOBYPASSRLS").execute(&mut connection).await;
    let code = made.as_ref().err().and_then(|error| error.as_database_error()).and_then(|error| error.code());
    assert!(made.is_ok() || matches!(code.as_deref(), Some("42710" | "23505")), "{made:?}");
    (format!("postgres://serving@127.0.0.1:{}/{name}", cluster.port), format!("{base}/{name}"))
}
