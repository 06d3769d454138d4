//! The vault: credentials sealed under one key in the system's keyring, or under a passphrase where there is none.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The states are told apart, and none of them ever makes a new key over an existing vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultState {
    /// No vault was made in this profile.
    Missing,
    /// Made; the recovery key was shown and not typed back yet.
    Unconfirmed,
    Open,
    /// Needs the passphrase.
    NeedsPassphrase,
    /// The keyring is locked: unlock it and try again.
    KeyringLocked,
    /// The keyring holds no entry for this vault: the recovery key opens it.
    KeyringEntryMissing,
    /// There is no keyring to ask, or it does not answer.
    KeyringUnavailable,
    KeyringDenied,
    /// The keyring's entry does not open this vault: the recovery key does.
    WrongKey,
    /// The sample profile has none.
    Sample,
}

/// A secret on its way in or out: it never shows in `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "protection", rename_all = "snake_case")]
pub enum Protection {
    Keyring,
    /// At least eight characters.
    Passphrase {
        passphrase: Secret,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateVault {
    pub protection: Protection,
}

/// Shown once, to be written down: groups of letters and digits with a checksum.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecoveryKey {
    pub key: Secret,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRecoveryKey {
    pub key: Secret,
}

/// Opens the vault: with the passphrase, or, without one, by asking the keyring again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnlockVault {
    pub passphrase: Option<Secret>,
}

/// Opens the vault with the recovery key and protects it anew.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoverVault {
    pub key: Secret,
    pub protection: Protection,
}
