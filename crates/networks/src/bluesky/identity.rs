//! From a name to the server that keeps the account: handle, DID, PDS (atproto.com/specs/did and handle, read 2026-11).

use egress::{Request, Response};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::Bluesky;
use crate::error::{CallError, ConnectError, Detail};
use crate::server::Server;
use crate::wire::{self, Verdict};
use domain::text::handle::{is_valid_did, normalize_handle};

/// Whom a name means.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub did: String,
    /// The handle that the DID document claims.
    pub handle: Option<String>,
    pub pds: Server,
}

#[derive(Debug, Deserialize)]
struct DidDocument {
    id: String,
    #[serde(default, rename = "alsoKnownAs")]
    also_known_as: Vec<String>,
    #[serde(default)]
    service: Vec<Service>,
}

#[derive(Debug, Deserialize)]
struct Service {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    /// Other services may have other shapes here.
    #[serde(rename = "serviceEndpoint")]
    endpoint: serde_json::Value,
}

impl DidDocument {
    fn handle(&self) -> Option<String> {
        self.also_known_as.iter().find_map(|name| normalize_handle(name.strip_prefix("at://")?))
    }

    fn pds(&self) -> Option<Server> {
        let is_pds = |service: &&Service| {
            service.kind == "AtprotoPersonalDataServer"
                && (service.id == "#atproto_pds" || service.id == format!("{}#atproto_pds", self.id))
        };
        let endpoint = self.service.iter().find(is_pds)?.endpoint.as_str()?;
        Server::of_url(&Url::parse(endpoint).ok()?)
    }
}

impl Bluesky {
    /// The DID behind a handle, as the server `via` sees it; `None` if nobody has that name there.
    pub(super) async fn resolve_handle(
        &self,
        via: &Server,
        handle: &str,
        now: Timestamp,
    ) -> Result<Option<String>, CallError> {
        #[derive(Deserialize)]
        struct Answer {
            did: String,
        }
        let request = Request::get(via.at("/xrpc/com.atproto.identity.resolveHandle")).query("handle", handle);
        let response = self.egress.send(request).await?;
        match wire::judge(&response, now, &[]) {
            Verdict::Refused { status: 400 | 404, .. } => Ok(None),
            verdict => {
                verdict.call()?;
                let answer: Answer = read(&response)?;
                Ok(is_valid_did(&answer.did).then_some(answer.did))
            }
        }
    }

    /// Where a DID's account is kept.
    ///
    /// # Errors
    /// [`CallError::Refused`] if there is no such DID, or its document names no server.
    pub(super) async fn resolve_did(&self, did: &str, now: Timestamp) -> Result<Identity, CallError> {
        let url = self.document_url(did)?;
        let response = self.egress.send(Request::get(url)).await?;
        if matches!(response.status, 404 | 410) {
            return Err(nobody(response.status, did));
        }
        wire::judge(&response, now, &[]).call()?;
        let document: DidDocument = read(&response)?;
        let pds = document.pds().filter(|_| document.id == did).ok_or_else(|| nobody(response.status, did))?;
        Ok(Identity { did: document.id.clone(), handle: document.handle(), pds })
    }

    fn document_url(&self, did: &str) -> Result<String, CallError> {
        if did.starts_with("did:plc:") && is_valid_did(did) {
            return Ok(self.config.plc.at(&format!("/{did}")));
        }
        // a port is written %3A; a path is not allowed here
        let host = did.strip_prefix("did:web:").filter(|host| is_valid_did(did) && !host.contains(':'));
        let server = host.and_then(|host| Server::parse(&host.replace("%3A", ":").replace("%3a", ":")).ok());
        server.map(|server| server.at("/.well-known/did.json")).ok_or_else(|| nobody(0, did))
    }

