//! Signing in with the browser: registration of this program on the server, PKCE, redeeming the code.

use domain::account::SignIn;
use egress::{Request, Response};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::stored::{App, Stored};
use super::{APP_NAME, APP_WEBSITE, Mastodon};
use crate::adapter::{Callback, OAuthPending, OAuthStart, SignedIn};
use crate::credential::Secret;
use crate::entropy::NoRandomness;
use crate::error::{CallError, ConnectError, Detail, RefreshError};
use crate::oauth::metadata::{AuthorizationServer, lists};
use crate::oauth::pkce::Verifier;
use crate::oauth::{FLOW_LIFETIME, TokenAnswer, accept, missing_scopes};
use crate::server::Server;
use crate::wire::{self, Verdict};

/// As little as posting and looking up needs (docs.joinmastodon.org/api/oauth-scopes, read 2026-11).
const LEAST: &str = "read:accounts read:statuses write:statuses write:media";
/// For servers from before the fine-grained scopes.
const BROAD: &str = "read write";

/// What a flow keeps while the person is in the browser.
struct Flow {
    verifier: Verifier,
    app: App,
    server: Server,
    redirect: Url,
}

/// Where a server signs people in.
struct Endpoints {
    issuer: String,
    iss_required: bool,
    authorization: Url,
    token: Url,
    registration: Url,
    revocation: Url,
}

#[derive(Deserialize)]
struct Registered {
    client_id: Secret,
    client_secret: Secret,
}

impl Mastodon {
    pub(super) async fn begin(&self, start: OAuthStart) -> Result<OAuthPending, ConnectError> {
        let now = start.now;
        let server = start.server.clone().ok_or(ConnectError::ServerMissing)?;
        let endpoints = self.endpoints(&server, now).await?;
        let verifier = Verifier::generate().map_err(|NoRandomness| ConnectError::NoRandomness)?;
        let (registered, scope) = self.register(&server, &endpoints, &start.redirect, now).await?;
        let mut authorize_url = endpoints.authorization.clone();
        authorize_url
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", registered.client_id.expose())
            .append_pair("redirect_uri", start.redirect.as_str())
            .append_pair("scope", scope)
            .append_pair("state", &start.state)
            .append_pair("code_challenge", &verifier.challenge())
            .append_pair("code_challenge_method", "S256");
        let app = App {
            client_id: registered.client_id,
            client_secret: registered.client_secret,
            token_endpoint: endpoints.token,
            revocation_endpoint: endpoints.revocation,
        };
        let flow = Flow { verifier, app, server, redirect: start.redirect };
        Ok(OAuthPending {
            authorize_url,
            state: start.state,
            expires_at: now.checked_add(FLOW_LIFETIME).unwrap_or(now),
            issuer: endpoints.issuer,
            iss_required: endpoints.iss_required,
            inner: Box::new(flow),
        })
    }

    /// From the server's metadata (Mastodon 4.3 and later), else the addresses that all servers have had from the
    /// beginning. All of them must lie on the server itself.
    async fn endpoints(&self, server: &Server, now: Timestamp) -> Result<Endpoints, ConnectError> {
        let request = Request::get(server.at("/.well-known/oauth-authorization-server"));
        let response = self.egress.send(request).await.map_err(|error| refused_by(server, error.into()))?;
        match wire::judge(&response, now, &[]) {
            Verdict::RateLimited { until } => return Err(ConnectError::RateLimited { until }),
            Verdict::Success => {}
            _ if response.status >= 500 => {
                return Err(refused_by(server, CallError::NoAnswer { detail: wire::detail(&response, &[]) }));
            }
            _ => return usual(server),
        }
        // a page for every address, as some servers give, is no metadata
        let Ok(metadata) = response.json::<AuthorizationServer>() else { return usual(server) };
        // Mastodon writes its issuer with a slash at the end
        if metadata.issuer.strip_suffix('/').unwrap_or(&metadata.issuer) != server.origin() {
            return Err(ConnectError::NotOurAnswer { reason: "issuer" });
        }
        let methods = metadata.code_challenge_methods_supported.as_ref();
        if methods.is_some_and(|methods| !methods.is_empty()) && !lists(methods, "S256") {
            return Err(ConnectError::Unsafe { server: server.host().to_owned(), reason: "no PKCE with S256" });
        }
        let usual = usual(server)?;
        let endpoints = Endpoints {
            issuer: metadata.issuer,
            iss_required: metadata.authorization_response_iss_parameter_supported,
            authorization: metadata.authorization_endpoint,
            token: metadata.token_endpoint,
            registration: metadata.app_registration_endpoint.unwrap_or(usual.registration),
            revocation: metadata.revocation_endpoint.unwrap_or(usual.revocation),
        };
        let all = [&endpoints.authorization, &endpoints.token, &endpoints.registration, &endpoints.revocation];
        if all.into_iter().all(|endpoint| server.owns(endpoint)) {
            Ok(endpoints)
        } else {
            Err(ConnectError::NotOurAnswer { reason: "endpoint" })
        }
    }

