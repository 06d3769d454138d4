//! Signing in with the browser: metadata, pushed request, redeeming the code, renewing (atproto.com/specs/oauth, read
//! 2026-11). A public native client: PAR, PKCE S256 and DPoP are not optional here.

use domain::account::SignIn;
use egress::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use serde::Deserialize;
use url::{Host, Url};

use super::Bluesky;
use super::identity::{Identity, read, refused_by};
use super::password::not_bluesky;
use super::scope;
use super::stored::{Grant, Stored, Tokens};
use super::xrpc::{self, Failed};
use crate::adapter::{Callback, OAuthPending, OAuthStart, SignedIn};
use crate::entropy::NoRandomness;
use crate::error::{CallError, ConnectError, Detail, RefreshError};
use crate::oauth::dpop::ProofKey;
use crate::oauth::metadata::{AuthorizationServer, ProtectedResource, lists};
use crate::oauth::pkce::Verifier;
use crate::oauth::{FLOW_LIFETIME, TokenAnswer, accept};
use crate::server::Server;
use crate::wire::{self, Verdict};

/// How long a public client's session lasts, however often it is renewed. Source: atproto.com/specs/oauth "Tokens and
/// Session Lifetime" and bluesky-social/atproto packages/oauth/oauth-provider/src/oauth-constants.ts, read 2026-11.
const SESSION_LIFETIME: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What a flow keeps while the person is in the browser.
struct Flow {
    verifier: Verifier,
    key: ProofKey,
    client_id: String,
    redirect: Url,
    server: AuthorizationServer,
    /// Whom the person said to be.
    did: Option<String>,
}

/// One attempt to push a request: refused scopes are told apart, because then fewer words may help.
enum Pushed {
    RequestUri(String),
    ScopeRefused(ConnectError),
}

impl Bluesky {
    pub(super) async fn begin(&self, start: OAuthStart) -> Result<OAuthPending, ConnectError> {
        let now = start.now;
        if self.config.client_id.is_none() && !is_loopback(&start.redirect) {
            return Err(ConnectError::RedirectNotPossible);
        }
        let who = match (start.handle.trim(), &start.server) {
            ("", None) => return Err(ConnectError::BadHandle),
            ("", Some(_)) => None,
            (name, server) => Some(self.find(name, server.as_ref(), now).await?),
        };
        let resource = who.as_ref().map(|who| &who.pds).or(start.server.as_ref()).ok_or(ConnectError::ServerMissing)?;
        let server = self.authorization_server(resource, now).await?;
        let (verifier, key) = secrets().map_err(|NoRandomness| ConnectError::NoRandomness)?;
        let flow = |client_id| Flow {
            verifier,
            key,
            client_id,
            redirect: start.redirect.clone(),
            did: who.as_ref().map(|who| who.did.clone()),
            server,
        };
        let mut flow = flow(self.client_id(&start.redirect, scope::LEAST));
        let pushed = match self.push(&flow, &start, scope::LEAST).await? {
            Pushed::ScopeRefused(_) => {
                flow.client_id = self.client_id(&start.redirect, scope::BROAD);
                self.push(&flow, &start, scope::BROAD).await?
            }
            pushed => pushed,
        };
        let request_uri = match pushed {
            Pushed::RequestUri(uri) => uri,
            Pushed::ScopeRefused(error) => return Err(error),
        };
        let mut authorize_url = flow.server.authorization_endpoint.clone();
        authorize_url
            .query_pairs_mut()
            .append_pair("client_id", &flow.client_id)
            .append_pair("request_uri", &request_uri);
        Ok(OAuthPending {
            authorize_url,
            state: start.state,
            expires_at: now.checked_add(FLOW_LIFETIME).unwrap_or(now),
            issuer: flow.server.issuer.clone(),
            iss_required: true,
            inner: Box::new(flow),
        })
    }

    fn client_id(&self, redirect: &Url, scope: &str) -> String {
        match &self.config.client_id {
            Some(hosted) => hosted.to_string(),
            None => {
                let mut query = url::form_urlencoded::Serializer::new("http://localhost?".to_owned());
                query.append_pair("redirect_uri", redirect.as_str()).append_pair("scope", scope);
                query.finish()
            }
        }
    }

