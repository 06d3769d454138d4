//! Bluesky and every other server of the AT Protocol.

mod authorize;
mod identity;
mod password;
mod people;
mod publish;
mod record;
mod scope;
mod stored;
mod xrpc;

use std::fmt;

use async_trait::async_trait;
use domain::account::{Limits, Profile, SignIn};
use domain::job::{Lookup, Outcome, plus};
use domain::network::Network;
use domain::text::handle::normalize_handle;
use egress::{Egress, Request};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use self::stored::Stored;
use crate::adapter::{Adapter, Callback, Checked, OAuthPending, OAuthStart, Person, PrepareInput, SignedIn};
use crate::credential::Credential;
use crate::error::{CallError, ConnectError, Detail, PrepareError, RefreshError};
use crate::oauth::dpop::Nonces;
use crate::server::Server;

/// What differs between the public network, which is the default, and a test or a company's own one.
#[derive(Debug, Clone)]
pub struct BlueskyConfig {
    /// Address of a published client metadata document. `None` uses the development client of the specification, which
    /// every server accepts with a redirect to `http://127.0.0.1` (atproto.com/specs/oauth "Localhost Client
    /// Development", read 2026-11).
    pub client_id: Option<Url>,
    /// The directory of `did:plc` identities.
    pub plc: Server,
    /// Asked for a name when no server was given.
    pub default_server: Server,
    /// Where people read profiles and posts.
    pub web: Server,
}

impl Default for BlueskyConfig {
    fn default() -> Self {
        Self {
            client_id: None,
            plc: Server::https("plc.directory"),
            default_server: Server::https("bsky.social"),
            web: Server::https("bsky.app"),
        }
    }
}

pub struct Bluesky {
    egress: Egress,
    config: BlueskyConfig,
    nonces: Nonces,
}

impl fmt::Debug for Bluesky {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bluesky").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Bluesky {
    pub fn new(egress: Egress, config: BlueskyConfig) -> Self {
        Self { egress, config, nonces: Nonces::default() }
    }

    /// Completes a sign-in whose tokens are there.
    async fn signed_in(&self, stored: Stored, sign_in: SignIn, now: Timestamp) -> Result<SignedIn, ConnectError> {
        let profile = match self.profile(&stored, now).await {
            Ok(profile) => profile,
            Err(error) => {
                // nobody keeps these tokens: tell the server
                let _ = self.end_session(&stored, now).await;
                return Err(identity::refused_by(&stored.pds, error));
            }
        };
        let credential = stored.write().map_err(|_| ConnectError::Refused { status: 0, detail: Detail::default() })?;
        Ok(SignedIn { server: stored.pds.clone(), sign_in, profile, ends_at: stored.ends_at(), credential })
    }

    /// The account as its own server shows it.
    async fn profile(&self, stored: &Stored, now: Timestamp) -> Result<Profile, CallError> {
        #[derive(Deserialize)]
        struct Answer {
            did: String,
            handle: String,
            #[serde(default)]
            active: Option<bool>,
            #[serde(default)]
            status: Option<String>,
        }
        let url = xrpc::method(&stored.pds, "com.atproto.server.getSession", &[])?;
        let response = self.send_as(stored, ("GET", &url), Request::get(&url), now).await?;
        xrpc::judge(&response, now, stored).call()?;
        let answer: Answer = identity::read(&response)?;
        if answer.did != stored.did {
            return Err(CallError::SignInRefused);
        }
        if answer.active == Some(false) {
            let detail = Detail::new(answer.status.as_deref().unwrap_or("not active"), &[]);
            return Err(CallError::Refused { status: response.status, detail });
        }
        // a handle that stopped resolving is called handle.invalid
        let handle = normalize_handle(&answer.handle).filter(|handle| handle != "handle.invalid");
        let handle = handle.unwrap_or_else(|| stored.did.clone());
        Ok(Profile {
            remote_id: stored.did.clone(),
            url: self.web_address(&["profile", &handle]),
            display_name: self.display_name(stored).await,
            handle,
            limits: Limits::Bluesky,
        })
    }

