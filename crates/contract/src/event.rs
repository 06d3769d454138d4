use domain::id::PostId;
use serde::{Deserialize, Serialize};

/// Groups of answers that go out of date together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    Program,
    Vault,
    Accounts,
    Personas,
    Posts,
    Jobs,
    Media,
    Queues,
    Snippets,
    Comments,
    Ideas,
    Entries,
    /// Organisations, members, and what waits for a server.
    Team,
    /// Who else has a post open.
    Presence,
}

impl Tag {
    pub const ALL: [Self; 14] = [
        Self::Program,
        Self::Vault,
        Self::Accounts,
        Self::Personas,
        Self::Posts,
        Self::Jobs,
        Self::Media,
        Self::Queues,
        Self::Snippets,
        Self::Comments,
        Self::Ideas,
        Self::Entries,
        Self::Team,
        Self::Presence,
    ];
}

/// Who made a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Origin {
    /// A call; the number is the one that the caller sent with it, 0 for the command line.
    Call {
        caller: u64,
    },
    Scheduler,
    Shell,
}

/// A hint to fetch again: carries no data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub tags: Vec<Tag>,
    pub origin: Origin,
}

/// What the program tells its windows without being asked. The name of the channel is [`Event::CHANNEL`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Changed(Changed),
    /// A notification or a link asks for this post.
    OpenPost {
        post: PostId,
    },
    /// A link invites to an organisation: the person decides.
    Invited {
        server: String,
        code: String,
    },
    /// The window was closed for the first time: publishing goes on.
    KeptRunning,
}

impl Event {
    pub const CHANNEL: &'static str = "sendoff";
}
