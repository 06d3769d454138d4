//! What proves to a network that this device may speak for an account.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use zeroize::Zeroizing;

/// A sealed-up sign-in: tokens, the key that proofs are made with, the registration of the app. The engine stores the
/// bytes encrypted and hands them back; what is in them is the adapter's business. Never shown: `Debug` hides it.
#[derive(Clone)]
pub struct Credential(Zeroizing<String>);

/// The stored bytes are not a credential of this network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The stored sign-in cannot be read. Connect the account again.")]
pub struct Unreadable;

impl Credential {
    /// # Errors
    /// The bytes are not text. Whether they make sense is seen when they are used.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let text = std::str::from_utf8(bytes).map_err(|_| Unreadable)?;
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// For sealing only.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(crate) fn write(stored: &impl Serialize) -> Result<Self, Unreadable> {
        serde_json::to_string(stored).map(|text| Self(Zeroizing::new(text))).map_err(|_| Unreadable)
    }

    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Unreadable> {
        serde_json::from_str(&self.0).map_err(|_| Unreadable)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(hidden)")
    }
}

/// A secret that is part of a credential: hidden in `Debug`, wiped when dropped, written only into the credential.
#[derive(Clone)]
pub(crate) struct Secret(SecretString);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hidden")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}
