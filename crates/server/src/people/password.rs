//! What may be a password: 8 to 128 characters of any content, and not one of those that are tried first.

use secrecy::{ExposeSecret, SecretString};
use zxcvbn::{Score, zxcvbn};

/// Characters (Unicode scalar values).
pub const MIN: usize = 8;
pub const MAX: usize = 128;

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("A password has at least {MIN} characters.")]
    Short,
    #[error("A password has at most {MAX} characters.")]
    Long,
    #[error(
        "This password is too easy to guess: it is one of those that are tried first, or made of your name or address."
    )]
    Guessable,
}

/// Whether a password is within its lengths. Costs nothing, so that it can be asked of every password that comes.
pub(crate) fn fits(password: &SecretString) -> Result<(), Unfit> {
    // in bytes first: no need to count through a megabyte
    let text = password.expose_secret();
    if text.len() > MAX * 4 {
        return Err(Unfit::Long);
    }
    match text.chars().count() {
        ..MIN => Err(Unfit::Short),
        MIN..=MAX => Ok(()),
        _ => Err(Unfit::Long),
    }
}

/// Whether a new password is fit for a person with this address and name. Looked up offline, in the thirty thousand most
/// common passwords, English words and names, with their usual disguises (zxcvbn, Wheeler 2016). Takes some milliseconds.
pub(crate) fn judge(password: &SecretString, email: &str, display_name: &str) -> Result<(), Unfit> {
    fits(password)?;
    let text = password.expose_secret();
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let host = domain.split('.').next().unwrap_or_default();
    let mut own = vec![email, local, domain, host, display_name, "sendoff"];
    own.extend(display_name.split_whitespace());
    own.extend(local.split(['.', '_', '-', '+']));
    own.retain(|part| part.chars().count() >= 3);
    let estimate = zxcvbn(text, &own);
    // fewer than a hundred million guesses
    if estimate.score() < Score::Three { Err(Unfit::Guessable) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(password: &str) -> Result<(), Unfit> {
        judge(&password.to_owned().into(), "ada.lovelace@example.com", "Ada Lovelace")
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for common in [
            "password",
            "12345678",
            "Password123!",
            "P@ssw0rd",
            "iloveyou1",
            "qwertyuiop",
            "letmein123",
            "sunshine1",
            "aaaaaaaaaaaa",
            "abcdefgh",
            "trustno1trustno1",
            "adalovelace",
            "Lovelace1815",
            "ada.lovelace@example.com",
            "example123",
            "sendoff2026",
        ] {
            assert_eq!(judged(common), Err(Unfit::Guessable), "{common}");
        }
    }

    #[test]
    fn anything_else_of_any_content_is_taken() {
        for good in
            ["correct horse battery staple", "k9#vTq2!xw", "äöüß 東京 🦊 zwölf", "        x   y  7 q ", "v7Qm2p9Xz4"]
        {
            assert_eq!(judged(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert_eq!(judged("x7#Qp2!"), Err(Unfit::Short));
        assert_eq!(fits(&"🦊".repeat(128).into()), Ok(()));
        assert_eq!(fits(&"🦊".repeat(129).into()), Err(Unfit::Long));
        assert_eq!(fits(&"x".repeat(1024 * 1024).into()), Err(Unfit::Long));
    }
}
