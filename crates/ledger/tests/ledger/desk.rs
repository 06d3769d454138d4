//! An organisation with named people, on any store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::Mutation;
use domain::id::{OrganisationId, PersonId, PersonaId, PostId};
use domain::mutation::Since;
use domain::people::PersonaText;
use domain::post::{Content, Draft, Part};
use domain::team::{Personas, Role};
use jiff::Timestamp;
use ledger::store::{MemoryStore, OrgStore, SqliteStore};
use ledger::{Admitted, Ledger};
use uuid::Uuid;
use wire::Fault;
use wire::push::{Answer, Base, Envelope, Push, PushReply};

pub const ADA: u128 = 1;
pub const BEN: u128 = 2;
/// Creates for one persona.
pub const CARA: u128 = 3;
pub const BAKERY: u128 = 20;
pub const CAFE: u128 = 21;

static FRESH: AtomicU64 = AtomicU64::new(1);

/// Never the same twice in one run, and never the same in two runs on one database.
pub fn fresh() -> Uuid {
    let run = u128::from(std::process::id()) << 64;
    Uuid::from_u128(0xf00d_0000_0000_0000_0000_0000_0000_0000 | run | u128::from(FRESH.fetch_add(1, Ordering::Relaxed)))
}

pub fn person(number: u128) -> PersonId {
    PersonId::new(Uuid::from_u128(number))
}

pub fn persona(number: u128) -> PersonaId {
    PersonaId::new(Uuid::from_u128(number))
}

pub fn post() -> PostId {
    PostId::new(fresh())
}

pub fn noon() -> Timestamp {
    "2026-11-30T12:00:00Z".parse().unwrap()
}

pub fn draft(text: &str, speaker: Option<u128>) -> Draft {
    let part = Part { text: text.to_owned(), ..Part::default() };
    let base = Content { parts: vec![part], ..Content::default() };
    Draft { persona: speaker.map(persona), base, ..Draft::default() }
}

pub fn create(post: PostId, speaker: Option<u128>) -> Mutation {
    Mutation::CreatePost { post, draft: new_text(speaker) }
}

/// `was` is what stood there.
pub fn edit(post: PostId, read: u32, was: Draft, text: &str, speaker: Option<u128>) -> Mutation {
    let since = Some(Box::new(Since { base: was, saves: 1 }));
    Mutation::EditDraft { post, read, draft: draft(text, speaker), since }
}

/// What a post says when it was just made.
pub fn new_text(speaker: Option<u128>) -> Draft {
    draft("Rye is back.", speaker)
}

/// A database of somebody.
#[derive(Debug, Clone)]
pub struct Laptop {
    pub person: u128,
    pub client: Uuid,
    pub n: u64,
}

impl Laptop {
    pub fn of(person: u128) -> Self {
        Self { person, client: fresh(), n: 0 }
    }

    /// The next mutation, sealed.
    pub fn seal(&mut self, mutation: &Mutation) -> Envelope {
        self.n += 1;
        Envelope::seal(self.n, fresh(), noon(), mutation).unwrap()
    }

    pub fn push(&self, mutations: Vec<Envelope>) -> Push {
        Push { client: self.client, epoch: None, base: None, mutations }
    }
}

pub struct Desk {
    pub ledger: Ledger,
    pub store: Arc<dyn OrgStore>,
    pub org: OrganisationId,
    pub epoch: Uuid,
    /// Ada's, who founded it.
    pub ada: Laptop,
    _folder: Option<tempfile::TempDir>,
}

pub async fn memory() -> Option<Desk> {
    let store = MemoryStore::default();
    store.clock.store(noon().as_microsecond(), Ordering::Relaxed);
    Some(Desk::over(Arc::new(store), None).await)
}

pub async fn sqlite() -> Option<Desk> {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("ledger.db")).await.unwrap();
    Some(Desk::over(Arc::new(store), Some(folder)).await)
}

pub async fn postgres() -> Option<Desk> {
    Some(Desk::over(crate::postgres::store().await?, None).await)
}

impl Desk {
    /// Ada owns it, Ben administers, Cara creates for the bakery.
    pub async fn over(store: Arc<dyn OrgStore>, folder: Option<tempfile::TempDir>) -> Self {
        Self::judged_by(Ledger::new(Arc::clone(&store)), store, folder).await
    }

    pub async fn judged_by(ledger: Ledger, store: Arc<dyn OrgStore>, folder: Option<tempfile::TempDir>) -> Self {
        let (org, epoch) = (OrganisationId::new(fresh()), fresh());
        ledger.found(org, epoch, person(ADA), "Bread and coffee".into(), "Ada".into(), noon()).await.unwrap();
        let mut desk = Self { ledger, store, org, epoch, ada: Laptop::of(ADA), _folder: folder };
        let only = Personas::Only([persona(BAKERY)].into());
        for (number, role, personas) in [(BEN, Role::Administrator, Personas::All), (CARA, Role::Creator, only)] {
            let name = number.to_string();
            desk.admit(Admitted { person: person(number), name, role, personas }).await;
        }
        for speaker in [BAKERY, CAFE] {
            let text = PersonaText { name: speaker.to_string(), ..PersonaText::default() };
            desk.does(&Mutation::AddPersona { persona: persona(speaker), text }).await;
        }
        desk
    }

    /// Somebody accepts an invitation of Ada's.
    pub async fn admit(&self, admitted: Admitted) {
        let reply = self.ledger.admit(self.org, person(ADA), fresh(), admitted, noon()).await.unwrap();
        assert!(matches!(reply.results[0].answer, Answer::Applied { .. }), "{reply:?}");
    }

    /// Ada does something that is done.
    pub async fn does(&mut self, mutation: &Mutation) -> u64 {
        let mut ada = self.ada.clone();
        let answer = self.tries(&mut ada, mutation).await;
        self.ada = ada;
        match answer {
            Answer::Applied { seq } => seq,
            other => panic!("{}: {other:?}", mutation.name()),
        }
    }

    /// What the ledger answers to one mutation.
    pub async fn tries(&self, laptop: &mut Laptop, mutation: &Mutation) -> Answer {
        let sealed = laptop.seal(mutation);
        let mut reply = self.push(laptop, vec![sealed]).await.unwrap();
        assert_eq!(reply.results.len(), 1);
        reply.results.remove(0).answer
    }

    pub async fn push(&self, laptop: &Laptop, mutations: Vec<Envelope>) -> Result<PushReply, Fault> {
        self.ledger.push(self.org, person(laptop.person), laptop.push(mutations)).await
    }

    pub async fn head(&self) -> Base {
        let tx = self.store.read(self.org).await.unwrap();
        Base { seq: tx.head().seq, chain: tx.head().chain }
    }

    /// The chain, the sums, and all of it judged again.
    pub async fn audit(&self) -> u64 {
        let mut tx = self.store.read(self.org).await.unwrap();
        let seen = ledger::audit(tx.as_mut()).await.unwrap();
        let again = ledger::replay(self.org, tx.as_mut(), domain::apply).await.unwrap();
        assert_eq!(seen, again);
        seen.lines
    }
}

/// Each of these on each of the stores.
macro_rules! on_all_stores {
    ($($name:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test] async fn $name() { super::$name($crate::desk::memory().await.unwrap()).await; })+
        }
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $name() { super::$name($crate::desk::sqlite().await.unwrap()).await; })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $name() {
                // said once, where the cluster should have started
                let Some(desk) = $crate::desk::postgres().await else { return };
                super::$name(desk).await;
            })+
        }
    };
}
pub(crate) use on_all_stores;
