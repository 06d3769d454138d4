//! Sessions of devices: begun with a code from the browser, renewed with a refresh token, ended in many ways.

pub mod devices;
pub mod end;
pub mod proof;
mod refresh;
pub mod token;

/// How long a session lives, however often it is renewed.
pub const ABSOLUTE_MS: i64 = 30 * DAY_MS;
/// How long it lives without being renewed.
pub const IDLE_MS: i64 = 14 * DAY_MS;
/// How long after its use a refresh token still answers with the same successor, if that one was not used.
pub const LOST_ANSWER_MS: i64 = 30 * 1000;
pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Devices of one person that are not revoked.
pub const DEVICES_MAX: i64 = 50;
/// Characters of a device's name.
pub const NAME_MAX: usize = 80;
