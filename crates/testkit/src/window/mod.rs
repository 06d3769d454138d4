//! The real window, driven as a person would: through WebDriver, on the screen and session bus that the test runs in.

mod axe;
mod driver;
mod page;
mod screen;
mod session;

pub use axe::Axe;
pub use driver::{Element, Window, key};
pub use screen::Screen;
pub use session::{Notification, click_the_notification, notifications, unlock_keyring, watch_notifications};
