//! Signing in with an app password, and keeping such a session alive.

use domain::account::SignIn;
use egress::Request;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::Bluesky;
use super::identity::{self, refused_by};
use super::stored::{self, Stored, Tokens};
use crate::adapter::SignedIn;
use crate::credential::Secret;
use crate::error::{ConnectError, Detail, RefreshError};
use crate::server::Server;
use crate::wire::{self, Verdict};

/// If a token does not tell. Source: bluesky-social/atproto packages/pds/src/account-manager/helpers/auth.ts (access
/// tokens live two hours), read 2026-11; a shorter guess only means an earlier refresh.
const USUAL_LIFETIME_S: i64 = 15 * 60;

#[derive(Deserialize)]
struct Session {
    #[serde(rename = "accessJwt")]
    access: Secret,
    #[serde(rename = "refreshJwt")]
    refresh: Secret,
    did: String,
    #[serde(default)]
    active: Option<bool>,
    #[serde(default)]
    status: Option<String>,
}

impl Session {
    fn tokens(self) -> Tokens {
        let lifetime_s = stored::lifetime_s(&self.access).unwrap_or(USUAL_LIFETIME_S);
        Tokens { access: self.access, refresh: self.refresh, lifetime_s }
    }
}

impl Bluesky {
    pub(super) async fn password_sign_in(
        &self,
        server: Option<&Server>,
        name: &str,
        password: &SecretString,
        now: Timestamp,
    ) -> Result<SignedIn, ConnectError> {
        let name = name.trim().trim_start_matches('@');
        // an e-mail address is a name too, for the server that knows it
        let server = match server {
            Some(server) => server.clone(),
            None if name.contains('@') => self.config.default_server.clone(),
            None => self.find(name, None, now).await?.pds,
        };
        let session = self.create_session(&server, name, password, now).await?;
        if session.active == Some(false) {
            let detail = Detail::new(session.status.as_deref().unwrap_or_default(), &[]);
            return Err(ConnectError::AccountNotActive { detail });
        }
        // the server that was typed need not be the one that keeps the account
        let identity = self.identity(&session.did, now).await?;
        let identity = identity.ok_or_else(|| ConnectError::HandleNotFound { handle: name.to_owned() })?;
        let did = session.did.clone();
        let stored = Stored::new(identity.pds, did, session.tokens(), None, now);
        self.signed_in(stored, SignIn::AppPassword, now).await
    }

    async fn create_session(
        &self,
        server: &Server,
        name: &str,
        password: &SecretString,
        now: Timestamp,
    ) -> Result<Session, ConnectError> {
        let password = password.expose_secret();
        let request = Request::post(server.at("/xrpc/com.atproto.server.createSession"))
            .json(&json!({ "identifier": name, "password": password }));
        let response = self.egress.send(request).await.map_err(|error| refused_by(server, error.into()))?;
        let code = wire::platform_error(&response).map(|error| error.code).unwrap_or_default();
        let detail = || wire::detail(&response, &[password]);
        match wire::judge(&response, now, &[password]) {
            Verdict::Success => identity::read(&response).map_err(|_| not_bluesky(server, detail())),
            Verdict::RateLimited { until } => Err(ConnectError::RateLimited { until }),
            Verdict::SignInRefused if code == "AuthFactorTokenRequired" => Err(ConnectError::SecondStepNeeded),
            Verdict::SignInRefused if code == "AccountTakedown" => {
                Err(ConnectError::AccountNotActive { detail: detail() })
            }
            Verdict::SignInRefused => Err(ConnectError::WrongPassword),
            Verdict::Refused { status: 404, detail } => Err(not_bluesky(server, detail)),
            Verdict::Refused { status, detail } => Err(ConnectError::Refused { status, detail }),
            Verdict::Unclear { detail } if response.status < 500 => Err(not_bluesky(server, detail)),
            Verdict::Unclear { detail } => Err(ConnectError::Unreachable { server: server.host().to_owned(), detail }),
        }
    }

    /// A new pair of tokens for an app password session. The old refresh token is dead afterwards; a PDS grants a
    /// short grace for the same one (source: packages/pds/src/account-manager/account-manager.ts, read 2026-11).
    pub(super) async fn password_refresh(&self, stored: Stored, now: Timestamp) -> Result<Stored, RefreshError> {
        let request = Request::post(stored.pds.at("/xrpc/com.atproto.server.refreshSession"))
            .timeout(wire::SEND_TIMEOUT)
            .fresh_connection();
        let sent = self.egress.send(request.bearer(stored.refresh.expose())).await;
        let response = sent.map_err(|error| RefreshError::Temporary { detail: Detail::from(&error) })?;
        match super::xrpc::judge(&response, now, &stored) {
            Verdict::Success => match identity::read::<Session>(&response) {
                Ok(session) if session.did == stored.did => Ok(stored.renewed(session.tokens(), now)),
                Ok(_) | Err(_) => {
                    Err(RefreshError::Temporary { detail: Detail::new("an answer of another shape", &[]) })
                }
            },
            Verdict::SignInRefused => Err(RefreshError::Ended),
            Verdict::RateLimited { until } => Err(RefreshError::RateLimited { until }),
            Verdict::Refused { detail, .. } | Verdict::Unclear { detail } => Err(RefreshError::Temporary { detail }),
        }
    }
}

pub(super) fn not_bluesky(server: &Server, detail: Detail) -> ConnectError {
    ConnectError::NotThisNetwork { server: server.host().to_owned(), network: "Bluesky", detail }
}