    /// The server that signs people in for `resource`, and whether it is good enough.
    async fn authorization_server(
        &self,
        resource: &Server,
        now: Timestamp,
    ) -> Result<AuthorizationServer, ConnectError> {
        let issuer = self.issuer_of(resource, now).await?;
        let request = Request::get(issuer.at("/.well-known/oauth-authorization-server"));
        let response = self.egress.send(request).await.map_err(|error| refused_by(&issuer, error.into()))?;
        wire::judge(&response, now, &[]).call().map_err(|error| refused_by(&issuer, error))?;
        let server: AuthorizationServer =
            read(&response).map_err(|_| not_bluesky(&issuer, wire::detail(&response, &[])))?;
        if server.issuer != issuer.origin() {
            return Err(ConnectError::NotOurAnswer { reason: "issuer" });
        }
        let insufficient = |reason| ConnectError::Unsafe { server: issuer.host().to_owned(), reason };
        if !lists(server.code_challenge_methods_supported.as_ref(), "S256") {
            return Err(insufficient("no PKCE with S256"));
        }
        if !lists(server.dpop_signing_alg_values_supported.as_ref(), "ES256") {
            return Err(insufficient("no proofs of possession"));
        }
        if !server.authorization_response_iss_parameter_supported {
            return Err(insufficient("answers do not name their server"));
        }
        if server.pushed_authorization_request_endpoint.is_none() {
            return Err(insufficient("no pushed requests"));
        }
        if server.scopes_supported.is_some() && !lists(server.scopes_supported.as_ref(), "atproto") {
            return Err(not_bluesky(&issuer, Detail::new("no atproto scope", &[])));
        }
        Ok(server)
    }

    /// A PDS names the one server that signs people in for it; a server that only does that names none.
    async fn issuer_of(&self, resource: &Server, now: Timestamp) -> Result<Server, ConnectError> {
        let request = Request::get(resource.at("/.well-known/oauth-protected-resource"));
        let response = self.egress.send(request).await.map_err(|error| refused_by(resource, error.into()))?;
        if response.status == 404 {
            return Ok(resource.clone());
        }
        wire::judge(&response, now, &[]).call().map_err(|error| refused_by(resource, error))?;
        let other = || not_bluesky(resource, wire::detail(&response, &[]));
        let metadata: ProtectedResource = read(&response).map_err(|_| other())?;
        if metadata.resource.trim_end_matches('/') != resource.origin() {
            return Err(ConnectError::NotOurAnswer { reason: "resource" });
        }
        let [issuer] = metadata.authorization_servers.as_slice() else { return Err(other()) };
        let server = Url::parse(issuer).ok().and_then(|url| Server::of_url(&url)).ok_or_else(other)?;
        // compared as text, as the standards demand: a path or a trailing slash would be another issuer
        if server.origin() == issuer { Ok(server) } else { Err(other()) }
    }

