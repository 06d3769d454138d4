//! Teams: servers that one is signed in at, the organisations there, their members, and what waits for them.
//!
//! The open profile is the own one, the sample, or that of an organisation ([`OpenTeam`]). All other commands act on the open one.
//! What a person does in an organisation is done here at once and goes to its server when it can; only what is marked as *needs the
//! server* fails without it.

use domain::Reject;
use domain::id::{OrganisationId, PersonId, PersonaId, PostId};
use domain::team::{Away, Personas, Role};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ApiError;
use crate::accounts::ComeBack;
use crate::many::Left;

/// The servers and organisations of this computer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetTeams {}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Teams {
    /// The organisation whose profile is open; `None`: the own profile, or the sample.
    pub open: Option<OrganisationId>,
    pub servers: Vec<TeamServer>,
    /// In the order of their names.
    pub teams: Vec<TeamLine>,
}

/// A server that this computer is, or was, signed in at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamServer {
    /// Its address, such as `https://teams.example.org`, without a slash at the end.
    pub server: String,
    pub person: PersonId,
    pub name: String,
    /// None for people who sign in there by an identity provider.
    pub email: Option<String>,
    /// The sign-in has ended: what waits, waits until the person signs in again.
    pub signed_out: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamLine {
    pub organisation: OrganisationId,
    pub server: String,
    pub name: String,
    pub role: Role,
    pub sync: Sync,
    /// Changes that the server has not taken yet.
    pub waiting: u64,
    /// Changes that it refused and nobody has settled.
    pub attention: u64,
}

/// How the profile of an organisation stands to its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Sync {
    /// Nothing was exchanged since the program started.
    Starting,
    /// An exchange is under way for the first time, or for longer than a moment.
    Exchanging,
    /// Everything that is here is there, and the other way round, as of this moment.
    UpToDate { at: Timestamp },
    /// The server cannot be reached, or is busy; it is tried again by itself.
    Offline { since: Timestamp },
    /// The sign-in has ended: a person has to sign in again.
    SignedOut,
    /// The server speaks a newer language: this program has to be updated.
    TooOld,
    /// The server does not know yet what this program does: what waits is sent once it is updated.
    ServerTooOld,
    /// The two know different histories, or the disk fails: see the log.
    Stuck,
    /// The person is no member any more; what they had not sent was handed over, and the profile is deleted.
    Revoked,
}

/// Begins a sign-in at a server for teams in the system's browser, which is opened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartTeamSignIn {
    /// As a person types it: `teams.example.org`.
    pub server: String,
    /// `None`: through `sendoff://`.
    pub come_back: Option<ComeBack>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamSignInProgress {
    /// As [`crate::accounts::ConnectFlow::flow`].
    pub flow: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TeamSignIn {
    WaitingForBrowser { expires_at: Timestamp },
    Finishing,
    Done { server: String },
    Failed { error: ApiError },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelTeamSignIn {
    pub flow: u64,
}

/// Ends the sign-in at a server. Its organisations stay on this computer and wait for the next sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOutOfServer {
    pub server: String,
}

/// Founds an organisation, and opens it. Needs the server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundTeam {
    pub server: String,
    /// 1 to 80 characters.
    pub name: String,
}

/// Follows an invitation, and opens the organisation. Needs the server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinTeam {
    pub server: String,
    /// The secret of the invitation: the whole link of the mail is taken too.
    pub code: String,
}

/// The organisation that is open now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamOpened {
    pub organisation: OrganisationId,
}

/// Opens the profile of an organisation; `None`: the own one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenTeam {
    pub organisation: Option<OrganisationId>,
}

/// Leaves the open organisation for good: its profile is deleted from this computer. Needs the server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveTeam {}

/// The open organisation; `None` in the own profile.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetTeam {}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    pub organisation: OrganisationId,
    pub server: String,
    pub name: String,
    /// The person of this computer.
    pub me: PersonId,
    /// Theirs; what it allows are methods of [`Role`].
    pub role: Role,
    /// Active members, in the order of their names.
    pub members: Vec<MemberView>,
    pub sync: Sync,
    /// The server tells of changes by itself; otherwise it is asked every few seconds.
    pub live: bool,
    /// What the server has not taken yet, oldest first; at most [`Team::WAITING_MAX`].
    pub waiting: Vec<Waiting>,
    /// How many wait in all.
    pub waiting_count: u64,
    /// What it refused and nobody has settled, oldest first.
    pub attention: Vec<Refused>,
}

impl Team {
    pub const WAITING_MAX: usize = 100;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    pub person: PersonId,
    pub name: String,
    pub role: Role,
    pub personas: Personas,
    pub joined_at: Timestamp,
    /// Now, or later: somebody decides for them.
    #[serde(default)]
    pub away: Option<Away>,
}

