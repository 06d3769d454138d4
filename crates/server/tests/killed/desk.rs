//! A desk is killed: a profile of the organisation with its real exchange, in a process of its own, and now and then its server too.
//!
//! One task of that process writes and tells each change once it is stored; another one exchanges all the time and tells what it is
//! about to send. What was told as stored must arrive, whatever was killed, and nothing goes out under the same number or name with
//! other bytes.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::id::{OrganisationId, PersonId, PostId};
use domain::mutation::Since;
use domain::post::{Content, Draft, Post};
use domain::{Context, Key, Mutation, Record, Step};
use egress::{Egress, Exception, Policy};
use engine::teams::{Device, Remote, Trouble, exchange};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use server::clock::{Clock as _, SystemClock};
use store::{Commit, LogEntry, PendingEntry, Replica, Store};
use tempfile::TempDir;
use uuid::Uuid;
use wire::pull::{Pull, PullReply};
use wire::push::{Push, PushReply};
use wire::quarantine::Quarantine;

use crate::dice::Dice;
use crate::program::Program;
use crate::team::{Team, fresh};
use crate::{number, seed};

/// Kills of a run that says nothing else.
const KILLS: u64 = 60;
/// The kill comes so long after the profile was opened, in milliseconds.
const MOMENT_MS: (u64, u64) = (5, 250);
/// One of so many kills comes before it is opened.
const OF_STARTS: u64 = 8;
/// One of so many times the server is killed too.
const OF_SERVERS: u64 = 5;
/// Posts of a desk; the rest of what it writes are changes of these.
const POSTS: u128 = 40;
const SETTING: &str = "SENDOFF_KILLED_DESK";

/// What the process has to know.
#[derive(Clone, Serialize, Deserialize)]
struct Setting {
    folder: PathBuf,
    origin: String,
    token: String,
    organisation: OrganisationId,
    person: PersonId,
    /// Draws what is written.
    seed: u64,
}

/// A line of the process. A line without its end was cut and says nothing.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "told", rename_all = "snake_case")]
enum Told {
    /// The profile is open; it was taken for a copy of another one, or not.
    Opened { copied: bool },
    /// Stored. The count is in the text of the post.
    Wrote { post: PostId, count: u64 },
    /// On its way from now on.
    Sends { client: Uuid, n: u64, mid: Uuid, hash: String },
}

fn tell(told: &Told) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} .", serde_json::to_string(told).unwrap()).unwrap();
    out.flush().unwrap();
}

/// The server, over HTTP as the desktop asks it; tells what goes out before it does.
struct Wire {
    server: remote::Server,
    access: SecretString,
    organisation: OrganisationId,
    tells: bool,
}

impl Wire {
    fn new(setting: &Setting, tells: bool) -> Self {
        let address: std::net::SocketAddr = setting.origin.strip_prefix("http://").unwrap().parse().unwrap();
        let policy = Policy::new(vec![Exception::host(address.ip(), address.port()).unwrap()]);
        let server = remote::Server::new(Egress::new(policy).unwrap(), setting.origin.clone());
        Self { server, access: setting.token.clone().into(), organisation: setting.organisation, tells }
    }
}

#[async_trait]
impl Remote for Wire {
    async fn push(&self, push: &Push) -> Result<PushReply, Trouble> {
        for sent in push.mutations.iter().filter(|_| self.tells) {
            tell(&Told::Sends { client: push.client, n: sent.n, mid: sent.mid, hash: sent.hash().to_string() });
        }
        Ok(self.server.push(&self.access, self.organisation, push).await?)
    }

    async fn pull(&self, pull: &Pull) -> Result<PullReply, Trouble> {
        Ok(self.server.pull(&self.access, self.organisation, pull).await?)
    }

    async fn quarantine(&self, upload: &Quarantine) -> Result<(), Trouble> {
        Ok(self.server.quarantine(&self.access, self.organisation, upload).await?)
    }
}

/// A profile of the organisation.
struct Desk {
    store: Store,
    setting: Setting,
}

impl Desk {
    /// Opens it as the desktop does, or makes it; whether it was taken for a copy.
    async fn open(setting: Setting) -> (Self, bool) {
        let store = Store::open(&setting.folder.join("profile"), SystemClock.now()).await.unwrap();
        if store.replica().await.unwrap().is_none() {
            let (organisation, client, nonce) = (setting.organisation, fresh(), fresh().to_string());
            let replica = Replica { organisation, client, nonce, last_n: 0, epoch: None, cursor: None };
            store.begin_replica(&replica).await.unwrap();
        }
        let outside = setting.folder.join("replica.json");
        let copied = store.check_replica_nonce(&outside, (fresh(), &fresh().to_string())).await.unwrap();
        (Self { store, setting }, copied)
    }

