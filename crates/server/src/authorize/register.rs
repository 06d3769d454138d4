//! A new account. It comes into being when the code from the mail is typed, never before: nobody can hold an address that is
//! not theirs. The page says the same whether or not the address has an account.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use secrecy::SecretString;
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
use crate::people::events::{self, Event};
use crate::people::{self, NAME_MAX, line};

/// The page for a new account.
#[utoipa::path(get, path = "/authorize/register", tag = "sign-in", params(OfFlow), responses(
    (status = 200, content_type = "text/html"), (status = 400, description = "The sign-in is over (a page)"),
))]
pub(crate) async fn page(
    State(app): State<App>,
    headers: HeaderMap,
    Query(asked): Query<OfFlow>,
) -> Result<Response, Error> {
    let flow = flow::load(&app, &headers, &asked.flow).await?;
    Ok(pages::register(&app, &flow, "", "", None).into_response())
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterForm {
    flow: String,
    display_name: String,
    email: String,
    #[schema(value_type = String)]
    password: SecretString,
}

/// Asks for a new account; a code is mailed.
#[utoipa::path(post, path = "/authorize/register", tag = "sign-in",
    request_body(content = RegisterForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 200, description = "The page that asks for the code, or the form again", content_type = "text/html"),
    (status = 400, description = "The sign-in is over (a page)"), (status = 429, description = "Too many mails (a page)"),
))]
pub(crate) async fn submit(
    State(app): State<App>,
    headers: HeaderMap,
    from: ClientAddress,
    Form(asked): Form<RegisterForm>,
) -> Result<Response, Error> {
    let flow = flow::load(&app, &headers, &asked.flow).await?;
    let again =
        |what: &str| Ok(pages::register(&app, &flow, &asked.display_name, &asked.email, Some(what)).into_response());
    if app.config.mail.is_none() {
        return again("This server sends no mail. Ask its operator for an account.");
    }
    let Some(name) = line(&asked.display_name, NAME_MAX) else {
        return again("Your name is one line of 1 to 80 characters.");
    };
    let Some(email) = people::email(&asked.email) else { return again("This is no e-mail address.") };
    app.limits.mail(from, AccountKey::of(&email))?;
    let hash = match app.hashing.hash_new(asked.password, &email, &name).await {
        Ok(hash) => hash,
        Err(error) if error.code == Code::WeakPassword => return again(error.sentence()),
        Err(error) => return Err(error),
    };
    let mut tx = app.database.write().await?;
    let (challenge, code) =
        challenge::put(&mut tx, &app, &flow, Purpose::Register, &email, Some((&name, &hash))).await?;
    outbox::put(&mut tx, &app, email.clone(), Letter::Register { code }).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(pages::register_code(&app, &flow, challenge, None).into_response())
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterCodeForm {
    flow: String,
    challenge: Uuid,
    #[schema(value_type = String)]
    code: SecretString,
}

/// Makes the account with the mailed code, and signs in.
#[utoipa::path(post, path = "/authorize/register/code", tag = "sign-in",
    request_body(content = RegisterCodeForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 303, description = "Back to the program, with a code"),
    (status = 200, description = "A page that opens the program, or the form again", content_type = "text/html"),
    (status = 400, description = "The sign-in is over (a page)"), (status = 429, description = "Too many tries (a page)"),
))]
pub(crate) async fn confirm(
    State(app): State<App>,
    headers: HeaderMap,
    from: ClientAddress,
    Form(asked): Form<RegisterCodeForm>,
) -> Result<Response, Error> {
    let flow = flow::load(&app, &headers, &asked.flow).await?;
    app.limits.guess(from)?;
    let typed = secrecy::ExposeSecret::expose_secret(&asked.code);
    let mut tx = app.database.write().await?;
    let answered = challenge::answer(&mut tx, &app, &flow, Purpose::Register, asked.challenge, typed).await?;
    let person = match &answered {
        Some(answered) => {
            let (name, hash) =
                (answered.display_name.as_deref().unwrap_or_default(), answered.password_hash.as_deref());
            // None: an account with this address came in between
            people::create(&mut tx, &app, Some(&answered.email), name, hash).await?
        }
        None => None,
    };
    let Some(person) = person else {
        tx.commit().await?;
        return Ok(pages::register_code(&app, &flow, asked.challenge, Some(pages::WRONG_CODE)).into_response());
    };
    challenge::used(&mut tx, &app, asked.challenge).await?;
    events::write(&mut tx, &app, Event::Registered, Some(person), None).await?;
    let code = flow::finish(&mut tx, &app, &flow, person).await?.ok_or(Error::from(Code::SignInOver))?;
    let known = flow::remember(&mut tx, &app, person).await?;
    tx.commit().await?;
    flow::arrive(&app, &flow, &code, Some(&known))
}
