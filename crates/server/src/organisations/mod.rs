//! Organisations: who founds one, who is invited, and the routes of the ledger.
//!
//! Who may do what in an organisation is decided by `domain::apply` inside the ledger, in the transaction of the change. What
//! stands here is about people who are not members yet, and about finding one's organisations again.

pub mod bootstrap;
pub mod found;
pub mod invitations;
pub mod live;
pub mod place;
pub mod presence;
pub mod sync;

use axum::response::{IntoResponse, Response};
use domain::id::{OrganisationId, PersonId};
use http::header;
use utoipa_axum::routes;
use wire::{ErrorReply, Fault};

use crate::app::App;
use crate::database::{Migration, Tx};
use crate::error::{Code, Error};
use crate::on;
use crate::policy::Policy;
use crate::router::Row;

/// The steps of organisations.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1_001,
        name: "organisations",
        sqlite: include_str!("../../migrations/sqlite/1001_organisations.sql"),
        postgres: include_str!("../../migrations/postgres/1001_organisations.sql"),
    },
    Migration {
        version: 1_002,
        name: "who_is_asked_for",
        sqlite: include_str!("../../migrations/sqlite/1002_who_is_asked_for.sql"),
        postgres: include_str!("../../migrations/postgres/1002_who_is_asked_for.sql"),
    },
];

/// Bytes of a push: its mutations, and what stands around them.
const PUSH_MAX: usize = wire::push::BODIES_MAX + wire::push::MUTATIONS_MAX * 512 + 16 * 1024;
/// Bytes of a pull: its cursor.
const PULL_MAX: usize = wire::pull::CURSOR_MAX + 16 * 1024;

/// The routes of organisations.
pub fn rows() -> Vec<Row> {
    use Policy::{Public, Signed};
    let of = |policy, body_max, routes| Row { body_max, ..Row::new(policy, routes) };
    let lasting = |routes| Row { time_max: None, ..Row::new(Signed, routes) };
    vec![
        Row::new(Signed, routes!(found::list, found::found)),
        Row::new(Signed, routes!(invitations::list, invitations::invite)),
        Row::new(Signed, routes!(invitations::revoke)),
        Row::new(Signed, routes!(invitations::accept)),
        Row::new(Public, routes!(invitations::page)),
        of(Signed, PUSH_MAX, routes!(sync::push)),
        of(Signed, PULL_MAX, routes!(sync::pull)),
        of(Signed, PUSH_MAX, routes!(sync::quarantine, sync::quarantined)),
        lasting(routes!(bootstrap::bootstrap)),
        lasting(routes!(live::live)),
        Row::new(Signed, routes!(presence::put)),
    ]
}

/// What the ledger refuses, as its clients read it.
#[derive(Debug)]
pub struct Refused(pub Fault);

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = http::StatusCode::from_u16(self.0.status()).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
        let again = match self.0 {
            Fault::Busy { retry_after_s } | Fault::Unavailable { retry_after_s } => Some(retry_after_s),
            _ => None,
        };
        let mut response = (status, axum::Json(ErrorReply::from(self.0))).into_response();
        if let Some(seconds) = again {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// What the ledger refuses, where the answer is not one of sync.
pub(crate) fn refused(fault: &Fault) -> Error {
    match fault {
        // whether there is such an organisation is nobody's business
        Fault::AccessRevoked => Code::NotFound.into(),
        Fault::Busy { .. } | Fault::Unavailable { .. } => Code::Busy.into(),
        other => Error::internal("ledger", other),
    }
}

/// Remembers that somebody belongs to an organisation, so that they find it on their next device. Nothing is decided by it.
async fn remember(tx: &mut Tx, organisation: OrganisationId, person: PersonId, now: i64) -> Result<(), sqlx::Error> {
    on!(tx, c => {
        sqlx::query(
            "INSERT INTO belongs (person_id, organisation_id, since) VALUES ($1, $2, $3) \
             ON CONFLICT (person_id, organisation_id) DO NOTHING",
        )
        .bind(person.uuid())
        .bind(organisation.uuid())
        .bind(now)
        .execute(c)
        .await?
        .rows_affected()
    });
    Ok(())
}

/// The name of a person, for the member that they become.
async fn name_of(app: &App, person: PersonId) -> Result<String, Error> {
    let mut tx = app.database.read().await?;
    let name: Option<String> = on!(&mut tx, c => {
        sqlx::query_scalar("SELECT display_name FROM person WHERE id = $1 AND disabled_at IS NULL")
            .bind(person.uuid())
            .fetch_optional(c)
            .await?
    });
    name.ok_or(Code::Unauthenticated.into())
}
