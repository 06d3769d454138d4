//! A request, built by its caller and checked when it is sent.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use url::{Url, form_urlencoded};

use crate::error::EgressError;
use crate::multipart::Multipart;

/// From the first lookup to the last byte of the answer, redirects included.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest time a caller may ask for; longer ones are shortened to it. A video of the largest size needs it on a slow line.
pub const MAX_TIMEOUT: Duration = Duration::from_secs(15 * 60);
/// Size of an answer after decompression.
pub const DEFAULT_MAX_RESPONSE_BYTES: usize = 2 * 1024 * 1024;
/// The most redirects a caller may ask for; larger numbers are lowered to it.
pub const MAX_REDIRECTS: u8 = 3;

/// Headers that describe the connection or the body. The client writes them itself; a caller's own could smuggle a
/// second request or another host past the checks.
const RESERVED: &[HeaderName] = &[
    header::HOST,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::CONNECTION,
    header::UPGRADE,
    header::TE,
    header::TRAILER,
    header::EXPECT,
    header::ACCEPT_ENCODING,
    header::PROXY_AUTHORIZATION,
];

#[derive(Clone)]
pub enum Body {
    Empty,
    Bytes(Bytes),
    Multipart(Multipart),
}

/// What to send. A mistake made while building (a URL that is none, a header value with a line break) is reported by
/// [`crate::Egress::send`], before anything is sent.
#[derive(Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Result<Url, EgressError>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    pub(crate) timeout: Duration,
    pub(crate) max_response_bytes: usize,
    pub(crate) redirects: u8,
    pub(crate) fresh_connection: bool,
    pub(crate) exceptions: bool,
}

impl Request {
    #[must_use]
    pub fn new(method: Method, url: impl AsRef<str>) -> Request {
        let url = Url::parse(url.as_ref()).map_err(|_| EgressError::BadUrl { reason: "it cannot be read" });
        Request {
            method,
            url,
            headers: HeaderMap::new(),
            body: Body::Empty,
            timeout: DEFAULT_TIMEOUT,
            max_response_bytes: DEFAULT_MAX_RESPONSE_BYTES,
            redirects: 0,
            fresh_connection: false,
            exceptions: true,
        }
    }

    #[must_use]
    pub fn get(url: impl AsRef<str>) -> Request {
        Request::new(Method::GET, url)
    }

    #[must_use]
    pub fn head(url: impl AsRef<str>) -> Request {
        Request::new(Method::HEAD, url)
    }

    #[must_use]
    pub fn post(url: impl AsRef<str>) -> Request {
        Request::new(Method::POST, url)
    }

    #[must_use]
    pub fn put(url: impl AsRef<str>) -> Request {
        Request::new(Method::PUT, url)
    }

    #[must_use]
    pub fn delete(url: impl AsRef<str>) -> Request {
        Request::new(Method::DELETE, url)
    }

    /// Adds a pair to the query of the URL.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Request {
        if let Ok(url) = &mut self.url {
            url.query_pairs_mut().append_pair(name, value);
        }
        self
    }

    /// Sets a header, replacing an earlier one of the same name. Its value is treated as a secret in logs.
    #[must_use]
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Request {
        let name = HeaderName::try_from(name.as_ref());
        let value = HeaderValue::try_from(value.as_ref());
        match (name, value) {
            (Ok(name), Ok(_)) if RESERVED.contains(&name) => {
                self.fail("a header that the client writes itself was set")
            }
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(true);
                self.headers.insert(name, value);
                self
            }
            _ => self.fail("a header has characters that are not allowed in it"),
        }
    }

    /// `Authorization: Bearer ...`
    #[must_use]
    pub fn bearer(self, token: &str) -> Request {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// A body of bytes, with its media type.
    #[must_use]
    pub fn body(mut self, content_type: &str, bytes: impl Into<Bytes>) -> Request {
        self.body = Body::Bytes(bytes.into());
        self.header("content-type", content_type)
    }

    #[must_use]
    pub fn json(self, value: &impl Serialize) -> Request {
        match serde_json::to_vec(value) {
            Ok(bytes) => self.body("application/json", bytes),
            Err(_) => self.fail("the body cannot be written as JSON"),
        }
    }

    /// `application/x-www-form-urlencoded`
    #[must_use]
    pub fn form<N: AsRef<str>, V: AsRef<str>>(self, pairs: impl IntoIterator<Item = (N, V)>) -> Request {
        let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.body("application/x-www-form-urlencoded", text)
    }

    #[must_use]
    pub fn multipart(mut self, form: Multipart) -> Request {
        self.headers.remove(header::CONTENT_TYPE);
        self.body = Body::Multipart(form);
        self
    }

    /// Total time for lookup, connection, sending and the whole answer; at most [`MAX_TIMEOUT`]. Connecting has its
    /// own limit of 5 seconds within it, and only running into that one counts as never sent.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Request {
        self.timeout = timeout.min(MAX_TIMEOUT);
        self
    }

    /// Limit for the body of the answer, in bytes after decompression.
    #[must_use]
    pub fn max_response_bytes(mut self, limit: usize) -> Request {
        self.max_response_bytes = limit;
        self
    }

    /// How many redirects to follow, at most [`MAX_REDIRECTS`]. With 0, the default, a redirect is the answer.
    #[must_use]
    pub fn redirects(mut self, redirects: u8) -> Request {
        self.redirects = redirects.min(MAX_REDIRECTS);
        self
    }

    /// Opens a connection of its own instead of using a kept one. A kept connection can be closed by the server in
    /// the moment the request is written to it, which leaves the outcome unknown; requests that must not happen twice
    /// are better off without that risk.
    #[must_use]
    pub fn fresh_connection(mut self) -> Request {
        self.fresh_connection = true;
        self
    }

    /// Leaves the exceptions of the policy out: for URLs found in a document of somebody else, who must not be able
    /// to point at the servers that the user made exceptions for.
    #[must_use]
    pub fn public_only(mut self) -> Request {
        self.exceptions = false;
        self
    }

    fn fail(mut self, reason: &'static str) -> Request {
        if self.url.is_ok() {
            self.url = Err(EgressError::BadRequest { reason });
        }
        self
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.as_ref().ok().and_then(Url::host_str);
        f.debug_struct("Request").field("method", &self.method).field("host", &host).finish_non_exhaustive()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Body::Empty => f.write_str("Empty"),
            Body::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Body::Multipart(form) => form.fmt(f),
        }
    }
}
