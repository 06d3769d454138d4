//! What can go wrong, in words for people.
//!
//! `Display` of every error is one or two plain sentences that say what happened and, where a person can do something,
//! what. What the network itself wrote is kept apart in a [`Detail`]: bounded, in one line, without any secret.

use std::fmt;

use jiff::Timestamp;

use crate::credential::Unreadable;

/// What the network or the connection said: at most 2 KiB, control characters replaced, known secrets taken out. It is
/// shown on request, always as text.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Detail(String);

impl Detail {
    pub const MAX_BYTES: usize = 2048;

    /// `secrets` are taken out wherever they stand: a server may echo what it was sent.
    pub(crate) fn new(text: &str, secrets: &[&str]) -> Self {
        let mut text = text.to_owned();
        for secret in secrets.iter().filter(|secret| secret.len() >= 8) {
            text = text.replace(secret, "[removed]");
        }
        let mut kept = String::new();
        for c in text.chars() {
            let c = if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
            if kept.len() + c.len_utf8() > Self::MAX_BYTES {
                break;
            }
            kept.push(c);
        }
        Self(kept.trim().to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Debug for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&egress::EgressError> for Detail {
    fn from(error: &egress::EgressError) -> Self {
        Self::new(&error.to_string(), &[])
    }
}

/// Connecting an account did not work. Nothing was kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    #[error("This network does not accept passwords here. Sign in with the browser instead.")]
    NotOffered,
    #[error("This is not a valid handle. On Bluesky it looks like ada.bsky.social.")]
    BadHandle,
    #[error("Enter the address of your server, for example mastodon.social.")]
    ServerMissing,
    #[error("No account named {handle} was found. Check the spelling.")]
    HandleNotFound { handle: String },
    #[error("The handle or the app password is wrong. An app password looks like abcd-efgh-ijkl-mnop.")]
    WrongPassword,
    #[error(
        "This account asks for a second step when its main password is used. Create an app password in the settings of the network, or sign in with the browser."
    )]
    SecondStepNeeded,
    #[error("The network says that this account is not active. Open it in your browser to see why.")]
    AccountNotActive { detail: Detail },
    #[error("{server} is not a {network} server. Check the address.")]
    NotThisNetwork { server: String, network: &'static str, detail: Detail },
    #[error("{server} cannot be reached. Check the address and your connection, then try again.")]
    Unreachable { server: String, detail: Detail },
    #[error(
        "Sendoff does not connect to {server}: it is not an https address on the public internet. If it is your own server, allow it in the settings."
    )]
    Blocked { server: String, detail: Detail },
    #[error("The server is limiting requests. Wait a few minutes, then try again.")]
    RateLimited { until: Timestamp },
    #[error("The sign-in was declined in the browser. Nothing was connected.")]
    Declined,
    #[error("The sign-in took too long. Start it again.")]
    TookTooLong,
    #[error("The response did not belong to this sign-in and was ignored. Start the sign-in again.")]
    NotOurAnswer { reason: &'static str },
    #[error("You signed in with a different account. Nothing was connected.")]
    OtherAccount,
    #[error("The server did not grant everything that publishing needs ({missing}). Sign in again and allow it.")]
    ScopeMissing { missing: String },
    #[error("{server} does not offer a sign-in that is secure enough ({reason}).")]
    Unsafe { server: String, reason: &'static str },
    #[error("This network cannot return the sign-in this way. Try another method.")]
    RedirectNotPossible,
    #[error("The server refused the sign-in.")]
    Refused { status: u16, detail: Detail },
    #[error("The operating system provides no random numbers. Restart Sendoff.")]
    NoRandomness,
}

/// A call with an existing sign-in did not work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// No answer, or none that can be used: it may work later.
    #[error("The network gave no usable response. Sendoff will try again.")]
    NoAnswer { detail: Detail },
    /// The egress policy said no: it will not work later either.
    #[error("Sendoff does not connect to this server. If it is your own server, allow it in the settings.")]
    Blocked { detail: Detail },
    /// The network no longer accepts the credential, or it cannot be read.
    #[error("The network no longer accepts the sign-in. Reconnect the account.")]
    SignInRefused,
    #[error("The network is limiting requests. Wait a few minutes, then try again.")]
    RateLimited { until: Timestamp },
    #[error("The network rejected the request.")]
    Refused { status: u16, detail: Detail },
}

impl From<Unreadable> for CallError {
    fn from(_: Unreadable) -> Self {
        Self::SignInRefused
    }
}

/// The sign-in could not be renewed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RefreshError {
    /// Definite: only a new sign-in helps.
    #[error("This account is signed out. Reconnect it.")]
    Ended,
    /// The credential is kept; try again later.
    #[error("The sign-in could not be renewed. Sendoff will try again.")]
    Temporary { detail: Detail },
    #[error("The network is limiting requests. The sign-in is renewed later.")]
    RateLimited { until: Timestamp },
}

/// A post could not be made ready. Nothing was posted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PrepareError {
    #[error(transparent)]
    Call(#[from] CallError),
    /// It would be refused; the sentence says why.
    #[error("{sentence}")]
    BreaksRules { sentence: String },
    /// The network still works on an image after a minute: it may work later.
    #[error("The network is still processing an image or a video. Sendoff will try again.")]
    StillProcessing,
}

impl From<Unreadable> for PrepareError {
    fn from(unreadable: Unreadable) -> Self {
        Self::Call(unreadable.into())
    }
}

impl ConnectError {
    /// What the network itself said, if anything.
    pub fn detail(&self) -> Option<&Detail> {
        match self {
            Self::AccountNotActive { detail }
            | Self::NotThisNetwork { detail, .. }
            | Self::Unreachable { detail, .. }
            | Self::Blocked { detail, .. }
            | Self::Refused { detail, .. } => Some(detail),
            _ => None,
        }
    }
}

impl CallError {
    /// What the network itself said, if anything.
    pub fn detail(&self) -> Option<&Detail> {
        match self {
            Self::NoAnswer { detail } | Self::Blocked { detail } | Self::Refused { detail, .. } => Some(detail),
            Self::SignInRefused | Self::RateLimited { .. } => None,
        }
    }

    /// Whether the same call may work later without anybody doing anything.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::NoAnswer { .. } | Self::RateLimited { .. })
    }
}

impl PrepareError {
    /// What the network itself said, if anything.
    pub fn detail(&self) -> Option<&Detail> {
        match self {
            Self::Call(error) => error.detail(),
            Self::BreaksRules { .. } | Self::StillProcessing => None,
        }
    }

    /// Whether the same post may be made ready later without anybody doing anything.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Call(error) => error.may_pass(),
            Self::BreaksRules { .. } => false,
            Self::StillProcessing => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_is_short_one_line_and_without_secrets() {
        let long = format!("bad\r\n\u{1b}[31m token=top-secret-token {}", "é".repeat(5000));
        let detail = Detail::new(&long, &["top-secret-token", "short"]);
        assert!(detail.as_str().len() <= Detail::MAX_BYTES, "{}", detail.as_str().len());
        assert!(detail.as_str().starts_with("bad   [31m token=[removed] é"), "{detail}");
        assert!(!detail.as_str().contains(char::is_control));
    }
}
