//! Codes that are typed from a mail: eight characters, five tries, half an hour.

use domain::id::PersonId;
use sqlx::FromRow;
use uuid::Uuid;

use crate::app::App;
use crate::authorize::flow::Flow;
use crate::database::Tx;
use crate::error::Error;
use crate::id;
use crate::keys::Use;
use crate::on;
use crate::random;

pub(super) const LIFE_MS: i64 = 30 * 60 * 1000;
const TRIES: i64 = 5;
/// Without I, L, O, U: none is taken for another (Crockford). 32 of them, so five bits each.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Register,
    Reset,
}

impl Purpose {
    const fn text(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Reset => "reset",
        }
    }
}

/// What was typed into the form before the code was asked for.
#[derive(Debug, FromRow)]
pub(super) struct Answered {
    pub email: String,
    pub display_name: Option<String>,
    pub password_hash: Option<String>,
    code: Vec<u8>,
}

/// Eight letters with a dash in the middle.
fn draw() -> Result<String, random::NoRandomness> {
    let bytes: [u8; 8] = random::bytes()?;
    let letters =
        bytes.iter().map(|byte| LETTERS.get(usize::from(byte % 32)).map_or('0', |letter| char::from(*letter)));
    let mut code: String = letters.collect();
    code.insert(4, '-');
    Ok(code)
}

/// As people type it: small letters, spaces and without the dash; O for 0, I and L for 1.
fn plain(typed: &str) -> String {
    let letters = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').take(16);
    letters
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

fn mac(app: &App, id: Uuid, code: &str) -> [u8; 32] {
    app.keys.mac(Use::MailedCode, &[id.as_bytes(), plain(code).as_bytes()])
}

/// Keeps what was typed until the code is. Returns the challenge's id, which the page holds, and the code, which only the
/// mail holds.
pub(super) async fn put(
    tx: &mut Tx,
    app: &App,
    flow: &Flow,
    purpose: Purpose,
    email: &str,
    rest: Option<(&str, &str)>,
) -> Result<(Uuid, String), Error> {
    let (id, code) = (id::fresh(&*app.clock)?, draw()?);
    let mac = mac(app, id, &code);
    on!(tx, c => {
        sqlx::query(
            "INSERT INTO email_challenge (id, flow_id, kind, email, display_name, password_hash, code, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(id)
        .bind(flow.id().uuid())
        .bind(purpose.text())
        .bind(email)
        .bind(rest.map(|(display_name, _)| display_name))
        .bind(rest.map(|(_, password_hash)| password_hash))
        .bind(mac.as_slice())
        .bind(app.clock.millis().saturating_add(LIFE_MS))
        .execute(c)
        .await?
        .rows_affected()
    });
    Ok((id, code))
}

/// Counts a try, and says whether the code was right. Commit either way, or the try does not count.
pub(super) async fn answer(
    tx: &mut Tx,
    app: &App,
    flow: &Flow,
    purpose: Purpose,
    id: Uuid,
    typed: &str,
) -> Result<Option<Answered>, Error> {
    let row: Option<Answered> = on!(tx, c => {
        sqlx::query_as(
            "UPDATE email_challenge SET attempts = attempts + 1 WHERE id = $1 AND flow_id = $2 AND kind = $3 \
             AND used_at IS NULL AND attempts < $4 AND expires_at > $5 \
             RETURNING email, display_name, password_hash, code",
        )
        .bind(id)
        .bind(flow.id().uuid())
        .bind(purpose.text())
        .bind(TRIES)
        .bind(app.clock.millis())
        .fetch_optional(c)
        .await?
    });
    // two keyed hashes: how far they agree tells nothing about the code
    Ok(row.filter(|row| row.code == mac(app, id, typed)))
}

/// After this the code is used up.
pub(super) async fn used(tx: &mut Tx, app: &App, id: Uuid) -> Result<(), sqlx::Error> {
    on!(tx, c => {
        sqlx::query("UPDATE email_challenge SET used_at = $1 WHERE id = $2")
            .bind(app.clock.millis())
            .bind(id)
            .execute(c)
            .await
            .map(drop)
    })
}

/// The address that was typed into this flow; empty if there is no such challenge.
pub(super) async fn email_of(app: &App, flow: &Flow, id: Uuid) -> Result<String, Error> {
    let mut tx = app.database.read().await?;
    let email: Option<String> = on!(&mut tx, c => {
        sqlx::query_scalar("SELECT email FROM email_challenge WHERE id = $1 AND flow_id = $2")
            .bind(id)
            .bind(flow.id().uuid())
            .fetch_optional(c)
            .await?
    });
    Ok(email.unwrap_or_default())
}

/// The person with this address, if they may sign in.
pub(super) async fn person_of(tx: &mut Tx, email: &str) -> Result<Option<PersonId>, sqlx::Error> {
    let id: Option<Uuid> = on!(tx, c => {
        sqlx::query_scalar("SELECT id FROM person WHERE email = $1 AND disabled_at IS NULL")
            .bind(email)
            .fetch_optional(c)
            .await?
    });
    Ok(id.map(PersonId::new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert_eq!(plain("ab12-cd34"), "AB12CD34");
        assert_eq!(plain(" ab12 cd34\n"), "AB12CD34");
        assert_eq!(plain("oO0iIlL1"), "00011111");
        assert_eq!(plain(&"x".repeat(1000)).len(), 16);
        for _ in 0..200 {
            let code = draw().unwrap();
            assert_eq!(code.len(), 9);
            assert_eq!(plain(&code), code.replace('-', ""), "nothing drawn is read as something else");
        }
    }
}
