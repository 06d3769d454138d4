//! The client itself.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use reqwest::{Client, Method};
use tokio::sync::watch;
use url::Url;

use crate::clients::{self, ClientKey, Clients};
use crate::error::EgressError;
use crate::events::{self, EventBounds, EventStream, Opened};
use crate::failure;
use crate::policy::Policy;
use crate::redirect;
use crate::request::{Body, Request};
use crate::resolve::{Guard, Resolver, SystemResolver};
use crate::response::Response;
use crate::target::Target;
use crate::tls::Tls;

/// Names and values of all headers of an answer together.
const MAX_HEADER_BYTES: usize = 64 * 1024;

/// The guarded HTTP client. Cloning is cheap; clones share connections and policy.
#[derive(Clone)]
pub struct Egress {
    shared: Arc<Shared>,
}

struct Shared {
    resolver: Arc<dyn Resolver>,
    tls: Tls,
    state: Mutex<State>,
    /// Counts how often connections were given up. What lasts ends with that.
    given_up: watch::Sender<u64>,
}

/// Under one lock, so that no client made for an old policy survives a new one.
struct State {
    policy: Arc<Policy>,
    clients: Clients,
}

impl Egress {
    /// # Errors
    /// [`EgressError::Tls`] if TLS cannot be set up at all. Reading the machine's certificates comes later, with the
    /// first https request.
    pub fn new(policy: Policy) -> Result<Egress, EgressError> {
        Egress::with_resolver(policy, Arc::new(SystemResolver))
    }

    /// Looks names up elsewhere, for tests of what happens with answers that no honest name server gives.
    ///
    /// # Errors
    /// As for [`Egress::new`].
    pub fn with_resolver(policy: Policy, resolver: Arc<dyn Resolver>) -> Result<Egress, EgressError> {
        let tls =
            Tls::platform().map_err(|error| EgressError::Tls { host: String::new(), detail: error.to_string() })?;
        Ok(Egress::assemble(policy, resolver, tls))
    }

    pub(crate) fn assemble(policy: Policy, resolver: Arc<dyn Resolver>, tls: Tls) -> Egress {
        let state = Mutex::new(State { policy: Arc::new(policy), clients: Clients::default() });
        Egress { shared: Arc::new(Shared { resolver, tls, state, given_up: watch::Sender::new(0) }) }
    }

    /// Replaces the policy. Requests already under way finish under the old one; connections made under it are not
    /// used again. Streams of events end: they would last for ever.
    pub fn set_policy(&self, policy: Policy) {
        let mut state = self.state();
        state.policy = Arc::new(policy);
        state.clients.clear();
        drop(state);
        self.end_streams();
    }

    #[must_use]
    pub fn policy(&self) -> Policy {
        Policy::clone(&self.state().policy)
    }

    /// Gives up all kept connections. After the machine slept or changed networks they are dead without knowing it,
    /// and the next request on one would run into its timeout with an unknown outcome. Streams of events end.
    pub fn forget_connections(&self) {
        self.state().clients.clear();
        self.end_streams();
    }

