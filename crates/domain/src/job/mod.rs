//! The publish job: one post on its way to one account. Every step is a function that returns the new job or a named refusal.
//!
//! ```text
//! scheduled -> claimed(lease, fence) -> prepared -> sending(ticket) -> published | refused | reconciling -> ... | unsure
//! scheduled -> handed -> published | skipped          an account that a person serves by hand
//! scheduled | claimed | prepared | handed -> held     the post is on hold; resumed -> scheduled, or missed if it is too late
//! ```
//!
//! A lease that runs out before a ticket was issued hands the job back. After the ticket nothing ever returns to
//! `scheduled` by itself: what may have been sent is looked up, sent again only under the network's own key, or shown to
//! a person.

mod bounds;
mod machine;
mod plan;

pub(crate) use bounds::check;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::hash::ContentHash;
use crate::id::{AccountId, JobId, PersonId, PostId};
use crate::post::{Content, is_zero};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Scheduled,
    /// A person holds it back, whatever time it is.
    Held,
    Claimed,
    Prepared,
    /// A ticket is out: bytes may have left.
    Sending,
    /// The outcome is not known; the network is being asked.
    Reconciling,
    Published,
    /// It is time, and a person posts it: the program waits to be told.
    Handed,
    /// The network said no.
    Refused,
    /// Nobody sent it in time.
    Missed,
    /// It may be there; a person decides.
    Unsure,
    Cancelled,
    /// A person decided that it shall not go out.
    Skipped,
}

impl JobState {
    pub const ALL: [Self; 13] = [
        Self::Scheduled,
        Self::Claimed,
        Self::Prepared,
        Self::Sending,
        Self::Reconciling,
        Self::Published,
        Self::Handed,
        Self::Refused,
        Self::Missed,
        Self::Unsure,
        Self::Cancelled,
        Self::Skipped,
        Self::Held,
    ];

    pub const fn wire(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Held => "held",
            Self::Claimed => "claimed",
            Self::Prepared => "prepared",
            Self::Sending => "sending",
            Self::Reconciling => "reconciling",
            Self::Published => "published",
            Self::Handed => "handed",
            Self::Refused => "refused",
            Self::Missed => "missed",
            Self::Unsure => "unsure",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
        }
    }

    /// Nothing has left this machine: the job may still be changed or cancelled.
    pub const fn before_send(self) -> bool {
        matches!(self, Self::Scheduled | Self::Held | Self::Claimed | Self::Prepared | Self::Handed)
    }

    /// The publisher has work to do, now or later.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Scheduled | Self::Claimed | Self::Prepared | Self::Sending | Self::Reconciling)
    }
}

/// Why a job stands where it stands; shown to people in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// The network answered with a refusal of its own. `detail` is its own text, shown on request.
    RefusedByNetwork {
        status: u16,
        detail: String,
    },
    /// The sign-in was refused: reconnect.
    ReconnectNeeded,
    /// No connection was made, so nothing was sent.
    NeverSent {
        detail: String,
    },
    RateLimited {
        until: Timestamp,
    },
    /// The answer was lost after the request had left.
    AnswerLost {
        detail: String,
    },
    /// The program was ended while a ticket was out.
    Interrupted,
    /// Looked up and not found, and the network's own key no longer protects.
    NotFoundAfterwards,
    /// The text, the time or the accounts changed after the sign-off.
    ChangedAfterSignOff,
    /// Those who have to agree have not.
    NotApproved,
    /// The account was removed or disconnected.
    AccountUnavailable,
    /// Publishing was paused, or no program was running.
    NobodyPublishing,
    /// What should be sent breaks a rule of the network.
    BreaksRules {
        detail: String,
    },
    /// A stored image is gone or damaged.
    MediaMissing,
    /// A person decided.
    ByPerson,
    /// A person held it back until it was too late.
    OnHold,
}

/// The post as it stands on the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remote {
    /// at-URI on Bluesky, status number on Mastodon.
    pub id: String,
    pub url: String,
    /// Content id of the record on Bluesky: a reply names it. Empty where a network has none.
    #[serde(default)]
    pub cid: String,
}

/// One entry of the thread within a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobPart {
    /// The idempotency key the network will see: record key on Bluesky, `Idempotency-Key` on Mastodon. Chosen before the
    /// first attempt and never changed.
    pub key: String,
    /// The frozen request, as the adapter wrote it; sent again byte for byte. Holds no secret.
    pub request: Option<String>,
    pub request_hash: Option<ContentHash>,
    /// Of an organisation: who made it ready. Nobody asks for a ticket for the bytes of somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prepared_by: Option<PersonId>,
    /// When the first ticket under this key was issued: the network's own key protects from here.
    pub first_ticket_at: Option<Timestamp>,
    /// Tickets of the job up to this number are none of this part's: they belong to the parts before it, or what they did
    /// is settled.
    #[serde(default)]
    pub after: u32,
    /// Seconds that it waits after the part before it is out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub wait_s: u32,
    pub remote: Option<Remote>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub id: JobId,
    pub post: PostId,
    pub account: AccountId,
    pub due_at: Timestamp,
    pub grace_s: u32,
    /// What was signed off.
    pub hash: ContentHash,
    /// Of an organisation: what a ticket was granted for. What has begun is brought to its end, whoever takes their word back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted: Option<ContentHash>,
    pub state: JobState,
    /// Grows with every claim and every change from outside; a publisher with an older fence can neither send nor report.
    pub fence: u32,
    pub lease_until: Option<Timestamp>,
    /// Not to be claimed before this instant: back-off and rate limits.
    pub not_before: Option<Timestamp>,
    /// The number of the last ticket. It only grows, so a report names one ticket, whatever happened since.
    pub attempt: u32,
    /// When an unanswered ticket is given up and looked up.
    pub deadline: Option<Timestamp>,
    /// Lookups made since the answer was lost.
    pub lookups: u32,
    /// Definite never-sent failures since the last success.
    pub failures: u32,
    pub parts: Vec<JobPart>,
    pub reason: Option<Reason>,
    /// A person asked for this late delivery: the grace time counts from here.
    pub released_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

