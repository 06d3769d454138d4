//! What both networks' browser sign-ins share.

pub(crate) mod dpop;
pub(crate) mod metadata;
pub(crate) mod pkce;

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::Deserialize;

use crate::adapter::{Callback, OAuthPending};
use crate::credential::Secret;
use crate::error::{ConnectError, Detail};

/// How long a person may take in the browser.
pub(crate) const FLOW_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// The answer of a token endpoint (RFC 6749 section 5.1).
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    pub access_token: Secret,
    #[serde(default)]
    pub token_type: String,
    #[serde(default)]
    pub refresh_token: Option<Secret>,
    #[serde(default)]
    pub scope: Option<String>,
    /// Seconds.
    #[serde(default)]
    pub expires_in: Option<i64>,
    /// The account's DID on Bluesky.
    #[serde(default)]
    pub sub: Option<String>,
}

/// Takes the code out of a callback, after everything that can be checked without the network was checked.
///
/// # Errors
/// The flow is over, or the callback is not an answer to it, or says no.
pub(crate) fn accept(pending: &OAuthPending, callback: Callback, now: Timestamp) -> Result<SecretString, ConnectError> {
    if callback.state != pending.state {
        return Err(ConnectError::NotOurAnswer { reason: "state" });
    }
    if now >= pending.expires_at {
        return Err(ConnectError::TookTooLong);
    }
    // mix-up defence (RFC 9207): the answer must come from the server that was asked
    match &callback.iss {
        Some(iss) if *iss != pending.issuer => return Err(ConnectError::NotOurAnswer { reason: "iss" }),
        None if pending.iss_required => return Err(ConnectError::NotOurAnswer { reason: "iss" }),
        Some(_) | None => {}
    }
    match (callback.error.as_deref(), callback.code) {
        (Some("access_denied"), _) => Err(ConnectError::Declined),
        (Some(error), _) => Err(ConnectError::Refused { status: 0, detail: Detail::new(error, &[]) }),
        (None, Some(code)) => Ok(code),
        (None, None) => Err(ConnectError::NotOurAnswer { reason: "code" }),
    }
}

/// The scopes of `wanted` that `granted` does not hold, separated by spaces; empty if all are there.
pub(crate) fn missing_scopes(wanted: &str, granted: impl Fn(&str) -> bool) -> String {
    let missing: Vec<&str> = wanted.split_ascii_whitespace().filter(|scope| !granted(scope)).collect();
    missing.join(" ")
}
