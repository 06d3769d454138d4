//! The login keychain.

use engine::ports::KeyringError;
use keyring::{Entry, Error};
use zeroize::Zeroizing;

use crate::keyring::{SERVICE, Stage};

pub(crate) fn get(entry: &str, stage: &Stage) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
    // the system may ask for the keychain's password, or whether this program may read the entry
    stage.unlocking();
    match open(entry)?.get_secret() {
        Ok(secret) => Ok(Some(Zeroizing::new(secret))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(state(error)),
    }
}

pub(crate) fn set(entry: &str, key: &[u8], stage: &Stage) -> Result<(), KeyringError> {
    stage.unlocking();
    open(entry)?.set_secret(key).map_err(state)
}

pub(crate) fn delete(entry: &str, stage: &Stage) -> Result<(), KeyringError> {
    stage.unlocking();
    match open(entry)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(state(error)),
    }
}

fn open(entry: &str) -> Result<Entry, KeyringError> {
    Entry::new(SERVICE, entry).map_err(state)
}

fn state(error: Error) -> KeyringError {
    match &error {
        Error::NoDefaultStore => KeyringError::NoBackend,
        Error::NoStorageAccess(_) => KeyringError::Locked,
        // Security framework codes, SecBase.h: -128 user cancelled, -25293 authentication failed, -25308 no interaction allowed,
        // -25244 no access rights, -25294/-25307 no such or no default keychain
        Error::PlatformFailure(cause) => {
            let text = format!("{cause:?}");
            let says = |codes: &[&str]| codes.iter().any(|code| text.contains(code));
            match () {
                () if says(&["-25308"]) => KeyringError::Locked,
                () if says(&["-128", "-25293", "-25244"]) => KeyringError::Denied,
                () if says(&["-25294", "-25307"]) => KeyringError::NoBackend,
                () => KeyringError::Other(error.to_string()),
            }
        }
        _ => KeyringError::Other(error.to_string()),
    }
}
