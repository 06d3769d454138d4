//! Sign-ins in the system's browser: started here, finished by a deep link or by a loopback listener, each at most once.

mod flows;
mod loopback;
mod way_back;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contract::accounts::{ComeBack, ConnectFlow, ConnectState, StartConnect};
use contract::{ApiError, Code, Origin, Tag};
use domain::Mutation;
use domain::account::Account;
use domain::id::AccountId;
use domain::network::Network;
use networks::{Adapter, Callback, OAuthPending, OAuthStart, Server, SignedIn};
use url::Url;

pub(crate) use self::flows::Flows;
pub(crate) use self::way_back::WayBack;
use crate::deep_link::Return;
use crate::engine::{Engine, Shared};
use crate::errors::{connect, internal, storage};

/// The address that the deep link comes back to.
const DEEP_LINK: &str = "sendoff://oauth/callback";

/// What it takes to finish the sign-in of an account.
#[derive(Debug)]
pub(crate) struct Pending {
    network: Network,
    reconnect: Option<AccountId>,
    oauth: OAuthPending,
}

/// The sign-ins of accounts under way in one profile.
pub(crate) type AccountFlows = Flows<Pending, ConnectState>;

/// Begins a sign-in and sends the browser on its way.
pub(crate) async fn start(engine: &Shared, command: StartConnect) -> Result<ConnectFlow, ApiError> {
    engine.may_connect()?;
    let now = engine.now();
    let server = parse_server(&command.server)?;
    let adapter = engine.adapter(command.network)?;
    let come_back = command.come_back.unwrap_or(match command.network {
        // a public client without a page of its own may only come back to the loopback address
        // (atproto.com/specs/oauth, "localhost client development", read 2026-11)
        Network::Bluesky => ComeBack::Loopback,
        _ => ComeBack::DeepLink,
    });
    let mut way = WayBack::open(engine, come_back, DEEP_LINK).await?;
    let redirect = Url::parse(&way.redirect).map_err(|error| internal(&error))?;
    let state = way.secret.clone();
    let start = OAuthStart { server, handle: command.handle.trim().to_owned(), redirect, state, now };
    let oauth = adapter.begin_oauth(start).await.map_err(|error| connect(&error))?;
    let expires_at = oauth.expires_at.min(engine.sign_in_ends());
    let url = oauth.authorize_url.clone();

    let number = engine.random_number()?;
    let listener = {
        let own = Arc::clone(engine);
        way.listen(engine, move |back| async move { finish(&own, back).await })
    };
    let pending = Pending { network: command.network, reconnect: command.reconnect, oauth };
    engine.flows.wait(number, way.secret, pending, expires_at, listener);
    engine.browse(&url);
    Ok(ConnectFlow { flow: number, url: url.into(), expires_at })
}

/// Takes what the browser brought back. What belongs to no sign-in under way is dropped before anything is contacted.
pub(crate) async fn finish(engine: &Shared, back: Return) {
    let Some((number, pending)) = engine.flows.take(&back, engine.now()) else {
        tracing::warn!("a sign-in came back that nobody waits for");
        return;
    };
    let Pending { network, reconnect, oauth } = pending;
    engine.announce(&[Tag::Accounts], Origin::Shell);
    let callback = Callback { code: back.code, state: back.state, iss: back.iss, error: back.error };
    let finished = match engine.adapter(network) {
        Ok(adapter) => match adapter.finish_oauth(oauth, callback, engine.now()).await {
            Ok(signed_in) => engine.keep_account(network, signed_in, reconnect).await,
            Err(error) => Err(connect(&error)),
        },
        Err(error) => Err(error),
    };
    let state = finished.map_or_else(|error| ConnectState::Failed { error }, |account| ConnectState::Done { account });
    engine.flows.settle(number, state);
    engine.announce(&[Tag::Accounts, Tag::Personas], Origin::Shell);
}

pub(crate) fn parse_server(typed: &str) -> Result<Option<Server>, ApiError> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    Server::parse(typed).map(Some).map_err(|error| ApiError::new(Code::BadRequest, error.to_string()))
}

impl Engine {
    /// Accounts belong to the own profile, and their credentials into an open vault.
    pub(crate) fn not_sample(&self) -> Result<(), ApiError> {
        if self.sample {
            return Err(ApiError::new(
                Code::SampleOnly,
                "The sample profile cannot connect accounts. Leave it to connect your own.",
            ));
        }
        Ok(())
    }

    pub(crate) fn may_connect(&self) -> Result<(), ApiError> {
        self.not_sample()?;
        self.vault.require_open().map_err(crate::errors::vault)
    }

    /// Who speaks with the network.
    ///
    /// # Errors
    /// Nobody does: its accounts are served by hand.
    pub(crate) fn adapter(&self, network: Network) -> Result<Arc<dyn Adapter>, ApiError> {
        self.ports.networks.adapter(network).ok_or_else(|| {
            let sentence = format!("Sendoff does not publish to {} itself. Add the account by hand.", network.name());
            ApiError::new(Code::BadRequest, sentence)
        })
    }

    /// Keeps a finished sign-in: as a new account, or as the renewed sign-in of one that is known.
    pub(crate) async fn keep_account(
        &self,
        network: Network,
        signed_in: SignedIn,
        reconnect: Option<AccountId>,
    ) -> Result<AccountId, ApiError> {
        let server = signed_in.server.origin().to_owned();
        let remote_id = &signed_in.profile.remote_id;
        let known = self.store.account_by_remote(network, &server, remote_id).await.map_err(|error| storage(&error))?;
        let known = known.map(|account| account.id);
        if let Some(account) = known.or(reconnect) {
            self.mutate(Mutation::Reconnect {
                account,
                sign_in: signed_in.sign_in,
                profile: signed_in.profile,
                ends_at: signed_in.ends_at,
            })
            .await?;
            self.keep_credential(account, &signed_in.credential).await?;
            return Ok(account);
        }
        let id = AccountId::new(self.fresh_id()?);
        let account = Account {
            id,
            network,
            server,
            sign_in: signed_in.sign_in,
            profile: signed_in.profile,
            health: domain::account::Health::Healthy,
            ends_at: signed_in.ends_at,
            checked_at: self.now(),
            grace_s: self.settings().grace_s,
            removed: false,
            sample: false,
            created_at: self.now(),
        };
        self.mutate(Mutation::ConnectAccount { account: Box::new(account) }).await?;
        self.keep_credential(id, &signed_in.credential).await?;
        Ok(id)
    }

    /// 256 random bits as text.
    pub(crate) fn random_text(&self) -> Result<String, ApiError> {
        let mut bytes = [0u8; 32];
        self.ports.entropy.fill(&mut bytes).map_err(|error| internal(&error))?;
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// A number that JavaScript keeps exactly.
    pub(crate) fn random_number(&self) -> Result<u64, ApiError> {
        let mut bytes = [0u8; 8];
        self.ports.entropy.fill(&mut bytes).map_err(|error| internal(&error))?;
        Ok(u64::from_be_bytes(bytes) >> 12)
    }
}
