//! Makes, sends and reads statuses.

use domain::job::{Outcome, Remote};
use egress::{Request, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::Mastodon;
use super::media::escaped;
use super::stored::Stored;
use crate::adapter::PrepareInput;
use crate::error::{Detail, PrepareError};
use crate::wire::{self, Verdict};

/// The body of `POST /api/v1/statuses`, as it is frozen, sent and later recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NewStatus {
    pub status: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media_ids: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub spoiler_text: String,
    #[serde(default)]
    pub sensitive: bool,
    pub visibility: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to_id: Option<String>,
}

/// What we need of a status in an answer.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Status {
    pub id: String,
    #[serde(default)]
    pub url: Option<String>,
    #[serde(default)]
    pub uri: Option<String>,
    #[serde(default)]
    created_at: String,
    #[serde(default)]
    pub content: String,
    #[serde(default)]
    pub spoiler_text: String,
    #[serde(default)]
    pub in_reply_to_id: Option<String>,
    #[serde(default)]
    pub media_attachments: Vec<Attachment>,
    #[serde(default)]
    pub application: Option<Application>,
    #[serde(default)]
    pub account: Option<Author>,
    #[serde(default)]
    pub reblog: Option<serde_json::Value>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Attachment {
    pub id: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Application {
    #[serde(default)]
    pub name: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Author {
    pub id: String,
}

impl Status {
    /// Where a person reads it. A server tells; what is no http address is not believed.
    pub fn remote(&self, stored: &Stored) -> Remote {
        let told = [&self.url, &self.uri].into_iter().flatten();
        let web = |url: &&String| Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "https" | "http"));
        let url = told.filter(web).map(String::clone).next();
        let ours = || stored.server.at(&format!("/@{}/{}", escaped(&stored.handle), escaped(&self.id)));
        Remote { id: self.id.clone(), url: url.unwrap_or_else(ours), cid: String::new() }
    }

    /// `None` if the server writes it in a way that cannot be read.
    pub fn created_at(&self) -> Option<Timestamp> {
        self.created_at.parse().ok()
    }

    fn is_by(&self, stored: &Stored) -> bool {
        !self.id.is_empty() && self.account.as_ref().is_none_or(|account| account.id == stored.account_id)
    }
}

impl Mastodon {
    pub(super) async fn freeze(&self, stored: &Stored, input: PrepareInput<'_>) -> Result<String, PrepareError> {
        if input.reply.as_ref().is_some_and(|reply| reply.parent.id.is_empty()) {
            let sentence = "The post above this one is not known exactly enough to be answered.".to_owned();
            return Err(PrepareError::BreaksRules { sentence });
        }
        let mut media_ids = Vec::new();
        for image in input.images {
            media_ids.push(self.upload(stored, image, input.now).await?);
        }
        let status = NewStatus {
            status: input.text.to_owned(),
            media_ids,
            spoiler_text: input.content_warning.to_owned(),
            sensitive: !input.content_warning.is_empty(),
            visibility: input.visibility.wire().to_owned(),
            in_reply_to_id: input.reply.map(|reply| reply.parent.id.clone()),
        };
        serde_json::to_string(&status)
            .map_err(|_| PrepareError::BreaksRules { sentence: "The text cannot be sent.".into() })
    }

    /// The server recognises a repeated key for an hour (docs.joinmastodon.org/methods/statuses, read 2026-11), if it is
    /// Mastodon; others ignore the key.
    pub(super) async fn post(&self, stored: &Stored, request: &str, key: &str, now: Timestamp) -> Outcome {
        let post = Request::post(stored.server.at("/api/v1/statuses"))
            .body("application/json", request.as_bytes().to_vec())
            .bearer(stored.token.expose())
            .header("idempotency-key", key)
            .timeout(wire::SEND_TIMEOUT)
            .fresh_connection();
        let response = match self.egress.send(post).await {
            Ok(response) => response,
            Err(error) if error.never_sent() => return Outcome::NeverSent { detail: error.to_string() },
            Err(error) => return Outcome::Ambiguous { detail: error.to_string() },
        };
        match wire::judge(&response, now, &stored.secrets()) {
            Verdict::Success => published(stored, &response),
            Verdict::SignInRefused => Outcome::SignInRefused,
            Verdict::RateLimited { until } => Outcome::RateLimited { until },
            Verdict::Refused { status, detail } => Outcome::Refused { status, detail: detail.into_string() },
            Verdict::Unclear { detail } => Outcome::Ambiguous { detail: detail.into_string() },
        }
    }
}

/// Only a status with an id, by this account, is a published one.
fn published(stored: &Stored, response: &Response) -> Outcome {
    let ambiguous = |detail: Detail| Outcome::Ambiguous { detail: detail.into_string() };
    match response.json::<Status>() {
        Ok(status) if status.is_by(stored) => Outcome::Published { remote: status.remote(stored) },
        Ok(_) => ambiguous(Detail::new("the server answered with a status of somebody else", &[])),
        Err(error) => ambiguous(Detail::from(&error)),
    }
}
