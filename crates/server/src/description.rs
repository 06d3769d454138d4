//! The OpenAPI document, made of the handlers, and a page to read it with that loads nothing from elsewhere.

use std::sync::Arc;

use axum::Extension;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, header};
use maud::{DOCTYPE, Markup, html};
use utoipa::openapi::path::Operation;
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder, ServerBuilder};

use crate::app::App;

/// The document, written once.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    json: Bytes,
    page: Arc<str>,
}

pub(crate) fn empty(app: &App) -> OpenApi {
    let info = InfoBuilder::new().title("Sendoff server").version(env!("CARGO_PKG_VERSION")).description(Some(
        "Signing in, people and devices of a Sendoff server. Errors are RFC 9457 problems with a closed `code`.",
    ));
    OpenApiBuilder::new().info(info.build()).servers(Some([ServerBuilder::new().url(app.origin()).build()])).build()
}

impl Document {
    pub(crate) fn new(document: &OpenApi) -> Self {
        // it is made of constants and serialises always; were it not so, its own test would see an empty one
        let json = serde_json::to_vec(document).unwrap_or_default();
        Self { json: json.into(), page: page(document).into_string().into() }
    }
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "server", responses((status = 200, content_type = "application/json")))]
pub(crate) async fn openapi(Extension(document): Extension<Document>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], document.json).into_response()
}

/// The same to be read by people.
#[utoipa::path(get, path = "/docs", tag = "server", responses((status = 200, content_type = "text/html")))]
pub(crate) async fn docs(Extension(document): Extension<Document>) -> Response {
    let policy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        ],
        document.page.to_string(),
    )
        .into_response()
}

fn page(document: &OpenApi) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (document.info.title) }
                link rel="stylesheet" href="/authorize/style.css";
            }
            body {
                main.wide {
                    h1 { (document.info.title) " " (document.info.version) }
                    @if let Some(text) = &document.info.description { p { (text) } }
                    p { a href="/openapi.json" { "The document for programs" } }
                    @for (path, item) in &document.paths.paths {
                        @for (method, operation) in [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("PATCH", &item.patch), ("DELETE", &item.delete)] {
                            @if let Some(operation) = operation { (one(method, path, operation)) }
                        }
                    }
                    h2 { "Shapes" }
                    @for (name, schema) in document.components.iter().flat_map(|components| &components.schemas) {
                        h3 id=(name) { (name) }
                        pre { code { (serde_json::to_string_pretty(schema).unwrap_or_default()) } }
                    }
                }
            }
        }
    }
}

fn one(method: &str, path: &str, operation: &Operation) -> Markup {
    html! {
        section {
            h2 { code { (method) " " (path) } }
            @if let Some(text) = &operation.summary { p { (text) } }
            @if let Some(text) = &operation.description { p { (text) } }
            @if operation.security.is_some() { p.hint { "Needs an access token." } }
            table {
                thead { tr { th scope="col" { "Answer" } th scope="col" { "When" } } }
                tbody {
                    @for (status, response) in &operation.responses.responses {
                        tr {
                            td { code { (status) } }
                            td { @if let utoipa::openapi::RefOr::T(response) = response { (response.description) } }
                        }
                    }
                }
            }
        }
    }
}
