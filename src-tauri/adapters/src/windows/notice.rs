//! Toasts.

use notify_rust::Notification;

use crate::keyring::SERVICE;

/// What this system needs beside title and body.
pub(crate) fn prepare(notification: &mut Notification) {
    // the installer gives this name to the start menu entry; a toast under a name that no entry has is not shown
    let installed =
        std::env::current_exe().is_ok_and(|program| !program.components().any(|part| part.as_os_str() == "target"));
    if installed {
        notification.app_id(SERVICE);
    }
}
