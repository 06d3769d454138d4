//! Proof that a caller holds the private key of a device.
//!
//! A token that was stolen is worth nothing without the device's key. The proof is an Ed25519 signature over the very token
//! that is redeemed; each token counts once, so the proof needs no clock and no number of its own (ADR 28).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, VerifyingKey};

pub use wire::proof::{Purpose, message};

/// Whether `proof` (64 bytes in base64url) is the signature of `public_key` over [`message`].
pub(crate) fn holds(purpose: Purpose, issuer: &str, public_key: &[u8; 32], token: &str, proof: &str) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(proof) else { return false };
    let (Ok(signature), Ok(key)) = (Signature::from_slice(&bytes), VerifyingKey::from_bytes(public_key)) else {
        return false;
    };
    // strict: also refuses keys for which any signature would do
    key.verify_strict(&message(purpose, issuer, public_key, token), &signature).is_ok()
}

/// A public key from outside: 32 bytes in base64url that are a point fit for signatures.
pub(crate) fn public_key(text: &str) -> Option<[u8; 32]> {
    let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    let key = VerifyingKey::from_bytes(&bytes).ok()?;
    (!key.is_weak()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::string_slice)]
    use super::*;
    use ed25519_dalek::{Signer, SigningKey};

    #[test]
    fn a_proof_counts_for_its_own_token_purpose_server_and_key() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = key.verifying_key().to_bytes();
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
        let signed = key.sign(&message(Purpose::Refresh, "https://a.example", &public, "sor_x"));
        let proof = URL_SAFE_NO_PAD.encode(signed.to_bytes());
        assert!(holds(Purpose::Refresh, "https://a.example", &public, "sor_x", &proof));
        assert!(!holds(Purpose::Enroll, "https://a.example", &public, "sor_x", &proof));
        assert!(!holds(Purpose::Refresh, "https://b.example", &public, "sor_x", &proof));
        assert!(!holds(Purpose::Refresh, "https://a.example", &other, "sor_x", &proof));
        assert!(!holds(Purpose::Refresh, "https://a.example", &public, "sor_y", &proof));
        for broken in ["", "x", &proof[1..], &format!("{proof}A")] {
            assert!(!holds(Purpose::Refresh, "https://a.example", &public, "sor_x", broken));
        }
    }

    #[test]
    fn keys_for_which_any_signature_would_do_are_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        assert!(public_key(&URL_SAFE_NO_PAD.encode(identity)).is_none());
        assert!(public_key(&URL_SAFE_NO_PAD.encode([0; 32])).is_none());
        assert!(public_key(&URL_SAFE_NO_PAD.encode([1; 31])).is_none());
        let good = SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes();
        assert_eq!(public_key(&URL_SAFE_NO_PAD.encode(good)), Some(good));
    }
}
