//! The devices of a person.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Code, Error, Problem};
use crate::extract::{Json, Path};
use crate::id::DeviceId;
use crate::on;
use crate::organisations::invitations;
use crate::people::events::{self, Event};
use crate::people::line;
use crate::policy::Signed;
use crate::sessions::end::{self, Why};
use crate::sessions::{DEVICES_MAX, NAME_MAX};

/// A device of the person who asks.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Device {
    pub id: DeviceId,
    pub name: String,
    /// Milliseconds since 1970.
    pub enrolled_at: i64,
    /// When it last renewed its session; milliseconds since 1970.
    pub last_seen_at: i64,
    /// It is the one that asks.
    pub current: bool,
}

/// All devices that are not revoked, newest first; at most [`DEVICES_MAX`].
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Devices {
    pub devices: Vec<Device>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    name: String,
    enrolled_at: i64,
    last_seen_at: i64,
}

/// Lists the person's devices.
#[utoipa::path(get, path = "/v1/devices", tag = "devices", responses(
    (status = 200, body = Devices),
))]
pub(crate) async fn list(State(app): State<App>, signed: Signed) -> Result<axum::Json<Devices>, Error> {
    let mut tx = app.database.read().await?;
    let rows: Vec<Row> = on!(&mut tx, c => {
        sqlx::query_as(
            "SELECT id, name, enrolled_at, last_seen_at FROM device WHERE person_id = $1 AND revoked_at IS NULL \
             ORDER BY enrolled_at DESC, id DESC LIMIT $2",
        )
        .bind(signed.person.uuid())
        .bind(DEVICES_MAX)
        .fetch_all(c)
        .await?
    });
    let devices = rows.into_iter().map(|row| Device {
        id: DeviceId::new(row.id),
        name: row.name,
        enrolled_at: row.enrolled_at,
        last_seen_at: row.last_seen_at,
        current: row.id == signed.device.uuid(),
    });
    Ok(axum::Json(Devices { devices: devices.collect() }))
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameDevice {
    /// One line of 1 to 80 characters.
    pub name: String,
}

/// Renames a device of the person.
#[utoipa::path(patch, path = "/v1/devices/{device}", tag = "devices", params(("device" = DeviceId, Path)),
    request_body = RenameDevice, responses(
    (status = 204), (status = 404, body = Problem),
))]
pub(crate) async fn rename(
    State(app): State<App>,
    signed: Signed,
    Path(device): Path<DeviceId>,
    Json(asked): Json<RenameDevice>,
) -> Result<StatusCode, Error> {
    let name = line(&asked.name, NAME_MAX)
        .ok_or_else(|| Error::with(Code::Malformed, "A name is one line of 1 to 80 characters."))?;
    let mut tx = app.database.write().await?;
    let renamed = on!(&mut tx, c => {
        sqlx::query("UPDATE device SET name = $1 WHERE id = $2 AND person_id = $3 AND revoked_at IS NULL")
            .bind(name)
            .bind(device.uuid())
            .bind(signed.person.uuid())
            .execute(c)
            .await?
            .rows_affected()
    });
    if renamed == 0 {
        return Err(Code::NotFound.into());
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Revokes a device of the person: its sessions end at once, and its key is good for nothing any more.
#[utoipa::path(delete, path = "/v1/devices/{device}", tag = "devices", params(("device" = DeviceId, Path)), responses(
    (status = 204), (status = 404, body = Problem),
))]
pub(crate) async fn revoke(
    State(app): State<App>,
    signed: Signed,
    Path(device): Path<DeviceId>,
) -> Result<StatusCode, Error> {
    let now = app.clock.millis();
    let mut tx = app.database.write().await?;
    let revoked = on!(&mut tx, c => {
        sqlx::query("UPDATE device SET revoked_at = $1 WHERE id = $2 AND person_id = $3 AND revoked_at IS NULL")
            .bind(now)
            .bind(device.uuid())
            .bind(signed.person.uuid())
            .execute(c)
            .await?
            .rows_affected()
    });
    if revoked == 0 {
        return Err(Code::NotFound.into());
    }
    end::of_device(&mut tx, device, Why::DeviceRevoked, now).await?;
    // perhaps it was lost, and sent some
    invitations::close_of(&mut tx, signed.person, now).await?;
    events::write(&mut tx, &app, Event::DeviceRevoked, Some(signed.person), Some(device)).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
