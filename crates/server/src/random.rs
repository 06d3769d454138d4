//! Secrets that are drawn at random, and what is kept of them.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// The operating system gave no random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandomness;

pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// What a random token is good for. The kind is the head of its text and part of its hash, so that no token is ever taken
/// for one of another kind, whatever table it is looked up in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Renews a session, once.
    Refresh,
    /// Buys a session from a finished sign-in, once.
    Code,
    /// Ties a sign-in to the browser that began it.
    Browser,
    /// Tells a browser that somebody signed in with before from all others.
    KnownBrowser,
    /// Comes back from an identity provider.
    ProviderState,
    /// Lets whoever got the mail into an organisation, once.
    Invitation,
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::Refresh, Self::Code, Self::Browser, Self::KnownBrowser, Self::ProviderState, Self::Invitation];

    /// Also what a scanner for leaked secrets can look for.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Refresh => "sor_",
            Self::Code => "soc_",
            Self::Browser => "sob_",
            Self::KnownBrowser => "sok_",
            Self::ProviderState => "sos_",
            Self::Invitation => "soi_",
        }
    }
}

/// 256 random bits as text: the kind's head and 43 characters of base64url.
#[derive(Clone)]
pub struct Token(SecretString);

/// What the database keeps of a [`Token`]: the SHA-256 of its text, head included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub(crate) [u8; 32]);

impl TokenHash {
    pub(crate) fn as_slice(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl Token {
    /// # Errors
    /// The system has no randomness to give.
    pub fn random(kind: Kind) -> Result<Self, NoRandomness> {
        Ok(Self::of(kind, &bytes::<32>()?))
    }

    pub(crate) fn of(kind: Kind, bytes: &[u8; 32]) -> Self {
        Self(format!("{}{}", kind.prefix(), base64url(bytes)).into())
    }

    /// A text from outside, if it has the form of this kind.
    pub fn read(kind: Kind, text: &str) -> Option<Self> {
        let bytes = from_base64url(text.strip_prefix(kind.prefix())?)?;
        (bytes.len() == 32).then(|| Self(text.to_owned().into()))
    }

    pub fn text(&self) -> &str {
        self.0.expose_secret()
    }

    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.text()).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::string_slice)]
    use super::*;

    #[test]
    fn a_token_is_read_as_its_own_kind_only() {
        for kind in Kind::ALL {
            let token = Token::random(kind).unwrap();
            for other in Kind::ALL {
                assert_eq!(Token::read(other, token.text()).is_some(), kind == other);
            }
            assert!(!format!("{token:?}").contains(token.text()));
        }
    }

    #[test]
    fn neither_shorter_nor_longer_nor_padded_ones_are_read() {
        let token = Token::random(Kind::Refresh).unwrap();
        let text = token.text();
        for wrong in
            [&text[..text.len() - 1], &format!("{text}A"), &format!("{text}="), "sor_", "", &format!(" {text}")]
        {
            assert!(Token::read(Kind::Refresh, wrong).is_none(), "{wrong}");
        }
    }
}
