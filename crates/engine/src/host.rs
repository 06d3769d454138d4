//! The program without its window: the own profile, beside it at times the sample profile, and the commands of both.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use contract::program::{Publishing, Settings};
use contract::{ApiError, Code, Command, Event, Origin, Tag};
use domain::id::{AccountId, OrganisationId, PersonId};
use domain::{Key, Mutation, Record};
use serde_json::Value;
use store::Store;
use tokio::sync::{Semaphore, broadcast};
use tokio::task::{AbortHandle, JoinHandle};

use crate::deep_link::{self, DeepLink, Invited, Return};
use crate::dispatch::{Call, Handle};
use crate::engine::{Engine, Shared};
use crate::errors::{self, internal, storage};
use crate::ports::{Notice, NoticeKind, Opens, Place, Ports};
use crate::publisher::sentences::sentences;
use crate::teams::Teams;
use crate::teams::link::signed;
use crate::vault::Vault;
use crate::{connect, publisher, sample, series, settings, teams};

/// Setting: the welcome was gone through.
pub(crate) const WELCOMED: &str = "welcomed";
/// Setting: publishing is paused since.
pub(crate) const PAUSED: &str = "paused_since";
/// Setting: this profile is a sample, wherever it lies.
pub(crate) const SAMPLE: &str = "sample";
/// Setting: who this profile belongs to.
const PERSON: &str = "person";
const EVENTS_KEPT: usize = 1024;
/// How often a process that does not publish looks whether the one that did is gone.
const LOCK_PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);
/// How often a process looks for what others did.
const LOG_PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);
/// How often is looked whether a backup is due.
const BACKUP_PATIENCE: std::time::Duration = std::time::Duration::from_secs(60 * 60);
/// A credential is forgotten when the removal of its account can no longer be undone.
const FORGET_AFTER: std::time::Duration = std::time::Duration::from_secs(20);

/// How a program is started.
#[derive(Debug, Clone)]
pub struct Options {
    pub place: Place,
    /// Publish in this process.
    pub publish: bool,
    pub version: &'static str,
    /// The name of this computer, as its person reads it in the list of their devices.
    pub computer: String,
}

#[derive(Debug)]
struct Inner {
    options: Options,
    ports: Ports,
    own: Shared,
    teams: Teams,
    sample: RwLock<Option<Shared>>,
    events: broadcast::Sender<Event>,
    image_places: Semaphore,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// The running program. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Host(Arc<Inner>);

impl Host {
    /// Opens the own profile and, if asked to, publishes for it.
    ///
    /// # Errors
    /// The profile cannot be opened: the code says why, and nothing was changed.
    pub async fn start(options: Options, ports: Ports) -> Result<Self, ApiError> {
        #[cfg(feature = "failpoints")]
        let ports = {
            crate::stop::where_asked();
            crate::stop::later(&ports)
        };
        let (events, _) = broadcast::channel(EVENTS_KEPT);
        let own = Box::pin(open(&options.place.profile, false, &ports, &events)).await?;
        let configured = ports.networks.configure(&settings::for_networks(&own.settings()));
        configured.map_err(|sentence| ApiError::new(Code::BadRequest, sentence))?;
        let host = Self(Arc::new(Inner {
            options,
            ports,
            own: Arc::clone(&own),
            teams: Teams::new(Arc::clone(&own)),
            sample: RwLock::new(None),
            events,
            image_places: Semaphore::new(2),
            tasks: Mutex::default(),
        }));
        if own.sample {
            // no vault to unlock and nothing to publish
            return Ok(host);
        }
        forget_removed(&own).await?;
        // asking the keyring may take seconds, and a locked one asks a person: the window does not wait for it
        let vault = Arc::clone(&own);
        host.spawn(async move {
            let unlocking = Arc::clone(&vault);
            let done = tokio::task::spawn_blocking(move || unlocking.vault.unlock(None)).await;
            if let Ok(Err(error)) = done {
                tracing::info!(reason = %error, "the vault stays closed");
            }
            vault.announce(&[Tag::Vault], Origin::Shell);
            vault.wake.notify_one();
        });
        host.spawn(watch_log(Arc::clone(&own)));
        host.spawn(back_up(Arc::clone(&own)));
        if host.0.options.publish {
            host.spawn(publish(own));
        }
        Box::pin(host.open_teams()).await;
        Ok(host)
    }

