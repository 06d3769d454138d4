//! The token endpoint (RFC 6749): an authorization code becomes a session, a refresh token renews one.

use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::id::PersonId;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use utoipa::PartialSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use uuid::Uuid;

use crate::access;
use crate::app::App;
use crate::authorize::request::CLIENT_ID;
use crate::database::Tx;
use crate::error::{Code, Error, Problem};
use crate::extract::Form;
use crate::id::{self, DeviceId, SessionId};
use crate::on;
use crate::organisations::invitations;
use crate::people::events::{self, Event};
use crate::people::line;
use crate::policy::Signed;
use crate::random::{Kind, Token};
use crate::sessions::end::{self, Why};
use crate::sessions::proof::{self, Purpose};
use crate::sessions::{ABSOLUTE_MS, DEVICES_MAX, IDLE_MS, NAME_MAX, refresh};

/// What is sent to the token endpoint, as a form.
#[derive(Debug, Deserialize)]
#[serde(tag = "grant_type", rename_all = "snake_case")]
pub enum TokenRequest {
    AuthorizationCode(CodeGrant),
    RefreshToken(RefreshGrant),
}

impl utoipa::ToSchema for TokenRequest {}

impl PartialSchema for TokenRequest {
    /// The tag is one of the fields of a grant that has no others: beside it, as a derived schema has it, nothing would fit.
    fn schema() -> RefOr<Schema> {
        let tagged = |grant: RefOr<Schema>, tag: &str| match grant {
            RefOr::T(Schema::Object(mut object)) => {
                let known = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([tag]));
                object.properties.insert("grant_type".to_owned(), known.into());
                object.required.push("grant_type".to_owned());
                RefOr::T(Schema::Object(object))
            }
            other => other,
        };
        OneOfBuilder::new()
            .item(tagged(CodeGrant::schema(), "authorization_code"))
            .item(tagged(RefreshGrant::schema(), "refresh_token"))
            .into()
    }
}

/// Redeems the code that a finished sign-in brought back, and enrolls the device.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeGrant {
    #[schema(value_type = String)]
    pub code: SecretString,
    /// `sendoff-desktop`.
    pub client_id: String,
    /// The very one that the sign-in was begun with.
    pub redirect_uri: String,
    /// 43 to 128 characters (RFC 7636).
    #[schema(value_type = String)]
    pub code_verifier: SecretString,
    /// The device's Ed25519 public key, 32 bytes in base64url.
    pub device_public_key: String,
    /// One line of 1 to 80 characters.
    pub device_name: String,
    /// The device's signature over the code, 64 bytes in base64url (ADR 28).
    pub device_proof: String,
}

/// Renews a session. The refresh token is used up, and the answer holds its successor.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshGrant {
    #[schema(value_type = String)]
    pub refresh_token: SecretString,
    /// The signature of the session's device over the refresh token, 64 bytes in base64url (ADR 28).
    pub device_proof: String,
}

/// What a session is used with.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Tokens {
    /// For `Authorization: Bearer`.
    pub access_token: Shown,
    /// `Bearer`.
    pub token_type: &'static str,
    /// Seconds.
    pub expires_in: i64,
    /// For the next renewal, once.
    pub refresh_token: Shown,
    #[schema(value_type = Uuid)]
    pub person_id: PersonId,
    pub device_id: DeviceId,
}

/// A secret on its way to the one it belongs to.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String)]
pub struct Shown(pub(crate) SecretString);

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shown(..)")
    }
}

impl Serialize for Shown {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose_secret())
    }
}

/// Gives tokens for a code or a refresh token.
#[utoipa::path(post, path = "/v1/token", tag = "sessions",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 200, body = Tokens),
    (status = 400, description = "The code or token is not valid, or not for this device", body = Problem),
))]
pub(crate) async fn token(
    State(app): State<App>,
    Form(asked): Form<TokenRequest>,
) -> Result<axum::Json<Tokens>, Error> {
    match asked {
        TokenRequest::AuthorizationCode(grant) => redeem(&app, grant).await,
        TokenRequest::RefreshToken(grant) => refresh::renew(&app, grant).await,
    }
    .map(axum::Json)
}

pub(super) fn tokens(app: &App, signed: &Signed, refresh: &Token) -> Result<Tokens, Error> {
    let access =
        app.access_tokens.make(signed, &*app.clock).map_err(|error| Error::internal("access token", &error))?;
    Ok(Tokens {
        access_token: Shown(access),
        token_type: "Bearer",
        expires_in: access::LIFETIME,
        refresh_token: Shown(refresh.text().to_owned().into()),
        person_id: signed.person,
        device_id: signed.device,
    })
}

#[derive(FromRow)]
struct CodeRow {
    person_id: Uuid,
    redirect_uri: String,
    challenge: String,
    asked: i64,
    expires_at: i64,
    session_id: Option<Uuid>,
}

