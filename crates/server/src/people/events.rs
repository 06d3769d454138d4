//! What happened to an account, for its person and the operator to look up. No secret and no address.

use domain::id::PersonId;

use crate::app::App;
use crate::database::Tx;
use crate::error::Error;
use crate::id::{self, DeviceId};
use crate::on;

/// Kinds of events; kept by their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Registered,
    SignedIn,
    SignedOut,
    SignedOutEverywhere,
    PasswordChanged,
    PasswordReset,
    DeviceRevoked,
    RefreshReused,
    CodeReused,
}

impl Event {
    const fn text(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::SignedOutEverywhere => "signed_out_everywhere",
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::DeviceRevoked => "device_revoked",
            Self::RefreshReused => "refresh_reused",
            Self::CodeReused => "code_reused",
        }
    }
}

/// In the transaction of what it tells of.
pub(crate) async fn write(
    tx: &mut Tx,
    app: &App,
    event: Event,
    person: Option<PersonId>,
    device: Option<DeviceId>,
) -> Result<(), Error> {
    let id = id::fresh(&*app.clock)?;
    on!(tx, c => {
        sqlx::query("INSERT INTO event (id, at, kind, person_id, device_id) VALUES ($1, $2, $3, $4, $5)")
            .bind(id)
            .bind(app.clock.millis())
            .bind(event.text())
            .bind(person.map(PersonId::uuid))
            .bind(device.map(DeviceId::uuid))
            .execute(c)
            .await?
            .rows_affected()
    });
    tracing::info!(event = event.text(), event.id = %id, "an account changed");
    Ok(())
}
