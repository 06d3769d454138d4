//! Timestamp identifiers: the record keys of posts on the AT Protocol.
//!
//! Source: atproto.com/specs/tid, read 2026-11. 64 bits, the highest always zero, then 53 bits of microseconds since 1970 and
//! 10 bits of a clock id, as 13 characters of an alphabet in ASCII order, so that text order is time order.

const ALPHABET: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
const LENGTH: usize = 13;
const MICROS_MASK: u64 = (1 << 53) - 1;
const CLOCK_MASK: u64 = (1 << 10) - 1;

/// The identifier for `micros` microseconds since 1970 (the lower 53 bits count: up to the year 2255) and `clock_id` (the
/// lower 10 bits count). Always 13 characters and always valid; the caller must not use a pair twice for one account.
pub fn tid(micros: u64, clock_id: u16) -> String {
    let bits = ((micros & MICROS_MASK) << 10) | (u64::from(clock_id) & CLOCK_MASK);
    (0..LENGTH)
        .rev()
        .map(|place| {
            let digit = (bits >> (5 * place)) & 31;
            ALPHABET.get(digit as usize).map_or('2', |letter| char::from(*letter))
        })
        .collect()
}

/// Microseconds since 1970 and clock id of a valid identifier; `None` for any other text.
pub fn parse(text: &str) -> Option<(u64, u16)> {
    if text.len() != LENGTH {
        return None;
    }
    let mut bits: u64 = 0;
    for (place, letter) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|known| *known == letter)?;
        // 13 characters hold 65 bits; the specification wants the two highest to be zero.
        if place == 0 && digit > 15 {
            return None;
        }
        bits = (bits << 5) | digit as u64;
    }
    let clock_id = u16::try_from(bits & CLOCK_MASK).ok()?;
    Some((bits >> 10, clock_id))
}

pub fn is_valid_tid(text: &str) -> bool {
    parse(text).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_identifiers() {
        assert_eq!(tid(0, 0), "2222222222222");
        // The example of the specification: 3jzfcijpj2z2a.
        let (micros, clock_id) = parse("3jzfcijpj2z2a").unwrap();
        assert_eq!(tid(micros, clock_id), "3jzfcijpj2z2a");
        assert_eq!(micros / 1_000_000, 1_688_137_381, "30 June 2023");
        assert_eq!(tid(u64::MAX, u16::MAX), "bzzzzzzzzzzzz");
    }

    proptest! {
        #[test]
        fn every_pair_survives_and_sorts_by_time(a in 0..=MICROS_MASK, b in 0..=MICROS_MASK, clock in 0_u16..1024) {
            let (first, second) = (tid(a, clock), tid(b, clock));
            prop_assert!(is_valid_tid(&first));
            prop_assert_eq!(parse(&first), Some((a, clock)));
            prop_assert_eq!(a.cmp(&b), first.cmp(&second));
        }

        #[test]
        fn never_panics(micros: u64, clock: u16, text in ".{0,20}") {
            prop_assert!(is_valid_tid(&tid(micros, clock)));
            let _ = parse(&text);
        }
    }
}
