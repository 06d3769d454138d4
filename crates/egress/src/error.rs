//! What can go wrong, and whether the request may have arrived.

/// A request that gave no usable answer. Names the host at most: the rest of a URL can hold secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EgressError {
    #[error("the address is not usable: {reason}")]
    BadUrl { reason: &'static str },
    #[error("the request is not usable: {reason}")]
    BadRequest { reason: &'static str },
    #[error("{host} can only be reached over https")]
    SchemeNotAllowed { host: String },
    #[error("port {port} of {host} is not allowed")]
    PortNotAllowed { host: String, port: u16 },
    #[error("{host} is an address that is not on the public internet")]
    AddressBlocked { host: String },
    #[error("the name {host} could not be found")]
    Dns { host: String },
    #[error("no connection to {host}: {detail}")]
    Connect { host: String, detail: String },
    #[error("no secure connection to {host}: {detail}")]
    Tls { host: String, detail: String },
    /// The server said that it did not look at the request (HTTP/2 `REFUSED_STREAM`, RFC 9113, section 8.7).
    #[error("{host} refused the request unread")]
    Unread { host: String },
    #[error("{host} did not answer in time")]
    Timeout { host: String, sent: bool },
    #[error("the answer of {host} is larger than {limit} bytes")]
    TooLarge { host: String, limit: usize },
    #[error("the connection to {host} failed: {detail}")]
    Io { host: String, sent: bool, detail: String },
    #[error("{host} redirected too often")]
    TooManyRedirects { host: String },
    /// The first server answered; what it redirected to could not be had.
    #[error("a redirect could not be followed: {source}")]
    Redirected { source: Box<EgressError> },
    /// From [`crate::Response::json`]. Holds the place and kind of the fault, not the text.
    #[error("the answer is not the expected JSON ({detail})")]
    BadJson { detail: String },
}

impl EgressError {
    /// Whether it is certain that no server looked at the request: it was refused here, no connection came about, or
    /// the server gave it back unread. Then, and only then, is sending it again safe whatever it does. Never true once
    /// any server has answered, redirects included.
    #[must_use]
    pub fn never_sent(&self) -> bool {
        match self {
            EgressError::BadUrl { .. }
            | EgressError::BadRequest { .. }
            | EgressError::SchemeNotAllowed { .. }
            | EgressError::PortNotAllowed { .. }
            | EgressError::AddressBlocked { .. }
            | EgressError::Dns { .. }
            | EgressError::Connect { .. }
            | EgressError::Tls { .. }
            | EgressError::Unread { .. } => true,
            EgressError::Timeout { sent, .. } | EgressError::Io { sent, .. } => !sent,
            EgressError::TooLarge { .. }
            | EgressError::TooManyRedirects { .. }
            | EgressError::Redirected { .. }
            | EgressError::BadJson { .. } => false,
        }
    }

    /// Whether the guard, and not the world, said no.
    #[must_use]
    pub fn refused_here(&self) -> bool {
        match self {
            EgressError::BadUrl { .. }
            | EgressError::BadRequest { .. }
            | EgressError::SchemeNotAllowed { .. }
            | EgressError::PortNotAllowed { .. }
            | EgressError::AddressBlocked { .. } => true,
            EgressError::Redirected { source } => source.refused_here(),
            _ => false,
        }
    }
}
