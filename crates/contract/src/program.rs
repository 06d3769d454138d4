//! The program itself: what it is, how it is set, and what any write answers.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::posts::Filter;

use crate::vault::VaultState;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    #[default]
    English,
    German,
}

/// What a person set. Every field has a sensible default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: Theme,
    pub language: Language,
    /// IANA zone in which times are shown and chosen; empty: the computer's own.
    pub zone: String,
    /// Desktop notifications.
    pub notify_published: bool,
    pub notify_trouble: bool,
    /// Seconds after the due time within which a late post still goes out, for accounts connected from now on.
    pub grace_s: u32,
    /// Addresses inside private networks that may be contacted, such as `192.168.1.20/32:443`: a server of one's own.
    pub private_servers: Vec<String>,
    /// The PLC directory in which Bluesky identities are looked up.
    pub plc_directory: String,
    /// Where a Bluesky sign-in starts when only a handle is known.
    pub bluesky_server: String,
    /// What the calendar is filtered by; without words that were looked for.
    pub calendar_filter: Filter,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            language: Language::English,
            zone: String::new(),
            notify_published: true,
            notify_trouble: true,
            grace_s: domain::account::Account::GRACE_DEFAULT_S,
            private_servers: Vec::new(),
            plc_directory: "https://plc.directory".to_owned(),
            bluesky_server: "https://bsky.social".to_owned(),
            calendar_filter: Filter::default(),
        }
    }
}

/// What the frame of the window shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    pub version: String,
    /// The folder of this profile.
    pub profile: String,
    /// This is the sample profile: nothing in it is real and nothing is published.
    pub sample: bool,
    /// The person's name; empty before the welcome.
    pub person: String,
    pub welcomed: bool,
    pub settings: Settings,
    /// The zone that times are shown in: the chosen one, or the computer's.
    pub zone: String,
    pub vault: VaultState,
    pub publishing: Publishing,
    pub now: Timestamp,
}

/// Whether posts go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Publishing {
    Running,
    /// A person paused it.
    Paused {
        since: Timestamp,
    },
    /// The clock jumped without a suspend: nothing goes out until a person looked.
    ClockJumped {
        by_s: i64,
    },
    /// Another process publishes for this profile.
    Elsewhere,
    /// The sample profile publishes nothing.
    Sample,
}

/// The answer of a write: by `undo` it can be taken back ([`crate::changes::Undo`]); `None` where it cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    pub undo: Option<u64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetProgram {}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamePerson {
    pub name: String,
}

/// Replaces all settings; the reply is what was stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeSettings {
    pub settings: Settings,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinishWelcome {}

/// Opens the sample profile beside the own one, making it first if need be.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenSample {}

/// Goes back to the own profile.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveSample {
    /// Also deletes the sample profile.
    pub delete: bool,
}

/// Opens an https address in the system's browser.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenLink {
    pub url: String,
}

/// Writes personas, accounts (without credentials) and posts as one JSON document.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportAll {}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// The file that was written.
    pub path: String,
    pub posts: u64,
}
