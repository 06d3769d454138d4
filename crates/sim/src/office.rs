//! The organisation: who is in it, and its server.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::{Context as _, Result, bail};
use domain::account::{Account, Health, Limits, Profile, SignIn};
use domain::id::{AccountId, OrganisationId, PersonId, PersonaId, PostId};
use domain::network::Network;
use domain::people::PersonaText;
use domain::post::{Content, Draft, Target};
use domain::team::{Personas, Role};
use domain::{Key, Mutation, Record};
use jiff::Timestamp;
use ledger::store::MemoryStore;
use ledger::{Admitted, Ledger};
use uuid::Uuid;
use wire::Fault;
use wire::push::{Answer, Envelope, Push};

pub const ADA: u128 = 1;
pub const BEN: u128 = 2;
/// Speaks as the bakery alone.
pub const CARA: u128 = 3;
/// Speaks as the cafe alone, and has no desk: whatever she sends comes from a program of her own.
pub const EVE: u128 = 4;
/// Was a member.
pub const DAN: u128 = 5;
/// An administrator whose changes come at any moment.
pub const FAY: u128 = 6;
/// An approver without a desk, who comes and goes.
pub const GIL: u128 = 7;
pub const BAKERY: u128 = 11;
pub const CAFE: u128 = 12;

pub fn organisation() -> OrganisationId {
    OrganisationId::new(Uuid::from_u128(9))
}

pub fn person(number: u128) -> PersonId {
    PersonId::new(Uuid::from_u128(number))
}

pub fn persona(number: u128) -> PersonaId {
    PersonaId::new(Uuid::from_u128(number))
}

pub fn post(number: usize) -> PostId {
    PostId::new(Uuid::from_u128(1_000 + number as u128))
}

pub fn account() -> AccountId {
    AccountId::new(Uuid::from_u128(20))
}

/// Microseconds since 1970 at which a story begins.
pub const BEGIN: i64 = 1_796_000_000_000_000;

pub fn draft(words: &[String], speaker: Option<u128>) -> Draft {
    Draft {
        base: Content::text(words.join(" ")),
        persona: speaker.map(persona),
        targets: vec![Target { account: account(), variant: None }],
        ..Draft::default()
    }
}

pub fn words(draft: &Draft) -> Vec<String> {
    let texts = draft.base.parts.iter().map(|part| part.text.as_str());
    texts.flat_map(str::split_whitespace).map(ToOwned::to_owned).collect()
}

#[derive(Debug)]
pub struct Office {
    pub ledger: Ledger,
    pub store: Arc<MemoryStore>,
}

impl Office {
    pub async fn open(seed: u64) -> Result<Self> {
        let store = Arc::new(MemoryStore::default());
        store.clock.store(BEGIN, Ordering::Relaxed);
        store.faults.seed.store(seed | 1, Ordering::Relaxed);
        let office = Self { ledger: Ledger::new(Arc::clone(&store) as Arc<dyn ledger::store::OrgStore>), store };
        let named = |name: &str| name.to_owned();
        let (epoch, at) = (Uuid::from_u128(1), Timestamp::from_microsecond(BEGIN)?);
        office.ledger.found(organisation(), epoch, person(ADA), named("Bakery"), named("Ada"), at).await?;
        let only = |speaker| Personas::Only([persona(speaker)].into());
        let members = [
            (BEN, Role::Approver, Personas::All),
            (CARA, Role::Creator, only(BAKERY)),
            (EVE, Role::Creator, only(CAFE)),
            (DAN, Role::Creator, Personas::All),
            (FAY, Role::Administrator, Personas::All),
            (GIL, Role::Approver, Personas::All),
        ];
        for (number, role, personas) in members {
            if !office.admits(number, role, personas, Uuid::from_u128(4_000 + number)).await? {
                bail!("the office does not open");
            }
        }
        let removed = Mutation::RemoveMember { person: person(DAN) };
        let mut all = vec![removed, Mutation::ConnectAccount { account: Box::new(of_bakery(at)) }];
        for (speaker, name) in [(BAKERY, "Bakery"), (CAFE, "Cafe")] {
            let text = PersonaText { name: named(name), accounts: vec![account()], ..PersonaText::default() };
            all.push(Mutation::AddPersona { persona: persona(speaker), text });
        }
        for (number, mutation) in all.iter().enumerate() {
            let answer = office.directly(ADA, Uuid::from_u128(5_000 + number as u128), mutation).await;
            if !matches!(answer, Ok(Answer::Applied { .. })) {
                bail!("the office does not open: {answer:?}");
            }
        }
        Ok(office)
    }

    /// Ada's invitation was followed.
    pub async fn admits(&self, number: u128, role: Role, personas: Personas, invitation: Uuid) -> Result<bool, Fault> {
        let at = Timestamp::from_microsecond(BEGIN).unwrap_or(Timestamp::UNIX_EPOCH);
        let admitted = Admitted { person: person(number), name: number.to_string(), role, personas };
        let reply = self.ledger.admit(organisation(), person(ADA), invitation, admitted, at).await?;
        Ok(matches!(reply.results.first().map(|outcome| &outcome.answer), Some(Answer::Applied { .. })))
    }

    /// As a program of somebody's own would: a name for each push.
    pub async fn directly(&self, actor: u128, id: Uuid, mutation: &Mutation) -> Result<Answer, Fault> {
        let malformed = |_| Fault::Malformed { n: None, place: String::new() };
        let at = Timestamp::from_microsecond(BEGIN).unwrap_or(Timestamp::UNIX_EPOCH);
        let sealed = Envelope::seal(1, id, at, mutation).map_err(malformed)?;
        let push = Push { client: id, epoch: None, base: None, mutations: vec![sealed] };
        let reply = self.ledger.push(organisation(), person(actor), push).await?;
        Ok(reply.results.into_iter().next().map_or(Answer::RetryLater, |outcome| outcome.answer))
    }

    pub fn now(&self) -> Result<Timestamp> {
        Ok(Timestamp::from_microsecond(self.store.clock.load(Ordering::Relaxed))?)
    }

    /// A record as the server has it.
    pub async fn record(&self, key: Key) -> Result<Option<Record>> {
        let mut tx = self.ledger.store().read(organisation()).await?;
        match tx.rows(&[key]).await?.first() {
            Some(row) => Ok(Some(row.record().context("a row")?)),
            None => Ok(None),
        }
    }
}

fn of_bakery(at: Timestamp) -> Account {
    let profile = Profile {
        remote_id: "did:plc:1".to_owned(),
        handle: "bakery.example".to_owned(),
        display_name: String::new(),
        url: "https://bsky.app/profile/bakery.example".to_owned(),
        limits: Limits::Bluesky,
    };
    Account {
        id: account(),
        network: Network::Bluesky,
        server: "https://bsky.social".to_owned(),
        sign_in: SignIn::AppPassword,
        profile,
        health: Health::Healthy,
        ends_at: None,
        checked_at: at,
        // nothing of these stories is too late
        grace_s: 86_400,
        removed: false,
        sample: false,
        created_at: at,
    }
}
