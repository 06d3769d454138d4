//! Settings of a profile, checked before they are kept.

use contract::posts::Filter;
use contract::program::Settings;
use contract::{ApiError, Code};
use domain::schedule::Schedule;
use store::Store;

use crate::errors::{internal, storage};
use crate::ports::NetworkSettings;

const NAME: &str = "settings";
pub(crate) const PRIVATE_SERVERS_MAX: usize = 50;
/// States, personas and accounts that the calendar is filtered by.
const FILTERED_MAX: usize = 200;

pub(crate) async fn read(store: &Store) -> Result<Settings, ApiError> {
    match store.setting(NAME).await.map_err(|error| storage(&error))? {
        // a value of an older or newer program: what is not known falls back to its default
        Some(value) => Ok(serde_json::from_value(value).unwrap_or_default()),
        None => Ok(Settings::default()),
    }
}

pub(crate) async fn write(store: &Store, settings: &Settings) -> Result<(), ApiError> {
    let value = serde_json::to_value(settings).map_err(|error| internal(&error))?;
    store.put_setting(NAME, &value).await.map_err(|error| storage(&error))
}

/// What can be judged without the networks.
pub(crate) fn check(settings: &Settings) -> Result<(), ApiError> {
    let bad = |sentence: &str| Err(ApiError::new(Code::BadRequest, sentence));
    if !settings.zone.is_empty() && Schedule::at_instant(jiff::Timestamp::UNIX_EPOCH, &settings.zone).is_err() {
        return bad("There is no such time zone. Choose one from the list, for example Europe/Oslo.");
    }
    if settings.grace_s > 24 * 60 * 60 {
        return bad("The grace time can be 24 hours at most.");
    }
    let Filter { text, statuses, personas, accounts } = &settings.calendar_filter;
    if !text.is_empty() || [statuses.len(), personas.len(), accounts.len()].into_iter().any(|len| len > FILTERED_MAX) {
        return bad("This is too much to filter the calendar by.");
    }
    if settings.private_servers.len() > PRIVATE_SERVERS_MAX {
        return bad("You can allow 50 private servers at most.");
    }
    Ok(())
}

pub(crate) fn for_networks(settings: &Settings) -> NetworkSettings {
    NetworkSettings {
        private_servers: settings.private_servers.clone(),
        plc_directory: settings.plc_directory.clone(),
        bluesky_server: settings.bluesky_server.clone(),
    }
}
