//! Accounts: connect, look after, remove.

use domain::account::Account;
use domain::id::AccountId;
use domain::network::Network;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::vault::Secret;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    pub account: Account,
    /// Deliveries that wait for this account.
    pub waiting: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListAccounts {}

/// Signs in at Bluesky with an app password.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectWithPassword {
    pub network: Network,
    /// Empty: found from the handle.
    pub server: String,
    pub handle: String,
    pub password: Secret,
    /// The account that this sign-in renews.
    pub reconnect: Option<AccountId>,
}

/// Adds an account that a person serves by hand: posts for it are checked, planned and kept like all others, and at their time
/// the person is told to post them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddByHand {
    pub network: Network,
    /// What the person calls it: a handle, or the name of a page or channel. 1 to 100 characters.
    pub handle: String,
    /// Where it is read in a browser; empty if the person does not say.
    pub url: String,
    /// The account pays the network for more, such as longer texts.
    pub premium: bool,
    /// The account by hand that this changes; none adds one.
    pub account: Option<AccountId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connected {
    pub account: AccountId,
}

/// How the browser comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComeBack {
    /// Through `sendoff://`.
    DeepLink,
    /// Through a listener on 127.0.0.1 that lives for this sign-in only.
    Loopback,
}

/// Begins a sign-in in the system's browser, which is opened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartConnect {
    pub network: Network,
    /// Bluesky: may be empty. Mastodon: needed.
    pub server: String,
    /// Bluesky: needed. Mastodon: not used.
    pub handle: String,
    /// `None`: what suits the network best.
    pub come_back: Option<ComeBack>,
    pub reconnect: Option<AccountId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectFlow {
    pub flow: u64,
    /// Where the browser was sent. Holds no secret: the verifier stays in the program.
    pub url: String,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectProgress {
    pub flow: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ConnectState {
    WaitingForBrowser { expires_at: Timestamp },
    Finishing,
    Done { account: AccountId },
    Failed { error: ApiError },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelConnect {
    pub flow: u64,
}

/// Asks the network for profile, limits and the state of the sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckAccount {
    pub account: AccountId,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetGrace {
    pub account: AccountId,
    /// Seconds, 0 to 86,400.
    pub grace_s: u32,
}

/// Forgets the credential. Its deliveries wait, and go on when it is connected again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveAccount {
    pub account: AccountId,
}
