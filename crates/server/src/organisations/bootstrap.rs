//! All that a member holds, as one stream of JSON lines.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::Scope;
use domain::id::OrganisationId;
use futures::stream;
use http::header;
use ledger::Bootstrap;
use serde::Deserialize;

use super::Refused;
use crate::app::App;
use crate::error::{Code, Error, Problem};
use crate::extract::{Path, Query};
use crate::policy::Signed;

/// Which scopes.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    /// Scopes with commas between them, such as `org,persona:<id>`; empty for all that are held.
    scopes: String,
}

/// Streams all rows of one moment. A stream without its last line is none: it is asked for again.
#[utoipa::path(get, path = "/v1/orgs/{org}/bootstrap", tag = "sync", params(("org" = uuid::Uuid, Path), Asked), responses(
    (status = 200, description = "Lines of `wire::bootstrap::Line`", content_type = "application/x-ndjson", body = String),
    (status = 401, body = Problem), (status = 403, body = serde_json::Value), (status = 404, body = Problem),
    (status = 422, body = Problem), (status = 503, body = serde_json::Value),
))]
pub(crate) async fn bootstrap(
    State(app): State<App>,
    signed: Signed,
    Path(org): Path<OrganisationId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    let names = asked.scopes.split(',').filter(|name| !name.is_empty());
    let scopes: Result<BTreeSet<Scope>, _> = names.map(str::parse).collect();
    let scopes = scopes.map_err(|_| Error::with(Code::Malformed, "A scope is not of its form.").into_response())?;
    let begun = app.ledger.bootstrap(org, signed.person, &scopes).await;
    let bootstrap = begun.map_err(|fault| Refused(fault).into_response())?;
    let lines = stream::try_unfold(bootstrap, chunk);
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response())
}

/// The next lines as bytes. An error ends the stream before its last line, which is how the client knows.
async fn chunk(mut bootstrap: Bootstrap) -> Result<Option<(Bytes, Bootstrap)>, std::io::Error> {
    let Some(lines) = bootstrap.next().await.map_err(std::io::Error::other)? else { return Ok(None) };
    let mut bytes = Vec::new();
    for line in lines {
        serde_json::to_writer(&mut bytes, &line)?;
        bytes.push(b'\n');
    }
    Ok(Some((bytes.into(), bootstrap)))
}
