//! Invitations: a mail with a link, good for one person, once.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::Mutation;
use domain::id::{OrganisationId, PersonId, PersonaId};
use domain::team::{Member, Personas, Role};
use http::{HeaderValue, StatusCode, header};
use maud::html;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use url::Url;
use uuid::Uuid;
use wire::Fault;
use wire::push::{Answer, Envelope, Push};

use super::{name_of, refused, remember};
use crate::address::ClientAddress;
use crate::app::App;
use crate::authorize::pages;
use crate::error::{Code, Error, Problem};
use crate::extract::{Json, Path, Path2, Query};
use crate::id;
use crate::limits::AccountKey;
use crate::mail::{Letter, outbox};
use crate::on;
use crate::people;
use crate::policy::Signed;
use crate::random::{Kind, Token};

/// A week.
pub const LIFE_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// Invitations of one organisation that are open at once.
const OPEN_MAX: i64 = 200;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    pub email: String,
    /// `owner`, `administrator` or `creator`.
    #[schema(value_type = String)]
    pub role: Role,
    /// The personas that a creator speaks as; absent for all.
    #[serde(default)]
    pub personas: Option<Vec<Uuid>>,
}

/// An invitation that nobody has followed yet.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Invitation {
    pub id: Uuid,
    pub email: String,
    #[schema(value_type = String)]
    pub role: Role,
    pub personas: Option<Vec<Uuid>>,
    /// Milliseconds since 1970.
    pub invited_at: i64,
    /// Milliseconds since 1970.
    pub expires_at: i64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Invitations {
    pub invitations: Vec<Invitation>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// The secret from the link.
    #[schema(value_type = String)]
    pub code: SecretString,
}

/// The organisation that the person belongs to now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Joined {
    pub organisation: Uuid,
}

/// What is kept of who is invited as what.
#[derive(Debug, Serialize, Deserialize)]
struct Offer {
    role: Role,
    personas: Option<Vec<Uuid>>,
}

impl Offer {
    fn personas(&self) -> Personas {
        match &self.personas {
            None => Personas::All,
            Some(these) => Personas::Only(these.iter().copied().map(PersonaId::new).collect()),
        }
    }
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    organisation_id: Uuid,
    email: String,
    offer: String,
    invited_by: Uuid,
    invited_at: i64,
    expires_at: i64,
}

/// The member who asks, if they may invite somebody as this.
async fn inviter(app: &App, org: OrganisationId, person: PersonId, role: Option<Role>) -> Result<Member, Error> {
    let member = app.ledger.member(org, person).await.map_err(|fault| refused(&fault))?;
    let may = member.role.may_manage_members() && role.is_none_or(|role| member.role.may_change(role));
    if may { Ok(member) } else { Err(Code::Forbidden.into()) }
}

/// Sends an invitation. What is answered does not tell whether there is an account with the address.
#[utoipa::path(post, path = "/v1/orgs/{org}/invitations", tag = "organisations", params(("org" = Uuid, Path)),
    request_body = Invite, responses(
    (status = 200, body = Invitation), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem),
    (status = 415, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem),
))]
pub(crate) async fn invite(
    State(app): State<App>,
    signed: Signed,
    from: ClientAddress,
    Path(org): Path<OrganisationId>,
    Json(asked): Json<Invite>,
) -> Result<axum::Json<Invitation>, Error> {
    inviter(&app, org, signed.person, Some(asked.role)).await?;
    let email =
        people::email(&asked.email).ok_or_else(|| Error::with(Code::Malformed, "This is no e-mail address."))?;
    if asked.personas.as_ref().is_some_and(|personas| personas.len() > Member::PERSONAS_MAX) {
        return Err(Error::with(Code::Malformed, "These are more personas than one member can have."));
    }
    app.limits.mail(from, AccountKey::of(&email))?;
    let now = app.clock.millis();
    let offer = Offer { role: asked.role, personas: asked.personas };
    let text = serde_json::to_string(&offer).map_err(|error| Error::internal("invitation", &error))?;
    let code = Token::random(Kind::Invitation)?;
    let id = id::fresh(&*app.clock)?;
    let mut tx = app.database.write().await?;
    let open: i64 = on!(&mut tx, c => {
        sqlx::query_scalar(
            "SELECT count(*) FROM invitation WHERE organisation_id = $1 AND closed_at IS NULL AND expires_at > $2",
        )
        .bind(org.uuid())
        .bind(now)
        .fetch_one(c)
        .await?
    });
    if open >= OPEN_MAX {
        return Err(Error::with(Code::TooManyRequests, "Too many invitations of this organisation are open."));
    }
    on!(&mut tx, c => {
        // the newest link to an address is the one that counts
        sqlx::query("UPDATE invitation SET closed_at = $1 WHERE organisation_id = $2 AND email = $3 AND closed_at IS NULL")
            .bind(now)
            .bind(org.uuid())
            .bind(&email)
            .execute(c)
            .await?
            .rows_affected()
    });
    let expires_at = now.saturating_add(LIFE_MS);
    on!(&mut tx, c => {
        sqlx::query(
            "INSERT INTO invitation (id, organisation_id, email, offer, hash, invited_by, invited_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(id)
        .bind(org.uuid())
        .bind(&email)
        .bind(text)
        .bind(code.hash().as_slice())
        .bind(signed.person.uuid())
        .bind(now)
        .bind(expires_at)
        .execute(c)
        .await?
        .rows_affected()
    });
    outbox::put(&mut tx, &app, email.clone(), Letter::Invitation { code: code.text().to_owned() }).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(axum::Json(Invitation { id, email, role: offer.role, personas: offer.personas, invited_at: now, expires_at }))
}

/// Lists the invitations that are open, newest first.
#[utoipa::path(get, path = "/v1/orgs/{org}/invitations", tag = "organisations", params(("org" = Uuid, Path)), responses(
    (status = 200, body = Invitations), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 503, body = Problem),
))]
pub(crate) async fn list(
    State(app): State<App>,
    signed: Signed,
    Path(org): Path<OrganisationId>,
) -> Result<axum::Json<Invitations>, Error> {
    inviter(&app, org, signed.person, None).await?;
    let mut tx = app.database.read().await?;
    let rows: Vec<Row> = on!(&mut tx, c => {
        sqlx::query_as(
            "SELECT id, organisation_id, email, offer, invited_by, invited_at, expires_at FROM invitation \
             WHERE organisation_id = $1 AND closed_at IS NULL AND expires_at > $2 ORDER BY invited_at DESC, id LIMIT $3",
        )
        .bind(org.uuid())
        .bind(app.clock.millis())
        .bind(OPEN_MAX)
        .fetch_all(c)
        .await?
    });
    let invitation = |row: Row| {
        let offer: Offer = serde_json::from_str(&row.offer).map_err(|error| Error::internal("invitation", &error))?;
        let (id, email, invited_at, expires_at) = (row.id, row.email, row.invited_at, row.expires_at);
        Ok(Invitation { id, email, role: offer.role, personas: offer.personas, invited_at, expires_at })
    };
    let invitations = rows.into_iter().map(invitation).collect::<Result<_, Error>>()?;
    Ok(axum::Json(Invitations { invitations }))
}

