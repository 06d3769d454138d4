//! Sign-ins in the system's browser: started here, finished by a deep link or by a loopback listener, each at most once.

mod loopback;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contract::accounts::{ComeBack, ConnectFlow, ConnectState, StartConnect};
use contract::{ApiError, Code, Origin, Tag};
use domain::Mutation;
use domain::account::Account;
use domain::id::AccountId;
use domain::job::plus;
use domain::network::Network;
use jiff::Timestamp;
use networks::{Adapter, Callback, OAuthPending, OAuthStart, Server, SignedIn};
use tokio::task::AbortHandle;
use url::Url;

use crate::deep_link::Return;
use crate::engine::{Engine, Shared};
use crate::errors::{connect, internal, storage};

/// The address that the deep link comes back to.
const DEEP_LINK: &str = "sendoff://oauth/callback";
/// A browser sign-in that takes longer is given up; the loopback listener lives no longer either.
const PATIENCE_S: i64 = 5 * 60;
/// Sign-ins under way at once.
const FLOWS_MAX: usize = 16;

#[derive(Debug)]
struct Flow {
    network: Network,
    reconnect: Option<AccountId>,
    /// What the browser must bring back. Compared, never shown.
    secret: String,
    pending: Option<OAuthPending>,
    state: ConnectState,
    expires_at: Timestamp,
    listener: Option<AbortHandle>,
}

/// The sign-ins under way in one profile.
#[derive(Debug, Default)]
pub(crate) struct Flows(Mutex<HashMap<u64, Flow>>);

impl Flows {
    fn with<R>(&self, f: impl FnOnce(&mut HashMap<u64, Flow>) -> R) -> R {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Where a sign-in stands.
    pub(crate) fn state(&self, flow: u64, now: Timestamp) -> Option<ConnectState> {
        self.with(|flows| {
            let flow = flows.get_mut(&flow)?;
            if matches!(flow.state, ConnectState::WaitingForBrowser { .. }) && flow.expires_at <= now {
                flow.pending = None;
                flow.state = ConnectState::Failed {
                    error: ApiError::new(
                        Code::SignInEnded,
                        "The browser did not come back in time. If you finished there, another program may have taken the link: \
                         try again with another method.",
                    ),
                };
            }
            Some(flow.state.clone())
        })
    }

    pub(crate) fn cancel(&self, flow: u64) {
        if let Some(flow) = self.with(|flows| flows.remove(&flow)) {
            flow.stop();
        }
    }

    fn fail(&self, flow: u64, error: ApiError) {
        self.settle(flow, ConnectState::Failed { error });
    }

    fn settle(&self, flow: u64, state: ConnectState) {
        self.with(|flows| {
            if let Some(flow) = flows.get_mut(&flow) {
                flow.state = state;
            }
        });
    }

    /// Hands out the sign-in that `back` belongs to: once, and only while it waits.
    fn take(&self, back: &Return, now: Timestamp) -> Option<(u64, Network, Option<AccountId>, OAuthPending)> {
        self.with(|flows| {
            let (number, flow) = flows.iter_mut().find(|(_, flow)| same(&flow.secret, &back.state))?;
            if flow.expires_at <= now {
                return None;
            }
            let pending = flow.pending.take()?;
            flow.state = ConnectState::Finishing;
            Some((*number, flow.network, flow.reconnect, pending))
        })
    }
}

impl Flow {
    fn stop(self) {
        if let Some(listener) = self.listener {
            listener.abort();
        }
    }
}

/// Compares without telling by its time how much fits.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |different, (a, b)| different | (a ^ b)) == 0
}

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
    let (redirect, listener) = match come_back {
        ComeBack::DeepLink => (DEEP_LINK.to_owned(), None),
        ComeBack::Loopback => {
            let listener = loopback::Listener::bind().await.map_err(|error| internal(&error))?;
            (listener.redirect(), Some(listener))
        }
    };
    let redirect = Url::parse(&redirect).map_err(|error| internal(&error))?;
    let secret = engine.random_text()?;
    let start = OAuthStart { server, handle: command.handle.trim().to_owned(), redirect, state: secret.clone(), now };
    let pending = adapter.begin_oauth(start).await.map_err(|error| connect(&error))?;
    let expires_at = pending.expires_at.min(plus(now, PATIENCE_S));
    let url = pending.authorize_url.clone();

    let number = engine.random_number()?;
    let listener = listener.map(|listener| {
        let (engine, secret) = (Arc::clone(engine), secret.clone());
        let serve = async move {
            let wait = engine.ports.clock.sleep(std::time::Duration::from_secs(PATIENCE_S.unsigned_abs()));
            tokio::select! {
                () = wait => {}
                back = listener.one_return(&secret) => finish(&engine, back).await,
            }
        };
        tokio::spawn(serve).abort_handle()
    });
    engine.flows.with(|flows| {
        // the oldest go first; a person has no sixteen browser windows open for us
        while flows.len() >= FLOWS_MAX {
            let Some(oldest) = flows.iter().min_by_key(|(_, flow)| flow.expires_at).map(|(number, _)| *number) else {
                break;
            };
            if let Some(flow) = flows.remove(&oldest) {
                flow.stop();
            }
        }
        let state = ConnectState::WaitingForBrowser { expires_at };
        let (network, reconnect) = (command.network, command.reconnect);
        flows.insert(number, Flow { network, reconnect, secret, pending: Some(pending), state, expires_at, listener });
    });
    // a browser that does not open is no end: the window shows the address too
    if let Err(error) = engine.ports.opener.open(url.as_str()) {
        tracing::warn!(error, "the browser could not be opened");
    }
    Ok(ConnectFlow { flow: number, url: url.into(), expires_at })
}

/// Takes what the browser brought back. What belongs to no sign-in under way is dropped before anything is contacted.
pub(crate) async fn finish(engine: &Shared, back: Return) {
    let Some((number, network, reconnect, pending)) = engine.flows.take(&back, engine.now()) else {
        tracing::warn!("a sign-in came back that nobody waits for");
        return;
    };
    engine.announce(&[Tag::Accounts], Origin::Shell);
    let callback = Callback { code: back.code, state: back.state, iss: back.iss, error: back.error };
    let finished = match engine.adapter(network) {
        Ok(adapter) => match adapter.finish_oauth(pending, callback, engine.now()).await {
            Ok(signed_in) => engine.keep_account(network, signed_in, reconnect).await,
            Err(error) => Err(connect(&error)),
        },
        Err(error) => Err(error),
    };
    match finished {
        Ok(account) => engine.flows.settle(number, ConnectState::Done { account }),
        Err(error) => engine.flows.fail(number, error),
    }
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
    fn random_text(&self) -> Result<String, ApiError> {
        let mut bytes = [0u8; 32];
        self.ports.entropy.fill(&mut bytes).map_err(|error| internal(&error))?;
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// A number that JavaScript keeps exactly.
    fn random_number(&self) -> Result<u64, ApiError> {
        let mut bytes = [0u8; 8];
        self.ports.entropy.fill(&mut bytes).map_err(|error| internal(&error))?;
        Ok(u64::from_be_bytes(bytes) >> 12)
    }
}
