//! Proof key for code exchange, S256 only (RFC 7636): a stolen code is worthless without the verifier.

use sha2::{Digest, Sha256};

use crate::credential::Secret;
use crate::entropy::{self, NoRandomness};

/// Kept in memory until the code is redeemed, used once.
pub(crate) struct Verifier(Secret);

impl Verifier {
    /// 256 random bits, 43 characters.
    pub fn generate() -> Result<Self, NoRandomness> {
        Ok(Self(Secret::new(entropy::text::<32>()?.as_str())))
    }

    pub fn challenge(&self) -> String {
        challenge(self.0.expose())
    }

    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

fn challenge(verifier: &str) -> String {
    entropy::base64url(&Sha256::digest(verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::vectors;

    #[test]
    fn the_example_of_the_standard() {
        let Some(vectors) = vectors() else { return };
        let example = &vectors["pkce_rfc7636_appendix_b"];
        let octets: Vec<u8> = serde_json::from_value(example["octets"].clone()).unwrap();
        let verifier = entropy::base64url(&octets);
        assert_eq!(verifier, example["code_verifier"].as_str().unwrap());
        assert_eq!(challenge(&verifier), example["code_challenge"].as_str().unwrap());
    }

    #[test]
    fn two_hundred_verifiers_are_different_and_long_enough() {
        let challenges: std::collections::BTreeSet<String> =
            (0..200).map(|_| Verifier::generate().map(|v| v.challenge()).unwrap()).collect();
        assert_eq!(challenges.len(), 200);
        let verifier = Verifier::generate().unwrap();
        assert!((43..=128).contains(&verifier.expose().len()));
    }
}
