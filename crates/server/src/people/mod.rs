//! People: who they are, and what may be their address, name and password.

pub mod events;
pub mod hashing;
pub mod me;
pub mod password;

use domain::id::PersonId;
use uuid::Uuid;

use crate::app::App;
use crate::database::Tx;
use crate::error::Error;
use crate::id;
use crate::on;

/// Characters of a display name.
pub const NAME_MAX: usize = 80;
/// Bytes of an address (RFC 5321 section 4.5.3.1.3, without the angle brackets).
const EMAIL_MAX: usize = 254;

/// One line of text, trimmed: 1 to `most` characters, none of which moves the cursor or turns the direction of writing.
pub(crate) fn line(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let bad = text.chars().any(|c| c.is_control() || turns(c));
    (!text.is_empty() && !bad && text.chars().count() <= most).then(|| text.to_owned())
}

/// An e-mail address as it is kept and compared: in small letters, ASCII alone, so that no two that look alike differ.
pub(crate) fn email(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > EMAIL_MAX || !text.is_ascii() {
        return None;
    }
    let text = text.to_ascii_lowercase();
    let address: lettre::Address = text.parse().ok()?;
    // with a dot, no address literal: what a person means when they type one
    let domain = address.domain();
    let plain = address.user().bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b));
    (plain && domain.contains('.') && !domain.starts_with('[')).then_some(text)
}

/// Whether there is such a person, and they may sign in.
pub(crate) async fn enabled(tx: &mut Tx, person: PersonId) -> Result<bool, sqlx::Error> {
    let found: Option<i32> = on!(tx, c => {
        sqlx::query_scalar("SELECT 1 FROM person WHERE id = $1 AND disabled_at IS NULL")
            .bind(person.uuid())
            .fetch_optional(c)
            .await?
    });
    Ok(found.is_some())
}

/// Makes a person. `None` if the address belongs to somebody already.
pub(crate) async fn create(
    tx: &mut Tx,
    app: &App,
    email: Option<&str>,
    display_name: &str,
    password_hash: Option<&str>,
) -> Result<Option<PersonId>, Error> {
    let person: Uuid = id::fresh(&*app.clock)?;
    let made = on!(tx, c => {
        sqlx::query(
            "INSERT INTO person (id, email, display_name, password_hash, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (email) DO NOTHING",
        )
        .bind(person)
        .bind(email)
        .bind(display_name)
        .bind(password_hash)
        .bind(app.clock.millis())
        .execute(c)
        .await?
        .rows_affected()
    });
    Ok((made == 1).then_some(PersonId::new(person)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_breaks_no_control_and_no_turns() {
        assert_eq!(line("  Ada Lovelace ", 80).as_deref(), Some("Ada Lovelace"));
        assert_eq!(line("Zoë 🦊", 80).as_deref(), Some("Zoë 🦊"));
        for bad in ["", "  ", "a\r\nBcc: x", "a\u{1b}[31m", "a\u{202e}b", "a\u{2028}b", &"x".repeat(81)] {
            assert!(line(bad, 80).is_none(), "{bad:?}");
        }
        assert!(line(&"ä".repeat(80), 80).is_some());
    }

    #[test]
    fn addresses_are_compared_in_small_letters_and_headers_cannot_be_made_with_them() {
        assert_eq!(email(" Ada@Example.COM ").as_deref(), Some("ada@example.com"));
        assert_eq!(email("a.b+c@sub.example.org").as_deref(), Some("a.b+c@sub.example.org"));
        for bad in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "ada@localhost",
            "ada@[127.0.0.1]",
            "ada@example.com\r\nBcc: eve@example.com",
            "ada@example.com, eve@example.com",
            "Ada <ada@example.com>",
            "\"a b\"@example.com",
            "ad\u{e4}@example.com",
            "a\0b@example.com",
            &format!("{}@example.com", "a".repeat(250)),
        ] {
            assert!(email(bad).is_none(), "{bad:?}");
        }
    }
}
