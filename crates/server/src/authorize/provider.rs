//! Sign-in by an identity provider (OpenID Connect). Who somebody is, is the pair of issuer and subject; an address that a
//! provider tells is never taken for an account's.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::PersonId;
use egress::{Egress, EgressError, Policy};
use http::HeaderMap;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreErrorResponseType, CoreIdTokenClaims, CoreJwsSigningAlgorithm,
    CoreProviderMetadata,
};
use openidconnect::{
    AccessTokenHash, AsyncHttpClient, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, StandardErrorResponse, TokenResponse,
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::address::ClientAddress;
use crate::app::App;
use crate::authorize::sign_in::OfFlow;
use crate::authorize::{flow, pages};
use crate::config::{Config, Provider};
use crate::database::Tx;
use crate::error::{Code, Error, one_line};
use crate::extract::{Form, Path, Query};
use crate::on;
use crate::people::events::{self, Event};
use crate::people::{self, NAME_MAX, line};
use crate::random::{Kind, Token, TokenHash};

/// A person has to type a password there, perhaps a second factor.
const LIFE_MS: i64 = 15 * 60 * 1000;
/// What a provider says of itself, its keys included, is asked for again after this time.
const FRESH: Duration = Duration::from_secs(60 * 60);
/// And before that only if a key is unknown, and not more often than this.
const AGAIN: Duration = Duration::from_secs(60);
/// A provider that failed is not asked again for so long: people would wait for it one after another.
const REST: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(8);
const ANSWER_MAX: usize = 256 * 1024;

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// All providers that the operator configured, by name.
#[derive(Debug)]
pub(crate) struct Providers(BTreeMap<String, One>);

#[derive(Debug)]
struct One {
    config: Provider,
    egress: Guarded,
    metadata: Mutex<Asked>,
}

/// What a provider said of itself when it was last asked.
#[derive(Debug, Default)]
struct Asked {
    said: Option<(Instant, Arc<CoreProviderMetadata>)>,
    failed: Option<Instant>,
}

/// The library's way out: through the guard that judges every address.
#[derive(Debug)]
struct Guarded(Egress);

/// Why a provider is of no use.
#[derive(Debug, thiserror::Error)]
enum ProviderError {
    #[error("{0}")]
    Answer(String),
}

#[derive(Debug, thiserror::Error)]
enum CallError {
    #[error(transparent)]
    Egress(#[from] EgressError),
    #[error("an answer that is none of HTTP")]
    Answer,
}

impl Providers {
    pub(crate) fn new(config: &Config) -> Result<Self, EgressError> {
        let all = config.providers.iter().map(|provider| {
            let egress = Guarded(Egress::new(Policy::new(provider.allow.clone()))?);
            let one = One { config: provider.clone(), egress, metadata: Mutex::default() };
            Ok((provider.name.clone(), one))
        });
        all.collect::<Result<_, EgressError>>().map(Self)
    }

    fn get(&self, name: &str) -> Result<&One, Error> {
        self.0.get(name).ok_or(Code::NotFound.into())
    }
}

impl<'c> AsyncHttpClient<'c> for Guarded {
    type Error = CallError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, CallError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl Guarded {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, CallError> {
        let (parts, body) = request.into_parts();
        let kind =
            parts.headers.get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let mut outgoing =
            egress::Request::new(parts.method, parts.uri.to_string()).timeout(TIMEOUT).max_response_bytes(ANSWER_MAX);
        if !body.is_empty() {
            outgoing = outgoing.body(kind, body);
        }
        for (name, value) in &parts.headers {
            let value = value.to_str().map_err(|_| CallError::Answer)?;
            outgoing = outgoing.header(name.as_str(), value);
        }
        let answer = self.0.send(outgoing).await?;
        let mut response = http::Response::builder().status(answer.status);
        if let Some(headers) = response.headers_mut() {
            *headers = answer.headers;
        }
        response.body(answer.body).map_err(|_| CallError::Answer)
    }
}

impl One {
    /// What the provider says of itself; asked for again if it is older than `oldest`.
    async fn metadata(&self, oldest: Duration) -> Result<Arc<CoreProviderMetadata>, ProviderError> {
        let mut kept = self.metadata.lock().await;
        if let Some((asked, metadata)) = &kept.said
            && asked.elapsed() < oldest
        {
            return Ok(Arc::clone(metadata));
        }
        if kept.failed.is_some_and(|failed| failed.elapsed() < REST) {
            return Err(ProviderError::Answer("it failed a moment ago and is left alone".into()));
        }
        let issuer =
            IssuerUrl::new(self.config.issuer.clone()).map_err(|error| ProviderError::Answer(error.to_string()))?;
        // refuses a document that names another issuer
        let found = CoreProviderMetadata::discover_async(issuer, &self.egress).await;
        kept.failed = found.is_err().then(Instant::now);
        let found = Arc::new(found.map_err(|error| ProviderError::Answer(error.to_string()))?);
        kept.said = Some((Instant::now(), Arc::clone(&found)));
        Ok(found)
    }

    /// Each provider has an address of its own to come back to, so that none can pass for another.
    fn client(&self, metadata: &CoreProviderMetadata, origin: &str) -> Result<Client, ProviderError> {
        let back = RedirectUrl::new(format!("{origin}/authorize/provider/{}/callback", self.config.name));
        let back = back.map_err(|error| ProviderError::Answer(error.to_string()))?;
        let secret = ClientSecret::new(self.config.client_secret.expose_secret().to_owned());
        let id = ClientId::new(self.config.client_id.clone());
        Ok(CoreClient::from_provider_metadata(metadata.clone(), id, Some(secret)).set_redirect_uri(back))
    }

    fn refused(&self, error: &dyn std::fmt::Display) -> Error {
        tracing::warn!(provider = %self.config.name, reason = %one_line(&error.to_string()), "a provider did not confirm a sign-in");
        Code::ProviderRefused.into()
    }
}

/// What is needed when the browser comes back; kept sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    nonce: String,
    verifier: String,
}

fn place(state: &TokenHash) -> Vec<u8> {
    [b"provider/".as_slice(), state.as_slice()].concat()
}

/// Sends the browser to an identity provider.
#[utoipa::path(get, path = "/authorize/provider/{name}", tag = "sign-in", params(("name" = String, Path), OfFlow), responses(
    (status = 303, description = "To the provider"), (status = 400, description = "The sign-in is over (a page)"),
    (status = 404, description = "There is no such provider (a page)"), (status = 502, description = "It does not answer (a page)"),
))]
pub(crate) async fn begin(
    State(app): State<App>,
    headers: HeaderMap,
    from: ClientAddress,
    Path(name): Path<String>,
    Query(asked): Query<OfFlow>,
) -> Result<Response, Error> {
    app.limits.begin(from)?;
    let flow = flow::load(&app, &headers, &asked.flow).await?;
    let one = app.providers.get(&name)?;
    let metadata = one.metadata(FRESH).await.map_err(|error| one.refused(&error))?;
    let client = one.client(&metadata, app.origin()).map_err(|error| one.refused(&error))?;
    let state = Token::random(Kind::ProviderState)?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let csrf = state.text().to_owned();
    let (address, _, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || CsrfToken::new(csrf), Nonce::new_random)
        .add_scope(Scope::new("profile".into()))
        .set_pkce_challenge(challenge)
        .url();
    let kept = Kept { nonce: nonce.secret().clone(), verifier: verifier.secret().clone() };
    let plain = serde_json::to_vec(&kept).map_err(|error| Error::internal("sign-in by a provider", &error))?;
    let sealed = app.keys.seal(&place(&state.hash()), &zeroize::Zeroizing::new(plain))?;
    let mut tx = app.database.write().await?;
    on!(&mut tx, c => {
        sqlx::query("INSERT INTO provider_login (hash, flow_id, provider, sealed, expires_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(state.hash().as_slice())
            .bind(flow.id().uuid())
            .bind(&name)
            .bind(sealed)
            .bind(app.clock.millis().saturating_add(LIFE_MS))
            .execute(c)
            .await?
            .rows_affected()
    });
    tx.commit().await?;
    Ok(Redirect::to(address.as_str()).into_response())
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct ProviderAnswer {
    state: String,
    code: Option<String>,
    error: Option<String>,
    /// RFC 9207.
    iss: Option<String>,
}

#[derive(FromRow)]
struct LoginRow {
    flow_id: Uuid,
    provider: String,
    sealed: Vec<u8>,
    expires_at: i64,
}

/// Where an identity provider sends the browser back to.
#[utoipa::path(get, path = "/authorize/provider/{name}/callback", tag = "sign-in",
    params(("name" = String, Path), ProviderAnswer), responses(
    (status = 200, description = "A page that asks whether to go on", content_type = "text/html"),
    (status = 400, description = "The sign-in is over (a page)"), (status = 502, description = "The provider did not confirm it (a page)"),
))]
pub(crate) async fn callback(
    State(app): State<App>,
    headers: HeaderMap,
    Path(name): Path<String>,
    Query(answer): Query<ProviderAnswer>,
) -> Result<Response, Error> {
    let over = || Error::from(Code::SignInOver);
    let one = app.providers.get(&name)?;
    let state = Token::read(Kind::ProviderState, &answer.state).ok_or_else(over)?;
    let mut tx = app.database.write().await?;
    // used up by the first who comes with it, whatever else is wrong
    let row: Option<LoginRow> = on!(&mut tx, c => {
        sqlx::query_as("DELETE FROM provider_login WHERE hash = $1 RETURNING flow_id, provider, sealed, expires_at")
            .bind(state.hash().as_slice())
            .fetch_optional(c)
            .await?
    });
    tx.commit().await?;
    let row = row.filter(|row| row.provider == name && row.expires_at > app.clock.millis()).ok_or_else(over)?;
    // only in the browser that began it
    let flow = flow::load(&app, &headers, &row.flow_id.to_string()).await?;
    let kept = app.keys.open_sealed(&place(&state.hash()), &row.sealed).ok_or_else(over)?;
    let kept: Kept = serde_json::from_slice(&kept).map_err(|_| over())?;
    if answer.iss.as_ref().is_some_and(|iss| *iss != one.config.issuer) {
        return Err(one.refused(&"the answer names another issuer"));
    }
    let (Some(code), None) = (answer.code, &answer.error) else {
        return Err(one.refused(&format!("it says {:?}", answer.error)));
    };
    let claims = claims(&app, one, code, &kept).await?;
    let told = claims.name().and_then(|name| name.get(None)).map(|name| name.as_str().to_owned());
    let name = told.and_then(|name| line(&name, NAME_MAX)).unwrap_or_else(|| "New member".into());
    let mut tx = app.database.write().await?;
    let (person, shown) = person(&mut tx, &app, one, claims.subject().as_str(), &name).await?;
    let tied = on!(&mut tx, c => {
        sqlx::query("UPDATE flow SET person_id = $1 WHERE id = $2 AND finished_at IS NULL")
            .bind(person.uuid())
            .bind(flow.id().uuid())
            .execute(c)
            .await?
            .rows_affected()
    });
    if tied == 0 {
        return Err(over());
    }
    tx.commit().await?;
    Ok(pages::confirm(&app, &flow, &one.config.title, &shown).into_response())
}