    async fn post(&self, post: PostId) -> Option<Post> {
        match self.store.record(Key::Post(post)).await.unwrap() {
            Some(Record::Post(post)) => Some(post),
            _ => None,
        }
    }

    async fn does(&self, mutation: &Mutation) {
        let now = SystemClock.now();
        let context = Context::team(self.setting.organisation, self.setting.person, now);
        let mid = fresh();
        let done = self.store.mutate(|set| match domain::apply(&context, set, mutation) {
            Step::Need(keys) => Step::Need(keys),
            Step::Done(Err(reject)) => Step::Done(Err(reject)),
            Step::Done(Ok(writes)) => Step::Done(Ok(Commit {
                log: LogEntry {
                    actor: self.setting.person,
                    at: now,
                    name: mutation.name().to_owned(),
                    data: serde_json::to_value(mutation).unwrap(),
                    inverse: None,
                    undoes: None,
                },
                job_log: Vec::new(),
                coalesce: false,
                pending: Some(PendingEntry {
                    mid,
                    v: wire::MUTATION_VERSION,
                    mutation: mutation.clone(),
                    post: None,
                    made_at: now,
                }),
                writes,
            })),
        });
        done.await.unwrap().unwrap();
    }

    /// Makes a post, or writes the next count into it.
    async fn writes(&self, post: PostId) -> u64 {
        let Some(old) = self.post(post).await else {
            self.does(&Mutation::CreatePost { post, draft: draft(1) }).await;
            return 1;
        };
        let count = count(&old) + 1;
        let since = Some(Box::new(Since { base: old.draft, saves: 1 }));
        self.does(&Mutation::EditDraft { post, read: old.version, draft: draft(count), since }).await;
        count
    }

    async fn exchange(&self, wire: &Wire) -> Result<engine::teams::Exchanged, engine::teams::NotExchanged> {
        let fresh = || Ok(fresh());
        let (organisation, person) = (self.setting.organisation, self.setting.person);
        exchange(&self.store, wire, &Device { organisation, person, now: SystemClock.now(), fresh: &fresh }).await
    }

    /// Every record that the server has told, as it is here.
    async fn records(&self) -> BTreeMap<Key, Option<Record>> {
        let mut records = BTreeMap::new();
        for row in self.store.confirmed().await.unwrap() {
            records.insert(row.key, self.store.record(row.key).await.unwrap());
        }
        records
    }
}

fn draft(count: u64) -> Draft {
    Draft { base: Content::text(format!("{count} loaves of rye")), ..Draft::default() }
}

fn count(post: &Post) -> u64 {
    post.draft.base.parts[0].text.split(' ').next().unwrap().parse().unwrap()
}

/// Not a test of its own: the process that is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by what_a_desk_has_stored_survives_kills_and_arrives_once"]
async fn works_until_it_is_killed() {
    let Ok(setting) = std::env::var(SETTING) else { return };
    let setting: Setting = serde_json::from_str(&setting).unwrap();
    let (mut dice, wire) = (Dice::new(setting.seed), Wire::new(&setting, true));
    let (desk, copied) = Desk::open(setting).await;
    tell(&Told::Opened { copied });
    let desk = Arc::new(desk);
    let exchanging = Arc::clone(&desk);
    tokio::spawn(async move {
        loop {
            if exchanging.exchange(&wire).await.is_err() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    });
    // before the first pull nobody is known here, not even oneself
    while desk.store.record(Key::Member(desk.setting.person)).await.unwrap().is_none() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    // as long as it lives
    loop {
        let own = desk.setting.person.uuid().as_u128() & !0xffff;
        let post = PostId::new(Uuid::from_u128(own | (u128::from(dice.roll()) % POSTS)));
        let count = desk.writes(post).await;
        tell(&Told::Wrote { post, count });
    }
}

fn start(setting: &Setting) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "desk::works_until_it_is_killed", "--ignored", "--nocapture", "--test-threads=1"])
        .env(SETTING, serde_json::to_string(setting).unwrap())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

/// What came from all processes of a desk.
#[derive(Default)]
struct Heard {
    opened: u64,
    wrote: u64,
    newest: BTreeMap<PostId, u64>,
    clients: BTreeMap<Uuid, ()>,
    by_n: BTreeMap<u64, Uuid>,
    by_mid: BTreeMap<Uuid, String>,
    /// Mutations that went out more than once.
    again: u64,
}

