//! The ends of sessions. An ended session is dead at once: every request asks the database.

use axum::extract::State;
use domain::id::PersonId;
use http::StatusCode;

use crate::app::App;
use crate::database::Tx;
use crate::error::Error;
use crate::id::{DeviceId, SessionId};
use crate::on;
use crate::organisations::invitations;
use crate::people::events::{self, Event};
use crate::policy::Signed;

/// Why a session ended; kept with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    SignedOut,
    SignedOutEverywhere,
    PasswordChanged,
    DeviceRevoked,
    /// A refresh token or code came a second time: somebody has a copy.
    Reused,
}

impl Why {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::SignedOutEverywhere => "signed_out_everywhere",
            Self::PasswordChanged => "password_changed",
            Self::DeviceRevoked => "device_revoked",
            Self::Reused => "reused",
        }
    }
}

pub(crate) async fn one(tx: &mut Tx, session: SessionId, why: Why, now: i64) -> Result<(), sqlx::Error> {
    on!(tx, c => {
        sqlx::query("UPDATE session SET ended_at = $1, ended_for = $2 WHERE id = $3 AND ended_at IS NULL")
            .bind(now)
            .bind(why.text())
            .bind(session.uuid())
            .execute(c)
            .await
            .map(drop)
    })
}

pub(crate) async fn of_device(tx: &mut Tx, device: DeviceId, why: Why, now: i64) -> Result<(), sqlx::Error> {
    on!(tx, c => {
        sqlx::query("UPDATE session SET ended_at = $1, ended_for = $2 WHERE device_id = $3 AND ended_at IS NULL")
            .bind(now)
            .bind(why.text())
            .bind(device.uuid())
            .execute(c)
            .await
            .map(drop)
    })
}

/// All sessions of a person but one, and everything that could still become a session: codes, and sign-ins that a provider
/// has confirmed. Their open invitations are closed too: a session that was ended for a reason may have sent them.
pub(crate) async fn of_person(
    tx: &mut Tx,
    person: PersonId,
    but: Option<SessionId>,
    why: Why,
    now: i64,
) -> Result<(), sqlx::Error> {
    // codes before sessions: one that is redeemed at this moment is waited for, and what it began is ended below
    // not deleted: the session of a code that is used again has to be found
    on!(&mut *tx, c => {
        sqlx::query("UPDATE authorization_code SET expires_at = 0 WHERE person_id = $1")
            .bind(person.uuid())
            .execute(c)
            .await?
            .rows_affected()
    });
    on!(&mut *tx, c => {
        sqlx::query("UPDATE flow SET finished_at = $1 WHERE person_id = $2 AND finished_at IS NULL")
            .bind(now)
            .bind(person.uuid())
            .execute(c)
            .await?
            .rows_affected()
    });
    on!(&mut *tx, c => {
        sqlx::query(
            "UPDATE session SET ended_at = $1, ended_for = $2 WHERE person_id = $3 AND ended_at IS NULL AND id <> $4",
        )
        .bind(now)
        .bind(why.text())
        .bind(person.uuid())
        .bind(but.map_or(uuid::Uuid::nil(), SessionId::uuid))
        .execute(c)
        .await?
        .rows_affected()
    });
    invitations::close_of(tx, person, now).await
}

/// Ends this session.
#[utoipa::path(post, path = "/v1/sign-out", tag = "sessions", responses(
    (status = 204, description = "This session is over, with every token of it"),
))]
pub(crate) async fn sign_out(State(app): State<App>, signed: Signed) -> Result<StatusCode, Error> {
    let mut tx = app.database.write().await?;
    one(&mut tx, signed.session, Why::SignedOut, app.clock.millis()).await?;
    events::write(&mut tx, &app, Event::SignedOut, Some(signed.person), Some(signed.device)).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all sessions of the person, this one too.
#[utoipa::path(post, path = "/v1/sign-out-everywhere", tag = "sessions", responses(
    (status = 204, description = "No session of this person is left"),
))]
pub(crate) async fn sign_out_everywhere(State(app): State<App>, signed: Signed) -> Result<StatusCode, Error> {
    let mut tx = app.database.write().await?;
    of_person(&mut tx, signed.person, None, Why::SignedOutEverywhere, app.clock.millis()).await?;
    events::write(&mut tx, &app, Event::SignedOutEverywhere, Some(signed.person), Some(signed.device)).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
