//! Which redirects are followed, and what is carried along.

use reqwest::Method;
use reqwest::header::{self, HeaderMap, HeaderName};
use url::Url;

use crate::error::EgressError;

/// What still makes sense on another origin. A list of what to keep, since any other header may be a credential.
const KEPT_ACROSS_ORIGINS: &[HeaderName] = &[header::ACCEPT, header::ACCEPT_LANGUAGE];

/// Describe a body that is no longer sent.
const ABOUT_THE_BODY: &[HeaderName] = &[header::CONTENT_TYPE, header::CONTENT_ENCODING, header::CONTENT_LANGUAGE];

/// The next request of a chain of redirects.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Next {
    pub url: Url,
    pub method: Method,
    pub keep_body: bool,
    pub same_origin: bool,
}

/// Decides about one answer. `None`: it is no redirect, or one that would send a body to another origin or repeat it
/// as something else, so it is the answer.
///
/// # Errors
/// A `Location` that cannot be read or that leaves https.
pub(crate) fn next(method: &Method, url: &Url, status: u16, headers: &HeaderMap) -> Result<Option<Next>, EgressError> {
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = headers.get(header::LOCATION) else { return Ok(None) };
    let to = location.to_str().ok().and_then(|location| url.join(location).ok());
    let Some(to) = to else {
        return Err(EgressError::BadUrl { reason: "the address of a redirect cannot be read" });
    };
    let same_origin = url.origin() == to.origin();
    let reading = matches!(*method, Method::GET | Method::HEAD);
    let (method, keep_body) = match status {
        _ if reading => (method.clone(), false),
        303 => (Method::GET, false),
        307 | 308 if same_origin => (method.clone(), true),
        _ => return Ok(None),
    };
    if url.scheme() == "https" && to.scheme() != "https" {
        return Err(EgressError::SchemeNotAllowed { host: to.host_str().unwrap_or_default().to_owned() });
    }
    Ok(Some(Next { url: to, method, keep_body, same_origin }))
}

/// Removes what must not be sent along. What is gone stays gone, also when a later redirect leads back.
pub(crate) fn strip(headers: &mut HeaderMap, next: &Next) {
    if !next.keep_body {
        for name in ABOUT_THE_BODY {
            headers.remove(name);
        }
    }
    if !next.same_origin {
        let mut kept = HeaderMap::new();
        for name in KEPT_ACROSS_ORIGINS {
            if let Some(value) = headers.remove(name) {
                kept.insert(name.clone(), value);
            }
        }
        *headers = kept;
    }
}
