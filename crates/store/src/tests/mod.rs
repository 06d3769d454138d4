//! What a profile must survive, and the small cast the tests share.

mod damage;
mod disk_full;
mod files;
mod kill;
mod logging;
mod mutate;
mod newer;
mod speed;
mod upgrade;

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use domain::account::{Account, Health, Limits, Profile, SignIn};
use domain::hash::ContentHash;
use domain::id::{AccountId, PersonId, PersonaId, PostId};
use domain::job::{Job, JobPart, Plan};
use domain::network::Network;
use domain::people::{Persona, PersonaText};
use domain::post::{Content, Draft, Post, PostStatus, Target};
use domain::schedule::Schedule;
use domain::{Record, Step};
use jiff::Timestamp;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Commit, Committed, LogEntry, Store};

/// Ada's laptop: a profile in a folder that goes when the test ends.
pub(crate) struct Laptop {
    pub(crate) folder: TempDir,
}

impl Laptop {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("profile")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.dir().join("sendoff.db")
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.dir(), now()).await.unwrap()
    }
}

pub(crate) fn now() -> Timestamp {
    at("2026-11-22T12:00:00Z")
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn ada() -> PersonId {
    PersonId::new(Uuid::from_u128(0xada))
}

pub(crate) fn post_id(n: u128) -> PostId {
    PostId::new(Uuid::from_u128(n))
}

pub(crate) fn account_id(n: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(n))
}

pub(crate) fn persona_id(n: u128) -> PersonaId {
    PersonaId::new(Uuid::from_u128(n))
}

pub(crate) fn post(n: u128, text: &str) -> Post {
    Post {
        id: post_id(n),
        author: ada(),
        draft: Draft { base: Content::text(text), ..Draft::default() },
        schedule: None,
        place: None,
        sign_off: None,
        held: false,
        merge: None,
        review: None,
        status: PostStatus::Draft,
        version: 1,
        deliveries: Vec::new(),
        deleted: false,
        created_at: now(),
        updated_at: now(),
    }
}

/// A post for accounts, with a time.
pub(crate) fn planned(n: u128, text: &str, due: Timestamp, accounts: &[u128]) -> Post {
    let mut post = post(n, text);
    post.draft.targets =
        accounts.iter().map(|account| Target { account: account_id(*account), variant: None }).collect();
    post.schedule = Some(Schedule::at_instant(due, "Europe/Oslo").unwrap());
    post.status = PostStatus::Scheduled;
    post
}

pub(crate) fn job(post: &Post, account: u128, due: Timestamp) -> Job {
    let hash = ContentHash::of_request(post.id.to_string().as_bytes());
    let plan = Plan { due_at: due, grace_s: 1_800, hash, parts: vec![JobPart::new("3lkey".to_owned())] };
    Job::new(post.id, account_id(account), plan)
}

pub(crate) fn account(n: u128) -> Account {
    Account {
        id: account_id(n),
        network: Network::Bluesky,
        server: "https://bsky.social".to_owned(),
        sign_in: SignIn::OAuth,
        profile: Profile {
            remote_id: format!("did:plc:{n:024}"),
            handle: format!("bakery{n}.example"),
            display_name: "Bakery".to_owned(),
            url: format!("https://bsky.app/profile/bakery{n}.example"),
            limits: Limits::Bluesky,
        },
        health: Health::Healthy,
        ends_at: None,
        checked_at: now(),
        grace_s: Account::GRACE_DEFAULT_S,
        removed: false,
        sample: false,
        created_at: now(),
    }
}

pub(crate) fn persona(n: u128, name: &str) -> Persona {
    Persona {
        id: persona_id(n),
        text: PersonaText { name: name.to_owned(), ..PersonaText::default() },
        deleted: false,
        created_at: now(),
        updated_at: now(),
    }
}

pub(crate) fn commit(writes: Vec<Record>) -> Commit {
    let log = LogEntry {
        actor: ada(),
        at: now(),
        name: "test".to_owned(),
        data: serde_json::json!({ "writes": writes.len() }),
        inverse: None,
        undoes: None,
    };
    Commit { writes, log, job_log: Vec::new(), coalesce: false, pending: None }
}

impl Store {
    /// Writes records without a rule.
    pub(crate) async fn put(&self, records: impl IntoIterator<Item = Record>) -> Committed {
        let commit = commit(records.into_iter().collect());
        self.mutate(|_| Step::<Result<_, Infallible>>::Done(Ok(commit.clone()))).await.unwrap().unwrap()
    }

    /// The plan that SQLite makes for a statement.
    pub(crate) async fn plan(&self, statement: sea_orm::Statement) -> String {
        use sea_orm::{ConnectionTrait, Statement};
        let values = statement.values.map(|values| values.0).unwrap_or_default();
        let explain = Statement::from_sql_and_values(
            statement.db_backend,
            format!("EXPLAIN QUERY PLAN {}", statement.sql),
            values,
        );
        let rows = self.readers.query_all_raw(explain).await.unwrap();
        rows.iter().map(|row| row.try_get::<String>("", "detail").unwrap()).collect::<Vec<_>>().join("\n")
    }
}

/// Every file below a folder with its bytes.
pub(crate) fn files_of(dir: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.clone(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// What a power cut would leave of a folder that is in use right now.
pub(crate) fn crash_image(of: &Path, to: &Path) {
    for (path, bytes) in files_of(of) {
        let copy = to.join(path.strip_prefix(of).unwrap());
        std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
        std::fs::write(copy, bytes).unwrap();
    }
}

/// This test program again, running one ignored test that plays another process.
pub(crate) fn another_process(test: &str) -> std::process::Command {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored", "--nocapture", "--test-threads=1"]);
    command
}
