//! Proofs of possession (RFC 9449), ES256: a stolen token is useless without the key.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use egress::{Egress, EgressError, Request, Response};
use jiff::Timestamp;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;
use zeroize::Zeroizing;

use crate::credential::Secret;
use crate::entropy::{self, NoRandomness};
use crate::server::Server;
use crate::wire;

/// The private key that a session's tokens are bound to. Never leaves the credential.
#[derive(Clone)]
pub(crate) struct ProofKey(SigningKey);

/// What one proof is about.
pub(crate) struct Claims<'a> {
    pub method: &'a str,
    pub url: &'a Url,
    pub issued_at: Timestamp,
    pub nonce: Option<&'a str>,
    /// Named by a request to a resource, not by one to a token endpoint.
    pub access_token: Option<&'a str>,
}

/// The claims as they are signed (RFC 9449 section 4.2).
#[derive(Serialize)]
struct Payload<'a> {
    jti: &'a str,
    htm: &'a str,
    htu: String,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
}

impl ProofKey {
    pub fn generate() -> Result<Self, NoRandomness> {
        // a random number that is no valid key is rarer than 1 in 2^32
        for _ in 0..4 {
            if let Ok(key) = SigningKey::from_slice(entropy::bytes::<32>()?.as_slice()) {
                return Ok(Self(key));
            }
        }
        Err(NoRandomness)
    }

    pub fn to_secret(&self) -> Secret {
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(self.0.to_bytes().into());
        Secret::new(entropy::base64url(bytes.as_slice()))
    }

    pub fn from_secret(secret: &Secret) -> Option<Self> {
        let bytes = Zeroizing::new(entropy::from_base64url(secret.expose())?);
        SigningKey::from_slice(&bytes).ok().map(Self)
    }

    /// Both coordinates of the public key, base64url.
    fn coordinates(&self) -> (String, String) {
        let point = self.0.verifying_key().to_encoded_point(false);
        let coordinate = |bytes: Option<&p256::FieldBytes>| bytes.map(|b| entropy::base64url(b)).unwrap_or_default();
        (coordinate(point.x()), coordinate(point.y()))
    }

    /// A signed proof for one request.
    pub fn proof(&self, claims: &Claims<'_>) -> Result<String, NoRandomness> {
        let (x, y) = self.coordinates();
        let header = json!({
            "typ": "dpop+jwt",
            "alg": "ES256",
            "jwk": { "kty": "EC", "crv": "P-256", "x": x, "y": y },
        });
        let jti = entropy::text::<16>()?;
        let payload = Payload {
            jti: jti.as_str(),
            htm: claims.method,
            htu: without_query(claims.url),
            iat: claims.issued_at.as_second(),
            nonce: claims.nonce,
            ath: claims.access_token.map(token_hash),
        };
        let payload = json!(payload);
        let part = |value: &serde_json::Value| entropy::base64url(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&header), part(&payload));
        let signature: Signature = self.0.sign(signed.as_bytes());
        Ok(format!("{signed}.{}", entropy::base64url(&signature.to_bytes())))
    }
}

/// `ath`: the hash that ties a proof to a token.
fn token_hash(token: &str) -> String {
    entropy::base64url(&Sha256::digest(token.as_bytes()))
}

