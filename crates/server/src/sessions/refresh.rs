//! Renewal with rotation. A token that comes again ends the session, except that an answer which got lost is given again:
//! to the same device, within 30 seconds, while the successor is unused, and it is the same successor.

use domain::id::PersonId;
use secrecy::ExposeSecret;
use sqlx::FromRow;
use uuid::Uuid;

use crate::app::App;
use crate::database::Tx;
use crate::error::{Code, Error};
use crate::id::{DeviceId, SessionId};
use crate::keys::Use;
use crate::mail::{Letter, outbox};
use crate::on;
use crate::organisations::invitations;
use crate::people::events::{self, Event};
use crate::policy::Signed;
use crate::random::{Kind, Token};
use crate::sessions::end::{self, Why};
use crate::sessions::proof::{self, Purpose};
use crate::sessions::token::{RefreshGrant, Tokens, tokens};
use crate::sessions::{IDLE_MS, LOST_ANSWER_MS};

#[derive(FromRow)]
struct SessionRow {
    id: Uuid,
    person_id: Uuid,
    device_id: Uuid,
    expires_at: i64,
    idle_at: i64,
    ended_at: Option<i64>,
    public_key: Vec<u8>,
    revoked_at: Option<i64>,
    disabled_at: Option<i64>,
    email: Option<String>,
}

#[derive(FromRow)]
struct TokenRow {
    session_id: Uuid,
    used_at: Option<i64>,
    successor: Option<Vec<u8>>,
}

pub(super) async fn renew(app: &App, grant: RefreshGrant) -> Result<Tokens, Error> {
    let refused = || Error::from(Code::InvalidGrant);
    let token = Token::read(Kind::Refresh, grant.refresh_token.expose_secret()).ok_or_else(refused)?;
    let now = app.clock.millis();
    let mut tx = app.database.write().await?;
    let row: Option<TokenRow> = on!(&mut tx, c => {
        // locks the row, so that of many that come at once each sees what the one before it did
        sqlx::query_as(
            "UPDATE refresh_token SET asked = asked + 1 WHERE hash = $1 RETURNING session_id, used_at, successor",
        )
        .bind(token.hash().as_slice())
        .fetch_optional(c)
        .await?
    });
    let row = row.ok_or_else(refused)?;
    let session = session(&mut tx, row.session_id).await?.ok_or_else(refused)?;
    let public_key: [u8; 32] = session.public_key.as_slice().try_into().map_err(|_| refused())?;
    // before anything changes: without the device's key a stolen token neither renews nor ends a session
    if !proof::holds(Purpose::Refresh, app.origin(), &public_key, token.text(), &grant.device_proof) {
        return Err(refused());
    }
    let lives = session.ended_at.is_none()
        && session.revoked_at.is_none()
        && session.disabled_at.is_none()
        && session.expires_at > now
        && session.idle_at > now;
    if !lives {
        return Err(refused());
    }
    let signed = Signed {
        person: PersonId::new(session.person_id),
        device: DeviceId::new(session.device_id),
        session: SessionId::new(session.id),
    };
    let next = match row.used_at {
        None => rotate(&mut tx, app, &token, &signed, now).await?,
        Some(used_at) => match again(&mut tx, app, &token, &row, now.saturating_sub(used_at)).await? {
            Some(next) => next,
            None => {
                end::one(&mut tx, signed.session, Why::Reused, now).await?;
                invitations::close_of(&mut tx, signed.person, now).await?;
                events::write(&mut tx, app, Event::RefreshReused, Some(signed.person), Some(signed.device)).await?;
                if let Some(email) = session.email {
                    outbox::put(&mut tx, app, email, Letter::SessionEnded).await?;
                }
                tx.commit().await?;
                app.mail_waits.notify_one();
                return Err(refused());
            }
        },
    };
    let tokens = tokens(app, &signed, &next)?;
    tx.commit().await?;
    Ok(tokens)
}

async fn session(tx: &mut Tx, id: Uuid) -> Result<Option<SessionRow>, sqlx::Error> {
    on!(tx, c => {
        sqlx::query_as(
            "SELECT session.id, session.person_id, session.device_id, session.expires_at, session.idle_at, session.ended_at, \
             device.public_key, device.revoked_at, person.disabled_at, person.email \
             FROM session JOIN device ON device.id = session.device_id JOIN person ON person.id = session.person_id \
             WHERE session.id = $1",
        )
        .bind(id)
        .fetch_optional(c)
        .await
    })
}

/// The token's one successor: computed, so that it can be given again without being kept.
fn successors(app: &App, token: &Token) -> impl Iterator<Item = Token> {
    app.keys.macs(Use::Successor, &[token.text().as_bytes()]).into_iter().map(|mac| Token::of(Kind::Refresh, &mac))
}

async fn rotate(tx: &mut Tx, app: &App, token: &Token, signed: &Signed, now: i64) -> Result<Token, Error> {
    let next = Token::of(Kind::Refresh, &app.keys.mac(Use::Successor, &[token.text().as_bytes()]));
    on!(&mut *tx, c => {
        sqlx::query("UPDATE refresh_token SET used_at = $1, successor = $2 WHERE hash = $3")
            .bind(now)
            .bind(next.hash().as_slice())
            .bind(token.hash().as_slice())
            .execute(c)
            .await?
            .rows_affected()
    });
    on!(&mut *tx, c => {
        sqlx::query("INSERT INTO refresh_token (hash, session_id) VALUES ($1, $2)")
            .bind(next.hash().as_slice())
            .bind(signed.session.uuid())
            .execute(c)
            .await?
            .rows_affected()
    });
    on!(&mut *tx, c => {
        sqlx::query("UPDATE session SET idle_at = $1 WHERE id = $2")
            .bind(now.saturating_add(IDLE_MS))
            .bind(signed.session.uuid())
            .execute(c)
            .await?
            .rows_affected()
    });
    on!(&mut *tx, c => {
        sqlx::query("UPDATE device SET last_seen_at = $1 WHERE id = $2")
            .bind(now)
            .bind(signed.device.uuid())
            .execute(c)
            .await?
            .rows_affected()
    });
    Ok(next)
}

/// The successor that was given before, if the rule of the lost answer holds.
async fn again(tx: &mut Tx, app: &App, token: &Token, row: &TokenRow, since: i64) -> Result<Option<Token>, Error> {
    let Some(successor) = &row.successor else { return Ok(None) };
    if since > LOST_ANSWER_MS {
        return Ok(None);
    }
    let used: Option<Option<i64>> = on!(tx, c => {
        sqlx::query_scalar("SELECT used_at FROM refresh_token WHERE hash = $1")
            .bind(successor.as_slice())
            .fetch_optional(c)
            .await?
    });
    if used != Some(None) {
        return Ok(None);
    }
    // under each key: the one that signs may have changed in between
    Ok(successors(app, token).find(|next| next.hash().as_slice() == successor.as_slice()))
}