/// What came back from one send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    Published {
        remote: Remote,
    },
    /// Definite: no byte of the request left this machine.
    NeverSent {
        detail: String,
    },
    /// Definite: the network answered and refused.
    Refused {
        status: u16,
        detail: String,
    },
    /// Definite: refused because of the sign-in, nothing was posted.
    SignInRefused,
    /// Definite: refused for now.
    RateLimited {
        until: Timestamp,
    },
    /// Bytes may have left and no definite answer came back.
    Ambiguous {
        detail: String,
    },
}

/// What the network shows when asked for the post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum Lookup {
    Found {
        remote: Remote,
    },
    Absent,
    /// The network could not be asked.
    Unknown {
        detail: String,
    },
}

/// What a person decides about a job that cannot decide itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Decision {
    /// "It is there", also by the person's own hand: `url` is where, empty if the person does not say.
    ItIsThere {
        url: String,
    },
    /// "It is not there, publish again", or "publish the missed one now".
    PublishNow,
    Skip,
}

impl JobPart {
    pub fn new(key: String) -> Self {
        Self {
            key,
            request: None,
            request_hash: None,
            prepared_by: None,
            first_ticket_at: None,
            after: 0,
            wait_s: 0,
            remote: None,
        }
    }

    /// The parts of a delivery of `content`, each under a key of its own.
    pub fn all_of(content: &Content, key: impl Fn(u64) -> String) -> Vec<Self> {
        let parts = (0..).zip(content.outgoing());
        parts.map(|(place, part)| Self { wait_s: part.wait_s, ..Self::new(key(place)) }).collect()
    }
}

/// Whether a request that was sent before may be sent once more under its own key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// The network knows the key: this cannot make a second post.
    Safe,
    /// Not before this instant: the network may still be at work on the last one.
    SafeFrom(Timestamp),
    /// The network may have forgotten the key.
    Unsafe,
}

/// What a sign-off fixes for one delivery.
#[derive(Debug, Clone)]
pub struct Plan {
    pub due_at: Timestamp,
    pub grace_s: u32,
    pub hash: ContentHash,
    /// Under their idempotency keys; see [`JobPart::all_of`].
    pub parts: Vec<JobPart>,
}

impl Job {
    pub const LEASE_S: i64 = 60;
    /// A ticket that has no answer by then is looked up (`reference`: total request timeout 20 to 30 s).
    pub const TICKET_S: i64 = 30;
    /// Tickets for one part: then it is not sent again by itself.
    pub const TICKETS_MAX: u32 = 5;
    /// Lookups before a person is asked: with [`back_off_s`] between them, a network that cannot answer is asked for 23
    /// minutes, since a person cannot look at it meanwhile either.
    pub const LOOKUPS_MAX: u32 = 12;

    /// The part that goes out next: the first that is not there yet.
    pub fn next_part(&self) -> Option<usize> {
        self.parts.iter().position(|part| part.remote.is_none())
    }

    /// A part is out, or may be: this text has to be brought to its end before another one is written.
    pub fn begun(&self) -> bool {
        self.parts.iter().any(|part| part.remote.is_some() || part.first_ticket_at.is_some())
    }

    /// The link of the first part, which is the post itself.
    pub fn remote(&self) -> Option<&Remote> {
        self.parts.first()?.remote.as_ref()
    }

    /// When lateness is counted from: the due time, or the moment a person released it.
    pub fn counts_from(&self) -> Timestamp {
        self.released_at.map_or(self.due_at, |released| released.max(self.due_at))
    }

    /// The last instant at which a first ticket may be issued.
    pub fn latest_start(&self) -> Timestamp {
        plus(self.counts_from(), i64::from(self.grace_s))
    }
}

/// How often a job that waits for its account looks whether it is back.
pub const WAIT_FOR_ACCOUNT_S: i64 = 10;

/// 2, 4, 8 ... seconds, at most five minutes.
pub fn back_off_s(failures: u32) -> i64 {
    1_i64.checked_shl(failures.clamp(1, 9)).unwrap_or(300).min(300)
}

/// `at` moved by whole seconds; at the edge of representable time it stays where it is.
pub fn plus(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at)
}
