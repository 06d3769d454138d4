//! Mails that wait. Written in the transaction of what they tell of, so that neither is there without the other.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use crate::app::App;
use crate::database::Tx;
use crate::error::Error;
use crate::id;
use crate::mail::Letter;
use crate::on;

/// After this a code in it is worth nothing any more; notices may take longer.
const CODE_MS: i64 = 30 * 60 * 1000;
const NOTICE_MS: i64 = 3 * 24 * 60 * 60 * 1000;
/// While somebody works on a mail, others leave it alone; after a crash it is tried again.
const CLAIM_MS: i64 = 2 * 60 * 1000;
/// Mails of one round.
const ROUND: i64 = 20;

#[derive(Serialize, Deserialize)]
struct Content {
    to: String,
    letter: Letter,
}

/// A mail to be sent now.
pub(super) struct Waiting {
    pub id: Uuid,
    /// None if it does not open: the key it was sealed with is gone.
    pub content: Option<(String, Letter)>,
    /// This try included.
    pub attempts: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    sealed: Vec<u8>,
    attempts: i64,
}

fn place(id: Uuid) -> Vec<u8> {
    [b"mail/", id.as_bytes().as_slice()].concat()
}

/// Keeps a mail until it is taken. Wake the sender after the commit.
pub(crate) async fn put(tx: &mut Tx, app: &App, to: String, letter: Letter) -> Result<(), Error> {
    if app.config.mail.is_none() {
        // nobody would ever take it away
        return Ok(());
    }
    let life = match letter {
        Letter::Register { .. } | Letter::Reset { .. } => CODE_MS,
        Letter::Invitation { .. } | Letter::PasswordChanged | Letter::SessionEnded => NOTICE_MS,
    };
    let id = id::fresh(&*app.clock)?;
    let plain = serde_json::to_vec(&Content { to, letter }).map_err(|error| Error::internal("mail", &error))?;
    let sealed = app.keys.seal(&place(id), &zeroize::Zeroizing::new(plain))?;
    let now = app.clock.millis();
    on!(tx, c => {
        sqlx::query("INSERT INTO mail (id, sealed, next_at, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(id)
            .bind(sealed)
            .bind(now)
            .bind(now.saturating_add(life))
            .execute(c)
            .await?
            .rows_affected()
    });
    Ok(())
}

/// Takes mails that are due, so that no other process takes them meanwhile.
pub(super) async fn claim(app: &App) -> Result<Vec<Waiting>, sqlx::Error> {
    let now = app.clock.millis();
    let mut tx = app.database.write().await?;
    on!(&mut tx, c => sqlx::query("DELETE FROM mail WHERE expires_at <= $1").bind(now).execute(c).await?.rows_affected());
    let due: Vec<Uuid> = on!(&mut tx, c => {
        sqlx::query_scalar("SELECT id FROM mail WHERE next_at <= $1 ORDER BY next_at LIMIT $2")
            .bind(now)
            .bind(ROUND)
            .fetch_all(c)
            .await?
    });
    let mut taken = Vec::new();
    for id in due {
        let row: Option<Row> = on!(&mut tx, c => {
            // once more with the time: another process may have taken it since
            sqlx::query_as(
                "UPDATE mail SET attempts = attempts + 1, next_at = $1 WHERE id = $2 AND next_at <= $3 \
                 RETURNING id, sealed, attempts",
            )
            .bind(now.saturating_add(CLAIM_MS))
            .bind(id)
            .bind(now)
            .fetch_optional(c)
            .await?
        });
        taken.extend(row);
    }
    tx.commit().await?;
    Ok(taken
        .into_iter()
        .map(|row| {
            let content = app.keys.open_sealed(&place(row.id), &row.sealed);
            let content = content.and_then(|plain| serde_json::from_slice::<Content>(&plain).ok());
            Waiting { id: row.id, content: content.map(|c| (c.to, c.letter)), attempts: row.attempts }
        })
        .collect())
}

/// Taken by the mail server, or given up.
pub(super) async fn done(app: &App, id: Uuid) -> Result<(), sqlx::Error> {
    let mut tx = app.database.write().await?;
    on!(&mut tx, c => sqlx::query("DELETE FROM mail WHERE id = $1").bind(id).execute(c).await?.rows_affected());
    tx.commit().await
}

/// Not taken: tried again after `wait_ms`.
pub(super) async fn later(app: &App, id: Uuid, wait_ms: i64) -> Result<(), sqlx::Error> {
    let next = app.clock.millis().saturating_add(wait_ms);
    let mut tx = app.database.write().await?;
    on!(&mut tx, c => sqlx::query("UPDATE mail SET next_at = $1 WHERE id = $2").bind(next).bind(id).execute(c).await?.rows_affected());
    tx.commit().await
}

/// Whether there is an account with this address.
pub(super) async fn has_account(app: &App, email: &str) -> Result<bool, sqlx::Error> {
    let mut tx = app.database.read().await?;
    let found: Option<i32> = on!(&mut tx, c => {
        sqlx::query_scalar("SELECT 1 FROM person WHERE email = $1 AND disabled_at IS NULL")
            .bind(email)
            .fetch_optional(c)
            .await?
    });
    Ok(found.is_some())
}
