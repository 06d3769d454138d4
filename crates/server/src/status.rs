//! Whether the server lives, is ready, and what it is.

use axum::extract::State;
use http::StatusCode;
use serde::Serialize;

use crate::app::App;
use crate::authorize::request::CLIENT_ID;
use crate::error::{Code, Error};

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "server", responses((status = 204)))]
pub(crate) async fn healthz() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The database answers too.
#[utoipa::path(get, path = "/readyz", tag = "server", responses((status = 204)))]
pub(crate) async fn readyz(State(app): State<App>) -> Result<StatusCode, Error> {
    match app.database.answers().await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => {
            tracing::warn!(reason = %crate::error::one_line(&error.to_string()), "the database does not answer");
            Err(Code::Busy.into())
        }
    }
}

/// What a program has to know before it signs in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Meta {
    /// Always `sendoff`.
    pub server: &'static str,
    pub version: &'static str,
    /// What device proofs name, and tokens as their issuer.
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub client_id: &'static str,
}

/// Says what this server is and where its sign-in begins.
#[utoipa::path(get, path = "/v1/meta", tag = "server", responses((status = 200, body = Meta)))]
pub(crate) async fn meta(State(app): State<App>) -> axum::Json<Meta> {
    let origin = app.origin();
    axum::Json(Meta {
        server: "sendoff",
        version: env!("CARGO_PKG_VERSION"),
        issuer: origin.to_owned(),
        authorization_endpoint: format!("{origin}/authorize"),
        token_endpoint: format!("{origin}/v1/token"),
        client_id: CLIENT_ID,
    })
}
