//! Credential Manager: open as long as its user is logged on.

use engine::ports::KeyringError;
use keyring::{Entry, Error};
use zeroize::Zeroizing;

use crate::keyring::{SERVICE, Stage};

pub(crate) fn get(entry: &str, _stage: &Stage) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
    match open(entry)?.get_secret() {
        Ok(secret) => Ok(Some(Zeroizing::new(secret))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(state(error)),
    }
}

pub(crate) fn set(entry: &str, key: &[u8], _stage: &Stage) -> Result<(), KeyringError> {
    open(entry)?.set_secret(key).map_err(state)
}

pub(crate) fn delete(entry: &str, _stage: &Stage) -> Result<(), KeyringError> {
    match open(entry)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(state(error)),
    }
}

fn open(entry: &str) -> Result<Entry, KeyringError> {
    Entry::new(SERVICE, entry).map_err(state)
}

fn state(error: Error) -> KeyringError {
    match error {
        // no logon session keeps credentials here: a service account, or a network logon
        Error::NoDefaultStore | Error::NoStorageAccess(_) => KeyringError::NoBackend,
        // ERROR_ACCESS_DENIED
        Error::PlatformFailure(cause) if cause.to_string().ends_with("error code 5") => KeyringError::Denied,
        other => KeyringError::Other(other.to_string()),
    }
}
