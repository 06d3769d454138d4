use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use contract::teams::Sync;
use contract::{ApiError, Origin, Tag};
use domain::id::OrganisationId;
use domain::{Context, Mutation, Record};
use jiff::Timestamp;
use store::PendingEntry;
use tokio::sync::Notify;
use uuid::Uuid;

use super::exchange::{Device, Exchanged, NotExchanged, exchange};
use super::files::Nowhere;
use super::line::Line;
use super::link::Link;
use super::listen::Ear;
use super::presence::Presence;
use crate::engine::{Engine, Shared};
use crate::errors::{internal, storage_io};

/// What makes a profile one of an organisation.
#[derive(Debug)]
pub(crate) struct Team {
    pub organisation: OrganisationId,
    pub link: Arc<Link>,
    /// The profile of this person alone: it keeps settings and vault.
    pub own: Shared,
    sync: RwLock<Sync>,
    /// Something waits to be sent.
    pub wake: Notify,
    pub nowhere: Nowhere,
    /// What is heard of the server.
    pub ear: Ear,
    /// Which post is open here, and who else has it open.
    pub presence: Presence,
    /// Records were exchanged: there may be files to send or to fetch.
    pub exchanged: Notify,
    /// One exchange at a time.
    exchanging: tokio::sync::Mutex<()>,
    over: AtomicBool,
}

impl Team {
    pub(crate) fn new(organisation: OrganisationId, link: Arc<Link>, own: Shared) -> Self {
        let sync = RwLock::new(Sync::Starting);
        let (wake, exchanging, over) = (Notify::new(), tokio::sync::Mutex::default(), AtomicBool::new(false));
        let (ear, presence, exchanged) = (Ear::default(), Presence::default(), Notify::new());
        let nowhere = Nowhere::default();
        Self { organisation, link, own, sync, wake, nowhere, ear, presence, exchanged, exchanging, over }
    }

    /// The profile is taken off this computer: nothing is exchanged any more.
    pub(super) fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
        self.wake.notify_one();
    }

    pub(super) fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    pub(crate) fn sync(&self) -> Sync {
        *self.sync.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn line(&self) -> Line {
        Line { organisation: self.organisation, link: Arc::clone(&self.link) }
    }
}

impl Engine {
    /// Of an organisation, or of the person alone.
    pub(crate) fn context(&self) -> Context {
        match &self.team {
            Some(team) => Context::team(team.organisation, self.person, self.now()),
            None => Context::solo(self.person, self.now()),
        }
    }

    /// Sends what waits and takes what came, and keeps how that ended.
    pub(crate) async fn exchange(&self, team: &Team) -> Result<Exchanged, NotExchanged> {
        let _one_at_a_time = team.exchanging.lock().await;
        let fresh = || self.fresh_id().map_err(|_| store::StoreError::Other { code: None });
        let device = Device { organisation: team.organisation, person: self.person, now: self.now(), fresh: &fresh };
        team.ear.exchange_begins();
        let done = Box::pin(exchange(&self.store, &team.line(), &device)).await;
        self.note(team, &done);
        done
    }

    fn note(&self, team: &Team, done: &Result<Exchanged, NotExchanged>) {
        let before = team.sync();
        let now = self.now();
        let sync = match done {
            Ok(done) if done.server_is_older => Sync::ServerTooOld,
            Ok(done) if !done.later => Sync::UpToDate { at: now },
            Ok(_) | Err(NotExchanged::Later(_)) => match before {
                Sync::Offline { since } => Sync::Offline { since },
                _ => Sync::Offline { since: now },
            },
            Err(NotExchanged::SignInEnded) => Sync::SignedOut,
            Err(NotExchanged::UpgradeRequired) => Sync::TooOld,
            Err(NotExchanged::Revoked) => Sync::Revoked,
            Err(error @ (NotExchanged::NoAgreement | NotExchanged::NoReplica | NotExchanged::Store(_))) => {
                tracing::error!(%error, "an organisation is stuck");
                Sync::Stuck
            }
        };
        *team.sync.write().unwrap_or_else(PoisonError::into_inner) = sync;
        if std::mem::discriminant(&before) != std::mem::discriminant(&sync) {
            self.announce(&[Tag::Team], Origin::Shell);
        }
        let Ok(done) = done else { return };
        team.ear.exchanged(done.head);
        if !matches!(before, Sync::UpToDate { .. }) {
            team.ear.reached();
        }
        team.exchanged.notify_one();
        if !done.taken.touched.is_empty() {
            self.announce(&Tag::ALL, Origin::Shell);
            self.wake.notify_one();
        }
        if done.taken.refused > 0 {
            self.announce(&[Tag::Team], Origin::Shell);
            super::notices::refused(self, done.taken.refused);
        }
    }

    /// In an organisation: what a mutation needs to wait for the server.
    pub(crate) fn waiting(&self) -> Result<Option<Waits>, ApiError> {
        let waits = |_: &Team| Ok(Waits { mid: self.fresh_id()?, made_at: self.now() });
        self.team.as_ref().map(waits).transpose()
    }

    /// Whether the server has taken the change `mid`: asks now. In the own profile it is nobody's to decide.
    pub(crate) async fn is_granted(&self, mid: Option<Uuid>) -> bool {
        let (Some(team), Some(mid)) = (&self.team, mid) else { return true };
        if self.exchange(team).await.is_err() {
            return false;
        }
        self.store.was_taken(mid).await.unwrap_or(false)
    }

    /// The own profile, which keeps what is the person's and not the organisation's.
    pub(crate) fn keeper(&self) -> &Self {
        self.team.as_ref().map_or(self, |team| &team.own)
    }

    pub(crate) fn require_team(&self) -> Result<&Team, ApiError> {
        self.team.as_ref().ok_or_else(|| {
            ApiError::new(contract::Code::BadRequest, "Open an organisation first: this is the profile of you alone.")
        })
    }
}

/// A mutation on its way to the server of a team, before it is decided here.
#[derive(Debug)]
pub(crate) struct Waits {
    pub mid: Uuid,
    made_at: Timestamp,
}

impl Waits {
    pub(crate) fn entry(&self, mutation: &Mutation, writes: &[Record]) -> PendingEntry {
        let post = writes.iter().find_map(|record| match record {
            Record::Post(post) => Some(post.id),
            Record::Job(job) => Some(job.post),
            _ => None,
        });
        let (mutation, v) = (mutation.clone(), wire::MUTATION_VERSION);
        PendingEntry { mid: self.mid, v, mutation, post, made_at: self.made_at }
    }
}

/// The folder of an organisation's profile within the own one.
pub(crate) fn folder(own: &Engine, organisation: OrganisationId) -> PathBuf {
    own.folder.join(super::FOLDER).join(organisation.to_string())
}

/// The file beside the own profile that tells a profile of an organisation from its copies.
pub(super) async fn incarnation(own: &Engine, organisation: OrganisationId) -> Result<PathBuf, ApiError> {
    let mut folder = own.folder.clone().into_os_string();
    folder.push("-replicas");
    let folder = PathBuf::from(folder);
    tokio::fs::create_dir_all(&folder).await.map_err(|error| storage_io(&error))?;
    Ok(folder.join(format!("{organisation}.json")))
}

/// Deletes a folder and everything in it; what is not there is deleted.
pub(super) async fn remove(folder: PathBuf) -> Result<(), ApiError> {
    let removed = tokio::task::spawn_blocking(move || std::fs::remove_dir_all(folder)).await;
    match removed.map_err(|error| internal(&error))? {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(storage_io(&error)),
        _ => Ok(()),
    }
}
