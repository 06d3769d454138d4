//! What a desk waits for: the first pull of everything, and the catch-up with own work that waits.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::id::{OrganisationId, PostId};
use domain::post::{Content, Draft};
use domain::{Context, Mutation, Step};
use egress::{Egress, Exception, Policy};
use engine::teams::{Device, Remote, Trouble, exchange};
use secrecy::SecretString;
use server::clock::{Clock as _, SystemClock};
use store::{Commit, LogEntry, PendingEntry, Replica, Store};
use wire::pull::{Pull, PullReply};
use wire::push::{Push, PushReply};
use wire::quarantine::Quarantine;

use crate::crowd::{Desk, Member, Serving, fresh};
use crate::tell;

/// Own changes that wait, and rows that came meanwhile.
const PENDING: usize = 1_000;
const CAME: usize = 10_000;

struct Wire {
    server: remote::Server,
    access: SecretString,
    organisation: OrganisationId,
    /// Microseconds that answers took.
    waited: AtomicUsize,
}

impl Wire {
    async fn timed<T>(&self, answer: impl Future<Output = T>) -> T {
        let begun = Instant::now();
        let answer = answer.await;
        self.waited.fetch_add(begun.elapsed().as_micros() as usize, Ordering::Relaxed);
        answer
    }
}

#[async_trait]
impl Remote for Wire {
    async fn push(&self, push: &Push) -> Result<PushReply, Trouble> {
        Ok(self.timed(self.server.push(&self.access, self.organisation, push)).await?)
    }

    async fn pull(&self, pull: &Pull) -> Result<PullReply, Trouble> {
        Ok(self.timed(self.server.pull(&self.access, self.organisation, pull)).await?)
    }

    async fn quarantine(&self, upload: &Quarantine) -> Result<(), Trouble> {
        Ok(self.server.quarantine(&self.access, self.organisation, upload).await?)
    }
}

pub async fn measures(serving: &Serving, organisation: OrganisationId, who: &Member, writer: &mut Desk, rows: usize) {
    let address: std::net::SocketAddr = serving.origin.strip_prefix("http://").unwrap().parse().unwrap();
    let policy = Policy::new(vec![Exception::host(address.ip(), address.port()).unwrap()]);
    let server = remote::Server::new(Egress::new(policy).unwrap(), serving.origin.clone());
    let wire = Wire { server, access: who.token.clone().into(), organisation, waited: AtomicUsize::new(0) };
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("profile"), SystemClock.now()).await.unwrap();
    let replica =
        Replica { organisation, client: fresh(), nonce: fresh().to_string(), last_n: 0, epoch: None, cursor: None };
    store.begin_replica(&replica).await.unwrap();
    let new = || Ok(fresh());
    let device = || Device { organisation, person: who.person, now: SystemClock.now(), fresh: &new };

    let begun = Instant::now();
    exchange(&store, &wire, &device()).await.unwrap();
    let of = |begun: Instant| {
        (
            begun.elapsed().as_secs_f64() * 1e3,
            Duration::from_micros(wire.waited.swap(0, Ordering::Relaxed) as u64).as_secs_f64() * 1e3,
        )
    };
    let (all, answers) = of(begun);
    tell(
        &format!("a desk takes {rows} posts for the first time"),
        format!("{all:.0} ms"),
        "<= 2000 ms to a screen",
        &format!("{answers:.0} ms of it wait for answers"),
    );

    for n in 0..PENDING {
        let post = PostId::new(fresh());
        let draft = Draft { base: Content::text(format!("{n} loaves of rye")), ..Draft::default() };
        does(&store, organisation, who, Mutation::CreatePost { post, draft }).await;
    }
    let mut came = 0;
    while came < CAME {
        assert!(writer.push(250).await);
        came += 250;
    }
    let begun = Instant::now();
    exchange(&store, &wire, &device()).await.unwrap();
    let (all, answers) = of(begun);
    assert_eq!(store.pending_count().await.unwrap(), 0);
    tell(
        &format!("{CAME} rows come while {PENDING} changes wait"),
        format!("{all:.0} ms"),
        "<= 400 ms",
        &format!("{answers:.0} ms of it wait for answers"),
    );
    store.close().await;
}

async fn does(store: &Store, organisation: OrganisationId, who: &Member, mutation: Mutation) {
    let now = SystemClock.now();
    let context = Context::team(organisation, who.person, now);
    let done = store.mutate(|set| match domain::apply(&context, set, &mutation) {
        Step::Need(keys) => Step::Need(keys),
        Step::Done(Err(reject)) => Step::Done(Err(reject)),
        Step::Done(Ok(writes)) => Step::Done(Ok(Commit {
            log: LogEntry {
                actor: who.person,
                at: now,
                name: mutation.name().to_owned(),
                data: serde_json::to_value(&mutation).unwrap(),
                inverse: None,
                undoes: None,
            },
            job_log: Vec::new(),
            coalesce: false,
            pending: Some(PendingEntry {
                mid: fresh(),
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
