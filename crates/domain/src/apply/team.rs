//! Organisations and their members.

use super::view::View;
use super::{Context, Decided, bounded, bounded_count};
use crate::id::PersonId;
use crate::mutation::Mutation;
use crate::record::{Key, Record};
use crate::reject::{Field, Reject};
use crate::team::{Away, Member, Membership, Organisation, Personas, Role};

pub(super) fn apply(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    let id = context.authority.organisation().ok_or(Reject::NotInOrganisation)?;
    let key = Key::Organisation(id);
    if let Mutation::FoundOrganisation { name, member } = mutation {
        set.need([key, Key::Member(context.actor)])?;
        set.absent(key)?;
        let (created_at, updated_at) = (context.now, context.now);
        let organisation = Organisation {
            id,
            name: named(name)?,
            owners: [context.actor].into(),
            chains: Vec::new(),
            created_at,
            updated_at,
        };
        let owner = Member { role: Role::Owner, ..joining(context, context.actor, member, &Personas::All)? };
        return Ok(vec![Record::Organisation(organisation), Record::Member(owner)]);
    }
    set.need([key, Key::Member(context.actor)])?;
    let organisation = match set.find(key)? {
        Some(Record::Organisation(organisation)) => organisation,
        _ => return Err(Reject::NotFound.into()),
    };
    let actor = set.member(context.actor)?;
    match mutation {
        Mutation::RenameOrganisation { name } => {
            Ok(vec![Record::Organisation(Organisation { name: named(name)?, ..touched(context, organisation) })])
        }
        Mutation::AddMember { person, name, role, personas } => {
            over(actor, *role)?;
            let new = Member { role: *role, ..joining(context, *person, name, personas)? };
            let new = match set.find(Key::Member(*person))? {
                Some(Record::Member(old)) if old.is_active() => return Err(Reject::Exists.into()),
                Some(Record::Member(old)) => Member { joined_at: old.joined_at, again_at: Some(context.now), ..new },
                _ => new,
            };
            written(context, organisation, new)
        }
        Mutation::ChangeRole { person, role } => {
            let old = active(set, *person)?;
            // who is the more goes first, so that nobody learns of a way up
            if *person == context.actor && *role < old.role {
                return Err(Reject::OwnRole.into());
            }
            over(actor, old.role)?;
            over(actor, *role)?;
            written(context, organisation, Member { role: *role, ..old.clone() })
        }
        Mutation::GrantPersonas { person, personas } => {
            let old = active(set, *person)?;
            over(actor, old.role)?;
            written(context, organisation, Member { personas: counted(personas)?, ..old.clone() })
        }
        Mutation::RemoveMember { person } => {
            let old = active(set, *person)?;
            over(actor, old.role)?;
            written(context, organisation, Member { membership: Membership::Removed, ..old.clone() })
        }
        Mutation::Leave => written(context, organisation, Member { membership: Membership::Removed, ..actor.clone() }),
        Mutation::GoAway { until, deputy } => {
            active(set, *deputy)?;
            if *deputy == context.actor {
                return Err(Reject::OwnWork.into());
            }
            let days = until.duration_since(context.now).as_hours() / 24;
            bounded_count(Field::Days, usize::try_from(days).unwrap_or(0), Away::DAYS_MAX as usize)?;
            if *until <= context.now {
                return Err(Reject::InThePast.into());
            }
            let away = Some(Away { from: context.now, until: *until, deputy: *deputy });
            Ok(vec![Record::Member(Member { away, updated_at: context.now, ..actor.clone() })])
        }
        Mutation::ComeBack => {
            // what the deputy said meanwhile was said in time
            let away = actor.away.filter(|away| away.is_at(context.now)).ok_or(Reject::NotFound)?;
            let away = Some(Away { until: context.now, ..away });
            Ok(vec![Record::Member(Member { away, updated_at: context.now, ..actor.clone() })])
        }
        _ => Err(Reject::NotFound.into()),
    }
}

/// The actor's role reaches as far as this one.
fn over(actor: &Member, role: Role) -> Result<(), Reject> {
    if actor.role.may_change(role) { Ok(()) } else { Err(Reject::NotPermitted) }
}

fn active(set: View<'_>, person: PersonId) -> Decided<&Member> {
    match set.member(person)? {
        member if member.is_active() => Ok(member),
        _ => Err(Reject::NotFound.into()),
    }
}

fn joining(context: &Context, person: PersonId, name: &str, personas: &Personas) -> Result<Member, Reject> {
    Ok(Member {
        person,
        name: named(name)?,
        role: Role::Creator,
        personas: counted(personas)?,
        membership: Membership::Active,
        away: None,
        again_at: None,
        joined_at: context.now,
        updated_at: context.now,
    })
}

/// The member, and the organisation with the list of owners that follows from it.
fn written(context: &Context, organisation: &Organisation, member: Member) -> Decided {
    let mut owners = organisation.owners.clone();
    if member.is_active() && member.role == Role::Owner {
        owners.insert(member.person);
    } else {
        owners.remove(&member.person);
    }
    if owners.is_empty() {
        return Err(Reject::LastOwner.into());
    }
    bounded_count(Field::Owners, owners.len(), Organisation::OWNERS_MAX)?;
    let mut writes = vec![Record::Member(Member { updated_at: context.now, ..member })];
    if owners != organisation.owners {
        writes.push(Record::Organisation(Organisation { owners, ..touched(context, organisation) }));
    }
    Ok(writes)
}

fn touched(context: &Context, organisation: &Organisation) -> Organisation {
    Organisation { updated_at: context.now, ..organisation.clone() }
}

fn counted(personas: &Personas) -> Result<Personas, Reject> {
    if let Personas::Only(these) = personas {
        bounded_count(Field::Personas, these.len(), Member::PERSONAS_MAX)?;
    }
    Ok(personas.clone())
}

fn named(name: &str) -> Result<String, Reject> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Reject::Empty { field: Field::Name });
    }
    bounded(Field::Name, name, Organisation::NAME_MAX)?;
    Ok(name.to_owned())
}
