//! The servers and organisations of one computer: which there are, which is shown, and their profiles, each in a folder of its own
//! within the own profile.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use contract::teams::TeamSignIn;
use contract::{ApiError, Code};
use domain::id::{AccountId, OrganisationId, PersonId};
use remote::Membership;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{Replica, Store};
use tokio::task::AbortHandle;

use super::link::Link;
use super::sign_in::Pending;
use super::team::{self, Team};
use crate::connect::Flows;
use crate::engine::{Engine, Shared};
use crate::errors::{self, internal, storage};
use crate::host::forget_removed;

/// Settings of the own profile.
const SERVERS: &str = "team_servers";
const TEAMS: &str = "teams";
const SHOWN: &str = "team_shown";
/// Servers that one computer is signed in at.
const SERVERS_MAX: usize = 20;
/// Organisations of one computer.
const TEAMS_MAX: usize = 50;

/// A server, and who signed in there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KnownServer {
    pub server: String,
    /// Names its session in the vault.
    pub sign_in: AccountId,
    pub person: PersonId,
    pub name: String,
    pub email: Option<String>,
}

/// An organisation that has a profile here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KnownTeam {
    pub organisation: OrganisationId,
    pub server: String,
    /// Until its profile says a newer one.
    pub name: String,
}

/// A profile that is open, and what runs for it; what keeps it in step ends by itself ([`Team::end`]).
#[derive(Debug)]
struct Open {
    engine: Shared,
    tasks: Vec<AbortHandle>,
}

/// What this program has of teams.
#[derive(Debug)]
pub(crate) struct Teams {
    own: Shared,
    pub flows: Flows<Pending, TeamSignIn>,
    links: Mutex<BTreeMap<String, Arc<Link>>>,
    open: RwLock<BTreeMap<OrganisationId, Open>>,
    shown: RwLock<Option<OrganisationId>>,
    /// Held while the lists are changed.
    changing: tokio::sync::Mutex<()>,
}

impl Teams {
    pub(crate) fn new(own: Shared) -> Self {
        Self {
            own,
            flows: Flows::default(),
            links: Mutex::default(),
            open: RwLock::default(),
            shown: RwLock::default(),
            changing: tokio::sync::Mutex::default(),
        }
    }

    pub(crate) fn own(&self) -> &Shared {
        &self.own
    }

    async fn kept<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T, ApiError> {
        let value = self.own.store.setting(name).await.map_err(|error| storage(&error))?;
        match value.map(serde_json::from_value) {
            None => Ok(T::default()),
            Some(Ok(value)) => Ok(value),
            // never taken for "none": what is there must not be lost by the next write
            Some(Err(error)) => Err(ApiError::new(
                Code::Storage,
                "The list of your organisations cannot be read. It was written by another version of Sendoff.",
            )
            .with_detail(error.to_string())),
        }
    }

    async fn keep<T: Serialize>(&self, name: &str, value: &T) -> Result<(), ApiError> {
        let value = serde_json::to_value(value).map_err(|error| internal(&error))?;
        self.own.store.put_setting(name, &value).await.map_err(|error| storage(&error))
    }

    pub(crate) async fn servers(&self) -> Result<Vec<KnownServer>, ApiError> {
        self.kept(SERVERS).await
    }

    pub(crate) async fn teams(&self) -> Result<Vec<KnownTeam>, ApiError> {
        self.kept(TEAMS).await
    }

    pub(crate) async fn server(&self, server: &str) -> Result<KnownServer, ApiError> {
        let known = self.servers().await?.into_iter().find(|known| known.server == server);
        known.ok_or_else(|| ApiError::new(Code::SignedOut, "Sign in at this server first."))
    }

    /// The link to a server that somebody has signed in at.
    pub(crate) async fn link(&self, server: &str) -> Result<Arc<Link>, ApiError> {
        let known = self.server(server).await?;
        Ok(self.link_of(&known))
    }