/// `htu`: the address without query and fragment.
fn without_query(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// What each server last told: the nonce it wants to see next, and by how many seconds its clock is ahead of ours.
#[derive(Debug, Default)]
pub(crate) struct Nonces(Mutex<BTreeMap<String, Known>>);

#[derive(Debug, Clone, Default)]
struct Known {
    nonce: Option<String>,
    ahead_s: i64,
}

/// Sending failed before or after something left; or no proof could be made.
#[derive(Debug)]
pub(crate) enum DpopError {
    Egress(EgressError),
    NoRandomness,
}

impl From<EgressError> for DpopError {
    fn from(error: EgressError) -> Self {
        Self::Egress(error)
    }
}

impl Nonces {
    /// Clocks that differ by less are left alone: an answer takes its time, and a post is made ready with the time at
    /// which it is due, up to 40 seconds ahead.
    const CLOCK_TOLERANCE_S: i64 = 45;

    /// Sends `request` with a proof. When the server rejects the proof unread, because it wants a nonce (RFC 9449
    /// section 8) or because our clock is wrong, the request is sent once more with what the server told.
    pub async fn send(
        &self,
        egress: &Egress,
        key: &ProofKey,
        (method, url): (&str, &Url),
        token: Option<&Secret>,
        request: &Request,
        now: Timestamp,
    ) -> Result<Response, DpopError> {
        let origin = Server::of_url(url).map(String::from).unwrap_or_default();
        let mut retried = false;
        loop {
            let known = self.known().get(&origin).cloned().unwrap_or_default();
            let claims = Claims {
                method,
                url,
                issued_at: domain::job::plus(now, known.ahead_s),
                nonce: known.nonce.as_deref(),
                access_token: token.map(Secret::expose),
            };
            let proof = key.proof(&claims).map_err(|NoRandomness| DpopError::NoRandomness)?;
            let mut attempt = request.clone().header("dpop", proof);
            if let Some(token) = token {
                attempt = attempt.header("authorization", format!("DPoP {}", token.expose()));
            }
            let response = egress.send(attempt).await?;
            let learned = self.learn(&origin, &response, now);
            if retried || !learned || !rejected_proof(&response) {
                return Ok(response);
            }
            retried = true;
        }
    }

    /// Remembers what an answer tells; true if that was new.
    fn learn(&self, origin: &str, response: &Response, now: Timestamp) -> bool {
        let mut all = self.known();
        let known = all.entry(origin.to_owned()).or_default();
        let mut learned = false;
        if let Some(nonce) = response.header("dpop-nonce")
            && known.nonce.as_deref() != Some(nonce)
        {
            known.nonce = Some(nonce.to_owned());
            learned = true;
        }
        if let Some(ahead_s) = wire::server_ahead_s(response, now) {
            let ahead_s = if ahead_s.abs() < Self::CLOCK_TOLERANCE_S { 0 } else { ahead_s };
            if (known.ahead_s - ahead_s).abs() >= Self::CLOCK_TOLERANCE_S {
                known.ahead_s = ahead_s;
                learned = true;
            }
        }
        learned
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, Known>> {
        // nothing panics while it is held, and every state of it is sound
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the server looked at the proof alone and wants another one: 400 of a token endpoint, 401 of a resource.
pub(crate) fn rejected_proof(response: &Response) -> bool {
    const ERRORS: [&str; 2] = ["use_dpop_nonce", "invalid_dpop_proof"];
    if !matches!(response.status, 400 | 401) {
        return false;
    }
    let challenge = response.header("www-authenticate").unwrap_or_default();
    let named = wire::platform_error(response).is_some_and(|error| ERRORS.contains(&error.code.as_str()));
    named || ERRORS.iter().any(|error| challenge.contains(&format!("error=\"{error}\"")))
}

#[cfg(test)]
mod tests {
    use p256::PublicKey;
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier;
    use serde_json::Value;

    use super::*;
    use crate::testing::vectors;

    /// RFC 7638: the members in this order, without spaces.
    fn thumbprint(jwk: &Value) -> String {
        let member = |name: &str| jwk[name].as_str().unwrap().to_owned();
        let canonical = format!(
            r#"{{"crv":"{}","kty":"{}","x":"{}","y":"{}"}}"#,
            member("crv"),
            member("kty"),
            member("x"),
            member("y")
        );
        entropy::base64url(&Sha256::digest(canonical.as_bytes()))
    }

    fn opened(proof: &str) -> (Value, Value) {
        let [header, payload, signature] = proof.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
        let header_json: Value = serde_json::from_slice(&entropy::from_base64url(header).unwrap()).unwrap();
        let payload_json: Value = serde_json::from_slice(&entropy::from_base64url(payload).unwrap()).unwrap();
        let key = PublicKey::from_jwk_str(&header_json["jwk"].to_string()).unwrap();
        let signature = Signature::from_slice(&entropy::from_base64url(signature).unwrap()).unwrap();
        let signed = format!("{header}.{payload}");
        VerifyingKey::from(key).verify(signed.as_bytes(), &signature).expect("the signature fits");
        (header_json, payload_json)
    }

    #[test]
    fn the_examples_of_the_standard() {
        let Some(vectors) = vectors() else { return };
        let example = &vectors["dpop_rfc9449"];
        let text = |name: &str| example[name].as_str().unwrap();
        assert_eq!(token_hash(text("access_token")), text("ath"));
        let (header, payload) = opened(text("proof"));
        assert_eq!(header["jwk"], example["jwk"]);
        assert_eq!(thumbprint(&header["jwk"]), text("jkt"));
        let url = Url::parse(payload["htu"].as_str().unwrap()).unwrap();
        assert_eq!(without_query(&url), payload["htu"].as_str().unwrap());
    }

    #[test]
    fn our_proof_has_the_shape_of_the_example_and_verifies() {
        let key = ProofKey::generate().unwrap();
        let url = Url::parse("https://pds.example/xrpc/com.atproto.repo.getRecord?repo=a#b").unwrap();
        let claims = Claims {
            method: "GET",
            url: &url,
            issued_at: Timestamp::from_second(1_562_262_616).unwrap(),
            nonce: Some("n-1"),
            access_token: Some("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"),
        };
        let (header, payload) = opened(&key.proof(&claims).unwrap());
        assert_eq!((&header["typ"], &header["alg"]), (&json!("dpop+jwt"), &json!("ES256")));
        assert_eq!(header["jwk"].as_object().unwrap().len(), 4, "the private part stays out");
        assert_eq!(payload["htu"], "https://pds.example/xrpc/com.atproto.repo.getRecord");
        assert_eq!((&payload["htm"], &payload["nonce"]), (&json!("GET"), &json!("n-1")));
        assert_eq!(payload["iat"], 1_562_262_616);
        assert_eq!(payload["ath"], "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
        assert!(payload["jti"].as_str().unwrap().len() >= 20);

        let again = ProofKey::from_secret(&key.to_secret()).unwrap();
        let (second, other) = opened(&again.proof(&claims).unwrap());
        assert_eq!(second["jwk"], header["jwk"], "the key survives its text");
        assert_ne!(other["jti"], payload["jti"]);
    }

    #[test]
    fn what_is_no_key() {
        for text in ["", "AAAA", "not base64!", &entropy::base64url(&[0; 32]), &entropy::base64url(&[255; 32])] {
            assert!(ProofKey::from_secret(&Secret::new(text)).is_none(), "{text}");
        }
    }
}
