//! Writes a frozen record once, and looks whether it is there.

use domain::job::{Lookup, Outcome, Remote};
use egress::Request;
use jiff::Timestamp;
use serde::Deserialize;

use super::Bluesky;
use super::record::COLLECTION;
use super::stored::Stored;
use super::xrpc::{self, Failed};
use crate::error::{CallError, Detail};
use crate::wire::{self, Verdict};

/// The parts of a frozen request that name the record.
#[derive(Deserialize)]
struct Address {
    repo: String,
    collection: String,
    rkey: String,
}

impl Address {
    /// `None` if the request does not belong to this account and key: then something is mixed up, and nothing is sent.
    fn read(request: &str, key: &str, stored: &Stored) -> Option<Self> {
        let address: Self = serde_json::from_str(request).ok()?;
        (address.repo == stored.did && address.collection == COLLECTION && address.rkey == key).then_some(address)
    }

    fn uri(&self) -> String {
        format!("at://{}/{}/{}", self.repo, self.collection, self.rkey)
    }
}

#[derive(Deserialize)]
struct Written {
    uri: String,
    cid: String,
}

const MIXED_UP: &str = "The stored request does not belong to this account.";

impl Bluesky {
    pub(super) async fn put(&self, stored: &Stored, request: &str, key: &str, now: Timestamp) -> Outcome {
        let Some(address) = Address::read(request, key, stored) else {
            return Outcome::Refused { status: 0, detail: MIXED_UP.to_owned() };
        };
        let Ok(url) = xrpc::method(&stored.pds, "com.atproto.repo.putRecord", &[]) else {
            return Outcome::SignInRefused;
        };
        let put = Request::post(&url)
            .body("application/json", request.as_bytes().to_vec())
            .timeout(wire::SEND_TIMEOUT)
            .fresh_connection();
        let response = match self.send_as(stored, ("POST", &url), put, now).await {
            Ok(response) => response,
            Err(Failed::NeverSent(detail) | Failed::Blocked(detail)) => {
                return Outcome::NeverSent { detail: detail.into_string() };
            }
            Err(Failed::Lost(detail)) => return Outcome::Ambiguous { detail: detail.into_string() },
            Err(Failed::Unreadable) => return Outcome::SignInRefused,
        };
        match xrpc::judge(&response, now, stored) {
            Verdict::Success => match response.json::<Written>() {
                Ok(written) if written.uri == address.uri() && !written.cid.is_empty() => {
                    Outcome::Published { remote: self.remote(&address, written.cid) }
                }
                Ok(_) => ambiguous(&Detail::new("the server answered for another record", &[])),
                Err(error) => ambiguous(&Detail::from(&error)),
            },
            // something else is already there under our own key: look at it
            Verdict::Refused { detail, .. }
                if wire::platform_error(&response).is_some_and(|error| error.code == "InvalidSwap") =>
            {
                ambiguous(&detail)
            }
            Verdict::Refused { status, detail } => Outcome::Refused { status, detail: detail.into_string() },
            Verdict::SignInRefused => Outcome::SignInRefused,
            Verdict::RateLimited { until } => Outcome::RateLimited { until },
            Verdict::Unclear { detail } => ambiguous(&detail),
        }
    }

    /// Needs no sign-in, so it works after the tokens have ended.
    pub(super) async fn find_record(&self, stored: &Stored, request: &str, key: &str, now: Timestamp) -> Lookup {
        let Some(address) = Address::read(request, key, stored) else {
            return Lookup::Unknown { detail: MIXED_UP.to_owned() };
        };
        let request = Request::get(stored.pds.at("/xrpc/com.atproto.repo.getRecord"))
            .query("repo", &address.repo)
            .query("collection", &address.collection)
            .query("rkey", &address.rkey);
        let unknown = |detail: Detail| Lookup::Unknown { detail: detail.into_string() };
        let response = match self.egress.send(request).await {
            Ok(response) => response,
            Err(error) => return unknown(Detail::from(&error)),
        };
        let absent = wire::platform_error(&response).is_some_and(|error| error.code == "RecordNotFound");
        match wire::judge(&response, now, &[]) {
            Verdict::Refused { status: 400 | 404, .. } if absent => Lookup::Absent,
            Verdict::Success => match response.json::<Written>() {
                Ok(found) if found.uri == address.uri() && !found.cid.is_empty() => {
                    Lookup::Found { remote: self.remote(&address, found.cid) }
                }
                Ok(_) => unknown(Detail::new("the server answered for another record", &[])),
                Err(error) => unknown(Detail::from(&error)),
            },
            verdict => match verdict.call() {
                Err(CallError::RateLimited { until }) => {
                    unknown(Detail::new(&format!("asked to wait until {until}"), &[]))
                }
                Err(error) => unknown(error.detail().cloned().unwrap_or_default()),
                Ok(()) => Lookup::Absent,
            },
        }
    }

    /// The address in the browser names the DID and not the handle: it stays right when the handle changes.
    fn remote(&self, address: &Address, cid: String) -> Remote {
        let url = self.web_address(&["profile", &address.repo, "post", &address.rkey]);
        Remote { id: address.uri(), url, cid }
    }
}

fn ambiguous(detail: &Detail) -> Outcome {
    Outcome::Ambiguous { detail: detail.as_str().to_owned() }
}