/// A change on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The name of its mutation, such as `edit_draft`.
    pub what: String,
    pub post: Option<PostId>,
    /// The title of the post, or its first words; empty without one.
    pub title: String,
    pub made_at: Timestamp,
    /// What came from the server since will probably make it refuse this.
    pub doubtful: bool,
}

/// A change that the server refused. Its words are here until somebody has decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub id: Uuid,
    pub what: String,
    pub post: Option<PostId>,
    /// The title of the post, or its first words; empty without one, and if it is gone.
    pub title: String,
    /// Why; `None` if it was written by another version and its reason is not understood.
    pub reject: Option<Reject>,
    /// What the person had written, to be read and copied; empty if they wrote nothing.
    pub words: String,
    /// It held a whole draft, which can be kept as a new post.
    pub has_draft: bool,
    pub made_at: Timestamp,
    pub refused_at: Timestamp,
}

/// What becomes of a refused change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settle {
    /// A new draft with its words; the change is settled.
    KeepAsDraft,
    /// The words are not needed.
    Discard,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettleRefused {
    pub id: Uuid,
    pub how: Settle,
}

/// The post that was made of it, if one was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    pub post: Option<PostId>,
}

/// Exchanges now, instead of when the time has come.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncNow {}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenameTeam {
    pub name: String,
}

/// Changes what a member may do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeMember {
    pub person: PersonId,
    pub role: Role,
    /// Counts for creators; others speak as every persona.
    pub personas: Personas,
}

/// Ends a membership: the person's computers delete the organisation when they next reach the server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveMember {
    pub person: PersonId,
}

/// Invitations of the open organisation that nobody has followed yet. Needs the server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListInvitations {}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub id: Uuid,
    pub email: String,
    pub role: Role,
    /// None: all.
    pub personas: Option<Vec<PersonaId>>,
    pub invited_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Sends an invitation by mail. Needs the server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    pub email: String,
    pub role: Role,
    /// None: all.
    pub personas: Option<Vec<PersonaId>>,
}

/// Needs the server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokeInvitation {
    pub id: Uuid,
}

/// The computers that are signed in at a server as this person. Needs the server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListDevices {
    pub server: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceView {
    pub id: Uuid,
    pub name: String,
    pub enrolled_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// This computer.
    pub current: bool,
}

/// Needs the server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenameDevice {
    pub server: String,
    pub id: Uuid,
    pub name: String,
}

/// Signs another computer out for good. Needs the server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokeDevice {
    pub server: String,
    pub id: Uuid,
}

/// Somebody has read what came of two changes of one draft ([`domain::post::Merge`]).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettleMerge {
    pub post: PostId,
    pub read: u32,
}

/// The window shows a post of the open organisation, or not any more. Said again every [`Attend::AGAIN_S`] seconds as long as it does; who
/// else has the post open hears of it. Nothing in the own profile.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attend {
    pub post: PostId,
    pub open: bool,
}

impl Attend {
    pub const AGAIN_S: u32 = 10;
}

/// Who else has a post open right now, in the order of their names. Nobody while the server tells nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListPresent {
    pub post: PostId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    pub person: PersonId,
    pub name: String,
}

/// Brings posts of the own profile into an organisation, with their files and their persona: a persona of the same name, or a new one
/// where the person may add one. Accounts and their sign-ins stay, and so do times, comments and versions; a target is kept if the
/// organisation has that account too. What was brought before is not brought twice. Refused only if nothing can be brought.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BringToTeam {
    pub organisation: OrganisationId,
    /// At most [`domain::mutation::PostsChange::POSTS_MAX`].
    pub posts: Vec<PostId>,
    /// A copy: the posts stay here. Otherwise they go, and only drafts can.
    pub keep: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Brought {
    /// Those that are there now and were not before, by their ids here.
    pub posts: Vec<PostId>,
    /// So many were there already.
    pub already: u32,
    /// Files that came along.
    pub media: u32,
    /// The most accounts that one of them left behind.
    pub accounts_left: u32,
    /// What stays as it is; of many the first [`crate::many::PostsChanged::LEFT_MAX`].
    pub left: Vec<Left>,
}

/// Takes back what [`BringToTeam`] did, as far as nobody has worked on it since. Files and personas stay in the organisation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeBackFromTeam {
    pub organisation: OrganisationId,
    /// By their ids here.
    pub posts: Vec<PostId>,
    /// They were moved, and are to be here again.
    pub moved: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PutBack {
    /// What stays in the organisation, and why.
    pub left: Vec<Left>,
}
