//! That there is something to pull, at the moment it is there.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use domain::id::OrganisationId;
use futures::stream;
use tokio::sync::watch;
use wire::Fault;
use wire::live::{LiveEvent, PING_S};

use super::Refused;
use crate::app::App;
use crate::error::Problem;
use crate::extract::Path;
use crate::policy::{self, Signed};

/// A stream of events (`text/event-stream`), each `wire::live::LiveEvent` as JSON. One that is missed is brought by the next: the
/// client pulls when it connects. It ends when the session ends or the member is removed.
#[utoipa::path(get, path = "/v1/orgs/{org}/live", tag = "sync", params(("org" = uuid::Uuid, Path)), responses(
    (status = 200, content_type = "text/event-stream", body = String), (status = 401, body = Problem),
    (status = 403, body = serde_json::Value), (status = 404, body = Problem), (status = 503, body = serde_json::Value),
))]
pub(crate) async fn live(
    State(app): State<App>,
    signed: Signed,
    Path(org): Path<OrganisationId>,
) -> Result<Response, Refused> {
    // first the ear, then the look: what happens in between is heard
    let heads = app.ledger.hub().subscribe(org);
    app.ledger.member(org, signed.person).await?;
    let listening = Listening { app, signed, org, heads, over: false };
    Ok(Sse::new(stream::unfold(listening, next)).into_response())
}

struct Listening {
    app: App,
    signed: Signed,
    org: OrganisationId,
    heads: watch::Receiver<u64>,
    over: bool,
}

async fn next(mut listening: Listening) -> Option<(Result<Event, Infallible>, Listening)> {
    if listening.over {
        return None;
    }
    let moved = tokio::time::timeout(Duration::from_secs(PING_S), listening.heads.changed()).await;
    let event = match moved {
        Ok(Ok(())) => {
            let seq = *listening.heads.borrow_and_update();
            LiveEvent::Poke { seq }
        }
        // the ledger is gone: the server stops
        Ok(Err(_)) => return None,
        Err(_) => LiveEvent::Ping,
    };
    // whoever lost access must not learn even that something happens
    match policy::lives(&listening.app, &listening.signed).await {
        Ok(true) => {}
        // a new session begins a new stream; that the database does not answer says nothing about anybody's rights
        Ok(false) | Err(_) => return None,
    }
    let event = match listening.app.ledger.member(listening.org, listening.signed.person).await {
        Ok(_) => event,
        Err(Fault::AccessRevoked) => {
            listening.over = true;
            LiveEvent::Revoked
        }
        Err(_) => return None,
    };
    let event = Event::default().json_data(event).unwrap_or_default();
    Some((Ok(event), listening))
}
