//! Teams: an organisation, its members, and what each role may do.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::approval::{Chain, Verdict};
use crate::id::{OrganisationId, PersonId, PersonaId};
use crate::mutation::Mutation;
use crate::scope::Scope;

/// People who plan together. Everything that they share belongs to exactly one organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    pub id: OrganisationId,
    /// At most [`Organisation::NAME_MAX`] characters, not blank.
    pub name: String,
    /// The active members who are owners, never none; written only together with them. It stands here because a rule can ask
    /// for a record by its key, and not for all members of a kind.
    pub owners: BTreeSet<PersonId>,
    /// Who has to agree before something goes out, oldest first, at most [`Chain::CHAINS_MAX`]. They stand here for the same reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chains: Vec<Chain>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Organisation {
    pub const NAME_MAX: usize = 80;
    pub const OWNERS_MAX: usize = 20;
}

/// What a member may do, from the most to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, owners included.
    Owner,
    /// Everything but what concerns owners.
    Administrator,
    /// As a creator, and whom a chain asks by this role.
    Approver,
    /// The content of their personas.
    Creator,
    /// Sees the content of their personas, and decides where a chain asks for them by name.
    Viewer,
}

impl Role {
    pub const ALL: [Self; 5] = [Self::Owner, Self::Administrator, Self::Approver, Self::Creator, Self::Viewer];

    /// Name the organisation.
    pub const fn may_rename_organisation(self) -> bool {
        matches!(self, Self::Owner | Self::Administrator)
    }

    /// Add, change and remove members, as far as [`Role::may_change`] lets it.
    pub const fn may_manage_members(self) -> bool {
        matches!(self, Self::Owner | Self::Administrator)
    }

    /// Make, describe and delete personas; who may do this speaks as all of them.
    pub const fn may_manage_personas(self) -> bool {
        matches!(self, Self::Owner | Self::Administrator)
    }

    /// Connect, check and remove accounts.
    pub const fn may_manage_accounts(self) -> bool {
        matches!(self, Self::Owner | Self::Administrator)
    }

    /// Write, plan and sign off posts, and what goes with them.
    pub const fn may_write(self) -> bool {
        !matches!(self, Self::Viewer)
    }

    /// Bring deliveries on their way, and say what came of them.
    pub const fn may_deliver(self) -> bool {
        !matches!(self, Self::Viewer)
    }

    /// Make, change and delete approval chains.
    pub const fn may_manage_chains(self) -> bool {
        matches!(self, Self::Owner | Self::Administrator)
    }

    /// Agree to a post, or not, where a chain asks for them.
    pub const fn may_decide(self) -> bool {
        true
    }

    /// Let a post go out whatever the chains say.
    pub const fn may_override(self) -> bool {
        matches!(self, Self::Owner)
    }

    /// Change or remove a member of this role, and give it to somebody.
    pub const fn may_change(self, other: Self) -> bool {
        match self {
            Self::Owner => true,
            Self::Administrator => !matches!(other, Self::Owner),
            Self::Approver | Self::Creator | Self::Viewer => false,
        }
    }
}

/// As which personas a member speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Personas {
    /// All that there are, and all that will be.
    All,
    /// These alone. At most [`Member::PERSONAS_MAX`].
    Only(BTreeSet<PersonaId>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Membership {
    Active,
    /// Was one: the record stays, so that names stand under what they wrote.
    Removed,
}

/// A member is away, and somebody decides for them where a chain asks for them by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Away {
    pub from: Timestamp,
    /// Not included.
    pub until: Timestamp,
    pub deputy: PersonId,
}

impl Away {
    /// A year.
    pub const DAYS_MAX: i64 = 366;

    pub fn is_at(&self, at: Timestamp) -> bool {
        (self.from..self.until).contains(&at)
    }
}

/// A person in an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub person: PersonId,
    /// At most [`Organisation::NAME_MAX`] characters, not blank.
    pub name: String,
    pub role: Role,
    /// Counts below administrators; those speak as every persona.
    pub personas: Personas,
    pub membership: Membership,
    /// The last time that somebody else decided for them, or will.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away: Option<Away>,
    /// Taken in again: what they said before they left counts no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_at: Option<Timestamp>,
    pub joined_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Member {
    pub const PERSONAS_MAX: usize = 500;

    pub const fn is_active(&self) -> bool {
        matches!(self.membership, Membership::Active)
    }

    /// Speaks as every persona.
    pub const fn holds_all(&self) -> bool {
        self.role.may_manage_personas() || matches!(self.personas, Personas::All)
    }

    /// May see and change what lies in this scope, as far as the role goes. A removed member holds none.
    pub fn holds(&self, scope: Scope) -> bool {
        self.is_active()
            && match scope {
                Scope::Organisation => true,
                Scope::Persona(persona) => self.speaks_as(persona),
                Scope::Person(person) => person == self.person,
            }
    }

    fn speaks_as(&self, persona: PersonaId) -> bool {
        match &self.personas {
            _ if self.holds_all() => true,
            Personas::All => true,
            Personas::Only(these) => these.contains(&persona),
        }
    }

    /// What the role lets a member do at all; [`Member::holds`] says with what.
    pub const fn may(&self, right: Right) -> bool {
        if !self.is_active() {
            return false;
        }
        match right {
            Right::Found | Right::Admit => false,
            Right::Rename => self.role.may_rename_organisation(),
            Right::Members => self.role.may_manage_members(),
            Right::Leave => true,
            Right::Personas => self.role.may_manage_personas(),
            Right::Accounts => self.role.may_manage_accounts(),
            Right::Content => self.role.may_write(),
            Right::Delivery => self.role.may_deliver(),
            Right::Chains => self.role.may_manage_chains(),
            Right::Approval => self.role.may_decide(),
            Right::Override => self.role.may_override(),
        }
    }
}

