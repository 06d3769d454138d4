//! The one trait behind which every network stands.

use std::any::Any;
use std::fmt;

use async_trait::async_trait;
use domain::account::{Profile, SignIn};
use domain::job::{Lookup, Outcome, Remote};
use domain::media::MediaType;
use domain::network::Network;
use domain::post::Visibility;
use jiff::Timestamp;
use secrecy::SecretString;
use url::Url;

use crate::credential::Credential;
use crate::error::{CallError, ConnectError, PrepareError, RefreshError};
use crate::server::Server;

/// Everything the engine asks of a network. Adapters keep no state that matters: what must last is in the
/// [`Credential`] and in the frozen request. Nothing is retried inside.
#[async_trait]
pub trait Adapter: Send + Sync + fmt::Debug {
    fn network(&self) -> Network;

    /// Signs in with an app password. Without a server the account's own one is looked up.
    ///
    /// # Errors
    /// [`ConnectError::NotOffered`] where the network has no such sign-in.
    async fn sign_in_password(
        &self,
        server: Option<&Server>,
        handle: &str,
        password: &SecretString,
        now: Timestamp,
    ) -> Result<SignedIn, ConnectError>;

    /// Finds the server, registers what is needed there, and says where the system browser must go.
    ///
    /// # Errors
    /// See [`ConnectError`]; nothing is left to clean up.
    async fn begin_oauth(&self, start: OAuthStart) -> Result<OAuthPending, ConnectError>;

    /// Redeems what the browser brought back. Uses the flow up, whatever comes of it.
    ///
    /// # Errors
    /// See [`ConnectError`]. A callback that does not belong to the flow is refused before any network call.
    async fn finish_oauth(
        &self,
        pending: OAuthPending,
        callback: Callback,
        now: Timestamp,
    ) -> Result<SignedIn, ConnectError>;

    /// Reads profile and limits anew.
    ///
    /// # Errors
    /// See [`CallError`].
    async fn check(&self, credential: &Credential, now: Timestamp) -> Result<Checked, CallError>;

    /// Whether the access token ends within a minute, or is from the future: refresh before using it.
    fn expires_soon(&self, credential: &Credential, now: Timestamp) -> bool;

    /// Renews the sign-in. The old credential may be dead as soon as this is called, so the new one must be stored
    /// before it is used, and two calls must never run at the same time for one account.
    ///
    /// # Errors
    /// [`RefreshError::Ended`] only when the network said so.
    async fn refresh(&self, credential: &Credential, now: Timestamp) -> Result<Credential, RefreshError>;

    /// Uploads the images (repeating that is harmless) and freezes the request: the returned text is exactly what
    /// [`Adapter::send`] will send. It holds no secret and is stored.
    ///
    /// # Errors
    /// See [`PrepareError`]. Nothing was posted.
    async fn prepare(&self, credential: &Credential, input: PrepareInput<'_>) -> Result<String, PrepareError>;

    /// Sends a frozen request once. Nothing is repeated inside, except when a server rejected the proof of possession
    /// and therefore did not look at the request (RFC 9449 section 9); rejected again, it counts as never sent.
    ///
    /// [`Outcome::SignInRefused`] also comes when the access token has ended although the sign-in has not, which a wrong
    /// clock can hide from [`Adapter::expires_soon`]: [`Adapter::refresh`] tells the two apart.
    async fn send(&self, credential: &Credential, request: &str, key: &str, now: Timestamp) -> Outcome;

    /// Asks the network whether a frozen request that may have been sent has become a post. `first_ticket_at` is when
    /// it may first have been sent, by our clock.
    async fn look_up(
        &self,
        credential: &Credential,
        request: &str,
        key: &str,
        first_ticket_at: Timestamp,
        now: Timestamp,
    ) -> Lookup;

    /// People whose names begin like `typed`, as the account's server knows them; at most a handful.
    ///
    /// # Errors
    /// See [`CallError`].
    async fn find_people(&self, credential: &Credential, typed: &str, now: Timestamp)
    -> Result<Vec<Person>, CallError>;

    /// Tells the network that this sign-in is no longer used. Best effort: the caller forgets the credential anyway.
    ///
    /// # Errors
    /// See [`CallError`].
    async fn sign_out(&self, credential: &Credential, now: Timestamp) -> Result<(), CallError>;
}

/// A fresh sign-in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Where the account lives: the PDS on Bluesky, which need not be the server that was typed.
    pub server: Server,
    pub sign_in: SignIn,
    pub profile: Profile,
    /// When the sign-in ends for good, if the network tells or documents it.
    pub ends_at: Option<Timestamp>,
    pub credential: Credential,
}

