//! Waiting for something to become true, with an end.

use std::fmt::Debug;
use std::time::{Duration, Instant};

const BETWEEN: Duration = Duration::from_millis(100);

/// Asks again and again until `look` answers; gives up after `patience`.
///
/// # Panics
/// It did not happen: the message says what was waited for.
pub fn until<T>(what: &str, patience: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < patience, "waited {} s in vain until {what}", patience.as_secs());
        std::thread::sleep(BETWEEN);
    }
}

/// Looks again and again until what is seen is `wanted`; gives up after `patience`.
///
/// # Panics
/// It did not happen: the message says what was seen last.
pub fn until_is<W: Debug + ?Sized, S: Debug + PartialEq<W>>(
    what: &str,
    wanted: &W,
    patience: Duration,
    mut look: impl FnMut() -> S,
) {
    let begun = Instant::now();
    loop {
        let seen = look();
        if seen == *wanted {
            return;
        }
        let waited = patience.as_secs();
        assert!(begun.elapsed() < patience, "waited {waited} s in vain: {what} is {seen:?} and not {wanted:?}");
        std::thread::sleep(BETWEEN);
    }
}