    async fn register(
        &self,
        server: &Server,
        endpoints: &Endpoints,
        redirect: &Url,
        now: Timestamp,
    ) -> Result<(Registered, &'static str), ConnectError> {
        let mut refusal = ConnectError::ServerMissing;
        for scope in [LEAST, BROAD] {
            let request = Request::post(&endpoints.registration).json(&json!({
                "client_name": APP_NAME,
                "redirect_uris": redirect.as_str(),
                "scopes": scope,
                "website": APP_WEBSITE,
            }));
            let response = self.egress.send(request).await.map_err(|error| refused_by(server, error.into()))?;
            match wire::judge(&response, now, &[]).call() {
                Ok(()) => {
                    let registered = response.json().map_err(|_| not_mastodon(server, &response))?;
                    return Ok((registered, scope));
                }
                // perhaps it does not know these scopes
                Err(CallError::Refused { status: status @ (400 | 422), detail }) => {
                    refusal = ConnectError::Refused { status, detail };
                }
                Err(CallError::NoAnswer { .. }) if response.status < 500 => {
                    return Err(not_mastodon(server, &response));
                }
                Err(error) => return Err(refused_by(server, error)),
            }
        }
        Err(refusal)
    }

    pub(super) async fn finish(
        &self,
        pending: OAuthPending,
        callback: Callback,
        now: Timestamp,
    ) -> Result<SignedIn, ConnectError> {
        let code = accept(&pending, callback, now)?;
        let flow = pending.inner.downcast::<Flow>().map_err(|_| ConnectError::NotOurAnswer { reason: "network" })?;
        let Flow { verifier, app, server, redirect } = *flow;
        let secrets = [code.expose_secret(), verifier.expose(), app.client_secret.expose()];
        let request = Request::post(&app.token_endpoint).form([
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("client_id", app.client_id.expose()),
            ("client_secret", app.client_secret.expose()),
            ("redirect_uri", redirect.as_str()),
            ("code_verifier", verifier.expose()),
        ]);
        let request = request.fresh_connection();
        let response = self.egress.send(request).await.map_err(|error| refused_by(&server, error.into()))?;
        match wire::judge(&response, now, &secrets).call() {
            Ok(()) => {}
            Err(CallError::SignInRefused) => {
                return Err(ConnectError::Refused { status: 401, detail: wire::detail(&response, &secrets) });
            }
            Err(CallError::Refused { status, detail }) => return Err(ConnectError::Refused { status, detail }),
            Err(error) => return Err(refused_by(&server, error)),
        }
        let unusable =
            || ConnectError::Refused { status: response.status, detail: Detail::new("no usable tokens", &[]) };
        let answer: TokenAnswer = response.json().map_err(|_| unusable())?;
        if !answer.token_type.eq_ignore_ascii_case("bearer") {
            return Err(unusable());
        }
        let mut stored = Stored::new(server, String::new(), String::new(), answer.access_token, app);
        stored.refresh = answer.refresh_token;
        stored.expires_at = ends(answer.expires_in, now);
        let missing = answer.scope.map(|scope| missing(&scope)).unwrap_or_default();
        if !missing.is_empty() {
            // nobody keeps this token: tell the server
            let _ = self.revoke(&stored, now).await;
            return Err(ConnectError::ScopeMissing { missing });
        }
        self.signed_in(stored, now).await
    }

    async fn signed_in(&self, mut stored: Stored, now: Timestamp) -> Result<SignedIn, ConnectError> {
        let profile = match self.profile(&stored, now).await {
            Ok(profile) => profile,
            Err(error) => {
                // nobody keeps this token: tell the server
                let _ = self.revoke(&stored, now).await;
                return Err(refused_by(&stored.server, error));
            }
        };
        stored.account_id.clone_from(&profile.remote_id);
        stored.handle.clone_from(&profile.handle);
        let unwritable = |_| ConnectError::Refused { status: 0, detail: Detail::default() };
        let credential = stored.write().map_err(unwritable)?;
        let (server, ends_at) = (stored.server.clone(), stored.ends_at());
        Ok(SignedIn { server, sign_in: SignIn::OAuth, profile, ends_at, credential })
    }

