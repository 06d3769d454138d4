//! Windows: Credential Manager, toasts, the registry.

pub(crate) mod keyring;
pub(crate) mod links;
pub(crate) mod notice;

use std::time::Duration;

/// Since the machine started, sleep and hibernation included.
#[expect(unsafe_code, reason = "a system call without arguments, which cannot fail")]
pub(crate) fn uptime() -> Duration {
    // SAFETY: the function takes nothing and returns a number
    Duration::from_millis(unsafe { windows_sys::Win32::System::SystemInformation::GetTickCount64() })
}

/// The folders of a profile inherit the access list of the user's own data, and memory pictures are made only where an administrator
/// switched them on: there is nothing to do.
pub fn protect_process() {}