/// Takes an invitation back: its link is worth nothing any more.
#[utoipa::path(delete, path = "/v1/orgs/{org}/invitations/{invitation}", tag = "organisations",
    params(("org" = Uuid, Path), ("invitation" = Uuid, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 503, body = Problem),
))]
pub(crate) async fn revoke(
    State(app): State<App>,
    signed: Signed,
    Path2(org, invitation): Path2<OrganisationId, Uuid>,
) -> Result<StatusCode, Error> {
    let member = inviter(&app, org, signed.person, None).await?;
    let mut tx = app.database.read().await?;
    let offer: Option<String> = on!(&mut tx, c => {
        sqlx::query_scalar("SELECT offer FROM invitation WHERE id = $1 AND organisation_id = $2")
            .bind(invitation)
            .bind(org.uuid())
            .fetch_optional(c)
            .await?
    });
    drop(tx);
    let offer: Offer = serde_json::from_str(&offer.ok_or(Error::from(Code::NotFound))?)
        .map_err(|error| Error::internal("invitation", &error))?;
    if !member.role.may_change(offer.role) {
        return Err(Code::Forbidden.into());
    }
    let mut tx = app.database.write().await?;
    let closed = on!(&mut tx, c => {
        sqlx::query("UPDATE invitation SET closed_at = $1 WHERE id = $2 AND organisation_id = $3 AND closed_at IS NULL")
            .bind(app.clock.millis())
            .bind(invitation)
            .bind(org.uuid())
            .execute(c)
            .await?
            .rows_affected()
    });
    if closed == 0 {
        return Err(Code::NotFound.into());
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Follows an invitation. It counts for the address that it was sent to, and as what whoever sent it may still invite somebody.
#[utoipa::path(post, path = "/v1/invitations/accept", tag = "organisations", request_body = Accept, responses(
    (status = 200, body = Joined), (status = 401, body = Problem),
    (status = 404, description = "Unknown, used, taken back or expired, or for somebody else", body = Problem),
    (status = 415, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem),
))]
pub(crate) async fn accept(
    State(app): State<App>,
    signed: Signed,
    Json(asked): Json<Accept>,
) -> Result<axum::Json<Joined>, Error> {
    let not_there = || Error::with(Code::NotFound, "This invitation is not good any more. Ask for a new one.");
    let code = Token::read(Kind::Invitation, asked.code.expose_secret()).ok_or_else(not_there)?;
    let name = name_of(&app, signed.person).await?;
    let row = claim(&app, &code, signed.person).await?.ok_or_else(not_there)?;
    let org = OrganisationId::new(row.organisation_id);
    // no transaction is open from here on: the ledger may take its time
    if app.ledger.member(org, signed.person).await.is_err() {
        if app
            .ledger
            .was_removed_since(org, signed.person, instant(row.invited_at))
            .await
            .map_err(|fault| refused(&fault))?
        {
            return Err(not_there());
        }
        join(&app, org, &row, signed.person, name).await?;
        app.ledger.member(org, signed.person).await.map_err(|_| not_there())?;
    }
    let mut tx = app.database.write().await?;
    remember(&mut tx, org, signed.person, app.clock.millis()).await?;
    tx.commit().await?;
    Ok(axum::Json(Joined { organisation: org.uuid() }))
}