/// Exchanges the code and checks what comes: signature, issuer, audience, nonce, times, and the access token's hash.
async fn claims(app: &App, one: &One, code: String, kept: &Kept) -> Result<CoreIdTokenClaims, Error> {
    let metadata = one.metadata(FRESH).await.map_err(|error| one.refused(&error))?;
    let client = one.client(&metadata, app.origin()).map_err(|error| one.refused(&error))?;
    let tokens = client
        .exchange_code(AuthorizationCode::new(code))
        .map_err(|error| one.refused(&error))?
        .set_pkce_verifier(PkceCodeVerifier::new(kept.verifier.clone()))
        .request_async(&one.egress)
        .await
        .map_err(|error| one.refused(&what_failed(&error)))?;
    let token = tokens.id_token().ok_or_else(|| one.refused(&"it sent no identity token"))?;
    let nonce = Nonce::new(kept.nonce.clone());
    let access = tokens.access_token();
    let check = |client: &Client| -> Result<CoreIdTokenClaims, String> {
        let verifier = client.id_token_verifier().set_allowed_algs([
            CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            CoreJwsSigningAlgorithm::RsaSsaPssSha256,
            CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            CoreJwsSigningAlgorithm::EcdsaP384Sha384,
            CoreJwsSigningAlgorithm::EdDsa,
        ]);
        let claims = token.claims(&verifier, &nonce).map_err(|error| error.to_string())?;
        // the library leaves this one to us (OpenID Connect Core 1.0, section 3.1.3.7, rules 4 and 5)
        let party = claims.authorized_party().map(|party| party.as_str());
        if party.is_some_and(|party| party != one.config.client_id) {
            return Err("the identity token was made for another party".into());
        }
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = token.signing_alg().map_err(|error| error.to_string())?;
            let key = token.signing_key(&verifier).map_err(|error| error.to_string())?;
            let actual = AccessTokenHash::from_token(access, algorithm, key).map_err(|error| error.to_string())?;
            if actual != *expected {
                return Err("the access token is not the one that the identity token names".into());
            }
        }
        Ok(claims.clone())
    };
    match check(&client) {
        Ok(claims) => Ok(claims),
        Err(_) => {
            // perhaps signed with a new key; asked for at most once a minute
            let metadata = one.metadata(AGAIN).await.map_err(|error| one.refused(&error))?;
            let client = one.client(&metadata, app.origin()).map_err(|error| one.refused(&error))?;
            check(&client).map_err(|error| one.refused(&error))
        }
    }
}

