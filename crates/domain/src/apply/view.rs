//! What a rule sees: the records that were loaded, without those out of the actor's reach.

use std::collections::BTreeSet;

use super::{Context, Decided, Halt};
use crate::id::AccountId;
use crate::mutation::Mutation;
use crate::record::{Key, ReadSet, Record, WorkingSet};
use crate::reject::Reject;
use crate::scope::{Home, Scope};
use crate::team::{Member, Personas, Right};

/// Who decides whether the actor may do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// Nobody: a person alone with a profile may do everything.
    Solo,
    /// The roles of this organisation. Its records are those that the caller loads: an id of another one names nothing.
    Team { organisation: crate::id::OrganisationId },
    /// The same organisation's server, because somebody accepted an invitation: it does what nobody may do alone, and nothing else.
    /// The actor is whoever invited; their role says as what they may still invite.
    Invitation { organisation: crate::id::OrganisationId },
}

impl Authority {
    pub(super) const fn organisation(self) -> Option<crate::id::OrganisationId> {
        match self {
            Self::Solo => None,
            Self::Team { organisation } | Self::Invitation { organisation } => Some(organisation),
        }
    }
}

/// To take somebody in needs two: a member who may manage members, and the person themselves, who accepts.
const fn may(authority: Authority, member: &Member, right: Right) -> bool {
    match authority {
        Authority::Invitation { .. } => member.may(Right::Members),
        Authority::Solo | Authority::Team { .. } => member.may(right),
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    set: &'a WorkingSet,
    context: &'a Context,
    /// Whoever does not hold everything.
    limited: Option<&'a Member>,
    /// An account is in reach only as long as a persona of the member speaks through it.
    by_persona: bool,
}

impl<'a> View<'a> {
    /// What the actor may see of `set`, to do `mutation`; refused if the role does not let them do it at all.
    pub(super) fn of(context: &'a Context, set: &'a WorkingSet, mutation: &Mutation) -> Decided<Self> {
        let right = mutation.right();
        let all = Self { set, context, limited: None, by_persona: false };
        match context.authority {
            Authority::Solo if right.is_of_teams() => Err(Reject::NotInOrganisation.into()),
            Authority::Solo => Ok(all),
            Authority::Team { .. } if right == Right::Found => Ok(all),
            Authority::Invitation { .. } if right != Right::Admit => Err(Reject::NotPermitted.into()),
            Authority::Team { .. } | Authority::Invitation { .. } => match all.find(Key::Member(context.actor))? {
                Some(Record::Member(member)) if !member.is_active() => Err(Reject::NotMember.into()),
                Some(Record::Member(member)) if !may(context.authority, member, right) => {
                    Err(Reject::NotPermitted.into())
                }
                Some(Record::Member(member)) => Ok(Self {
                    limited: Some(member),
                    by_persona: right == Right::Content && !member.holds_all(),
                    ..all
                }),
                _ => Err(Reject::NotMember.into()),
            },
        }
    }

    /// `None`: it is not there, or the actor must not know that it is.
    pub(super) fn find(self, key: Key) -> Decided<Option<&'a Record>> {
        let Some(record) = self.loaded(key)? else { return Ok(None) };
        Ok(self.sees(record)?.then_some(record))
    }

    /// Everything, in reach or not: for what does not depend on who acts.
    pub(super) const fn whole(self) -> Self {
        Self { limited: None, by_persona: false, ..self }
    }

    pub(super) const fn context(self) -> &'a Context {
        self.context
    }

    fn loaded(self, key: Key) -> Decided<Option<&'a Record>> {
        self.set.get(key).ok_or_else(|| Halt::Need(BTreeSet::from([key])))
    }

    /// What was loaded, in reach or not; to ask for more, never to decide by.
    pub(super) fn get(self, key: Key) -> Option<Option<&'a Record>> {
        self.set.get(key)
    }

    /// Asks for everything at once that is not loaded yet.
    pub(super) fn need(self, keys: impl IntoIterator<Item = Key>) -> Decided<()> {
        let missing: ReadSet = keys.into_iter().filter(|key| self.set.get(*key).is_none()).collect();
        if missing.is_empty() { Ok(()) } else { Err(Halt::Need(missing)) }
    }

    pub(super) fn absent(self, key: Key) -> Decided<()> {
        if self.find(key)?.is_some() { Err(Reject::Exists.into()) } else { Ok(()) }
    }

    fn sees(self, record: &Record) -> Decided<bool> {
        #[cfg(feature = "planted")]
        if crate::planted::is(crate::planted::Planted::ReachNotChecked) {
            return Ok(true);
        }
        match (self.limited, record) {
            (None, _) => Ok(true),
            (Some(member), Record::Account(account)) if self.by_persona => self.speaks_through(member, account.id),
            (Some(member), _) => self.holds(member, record, &[]),
        }
    }

    fn speaks_through(self, member: &Member, account: AccountId) -> Decided<bool> {
        let Personas::Only(personas) = &member.personas else { return Ok(true) };
        self.need(personas.iter().map(|persona| Key::Persona(*persona)))?;
        for persona in personas {
            if let Some(Record::Persona(persona)) = self.loaded(Key::Persona(*persona))?
                && !persona.deleted
                && persona.text.accounts.contains(&account)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Of what goes with a post the post decides, as it is among `writes` or else as it was loaded.
    fn holds(self, member: &Member, record: &Record, writes: &[Record]) -> Decided<bool> {
        let scope: Scope = match record.home() {
            Home::Scope(scope) => scope,
            Home::Post(id) => {
                let written = writes.iter().find(|written| written.key() == Key::Post(id));
                let post = match written {
                    Some(post) => Some(post),
                    None => self.loaded(Key::Post(id))?,
                };
                match post {
                    Some(Record::Post(post)) => post.scope(),
                    _ => return Ok(false),
                }
            }
        };
        Ok(member.holds(scope))
    }

    /// Whatever the rule decided: nothing is written over what the actor does not hold, and nothing put where they do not
    /// reach. Both look like a record that is not there.
    pub(super) fn within_reach(self, writes: &[Record]) -> Decided<()> {
        #[cfg(feature = "planted")]
        if crate::planted::is(crate::planted::Planted::ReachNotChecked) {
            return Ok(());
        }
        let Some(member) = self.limited else { return Ok(()) };
        self.need(writes.iter().map(Record::key))?;
        for record in writes {
            let old = self.loaded(record.key())?;
            let was_held = old.map_or(Ok(true), |old| self.holds(member, old, &[]))?;
            if !was_held || !self.holds(member, record, writes)? {
                return Err(Reject::NotFound.into());
            }
        }
        Ok(())
    }
}