    fn link_of(&self, known: &KnownServer) -> Arc<Link> {
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        let link = links.entry(known.server.clone());
        Arc::clone(link.or_insert_with(|| Link::new(Arc::clone(&self.own), &known.server, known.sign_in)))
    }

    /// Keeps who signed in at a server. A computer is one person's there: the organisations of somebody else are not mixed with
    /// theirs.
    pub(crate) async fn remember(&self, signed_in: KnownServer) -> Result<Arc<Link>, ApiError> {
        let _one = self.changing.lock().await;
        let mut servers = self.servers().await?;
        let at = servers.iter().position(|known| known.server == signed_in.server);
        if at.is_none() && servers.len() >= SERVERS_MAX {
            return Err(ApiError::new(Code::BadRequest, "You are signed in at 20 servers already."));
        }
        let mut signed_in = signed_in;
        if let Some(known) = at.map(|at| servers.remove(at)) {
            let theirs = self.teams().await?.iter().any(|team| team.server == known.server);
            if known.person != signed_in.person && theirs {
                let sentence = format!(
                    "This computer holds organisations of {} at this server. Sign in as that person, or leave those organisations \
                     first.",
                    known.name
                );
                return Err(ApiError::new(Code::Forbidden, sentence));
            }
            signed_in.sign_in = known.sign_in;
        }
        servers.push(signed_in.clone());
        self.keep(SERVERS, &servers).await?;
        Ok(self.link_of(&signed_in))
    }

    /// Forgets a server that has no organisation here any more.
    pub(crate) async fn forget_server(&self, server: &str) -> Result<(), ApiError> {
        let _one = self.changing.lock().await;
        if self.teams().await?.iter().any(|team| team.server == server) {
            return Ok(());
        }
        let mut servers = self.servers().await?;
        servers.retain(|known| known.server != server);
        self.keep(SERVERS, &servers).await?;
        self.links.lock().unwrap_or_else(PoisonError::into_inner).remove(server);
        Ok(())
    }

    /// Opens the profile of an organisation, made first if there is none, and keeps it in the list.
    pub(crate) async fn adopt(&self, known: &KnownServer, membership: &Membership) -> Result<Option<Shared>, ApiError> {
        let _one = self.changing.lock().await;
        let mut teams = self.teams().await?;
        if self.engine(membership.id).is_some() {
            return Ok(None);
        }
        if teams.len() >= TEAMS_MAX {
            return Err(ApiError::new(Code::BadRequest, "This computer holds 50 organisations already."));
        }
        let team =
            KnownTeam { organisation: membership.id, server: known.server.clone(), name: membership.name.clone() };
        // first the profile, then the list: what is in no list is removed at the next start
        let engine = self.open_profile(known, &team).await?;
        if !teams.iter().any(|one| one.organisation == team.organisation) {
            teams.push(team);
            self.keep(TEAMS, &teams).await?;
        }
        Ok(Some(engine))
    }

    /// Opens a profile that is in the list.
    pub(crate) async fn reopen(&self, team: &KnownTeam) -> Result<Shared, ApiError> {
        let known = self.server(&team.server).await?;
        self.open_profile(&known, team).await
    }

    async fn open_profile(&self, known: &KnownServer, team: &KnownTeam) -> Result<Shared, ApiError> {
        let folder = team::folder(&self.own, team.organisation);
        let store = Box::pin(Store::open(&folder, self.own.now())).await.map_err(|error| errors::open(&error))?;
        let replica = store.replica().await.map_err(|error| storage(&error))?;
        match replica {
            Some(replica) if replica.organisation != team.organisation => {
                return Err(ApiError::new(Code::Storage, "This folder holds another organisation."));
            }
            Some(_) => {}
            None => {
                let replica = Replica {
                    organisation: team.organisation,
                    client: self.own.fresh_id()?,
                    nonce: self.own.fresh_id()?.to_string(),
                    last_n: 0,
                    epoch: None,
                    cursor: None,
                };
                store.begin_replica(&replica).await.map_err(|error| storage(&error))?;
            }
        }
        // a copy of this folder, or one from a backup, must not go on under the name that the original uses
        let outside = team::incarnation(&self.own, team.organisation).await?;
        let (client, word) = (self.own.fresh_id()?, self.own.fresh_id()?.to_string());
        store.check_replica_nonce(&outside, (client, &word)).await.map_err(|error| errors::open(&error))?;
        let of = Team::new(team.organisation, self.link_of(known), Arc::clone(&self.own));
        let engine = Engine::of_team(store, folder, known.person, of);
        forget_removed(&engine).await?;
        Ok(Arc::new(engine))
    }

