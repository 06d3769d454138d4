//! What can be seen of the server from outside: request ids, one log line for each request, metrics, and the headers that
//! every answer carries. Nothing here repeats what people typed: no address with its query, no body, no header.

use std::sync::atomic::AtomicI64;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use tracing::Instrument;

use crate::address::{ClientAddress, Peer};
use crate::app::App;
use crate::authorize::pages;
use crate::error::{Error, Problem};
use crate::id;
use crate::policy::Policy;

/// On every answer; a client's own id is not taken over, it could forge lines of the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const NO_CONTENT_OF_OTHERS: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The id of a request, for handlers that want to name it.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Which route answered. Set by [`mark`] on the way out.
#[derive(Debug, Clone)]
struct Route {
    path: String,
    policy: Policy,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MailLabel {
    outcome: &'static str,
}

/// What `GET /metrics` tells. The number of series is bounded: routes come from the table, methods and outcomes are few.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<RouteLabel, Histogram>,
    mails: Family<MailLabel, Counter>,
    pub(crate) connections: Gauge<i64, AtomicI64>,
    pub(crate) connections_refused: Counter,
    /// Of clients that did not read.
    pub(crate) connections_cut: Counter,
    /// Streams that tell of changes.
    pub(crate) live_streams: Gauge<i64, AtomicI64>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("sendoff");
        let requests = Family::default();
        let seconds = Family::<RouteLabel, Histogram>::new_with_constructor(|| {
            Histogram::new(exponential_buckets(0.001, 2.0, 15))
        });
        let mails = Family::default();
        let connections = Gauge::default();
        let connections_refused = Counter::default();
        let connections_cut = Counter::default();
        let live_streams = Gauge::default();
        registry.register("http_requests", "Requests by route and status", requests.clone());
        registry.register("http_request_seconds", "Time to the answer", seconds.clone());
        registry.register("mails", "Mails by outcome", mails.clone());
        registry.register("http_connections", "Open connections", connections.clone());
        registry.register("http_connections_refused", "Connections beyond the bounds", connections_refused.clone());
        registry.register("http_connections_cut", "Connections of clients that did not read", connections_cut.clone());
        registry.register("live_streams", "Open streams that tell of changes", live_streams.clone());
        Self { registry, requests, seconds, mails, connections, connections_refused, connections_cut, live_streams }
    }

    pub(crate) fn mail(&self, outcome: &'static str) {
        self.mails.get_or_create(&MailLabel { outcome }).inc();
    }

    /// All of it in the text format of OpenMetrics.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // writing into a string does not fail
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}

/// The address this request is counted against.
pub(crate) fn client_address(app: &App, request: &Request) -> ClientAddress {
    of_parts(app, request.extensions(), request.headers())
}

pub(crate) fn of_parts(app: &App, extensions: &http::Extensions, headers: &http::HeaderMap) -> ClientAddress {
    // absent only if somebody serves the router without `serve`; then everybody shares one bucket
    let peer = extensions.get::<Peer>().map_or(std::net::IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip());
    ClientAddress::of(peer, headers, &app.config.proxies)
}

impl axum::extract::FromRequestParts<App> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut http::request::Parts, app: &App) -> Result<Self, Self::Rejection> {
        Ok(of_parts(app, &parts.extensions, &parts.headers))
    }
}

/// Around each route: leaves its name for [`observe`].
pub(crate) async fn mark(State(policy): State<Policy>, path: MatchedPath, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.extensions_mut().insert(Route { path: path.as_str().to_owned(), policy });
    response
}

/// Around everything: the request's id, its log line, its metrics, the body of errors and the headers of safety.
pub(crate) async fn observe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = id::fresh(&*app.clock).map(|id| id.simple().to_string()).unwrap_or_default();
    let method = request.method().clone();
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", request.id = %id);
    async {
        let mut response = next.run(request).await;
        let route = response.extensions_mut().remove::<Route>();
        if let Some(error) = response.extensions_mut().remove::<Error>() {
            response = with_body(response, &error, route.as_ref().map(|route| route.policy), &id);
        }
        harden(&mut response, &id, app.config.https());
        let route = route.map_or_else(|| "none".into(), |route| route.path);
        let (status, took) = (response.status().as_u16(), began.elapsed());
        // other methods than these are one, so that nobody makes series by inventing some
        let method = match method.as_str() {
            known @ ("GET" | "HEAD" | "POST" | "PATCH" | "PUT" | "DELETE" | "OPTIONS") => known,
            _ => "other",
        };
        app.metrics.requests.get_or_create(&Answered { method: method.into(), route: route.clone(), status }).inc();
        app.metrics.seconds.get_or_create(&RouteLabel { route: route.clone() }).observe(took.as_secs_f64());
        tracing::info!(
            http.method = method,
            http.route = route,
            http.status = status,
            took.ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            "answered a request"
        );
        response
    }
    .instrument(span)
    .await
}

/// Programs get problem+json, browsers a page.
fn with_body(response: Response, error: &Error, policy: Option<Policy>, id: &str) -> Response {
    let (parts, _) = response.into_parts();
    let mut body = if policy == Some(Policy::Browser) {
        pages::error(error).into_response()
    } else {
        let problem = Problem {
            kind: "about:blank",
            title: error.sentence().to_owned(),
            status: error.code.status().as_u16(),
            code: error.code,
            instance: format!("urn:uuid:{id}"),
            error: error.code.oauth(),
        };
        let mut body = Response::new(Body::from(serde_json::to_vec(&problem).unwrap_or_default()));
        body.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        body
    };
    *body.status_mut() = error.code.status();
    for (name, value) in &parts.headers {
        if name != header::CONTENT_LENGTH && name != header::CONTENT_TYPE {
            body.headers_mut().append(name, value.clone());
        }
    }
    body
}

/// What every answer carries, unless the handler said something of its own.
fn harden(response: &mut Response, id: &str, https: bool) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    let mut unless_set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    unless_set(header::CONTENT_SECURITY_POLICY, NO_CONTENT_OF_OTHERS);
    unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    unless_set(header::X_FRAME_OPTIONS, "DENY");
    unless_set(header::REFERRER_POLICY, "no-referrer");
    unless_set(header::CACHE_CONTROL, "no-store");
    unless_set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    unless_set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    unless_set(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    if https {
        unless_set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}
