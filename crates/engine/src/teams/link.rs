//! The sign-in of this computer at one server: its session lies sealed in the vault of the own profile, its access token in memory.

use std::sync::Arc;
use std::time::Duration;

use contract::{ApiError, Code};
use domain::id::AccountId;
use remote::{Failure, Server, Session, Tokens};
use secrecy::SecretString;
use tokio::sync::watch;

use crate::engine::Shared;
use crate::errors::{internal, storage, vault};

/// An access token that ends within this time is not used any more.
const SPARE: Duration = Duration::from_secs(30);

/// Why there is no access to a server.
#[derive(Debug)]
pub(crate) enum NoAccess {
    /// A person has to sign in again.
    SignedOut,
    /// It may pass: the vault is closed, the server does not answer.
    Later(ApiError),
}

impl From<NoAccess> for ApiError {
    fn from(none: NoAccess) -> Self {
        match none {
            NoAccess::SignedOut => failure(&Failure::SignedOut),
            NoAccess::Later(error) => error,
        }
    }
}

#[derive(Debug)]
struct Access {
    token: SecretString,
    /// By a clock that nobody can set.
    until: Duration,
}

/// One server, for everything that this computer asks of it.
#[derive(Debug)]
pub(crate) struct Link {
    pub server: Server,
    /// The profile whose vault keeps the session.
    own: Shared,
    /// Names the session in the vault, as an account names its credential.
    sign_in: AccountId,
    /// Held while it is renewed: a refresh token counts once.
    access: tokio::sync::Mutex<Option<Access>>,
    signed_out: watch::Sender<bool>,
}

/// Asks a server with an access token, and once more with a fresh one if that was over. `NoAccess` becomes the caller's error.
macro_rules! signed {
    ($link:expr, |$access:ident| $ask:expr) => {{
        let link = &$link;
        let $access = &link.access().await?;
        match $ask.await {
            Err(remote::Failure::SignedOut) => {
                let $access = &link.renewed($access).await?;
                $ask.await
            }
            answer => answer,
        }
    }};
}
pub(crate) use signed;

impl Link {
    pub(crate) fn new(own: Shared, origin: &str, sign_in: AccountId) -> Arc<Self> {
        let server = own.ports.networks.team_server(origin);
        let (access, signed_out) = (tokio::sync::Mutex::default(), watch::Sender::new(false));
        Arc::new(Self { server, own, sign_in, access, signed_out })
    }

    /// The sign-in has ended, as far as is known.
    pub(crate) fn is_signed_out(&self) -> bool {
        *self.signed_out.borrow()
    }

    /// Ready once the sign-in has ended, as far as is known.
    pub(crate) async fn signed_out(&self) {
        // the sender is this value itself
        let _ = self.signed_out.subscribe().wait_for(|out| *out).await;
    }

    /// Ready while somebody is signed in.
    pub(crate) async fn signed_in(&self) {
        let _ = self.signed_out.subscribe().wait_for(|out| !*out).await;
    }

    /// A token that is good for the next half minute.
    pub(crate) async fn access(&self) -> Result<SecretString, NoAccess> {
        let mut access = self.access.lock().await;
        match &*access {
            Some(Access { token, until }) if self.own.ports.clock.uptime() < *until => Ok(token.clone()),
            _ => self.renew(&mut access).await,
        }
    }

    /// After the server refused `used`: another one. If somebody else has renewed meanwhile, theirs.
    pub(crate) async fn renewed(&self, used: &SecretString) -> Result<SecretString, NoAccess> {
        use secrecy::ExposeSecret;
        let mut access = self.access.lock().await;
        match &*access {
            Some(Access { token, .. }) if token.expose_secret() != used.expose_secret() => Ok(token.clone()),
            _ => self.renew(&mut access).await,
        }
    }

