//! Founding an organisation, and the list of one's own.

use axum::extract::State;
use domain::id::{OrganisationId, PersonId};
use domain::team::{Organisation, Role};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{name_of, refused, remember};
use crate::app::App;
use crate::error::{Code, Error, Problem};
use crate::extract::Json;
use crate::id;
use crate::on;
use crate::people::line;
use crate::policy::Signed;

/// Organisations of one person that are listed.
const LISTED_MAX: i64 = 200;
/// Organisations that one person may found.
const FOUNDED_MAX: i64 = 20;

/// A new organisation. Its id is chosen by the client, so that asking again founds no second one.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Found {
    pub id: Uuid,
    /// One line of 1 to 80 characters.
    pub name: String,
}

/// An organisation of the person who asks.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Mine {
    pub id: Uuid,
    pub name: String,
    /// `owner`, `administrator` or `creator`.
    #[schema(value_type = String)]
    pub role: Role,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Organisations {
    pub organisations: Vec<Mine>,
}

/// Founds an organisation, whose owner is the person who asks.
#[utoipa::path(post, path = "/v1/orgs", tag = "organisations", request_body = Found, responses(
    (status = 200, description = "It is there, now or since before", body = Mine),
    (status = 403, description = "This person has founded enough", body = Problem),
    (status = 404, description = "The id is taken", body = Problem),
))]
pub(crate) async fn found(
    State(app): State<App>,
    signed: Signed,
    Json(asked): Json<Found>,
) -> Result<axum::Json<Mine>, Error> {
    let name = line(&asked.name, Organisation::NAME_MAX)
        .ok_or_else(|| Error::with(Code::Malformed, "A name is one line of 1 to 80 characters."))?;
    let organisation = OrganisationId::new(asked.id);
    let member = name_of(&app, signed.person).await?;
    if let Some(mine) = mine(&app, organisation, signed.person).await? {
        return Ok(axum::Json(mine));
    }
    let now = app.clock.millis();
    let mut tx = app.database.write().await?;
    let founded: i64 = on!(&mut tx, c => {
        sqlx::query_scalar("SELECT count(*) FROM founded WHERE person_id = $1").bind(signed.person.uuid()).fetch_one(c).await?
    });
    if founded >= FOUNDED_MAX {
        return Err(Error::with(Code::Forbidden, "You have founded as many organisations as one person may."));
    }
    let first = on!(&mut tx, c => {
        sqlx::query("INSERT INTO founded (organisation_id, person_id, at) VALUES ($1, $2, $3) ON CONFLICT (organisation_id) DO NOTHING")
            .bind(organisation.uuid())
            .bind(signed.person.uuid())
            .bind(now)
            .execute(c)
            .await?
            .rows_affected()
    });
    let founder: Uuid = on!(&mut tx, c => {
        sqlx::query_scalar("SELECT person_id FROM founded WHERE organisation_id = $1").bind(organisation.uuid()).fetch_one(c).await?
    });
    if first == 0 && founder != signed.person.uuid() {
        return Err(Code::NotFound.into());
    }
    remember(&mut tx, organisation, signed.person, now).await?;
    // first the note, then the ledger: if the second fails, asking again goes on where this one ended
    tx.commit().await?;
    let epoch = id::fresh(&*app.clock)?;
    let done = app.ledger.found(organisation, epoch, signed.person, name.to_owned(), member, app.clock.now()).await;
    done.map_err(|fault| refused(&fault))?;
    mine(&app, organisation, signed.person).await?.map(axum::Json).ok_or(Code::NotFound.into())
}

/// Lists the organisations that the person belongs to, oldest membership first; at most 200.
#[utoipa::path(get, path = "/v1/orgs", tag = "organisations", responses(
    (status = 200, body = Organisations),
))]
pub(crate) async fn list(State(app): State<App>, signed: Signed) -> Result<axum::Json<Organisations>, Error> {
    let mut tx = app.database.read().await?;
    let ids: Vec<Uuid> = on!(&mut tx, c => {
        sqlx::query_scalar(
            "SELECT organisation_id FROM belongs WHERE person_id = $1 ORDER BY since, organisation_id LIMIT $2",
        )
        .bind(signed.person.uuid())
        .bind(LISTED_MAX)
        .fetch_all(c)
        .await?
    });
    drop(tx);
    let mut organisations = Vec::with_capacity(ids.len());
    for id in ids {
        organisations.extend(mine(&app, OrganisationId::new(id), signed.person).await?);
    }
    Ok(axum::Json(Organisations { organisations }))
}

/// What the ledger says of the person's place in an organisation; `None` if they have none.
async fn mine(app: &App, organisation: OrganisationId, person: PersonId) -> Result<Option<Mine>, Error> {
    let member = match app.ledger.member(organisation, person).await {
        Ok(member) => member,
        Err(wire::Fault::AccessRevoked) => return Ok(None),
        Err(fault) => return Err(refused(&fault)),
    };
    let name = app.ledger.organisation(organisation).await.map_err(|fault| refused(&fault))?.name;
    Ok(Some(Mine { id: organisation.uuid(), name, role: member.role }))
}