/// Somebody on a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// As it stands in a post, without the `@`.
    pub handle: String,
    /// What they call themselves, at most 640 characters; may be empty.
    pub name: String,
}

/// What [`Adapter::check`] reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub profile: Profile,
    /// As [`SignedIn::ends_at`].
    pub ends_at: Option<Timestamp>,
}

/// What starts a sign-in with the browser.
#[derive(Clone)]
pub struct OAuthStart {
    /// Needed on Mastodon; on Bluesky it may be left out when there is a handle.
    pub server: Option<Server>,
    /// May be empty. On Bluesky a handle or DID; elsewhere a hint.
    pub handle: String,
    /// `http://127.0.0.1:PORT/...`, or the program's own scheme where the network allows it.
    pub redirect: Url,
    /// At least 128 random bits, made by the caller, who finds the flow again by it.
    pub state: String,
    pub now: Timestamp,
}

impl fmt::Debug for OAuthStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthStart")
            .field("server", &self.server)
            .field("handle", &self.handle)
            .field("redirect", &self.redirect.as_str())
            .finish_non_exhaustive()
    }
}

/// A sign-in that waits for the browser. Lives in memory only; dropped when finished or after [`OAuthPending::expires_at`].
pub struct OAuthPending {
    /// For the system browser.
    pub authorize_url: Url,
    pub state: String,
    /// Ten minutes after the start; a callback that comes later is refused.
    pub expires_at: Timestamp,
    /// The one server this flow is bound to.
    pub(crate) issuer: String,
    pub(crate) iss_required: bool,
    /// What the adapter that began the flow keeps for itself.
    pub(crate) inner: Box<dyn Any + Send + Sync>,
}

impl fmt::Debug for OAuthPending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthPending")
            .field("issuer", &self.issuer)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What came back to the redirect address: its query, taken apart.
#[derive(Clone, Default)]
pub struct Callback {
    pub code: Option<SecretString>,
    pub state: String,
    pub iss: Option<String>,
    pub error: Option<String>,
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback")
            .field("code", &self.code.is_some())
            .field("iss", &self.iss)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

/// One entry of a thread, complete for one account.
#[derive(Debug, Clone)]
pub struct PrepareInput<'a> {
    /// The idempotency key the network will see. On Bluesky the record key, a TID.
    pub key: &'a str,
    pub text: &'a str,
    /// Empty for none. Mastodon only.
    pub content_warning: &'a str,
    /// Mastodon only.
    pub visibility: Visibility,
    pub images: &'a [ImageFile],
    /// Where a post brings the card of a link along; elsewhere the network reads the page itself.
    pub card: Option<CardFile<'a>>,
    pub reply: Option<Reply<'a>>,
    /// Of the calls that make it ready.
    pub now: Timestamp,
    /// What the post says of itself: its minute, which may be still to come.
    pub created_at: Timestamp,
}

/// What stands below a text with a link.
#[derive(Debug, Clone, Copy)]
pub struct CardFile<'a> {
    pub url: &'a str,
    pub title: &'a str,
    pub description: &'a str,
    pub picture: Option<&'a ImageFile>,
}

/// An image as it will be published.
#[derive(Clone)]
pub struct ImageFile {
    pub bytes: egress::Bytes,
    pub kind: MediaType,
    /// Pixels.
    pub width: u32,
    pub height: u32,
    pub alt: String,
}

impl fmt::Debug for ImageFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ImageFile({:?}, {} bytes, {} x {})", self.kind, self.bytes.len(), self.width, self.height)
    }
}

/// What a post answers to.
#[derive(Debug, Clone, Copy)]
pub struct Reply<'a> {
    /// The first post of the thread.
    pub root: &'a Remote,
    /// The post directly above.
    pub parent: &'a Remote,
}
