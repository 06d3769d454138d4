//! All routes, in one table: what is there, who may use it, how large a body may be and how long an answer may take.
//!
//! Addresses, methods and their description come from the handlers' `#[utoipa::path]`, so the router, the OpenAPI document and
//! the test that tries every route cannot differ. Other parts of the server hand over rows of their own.

use std::collections::btree_map::Entry;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http::Method;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::PartialSchema;
use utoipa::openapi::path::{ParameterIn, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, ResponseBuilder, SecurityRequirement};
use utoipa_axum::router::UtoipaMethodRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::error::{Code, Error};
use crate::policy::{self, Policy};
use crate::{authorize, description, observe, people, sessions, status};

/// Of a body, unless a row says otherwise.
pub const BODY_MAX: usize = 64 * 1024;
/// From the end of the request's head to the answer, the body's arrival included, unless a row says otherwise.
pub const TIME_MAX: Duration = Duration::from_secs(20);

/// The name of the access token's scheme in the OpenAPI document.
const SCHEME: &str = "access_token";

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

/// One or more methods at one address.
pub struct Row {
    pub policy: Policy,
    /// Bytes.
    pub body_max: usize,
    /// `None` for streams that last.
    pub time_max: Option<Duration>,
    pub routes: UtoipaMethodRouter<App>,
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Row").field("policy", &self.policy).field("paths", &self.paths()).finish_non_exhaustive()
    }
}

impl Row {
    pub fn new(policy: Policy, routes: UtoipaMethodRouter<App>) -> Self {
        Self { policy, body_max: BODY_MAX, time_max: Some(TIME_MAX), routes }
    }

    /// Every method and address of this row.
    pub fn paths(&self) -> Vec<(Method, String)> {
        let paths = self.routes.1.paths.iter();
        paths.flat_map(|(path, item)| methods(item).into_iter().map(move |method| (method, path.clone()))).collect()
    }
}

fn methods(item: &PathItem) -> Vec<Method> {
    [
        (Method::GET, &item.get),
        (Method::PUT, &item.put),
        (Method::POST, &item.post),
        (Method::DELETE, &item.delete),
        (Method::PATCH, &item.patch),
        (Method::HEAD, &item.head),
        (Method::OPTIONS, &item.options),
        (Method::TRACE, &item.trace),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.is_some().then_some(method))
    .collect()
}

/// The routes of people, devices and sign-in.
pub fn rows() -> Vec<Row> {
    use Policy::{Browser, Public, Signed};
    vec![
        // state of the server
        Row::new(Public, routes!(status::healthz)),
        Row::new(Public, routes!(status::readyz)),
        Row::new(Public, routes!(status::meta)),
        Row::new(Public, routes!(description::openapi)),
        Row::new(Public, routes!(description::docs)),
        // sign-in in the browser
        Row::new(Browser, routes!(authorize::pages::style)),
        Row::new(Browser, routes!(authorize::request::authorize)),
        Row::new(Browser, routes!(authorize::sign_in::page, authorize::sign_in::submit)),
        Row::new(Browser, routes!(authorize::register::page, authorize::register::submit)),
        Row::new(Browser, routes!(authorize::register::confirm)),
        Row::new(Browser, routes!(authorize::reset::page, authorize::reset::submit)),
        Row::new(Browser, routes!(authorize::reset::confirm)),
        Row::new(Browser, routes!(authorize::provider::begin)),
        Row::new(Browser, routes!(authorize::provider::callback)),
        Row::new(Browser, routes!(authorize::provider::finish)),
        // sessions
        Row::new(Public, routes!(sessions::token::token)),
        Row::new(Signed, routes!(sessions::end::sign_out)),
        Row::new(Signed, routes!(sessions::end::sign_out_everywhere)),
        Row::new(Signed, routes!(sessions::devices::list)),
        Row::new(Signed, routes!(sessions::devices::rename, sessions::devices::revoke)),
        // the person
        Row::new(Signed, routes!(people::me::read, people::me::change)),
        Row::new(Signed, routes!(people::me::change_password)),
    ]
}

