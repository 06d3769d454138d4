//! Access tokens: JWT (RFC 9068) with HS256, made and read by this server alone.
//!
//! One algorithm exists in this process, the keys are those of the key file, and a header with anything but type, algorithm
//! and key name is refused, so nothing in a token decides how it is checked.

use std::sync::Once;

use domain::id::PersonId;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result as JwtResult};
use jsonwebtoken::signature::{self, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey, Header, Validation};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::clock::Clock;
use crate::id::{self, DeviceId, SessionId};
use crate::keys::{Keys, Use};
use crate::policy::Signed;
use crate::random::NoRandomness;

/// How long an access token is good for, in seconds.
pub const LIFETIME: i64 = 10 * 60;
/// By how much clocks of two servers may differ, in seconds.
const LEEWAY: i64 = 30;
const TYPE: &str = "at+jwt";
const LONGEST: usize = 2048;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    device: Uuid,
    jti: Uuid,
    iat: i64,
    exp: i64,
}

struct Verifying {
    name: String,
    key: DecodingKey,
}

/// Makes and reads the access tokens of one server.
pub struct AccessTokens {
    issuer: String,
    name: String,
    sign: EncodingKey,
    verify: Vec<Verifying>,
}

impl std::fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessTokens").field("issuer", &self.issuer).field("key", &self.name).finish_non_exhaustive()
    }
}

/// Why no token was made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    #[error("the token library failed: {0}")]
    Library(#[from] jsonwebtoken::errors::Error),
}

impl AccessTokens {
    /// # Errors
    /// The library does not take the keys.
    pub fn new(keys: &Keys, issuer: String) -> Result<Self, TokenError> {
        static PROVIDER: Once = Once::new();
        // an error means that it is there already
        PROVIDER.call_once(|| {
            let _ = ONLY_HS256.install_default();
        });
        let (name, key) = keys.current(Use::AccessToken);
        let verify = keys
            .all(Use::AccessToken)
            .map(|(name, key)| Ok(Verifying { name: name.to_owned(), key: DecodingKey::from_secret(key.as_slice())? }));
        Ok(Self {
            issuer,
            name: name.to_owned(),
            sign: EncodingKey::from_secret(key.as_slice())?,
            verify: verify.collect::<JwtResult<_>>()?,
        })
    }

    /// # Errors
    /// The system has no randomness, or the library fails.
    pub fn make(&self, signed: &Signed, clock: &dyn Clock) -> Result<SecretString, TokenError> {
        let now = clock.now().as_second();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            sub: signed.person.uuid(),
            sid: signed.session.uuid(),
            device: signed.device.uuid(),
            jti: id::fresh(clock)?,
            iat: now,
            exp: now.saturating_add(LIFETIME),
        };
        Ok(jsonwebtoken::encode(&self.header(&self.name), &claims, &self.sign)?.into())
    }

    /// What a token says, if this server made it for itself and it has not expired. Whether its session still lives is for
    /// the database to say.
    pub fn read(&self, token: &str, clock: &dyn Clock) -> Option<Signed> {
        if token.len() > LONGEST {
            return None;
        }
        let header = jsonwebtoken::decode_header(token).ok()?;
        let key = self.verify.iter().find(|key| Some(&key.name) == header.kid.as_ref())?;
        // nothing beside these three: no jku, jwk, x5u, crit
        if header != self.header(&key.name) {
            return None;
        }
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[&self.issuer]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // below, by the server's own clock
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.key, &validation).ok()?.claims;
        let now = clock.now().as_second();
        let (made, ends) = (claims.iat, claims.exp);
        let in_time = made <= now.saturating_add(LEEWAY) && now < ends.saturating_add(LEEWAY);
        if !in_time || ends.saturating_sub(made) > LIFETIME {
            return None;
        }
        Some(Signed {
            person: PersonId::new(claims.sub),
            device: DeviceId::new(claims.device),
            session: SessionId::new(claims.sid),
        })
    }

    fn header(&self, key: &str) -> Header {
        Header { typ: Some(TYPE.into()), kid: Some(key.into()), ..Header::new(Algorithm::HS256) }
    }
}

/// HMAC with SHA-256 and nothing else: the library's own providers bring RSA and elliptic curves that no token of ours has.
static ONLY_HS256: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| {
        only_hs256(*algorithm, key.family())?;
        Ok(Box::new(hs256(key.as_bytes())?))
    },
    verifier_factory: |algorithm, key| {
        only_hs256(*algorithm, key.family())?;
        Ok(Box::new(hs256(key.try_get_as_bytes()?)?))
    },
    key_utils: KeyUtils::new_unimplemented(),
};

fn only_hs256(algorithm: Algorithm, family: AlgorithmFamily) -> JwtResult<()> {
    if algorithm == Algorithm::HS256 && family == AlgorithmFamily::Hmac {
        Ok(())
    } else {
        Err(ErrorKind::InvalidAlgorithm.into())
    }
}

fn hs256(key: &[u8]) -> JwtResult<Hs256> {
    Ok(Hs256(Hmac::new_from_slice(key).map_err(|_| ErrorKind::InvalidKeyFormat)?))
}

struct Hs256(Hmac<Sha256>);

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], tag: &Vec<u8>) -> Result<(), signature::Error> {
        // compares in constant time
        self.0.clone().chain_update(message).verify_slice(tag).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests;
