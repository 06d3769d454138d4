//! What a Bluesky credential holds.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::credential::{Credential, Secret, Unreadable};
use crate::entropy;
use crate::oauth::dpop::ProofKey;
use crate::server::Server;

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Stored {
    format: Format,
    pub pds: Server,
    pub did: String,
    pub access: Secret,
    pub refresh: Secret,
    pub issued_at: Timestamp,
    /// By our clock.
    pub expires_at: Timestamp,
    /// `None` for an app password.
    pub grant: Option<Grant>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum Format {
    #[serde(rename = "bluesky/1")]
    Bluesky1,
}

/// What a sign-in with the browser needs to be renewed.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    pub token_endpoint: Url,
    pub revocation_endpoint: Option<Url>,
    pub client_id: String,
    pub key: Secret,
    /// When the session as a whole ends.
    pub ends_at: Timestamp,
}

/// A pair of tokens as a server just gave it.
pub(super) struct Tokens {
    pub access: Secret,
    pub refresh: Secret,
    /// Seconds.
    pub lifetime_s: i64,
}

impl Stored {
    pub fn new(pds: Server, did: String, tokens: Tokens, grant: Option<Grant>, now: Timestamp) -> Self {
        let expires_at = domain::job::plus(now, tokens.lifetime_s);
        let (access, refresh) = (tokens.access, tokens.refresh);
        Self { format: Format::Bluesky1, pds, did, access, refresh, issued_at: now, expires_at, grant }
    }

    /// The same sign-in with new tokens.
    pub fn renewed(self, tokens: Tokens, now: Timestamp) -> Self {
        Self::new(self.pds, self.did, tokens, self.grant, now)
    }

    pub fn read(credential: &Credential) -> Result<Self, Unreadable> {
        credential.read()
    }

    pub fn write(&self) -> Result<Credential, Unreadable> {
        Credential::write(self)
    }

    /// What a server's answer must not be repeated with.
    pub fn secrets(&self) -> Vec<&str> {
        let key = self.grant.as_ref().map(|grant| grant.key.expose());
        [self.access.expose(), self.refresh.expose()].into_iter().chain(key).collect()
    }

    pub fn ends_at(&self) -> Option<Timestamp> {
        self.grant.as_ref().map(|grant| grant.ends_at)
    }
}

impl Grant {
    pub fn proof_key(&self) -> Result<ProofKey, Unreadable> {
        ProofKey::from_secret(&self.key).ok_or(Unreadable)
    }
}

/// Seconds from issue to end of a session token, as it says itself. The token is not verified: it is the server's own
/// business, and this only decides when to ask for the next one.
pub(super) fn lifetime_s(token: &Secret) -> Option<i64> {
    #[derive(Deserialize)]
    struct Claims {
        iat: i64,
        exp: i64,
    }
    let payload = token.expose().split('.').nth(1)?;
    let claims: Claims = serde_json::from_slice(&entropy::from_base64url(payload)?).ok()?;
    Some(claims.exp.saturating_sub(claims.iat)).filter(|seconds| *seconds > 0)
}
