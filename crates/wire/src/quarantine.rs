//! `POST /v1/orgs/{org}/quarantine`: what somebody had not sent yet when they were removed. It is kept and never applied.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::push::Envelope;

/// Days for which it is kept.
pub const KEPT_DAYS: i64 = 30;

/// Uploads that are kept of one person in one organisation.
pub const UPLOADS_MAX: u64 = 64;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quarantine {
    pub client: Uuid,
    /// At most [`crate::push::MUTATIONS_MAX`].
    pub mutations: Vec<Envelope>,
}