    fn end_streams(&self) {
        self.shared.given_up.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Sends a request and reads the whole answer. Any status is an answer.
    ///
    /// # Errors
    /// See [`EgressError`]; [`EgressError::never_sent`] tells whether sending again is certainly safe.
    pub async fn send(&self, request: Request) -> Result<Response, EgressError> {
        let Request { method, url, headers, body, timeout, max_response_bytes, redirects, .. } = request;
        let deadline = Instant::now() + timeout;
        let mut hop = Hop { method, url: url?, headers, body, deadline };
        let mut exceptions = request.exceptions;
        for followed in 0..=redirects {
            let outcome = self.hop(&hop, exceptions, !request.fresh_connection, max_response_bytes, redirects > 0);
            let (answer, target) = match outcome.await {
                Ok(answered) => answered,
                Err(error) if followed == 0 || matches!(error, EgressError::Redirected { .. }) => return Err(error),
                Err(error) => return Err(EgressError::Redirected { source: Box::new(error) }),
            };
            let (next, server) = match answer {
                Answer::Whole(response) => return Ok(response),
                Answer::Redirect { next, server } => (next, server),
            };
            if followed == redirects {
                return Err(EgressError::TooManyRedirects { host: target.host });
            }
            exceptions = exceptions && self.state().policy.trusts_redirects_of(server);
            redirect::strip(&mut hop.headers, &next);
            hop.url = next.url;
            hop.method = next.method;
            if !next.keep_body {
                hop.body = Body::Empty;
            }
        }
        Err(EgressError::TooManyRedirects { host: hop.url.host_str().unwrap_or_default().to_owned() })
    }

    /// Asks for a stream of events. The timeout of the request is that of its opening: up to the head of the answer, or to the end of
    /// an answer that is no stream. A redirect is such an answer, and is not followed.
    ///
    /// # Errors
    /// As [`Egress::send`].
    pub async fn events(&self, request: Request, bounds: EventBounds) -> Result<Opened, EgressError> {
        // before the policy is looked at: a change after that look ends the stream
        let given_up = self.shared.given_up.subscribe();
        let Request { method, url, headers, body, timeout, max_response_bytes, exceptions, .. } = request;
        let hop = Hop { method, url: url?, headers, body, deadline: Instant::now() + timeout };
        let (client, target) = self.client_for(&hop.url, exceptions, !request.fresh_connection).await?;
        let late = || EgressError::Timeout { host: target.host.clone(), sent: true };
        let (opening, left) = hop.build(&client, &target)?;
        let sent = tokio::time::timeout(left, opening.send()).await.map_err(|_| late())?;
        let response = sent.map_err(|error| failure::before_response(&error, &target))?;
        let status = response.status().as_u16();
        tracing::debug!(method = %hop.method, host = %target.host, status, "answered");
        headers_in_bounds(&response, &target)?;
        if events::is_stream(&response) {
            return Ok(Opened::Events(EventStream::new(response, target, bounds, given_up)));
        }
        let headers = response.headers().clone();
        let left = hop.deadline.saturating_duration_since(Instant::now());
        let body =
            tokio::time::timeout(left, read(response, &target, max_response_bytes)).await.map_err(|_| late())??;
        Ok(Opened::Answer(Response { status, headers, body, final_url: hop.url }))
    }

    async fn hop(
        &self,
        hop: &Hop,
        exceptions: bool,
        pooled: bool,
        limit: usize,
        follow: bool,
    ) -> Result<(Answer, Target), EgressError> {
        let (client, target) = self.client_for(&hop.url, exceptions, pooled).await?;
        let (request, left) = hop.build(&client, &target)?;
        let sent = request.timeout(left).send().await;
        let response = sent.map_err(|error| failure::before_response(&error, &target))?;
        let status = response.status().as_u16();
        tracing::debug!(method = %hop.method, host = %target.host, status, "answered");
        headers_in_bounds(&response, &target)?;
        if follow {
            let next = redirect::next(&hop.method, &hop.url, status, response.headers());
            let next = next.map_err(|error| EgressError::Redirected { source: Box::new(error) })?;
            if let Some(next) = next {
                return Ok((Answer::Redirect { next, server: response.remote_addr() }, target));
            }
        }
        let headers = response.headers().clone();
        let body = read(response, &target, limit).await?;
        let response = Response { status, headers, body, final_url: hop.url.clone() };
        Ok((Answer::Whole(response), target))
    }

    async fn client_for(&self, url: &Url, exceptions: bool, pooled: bool) -> Result<(Client, Target), EgressError> {
        let strict = Arc::new(Policy::default());
        let target = {
            let state = self.state();
            Target::check(url, if exceptions { &state.policy } else { &strict })?
        };
        let tls = self.shared.tls.config(target.scheme).await;
        let tls = tls.map_err(|detail| EgressError::Tls { host: target.host.clone(), detail })?;
        let key = ClientKey { target: target.clone(), exceptions, pooled };

        let mut state = self.state();
        let policy = if exceptions { Arc::clone(&state.policy) } else { strict };
        // once more: the policy may have changed while the certificates were read
        Target::check(url, &policy)?;
        if let Some(client) = state.clients.get(&key) {
            return Ok((client, target));
        }
        let guard = Guard { resolver: Arc::clone(&self.shared.resolver), policy, target: target.clone() };
        let client = clients::build(guard, tls, pooled).map_err(|error| failure::before_response(&error, &target))?;
        state.clients.insert(key, client.clone());
        Ok((client, target))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // nothing panics while it is held, and every state of it is sound
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Egress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Egress").field("policy", &self.state().policy).finish_non_exhaustive()
    }
}

/// One request of a chain.
struct Hop {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Body,
    deadline: Instant,
}

enum Answer {
    Whole(Response),
    Redirect { next: redirect::Next, server: Option<SocketAddr> },
}

impl Hop {
    /// And the time that is left for it.
    fn build(&self, client: &Client, target: &Target) -> Result<(reqwest::RequestBuilder, Duration), EgressError> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(EgressError::Timeout { host: target.host.clone(), sent: false });
        }
        let builder = client.request(self.method.clone(), self.url.clone()).headers(self.headers.clone());
        let builder = match &self.body {
            Body::Empty => builder,
            Body::Bytes(bytes) => builder.body(bytes.clone()),
            Body::Multipart(form) => builder.multipart(form.form()?),
        };
        Ok((builder, left))
    }
}

fn headers_in_bounds(response: &reqwest::Response, target: &Target) -> Result<(), EgressError> {
    let bytes: usize = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    match bytes > MAX_HEADER_BYTES {
        true => Err(EgressError::TooLarge { host: target.host.clone(), limit: MAX_HEADER_BYTES }),
        false => Ok(()),
    }
}

/// Reads a body, counting what comes out of the decompressor and stopping at the limit.
async fn read(mut response: reqwest::Response, target: &Target, limit: usize) -> Result<Vec<u8>, EgressError> {
    let too_large = || EgressError::TooLarge { host: target.host.clone(), limit };
    if response.content_length().is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit)) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure::in_response(&error, target))? {
        if chunk.len() > limit - body.len() {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
