//! What a Mastodon credential holds.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::credential::{Credential, Secret, Unreadable};
use crate::server::Server;

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Stored {
    format: Format,
    pub server: Server,
    pub account_id: String,
    /// Without the server.
    pub handle: String,
    pub token: Secret,
    pub app: App,
    /// Most servers give tokens that never end.
    pub expires_at: Option<Timestamp>,
    pub refresh: Option<Secret>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum Format {
    #[serde(rename = "mastodon/1")]
    Mastodon1,
}

/// This program as it is registered on one server.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct App {
    pub client_id: Secret,
    pub client_secret: Secret,
    pub token_endpoint: Url,
    pub revocation_endpoint: Url,
}

impl Stored {
    pub fn new(server: Server, account_id: String, handle: String, token: Secret, app: App) -> Self {
        let (expires_at, refresh) = (None, None);
        Self { format: Format::Mastodon1, server, account_id, handle, token, app, expires_at, refresh }
    }

    pub fn read(credential: &Credential) -> Result<Self, Unreadable> {
        credential.read()
    }

    pub fn write(&self) -> Result<Credential, Unreadable> {
        Credential::write(self)
    }

    /// What a server's answer must not be repeated with.
    pub fn secrets(&self) -> Vec<&str> {
        let refresh = self.refresh.as_ref().map(Secret::expose);
        let app = [self.app.client_secret.expose(), self.app.client_id.expose()];
        [self.token.expose()].into_iter().chain(app).chain(refresh).collect()
    }

    /// `None` while there is a way to renew it.
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.expires_at.filter(|_| self.refresh.is_none())
    }
}
