//! Push, pull and quarantine over HTTP.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::id::OrganisationId;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::pull::Pull;
use wire::push::Push;
use wire::quarantine::Quarantine;

use super::Refused;
use crate::app::App;
use crate::error::{Error, Problem};
use crate::extract::{Json, Path, Query};
use crate::id;
use crate::policy::Signed;

/// Takes mutations of one client, in the order of their numbers. The answer comes once they are on the disk.
#[utoipa::path(post, path = "/v1/orgs/{org}/push", tag = "sync", params(("org" = Uuid, Path)),
    request_body(content = serde_json::Value, description = "`wire::push::Push`"), responses(
    (status = 200, description = "`wire::push::PushReply`", body = serde_json::Value),
 (status = 403, description = "No access", body = serde_json::Value),
    (status = 404, body = Problem), (status = 409, description = "`gap`, `fork_detected`, `epoch_changed` or `history_diverged`", body = serde_json::Value),
    (status = 413, body = serde_json::Value), (status = 422, body = serde_json::Value),
    (status = 426, body = serde_json::Value), (status = 429, body = serde_json::Value), (status = 503, body = serde_json::Value),
))]
pub(crate) async fn push(
    State(app): State<App>,
    signed: Signed,
    Path(org): Path<OrganisationId>,
    Json(push): Json<Push>,
) -> Result<Response, Refused> {
    // looked at again in the transaction; strangers do not even wait in line
    app.ledger.member(org, signed.person).await?;
    Ok(axum::Json(app.ledger.push(org, signed.person, push).await?).into_response())
}

/// Tells what changed since a cursor.
#[utoipa::path(post, path = "/v1/orgs/{org}/pull", tag = "sync", params(("org" = Uuid, Path)),
    request_body(content = serde_json::Value, description = "`wire::pull::Pull`"), responses(
    (status = 200, description = "`wire::pull::PullReply`", body = serde_json::Value),
 (status = 403, description = "No access", body = serde_json::Value),
    (status = 404, body = Problem), (status = 409, description = "`epoch_changed`, `history_diverged` or `fork_detected`", body = serde_json::Value),
    (status = 410, description = "`cursor_expired`", body = serde_json::Value),
    (status = 422, body = serde_json::Value), (status = 503, body = serde_json::Value),
))]
pub(crate) async fn pull(
    State(app): State<App>,
    signed: Signed,
    Path(org): Path<OrganisationId>,
    Json(pull): Json<Pull>,
) -> Result<Response, Refused> {
    Ok(axum::Json(app.ledger.pull(org, signed.person, pull).await?).into_response())
}

/// Keeps what a member had not sent when they were removed. It is never applied.
#[utoipa::path(post, path = "/v1/orgs/{org}/quarantine", tag = "sync", params(("org" = Uuid, Path)),
    request_body(content = serde_json::Value, description = "`wire::quarantine::Quarantine`"), responses(
    (status = 204), (status = 403, body = serde_json::Value), (status = 404, body = Problem),
    (status = 413, body = serde_json::Value), (status = 422, body = serde_json::Value),
    (status = 429, body = serde_json::Value), (status = 503, body = serde_json::Value),
))]
pub(crate) async fn quarantine(
    State(app): State<App>,
    signed: Signed,
    Path(org): Path<OrganisationId>,
    Json(upload): Json<Quarantine>,
) -> Result<Response, Response> {
    let id = id::fresh(&*app.clock).map_err(|error| Error::from(error).into_response())?;
    let kept = app.ledger.quarantine(org, signed.person, id, &upload).await;
    kept.map_err(|fault| Refused(fault).into_response())?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What somebody had not sent when they were removed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Kept {
    pub id: Uuid,
    pub person: Uuid,
    /// RFC 3339.
    pub received_at: String,
    /// `wire::quarantine::Quarantine`.
    pub upload: serde_json::Value,
}

/// Where a list goes on.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct After {
    /// The id of the last one that was listed; absent: from the oldest on.
    after: Option<Uuid>,
}

/// Lists what is kept, oldest first, for those who manage members: as much as one answer takes. An empty list is the end.
#[utoipa::path(get, path = "/v1/orgs/{org}/quarantine", tag = "sync", params(("org" = Uuid, Path), After), responses(
    (status = 200, body = Vec<Kept>), (status = 403, body = serde_json::Value),
    (status = 404, body = Problem), (status = 503, body = serde_json::Value),
))]
pub(crate) async fn quarantined(
    State(app): State<App>,
    signed: Signed,
    Path(org): Path<OrganisationId>,
    Query(from): Query<After>,
) -> Result<axum::Json<Vec<Kept>>, Refused> {
    let rows = app.ledger.quarantined(org, signed.person, from.after).await?;
    let kept = rows.into_iter().map(|row| Kept {
        id: row.id,
        person: row.person.uuid(),
        received_at: row.received_at.to_string(),
        upload: serde_json::from_str(&row.body).unwrap_or_default(),
    });
    Ok(axum::Json(kept.collect()))
}
