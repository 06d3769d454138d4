//! A new password for one that is forgotten. The page says the same whether or not there is an account, and does the same work:
//! who gets a mail is found out when the mail is written.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use uuid::Uuid;

use crate::address::ClientAddress;
use crate::app::App;
use crate::authorize::challenge::{self, Purpose};
use crate::authorize::sign_in::OfFlow;
use crate::authorize::{flow, pages};
use crate::error::{Code, Error};
use crate::extract::{Form, Query};
use crate::limits::AccountKey;
use crate::mail::{Letter, outbox};
use crate::on;
use crate::people::events::{self, Event};
use crate::people::{self, me};
use crate::sessions::end::{self, Why};

/// The page that asks for the address.
#[utoipa::path(get, path = "/authorize/reset", tag = "sign-in", params(OfFlow), responses(
    (status = 200, content_type = "text/html"), (status = 400, description = "The sign-in is over (a page)"),
))]
pub(crate) async fn page(
    State(app): State<App>,
    headers: HeaderMap,
    Query(asked): Query<OfFlow>,
) -> Result<Response, Error> {
    let flow = flow::load(&app, &headers, &asked.flow).await?;
    Ok(pages::reset(&app, &flow, "", None).into_response())
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetForm {
    flow: String,
    email: String,
}

/// Asks for a new password; a code is mailed if there is an account.
#[utoipa::path(post, path = "/authorize/reset", tag = "sign-in",
    request_body(content = ResetForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 200, description = "The page that asks for the code, or the form again", content_type = "text/html"),
    (status = 400, description = "The sign-in is over (a page)"), (status = 429, description = "Too many mails (a page)"),
))]
pub(crate) async fn submit(
    State(app): State<App>,
    headers: HeaderMap,
    from: ClientAddress,
    Form(asked): Form<ResetForm>,
) -> Result<Response, Error> {
    let flow = flow::load(&app, &headers, &asked.flow).await?;
    let again = |what: &str| Ok(pages::reset(&app, &flow, &asked.email, Some(what)).into_response());
    if app.config.mail.is_none() {
        return again("This server sends no mail. Ask its operator for a new password.");
    }
    let Some(email) = people::email(&asked.email) else { return again("This is no e-mail address.") };
    app.limits.mail(from, AccountKey::of(&email))?;
    let mut tx = app.database.write().await?;
    let (challenge, code) = challenge::put(&mut tx, &app, &flow, Purpose::Reset, &email, None).await?;
    outbox::put(&mut tx, &app, email, Letter::Reset { code }).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(pages::reset_code(&app, &flow, challenge, None).into_response())
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetCodeForm {
    flow: String,
    challenge: Uuid,
    #[schema(value_type = String)]
    code: SecretString,
    #[schema(value_type = String)]
    password: SecretString,
}

/// Sets a new password with the mailed code, ends all sessions, and signs in.
#[utoipa::path(post, path = "/authorize/reset/code", tag = "sign-in",
    request_body(content = ResetCodeForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 303, description = "Back to the program, with a code"),
    (status = 200, description = "A page that opens the program, or the form again", content_type = "text/html"),
    (status = 400, description = "The sign-in is over (a page)"), (status = 429, description = "Too many tries (a page)"),
))]
pub(crate) async fn confirm(
    State(app): State<App>,
    headers: HeaderMap,
    from: ClientAddress,
    Form(asked): Form<ResetCodeForm>,
) -> Result<Response, Error> {
    let flow = flow::load(&app, &headers, &asked.flow).await?;
    let again = |what: &str| Ok(pages::reset_code(&app, &flow, asked.challenge, Some(what)).into_response());
    app.limits.guess(from)?;
    // judged without the name, which only somebody with the code may learn anything about
    let email = challenge::email_of(&app, &flow, asked.challenge).await?;
    let hash = match app.hashing.hash_new(asked.password, &email, "").await {
        Ok(hash) => hash,
        Err(error) if error.code == Code::WeakPassword => return again(error.sentence()),
        Err(error) => return Err(error),
    };
    let now = app.clock.millis();
    let mut tx = app.database.write().await?;
    let typed = asked.code.expose_secret();
    let answered = challenge::answer(&mut tx, &app, &flow, Purpose::Reset, asked.challenge, typed).await?;
    let person = match &answered {
        Some(answered) => challenge::person_of(&mut tx, &answered.email).await?,
        None => None,
    };
    let (Some(answered), Some(person)) = (answered, person) else {
        tx.commit().await?;
        return again(pages::WRONG_CODE);
    };
    on!(&mut tx, c => {
        sqlx::query("UPDATE person SET password_hash = $1 WHERE id = $2")
            .bind(hash)
            .bind(person.uuid())
            .execute(c)
            .await?
            .rows_affected()
    });
    me::forget_proofs(&mut tx, person, &answered.email).await?;
    end::of_person(&mut tx, person, None, Why::PasswordChanged, now).await?;
    events::write(&mut tx, &app, Event::PasswordReset, Some(person), None).await?;
    outbox::put(&mut tx, &app, answered.email, Letter::PasswordChanged).await?;
    let code = flow::finish(&mut tx, &app, &flow, person).await?.ok_or(Error::from(Code::SignInOver))?;
    let known = flow::remember(&mut tx, &app, person).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    flow::arrive(&app, &flow, &code, Some(&known))
}
