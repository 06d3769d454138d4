//! macOS: Keychain, Notification Center, links through the application bundle.

pub(crate) mod keyring;
pub(crate) mod links;
pub(crate) mod notice;

use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit, umask};
use rustix::time::{ClockId, clock_gettime};

/// Since the machine started; this clock goes on while it sleeps (`man 3 clock_gettime`, macOS 10.12 and later).
pub(crate) fn uptime() -> Duration {
    clock_gettime(ClockId::Monotonic).try_into().unwrap_or_default()
}

/// Keeps what this process writes to its user: files are made for the user alone, and a crash leaves no picture of the memory.
pub fn protect_process() {
    umask(rustix::fs::Mode::from_raw_mode(0o077));
    if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }) {
        tracing::warn!(error.message = %error, "core dumps could not be switched off");
    }
}
