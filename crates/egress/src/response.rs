//! An answer, read to its end.

use std::borrow::Cow;
use std::fmt;

use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use url::Url;

use crate::error::EgressError;

/// An answer of any status, its body whole and decompressed.
#[derive(Clone)]
pub struct Response {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Where the answer came from, after redirects.
    pub final_url: Url,
}

impl Response {
    /// Whether the status is 200 to 299.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header's value, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as text; bytes that are not UTF-8 become U+FFFD.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body as JSON, whatever the status and content type.
    ///
    /// # Errors
    /// [`EgressError::BadJson`]; it does not quote the body.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, EgressError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let kind = match error.classify() {
                serde_json::error::Category::Io | serde_json::error::Category::Syntax => "not JSON",
                serde_json::error::Category::Data => "another shape",
                serde_json::error::Category::Eof => "it ends early",
            };
            EgressError::BadJson { detail: format!("{kind}, line {}, column {}", error.line(), error.column()) }
        })
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("host", &self.final_url.host_str())
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
