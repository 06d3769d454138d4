//! The Secret Service. A connection for each call: a keyring that was restarted meanwhile, or came later than this program, is found.

use std::collections::HashMap;

use engine::ports::KeyringError;
use secret_service::blocking::{Collection, Item, SecretService};
use secret_service::{EncryptionType, Error};
use zeroize::Zeroizing;

use crate::keyring::{SERVICE, Stage};

pub(crate) fn get(entry: &str, stage: &Stage) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
    let service = connect()?;
    let item = find(&service, entry, stage)?;
    item.map(|item| item.get_secret().map(Zeroizing::new).map_err(state)).transpose()
}

pub(crate) fn set(entry: &str, key: &[u8], stage: &Stage) -> Result<(), KeyringError> {
    let service = connect()?;
    if let Some(item) = find(&service, entry, stage)? {
        return item.set_secret(key, CONTENT).map_err(state);
    }
    let collection = match service.get_default_collection() {
        Ok(collection) => collection,
        // a fresh system has none; making one asks a person for its password
        Err(Error::NoResult) => {
            stage.unlocking();
            service.create_collection("Login", "default").map_err(state)?
        }
        Err(error) => return Err(state(error)),
    };
    unlock(&collection, stage)?;
    let label = format!("Sendoff: key of the profile {entry}");
    collection.create_item(&label, attributes(entry), key, true, CONTENT).map_err(state)?;
    Ok(())
}

pub(crate) fn delete(entry: &str, stage: &Stage) -> Result<(), KeyringError> {
    let service = connect()?;
    find(&service, entry, stage)?.map_or(Ok(()), |item| item.delete().map_err(state))
}

const CONTENT: &str = "application/octet-stream";

fn connect() -> Result<SecretService<'static>, KeyringError> {
    SecretService::connect(EncryptionType::Dh).map_err(|error| match state(error) {
        // whatever keeps the bus from being reached
        KeyringError::Other(_) => KeyringError::NoBackend,
        named => named,
    })
}

/// As the `keyring` crate names entries, so that other tools find them.
fn attributes(entry: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", entry)])
}

/// The unlocked entry. `None` only if an open keyring says that it has none: some hide everything while they are locked.
fn find<'a>(service: &'a SecretService<'_>, entry: &str, stage: &Stage) -> Result<Option<Item<'a>>, KeyringError> {
    let mut found = service.search_items(attributes(entry)).map_err(state)?;
    if let Some(item) = found.unlocked.pop() {
        return Ok(Some(item));
    }
    if let Some(item) = found.locked.pop() {
        stage.unlocking();
        item.unlock().map_err(state)?;
        // an item that a person left locked answers no secret, which would look like a failure
        return if item.is_locked().map_err(state)? { Err(KeyringError::Locked) } else { Ok(Some(item)) };
    }
    match service.get_default_collection() {
        Ok(collection) if collection.is_locked().map_err(state)? => unlock(&collection, stage)?,
        Ok(_) | Err(Error::NoResult) => return Ok(None),
        Err(error) => return Err(state(error)),
    }
    Ok(service.search_items(attributes(entry)).map_err(state)?.unlocked.pop())
}

fn unlock(collection: &Collection<'_>, stage: &Stage) -> Result<(), KeyringError> {
    if !collection.is_locked().map_err(state)? {
        return Ok(());
    }
    stage.unlocking();
    collection.unlock().map_err(state)?;
    if collection.is_locked().map_err(state)? { Err(KeyringError::Locked) } else { Ok(()) }
}

/// The state that an error of the service speaks of.
fn state(error: Error) -> KeyringError {
    match error {
        // a question that was closed leaves the keyring locked
        Error::Locked | Error::Prompt | Error::PromptDisconnected => KeyringError::Locked,
        Error::Unavailable => KeyringError::NoBackend,
        Error::Zbus(zbus::Error::MethodError(name, detail, _)) => by_name(&name, detail),
        Error::Zbus(zbus::Error::FDO(error)) => by_standard(*error),
        Error::ZbusFdo(error) => by_standard(error),
        other => KeyringError::Other(other.to_string()),
    }
}

fn by_standard(error: zbus::fdo::Error) -> KeyringError {
    match error {
        zbus::fdo::Error::ZBus(zbus::Error::MethodError(name, detail, _)) => by_name(&name, detail),
        other => {
            let (name, detail) = (zbus::DBusError::name(&other).to_string(), zbus::DBusError::description(&other));
            by_name(&name, detail.map(str::to_owned))
        }
    }
}

fn by_name(name: &str, detail: Option<String>) -> KeyringError {
    let last = name.rsplit('.').next().unwrap_or_default();
    match last {
        "IsLocked" => KeyringError::Locked,
        "AccessDenied" | "AuthFailed" | "InteractiveAuthorizationRequired" => KeyringError::Denied,
        "NoReply" | "Timeout" | "TimedOut" | "Disconnected" => KeyringError::NoAnswer,
        "ServiceUnknown" | "NameHasNoOwner" | "NoServer" | "NoNetwork" => KeyringError::NoBackend,
        _ if name.contains(".Spawn.") => KeyringError::NoBackend,
        _ => KeyringError::Other(detail.map_or_else(|| last.to_owned(), |detail| format!("{last}: {detail}"))),
    }
}
