//! The only HTTP client for addresses that a user, a network or a document names.
//!
//! Every hop of every request goes through the same gate: the URL is parsed once, the name is resolved once per
//! connection, *all* answers are checked, and the connection is opened to one of the checked addresses. Special-purpose
//! addresses (loopback, private networks, link-local, cloud metadata, every embedding of them in IPv6) are refused
//! unless the [`Policy`] names the network and the port.
//!
//! What this guard cannot see: a machine in the local network that has a *public* IPv6 address, and a NAT64 translator
//! behind a prefix that an operator chose for itself (RFC 6052, section 2.2). On Windows and macOS the system may ask
//! the revocation servers that a certificate names; that is the system's traffic, with nothing of ours in it.

mod address;
mod clients;
mod egress;
mod error;
mod events;
mod failure;
mod multipart;
mod policy;
mod redirect;
mod request;
mod resolve;
mod response;
mod target;
mod tls;

#[cfg(test)]
mod tests;

pub use address::is_public;
pub use egress::Egress;
pub use error::EgressError;
pub use events::{EventBounds, EventStream, Opened, ServerEvent};
pub use multipart::Multipart;
pub use policy::{Exception, ExceptionError, Policy};
pub use request::{Body, DEFAULT_MAX_RESPONSE_BYTES, DEFAULT_TIMEOUT, MAX_REDIRECTS, MAX_TIMEOUT, Request};
pub use resolve::{Resolver, SystemResolver};
pub use response::Response;

pub use bytes::Bytes;
pub use reqwest::Method;
pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
pub use url::Url;
