//! A sign-in on its way.

use axum::response::{IntoResponse, Redirect, Response};
use domain::id::PersonId;
use http::{HeaderMap, header};
use sqlx::FromRow;
use url::Url;
use uuid::Uuid;

use crate::app::App;
use crate::authorize::{cookie, pages};
use crate::database::Tx;
use crate::error::{Code, Error};
use crate::id::FlowId;
use crate::on;
use crate::random::{Kind, Token};

/// Long enough to wait for a mail.
pub(crate) const LIFE_MS: i64 = 60 * 60 * 1000;
/// How long a code in the address of the redirect can be redeemed.
pub(crate) const CODE_MS: i64 = 60 * 1000;

/// Browsers of one person that are remembered; the oldest make room.
const BROWSERS_MAX: i64 = 20;

#[derive(Debug, Clone, FromRow)]
pub(crate) struct Flow {
    id: Uuid,
    pub redirect_uri: String,
    state: String,
    challenge: String,
    /// Somebody whom a provider has confirmed, and who has not yet said that they want to go on.
    person_id: Option<Uuid>,
}

impl Flow {
    pub(crate) fn id(&self) -> FlowId {
        FlowId::new(self.id)
    }

    pub(crate) fn person(&self) -> Option<PersonId> {
        self.person_id.map(PersonId::new)
    }
}

/// The flow, if it was begun in this browser, is not over and did not take too long. All else looks the same.
pub(crate) async fn load(app: &App, headers: &HeaderMap, id: &str) -> Result<Flow, Error> {
    let over = || Error::from(Code::SignInOver);
    let id: FlowId = id.parse().map_err(|_| over())?;
    let browser = cookie::read(app, headers, Kind::Browser).ok_or_else(over)?;
    let mut tx = app.database.read().await?;
    let flow: Option<Flow> = on!(&mut tx, c => {
        sqlx::query_as(
            "SELECT id, redirect_uri, state, challenge, person_id FROM flow \
             WHERE id = $1 AND browser = $2 AND finished_at IS NULL AND expires_at > $3",
        )
        .bind(id.uuid())
        .bind(browser.hash().as_slice())
        .bind(app.clock.millis())
        .fetch_optional(c)
        .await?
    });
    flow.ok_or_else(over)
}

/// Ends the flow for this person and makes the code that its program redeems. `None` if it is over already.
pub(crate) async fn finish(tx: &mut Tx, app: &App, flow: &Flow, person: PersonId) -> Result<Option<Token>, Error> {
    let now = app.clock.millis();
    let finished = on!(&mut *tx, c => {
        sqlx::query("UPDATE flow SET finished_at = $1 WHERE id = $2 AND finished_at IS NULL AND expires_at > $1")
            .bind(now)
            .bind(flow.id)
            .execute(c)
            .await?
            .rows_affected()
    });
    if finished == 0 {
        return Ok(None);
    }
    let code = Token::random(Kind::Code)?;
    on!(tx, c => {
        sqlx::query(
            "INSERT INTO authorization_code (hash, person_id, redirect_uri, challenge, expires_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(code.hash().as_slice())
        .bind(person.uuid())
        .bind(&flow.redirect_uri)
        .bind(&flow.challenge)
        .bind(now.saturating_add(CODE_MS))
        .execute(c)
        .await?
        .rows_affected()
    });
    Ok(Some(code))
}

/// Remembers this browser for the person, under a new token. The cookie is set by [`arrive`].
pub(crate) async fn remember(tx: &mut Tx, app: &App, person: PersonId) -> Result<Token, Error> {
    let known = Token::random(Kind::KnownBrowser)?;
    let expires = app.clock.millis().saturating_add(cookie::KNOWN_SECONDS.saturating_mul(1000));
    on!(&mut *tx, c => {
        sqlx::query("INSERT INTO known_browser (hash, person_id, expires_at) VALUES ($1, $2, $3)")
            .bind(known.hash().as_slice())
            .bind(person.uuid())
            .bind(expires)
            .execute(c)
            .await?
            .rows_affected()
    });
    on!(&mut *tx, c => {
        sqlx::query(
            "DELETE FROM known_browser WHERE person_id = $1 AND hash NOT IN \
             (SELECT hash FROM known_browser WHERE person_id = $1 ORDER BY expires_at DESC LIMIT $2)",
        )
        .bind(person.uuid())
        .bind(BROWSERS_MAX)
        .execute(c)
        .await?
        .rows_affected()
    });
    Ok(known)
}

/// Sends the browser back to the program: at once to a loopback listener; to the program's own scheme over a page, because a
/// browser asks before it opens a program and leaves the page standing.
pub(crate) fn arrive(app: &App, flow: &Flow, code: &Token, known: Option<&Token>) -> Result<Response, Error> {
    let back = back(flow, &[("code", code.text()), ("state", &flow.state), ("iss", app.origin())])?;
    let mut response = if back.scheme() == "http" {
        Redirect::to(back.as_str()).into_response()
    } else {
        pages::arrived(&back).into_response()
    };
    if let Some(cookie) = known.and_then(|known| cookie::set(app, Kind::KnownBrowser, known)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

fn back(flow: &Flow, pairs: &[(&str, &str)]) -> Result<Url, Error> {
    let mut url = Url::parse(&flow.redirect_uri).map_err(|error| Error::internal("redirect", &error))?;
    url.query_pairs_mut().extend_pairs(pairs);
    Ok(url)
}