    /// The name in the account's profile record; empty if there is none or it cannot be read: it is decoration.
    async fn display_name(&self, stored: &Stored) -> String {
        #[derive(Deserialize)]
        struct Answer {
            value: Value,
        }
        #[derive(Deserialize)]
        struct Value {
            #[serde(default, rename = "displayName")]
            display_name: String,
        }
        let request = Request::get(stored.pds.at("/xrpc/com.atproto.repo.getRecord"))
            .query("repo", &stored.did)
            .query("collection", "app.bsky.actor.profile")
            .query("rkey", "self");
        let Ok(response) = self.egress.send(request).await else { return String::new() };
        let answer: Option<Answer> = response.is_success().then(|| response.json().ok()).flatten();
        // 64 graphemes and 640 bytes by the lexicon app.bsky.actor.profile, read 2026-11; a server may lie
        answer.map(|answer| answer.value.display_name.chars().take(640).collect()).unwrap_or_default()
    }

    /// The parts are handles, DIDs and record keys: nothing in them needs escaping.
    fn web_address(&self, path: &[&str]) -> String {
        self.config.web.at(&path.iter().flat_map(|segment| ["/", segment]).collect::<String>())
    }
}

#[async_trait]
impl Adapter for Bluesky {
    fn network(&self) -> Network {
        Network::Bluesky
    }

    async fn sign_in_password(
        &self,
        server: Option<&Server>,
        handle: &str,
        password: &SecretString,
        now: Timestamp,
    ) -> Result<SignedIn, ConnectError> {
        self.password_sign_in(server, handle, password, now).await
    }

    async fn begin_oauth(&self, start: OAuthStart) -> Result<OAuthPending, ConnectError> {
        self.begin(start).await
    }

    async fn finish_oauth(
        &self,
        pending: OAuthPending,
        callback: Callback,
        now: Timestamp,
    ) -> Result<SignedIn, ConnectError> {
        self.finish(pending, callback, now).await
    }

    async fn check(&self, credential: &Credential, now: Timestamp) -> Result<Checked, CallError> {
        let stored = Stored::read(credential)?;
        let profile = self.profile(&stored, now).await?;
        Ok(Checked { profile, ends_at: stored.ends_at() })
    }

    async fn find_people(
        &self,
        credential: &Credential,
        typed: &str,
        now: Timestamp,
    ) -> Result<Vec<Person>, CallError> {
        self.people(&Stored::read(credential)?, typed, now).await
    }

    fn expires_soon(&self, credential: &Credential, now: Timestamp) -> bool {
        // an unreadable credential is found out by the call itself
        Stored::read(credential)
            .is_ok_and(|stored| plus(now, 60) >= stored.expires_at || plus(now, 60) < stored.issued_at)
    }

    async fn refresh(&self, credential: &Credential, now: Timestamp) -> Result<Credential, RefreshError> {
        let stored = Stored::read(credential).map_err(|_| RefreshError::Ended)?;
        let renewed = match &stored.grant {
            None => self.password_refresh(stored, now).await?,
            Some(_) => self.grant_refresh(stored, now).await?,
        };
        renewed.write().map_err(|_| RefreshError::Ended)
    }

    async fn prepare(&self, credential: &Credential, input: PrepareInput<'_>) -> Result<String, PrepareError> {
        self.freeze(&Stored::read(credential)?, input).await
    }

    async fn send(&self, credential: &Credential, request: &str, key: &str, now: Timestamp) -> Outcome {
        match Stored::read(credential) {
            Ok(stored) => self.put(&stored, request, key, now).await,
            Err(_) => Outcome::SignInRefused,
        }
    }

    async fn look_up(
        &self,
        credential: &Credential,
        request: &str,
        key: &str,
        _first_ticket_at: Timestamp,
        now: Timestamp,
    ) -> Lookup {
        match Stored::read(credential) {
            Ok(stored) => self.find_record(&stored, request, key, now).await,
            Err(unreadable) => Lookup::Unknown { detail: unreadable.to_string() },
        }
    }

    async fn sign_out(&self, credential: &Credential, now: Timestamp) -> Result<(), CallError> {
        self.end_session(&Stored::read(credential)?, now).await
    }
}
