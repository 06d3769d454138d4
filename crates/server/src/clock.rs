//! Time as an argument, so that tests can let months pass.

use std::fmt;

use jiff::Timestamp;

/// The wall clock. Everything that expires is judged by it.
pub trait Clock: Send + Sync + fmt::Debug {
    fn now(&self) -> Timestamp;

    /// Milliseconds since 1970, as the database keeps times.
    fn millis(&self) -> i64 {
        self.now().as_millisecond()
    }
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // the one place where the server reads the clock
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
