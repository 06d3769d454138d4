//! What a client is told when something is not done: a closed code, a sentence, and nothing of the inside.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;

use crate::random::NoRandomness;

/// Everything that can be wrong with a request. Clients match the code, never the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// No access token, or one that is not valid (any more). The same for every reason.
    Unauthenticated,
    /// Signed in, and not allowed.
    Forbidden,
    /// There is no such thing, or not for this person.
    NotFound,
    MethodNotAllowed,
    /// The body or a parameter is not of the form this address takes.
    Malformed,
    TooLarge,
    UnsupportedMediaType,
    /// Too many requests; `Retry-After` says when to come back.
    TooManyRequests,
    /// The server is busy or its database does not answer; a retry helps.
    Busy,
    /// The request took too long.
    Timeout,
    /// The fault is the server's.
    Internal,
    /// A request for sign-in that does not follow the rules; no redirect happens.
    InvalidRequest,
    /// A code or refresh token that is unknown, used, expired, or not for this caller.
    InvalidGrant,
    /// The sign-in was not begun in this browser, is over, or took too long.
    SignInOver,
    /// The password given for confirmation is not the person's.
    WrongPassword,
    /// The new password does not meet the rules.
    WeakPassword,
    /// The person signs in by an identity provider and has no password.
    NoPassword,
    /// The identity provider did not confirm who this is.
    ProviderRefused,
    /// The organisation has no room for the file.
    StorageFull,
    /// The bytes are not what was said of them.
    WrongContent,
}

impl Code {
    pub const ALL: [Self; 20] = [
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Malformed,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::TooManyRequests,
        Self::Busy,
        Self::Timeout,
        Self::Internal,
        Self::InvalidRequest,
        Self::InvalidGrant,
        Self::SignInOver,
        Self::WrongPassword,
        Self::WeakPassword,
        Self::NoPassword,
        Self::ProviderRefused,
        Self::StorageFull,
        Self::WrongContent,
    ];

    pub const fn status(self) -> StatusCode {
        match self {
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::WrongPassword => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Malformed | Self::WeakPassword | Self::WrongContent => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            // not 408, which browsers repeat by themselves
            Self::Busy | Self::Timeout => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::InvalidRequest | Self::InvalidGrant | Self::SignInOver => StatusCode::BAD_REQUEST,
            Self::NoPassword | Self::StorageFull => StatusCode::CONFLICT,
            Self::ProviderRefused => StatusCode::BAD_GATEWAY,
        }
    }

    /// A sentence for people.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Unauthenticated => "Sign in first.",
            Self::Forbidden => "You may not do this.",
            Self::NotFound => "There is nothing here.",
            Self::MethodNotAllowed => "This address does not take that method.",
            Self::Malformed => "The request is not of the form that this address takes.",
            Self::TooLarge => "The request is too large.",
            Self::UnsupportedMediaType => "The body is of a type that this address does not take.",
            Self::TooManyRequests => "That was too often. Wait a moment and try again.",
            Self::Busy => "The server is busy. Try again in a moment.",
            Self::Timeout => "The request took too long.",
            Self::Internal => "Something went wrong on the server.",
            Self::InvalidRequest => "This request for a sign-in does not follow the rules.",
            Self::InvalidGrant => "This sign-in is not valid any more.",
            Self::SignInOver => "This sign-in is over. Begin again in Sendoff.",
            Self::WrongPassword => "The password is not right.",
            Self::WeakPassword => "This password is too easy to guess.",
            Self::NoPassword => "This person signs in without a password.",
            Self::StorageFull => "Your organisation has no room for this file.",
            Self::WrongContent => "The bytes are not what was said of them.",
            Self::ProviderRefused => "The other service did not confirm who you are.",
        }
    }

    /// The word of RFC 6749 section 5.2 for the token endpoint, where there is one.
    pub const fn oauth(self) -> Option<&'static str> {
        match self {
            Self::InvalidGrant => Some("invalid_grant"),
            Self::InvalidRequest | Self::Malformed => Some("invalid_request"),
            _ => None,
        }
    }
}

/// A request that is not answered as asked.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{code:?}")]
pub struct Error {
    pub code: Code,
    /// Says more than the code's own sentence; never anything from inside.
    pub detail: Option<Cow<'static, str>>,
    /// Seconds.
    pub retry_after: Option<u32>,
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        let retry_after = matches!(code, Code::Busy).then_some(2);
        Self { code, detail: None, retry_after }
    }
}

impl Error {
    pub fn with(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: Some(detail.into()), ..code.into() }
    }

    /// Something inside failed. It is logged here, once; the client is told nothing of it.
    pub fn internal(what: &'static str, error: &dyn std::fmt::Display) -> Self {
        tracing::error!(failure = what, reason = %one_line(&error.to_string()), "a request failed inside");
        Code::Internal.into()
    }

    pub fn sentence(&self) -> &str {
        self.detail.as_deref().unwrap_or(self.code.sentence())
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let busy = match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => true,
            // locks that did not come in time: SQLite, PostgreSQL
            sqlx::Error::Database(error) => {
                matches!(error.code().as_deref(), Some("5" | "517" | "55P03" | "57014" | "40P01" | "57P01"))
            }
            _ => false,
        };
        if busy {
            tracing::warn!(reason = %one_line(&error.to_string()), "the database does not answer in time");
            return Code::Busy.into();
        }
        Self::internal("database", &error)
    }
}

impl From<NoRandomness> for Error {
    fn from(error: NoRandomness) -> Self {
        Self::internal("randomness", &error)
    }
}

/// Control characters could forge lines of the log or talk to the terminal that shows it.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().take(500).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The body of every error that is not a page (RFC 9457).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// `about:blank`: the code says what kind it is.
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: String,
    pub status: u16,
    pub code: Code,
    /// The id of the request, to be found in the server's log.
    pub instance: String,
    /// The word of OAuth 2.0, at the token endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'static str>,
}

impl IntoResponse for Error {
    /// The outermost layer writes the body: it knows the request's id, and whether a page or a program asked.
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(http::header::RETRY_AFTER, seconds.into());
        }
        if self.code == Code::Unauthenticated {
            response.headers_mut().insert(http::header::WWW_AUTHENTICATE, http::HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_stays_one_line() {
        assert_eq!(one_line("a\r\nb\u{1b}[31m\u{9b}c"), "a  b [31m c");
        assert_eq!(one_line(&"ä".repeat(1000)).chars().count(), 500);
    }

    #[test]
    fn every_code_is_an_error_and_says_something() {
        for code in Code::ALL {
            assert!(code.status().is_client_error() || code.status().is_server_error());
            assert!(code.sentence().ends_with('.'));
        }
    }
}
