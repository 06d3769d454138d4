//! What the engine needs from this machine: the ports of [`engine::ports`], made of the operating system's own services.
//!
//! The shell and the command line share it; it knows neither a window nor a command. What only one system has is in a folder of
//! that system, all with the same functions, and nothing outside them asks which system this is.

mod clock;
mod entropy;
mod keyring;
pub mod links;
pub mod log;
mod networks;
mod notifier;
mod opener;
mod place;
mod ports;
mod programs;

#[cfg(all(unix, not(target_os = "macos")))]
#[path = "linux/mod.rs"]
mod os;
#[cfg(target_os = "macos")]
#[path = "macos/mod.rs"]
mod os;
#[cfg(windows)]
#[path = "windows/mod.rs"]
mod os;

pub use clock::SystemClock;
pub use entropy::SystemEntropy;
pub use keyring::SystemKeyring;
pub use networks::SystemNetworks;
pub use notifier::{Clicked, SystemNotifier};
pub use opener::SystemOpener;
pub use os::protect_process;
pub use place::{NoPlace, computer_name, own_folder, place};
pub use ports::{NoPorts, ports};
pub use programs::SystemPrograms;
