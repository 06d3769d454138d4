//! What the window knows by itself: pure, so that each rule is tested without a browser.

pub mod board;
pub mod calendar;
pub mod chains;
pub mod comments;
pub mod crop;
pub mod current;
pub mod fuzzy;
pub mod intake;
pub mod keys;
pub mod month;
pub mod picks;
pub mod rhythm;
pub mod rows;
pub mod shelf;
pub mod slots;
pub mod snippets;
pub mod time;
pub mod toasts;
