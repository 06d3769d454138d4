//! Why a mutation was not done. Closed, named, and with the figures a person needs.

use serde::{Deserialize, Serialize};

use crate::id::AccountId;
use crate::job::JobState;
use crate::schedule::ScheduleError;
use crate::text::Violation;

/// A field with a bound, by the name a person knows it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Name,
    Voice,
    Audience,
    Accounts,
    Title,
    Text,
    Parts,
    Images,
    AltText,
    ContentWarning,
    Grace,
    Posts,
    Rule,
    /// Times of a queue, or days of one of them.
    Slots,
    Note,
    Link,
    LinkTag,
    /// Of the card of a link.
    Card,
    /// Seconds between two parts of a thread.
    Wait,
    Tags,
    Tag,
    Ideas,
    Columns,
    Snippets,
    Comments,
    /// Of an entry in the calendar.
    Days,
    Entries,
    Folder,
    Files,
    /// Of an organisation.
    Owners,
    /// Of a member.
    Personas,
    /// What a network says of an account.
    Profile,
    /// Of an approval chain.
    Steps,
    Approvers,
    Chains,
    /// When a step of a chain is asked.
    Conditions,
    /// How many have to agree.
    Quorum,
    /// Hours to the deadline of a step.
    Deadline,
    /// A request that is made ready to be sent.
    Request,
    /// What a network said, or where something is there.
    Detail,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "reject", rename_all = "snake_case")]
pub enum Reject {
    #[error("this no longer exists")]
    NotFound,
    #[error("this already exists")]
    Exists,
    /// The writer read version `read`, the record is at `current`.
    #[error("this was changed elsewhere in the meantime")]
    Stale { read: u32, current: u32 },
    #[error("this must not be empty")]
    Empty { field: Field },
    #[error("this is too long: {measured}, the limit is {limit}")]
    TooLong { field: Field, measured: u64, limit: u64 },
    #[error("the same account is selected twice")]
    Repeated { account: AccountId },
    #[error("an account of this post was removed or is disconnected")]
    AccountUnavailable { account: AccountId },
    #[error("choose at least one account")]
    NoAccounts,
    /// What would be sent breaks rules of a network; nothing was scheduled.
    #[error("{}", .violations.first().map_or_else(|| "this breaks a rule of a network".to_owned(), Violation::sentence))]
    BreaksRules { account: AccountId, part: u32, violations: Vec<Violation> },
    #[error("an image of this post is missing")]
    MediaMissing,
    #[error(transparent)]
    Schedule { error: ScheduleError },
    #[error("this time has passed")]
    InThePast,
    /// It is on its way or out: it can no longer be changed.
    #[error("the post is already going out")]
    AlreadySent,
    /// The places that a rule was said to lead to are not in their order, or none.
    #[error("this rhythm leads nowhere")]
    BadRule,
    /// Nothing of it is to come.
    #[error("the series has ended")]
    SeriesEnded,
    /// Without a column no idea has a place.
    #[error("the last column stays")]
    LastColumn,
    /// Only its author changes a comment.
    #[error("somebody else wrote this")]
    NotYours,
    #[error("the post is not scheduled")]
    NotScheduled,
    #[error("this sign-in belongs to another account")]
    OtherAccount,
    #[error("the post is on hold: resume it first")]
    OnHold,
    #[error("the post is not on hold")]
    NotOnHold,
    /// Two people changed the same words, and nobody has read what came of it.
    #[error("two people changed the same words: read what came of it first")]
    MergeUnread,
    /// What stands there is not what the person saw who decided, or nothing says what they saw.
    #[error("this was changed since it was read: look at it again")]
    NotAsRead,
    #[error("the post is not signed off")]
    NotSignedOff,
    #[error("the post changed after sign-off")]
    ChangedAfterSignOff,
    /// Those who have to agree have not.
    #[error("not everybody who has to agree has agreed")]
    NotApproved,
    /// No open step asks this person, or nobody asks anybody.
    #[error("nobody asks for your decision here")]
    NotAsked,
    /// What one wrote, or signed off, somebody else has to agree to.
    #[error("somebody else has to agree to what you wrote")]
    OwnWork,
    #[error("not possible now: the delivery is {}", .state.wire())]
    JobIs { state: JobState },
    #[error("another publisher took over")]
    FenceLost { held: u32, current: u32 },
    #[error("an older ticket")]
    OldTicket { ticket: u32, current: u32 },
    #[error("another publisher holds it")]
    LeaseHeld,
    #[error("too early")]
    NotYet,
    #[error("the grace time has passed")]
    TooLate,
    #[error("there is nothing to send")]
    NothingToSend,
    /// Members and roles are a team's.
    #[error("this is possible in an organisation only")]
    NotInOrganisation,
    #[error("you are not a member of this organisation")]
    NotMember,
    #[error("your role does not allow this")]
    NotPermitted,
    #[error("nobody raises their own role")]
    OwnRole,
    #[error("an organisation always has an owner")]
    LastOwner,
}
