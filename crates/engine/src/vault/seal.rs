//! Sealing: XChaCha20-Poly1305 with a random nonce, bound to the place where the sealed bytes lie.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::ports::{Entropy, NoEntropy};

const NONCE: usize = 24;

/// A 32-byte key. `Debug` shows nothing of it.
pub(super) struct Key(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

/// The bytes were not sealed with this key for this place, or were changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("does not open with this key")]
pub struct DoesNotOpen;

impl Key {
    pub(super) fn random(entropy: &dyn Entropy) -> Result<Self, NoEntropy> {
        let mut bytes = Zeroizing::new([0u8; 32]);
        entropy.fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    pub(super) const fn from_array(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Nonce, then ciphertext with tag. `place` is authenticated, not stored.
    pub(super) fn seal(&self, place: &str, plain: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, NoEntropy> {
        let mut nonce = [0u8; NONCE];
        entropy.fill(&mut nonce)?;
        let payload = Payload { msg: plain, aad: place.as_bytes() };
        // the only failure is a message of over 256 GB
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| NoEntropy)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub(super) fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(DoesNotOpen)?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).map(Zeroizing::new).map_err(|_| DoesNotOpen)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        let key: &[u8; 32] = &self.0;
        XChaCha20Poly1305::new(key.into())
    }
}
