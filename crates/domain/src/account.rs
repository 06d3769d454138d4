//! Accounts on networks: where a post goes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::AccountId;
use crate::network::Network;
use crate::text::NetworkRules;
use crate::text::mastodon::MastodonLimits;

/// How this device proves to the network that it may speak for the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    AppPassword,
    OAuth,
    /// Not at all: a person posts there, and the program prepares it, says when, and keeps the record.
    ByHand,
}

/// What the last contact with the network told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Health {
    Healthy,
    /// The network no longer accepts our credential: only a person can repair this.
    ReconnectNeeded {
        since: Timestamp,
    },
    /// The network does not answer: it may come back by itself.
    Unreachable {
        since: Timestamp,
    },
}

/// What the network says it accepts. A value read at run time overrides the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "network", rename_all = "snake_case")]
pub enum Limits {
    Bluesky,
    Mastodon(MastodonLimits),
    /// What the rulebook says of the account's network. `premium`: the account pays the network for more.
    Book {
        premium: bool,
    },
}

/// Everything that the network told when the account was connected or checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The network's own lasting id: a DID on Bluesky, the account number on Mastodon.
    pub remote_id: String,
    /// Without a leading `@`. On Mastodon without the server: `ada`, not `ada@example.social`.
    pub handle: String,
    pub display_name: String,
    /// Where a person reads this account in a browser; https, or what the server says of itself. By hand it may be empty.
    pub url: String,
    pub limits: Limits,
}

impl Profile {
    /// Characters of each of its texts, the server's address among them.
    pub const TEXT_MAX: usize = 2_048;
    /// Media types that a server may name: several times as many as there are.
    pub const TYPES_MAX: usize = 500;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: AccountId,
    pub network: Network,
    /// Origin of the server, such as `https://bsky.social`: scheme, host, port; no path. Empty for an account by hand.
    pub server: String,
    pub sign_in: SignIn,
    pub profile: Profile,
    pub health: Health,
    /// When the sign-in ends for good, if the network tells; a refreshed session does not end.
    pub ends_at: Option<Timestamp>,
    pub checked_at: Timestamp,
    /// Seconds after the due time within which a late post still goes out by itself.
    pub grace_s: u32,
    pub removed: bool,
    /// An example account of the sample profile: it is shown, and it never publishes.
    pub sample: bool,
    pub created_at: Timestamp,
}

impl Account {
    /// Thirty minutes: late by more is missed, and a person is asked.
    pub const GRACE_DEFAULT_S: u32 = 30 * 60;

    /// `@ada.example` on Bluesky, `@ada@example.social` on Mastodon; by hand, what the person calls it.
    pub fn full_handle(&self) -> String {
        match self.network {
            _ if self.sign_in == SignIn::ByHand => self.profile.handle.clone(),
            Network::Mastodon => format!("@{}@{}", self.profile.handle, self.host()),
            _ => format!("@{}", self.profile.handle),
        }
    }

    /// The rules that a post for this account must keep.
    pub const fn rules(&self) -> NetworkRules<'_> {
        match &self.profile.limits {
            Limits::Bluesky => NetworkRules::BLUESKY,
            Limits::Mastodon(told) => NetworkRules::Mastodon(told),
            Limits::Book { premium } => NetworkRules::Book { network: self.network, premium: *premium },
        }
    }

    /// A person posts there, not this program.
    pub fn is_by_hand(&self) -> bool {
        self.sign_in == SignIn::ByHand
    }

    /// Host and port of the server, without the scheme.
    pub fn host(&self) -> &str {
        self.server.split_once("://").map_or(self.server.as_str(), |(_, host)| host)
    }

    /// Whether a job for this account may send now.
    pub fn can_publish(&self) -> bool {
        !self.removed && !self.sample && !self.is_by_hand() && !matches!(self.health, Health::ReconnectNeeded { .. })
    }
}