    /// Runs one command by its wire name; the answer is JSON text, which every caller passes on as it is. `caller` is echoed
    /// in the event that tells of the change.
    ///
    /// # Errors
    /// Whatever the command answers; a panic in it becomes [`Code::Internal`].
    pub async fn call(&self, name: &str, body: Value, caller: u64) -> Result<String, ApiError> {
        self.open_call(caller).by_name(name, body).await
    }

    /// Runs one command.
    ///
    /// # Errors
    /// As [`Host::call`].
    pub async fn run<C: Command>(&self, command: C) -> Result<C::Reply, ApiError>
    where
        Call: Handle<C>,
    {
        self.open_call(0).run(command).await
    }

    /// What happens from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.0.events.subscribe()
    }

    /// Takes a link that some program of this computer handed over. What is not of the known forms is ignored.
    pub async fn deep_link(&self, link: &str) {
        match deep_link::parse(link) {
            Some(DeepLink::SignIn(back)) => Box::pin(self.finish_connect(back)).await,
            Some(DeepLink::TeamSignIn(back)) => Box::pin(teams::sign_in::finish(self, back)).await,
            Some(DeepLink::Join(Invited { server, code })) => self.announce(Event::Invited { server, code }),
            Some(DeepLink::OpenPost(post)) => self.announce(Event::OpenPost { post }),
            None => tracing::warn!(length = link.len(), "a link of no known form was ignored"),
        }
    }

    /// Ends publishing and waits for what is being written.
    pub async fn shutdown(&self) {
        let tasks = std::mem::take(&mut *self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            task.abort();
            // aborted is what it should be
            let _ = task.await;
        }
    }

    pub(crate) fn announce(&self, event: Event) {
        // nobody listening is fine
        let _ = self.0.events.send(event);
    }

    pub(crate) fn version(&self) -> &'static str {
        self.0.options.version
    }

    pub(crate) fn documents(&self) -> &Path {
        &self.0.options.place.documents
    }

    pub(crate) fn image_places(&self) -> &Semaphore {
        &self.0.image_places
    }

    fn open_call(&self, caller: u64) -> Call {
        let sample = self.0.sample.read().unwrap_or_else(PoisonError::into_inner).clone();
        let engine = sample.or_else(|| self.0.teams.shown()).unwrap_or_else(|| Arc::clone(&self.0.own));
        Call { host: self.clone(), engine, caller }
    }

    /// Work that ends with the program.
    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) -> AbortHandle {
        let task = tokio::spawn(work);
        let handle = task.abort_handle();
        let mut tasks = self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.retain(|task| !task.is_finished());
        tasks.push(task);
        handle
    }

    pub(crate) fn teams(&self) -> &Teams {
        &self.0.teams
    }

    pub(crate) fn computer(&self) -> &str {
        &self.0.options.computer
    }

    /// Opens the profiles of all organisations. One that cannot be opened keeps none of the others from it.
    async fn open_teams(&self) {
        let listed = match self.teams().teams().await {
            Ok(listed) => listed,
            Err(error) => return tracing::error!(detail = error.detail.as_deref(), "organisations are not opened"),
        };
        if let Err(error) = self.teams().sweep().await {
            tracing::warn!(error.code = ?error.code, "what was left of an organisation is still there");
        }
        for team in listed {
            match self.teams().reopen(&team).await {
                Ok(engine) => self.run_team(team.organisation, engine),
                Err(error) => tracing::error!(
                    organisation = %team.organisation, error.code = ?error.code, detail = error.detail.as_deref(),
                    "the profile of an organisation cannot be opened"
                ),
            }
        }
        self.teams().show_as_before().await;
    }

    /// Does what a profile of an organisation needs to have done.
    fn run_team(&self, organisation: OrganisationId, engine: Shared) {
        self.spawn(teams::keep(self.clone(), Arc::clone(&engine)));
        let mut tasks = vec![self.spawn(watch_log(Arc::clone(&engine))), self.spawn(back_up(Arc::clone(&engine)))];
        if self.0.options.publish {
            tasks.push(self.spawn(publish(Arc::clone(&engine))));
        }
        self.teams().opened(organisation, engine, tasks);
    }

    /// Makes a profile for every organisation that the person belongs to at a server.
    pub(crate) async fn find_teams(&self, server: &str) -> Result<(), ApiError> {
        let known = self.teams().server(server).await?;
        let link = self.teams().link(server).await?;
        let found = signed!(link, |access| link.server.organisations(access));
        for membership in found.map_err(|error| teams::failure(&error))? {
            if let Some(engine) = Box::pin(self.teams().adopt(&known, &membership)).await? {
                self.run_team(membership.id, engine);
            }
        }
        Ok(())
    }

    /// A sign-in at a network belongs to the profile in which it was begun.
    async fn finish_connect(&self, back: Return) {
        let own = &self.0.own;
        let waits = |engine: &Shared| engine.flows.waits_for(&back);
        let engine = self.teams().engines().into_iter().find(waits).unwrap_or_else(|| Arc::clone(own));
        connect::finish(&engine, back).await;
    }

    pub(crate) async fn open_sample(&self) -> Result<(), ApiError> {
        let folder = &self.0.options.place.sample;
        let engine = open(folder, true, &self.0.ports, &self.0.events).await?;
        sample::fill_if_empty(&engine, sample::POSTS).await?;
        // it looks and speaks as the person is used to
        let Settings { theme, language, zone, .. } = self.0.own.settings();
        let own = engine.settings();
        let zone = if zone.is_empty() { own.zone.clone() } else { zone };
        let here = Settings { theme, language, zone, ..own };
        settings::write(&engine.store, &here).await?;
        *engine.settings.write().unwrap_or_else(PoisonError::into_inner) = here;
        *self.0.sample.write().unwrap_or_else(PoisonError::into_inner) = Some(engine);
        Ok(())
    }

    pub(crate) async fn leave_sample(&self, delete: bool) -> Result<(), ApiError> {
        let left = self.0.sample.write().unwrap_or_else(PoisonError::into_inner).take();
        if left.is_none() && self.0.own.sample {
            return Err(ApiError::new(
                Code::SampleOnly,
                "This whole profile is a sample. Start Sendoff without naming it to open your own.",
            ));
        }
        drop(left);
        let folder = self.0.options.place.sample.clone();
        if delete && folder.exists() {
            let removed = tokio::task::spawn_blocking(move || std::fs::remove_dir_all(folder)).await;
            removed.map_err(|error| internal(&error))?.map_err(|error| errors::storage_io(&error))?;
        }
        Ok(())
    }

    /// Forgets the credential of a removed account, unless it was brought back by then.
    pub(crate) fn forget_later(&self, engine: &Shared, account: AccountId) {
        let engine = Arc::clone(engine);
        self.spawn(async move {
            engine.ports.clock.sleep(FORGET_AFTER).await;
            let removed = matches!(
                engine.record(Key::Account(account)).await,
                Ok(Record::Account(account)) if account.removed
            );
            if removed && let Err(error) = engine.store.delete_credential(account).await {
                tracing::warn!(%error, "a credential is forgotten at the next start");
            }
        });
    }
}

