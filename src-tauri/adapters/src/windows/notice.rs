//! Toasts.

use notify_rust::{Notification, Urgency};

use crate::keyring::SERVICE;

/// What this system needs beside title and body. An insistent one stays until somebody saw it.
pub(crate) fn prepare(notification: &mut Notification, insistent: bool) {
    notification.urgency(if insistent { Urgency::Critical } else { Urgency::Normal });
    // the installer gives this name to the start menu entry; a toast under a name that no entry has is not shown
    let installed =
        std::env::current_exe().is_ok_and(|program| !program.components().any(|part| part.as_os_str() == "target"));
    if installed {
        notification.app_id(SERVICE);
    }
}