impl Heard {
    fn hear(&mut self, line: &str) {
        // the first one comes behind the test runner's own words
        let Some(json) = line.strip_suffix(" .").and_then(|line| line.find('{').and_then(|at| line.get(at..))) else {
            return;
        };
        match serde_json::from_str(json).unwrap() {
            Told::Opened { copied } => {
                assert!(!copied, "a killed desk was taken for a copy");
                self.opened += 1;
            }
            Told::Wrote { post, count } => {
                self.wrote += 1;
                // each count follows from what is stored: one that was lost would be told again
                let before = self.newest.insert(post, count).unwrap_or(0);
                assert!(count > before, "{count} was stored after {before}: a change was lost");
            }
            Told::Sends { client, n, mid, hash } => {
                self.clients.insert(client, ());
                let named = *self.by_n.entry(n).or_insert(mid);
                assert_eq!(named, mid, "number {n} went out for two mutations");
                let bytes = self.by_mid.entry(mid).or_default();
                self.again += u64::from(!bytes.is_empty());
                assert!(bytes.is_empty() || *bytes == hash, "{mid} went out with other bytes");
                *bytes = hash;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_desk_has_stored_survives_kills_and_arrives_once() {
    let (kills, mut dice) = (number("SENDOFF_KILLS").unwrap_or(KILLS), Dice::new(seed()));
    let begun = Instant::now();
    let team = Team::found(&mut dice, None).await;
    let (folder, mut heard, mut servers) = (TempDir::new().unwrap(), Heard::default(), 0_u64);
    let mut program = Program::start(&team);
    program.serves();
    for _ in 0..kills {
        let setting = setting(&team, 0, folder.path(), dice.roll());
        let mut child = start(&setting);
        let (from, to) = MOMENT_MS;
        let moment = Duration::from_millis(dice.between(from, to));
        let early = dice.between(0, OF_STARTS) == 0;
        let (said, opened) = std::sync::mpsc::channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let reader = std::thread::spawn(move || {
            let mut all = Vec::new();
            for line in lines.map_while(Result::ok) {
                if line.contains("\"told\":\"opened\"") {
                    let _ = said.send(());
                }
                all.push(line);
            }
            all
        });
        if !early {
            opened.recv().expect("the desk opens");
        }
        tokio::time::sleep(moment).await;
        if dice.between(0, OF_SERVERS) == 0 {
            program.kill();
            servers += 1;
            program = Program::start(&team);
        }
        assert!(child.try_wait().unwrap().is_none(), "the desk ended by itself");
        child.kill().unwrap();
        child.wait().unwrap();
        for line in reader.join().unwrap() {
            heard.hear(&line);
        }
    }
    program.serves();

    // what is left is sent, and a desk that has nothing yet finds the same
    let (desk, copied) = Desk::open(setting(&team, 0, folder.path(), 0)).await;
    assert!(!copied);
    for (post, acknowledged) in &heard.newest {
        let stored = desk.post(*post).await.map_or(0, |post| count(&post));
        assert!(stored >= *acknowledged, "{acknowledged} was stored, and {stored} is there");
    }
    let before = (desk.store.pending_count().await.unwrap(), desk.records().await.len());
    let wire = Wire::new(&desk.setting, false);
    let exchanged = desk.exchange(&wire).await.unwrap();
    assert!(!exchanged.later && exchanged.mended == 0 && exchanged.taken.refused == 0, "{exchanged:?}");
    assert_eq!(desk.store.pending_count().await.unwrap(), 0);
    assert_eq!(desk.store.attention().await.unwrap(), Vec::new());
    let own = TempDir::new().unwrap();
    let (other, _) = Desk::open(setting(&team, 1, own.path(), 0)).await;
    other.exchange(&Wire::new(&other.setting, false)).await.unwrap();
    let (here, there) = (desk.records().await, other.records().await);
    assert_eq!(here, there);
    for (post, acknowledged) in &heard.newest {
        let Some(Some(Record::Post(post))) = there.get(&Key::Post(*post)) else { panic!("a post did not arrive") };
        assert!(count(post) >= *acknowledged && post.merge.is_none(), "{post:?}");
    }
    assert_eq!(heard.clients.len(), 1, "nothing happened for which it needs another name");
    program.stop();
    let audit = team.audit().await;
    println!(
        "{kills} kills of a desk and {servers} of its server in {:.1} s; {} changes stored, {} sent, {} of them more than once, {} waited at \
         the end, {} lines in the log",
        begun.elapsed().as_secs_f64(),
        heard.wrote,
        heard.by_mid.len(),
        heard.again,
        before.0,
        audit.lines
    );
    assert!(heard.wrote > kills && heard.opened > 0 && heard.again > 0, "the kills met nobody at work");
}

fn setting(team: &Team, person: usize, folder: &Path, seed: u64) -> Setting {
    let signed = &team.people[person];
    Setting {
        folder: folder.to_owned(),
        origin: team.origin.clone(),
        token: team.token(signed),
        organisation: team.organisation,
        person: signed.person,
        seed,
    }
}