/// Puts rows together: each behind its policy, its bounds and the log; and what they say of themselves.
pub fn assemble(app: &App, rows: Vec<Row>) -> (Router, OpenApi) {
    let mut router = Router::new();
    let mut document = description::empty(app);
    for row in rows {
        let (schemas, mut paths, handlers) = row.routes;
        for item in paths.paths.values_mut() {
            describe(item, row.policy, row.time_max.is_some());
        }
        let handlers = handlers
            .route_layer(middleware::from_fn_with_state((app.clone(), row.policy), policy::admit))
            .route_layer(DefaultBodyLimit::max(row.body_max))
            .route_layer(middleware::from_fn_with_state(row.time_max, in_time))
            .route_layer(middleware::from_fn_with_state(row.policy, observe::mark));
        // several methods of one row share their address
        if let Some(path) = paths.paths.keys().next() {
            router = router.route(path, handlers);
        }
        document.paths.paths.extend(paths.paths);
        document.components.get_or_insert_default().schemas.extend(schemas);
    }
    let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build());
    document.components.get_or_insert_default().security_schemes.insert(SCHEME.into(), scheme.into());
    let router = router
        .fallback(|| async { Error::from(Code::NotFound) })
        .method_not_allowed_fallback(|| async { Error::from(Code::MethodNotAllowed) })
        .layer(CatchPanicLayer::custom(panicked))
        .layer(axum::Extension(description::Document::new(&document)))
        .layer(middleware::from_fn_with_state(app.clone(), within_limits))
        .layer(middleware::from_fn_with_state(app.clone(), observe::observe))
        .with_state(app.clone());
    (router, document)
}

/// Adds what follows from the row and the layers around it, and not from the handler: who is let in, and what is refused before it.
fn describe(item: &mut PathItem, policy: Policy, in_time: bool) {
    let operations = [
        (false, &mut item.get),
        (true, &mut item.put),
        (true, &mut item.post),
        (true, &mut item.delete),
        (true, &mut item.patch),
        (false, &mut item.head),
    ];
    for (writes, operation) in operations {
        let Some(operation) = operation else { continue };
        let has = |kind| {
            let parameters = operation.parameters.iter().flatten();
            parameters
                .filter_map(|parameter| match parameter {
                    RefOr::T(parameter) => Some(&parameter.parameter_in),
                    RefOr::Ref(_) => None,
                })
                .any(|place| *place == kind)
        };
        let (in_path, in_query, body) =
            (has(ParameterIn::Path), has(ParameterIn::Query), operation.request_body.is_some());
        if policy == Policy::Signed {
            operation.security = Some(vec![SecurityRequirement::new(SCHEME, Vec::<String>::new())]);
        }
        let refusals = [
            (policy == Policy::Signed, Code::Unauthenticated),
            (policy == Policy::Browser && writes, Code::Forbidden),
            (in_path, Code::NotFound),
            (body, Code::TooLarge),
            (body, Code::UnsupportedMediaType),
            (body || in_query, Code::Malformed),
            (true, Code::TooManyRequests),
            // the session is asked of the database; what takes too long is given up
            (policy == Policy::Signed || in_time, Code::Busy),
        ];
        for response in operation.responses.responses.values_mut() {
            by_its_type(response);
        }
        for (_, code) in refusals.into_iter().filter(|(can_be, _)| *can_be) {
            let refused = refusal(policy, code);
            match operation.responses.responses.entry(code.status().as_str().to_owned()) {
                Entry::Vacant(vacant) => drop(vacant.insert(refused.into())),
                // a handler says more of it, and both may answer
                Entry::Occupied(mut said) => {
                    if let RefOr::T(said) = said.get_mut() {
                        for (kind, content) in refused.content {
                            said.content.entry(kind).or_insert(content);
                        }
                    }
                }
            }
        }
    }
}

/// A body that is a [`Problem`](crate::error::Problem) is of the type of problems, wherever a handler names one.
fn by_its_type(response: &mut RefOr<utoipa::openapi::Response>) {
    let RefOr::T(response) = response else { return };
    let is_problem = |content: &RefOr<Content>| match content {
        RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) => schema.ref_location.ends_with("/Problem"),
        _ => false,
    };
    if response.content.get(JSON).is_some_and(is_problem)
        && let Some(content) = response.content.shift_remove(JSON)
    {
        response.content.insert(PROBLEM.to_owned(), content);
    }
}

fn refusal(policy: Policy, code: Code) -> utoipa::openapi::Response {
    let (kind, schema) = match policy {
        Policy::Browser => ("text/html", String::schema()),
        Policy::Public | Policy::Signed => (PROBLEM, Ref::from_schema_name("Problem").into()),
    };
    ResponseBuilder::new().description(code.sentence()).content(kind, Content::new(Some(schema))).build()
}

async fn in_time(State(limit): State<Option<Duration>>, request: Request, next: Next) -> Response {
    let answer = next.run(request);
    match limit {
        None => answer.await,
        Some(limit) => match tokio::time::timeout(limit, answer).await {
            Ok(response) => response,
            Err(_) => Error::from(Code::Timeout).into_response(),
        },
    }
}

async fn within_limits(State(app): State<App>, request: Request, next: Next) -> Response {
    match app.limits.request(observe::client_address(&app, &request)) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// A panic in a handler is a fault of ours, and an answer to the client.
fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Error::internal("panic", &text.unwrap_or("no text")).into_response()
}
