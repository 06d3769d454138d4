//! The recovery key: 160 random bits as text that a person can copy by hand, with a checksum that finds a slip.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Crockford's base 32: no I, L, O, U (crockford.com/base32.html).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

pub(super) const BYTES: usize = 20;
const CHECK_LETTERS: usize = 4;
const KEY_LETTERS: usize = BYTES * 8 / 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadRecoveryKey {
    #[error("it has 36 letters and digits")]
    Length,
    #[error("it contains no {0:?}")]
    Letter(char),
    #[error("at least one character is wrong")]
    Checksum,
}

/// Nine groups of four, joined by hyphens.
pub(super) fn write(key: &[u8; BYTES]) -> Zeroizing<String> {
    let mut letters = Zeroizing::new(base32(key));
    letters.push_str(&check(key));
    let mut text = Zeroizing::new(String::with_capacity(letters.len() + 8));
    for (place, letter) in letters.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
        text.push(letter);
    }
    text
}

/// Reads what a person typed: case, spaces and hyphens do not matter, and O, I, L are taken for 0, 1, 1.
pub(super) fn read(text: &str) -> Result<Zeroizing<[u8; BYTES]>, BadRecoveryKey> {
    let mut values = Zeroizing::new(Vec::with_capacity(KEY_LETTERS + CHECK_LETTERS));
    for letter in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let plain = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let value = LETTERS.iter().position(|known| char::from(*known) == plain);
        values.push(u8::try_from(value.ok_or(BadRecoveryKey::Letter(letter))?).unwrap_or_default());
    }
    if values.len() != KEY_LETTERS + CHECK_LETTERS {
        return Err(BadRecoveryKey::Length);
    }
    let mut key = Zeroizing::new([0u8; BYTES]);
    let mut bits = 0u32;
    let mut held = 0u32;
    let mut slots = key.iter_mut();
    let (key_values, check_values) = values.split_at(KEY_LETTERS);
    for value in key_values {
        held = held << 5 | u32::from(*value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            if let Some(slot) = slots.next() {
                *slot = u8::try_from(held >> bits & 0xff).unwrap_or_default();
            }
        }
    }
    let typed: String =
        check_values.iter().filter_map(|v| LETTERS.get(usize::from(*v))).map(|b| char::from(*b)).collect();
    if typed == check(&key) { Ok(key) } else { Err(BadRecoveryKey::Checksum) }
}

fn check(key: &[u8; BYTES]) -> String {
    let digest: [u8; 32] = Sha256::new().chain_update(b"sendoff/recovery/check").chain_update(key).finalize().into();
    base32(&digest).chars().take(CHECK_LETTERS).collect()
}

fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut bits = 0u32;
    let mut held = 0u32;
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            let letter = LETTERS.get((held >> bits & 31) as usize).copied().unwrap_or_default();
            text.push(char::from(letter));
        }
        held &= (1 << bits) - 1;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read_also_sloppily() {
        let key: [u8; BYTES] = std::array::from_fn(|n| u8::try_from(n * 13 % 256).unwrap());
        let text = write(&key);
        assert_eq!(text.len(), 44);
        assert_eq!(*read(&text).unwrap(), key);
        let sloppy = text.to_lowercase().replace('-', " ").replace('0', "o");
        assert_eq!(*read(&sloppy).unwrap(), key);
    }

    #[test]
    fn every_single_slip_is_found() {
        let key = [7u8; BYTES];
        let text = write(&key);
        let letters: Vec<char> = text.chars().collect();
        for (place, letter) in letters.iter().enumerate().filter(|(_, letter)| **letter != '-') {
            let mut wrong = letters.clone();
            wrong[place] = if *letter == '7' { '8' } else { '7' };
            let wrong: String = wrong.into_iter().collect();
            assert_eq!(read(&wrong).unwrap_err(), BadRecoveryKey::Checksum, "{wrong}");
        }
        assert_eq!(read("").unwrap_err(), BadRecoveryKey::Length);
        assert_eq!(read("é").unwrap_err(), BadRecoveryKey::Letter('é'));
    }
}
