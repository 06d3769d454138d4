//! Instants as the database keeps them: whole microseconds since 1970.

use jiff::Timestamp;

/// Rounded up, so that "not before" never becomes "before". The exact instant is in the record's JSON.
pub(crate) fn micros(at: Timestamp) -> i64 {
    let micros = at.as_microsecond();
    let exact = Timestamp::from_microsecond(micros).is_ok_and(|floor| floor >= at);
    if exact { micros } else { micros.saturating_add(1) }
}

/// What [`micros`] wrote. A number outside all calendars becomes the nearest end of time.
pub(crate) fn instant(micros: i64) -> Timestamp {
    let end = if micros < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_microsecond(micros).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_survive_and_never_become_earlier() {
        for text in ["2026-11-28T08:00:00Z", "1969-12-31T23:59:59.999999Z", "9999-01-01T00:00:00.000001Z"] {
            let at: Timestamp = text.parse().unwrap();
            assert_eq!(instant(micros(at)), at);
        }
        for text in ["2026-11-28T08:00:00.0000001Z", "1969-12-31T23:59:59.9999999Z"] {
            let at: Timestamp = text.parse().unwrap();
            assert!(instant(micros(at)) > at, "{text}");
            assert!(micros(at) - at.as_microsecond() <= 1);
        }
        assert_eq!(instant(i64::MAX), Timestamp::MAX);
    }
}
