//! The one place where errors of the parts become the closed codes and the sentences that people read.

use contract::vault::VaultState;
use contract::{ApiError, Code};
use networks::{CallError, ConnectError};
use store::{OpenError, StoreError};

use crate::vault::VaultError;

pub(crate) fn internal(error: &dyn std::error::Error) -> ApiError {
    tracing::error!(error = %error, "internal error");
    ApiError::new(
        Code::Internal,
        "Something went wrong in Sendoff. Nothing was lost. Try again; if that does not help, restart Sendoff.",
    )
    .with_detail(error.to_string())
}

pub(crate) fn storage(error: &StoreError) -> ApiError {
    match error {
        StoreError::DiskFull => ApiError::new(
            Code::DiskFull,
            "The disk is full, so this was not saved. What you typed is still here. Free some space and try again.",
        ),
        other => {
            tracing::error!(error = %other, "storage failed");
            ApiError::new(Code::Storage, "This could not be saved because of a disk or database error. Try again.")
                .with_detail(other.to_string())
        }
    }
}

pub(crate) fn open(error: &OpenError) -> ApiError {
    let code = match error {
        OpenError::NewerSchema { .. } => Code::NewerSchema,
        OpenError::Corrupt(_) => Code::Corrupt,
        OpenError::Missing => Code::ProfileMissing,
        OpenError::InUse => Code::ProfileInUse,
        OpenError::DiskFull | OpenError::Store(StoreError::DiskFull) => Code::DiskFull,
        _ => Code::Storage,
    };
    let sentence = match error {
        OpenError::NewerSchema { .. } => {
            "This profile was written by a newer version of Sendoff and was left untouched. Install that version to open it."
        }
        OpenError::Corrupt(_) => {
            "The database of this profile is damaged. Nothing was deleted. Restore the latest backup, or start with an \
             empty profile; the damaged files are kept."
        }
        OpenError::Missing => {
            "The database of this profile is missing. Restore the latest backup, or start with an empty profile."
        }
        OpenError::InUse => "This profile is already open in another copy of Sendoff. Close it first.",
        OpenError::DiskFull | OpenError::Store(StoreError::DiskFull) => {
            "The disk is full, so the profile cannot be opened. Free some space and try again."
        }
        OpenError::Permissions { .. } => {
            "Other users of this computer can read this profile, and Sendoff could not change that. Move the profile to a \
             folder of your own."
        }
        _ => "The profile could not be opened. Nothing was changed.",
    };
    ApiError::new(code, sentence).with_detail(error.to_string())
}

pub(crate) fn vault(error: VaultError) -> ApiError {
    match error {
        VaultError::Closed(state) => closed(state),
        VaultError::Exists => ApiError::new(Code::BadRequest, "This profile already has a vault."),
        VaultError::PassphraseLength => ApiError::new(Code::BadRequest, "A passphrase needs at least 8 characters."),
        VaultError::BadRecoveryKey(slip) => {
            ApiError::new(Code::WrongKey, format!("This is not the recovery key: {slip}."))
        }
        VaultError::WrongKey => {
            ApiError::new(Code::WrongKey, "This does not unlock the vault. Check it and try again.")
        }
        VaultError::Keyring(error) => {
            use crate::ports::KeyringError as E;
            match error {
                E::Locked => closed(VaultState::KeyringLocked),
                E::Denied => closed(VaultState::KeyringDenied),
                E::NoBackend | E::NoAnswer | E::Other(_) => {
                    closed(VaultState::KeyringUnavailable).with_detail(error.to_string())
                }
            }
        }
        VaultError::Damaged => ApiError::new(
            Code::Storage,
            "The vault file is damaged. Restore vault.json from a backup of your profile folder.",
        ),
        VaultError::File(error) => storage_io(&error),
        VaultError::DoesNotOpen(_) => ApiError::new(
            Code::WrongKey,
            "The stored sign-in of this account cannot be decrypted. Reconnect the account.",
        ),
        VaultError::NoEntropy(error) => internal(&error),
    }
}

/// The disk, outside the database.
pub(crate) fn storage_io(error: &std::io::Error) -> ApiError {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return storage(&StoreError::DiskFull);
    }
    ApiError::new(Code::Storage, "A file of the profile could not be read or written.").with_detail(error.to_string())
}

fn closed(state: VaultState) -> ApiError {
    let (code, sentence) = match state {
        VaultState::Missing => {
            (Code::VaultMissing, "Create the vault first: it keeps the sign-ins of your accounts safe.")
        }
        VaultState::NeedsPassphrase => (Code::VaultLocked, "The vault is locked. Enter its passphrase."),
        VaultState::KeyringLocked => {
            (Code::VaultLocked, "The keyring of this computer is locked. Unlock it, then try again.")
        }
        VaultState::KeyringDenied => {
            (Code::KeyringDenied, "The keyring denied Sendoff access to its key. Allow it, then try again.")
        }
        VaultState::KeyringEntryMissing => (
            Code::WrongKey,
            "The keyring of this computer does not hold the key of this vault. Unlock the vault with your recovery key.",
        ),
        VaultState::WrongKey => {
            (Code::WrongKey, "The key in the keyring belongs to another vault. Unlock this one with your recovery key.")
        }
        VaultState::Sample => (Code::SampleOnly, "The sample profile has no vault and connects no accounts."),
        VaultState::KeyringUnavailable | VaultState::Unconfirmed | VaultState::Open => (
            Code::KeyringUnavailable,
            "The keyring of this computer is not responding. Start it and try again, or use your recovery key.",
        ),
    };
    ApiError::new(code, sentence)
}

pub(crate) fn connect(error: &ConnectError) -> ApiError {
    let code = match error {
        ConnectError::WrongPassword | ConnectError::SecondStepNeeded | ConnectError::HandleNotFound { .. } => {
            Code::WrongCredentials
        }
        ConnectError::BadHandle | ConnectError::ServerMissing | ConnectError::NotOffered => Code::BadRequest,
        ConnectError::Unreachable { .. } => Code::Unreachable,
        ConnectError::Blocked { .. } => Code::AddressNotAllowed,
        ConnectError::NotThisNetwork { .. } | ConnectError::Unsafe { .. } => Code::BadAnswer,
        ConnectError::RateLimited { .. } => Code::RateLimited,
        ConnectError::Declined | ConnectError::TookTooLong | ConnectError::NotOurAnswer { .. } => Code::SignInEnded,
        _ => Code::NetworkRefused,
    };
    let api = ApiError::new(code, error.to_string());
    match error.detail() {
        Some(detail) => api.with_detail(detail.as_str()),
        None => api,
    }
}

pub(crate) fn call(error: &CallError) -> ApiError {
    let code = match error {
        CallError::NoAnswer { .. } => Code::Unreachable,
        CallError::Blocked { .. } => Code::AddressNotAllowed,
        CallError::SignInRefused => Code::WrongCredentials,
        CallError::RateLimited { .. } => Code::RateLimited,
        _ => Code::NetworkRefused,
    };
    let api = ApiError::new(code, error.to_string());
    match error.detail() {
        Some(detail) => api.with_detail(detail.as_str()),
        None => api,
    }
}
