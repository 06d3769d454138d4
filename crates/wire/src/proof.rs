//! What a device signs to prove that a token is its own (ADR 28).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// What a proof is for; one made for the one is not taken for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// An authorization code, redeemed for a session on this device.
    Enroll,
    /// A refresh token of a session on this device.
    Refresh,
}

/// The bytes that a device signs with Ed25519: five lines, without a line break at the end.
///
/// `issuer` is the server's public address without a slash at its end, `token` the code or refresh token as it was handed out.
pub fn message(purpose: Purpose, issuer: &str, public_key: &[u8; 32], token: &str) -> Vec<u8> {
    let purpose = match purpose {
        Purpose::Enroll => "enroll",
        Purpose::Refresh => "refresh",
    };
    let key = URL_SAFE_NO_PAD.encode(public_key);
    let token = URL_SAFE_NO_PAD.encode(Sha256::digest(token));
    format!("sendoff device proof 1\n{purpose}\n{issuer}\n{key}\n{token}").into_bytes()
}