/// Without the provider's own words, which may repeat the code.
fn what_failed(error: &RequestTokenError<CallError, StandardErrorResponse<CoreErrorResponseType>>) -> String {
    match error {
        RequestTokenError::ServerResponse(answer) => format!("the token endpoint says {}", answer.error().as_ref()),
        RequestTokenError::Request(error) => format!("the token endpoint cannot be reached: {error}"),
        RequestTokenError::Parse(..) => "the token endpoint's answer cannot be read".into(),
        RequestTokenError::Other(_) => "the token endpoint's answer is not usable".into(),
    }
}

#[derive(FromRow)]
struct PersonRow {
    id: Uuid,
    display_name: String,
    disabled_at: Option<i64>,
}

async fn known(tx: &mut Tx, issuer: &str, subject: &str) -> Result<Option<PersonRow>, sqlx::Error> {
    on!(tx, c => {
        sqlx::query_as(
            "SELECT person.id, person.display_name, person.disabled_at FROM identity \
             JOIN person ON person.id = identity.person_id WHERE identity.issuer = $1 AND identity.subject = $2",
        )
        .bind(issuer)
        .bind(subject)
        .fetch_optional(c)
        .await
    })
}

/// The person with this identity; a new one if nobody has it.
async fn person(tx: &mut Tx, app: &App, one: &One, subject: &str, name: &str) -> Result<(PersonId, String), Error> {
    let issuer = one.config.issuer.as_str();
    if let Some(row) = known(tx, issuer, subject).await? {
        if row.disabled_at.is_some() {
            return Err(one.refused(&"the person is shut out here"));
        }
        return Ok((PersonId::new(row.id), row.display_name));
    }
    let person = people::create(tx, app, None, name, None).await?;
    let person =
        person.ok_or_else(|| Error::internal("sign-in by a provider", &"a person without address met another"))?;
    let made = on!(&mut *tx, c => {
        sqlx::query(
            "INSERT INTO identity (issuer, subject, person_id, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (issuer, subject) DO NOTHING",
        )
        .bind(issuer)
        .bind(subject)
        .bind(person.uuid())
        .bind(app.clock.millis())
        .execute(c)
        .await?
        .rows_affected()
    });
    if made == 0 {
        // the same person came twice at the same moment; the next try finds them
        return Err(Code::Busy.into());
    }
    events::write(tx, app, Event::Registered, Some(person), None).await?;
    Ok((person, name.to_owned()))
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmForm {
    flow: String,
}

/// Goes on as the person whom the provider confirmed.
#[utoipa::path(post, path = "/authorize/provider", tag = "sign-in",
    request_body(content = ConfirmForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 303, description = "Back to the program, with a code"),
    (status = 200, description = "A page that opens the program", content_type = "text/html"),
    (status = 400, description = "The sign-in is over (a page)"),
))]
pub(crate) async fn finish(
    State(app): State<App>,
    headers: HeaderMap,
    Form(asked): Form<ConfirmForm>,
) -> Result<Response, Error> {
    let over = || Error::from(Code::SignInOver);
    let flow = flow::load(&app, &headers, &asked.flow).await?;
    let person = flow.person().ok_or_else(over)?;
    let mut tx = app.database.write().await?;
    if !people::enabled(&mut tx, person).await? {
        return Err(over());
    }
    let code = flow::finish(&mut tx, &app, &flow, person).await?.ok_or_else(over)?;
    tx.commit().await?;
    flow::arrive(&app, &flow, &code, None)
}