    /// Finds the account that a person named by handle or DID, and checks both directions: the name must lead to the
    /// DID, and the DID must claim the name.
    pub(super) async fn find(
        &self,
        typed: &str,
        via: Option<&Server>,
        now: Timestamp,
    ) -> Result<Identity, ConnectError> {
        let typed = typed.trim();
        let not_found = || ConnectError::HandleNotFound { handle: typed.trim_start_matches('@').to_owned() };
        if is_valid_did(typed) {
            return self.identity(typed, now).await?.ok_or_else(not_found);
        }
        let handle = normalize_handle(typed).ok_or(ConnectError::BadHandle)?;
        let via = via.unwrap_or(&self.config.default_server);
        let did = self.resolve_handle(via, &handle, now).await.map_err(|error| refused_by(via, error))?;
        let identity = self.identity(&did.ok_or_else(not_found)?, now).await?.ok_or_else(not_found)?;
        if identity.handle.as_deref() == Some(handle.as_str()) { Ok(identity) } else { Err(not_found()) }
    }

    /// As [`Bluesky::resolve_did`], while connecting; `None` if there is no such account.
    pub(super) async fn identity(&self, did: &str, now: Timestamp) -> Result<Option<Identity>, ConnectError> {
        match self.resolve_did(did, now).await {
            Ok(identity) => Ok(Some(identity)),
            Err(CallError::Refused { .. }) => Ok(None),
            Err(error) => Err(refused_by(&self.config.plc, error)),
        }
    }
}

fn nobody(status: u16, did: &str) -> CallError {
    CallError::Refused { status, detail: Detail::new(&format!("{did} names no account"), &[]) }
}

/// The body as the expected shape.
pub(super) fn read<T: DeserializeOwned>(response: &Response) -> Result<T, CallError> {
    response.json().map_err(|error| CallError::NoAnswer { detail: Detail::from(&error) })
}

/// A failed call to `server`, while an account is being connected.
pub(super) fn refused_by(server: &Server, error: CallError) -> ConnectError {
    let server = server.host().to_owned();
    match error {
        CallError::NoAnswer { detail } => ConnectError::Unreachable { server, detail },
        CallError::Blocked { detail } => ConnectError::Blocked { server, detail },
        CallError::RateLimited { until } => ConnectError::RateLimited { until },
        CallError::Refused { detail, .. } => ConnectError::NotThisNetwork { server, network: "Bluesky", detail },
        CallError::SignInRefused => ConnectError::Refused { status: 401, detail: Detail::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_documents_are() {
        let egress = egress::Egress::new(egress::Policy::default()).unwrap();
        let bluesky = Bluesky::new(egress, super::super::BlueskyConfig::default());
        let url = |did: &str| bluesky.document_url(did).ok();
        for (did, expected) in [
            ("did:plc:z72i7hdynmk6r22z27h6tvur", "https://plc.directory/did:plc:z72i7hdynmk6r22z27h6tvur"),
            ("did:web:example.com", "https://example.com/.well-known/did.json"),
            ("did:web:localhost%3A2583", "https://localhost:2583/.well-known/did.json"),
        ] {
            assert_eq!(url(did).as_deref(), Some(expected));
        }
        for did in
            ["did:web:example.com:path", "did:key:zabc", "did:web:", "did:web:a%2Fb.example", "did:plc:../x", "x"]
        {
            assert_eq!(url(did), None, "{did}");
        }
    }

    fn document(json: &str) -> DidDocument {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_document_names_handle_and_server() {
        let document = document(
            r##"{"id":"did:plc:abc","alsoKnownAs":["https://x.example","at://Ada.Test"],"service":[
                {"id":"#other","type":"Other","serviceEndpoint":{"nested":true}},
                {"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.example/"}]}"##,
        );
        assert_eq!(document.handle().as_deref(), Some("ada.test"));
        assert_eq!(document.pds().unwrap().origin(), "https://pds.example");
    }

    #[test]
    fn a_document_without_server() {
        for service in [
            "[]",
            r##"[{"id":"#atproto_pds","type":"Other","serviceEndpoint":"https://pds.example"}]"##,
            r##"[{"id":"did:plc:other#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://a.example"}]"##,
            r##"[{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"ftp://pds.example"}]"##,
            r##"[{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":{}}]"##,
        ] {
            assert!(document(&format!(r#"{{"id":"did:plc:abc","service":{service}}}"#)).pds().is_none(), "{service}");
        }
    }
}
