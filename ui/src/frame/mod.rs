//! The frame that all screens live in.

pub mod bring;
mod changes;
pub mod commands;
pub mod context;
mod dialogs;
mod focus;
mod kept;
mod keyboard;
pub mod many;
mod palette;
pub mod review;
mod routes;
mod shell;
mod shortcuts;
mod sidebar;
mod state_line;
mod switcher;
mod sync_chip;
pub mod team;
mod toasts;

pub use dialogs::{Dialogs, DialogsProps};
pub use shell::Shell;
