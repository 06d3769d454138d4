//! Ids of what the server alone knows. People have the id of [`domain::id::PersonId`].

use std::fmt;
use std::str::FromStr;

use domain::id::BadId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::Clock;
use crate::random::{self, NoRandomness};

domain::ids! {
    #[derive(utoipa::ToSchema)]
    /// A key pair on one machine of one person. Only its public half is known here.
    DeviceId,
    #[derive(utoipa::ToSchema)]
    /// One sign-in and all that was renewed from it.
    SessionId,
    #[derive(utoipa::ToSchema)]
    /// A sign-in on its way through the browser. Not a secret: what counts is the browser's cookie beside it.
    FlowId,
}

/// A UUID of version 7: in order of time, 74 bits of it random. No secret.
///
/// # Errors
/// The system has no randomness to give.
pub fn fresh(clock: &dyn Clock) -> Result<Uuid, NoRandomness> {
    let random: [u8; 10] = random::bytes()?;
    let millis = u64::try_from(clock.millis()).unwrap_or_default();
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}