    /// Keeps an open profile, and what runs for it.
    pub(crate) fn opened(&self, organisation: OrganisationId, engine: Shared, tasks: Vec<AbortHandle>) {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = open.insert(organisation, Open { engine, tasks }) {
            before.tasks.iter().for_each(AbortHandle::abort);
        }
    }

    pub(crate) fn engine(&self, organisation: OrganisationId) -> Option<Shared> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.get(&organisation).map(|open| Arc::clone(&open.engine))
    }

    pub(crate) fn engines(&self) -> Vec<Shared> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.values().map(|open| Arc::clone(&open.engine)).collect()
    }

    /// The profile that is shown; `None`: the own one.
    pub(crate) fn shown(&self) -> Option<Shared> {
        let shown = (*self.shown.read().unwrap_or_else(PoisonError::into_inner))?;
        self.engine(shown)
    }

    /// Shows a profile from now on, and at the next start.
    pub(crate) async fn show(&self, organisation: Option<OrganisationId>) -> Result<(), ApiError> {
        if let Some(organisation) = organisation
            && self.engine(organisation).is_none()
        {
            return Err(ApiError::new(Code::NotFound, "There is no such organisation on this computer."));
        }
        self.keep(SHOWN, &organisation).await?;
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = organisation;
        Ok(())
    }

    /// Shows what was shown when the program ended, if it can be.
    pub(crate) async fn show_as_before(&self) {
        if let Ok(Some(organisation)) = self.kept::<Option<OrganisationId>>(SHOWN).await
            && self.engine(organisation).is_some()
        {
            *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Some(organisation);
        }
    }

    /// Takes an organisation off this computer, with everything in its profile.
    pub(crate) async fn drop_team(&self, organisation: OrganisationId) -> Result<(), ApiError> {
        let _one = self.changing.lock().await;
        let mut teams = self.teams().await?;
        teams.retain(|team| team.organisation != organisation);
        self.keep(TEAMS, &teams).await?;
        let shown = *self.shown.read().unwrap_or_else(PoisonError::into_inner);
        if shown == Some(organisation) {
            self.show(None).await?;
        }
        let open = self.open.write().unwrap_or_else(PoisonError::into_inner).remove(&organisation);
        let Some(Open { engine, tasks }) = open else { return Ok(()) };
        tasks.iter().for_each(AbortHandle::abort);
        if let Some(team) = &engine.team {
            team.end();
        }
        let folder = engine.folder.clone();
        drop(engine);
        if let Err(error) = team::remove(folder).await {
            tracing::warn!(error.code = ?error.code, "the profile of an organisation is removed at the next start");
        }
        Ok(())
    }

    /// Removes the folders of organisations that are in no list: what was left when a removal was interrupted.
    pub(crate) async fn sweep(&self) -> Result<(), ApiError> {
        let listed = self.teams().await?;
        let Ok(mut entries) = tokio::fs::read_dir(self.own.folder.join(super::FOLDER)).await else { return Ok(()) };
        while let Ok(Some(entry)) = entries.next_entry().await {
            let name = entry.file_name();
            let organisation = name.to_str().and_then(|name| name.parse::<OrganisationId>().ok());
            // what has another name is not ours
            if organisation.is_some_and(|id| !listed.iter().any(|team| team.organisation == id)) {
                tracing::info!("the profile of an organisation that was left is removed");
                team::remove(entry.path()).await?;
            }
        }
        Ok(())
    }
}
