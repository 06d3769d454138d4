//! Who may use which route. Every route is mounted with a [`Policy`], and every request passes [`decide`]: there is no other
//! way into a handler.

use std::collections::BTreeSet;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::id::{OrganisationId, PersonId};
use http::request::Parts;
use http::{HeaderMap, Method, header};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Code, Error};
use crate::id::{DeviceId, SessionId};
use crate::on;

/// What a route asks of who calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Anybody; whatever tells callers apart is in the body and checked there.
    Public,
    /// Pages and forms of the sign-in, for browsers: a form counts only if a page of this server sent it.
    Browser,
    /// A person who is signed in, on a device that is not revoked, in a session that lives.
    Signed,
}

/// A person who is signed in. Handlers take it as an argument; it exists only after [`decide`] let the request pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed {
    pub person: PersonId,
    pub device: DeviceId,
    pub session: SessionId,
}

/// Who calls, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    Anybody,
    /// A browser that says a page from elsewhere sent the form.
    ForeignPage,
    Signed(Signed),
}

/// The one rule of access.
pub(crate) fn decide(policy: Policy, caller: Caller) -> Result<(), Code> {
    match (policy, caller) {
        (Policy::Public, _) => Ok(()),
        (Policy::Browser, Caller::ForeignPage) => Err(Code::Forbidden),
        (Policy::Browser, _) => Ok(()),
        (Policy::Signed, Caller::Signed(_)) => Ok(()),
        (Policy::Signed, _) => Err(Code::Unauthenticated),
    }
}

/// The layer around every route: finds out who calls, asks [`decide`], and hands the caller on.
pub(crate) async fn admit(State((app, policy)): State<(App, Policy)>, mut request: Request, next: Next) -> Response {
    let caller = match policy {
        Policy::Public => Caller::Anybody,
        Policy::Browser if from_elsewhere(&app, request.method(), request.headers()) => Caller::ForeignPage,
        Policy::Browser => Caller::Anybody,
        Policy::Signed => match signed(&app, request.headers()).await {
            Ok(Some(signed)) => Caller::Signed(signed),
            Ok(None) => Caller::Anybody,
            Err(error) => return error.into_response(),
        },
    };
    if let Err(code) = decide(policy, caller) {
        return Error::from(code).into_response();
    }
    if let Caller::Signed(signed) = caller {
        request.extensions_mut().insert(signed);
    }
    next.run(request).await
}

/// `Origin` comes with every form that a browser sends, `Sec-Fetch-Site` with every request of a current one.
fn from_elsewhere(app: &App, method: &Method, headers: &HeaderMap) -> bool {
    if method != Method::POST {
        return false;
    }
    let origin = headers.get(header::ORIGIN).map(|value| value.as_bytes() != app.origin().as_bytes());
    let site = headers.get("sec-fetch-site").map(|value| !matches!(value.as_bytes(), b"same-origin" | b"none"));
    origin.unwrap_or(false) || site.unwrap_or(false)
}

async fn signed(app: &App, headers: &HeaderMap) -> Result<Option<Signed>, Error> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return Ok(None) };
    let Some((scheme, token)) = line.to_str().ok().and_then(|line| line.split_once(' ')) else { return Ok(None) };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(None);
    }
    let Some(signed) = app.access_tokens.read(token, &*app.clock) else { return Ok(None) };
    Ok(lives(app, &signed).await?.then_some(signed))
}

/// Whether the session, its device and its person are still what they were when the token was made.
pub(crate) async fn lives(app: &App, signed: &Signed) -> Result<bool, Error> {
    let mut tx = app.database.read().await?;
    let lives: Option<i32> = on!(&mut tx, c => {
        sqlx::query_scalar(
            "SELECT 1 FROM session JOIN device ON device.id = session.device_id JOIN person ON person.id = session.person_id \
             WHERE session.id = $1 AND session.person_id = $2 AND session.device_id = $3 AND session.ended_at IS NULL \
             AND session.expires_at > $4 AND device.revoked_at IS NULL AND person.disabled_at IS NULL",
        )
        .bind(signed.session.uuid())
        .bind(signed.person.uuid())
        .bind(signed.device.uuid())
        .bind(app.clock.millis())
        .fetch_optional(c)
        .await?
    });
    Ok(lives.is_some())
}

/// The sessions that live, of all who belong to an organisation or once did.
pub(crate) async fn living(app: &App, org: OrganisationId) -> Result<BTreeSet<SessionId>, Error> {
    let mut tx = app.database.read().await?;
    let living: Vec<Uuid> = on!(&mut tx, c => {
        sqlx::query_scalar(
            "SELECT session.id FROM belongs JOIN session ON session.person_id = belongs.person_id \
             JOIN device ON device.id = session.device_id JOIN person ON person.id = session.person_id \
             WHERE belongs.organisation_id = $1 AND session.ended_at IS NULL AND session.expires_at > $2 \
             AND device.revoked_at IS NULL AND person.disabled_at IS NULL",
        )
        .bind(org.uuid())
        .bind(app.clock.millis())
        .fetch_all(c)
        .await?
    });
    Ok(living.into_iter().map(SessionId::new).collect())
}

impl<S: Sync> FromRequestParts<S> for Signed {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Error> {
        // absent on a route that was mounted for anybody: closed rather than open
        parts.extensions.get().copied().ok_or(Code::Unauthenticated.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_closed_unless_it_says_open() {
        let signed = Caller::Signed(Signed {
            person: PersonId::new(Uuid::nil()),
            device: DeviceId::new(Uuid::nil()),
            session: SessionId::new(Uuid::nil()),
        });
        for (policy, caller, expected) in [
            (Policy::Public, Caller::Anybody, Ok(())),
            (Policy::Public, Caller::ForeignPage, Ok(())),
            (Policy::Browser, Caller::Anybody, Ok(())),
            (Policy::Browser, Caller::ForeignPage, Err(Code::Forbidden)),
            (Policy::Signed, Caller::Anybody, Err(Code::Unauthenticated)),
            (Policy::Signed, Caller::ForeignPage, Err(Code::Unauthenticated)),
            (Policy::Signed, signed, Ok(())),
        ] {
            assert_eq!(decide(policy, caller), expected, "{policy:?} {caller:?}");
        }
    }
}
