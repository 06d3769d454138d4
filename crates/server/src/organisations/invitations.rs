//! Invitations: a mail with a link, good for one person, once.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::id::{OrganisationId, PersonId, PersonaId};
use domain::team::{Member, Personas, Role};
use http::StatusCode;
use ledger::Admitted;
use maud::html;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;
use wire::Fault;
use wire::push::Answer;

use super::{name_of, refused, remember};
use crate::address::ClientAddress;
use crate::app::App;
use crate::authorize::pages;
use crate::database::Tx;
use crate::error::{Code, Error, Problem};
use crate::extract::{Json, Path, Path2};
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
    /// Whoever holds the link may follow it, once, whatever their address; for people who sign in by an identity provider and have no
    /// proven address here. Otherwise it counts only for an account with the address that it was sent to.
    #[serde(default)]
    pub anyone_with_link: bool,
}

/// An invitation that nobody has followed yet.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Invitation {
    pub id: Uuid,
    pub email: String,
    #[schema(value_type = String)]
    pub role: Role,
    pub personas: Option<Vec<Uuid>>,
    pub anyone_with_link: bool,
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
    #[serde(default)]
    anyone_with_link: bool,
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
    (status = 200, body = Invitation), (status = 403, body = Problem),
    (status = 404, body = Problem),
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
    let Invite { role, personas, anyone_with_link, .. } = asked;
    let offer = Offer { role, personas, anyone_with_link };
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
    outbox::put(
        &mut tx,
        &app,
        email.clone(),
        Letter::Invitation { code: code.text().to_owned(), anyone_with_link: offer.anyone_with_link },
    )
    .await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    let Offer { role, personas, anyone_with_link } = offer;
    Ok(axum::Json(Invitation { id, email, role, personas, anyone_with_link, invited_at: now, expires_at }))
}

/// Lists the invitations that are open, newest first.
#[utoipa::path(get, path = "/v1/orgs/{org}/invitations", tag = "organisations", params(("org" = Uuid, Path)), responses(
    (status = 200, body = Invitations), (status = 403, body = Problem),
    (status = 404, body = Problem),
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
        let Offer { role, personas, anyone_with_link } = offer;
        Ok(Invitation { id, email, role, personas, anyone_with_link, invited_at, expires_at })
    };
    let invitations = rows.into_iter().map(invitation).collect::<Result<_, Error>>()?;
    Ok(axum::Json(Invitations { invitations }))
}

/// Takes an invitation back: its link is worth nothing any more.
#[utoipa::path(delete, path = "/v1/orgs/{org}/invitations/{invitation}", tag = "organisations",
    params(("org" = Uuid, Path), ("invitation" = Uuid, Path)), responses(
    (status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
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

/// Follows an invitation. It counts for an account whose proven address is the one that it was sent to, unless whoever sent it let
/// anyone with the link in; and as what they may still invite somebody.
#[utoipa::path(post, path = "/v1/invitations/accept", tag = "organisations", request_body = Accept, responses(
    (status = 200, body = Joined),
    (status = 404, description = "Unknown, used, taken back or expired, or for somebody else", body = Problem),
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
    let offer: Offer = serde_json::from_str(&row.offer).map_err(|error| Error::internal("invitation", &error))?;
    // an account has an address only once a code that was mailed there came back; what an identity provider says is not asked
    if !offer.anyone_with_link && own.flatten().is_none_or(|own| own != row.email) {
        // dropped, and with it the claim
        return Err(Error::with(
            Code::NotFound,
            "This invitation was sent to another address than yours. If you sign in by another service, ask for an invitation that \
             counts for whoever has the link.",
        ));
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
    let admitted = Admitted { person, name, role: offer.role, personas: offer.personas() };
    let reply = match app.ledger.admit(org, PersonId::new(row.invited_by), row.id, admitted, app.clock.now()).await {
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

/// Closes the invitations of somebody that nobody followed yet: whoever used their sign-in may have sent them.
pub(crate) async fn close_of(tx: &mut Tx, inviter: PersonId, now: i64) -> Result<(), sqlx::Error> {
    on!(tx, c => {
        sqlx::query("UPDATE invitation SET closed_at = $1 WHERE invited_by = $2 AND closed_at IS NULL")
            .bind(now)
            .bind(inviter.uuid())
            .execute(c)
            .await
            .map(drop)
    })
}

/// Reads the code behind the `#`, which no browser sends and no log holds, and puts it where the program finds it.
const OPENS: &str = r#"
const code = new URLSearchParams(location.hash.slice(1)).get("code") || "";
if (/^soi_[A-Za-z0-9_-]{43}$/.test(code)) {
  const open = document.getElementById("open");
  open.href = "sendoff://join?" + new URLSearchParams({ server: open.dataset.server, code });
  document.getElementById("code").textContent = code;
  document.getElementById("found").hidden = false;
}
"#;

/// What a link in a mail leads to: a page that hands the invitation to the program. The code stands behind the `#` of the address,
/// so it comes here with no request.
#[utoipa::path(get, path = "/join", tag = "organisations", responses(
    (status = 200, description = "A page", content_type = "text/html", body = String),
))]
pub(crate) async fn page(State(app): State<App>) -> Response {
    let body = html! {
        p { "You are invited to an organisation on " strong { (app.origin()) } "." }
        div #found hidden {
            p { a #open .button data-server=(app.origin()) { "Open Sendoff" } }
            p { "Sendoff does not open? Install it first, or copy this code and choose \"Join an organisation\" there:" }
            p { code #code {} }
        }
        noscript { p { "Copy the link from the mail, and choose \"Join an organisation\" in Sendoff." } }
    };
    pages::with_script("Join an organisation", &body, OPENS).into_response()
}
