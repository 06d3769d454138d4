//! What the engine needs from the world outside. Storage is not a port: a database in a temporary folder is the fake.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::id::{JobId, PostId};
use domain::network::Network;
use jiff::Timestamp;
use networks::page::Page;
use networks::{Adapter, CallError};
use zeroize::Zeroizing;

/// Two readings of the clocks within this time are of one moment.
const ONE_MOMENT: Duration = Duration::from_secs(1);

/// Time. `now` is the wall clock; `uptime` goes on while the machine sleeps, so the two together tell a suspend from a
/// clock that was set.
#[async_trait]
pub trait Clock: Send + Sync + fmt::Debug {
    fn now(&self) -> Timestamp;
    /// Since some fixed moment, suspend included (BOOTTIME on Linux, `mach_continuous_time` on macOS).
    fn uptime(&self) -> Duration;
    /// Both of one moment: a machine that falls asleep between two readings must not look like a clock that was set.
    fn both(&self) -> (Timestamp, Duration) {
        let mut before = self.uptime();
        loop {
            let (now, after) = (self.now(), self.uptime());
            if after.saturating_sub(before) < ONE_MOMENT {
                return (now, after);
            }
            before = after;
        }
    }
    /// Waits at least this long while the machine is awake.
    async fn sleep(&self, duration: Duration);
    /// The IANA name of the computer's zone, `UTC` if it cannot be told.
    fn zone(&self) -> String;
}

/// Randomness, from the system's secure source.
pub trait Entropy: Send + Sync + fmt::Debug {
    /// # Errors
    /// The system has no randomness to give.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoEntropy>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoEntropy;

/// The keyring of the system: one entry of 32 bytes per profile, named by the vault's id.
pub trait Keyring: Send + Sync + fmt::Debug {
    /// `Ok(None)`: the keyring answers and has no such entry.
    ///
    /// # Errors
    /// Each state by its name; see [`KeyringError`].
    fn get(&self, entry: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError>;
    /// # Errors
    /// As [`Keyring::get`].
    fn set(&self, entry: &str, key: &[u8]) -> Result<(), KeyringError>;
    /// Deleting what is not there is fine.
    ///
    /// # Errors
    /// As [`Keyring::get`].
    fn delete(&self, entry: &str) -> Result<(), KeyringError>;
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    #[error("the keyring is locked")]
    Locked,
    #[error("there is no keyring on this machine")]
    NoBackend,
    #[error("the keyring refused")]
    Denied,
    #[error("the keyring does not answer")]
    NoAnswer,
    #[error("the keyring failed: {0}")]
    Other(String),
}

/// The networks, made for the settings of a profile.
#[async_trait]
pub trait Networks: Send + Sync + fmt::Debug {
    /// None for a network that only people post to.
    fn adapter(&self, network: Network) -> Option<Arc<dyn Adapter>>;
    /// What a web page says of itself to whoever links to it.
    ///
    /// # Errors
    /// It cannot be read, or is no page.
    async fn read_page(&self, url: &str) -> Result<Page, CallError>;
    /// The server for teams at this address: scheme, host and port, without a slash at the end.
    fn team_server(&self, origin: &str) -> remote::Server;
    /// Takes changed settings; calls under way finish with the old ones.
    ///
    /// # Errors
    /// A sentence naming the setting that is not of its form.
    fn configure(&self, settings: &NetworkSettings) -> Result<(), String>;
}

/// The settings that networks need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkSettings {
    /// `CIDR:port` entries inside private networks that may be contacted.
    pub private_servers: Vec<String>,
    pub plc_directory: String,
    pub bluesky_server: String,
}

/// A desktop notification. It never carries a text of a post, only what happened and an opaque id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub kind: NoticeKind,
    pub title: String,
    pub body: String,
    /// What a click opens.
    pub opens: Opens,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    Published,
    Unsure,
    Missed,
    /// It is time to post something by hand.
    YourTurn,
    Failed,
    ReconnectNeeded,
    /// Of a team: membership, or a change that was refused.
    Team,
    /// Publishing paused by itself: the clock jumped, or the profile was restored.
    Paused,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opens {
    Window,
    Post { post: PostId, job: Option<JobId> },
    Accounts,
}

pub trait Notifier: Send + Sync + fmt::Debug {
    /// Shows it if the system can; a notification that cannot be shown never fails what it tells of.
    fn show(&self, notice: Notice);
}

/// The system's browser.
pub trait Opener: Send + Sync + fmt::Debug {
    /// Opens an address that the engine has checked.
    ///
    /// # Errors
    /// A sentence why not.
    fn open(&self, url: &str) -> Result<(), String>;
}

/// Other programs on this computer.
pub trait Programs: Send + Sync + fmt::Debug {
    /// Where a program of this name lies, if it is installed.
    fn find(&self, name: &str) -> Option<PathBuf>;
}

/// The ports of one program.
#[derive(Debug, Clone)]
pub struct Ports {
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub keyring: Arc<dyn Keyring>,
    pub networks: Arc<dyn Networks>,
    pub notifier: Arc<dyn Notifier>,
    pub opener: Arc<dyn Opener>,
    pub programs: Arc<dyn Programs>,
}

/// Where the program lives.
#[derive(Debug, Clone)]
pub struct Place {
    /// The folder of the own profile.
    pub profile: PathBuf,
    /// The folder of the sample profile.
    pub sample: PathBuf,
    /// Where exports are written.
    pub documents: PathBuf,
}
