//! Notification Center.

use std::sync::Once;

use notify_rust::Notification;

use crate::keyring::SERVICE;

/// What this system needs beside title and body. How long one stays is the person's own choice in the system's settings.
pub(crate) fn prepare(_notification: &mut Notification, _insistent: bool) {
    static NAMED: Once = Once::new();
    // outside of an application bundle the name is unknown to the system, which then shows its own
    NAMED.call_once(|| {
        if let Err(error) = notify_rust::set_application(SERVICE) {
            tracing::debug!(error.message = %error, "notifications go out under another name");
        }
    });
}