    async fn push(&self, flow: &Flow, start: &OAuthStart, scope: &str) -> Result<Pushed, ConnectError> {
        #[derive(Deserialize)]
        struct Answer {
            request_uri: String,
        }
        let endpoint = flow.server.pushed_authorization_request_endpoint.as_ref().ok_or(ConnectError::ServerMissing)?;
        let challenge = flow.verifier.challenge();
        let mut form = vec![
            ("client_id", flow.client_id.as_str()),
            ("response_type", "code"),
            ("redirect_uri", flow.redirect.as_str()),
            ("scope", scope),
            ("state", &start.state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let hint = flow.did.clone().unwrap_or_default();
        if !hint.is_empty() {
            form.push(("login_hint", &hint));
        }
        let response = self.post_form(flow, endpoint, &form, start.now).await?;
        match wire::judge(&response, start.now, &[]) {
            Verdict::Success => match read::<Answer>(&response) {
                Ok(answer) => Ok(Pushed::RequestUri(answer.request_uri)),
                Err(error) => Err(refused_by(&asked(endpoint, &self.config.default_server), error)),
            },
            Verdict::Refused { status, detail } => {
                let error = ConnectError::Refused { status, detail };
                let scope = wire::platform_error(&response).is_some_and(|error| error.code == "invalid_scope");
                if scope { Ok(Pushed::ScopeRefused(error)) } else { Err(error) }
            }
            verdict => Err(self.not_accepted(endpoint, verdict, &response)),
        }
    }

    async fn post_form(
        &self,
        flow: &Flow,
        endpoint: &Url,
        form: &[(&str, &str)],
        now: Timestamp,
    ) -> Result<Response, ConnectError> {
        let request = Request::post(endpoint).form(form.iter().copied()).fresh_connection();
        let sent = self.nonces.send(&self.egress, &flow.key, ("POST", endpoint), None, &request, now).await;
        let server = asked(endpoint, &self.config.default_server);
        sent.map_err(|error| refused_by(&server, CallError::from(Failed::from(error))))
    }

    fn not_accepted(&self, endpoint: &Url, verdict: Verdict, response: &Response) -> ConnectError {
        match verdict.call() {
            Err(CallError::SignInRefused) => ConnectError::Refused { status: 401, detail: wire::detail(response, &[]) },
            Err(CallError::Refused { status, detail }) => ConnectError::Refused { status, detail },
            Err(error) => refused_by(&asked(endpoint, &self.config.default_server), error),
            Ok(()) => ConnectError::Refused { status: response.status, detail: Detail::default() },
        }
    }

    pub(super) async fn finish(
        &self,
        pending: OAuthPending,
        callback: Callback,
        now: Timestamp,
    ) -> Result<SignedIn, ConnectError> {
        let code = accept(&pending, callback, now)?;
        let flow = pending.inner.downcast::<Flow>();
        let flow = flow.map_err(|_| ConnectError::NotOurAnswer { reason: "network" })?;
        let endpoint = &flow.server.token_endpoint;
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", flow.client_id.as_str()),
            ("code", code.expose_secret()),
            ("redirect_uri", flow.redirect.as_str()),
            ("code_verifier", flow.verifier.expose()),
        ];
        let response = self.post_form(&flow, endpoint, &form, now).await?;
        match wire::judge(&response, now, &[code.expose_secret(), flow.verifier.expose()]) {
            Verdict::Success => {}
            verdict => return Err(self.not_accepted(endpoint, verdict, &response)),
        }
        let unusable =
            || ConnectError::Refused { status: response.status, detail: Detail::new("no usable tokens", &[]) };
        let answer: TokenAnswer = response.json().map_err(|_| unusable())?;
        let (tokens, did) = tokens(answer).ok_or_else(unusable)?;
        let who = self.confirm(&flow, &did, now).await?;
        let grant = Grant {
            token_endpoint: endpoint.clone(),
            revocation_endpoint: flow.server.revocation_endpoint.clone(),
            client_id: flow.client_id.clone(),
            key: flow.key.to_secret(),
            ends_at: now.checked_add(SESSION_LIFETIME).unwrap_or(now),
        };
        let (tokens, granted) = (tokens.tokens, tokens.scope);
        let stored = Stored::new(who.pds, who.did, tokens, Some(grant), now);
        if let Some(missing) = scope::missing(&granted) {
            // nobody keeps these tokens: tell the server
            let _ = self.end_session(&stored, now).await;
            return Err(ConnectError::ScopeMissing { missing: missing.to_owned() });
        }
        self.signed_in(stored, SignIn::OAuth, now).await
    }

    /// Whether the account that the tokens name is one that this server may speak for: its own record must name a PDS
    /// whose sign-in server is the one we talked to. Without this any server could hand out tokens for anybody.
    async fn confirm(&self, flow: &Flow, did: &str, now: Timestamp) -> Result<Identity, ConnectError> {
        if flow.did.as_deref().is_some_and(|expected| expected != did) {
            return Err(ConnectError::OtherAccount);
        }
        let who = self.identity(did, now).await?.ok_or(ConnectError::NotOurAnswer { reason: "sub" })?;
        let issuer = self.issuer_of(&who.pds, now).await?;
        if issuer.origin() == flow.server.issuer { Ok(who) } else { Err(ConnectError::NotOurAnswer { reason: "sub" }) }
    }

    pub(super) async fn grant_refresh(&self, stored: Stored, now: Timestamp) -> Result<Stored, RefreshError> {
        let temporary = |detail| RefreshError::Temporary { detail };
        let Some(grant) = stored.grant.clone() else { return Err(RefreshError::Ended) };
        let key = grant.proof_key().map_err(|_| RefreshError::Ended)?;
        let request = Request::post(&grant.token_endpoint).form([
            ("grant_type", "refresh_token"),
            ("refresh_token", stored.refresh.expose()),
            ("client_id", grant.client_id.as_str()),
        ]);
        // an answer that is lost here ends the session: the old token is used up, the new one never arrives
        let request = request.timeout(wire::SEND_TIMEOUT).fresh_connection();
        let target = ("POST", &grant.token_endpoint);
        let response = match self.nonces.send(&self.egress, &key, target, None, &request, now).await {
            Ok(response) => response,
            Err(error) => {
                let error = CallError::from(Failed::from(error));
                return Err(temporary(error.detail().cloned().unwrap_or_default()));
            }
        };
        let ended = wire::platform_error(&response).is_some_and(|error| error.code == "invalid_grant");
        match wire::judge(&response, now, &stored.secrets()) {
            Verdict::Success => {
                let answer = response.json().ok().and_then(tokens).filter(|(_, did)| *did == stored.did);
                let (tokens, _) = answer.ok_or_else(|| temporary(Detail::new("an answer of another shape", &[])))?;
                Ok(stored.renewed(tokens.tokens, now))
            }
            Verdict::Refused { .. } | Verdict::SignInRefused if ended => Err(RefreshError::Ended),
            Verdict::SignInRefused => Err(temporary(wire::detail(&response, &stored.secrets()))),
            Verdict::RateLimited { until } => Err(RefreshError::RateLimited { until }),
            Verdict::Refused { detail, .. } | Verdict::Unclear { detail } => Err(temporary(detail)),
        }
    }

    /// Ends the session at the server.
    pub(super) async fn end_session(&self, stored: &Stored, now: Timestamp) -> Result<(), CallError> {
        let response = match &stored.grant {
            None => {
                let url = xrpc::method(&stored.pds, "com.atproto.server.deleteSession", &[])?;
                self.egress.send(Request::post(&url).bearer(stored.refresh.expose())).await?
            }
            Some(grant) => {
                let Some(endpoint) = &grant.revocation_endpoint else { return Ok(()) };
                let form = [("token", stored.refresh.expose()), ("client_id", grant.client_id.as_str())];
                let request = Request::post(endpoint).form(form);
                let key = grant.proof_key()?;
                let sent = self.nonces.send(&self.egress, &key, ("POST", endpoint), None, &request, now).await;
                sent.map_err(Failed::from)?
            }
        };
        wire::judge(&response, now, &stored.secrets()).call()
    }
}

/// Tokens with what they allow.
struct Granted {
    tokens: Tokens,
    scope: String,
}

/// An answer that can be used: bound to our key, renewable, and saying whose it is.
fn tokens(answer: TokenAnswer) -> Option<(Granted, String)> {
    if !answer.token_type.eq_ignore_ascii_case("dpop") {
        return None;
    }
    let lifetime_s = answer.expires_in.filter(|seconds| *seconds > 0).unwrap_or(5 * 60);
    let tokens = Tokens { access: answer.access_token, refresh: answer.refresh_token?, lifetime_s };
    Some((Granted { tokens, scope: answer.scope.unwrap_or_default() }, answer.sub?))
}

fn secrets() -> Result<(Verifier, ProofKey), NoRandomness> {
    Ok((Verifier::generate()?, ProofKey::generate()?))
}

/// The server of an endpoint, for messages.
fn asked(endpoint: &Url, otherwise: &Server) -> Server {
    Server::of_url(endpoint).unwrap_or_else(|| otherwise.clone())
}

/// RFC 8252 section 7.3: the address, never the name `localhost`.
fn is_loopback(redirect: &Url) -> bool {
    let local = match redirect.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(_)) | None => false,
    };
    redirect.scheme() == "http" && local
}
