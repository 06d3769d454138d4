//! The person who is signed in.

use axum::extract::State;
use domain::id::PersonId;
use http::StatusCode;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::address::ClientAddress;
use crate::app::App;
use crate::error::{Code, Error, Problem};
use crate::extract::Json;
use crate::limits::AccountKey;
use crate::mail::{Letter, outbox};
use crate::on;
use crate::people::events::{self, Event};
use crate::people::hashing::Compared;
use crate::people::{NAME_MAX, line, password};
use crate::policy::Signed;
use crate::sessions::end::{self, Why};

/// Who is signed in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Me {
    #[schema(value_type = uuid::Uuid)]
    pub id: PersonId,
    /// Confirmed by mail; absent for people who sign in by an identity provider.
    pub email: Option<String>,
    pub display_name: String,
    pub has_password: bool,
}

#[derive(FromRow)]
struct Row {
    email: Option<String>,
    display_name: String,
    password_hash: Option<String>,
}

async fn row(app: &App, person: PersonId) -> Result<Row, Error> {
    let mut tx = app.database.read().await?;
    let row: Option<Row> = on!(&mut tx, c => {
        sqlx::query_as("SELECT email, display_name, password_hash FROM person WHERE id = $1 AND disabled_at IS NULL")
            .bind(person.uuid())
            .fetch_optional(c)
            .await?
    });
    row.ok_or(Code::Unauthenticated.into())
}

/// Says who is signed in.
#[utoipa::path(get, path = "/v1/me", tag = "people", responses((status = 200, body = Me)))]
pub(crate) async fn read(State(app): State<App>, signed: Signed) -> Result<axum::Json<Me>, Error> {
    let row = row(&app, signed.person).await?;
    Ok(axum::Json(Me {
        id: signed.person,
        email: row.email,
        display_name: row.display_name,
        has_password: row.password_hash.is_some(),
    }))
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeMe {
    /// One line of 1 to 80 characters.
    pub display_name: String,
}

/// Changes the name that others see.
#[utoipa::path(patch, path = "/v1/me", tag = "people", request_body = ChangeMe, responses(
    (status = 204),
))]
pub(crate) async fn change(
    State(app): State<App>,
    signed: Signed,
    Json(asked): Json<ChangeMe>,
) -> Result<StatusCode, Error> {
    let name = line(&asked.display_name, NAME_MAX)
        .ok_or_else(|| Error::with(Code::Malformed, "A name is one line of 1 to 80 characters."))?;
    let mut tx = app.database.write().await?;
    on!(&mut tx, c => {
        sqlx::query("UPDATE person SET display_name = $1 WHERE id = $2")
            .bind(name)
            .bind(signed.person.uuid())
            .execute(c)
            .await?
            .rows_affected()
    });
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    #[schema(value_type = String)]
    pub current_password: SecretString,
    /// 8 to 128 characters of any content.
    #[schema(value_type = String)]
    pub new_password: SecretString,
}

/// Changes the password and ends all other sessions.
#[utoipa::path(post, path = "/v1/me/password", tag = "people", request_body = ChangePassword, responses(
    (status = 204), (status = 403, description = "The current password is not right", body = Problem),
    (status = 409, description = "This person has no password", body = Problem),
))]
pub(crate) async fn change_password(
    State(app): State<App>,
    signed: Signed,
    from: ClientAddress,
    Json(asked): Json<ChangePassword>,
) -> Result<StatusCode, Error> {
    let row = row(&app, signed.person).await?;
    let kept = row.password_hash.ok_or(Error::from(Code::NoPassword))?;
    let email = row.email.unwrap_or_default();
    password::fits(&asked.new_password).map_err(|unfit| Error::with(Code::WeakPassword, unfit.to_string()))?;
    // counted apart from sign-ins: a stolen access token must not lock its person out
    app.limits.password(from, AccountKey::of(&signed.session.to_string()), None)?;
    if app.hashing.compare(asked.current_password, Some(kept.clone())).await? == Compared::Wrong {
        return Err(Code::WrongPassword.into());
    }
    let hash = app.hashing.hash_new(asked.new_password, &email, &row.display_name).await?;
    let now = app.clock.millis();
    let mut tx = app.database.write().await?;
    let changed = on!(&mut tx, c => {
        // only from the password that was compared: of two changes at once one wins
        sqlx::query("UPDATE person SET password_hash = $1 WHERE id = $2 AND password_hash = $3")
            .bind(hash)
            .bind(signed.person.uuid())
            .bind(kept)
            .execute(c)
            .await?
            .rows_affected()
    });
    if changed == 0 {
        return Err(Code::WrongPassword.into());
    }
    forget_proofs(&mut tx, signed.person, &email).await?;
    end::of_person(&mut tx, signed.person, Some(signed.session), Why::PasswordChanged, now).await?;
    events::write(&mut tx, &app, Event::PasswordChanged, Some(signed.person), Some(signed.device)).await?;
    if !email.is_empty() {
        outbox::put(&mut tx, &app, email, Letter::PasswordChanged).await?;
    }
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

/// Whatever else could lead into the account under the old password: codes in mails, and browsers that counted as known.
pub(crate) async fn forget_proofs(
    tx: &mut crate::database::Tx,
    person: PersonId,
    email: &str,
) -> Result<(), sqlx::Error> {
    on!(&mut *tx, c => {
        sqlx::query("DELETE FROM email_challenge WHERE email = $1").bind(email).execute(c).await?.rows_affected()
    });
    on!(tx, c => {
        sqlx::query("DELETE FROM known_browser WHERE person_id = $1").bind(person.uuid()).execute(c).await?.rows_affected()
    });
    Ok(())
}
