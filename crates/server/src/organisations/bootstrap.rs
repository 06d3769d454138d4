//! All that a member holds, as one stream of JSON lines.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

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
use tokio::sync::mpsc;

use super::Refused;
use crate::app::App;
use crate::error::{Code, Error, Problem};
use crate::extract::{Path, Query};
use crate::policy::Signed;

/// How long a stream may take, and how long its reader may take for one chunk.
const TIME_MAX: Duration = Duration::from_secs(120);
const STALL_MAX: Duration = Duration::from_secs(10);
/// Streams at once, below the connections that read ledgers: others are told to come again.
pub const STREAMS_MAX: usize = 2;

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
 (status = 403, body = serde_json::Value), (status = 404, body = Problem),
 (status = 503, body = serde_json::Value),
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
    let place = Arc::clone(&app.streams).try_acquire_owned();
    let place = place.map_err(|_| Error::from(Code::Busy).into_response())?;
    let begun = app.ledger.bootstrap(org, signed.person, &scopes).await;
    let bootstrap = begun.map_err(|fault| Refused(fault).into_response())?;
    // a task of its own: it holds a transaction, and must not hold it for as long as somebody does not read
    let (chunks, read) = mpsc::channel(2);
    tokio::spawn(async move {
        let _place = place;
        let _ = tokio::time::timeout(TIME_MAX, send(bootstrap, &chunks)).await;
    });
    let lines = stream::unfold(read, async |mut read| read.recv().await.map(|chunk| (chunk, read)));
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response())
}

/// Hands over one chunk after the other; gives up on a reader that takes none for ten seconds. A stream that ends before its last
/// line tells the client so.
async fn send(mut bootstrap: Bootstrap, chunks: &mpsc::Sender<Result<Bytes, std::io::Error>>) {
    loop {
        match chunk(&mut bootstrap).await {
            Ok(None) => return,
            Ok(Some(bytes)) => {
                if chunks.send_timeout(Ok(bytes), STALL_MAX).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                let _ = chunks.send_timeout(Err(error), STALL_MAX).await;
                return;
            }
        }
    }
}

/// The next lines as bytes.
async fn chunk(bootstrap: &mut Bootstrap) -> Result<Option<Bytes>, std::io::Error> {
    let Some(lines) = bootstrap.next().await.map_err(std::io::Error::other)? else { return Ok(None) };
    let mut bytes = Vec::new();
    for line in lines {
        serde_json::to_writer(&mut bytes, &line)?;
        bytes.push(b'\n');
    }
    Ok(Some(bytes.into()))
}
