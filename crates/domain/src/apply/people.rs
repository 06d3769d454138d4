//! People and personas.

use super::posts::tag_bounds;
use super::{Context, Decided, View, bounded, bounded_count, not_repeated};
use crate::mutation::Mutation;
use crate::people::{Person, Persona, PersonaText};
use crate::record::{Key, Record};
use crate::reject::{Field, Reject};

pub(super) fn apply(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    match mutation {
        Mutation::NamePerson { person, name } => {
            bounded(Field::Name, name, Persona::NAME_MAX)?;
            let known = match set.find(Key::Person(*person))? {
                Some(Record::Person(known)) => Some(known.created_at),
                _ => None,
            };
            let created_at = known.unwrap_or(context.now);
            Ok(vec![Record::Person(Person { id: *person, name: name.trim().to_owned(), created_at })])
        }
        Mutation::AddPersona { persona, text } => {
            set.absent(Key::Persona(*persona))?;
            Ok(vec![Record::Persona(Persona {
                id: *persona,
                text: checked(text)?,
                deleted: false,
                created_at: context.now,
                updated_at: context.now,
            })])
        }
        Mutation::EditPersona { persona, text } => {
            let old = set.persona(*persona)?;
            Ok(vec![Record::Persona(Persona { text: checked(text)?, updated_at: context.now, ..old.clone() })])
        }
        Mutation::DeletePersona { persona } => {
            let old = set.persona(*persona)?;
            Ok(vec![Record::Persona(Persona { deleted: true, updated_at: context.now, ..old.clone() })])
        }
        Mutation::RestorePersona { persona } => {
            let old = set.persona(*persona)?;
            Ok(vec![Record::Persona(Persona { deleted: false, updated_at: context.now, ..old.clone() })])
        }
        _ => Err(Reject::NotFound.into()),
    }
}

fn checked(text: &PersonaText) -> Result<PersonaText, Reject> {
    if text.name.trim().is_empty() {
        return Err(Reject::Empty { field: Field::Name });
    }
    bounded(Field::Name, &text.name, Persona::NAME_MAX)?;
    bounded(Field::Voice, &text.voice, Persona::NOTES_MAX)?;
    bounded(Field::Audience, &text.audience, Persona::NOTES_MAX)?;
    bounded_count(Field::Accounts, text.accounts.len(), Persona::ACCOUNTS_MAX)?;
    not_repeated(text.accounts.iter().copied())?;
    tag_bounds(text.link_tags.as_ref())?;
    let link_tags = text.link_tags.clone().filter(|tags| !tags.is_empty());
    Ok(PersonaText { name: text.name.trim().to_owned(), link_tags, ..text.clone() })
}
