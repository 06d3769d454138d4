//! Reads the client's errors: what failed, and whether the request can have left.

use std::error::Error;
use std::io;

use crate::error::EgressError;
use crate::resolve::ResolveError;
use crate::target::Target;

const MAX_DETAIL_CHARS: usize = 200;

/// Classifies an error from before the response headers arrived.
pub(crate) fn before_response(error: &reqwest::Error, target: &Target) -> EgressError {
    let host = target.host.clone();
    if let Some(cause) = find::<ResolveError>(error) {
        return match cause {
            ResolveError::Refused(refusal) => target.refused(*refusal),
            ResolveError::Lookup(_) | ResolveError::Empty => EgressError::Dns { host },
        };
    }
    if error.is_builder() {
        return EgressError::BadRequest { reason: "it could not be put together" };
    }
    // the connector's errors come before the request is handed to a connection
    if error.is_connect() {
        if error.is_timeout() {
            return EgressError::Timeout { host, sent: false };
        }
        let detail = detail(error);
        return match find::<rustls::Error>(error) {
            Some(_) => EgressError::Tls { host, detail },
            None => EgressError::Connect { host, detail },
        };
    }
    if find::<h2::Error>(error).is_some_and(is_refused_stream) {
        return EgressError::Unread { host };
    }
    if error.is_timeout() {
        return EgressError::Timeout { host, sent: true };
    }
    EgressError::Io { host, sent: true, detail: detail(error) }
}

/// Classifies an error while the body of a response was read.
pub(crate) fn in_response(error: &reqwest::Error, target: &Target) -> EgressError {
    let host = target.host.clone();
    if error.is_timeout() {
        return EgressError::Timeout { host, sent: true };
    }
    EgressError::Io { host, sent: true, detail: detail(error) }
}

fn is_refused_stream(error: &h2::Error) -> bool {
    error.is_reset() && error.is_remote() && error.reason() == Some(h2::Reason::REFUSED_STREAM)
}

/// Looks for a cause of one type. An `io::Error` hides its own payload from `source`, so it is opened too.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<T>() {
            return Some(found);
        }
        next = match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(payload) => Some(payload),
            None => cause.source(),
        };
    }
    None
}

/// The innermost cause as one short line. The outer errors are skipped: they repeat it, and can name the whole URL.
fn detail(error: &reqwest::Error) -> String {
    let mut innermost: &(dyn Error + 'static) = match error.source() {
        Some(source) => source,
        None => return "no more is known".to_owned(),
    };
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let line = innermost.to_string();
    line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_DETAIL_CHARS).collect()
}