/// What the removal of an account left behind when the program ended before its time.
pub(crate) async fn forget_removed(engine: &Engine) -> Result<(), ApiError> {
    let accounts = engine.store.accounts().await.map_err(|error| storage(&error))?;
    for account in accounts.into_iter().filter(|account| account.removed) {
        engine.store.delete_credential(account.id).await.map_err(|error| storage(&error))?;
    }
    Ok(())
}

/// Opens a profile, or makes one in an empty folder.
pub(crate) async fn open(
    folder: &Path,
    sample: bool,
    ports: &Ports,
    events: &broadcast::Sender<Event>,
) -> Result<Shared, ApiError> {
    let store = Store::open(folder, ports.clock.now()).await.map_err(|error| errors::open(&error))?;
    for warning in store.warnings() {
        tracing::warn!(?warning, "the profile lies in a questionable place");
    }
    let vault = Vault::load(folder, Arc::clone(&ports.keyring), Arc::clone(&ports.entropy)).map_err(errors::vault)?;
    let settings: Settings = settings::read(&store).await?;
    let sample = sample || store.setting(SAMPLE).await.map_err(|error| storage(&error))?.is_some();
    pause_if_restored(&store, ports, &settings).await?;
    let paused = store.setting(PAUSED).await.map_err(|error| storage(&error))?;
    let publishing = match paused.map(serde_json::from_value) {
        _ if sample => Publishing::Sample,
        Some(Ok(since)) => Publishing::Paused { since },
        Some(Err(_)) => Publishing::Paused { since: ports.clock.now() },
        None => Publishing::Running,
    };
    let known = store.setting(PERSON).await.map_err(|error| storage(&error))?;
    let known: Option<PersonId> = known.and_then(|value| serde_json::from_value(value).ok());
    let person = known.unwrap_or(PersonId::new(uuid::Uuid::nil()));
    let mut engine = Engine::new(
        store,
        vault,
        ports.clone(),
        PathBuf::from(folder),
        sample,
        person,
        settings,
        publishing,
        events.clone(),
    );
    if known.is_none() {
        engine.person = PersonId::new(engine.fresh_id()?);
        let value = serde_json::to_value(engine.person).map_err(|error| internal(&error))?;
        engine.store.put_setting(PERSON, &value).await.map_err(|error| storage(&error))?;
        engine.mutate(Mutation::NamePerson { person: engine.person, name: String::new() }).await?;
    }
    crate::videos::clear(folder, ports.clock.now());
    Ok(Arc::new(engine))
}