    async fn renew(&self, access: &mut Option<Access>) -> Result<SecretString, NoAccess> {
        *access = None;
        let later = |error| NoAccess::Later(error);
        let stored = self.own.store.credential(self.sign_in).await.map_err(|error| later(storage(&error)))?;
        let Some(stored) = stored else { return Err(self.over()) };
        let plain = self.own.vault.open(self.sign_in, &stored.sealed).map_err(|error| later(vault(error)))?;
        let Some(session) = Session::from_bytes(&plain) else { return Err(self.over()) };
        match self.server.renew(session).await {
            Ok(tokens) => self.keep(access, tokens).await.map_err(later),
            Err(Failure::SignedOut) => Err(self.over()),
            Err(error) => Err(later(failure(&error))),
        }
    }

    fn over(&self) -> NoAccess {
        self.signed_out.send_replace(true);
        NoAccess::SignedOut
    }

    /// Begins with what a sign-in gave.
    pub(crate) async fn begin(&self, tokens: Tokens) -> Result<SecretString, ApiError> {
        let mut access = self.access.lock().await;
        self.keep(&mut access, tokens).await
    }

    /// Durable before its first use: the token before it is used up.
    async fn keep(&self, access: &mut Option<Access>, tokens: Tokens) -> Result<SecretString, ApiError> {
        let bytes = tokens.session.to_bytes().map_err(|error| internal(&error))?;
        let sealed = self.own.vault.seal(self.sign_in, &bytes).map_err(vault)?;
        let updated_at = self.own.now();
        let credential = store::Credential { account: self.sign_in, sealed, key_version: 1, updated_at };
        self.own.store.put_credential(&credential).await.map_err(|error| storage(&error))?;
        self.signed_out.send_replace(false);
        let life = Duration::from_secs(u64::try_from(tokens.expires_in).unwrap_or(0)).saturating_sub(SPARE);
        let until = self.own.ports.clock.uptime().saturating_add(life);
        *access = Some(Access { token: tokens.access.clone(), until });
        Ok(tokens.access)
    }

    /// Ends the session, here in any case and at the server if it can be reached.
    pub(crate) async fn end(&self) -> Result<(), ApiError> {
        let told = async { Ok::<_, NoAccess>(signed!(self, |access| self.server.sign_out(access))) };
        if let Ok(Err(error)) = told.await {
            tracing::info!(%error, "the server was not told of the end of a sign-in");
        }
        let mut access = self.access.lock().await;
        *access = None;
        self.own.store.delete_credential(self.sign_in).await.map_err(|error| storage(&error))?;
        self.signed_out.send_replace(true);
        Ok(())
    }
}

/// What a person reads when a server does not do as asked.
pub(crate) fn failure(failure: &Failure) -> ApiError {
    match failure {
        Failure::Unreachable { detail } => ApiError::new(
            Code::Unreachable,
            "The server cannot be reached. What you do here is kept, and goes there when it can.",
        )
        .with_detail(detail.clone()),
        Failure::NotAllowed { detail } => ApiError::new(
            Code::AddressNotAllowed,
            "Sendoff does not connect to this address. A server inside your own network has to be allowed in the settings.",
        )
        .with_detail(detail.clone()),
        Failure::SignedOut => ApiError::new(
            Code::SignedOut,
            "You are signed out at this server. Sign in again; what waits here is kept.",
        ),
        Failure::Busy { .. } => ApiError::new(Code::RateLimited, "The server is busy. Try again in a moment."),
        Failure::Refused { status: 404, sentence, .. } => ApiError::new(Code::NotFound, sentence.clone()),
        Failure::Refused { status: 403, sentence, .. } => ApiError::new(Code::Forbidden, sentence.clone()),
        Failure::Refused { sentence, .. } => ApiError::new(Code::BadRequest, sentence.clone()),
        Failure::Fault(fault) => ApiError::new(Code::Forbidden, "The server refused this.").with_detail(fault.to_string()),
        Failure::BadAnswer { detail } => ApiError::new(
            Code::BadAnswer,
            "This is not a server for teams. Check the address.",
        )
        .with_detail(detail.clone()),
    }
}