async fn redeem(app: &App, grant: CodeGrant) -> Result<Tokens, Error> {
    let refused = || Error::from(Code::InvalidGrant);
    let code = Token::read(Kind::Code, grant.code.expose_secret()).ok_or_else(refused)?;
    let name = line(&grant.device_name, NAME_MAX)
        .ok_or_else(|| Error::with(Code::Malformed, "The name of a device is one line of 1 to 80 characters."))?;
    let public_key = proof::public_key(&grant.device_public_key)
        .ok_or_else(|| Error::with(Code::Malformed, "The device's key is no Ed25519 public key in base64url."))?;
    let now = app.clock.millis();

    let mut tx = app.database.write().await?;
    // counting also locks the row: of two that come at once one is the first
    let row: Option<CodeRow> = on!(&mut tx, c => {
        sqlx::query_as(
            "UPDATE authorization_code SET asked = asked + 1 WHERE hash = $1 \
             RETURNING person_id, redirect_uri, challenge, asked, expires_at, session_id",
        )
        .bind(code.hash().as_slice())
        .fetch_optional(c)
        .await?
    });
    let row = row.ok_or_else(refused)?;
    let person = PersonId::new(row.person_id);
    if row.asked > 1 {
        // RFC 6749 section 4.1.2: somebody has a copy, and nobody can tell who came first
        if let Some(session) = row.session_id {
            end::one(&mut tx, SessionId::new(session), Why::Reused, now).await?;
            invitations::close_of(&mut tx, person, now).await?;
            events::write(&mut tx, app, Event::CodeReused, Some(person), None).await?;
        }
        tx.commit().await?;
        return Err(refused());
    }
    let good = row.expires_at > now
        && row.redirect_uri == grant.redirect_uri
        && grant.client_id == CLIENT_ID
        && verifies(grant.code_verifier.expose_secret(), &row.challenge)
        && proof::holds(Purpose::Enroll, app.origin(), &public_key, code.text(), &grant.device_proof);
    if !good {
        // it was tried, so it is used up
        tx.commit().await?;
        return Err(refused());
    }
    if !crate::people::enabled(&mut tx, person).await? {
        tx.commit().await?;
        return Err(refused());
    }
    let device = enroll(&mut tx, app, person, &public_key, &name, now).await?;
    let session = SessionId::new(id::fresh(&*app.clock)?);
    let refresh = Token::random(Kind::Refresh)?;
    on!(&mut tx, c => {
        sqlx::query(
            "INSERT INTO session (id, person_id, device_id, started_at, expires_at, idle_at) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(session.uuid())
        .bind(person.uuid())
        .bind(device.uuid())
        .bind(now)
        .bind(now.saturating_add(ABSOLUTE_MS))
        .bind(now.saturating_add(IDLE_MS))
        .execute(c)
        .await?
        .rows_affected()
    });
    on!(&mut tx, c => {
        sqlx::query("INSERT INTO refresh_token (hash, session_id) VALUES ($1, $2)")
            .bind(refresh.hash().as_slice())
            .bind(session.uuid())
            .execute(c)
            .await?
            .rows_affected()
    });
    on!(&mut tx, c => {
        sqlx::query("UPDATE authorization_code SET session_id = $1 WHERE hash = $2")
            .bind(session.uuid())
            .bind(code.hash().as_slice())
            .execute(c)
            .await?
            .rows_affected()
    });
    events::write(&mut tx, app, Event::SignedIn, Some(person), Some(device)).await?;
    let tokens = tokens(app, &Signed { person, device, session }, &refresh)?;
    tx.commit().await?;
    Ok(tokens)
}

/// PKCE with S256 (RFC 7636 section 4.6).
fn verifies(verifier: &str, challenge: &str) -> bool {
    let unreserved = verifier.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
    (43..=128).contains(&verifier.len()) && unreserved && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge
}

/// The device with this key, made if it is new. A revoked device stays revoked; its key begins anew as another device.
async fn enroll(
    tx: &mut Tx,
    app: &App,
    person: PersonId,
    public_key: &[u8; 32],
    name: &str,
    now: i64,
) -> Result<DeviceId, Error> {
    let known: Option<Uuid> = on!(&mut *tx, c => {
        sqlx::query_scalar(
            "UPDATE device SET last_seen_at = $1 WHERE person_id = $2 AND public_key = $3 AND revoked_at IS NULL RETURNING id",
        )
        .bind(now)
        .bind(person.uuid())
        .bind(public_key.as_slice())
        .fetch_optional(c)
        .await?
    });
    if let Some(known) = known {
        return Ok(DeviceId::new(known));
    }
    let count: i64 = on!(&mut *tx, c => {
        sqlx::query_scalar("SELECT count(*) FROM device WHERE person_id = $1 AND revoked_at IS NULL")
            .bind(person.uuid())
            .fetch_one(c)
            .await?
    });
    if count >= DEVICES_MAX {
        return Err(Error::with(Code::Forbidden, "You have 50 devices already: revoke one first."));
    }
    let device = DeviceId::new(id::fresh(&*app.clock)?);
    on!(tx, c => {
        sqlx::query(
            "INSERT INTO device (id, person_id, public_key, name, enrolled_at, last_seen_at) VALUES ($1, $2, $3, $4, $5, $5)",
        )
        .bind(device.uuid())
        .bind(person.uuid())
        .bind(public_key.as_slice())
        .bind(name)
        .bind(now)
        .execute(c)
        .await?
        .rows_affected()
    });
    Ok(device)
}
