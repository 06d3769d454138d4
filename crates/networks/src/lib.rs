//! The social networks, each behind the one trait [`Adapter`].
//!
//! An adapter signs in, makes a post ready, sends it once, and looks it up. It never retries by itself, never reads the
//! clock and never touches a disk; every address goes through [`egress`]. What came of a send is told in the classes of
//! [`domain::job::Outcome`]: only what a network itself said counts as definite.

mod adapter;
pub mod bluesky;
mod credential;
mod entropy;
pub mod error;
pub mod mastodon;
mod oauth;
pub mod page;
mod server;
mod wire;

#[cfg(test)]
mod testing;

pub use adapter::{
    Adapter, Callback, CardFile, Checked, ImageFile, OAuthPending, OAuthStart, PrepareInput, Reply, SignedIn,
};
pub use bluesky::{Bluesky, BlueskyConfig};
pub use credential::{Credential, Unreadable};
pub use egress::Bytes;
pub use error::{CallError, ConnectError, Detail, PrepareError, RefreshError};
pub use mastodon::Mastodon;
pub use server::{Server, ServerError};
