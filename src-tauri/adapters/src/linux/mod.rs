//! Linux and the other free desktops: Secret Service, freedesktop notifications, desktop files.

pub(crate) mod keyring;
pub(crate) mod links;
pub(crate) mod notice;

use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit, umask};
use rustix::time::{ClockId, clock_gettime};

/// Since the machine started, suspend included.
pub(crate) fn uptime() -> Duration {
    #[cfg(target_os = "linux")]
    let clock = ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    let clock = ClockId::Monotonic;
    clock_gettime(clock).try_into().unwrap_or_default()
}

/// Keeps what this process writes to its user: files are made for the user alone, and a crash leaves no picture of the memory.
pub fn protect_process() {
    umask(rustix::fs::Mode::from_raw_mode(0o077));
    if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }) {
        tracing::warn!(error.message = %error, "core dumps could not be switched off");
    }
}
