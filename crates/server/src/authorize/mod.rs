//! Signing in, in the browser: OAuth 2.0 with authorization code and PKCE, for the desktop as a native client (RFC 8252).
//!
//! A sign-in is a *flow*: begun by `/authorize`, tied to the browser by a cookie, finished once by a password, a mailed code
//! or an identity provider. No browser session is kept, so nothing is ever silently confirmed.

mod challenge;
pub(crate) mod cookie;
pub(crate) mod flow;
pub(crate) mod pages;
pub mod provider;
pub(crate) mod register;
pub mod request;
pub(crate) mod reset;
pub(crate) mod sign_in;
