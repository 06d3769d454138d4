//! A throw-away PostgreSQL that can be killed and started again; it ends when the program does, however that ends.
//!
//! Needs nothing but the programs of PostgreSQL: tests of other crates take this file in by its path.

use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

/// Whether the system is asked to put onto the disk what was committed. The end of a process loses nothing either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syncs {
    /// As where it counts.
    Always,
    /// For stories that are about something else.
    Never,
}

/// A cluster of databases at a port of this machine.
#[derive(Debug)]
pub struct Cluster {
    port: u16,
    programs: PathBuf,
    keeper: Mutex<Keeper>,
}

/// A shell that starts and ends the cluster at a word, as a user who may. The end of its input ends it, and the cluster with it.
#[derive(Debug)]
struct Keeper {
    words: ChildStdin,
    answers: BufReader<ChildStdout>,
    _shell: Child,
}

/// How a cluster is ended in the middle of its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// `pg_ctl stop -m immediate`: all its processes end at once, and the next start recovers from the log.
    Immediate,
    /// SIGKILL of the postmaster: its other processes notice.
    Killed,
}

/// An empty database, by the addresses of its roles.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// The role that serves and owns nothing.
    pub serving: String,
    /// The owner, for migrations alone.
    pub owner: String,
}

const KEEPER: &str = r#"
    home=$(mktemp -d)
    cd "$home"
    end() { "$1/pg_ctl" stop -D "$home/data" -m immediate >/dev/null 2>&1; cd /; rm -rf "$home"; }
    trap 'end "$1"' EXIT
    trap 'exit 1' HUP INT TERM
    begin() {
        for try in 1 2 3 4 5 6 7 8 9 10; do
            # what a killed postmaster left behind needs a moment to notice
            "$1/pg_ctl" start -w -t 60 -D "$home/data" -l "$home/log" -o "$2" >/dev/null 2>&1 && { echo done; return; }
            sleep 0.1
        done
        cat "$home/log" >&2
        echo failed
    }
    options="-p $2 -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 -c fsync=$3 -c recovery_init_sync_method=syncfs"
    "$1/initdb" -D "$home/data" -U sendoff -A trust --no-sync -E UTF8 --locale=C >/dev/null || exit 1
    begin "$1" "$options"
    while read -r word; do
        case "$word" in
            start) begin "$1" "$options" ;;
            immediate) "$1/pg_ctl" stop -w -D "$home/data" -m immediate >/dev/null 2>&1 && echo done || echo failed ;;
            kill) kill -KILL "$(head -n 1 "$home/data/postmaster.pid")" && echo done || echo failed ;;
        esac
    done
"#;

impl Keeper {
    fn hears(&mut self) {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the keeper of PostgreSQL answers");
        assert_eq!(line.trim(), "done", "PostgreSQL does not do as it is told");
    }

    fn is_told(&mut self, word: &str) {
        writeln!(self.words, "{word}").and_then(|()| self.words.flush()).expect("the keeper of PostgreSQL listens");
        self.hears();
    }
}

/// Where the programs of the newest PostgreSQL lie; `None` if there is none.
fn programs() -> Option<PathBuf> {
    let found = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<PathBuf> = found.map(|entry| entry.path().join("bin")).collect();
    found.sort();
    let on_path = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect::<Vec<_>>();
    let whole = |folder: &PathBuf| ["initdb", "pg_ctl", "psql"].iter().all(|name| folder.join(name).exists());
    found.into_iter().rev().chain(on_path).find(whole)
}

/// PostgreSQL refuses to run as root; then it runs as the user that Debian made for it.
fn as_somebody() -> Vec<&'static str> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if root { vec!["runuser", "-u", "postgres", "--"] } else { Vec::new() }
}

impl Cluster {
    pub fn is_installed() -> bool {
        programs().is_some()
    }

    /// `None` where PostgreSQL is not installed.
    ///
    /// # Panics
    /// It does not start.
    pub fn start(syncs: Syncs) -> Option<Self> {
        programs().map(|programs| Self::begin(&programs, syncs))
    }

    fn begin(programs: &Path, syncs: Syncs) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.expect("a port").port();
        let mut words = as_somebody();
        words.extend(["sh", "-c", KEEPER, "sh"]);
        let mut words = words.into_iter();
        let mut shell = Command::new(words.next().expect("a program"))
            .args(words)
            .arg(programs)
            .arg(port.to_string())
            .arg(if syncs == Syncs::Always { "on" } else { "off" })
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("a shell");
        let (words, answers) = (shell.stdin.take().expect("a pipe"), shell.stdout.take().expect("a pipe"));
        let mut keeper = Keeper { words, answers: BufReader::new(answers), _shell: shell };
        keeper.hears();
        let cluster = Self { port, programs: programs.to_owned(), keeper: Mutex::new(keeper) };
        cluster.asks("postgres", "CREATE ROLE serving LOGIN NOSUPERUSER NOBYPASSRLS");
        cluster
    }

    fn asks(&self, database: &str, sql: &str) {
        let address = format!("postgres://sendoff@127.0.0.1:{}/{database}", self.port);
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql]).arg(address).stdin(Stdio::null());
        assert!(psql.status().expect("psql starts").success(), "PostgreSQL refuses: {sql}");
    }

    /// A new, empty database.
    ///
    /// # Panics
    /// PostgreSQL does not answer.
    pub fn database(&self) -> Addresses {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).expect("randomness");
        let name: String = bytes.iter().map(|byte| char::from(b'a' + byte % 26)).collect();
        self.asks("postgres", &format!("CREATE DATABASE {name}"));
        let of = |role: &str| format!("postgres://{role}@127.0.0.1:{}/{name}", self.port);
        Addresses { serving: of("serving"), owner: of("sendoff") }
    }

    /// Ends it, in the middle of whatever it does.
    ///
    /// # Panics
    /// It does not run.
    pub fn ends(&self, how: End) {
        let word = match how {
            End::Immediate => "immediate",
            End::Killed => "kill",
        };
        self.keeper.lock().expect("nobody failed before").is_told(word);
    }

    /// Starts it again after [`Cluster::ends`], and waits until it answers.
    ///
    /// # Panics
    /// It does not start.
    pub fn starts_again(&self) {
        self.keeper.lock().expect("nobody failed before").is_told("start");
    }
}
