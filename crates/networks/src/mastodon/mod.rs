//! Mastodon and every other server that speaks its API.

mod authorize;
mod html;
mod instance;
mod lookup;
mod media;
mod people;
mod status;
mod stored;

use std::fmt;

use async_trait::async_trait;
use domain::account::{Limits, Profile};
use domain::job::{Lookup, Outcome, plus};
use domain::network::Network;
use egress::{Egress, Request, Response};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use self::media::escaped;
use self::stored::Stored;
use crate::adapter::{Adapter, Callback, Checked, OAuthPending, OAuthStart, Person, PrepareInput, SignedIn};
use crate::credential::Credential;
use crate::error::{CallError, ConnectError, Detail, PrepareError, RefreshError};
use crate::server::Server;
use crate::wire;

/// The name under which this program registers; servers show it below posts, and posts are recognised by it.
const APP_NAME: &str = "Sendoff";
const APP_WEBSITE: &str = "https://github.com/sendoff/sendoff";

pub struct Mastodon {
    egress: Egress,
}

impl fmt::Debug for Mastodon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mastodon").finish_non_exhaustive()
    }
}

impl Mastodon {
    pub fn new(egress: Egress) -> Self {
        Self { egress }
    }

    /// Whose token it is, and what the server allows.
    async fn profile(&self, stored: &Stored, now: Timestamp) -> Result<Profile, CallError> {
        #[derive(Deserialize)]
        struct Account {
            id: String,
            username: String,
            #[serde(default)]
            display_name: String,
            #[serde(default)]
            url: Option<String>,
        }
        let request = Request::get(stored.server.at("/api/v1/accounts/verify_credentials"));
        let response = self.egress.send(request.bearer(stored.token.expose())).await?;
        wire::judge(&response, now, &stored.secrets()).call()?;
        let account: Account = read(&response)?;
        let other = !stored.account_id.is_empty() && account.id != stored.account_id;
        if other || account.id.is_empty() || account.username.is_empty() {
            return Err(CallError::SignInRefused);
        }
        let told = account.url.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        let url = told.unwrap_or_else(|| stored.server.at(&format!("/@{}", escaped(&account.username))));
        let limits = Limits::Mastodon(self.limits(&stored.server, now).await?);
        // a server may lie about lengths too
        let display_name = account.display_name.chars().take(640).collect();
        Ok(Profile { remote_id: account.id, handle: account.username, display_name, url, limits })
    }
}

/// The body as the expected shape.
fn read<T: DeserializeOwned>(response: &Response) -> Result<T, CallError> {
    response.json().map_err(|error| CallError::NoAnswer { detail: Detail::from(&error) })
}

#[async_trait]
impl Adapter for Mastodon {
    fn network(&self) -> Network {
        Network::Mastodon
    }

    async fn sign_in_password(
        &self,
        _server: Option<&Server>,
        _handle: &str,
        _password: &SecretString,
        _now: Timestamp,
    ) -> Result<SignedIn, ConnectError> {
        Err(ConnectError::NotOffered)
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
        Stored::read(credential).is_ok_and(|stored| {
            stored.refresh.is_some() && stored.expires_at.is_some_and(|expires_at| plus(now, 60) >= expires_at)
        })
    }

    async fn refresh(&self, credential: &Credential, now: Timestamp) -> Result<Credential, RefreshError> {
        let stored = Stored::read(credential).map_err(|_| RefreshError::Ended)?;
        self.renew(stored, now).await?.write().map_err(|_| RefreshError::Ended)
    }

    async fn prepare(&self, credential: &Credential, input: PrepareInput<'_>) -> Result<String, PrepareError> {
        self.freeze(&Stored::read(credential)?, input).await
    }

    async fn send(&self, credential: &Credential, request: &str, key: &str, now: Timestamp) -> Outcome {
        match Stored::read(credential) {
            Ok(stored) => self.post(&stored, request, key, now).await,
            Err(_) => Outcome::SignInRefused,
        }
    }

    async fn look_up(
        &self,
        credential: &Credential,
        request: &str,
        _key: &str,
        first_ticket_at: Timestamp,
        now: Timestamp,
    ) -> Lookup {
        match Stored::read(credential) {
            Ok(stored) => self.find_status(&stored, request, first_ticket_at, now).await,
            Err(unreadable) => Lookup::Unknown { detail: unreadable.to_string() },
        }
    }

    async fn sign_out(&self, credential: &Credential, now: Timestamp) -> Result<(), CallError> {
        self.revoke(&Stored::read(credential)?, now).await
    }
}