/// A restored database does not know what went out after its backup was made: nothing is published until a person has
/// looked and resumed.
async fn pause_if_restored(store: &Store, ports: &Ports, settings: &Settings) -> Result<(), ApiError> {
    if store.setting(store::RESTORED).await.map_err(|error| storage(&error))?.is_none() {
        return Ok(());
    }
    let since = serde_json::to_value(ports.clock.now()).map_err(|error| internal(&error))?;
    store.put_setting(PAUSED, &since).await.map_err(|error| storage(&error))?;
    store.delete_setting(store::RESTORED).await.map_err(|error| storage(&error))?;
    tracing::warn!("the profile was restored from a backup: publishing pauses");
    let words = sentences(settings.language);
    ports.notifier.show(Notice {
        kind: NoticeKind::Paused,
        title: words.paused.to_owned(),
        body: words.restored.to_owned(),
        opens: Opens::Window,
    });
    Ok(())
}

/// Keeps a copy of the database that is at most a day old.
async fn back_up(engine: Shared) {
    loop {
        match engine.store.backup_when_due(engine.now()).await {
            Ok(Some(_)) => tracing::info!("a backup was made"),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "no backup could be made"),
        }
        engine.ports.clock.sleep(BACKUP_PATIENCE).await;
    }
}

/// Tells of what other processes did to the same profile, such as the command line beside the open window.
async fn watch_log(engine: Shared) {
    loop {
        match engine.store.last_mutation().await {
            Ok(newest) => {
                let seen = engine.last_seen.fetch_max(newest, Ordering::Relaxed);
                // what was there before the start is no news
                if seen != 0 && seen < newest {
                    engine.announce(&Tag::ALL, Origin::Shell);
                    engine.wake.notify_one();
                }
            }
            Err(error) => tracing::warn!(%error, "the log could not be read"),
        }
        engine.ports.clock.sleep(LOG_PATIENCE).await;
    }
}

/// Publishes as soon as no other process does: the lock is the system's and ends with the process, however it ends.
async fn publish(engine: Shared) {
    let path = engine.folder.join("publisher.lock");
    let Ok(file) = crate::files::private(&path) else {
        tracing::error!("the publisher's lock file cannot be made: nothing is published");
        return;
    };
    let mut lock = fd_lock::RwLock::new(file);
    let before = engine.publishing();
    loop {
        match lock.try_write() {
            Ok(_held) => {
                if engine.publishing() == Publishing::Elsewhere {
                    engine.set_publishing(before, Origin::Scheduler);
                }
                futures::join!(publisher::run(Arc::clone(&engine)), series::keep(Arc::clone(&engine)));
                return;
            }
            Err(_) => engine.set_publishing(Publishing::Elsewhere, Origin::Scheduler),
        }
        engine.ports.clock.sleep(LOCK_PATIENCE).await;
    }
}

/// What can be done about a profile that does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    /// Brings the newest good backup back; the damaged files are set aside.
    RestoreBackup,
    /// Sets the damaged files aside and begins with an empty profile.
    BeginAnew,
}

/// Repairs the own profile. Deletes nothing.
///
/// # Errors
/// There is no good backup, another process holds the profile, or the disk fails.
pub async fn repair(place: &Place, ports: &Ports, how: Repair) -> Result<(), ApiError> {
    let now = ports.clock.now();
    let done = match how {
        Repair::RestoreBackup => Store::restore_backup(&place.profile, now).await.map(|_| ()),
        Repair::BeginAnew => match Store::set_aside(&place.profile, now) {
            Ok(_) | Err(store::OpenError::Missing) => Store::create_anew(&place.profile, now).await.map(drop),
            Err(error) => Err(error),
        },
    };
    done.map_err(|error| match error {
        store::OpenError::NoBackup => ApiError::new(Code::NotFound, "There is no backup that can be read."),
        other => errors::open(&other),
    })
}
