//! Address and password.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::id::PersonId;
use http::HeaderMap;
use secrecy::SecretString;
use serde::Deserialize;
use sqlx::FromRow;
use uuid::Uuid;

use crate::address::ClientAddress;
use crate::app::App;
use crate::authorize::{cookie, flow, pages};
use crate::error::{Code, Error};
use crate::extract::{Form, Query};
use crate::limits::AccountKey;
use crate::on;
use crate::people::hashing::Compared;
use crate::people::{self, password};
use crate::random::{Kind, TokenHash};

/// Which sign-in a page belongs to.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct OfFlow {
    pub flow: String,
}

/// The first page of a sign-in.
#[utoipa::path(get, path = "/authorize/sign-in", tag = "sign-in", params(OfFlow), responses(
    (status = 200, content_type = "text/html"), (status = 400, description = "The sign-in is over (a page)"),
))]
pub(crate) async fn page(
    State(app): State<App>,
    headers: HeaderMap,
    Query(asked): Query<OfFlow>,
) -> Result<Response, Error> {
    let flow = flow::load(&app, &headers, &asked.flow).await?;
    Ok(pages::sign_in(&app, &flow, "", None).into_response())
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    flow: String,
    email: String,
    #[schema(value_type = String)]
    password: SecretString,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    password_hash: Option<String>,
    disabled_at: Option<i64>,
}

/// Signs in with address and password.
#[utoipa::path(post, path = "/authorize/sign-in", tag = "sign-in",
    request_body(content = SignInForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 303, description = "Back to the program, with a code"),
    (status = 200, description = "A page that opens the program, or the form again", content_type = "text/html"),
    (status = 400, description = "The sign-in is over (a page)"), (status = 429, description = "Too many tries (a page)"),
))]
pub(crate) async fn submit(
    State(app): State<App>,
    headers: HeaderMap,
    from: ClientAddress,
    Form(asked): Form<SignInForm>,
) -> Result<Response, Error> {
    let flow = flow::load(&app, &headers, &asked.flow).await?;
    let again = |typed: &str| {
        Ok(pages::sign_in(&app, &flow, typed, Some("The address or the password is not right.")).into_response())
    };
    // what cannot be an address or a password of anybody needs no look-up; that is no secret
    let (Some(email), Ok(())) = (people::email(&asked.email), password::fits(&asked.password)) else {
        return again(&asked.email);
    };
    let known = known_browser(&app, &headers, &email).await?;
    app.limits.password(from, AccountKey::of(&email), known)?;
    let row: Option<Row> = {
        let mut tx = app.database.read().await?;
        on!(&mut tx, c => {
            sqlx::query_as("SELECT id, password_hash, disabled_at FROM person WHERE email = $1")
                .bind(&email)
                .fetch_optional(c)
                .await?
        })
    };
    // one hash is computed in every case: nobody, wrong, right, and without a password
    let kept = row.as_ref().and_then(|row| row.password_hash.clone());
    let compared = app.hashing.compare(asked.password, kept.clone()).await?;
    let (Some(row), Compared::Right | Compared::Outdated(_)) = (row.filter(|row| row.disabled_at.is_none()), &compared)
    else {
        return again(&email);
    };
    let person = PersonId::new(row.id);
    let mut tx = app.database.write().await?;
    // the password may have been changed, or the person shut out, while it was compared; and the row stays locked, so that
    // whoever changes it now waits, and then ends what begins here
    let still = on!(&mut tx, c => {
        sqlx::query(
            "UPDATE person SET created_at = created_at WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL",
        )
        .bind(row.id)
        .bind(&kept)
        .execute(c)
        .await?
        .rows_affected()
    });
    if still == 0 {
        return again(&email);
    }
    if let Compared::Outdated(better) = compared {
        on!(&mut tx, c => {
            sqlx::query("UPDATE person SET password_hash = $1 WHERE id = $2 AND password_hash = $3")
                .bind(better)
                .bind(row.id)
                .bind(kept)
                .execute(c)
                .await?
                .rows_affected()
        });
    }
    let code = flow::finish(&mut tx, &app, &flow, person).await?.ok_or(Error::from(Code::SignInOver))?;
    let new = match known {
        Some(_) => None,
        None => Some(flow::remember(&mut tx, &app, person).await?),
    };
    tx.commit().await?;
    flow::arrive(&app, &flow, &code, new.as_ref())
}

/// The browser's token, if the person with this address signed in with it before.
async fn known_browser(app: &App, headers: &HeaderMap, email: &str) -> Result<Option<TokenHash>, Error> {
    let Some(token) = cookie::read(app, headers, Kind::KnownBrowser) else { return Ok(None) };
    let hash = token.hash();
    let mut tx = app.database.read().await?;
    let found: Option<i32> = on!(&mut tx, c => {
        sqlx::query_scalar(
            "SELECT 1 FROM known_browser JOIN person ON person.id = known_browser.person_id \
             WHERE known_browser.hash = $1 AND person.email = $2 AND known_browser.expires_at > $3",
        )
        .bind(hash.as_slice())
        .bind(email)
        .bind(app.clock.millis())
        .fetch_optional(c)
        .await?
    });
    Ok(found.map(|_| hash))
}