    /// Only for the few servers whose tokens end and can be renewed.
    pub(super) async fn renew(&self, mut stored: Stored, now: Timestamp) -> Result<Stored, RefreshError> {
        let temporary = |detail| RefreshError::Temporary { detail };
        // a token that cannot be renewed either still works or has ended: then a call has said so
        let Some(refresh) = stored.refresh.clone() else { return Err(RefreshError::Ended) };
        let request = Request::post(&stored.app.token_endpoint).form([
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.expose()),
            ("client_id", stored.app.client_id.expose()),
            ("client_secret", stored.app.client_secret.expose()),
        ]);
        let request = request.timeout(wire::SEND_TIMEOUT).fresh_connection();
        let response = self.egress.send(request).await.map_err(|error| temporary(Detail::from(&error)))?;
        let ended = wire::platform_error(&response).is_some_and(|error| error.code == "invalid_grant");
        match wire::judge(&response, now, &stored.secrets()) {
            Verdict::Success => {
                let answer: TokenAnswer = response.json().map_err(|error| temporary(Detail::from(&error)))?;
                stored.token = answer.access_token;
                stored.expires_at = ends(answer.expires_in, now);
                stored.refresh = Some(answer.refresh_token.unwrap_or(refresh));
                Ok(stored)
            }
            Verdict::Refused { .. } | Verdict::SignInRefused if ended => Err(RefreshError::Ended),
            Verdict::SignInRefused => Err(temporary(wire::detail(&response, &stored.secrets()))),
            Verdict::RateLimited { until } => Err(RefreshError::RateLimited { until }),
            Verdict::Refused { detail, .. } | Verdict::Unclear { detail } => Err(temporary(detail)),
        }
    }

    pub(super) async fn revoke(&self, stored: &Stored, now: Timestamp) -> Result<(), CallError> {
        let request = Request::post(&stored.app.revocation_endpoint).form([
            ("token", stored.token.expose()),
            ("client_id", stored.app.client_id.expose()),
            ("client_secret", stored.app.client_secret.expose()),
        ]);
        let response = self.egress.send(request).await?;
        wire::judge(&response, now, &stored.secrets()).call()
    }
}

fn usual(server: &Server) -> Result<Endpoints, ConnectError> {
    let at = |path: &str| Url::parse(&server.at(path)).map_err(|_| ConnectError::ServerMissing);
    Ok(Endpoints {
        issuer: server.origin().to_owned(),
        iss_required: false,
        authorization: at("/oauth/authorize")?,
        token: at("/oauth/token")?,
        registration: at("/api/v1/apps")?,
        revocation: at("/oauth/revoke")?,
    })
}

/// What of [`LEAST`] was not granted; `read` and `write` hold all that begins with them.
fn missing(granted: &str) -> String {
    let granted: Vec<&str> = granted.split([' ', '+']).collect();
    missing_scopes(LEAST, |scope| {
        let whole = scope.split_once(':').map_or(scope, |(whole, _)| whole);
        granted.contains(&scope) || granted.contains(&whole)
    })
}

fn ends(expires_in: Option<i64>, now: Timestamp) -> Option<Timestamp> {
    expires_in.filter(|seconds| *seconds > 0).map(|seconds| domain::job::plus(now, seconds))
}

fn not_mastodon(server: &Server, response: &Response) -> ConnectError {
    let detail = wire::detail(response, &[]);
    ConnectError::NotThisNetwork { server: server.host().to_owned(), network: "Mastodon", detail }
}

fn refused_by(server: &Server, error: CallError) -> ConnectError {
    let host = server.host().to_owned();
    match error {
        CallError::NoAnswer { detail } => ConnectError::Unreachable { server: host, detail },
        CallError::Blocked { detail } => ConnectError::Blocked { server: host, detail },
        CallError::RateLimited { until } => ConnectError::RateLimited { until },
        CallError::Refused { detail, .. } => ConnectError::NotThisNetwork { server: host, network: "Mastodon", detail },
        CallError::SignInRefused => ConnectError::Refused { status: 401, detail: Detail::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_granted() {
        for granted in [LEAST, BROAD, "read write follow push", "read+write", "profile read write:statuses write:media"]
        {
            assert_eq!(missing(granted), "", "{granted}");
        }
        assert_eq!(missing("read"), "write:statuses write:media");
        assert_eq!(missing("read:accounts write"), "read:statuses");
        assert_eq!(missing(""), LEAST);
    }
}