/// Takes an invitation for somebody, so that nobody else can; again for the same person, whose first answer may have got lost.
async fn claim(app: &App, code: &Token, person: PersonId) -> Result<Option<Row>, Error> {
    let now = app.clock.millis();
    let mut tx = app.database.write().await?;
    let row: Option<Row> = on!(&mut tx, c => {
        sqlx::query_as(
            "UPDATE invitation SET closed_at = $1, accepted_by = $2 \
             WHERE hash = $3 AND expires_at > $1 AND (closed_at IS NULL OR accepted_by = $2) \
             AND EXISTS (SELECT 1 FROM person WHERE person.id = invitation.invited_by AND person.disabled_at IS NULL) \
             RETURNING id, organisation_id, email, offer, invited_by, invited_at, expires_at",
        )
        .bind(now)
        .bind(person.uuid())
        .bind(code.hash().as_slice())
        .fetch_optional(c)
        .await?
    });
    let Some(row) = row else { return Ok(None) };
    let own: Option<Option<String>> = on!(&mut tx, c => {
        sqlx::query_scalar("SELECT email FROM person WHERE id = $1").bind(person.uuid()).fetch_optional(c).await?
    });
    // who signs in by an identity provider has no address here: they hold the link, which only a mail to the address told
    if own.flatten().is_some_and(|own| own != row.email) {
        // dropped, and with it the claim
        return Err(Error::with(Code::NotFound, "This invitation was sent to another address than yours."));
    }
    tx.commit().await?;
    Ok(Some(row))
}

fn instant(millis: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(millis).unwrap_or_default()
}

/// Writes the member into the ledger, in the name of whoever invited them: the rules look at what that person may do now. The
/// change has the id of the invitation, so that it is done once however often it is asked for.
async fn join(app: &App, org: OrganisationId, row: &Row, person: PersonId, name: String) -> Result<(), Error> {
    let offer: Offer = serde_json::from_str(&row.offer).map_err(|error| Error::internal("invitation", &error))?;
    let (role, personas) = (offer.role, offer.personas());
    let mutation = Mutation::AddMember { person, name, role, personas };
    let sealed = Envelope::seal(1, row.id, app.clock.now(), &mutation);
    let sealed = sealed.map_err(|error| Error::internal("invitation", &error))?;
    let push = Push { client: id::fresh(&*app.clock)?, epoch: None, base: None, mutations: vec![sealed] };
    let reply = match app.ledger.push(org, PersonId::new(row.invited_by), push).await {
        Ok(reply) => reply,
        Err(Fault::AccessRevoked) => return Err(gone()),
        // done before, under another name of theirs: whether they are in is looked at next
        Err(Fault::ForkDetected { .. }) => return Ok(()),
        Err(fault) => return Err(refused(&fault)),
    };
    match reply.results.first().map(|outcome| &outcome.answer) {
        Some(Answer::Applied { .. }) => Ok(()),
        // a member already is what they wanted to become
        Some(Answer::Rejected { code, .. }) if code == "exists" => Ok(()),
        Some(Answer::Rejected { .. }) => Err(gone()),
        Some(Answer::RetryLater) | None => Err(Code::Busy.into()),
    }
}

fn gone() -> Error {
    Error::with(Code::NotFound, "Whoever invited you may not invite anybody any more. Ask for a new invitation.")
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Followed {
    #[param(value_type = String)]
    code: SecretString,
}

/// What a link in a mail leads to: a page that hands the invitation to the program.
#[utoipa::path(get, path = "/join", tag = "organisations", params(Followed), responses(
    (status = 200, description = "A page", content_type = "text/html", body = String),
    (status = 404, description = "A page", body = String),
))]
pub(crate) async fn page(State(app): State<App>, Query(followed): Query<Followed>) -> Result<Response, Error> {
    let code = Token::read(Kind::Invitation, followed.code.expose_secret()).ok_or(Error::from(Code::NotFound))?;
    let opens = opens(&app, &code)?;
    let body = html! {
        p { "You are invited to an organisation on " strong { (app.origin()) } "." }
        p { a.button href=(opens.as_str()) { "Open Sendoff" } }
        p { "Sendoff does not open? Install it first, or copy this invitation and choose \"Join an organisation\" there:" }
        p { code { (code.text()) } }
    };
    let mut response = pages::plain("Join an organisation", &body).into_response();
    // the address of this page is a secret, and it has no form that needs to say where it came from
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}

/// The link of the program's own scheme.
fn opens(app: &App, code: &Token) -> Result<Url, Error> {
    let parameters = [("server", app.origin()), ("code", code.text())];
    Url::parse_with_params("sendoff://join", parameters).map_err(|error| Error::internal("link", &error))
}
