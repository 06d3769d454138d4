//! The server for teams, as a device sees it: sign-in by the system's browser, organisations, devices, and the sync API.
//!
//! Everything goes through the guarded HTTP client ([`egress`]). Nothing is kept here: who calls keeps tokens and keys.

mod files;
mod live;
mod organisations;
mod people;
mod sign_in;
mod sync;

use egress::{Egress, EgressError, Request, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use wire::{ErrorReply, Fault};

pub use live::Live;
pub use organisations::{Invitation, Membership, Offer};
pub use people::{Device, Me};
pub use sign_in::{DeviceKey, PkceVerifier, Session, Tokens};

/// Of an answer that is no page of records.
const ANSWER_MAX: usize = 1024 * 1024;
/// Of a page of records: [`wire::pull::PAGE_BYTES`] of records, one that is larger, and what stands around them.
const PAGE_MAX: usize = 3 * wire::pull::PAGE_BYTES;

/// Why a request was not answered as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It may have arrived, unless it says otherwise.
    #[error("the server cannot be reached: {detail}")]
    Unreachable { detail: String },
    /// The address is not one that this program connects to.
    #[error("this address is not contacted: {detail}")]
    NotAllowed { detail: String },
    #[error("the sign-in has ended")]
    SignedOut,
    /// Seconds to wait.
    #[error("the server is busy")]
    Busy { retry_after_s: Option<u32> },
    /// `sentence` is for people, in the server's words.
    #[error("{sentence}")]
    Refused { status: u16, code: String, sentence: String },
    /// A refusal of the sync API.
    #[error(transparent)]
    Fault(Fault),
    /// What came is not of the protocol: no server of ours, or something between.
    #[error("the answer is not one of a server for teams: {detail}")]
    BadAnswer { detail: String },
}

impl From<EgressError> for Failure {
    fn from(error: EgressError) -> Self {
        let detail = error.to_string();
        if error.refused_here() { Self::NotAllowed { detail } } else { Self::Unreachable { detail } }
    }
}

/// What the server says beside a status that is no success.
#[derive(Deserialize)]
struct Problem {
    code: String,
    #[serde(default)]
    title: String,
}

/// What every answer of the sync API names, in every version of it.
#[derive(Deserialize)]
struct History {
    #[expect(dead_code, reason = "whether it is there is what counts")]
    epoch: Uuid,
}

fn reply<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| match serde_json::from_slice::<History>(body) {
        // a server of ours, and something in its answer that this program does not know
        Ok(_) => Failure::Fault(Fault::UpgradeRequired { min: wire::MUTATION_VERSION.saturating_add(1) }),
        Err(_) => Failure::BadAnswer { detail: error.to_string() },
    })
}

/// One server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Server {
    egress: Egress,
    origin: String,
}

#[derive(Deserialize)]
struct Meta {
    server: String,
    issuer: String,
}

impl Server {
    /// `origin`: scheme, host and port, without a slash at the end.
    pub fn new(egress: Egress, origin: impl Into<String>) -> Self {
        Self { egress, origin: origin.into() }
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Asks whether this is a server for teams, and the one that it says it is.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn check(&self) -> Result<(), Failure> {
        let meta: Meta = self.answer(self.send(Request::get(self.at("/v1/meta"))).await?)?;
        if meta.server != "sendoff" {
            return Err(Failure::BadAnswer { detail: format!("it says that it is \u{201c}{}\u{201d}", meta.server) });
        }
        if meta.issuer != self.origin {
            return Err(Failure::BadAnswer { detail: format!("it calls itself {}", meta.issuer) });
        }
        Ok(())
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Of a server of one's own no redirect is expected, and none is followed.
    async fn send(&self, request: Request) -> Result<Response, Failure> {
        Ok(self.egress.send(request.redirects(0).max_response_bytes(ANSWER_MAX)).await?)
    }

    async fn send_signed(&self, request: Request, access: &SecretString) -> Result<Response, Failure> {
        self.send(request.bearer(access.expose_secret())).await
    }

    /// Reads an answer that is JSON.
    fn answer<T: DeserializeOwned>(&self, response: Response) -> Result<T, Failure> {
        self.succeeded(&response)?;
        serde_json::from_slice(&response.body).map_err(|error| Failure::BadAnswer { detail: error.to_string() })
    }

    /// For an answer without content.
    fn done(&self, response: &Response) -> Result<(), Failure> {
        self.succeeded(response)
    }

    fn succeeded(&self, response: &Response) -> Result<(), Failure> {
        if response.is_success() {
            return Ok(());
        }
        let problem: Option<Problem> = serde_json::from_slice(&response.body).ok();
        tracing::info!(
            status = response.status,
            code = problem.as_ref().map(|p| p.code.as_str()),
            "the server refused"
        );
        let retry_after_s = response.header("retry-after").and_then(|text| text.trim().parse().ok());
        match (response.status, problem) {
            // a page of something between says 401 too, but no code
            (401, Some(_)) => Err(Failure::SignedOut),
            (429 | 503, _) => Err(Failure::Busy { retry_after_s }),
            (status @ 400..500, Some(Problem { code, title })) => {
                Err(Failure::Refused { status, code, sentence: title })
            }
            (500.., _) => Err(Failure::Unreachable { detail: format!("it answered {}", response.status) }),
            (status, _) => Err(Failure::BadAnswer { detail: format!("it answered {status}") }),
        }
    }

    /// Reads an answer of the sync API.
    fn synced<T: DeserializeOwned>(&self, response: Response) -> Result<T, Failure> {
        self.in_sync(&response)?;
        reply(&response.body)
    }

    fn in_sync(&self, response: &Response) -> Result<(), Failure> {
        if response.is_success() {
            return Ok(());
        }
        let fault = serde_json::from_slice::<ErrorReply>(&response.body).ok().map(|reply| reply.fault);
        match fault.filter(|fault| fault.status() == response.status) {
            Some(Fault::Unauthenticated) => Err(Failure::SignedOut),
            Some(Fault::Busy { retry_after_s } | Fault::Unavailable { retry_after_s }) => {
                Err(Failure::Busy { retry_after_s: Some(retry_after_s) })
            }
            Some(fault) => Err(Failure::Fault(fault)),
            // what stands before the ledger answers in the words of the other routes
            None => self.succeeded(response),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::pull::PullReply;

    fn read(body: &str) -> Result<PullReply, Failure> {
        reply(body.as_bytes())
    }

    #[test]
    fn an_answer_of_a_newer_server_asks_for_an_update_and_one_of_something_else_does_not() {
        let known = r#"{"cursor":"","complete":true,"epoch":"0199aaaa-0000-7000-8000-00000000000b","head":0,"last_n":0,
            "results":[],"rows":[],"exits":[],"scope_drop":[],"sums":{}}"#;
        assert!(read(known).is_ok());
        let newer = known.replace(r#""scope_drop":[]"#, r#""scope_drop":[{"galaxy":7}]"#);
        assert_eq!(read(&newer).unwrap_err(), Failure::Fault(Fault::UpgradeRequired { min: 2 }));
        for other in ["<html>Sign in to this hotel</html>", r#"{"status":"ok"}"#, r#"{"epoch":7}"#] {
            assert!(matches!(read(other), Err(Failure::BadAnswer { .. })), "{other}");
        }
    }
}
