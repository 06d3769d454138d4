//! Sign-in by the system's browser (authorization code with PKCE), and the session that comes of it: it belongs to a device, which
//! proves by a signature that a token is its own (ADR 28).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::id::PersonId;
use ed25519_dalek::{Signer, SigningKey};
use egress::Request;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Uuid;
use wire::proof::{Purpose, message};
use zeroize::Zeroizing;

use crate::{Failure, Server};

/// The name under which servers know this program.
const CLIENT_ID: &str = "sendoff-desktop";

/// The secret half of PKCE: 32 random bytes in base64url (RFC 7636 section 4.1).
#[derive(Debug, Clone)]
pub struct PkceVerifier(SecretString);

impl PkceVerifier {
    pub fn new(random: &[u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random).into())
    }

    fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.expose_secret()))
    }
}

/// The private key of this device at one server.
pub struct DeviceKey(SigningKey);

impl std::fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceKey(..)")
    }
}

impl DeviceKey {
    /// From 32 random bytes.
    pub fn new(random: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(random))
    }

    fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    fn prove(&self, purpose: Purpose, issuer: &str, token: &str) -> String {
        let bytes = message(purpose, issuer, &self.public(), token);
        URL_SAFE_NO_PAD.encode(self.0.sign(&bytes).to_bytes())
    }
}

/// What a device keeps between its starts. Its bytes go into the vault and nowhere else.
#[derive(Debug)]
pub struct Session {
    key: DeviceKey,
    refresh_token: SecretString,
}

/// The form of a session in the vault.
#[derive(Serialize, Deserialize)]
struct Kept {
    version: u8,
    key: String,
    refresh_token: String,
}

impl Session {
    /// # Errors
    /// It has no JSON form; this one has.
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
        let key = URL_SAFE_NO_PAD.encode(self.key.0.to_bytes());
        let kept = Kept { version: 1, key, refresh_token: self.refresh_token.expose_secret().to_owned() };
        serde_json::to_vec(&kept).map(Zeroizing::new)
    }

    /// `None` for bytes that are no session.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let kept: Kept = serde_json::from_slice(bytes).ok().filter(|kept: &Kept| kept.version == 1)?;
        let key: [u8; 32] = URL_SAFE_NO_PAD.decode(kept.key).ok()?.try_into().ok()?;
        Some(Self { key: DeviceKey::new(&key), refresh_token: kept.refresh_token.into() })
    }
}

/// Tokens that a server gave out.
#[derive(Debug)]
pub struct Tokens {
    /// For minutes.
    pub access: SecretString,
    /// Seconds.
    pub expires_in: i64,
    pub person: PersonId,
    pub device: Uuid,
    /// Must be kept before the access token is used: the one before it is used up.
    pub session: Session,
}

#[derive(Deserialize)]
struct Given {
    access_token: SecretString,
    token_type: String,
    expires_in: i64,
    refresh_token: SecretString,
    person_id: PersonId,
    device_id: Uuid,
}

impl Server {
    /// Where the browser goes. `state` comes back as it is.
    ///
    /// # Errors
    /// The server's address is none.
    pub fn authorize_url(&self, redirect: &str, state: &str, verifier: &PkceVerifier) -> Result<Url, Failure> {
        let parameters = [
            ("response_type", "code"),
            ("client_id", CLIENT_ID),
            ("redirect_uri", redirect),
            ("state", state),
            ("code_challenge", &verifier.challenge()),
            ("code_challenge_method", "S256"),
        ];
        Url::parse_with_params(&self.at("/authorize"), parameters)
            .map_err(|error| Failure::BadAnswer { detail: error.to_string() })
    }

    /// Redeems the code that the browser brought back, for a session of this device under `name`.
    ///
    /// # Errors
    /// [`Failure`]; a code counts once.
    pub async fn redeem(
        &self,
        code: &SecretString,
        redirect: &str,
        verifier: &PkceVerifier,
        key: DeviceKey,
        name: &str,
    ) -> Result<Tokens, Failure> {
        let proof = key.prove(Purpose::Enroll, self.origin(), code.expose_secret());
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", redirect),
            ("client_id", CLIENT_ID),
            ("code_verifier", verifier.0.expose_secret()),
            ("device_public_key", &URL_SAFE_NO_PAD.encode(key.public())),
            ("device_name", name),
            ("device_proof", &proof),
        ];
        let given = self.given(&form).await?;
        Ok(tokens(given, key))
    }

    /// Renews a session. If the answer gets lost, asking again with the same session gives the same answer, for half a minute.
    ///
    /// # Errors
    /// [`Failure::SignedOut`]: the session has ended.
    pub async fn renew(&self, session: Session) -> Result<Tokens, Failure> {
        let Session { key, refresh_token } = session;
        let proof = key.prove(Purpose::Refresh, self.origin(), refresh_token.expose_secret());
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose_secret()),
            ("device_proof", &proof),
        ];
        match self.given(&form).await {
            Ok(given) => Ok(tokens(given, key)),
            Err(Failure::Refused { code, .. }) if code == "invalid_grant" => Err(Failure::SignedOut),
            Err(failure) => Err(failure),
        }
    }

    async fn given(&self, form: &[(&str, &str)]) -> Result<Given, Failure> {
        let response = self.send(Request::post(self.at("/v1/token")).form(form.iter().copied())).await?;
        let given: Given = self.answer(response)?;
        if !given.token_type.eq_ignore_ascii_case("bearer") {
            return Err(Failure::BadAnswer { detail: "it gives tokens of another kind".to_owned() });
        }
        Ok(given)
    }

    /// Ends the session that this access token is of.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn sign_out(&self, access: &SecretString) -> Result<(), Failure> {
        let response = self.send_signed(Request::post(self.at("/v1/sign-out")), access).await?;
        self.done(&response)
    }
}

fn tokens(given: Given, key: DeviceKey) -> Tokens {
    Tokens {
        access: given.access_token,
        expires_in: given.expires_in,
        person: given.person_id,
        device: given.device_id,
        session: Session { key, refresh_token: given.refresh_token },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_comes_back_from_its_bytes_and_shows_nothing() {
        let session = Session { key: DeviceKey::new(&[7; 32]), refresh_token: "sor_canary".to_owned().into() };
        let bytes = session.to_bytes().unwrap();
        let again = Session::from_bytes(&bytes).unwrap();
        assert_eq!(again.key.public(), session.key.public());
        assert_eq!(again.refresh_token.expose_secret(), "sor_canary");
        assert!(!format!("{again:?}").contains("canary"));
        for bad in [
            &b""[..],
            b"{}",
            br#"{"version":2,"key":"","refresh_token":""}"#,
            br#"{"version":1,"key":"AA","refresh_token":""}"#,
        ] {
            assert!(Session::from_bytes(bad).is_none());
        }
    }
}
