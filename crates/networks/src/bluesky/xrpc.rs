//! Calls to a PDS.

use egress::{Request, Response};
use jiff::Timestamp;
use url::Url;

use super::Bluesky;
use super::stored::Stored;
use crate::credential::Unreadable;
use crate::error::{CallError, Detail};
use crate::oauth::dpop::{self, DpopError};
use crate::server::Server;
use crate::wire::{self, Verdict};

/// Names of errors that mean the tokens and not the request. `ExpiredToken` and `InvalidToken` come with status 400.
/// Source: bluesky-social/atproto packages/pds/src/auth-verifier.ts, read 2026-11.
const TOKEN_ERRORS: [&str; 6] =
    ["ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired", "AuthRequired", "invalid_token"];

/// The address of a method on `server`.
pub(super) fn method(server: &Server, nsid: &str, query: &[(&str, &str)]) -> Result<Url, Unreadable> {
    let mut url = Url::parse(&server.at(&format!("/xrpc/{nsid}"))).map_err(|_| Unreadable)?;
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url)
}

/// A call did not come to an answer.
#[derive(Debug)]
pub(super) enum Failed {
    /// Nothing was looked at by a server: our own side, the connection, or a rejected proof.
    NeverSent(Detail),
    /// The egress policy said no.
    Blocked(Detail),
    /// Something may have arrived.
    Lost(Detail),
    Unreadable,
}

impl From<Unreadable> for Failed {
    fn from(_: Unreadable) -> Self {
        Self::Unreadable
    }
}

impl From<egress::EgressError> for Failed {
    fn from(error: egress::EgressError) -> Self {
        let detail = Detail::from(&error);
        match error {
            error if error.refused_here() => Self::Blocked(detail),
            error if error.never_sent() => Self::NeverSent(detail),
            _ => Self::Lost(detail),
        }
    }
}

impl From<DpopError> for Failed {
    fn from(error: DpopError) -> Self {
        match error {
            DpopError::Egress(error) => error.into(),
            DpopError::NoRandomness => Self::NeverSent(Detail::new("no random numbers", &[])),
        }
    }
}

impl From<Failed> for CallError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::NeverSent(detail) | Failed::Lost(detail) => Self::NoAnswer { detail },
            Failed::Blocked(detail) => Self::Blocked { detail },
            Failed::Unreadable => Self::SignInRefused,
        }
    }
}

impl Bluesky {
    /// Sends a request with the account's access token. `url` is the address the request goes to, for the proof.
    pub(super) async fn send_as(
        &self,
        stored: &Stored,
        (method, url): (&str, &Url),
        request: Request,
        now: Timestamp,
    ) -> Result<Response, Failed> {
        let Some(grant) = &stored.grant else {
            return Ok(self.egress.send(request.bearer(stored.access.expose())).await?);
        };
        let key = grant.proof_key()?;
        let sent = self.nonces.send(&self.egress, &key, (method, url), Some(&stored.access), &request, now);
        let response = sent.await?;
        if dpop::rejected_proof(&response) {
            let detail = wire::detail(&response, &stored.secrets());
            return Err(Failed::NeverSent(detail));
        }
        Ok(response)
    }
}

/// As [`wire::judge`], knowing how a PDS says that tokens are no good.
pub(super) fn judge(response: &Response, now: Timestamp, stored: &Stored) -> Verdict {
    let about_tokens = wire::platform_error(response).is_some_and(|error| {
        TOKEN_ERRORS.contains(&error.code.as_str()) || error.message.starts_with("Missing required scope")
    });
    match response.status {
        400 | 401 | 403 if about_tokens => Verdict::SignInRefused,
        _ => wire::judge(response, now, &stored.secrets()),
    }
}
