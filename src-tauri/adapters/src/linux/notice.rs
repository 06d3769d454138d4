//! Notifications of the freedesktop specification.

use notify_rust::{Hint, Notification, Urgency};

/// What this system needs beside title and body. An insistent one stays until somebody saw it.
pub(crate) fn prepare(notification: &mut Notification, insistent: bool) {
    notification.urgency(if insistent { Urgency::Critical } else { Urgency::Normal });
    notification.icon("sendoff-desktop").hint(Hint::DesktopEntry("Sendoff".to_owned()));
    // the action named `default` is the click on the notification itself
    notification.action("default", "Open");
    if takes_markup() {
        let body = notification.body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        notification.body(&body);
    }
}

/// Whether the server would read a `<` in a name as markup.
fn takes_markup() -> bool {
    notify_rust::get_capabilities().is_ok_and(|able| able.iter().any(|one| one == "body-markup"))
}
