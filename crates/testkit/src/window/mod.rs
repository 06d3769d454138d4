//! The real window, driven as a person would: through WebDriver, on the screen and session bus that the test runs in.

mod driver;
mod session;

pub use driver::{Element, Window, key};
pub use session::{Notification, notifications, unlock_keyring, watch_notifications};
