//! The desktop's side of a sign-in.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::Value;
use server::sessions::proof::{self, Purpose};
use sha2::{Digest, Sha256};

use super::Stage;
use super::browser::{Browser, pair};

pub const REDIRECT: &str = "http://127.0.0.1:49152/callback";

/// A machine with its key.
pub struct Device {
    pub name: String,
    pub key: SigningKey,
}

/// A sign-in that waits in the browser.
#[derive(Debug)]
pub struct Begun {
    pub flow: String,
    pub verifier: String,
    pub state: String,
    pub redirect: String,
}

/// A device that is signed in.
pub struct Desktop {
    pub device: Device,
    pub access: String,
    pub refresh: String,
    pub id: String,
    pub person: String,
}

pub fn random(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).unwrap();
    URL_SAFE_NO_PAD.encode(random)
}

/// A verifier and its challenge.
pub fn pkce() -> (String, String) {
    let verifier = random(32);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    (verifier, challenge)
}

impl Device {
    pub fn new(name: &str) -> Self {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).unwrap();
        Self { name: name.into(), key: SigningKey::from_bytes(&seed) }
    }

    pub fn public(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    pub fn proof(&self, stage: &Stage, purpose: Purpose, token: &str) -> String {
        let message = proof::message(purpose, &stage.origin, &self.public(), token);
        URL_SAFE_NO_PAD.encode(self.key.sign(&message).to_bytes())
    }

    pub async fn begin(&self, stage: &Stage, browser: &mut Browser) -> Begun {
        self.begin_at(stage, browser, REDIRECT).await
    }

    pub async fn begin_at(&self, _stage: &Stage, browser: &mut Browser, redirect: &str) -> Begun {
        let ((verifier, challenge), state) = (pkce(), random(24));
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("response_type", "code"),
                ("client_id", "sendoff-desktop"),
                ("redirect_uri", redirect),
                ("state", &state),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ])
            .finish();
        let page = browser.get(&format!("/authorize?{query}")).await;
        assert_eq!(page.status, 303, "{page:?}");
        let location = page.headers["location"].to_str().unwrap().to_owned();
        let flow = location.rsplit_once("flow=").unwrap().1.to_owned();
        Begun { flow, verifier, state, redirect: redirect.into() }
    }

    pub fn grant(&self, stage: &Stage, begun: &Begun, code: &str) -> Vec<(&'static str, String)> {
        vec![
            ("grant_type", "authorization_code".into()),
            ("code", code.into()),
            ("client_id", "sendoff-desktop".into()),
            ("redirect_uri", begun.redirect.clone()),
            ("code_verifier", begun.verifier.clone()),
            ("device_public_key", URL_SAFE_NO_PAD.encode(self.public())),
            ("device_name", self.name.clone()),
            ("device_proof", self.proof(stage, Purpose::Enroll, code)),
        ]
    }

    pub async fn redeem(self, stage: &Stage, begun: &Begun, code: &str) -> Result<Desktop, (u16, Value)> {
        let grant = self.grant(stage, begun, code);
        let (status, body) = token(stage, &grant).await;
        if status != 200 {
            return Err((status, body));
        }
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        Ok(Desktop {
            access: text("access_token"),
            refresh: text("refresh_token"),
            id: text("device_id"),
            person: text("person_id"),
            device: self,
        })
    }

    /// A whole sign-in with address and password.
    pub async fn sign_in(self, stage: &Stage, email: &str, password: &str) -> Desktop {
        let mut browser = stage.browser();
        let begun = self.begin(stage, &mut browser).await;
        let back = browser.sign_in(&begun.flow, email, password).await;
        assert_eq!(pair(&back.back(), "state"), begun.state);
        self.redeem(stage, &begun, &back.code()).await.unwrap()
    }
}

pub async fn token(stage: &Stage, pairs: &[(&str, String)]) -> (u16, Value) {
    let response = stage.http.post(format!("{}/v1/token", stage.origin)).form(pairs).send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

impl Desktop {
    /// What is sent to renew with this token.
    pub fn renewal(&self, stage: &Stage, refresh: &str) -> Vec<(&'static str, String)> {
        vec![
            ("grant_type", "refresh_token".into()),
            ("refresh_token", refresh.into()),
            ("device_proof", self.device.proof(stage, Purpose::Refresh, refresh)),
        ]
    }

    pub async fn renew_with(&self, stage: &Stage, refresh: &str) -> (u16, Value) {
        token(stage, &self.renewal(stage, refresh)).await
    }

    /// Renews and keeps what comes.
    pub async fn renew(&mut self, stage: &Stage) -> u16 {
        let (status, body) = self.renew_with(stage, &self.refresh).await;
        if status == 200 {
            self.access = body["access_token"].as_str().unwrap().into();
            self.refresh = body["refresh_token"].as_str().unwrap().into();
        }
        status
    }
}