/// What a mutation asks of whoever does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Nothing: there is no member yet.
    Found,
    Rename,
    /// That of nobody alone: a member who may manage members invites, and the server takes in whoever accepts.
    Admit,
    Members,
    /// To be a member.
    Leave,
    Personas,
    Accounts,
    Content,
    Delivery,
    Chains,
    Approval,
    Override,
}

impl Right {
    /// Exists in an organisation alone.
    pub const fn is_of_teams(self) -> bool {
        match self {
            Self::Found | Self::Rename | Self::Admit | Self::Members | Self::Leave => true,
            Self::Chains | Self::Approval | Self::Override => true,
            Self::Personas | Self::Accounts | Self::Content | Self::Delivery => false,
        }
    }
}

impl Mutation {
    /// The right that it takes. There is no other arm: a new mutation does not compile before somebody has decided.
    pub const fn right(&self) -> Right {
        match self {
            Self::FoundOrganisation { .. } => Right::Found,
            Self::RenameOrganisation { .. } => Right::Rename,
            Self::AddMember { .. } => Right::Admit,
            Self::ChangeRole { .. } | Self::GrantPersonas { .. } | Self::RemoveMember { .. } => Right::Members,
            Self::Leave | Self::GoAway { .. } | Self::ComeBack => Right::Leave,
            Self::AddChain { .. } | Self::EditChain { .. } | Self::DeleteChain { .. } => Right::Chains,
            Self::Review { verdict: Verdict::Override, .. } => Right::Override,
            // what it writes follows from what stands there: nobody gains anything by it
            Self::Review { .. } | Self::WithdrawReview { .. } | Self::Recount { .. } => Right::Approval,
            Self::AddPersona { .. }
            | Self::EditPersona { .. }
            | Self::DeletePersona { .. }
            | Self::RestorePersona { .. } => Right::Personas,
            Self::ConnectAccount { .. }
            | Self::RecordProfile { .. }
            | Self::RecordHealth { .. }
            | Self::Reconnect { .. }
            | Self::SetGrace { .. }
            | Self::RemoveAccount { .. }
            | Self::RestoreAccount { .. } => Right::Accounts,
            // the own name: the record of another person lies in a scope that nobody else holds
            Self::NamePerson { .. }
            | Self::AddQueue { .. }
            | Self::EditQueue { .. }
            | Self::DeleteQueue { .. }
            | Self::RestoreQueue { .. }
            | Self::AddSnippet { .. }
            | Self::EditSnippet { .. }
            | Self::DeleteSnippet { .. }
            | Self::RestoreSnippet { .. }
            | Self::AddComment { .. }
            | Self::EditComment { .. }
            | Self::DeleteComment { .. }
            | Self::RestoreComment { .. }
            | Self::ResolveComment { .. }
            | Self::ReopenComment { .. }
            | Self::AddIdea { .. }
            | Self::EditIdea { .. }
            | Self::MoveIdea { .. }
            | Self::DeleteIdea { .. }
            | Self::RestoreIdea { .. }
            | Self::DraftIdea { .. }
            | Self::UndraftIdea { .. }
            | Self::AddColumn { .. }
            | Self::RenameColumn { .. }
            | Self::MoveColumn { .. }
            | Self::DeleteColumn { .. }
            | Self::AddEntry { .. }
            | Self::EditEntry { .. }
            | Self::DeleteEntry { .. }
            | Self::RestoreEntry { .. }
            | Self::AddMedia { .. }
            | Self::ImportMedia { .. }
            | Self::FitMedia { .. }
            | Self::EditMedia { .. }
            | Self::FileMedia { .. }
            | Self::DeleteMedia { .. }
            | Self::RestoreMedia { .. }
            | Self::CreatePost { .. }
            | Self::EditDraft { .. }
            | Self::SettleMerge { .. }
            | Self::RestoreVersion { .. }
            | Self::DeletePost { .. }
            | Self::ImportPosts { .. }
            | Self::DiscardPosts { .. }
            | Self::RestorePost { .. }
            | Self::SchedulePost { .. }
            | Self::SignOff { .. }
            | Self::Unschedule { .. }
            | Self::ChangePosts { .. }
            | Self::RestorePosts { .. }
            | Self::PutBackPosts { .. }
            | Self::StartSeries { .. }
            | Self::DropSeries { .. }
            | Self::ExtendSeries { .. }
            | Self::EditSeries { .. }
            | Self::StopSeries { .. }
            | Self::ResumeSeries { .. }
            | Self::Decide { .. } => Right::Content,
            Self::Claim { .. }
            | Self::Prepare { .. }
            | Self::BeginSend { .. }
            | Self::Report { .. }
            | Self::LoseAnswer { .. }
            | Self::LookedUp { .. }
            | Self::Release { .. }
            | Self::HandOver { .. }
            | Self::Miss { .. }
            | Self::Stop { .. } => Right::Delivery,
        }
    }
}
