//! What stands in the calendar beside the posts.

use super::{Context, Decided, View, bounded, bounded_count};
use crate::entry::{Entry, EntryText};
use crate::mutation::Mutation;
use crate::record::{Key, Record};
use crate::reject::{Field, Reject};

pub(super) fn apply(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    let entry = match mutation {
        Mutation::AddEntry { entry, text } => {
            set.absent(Key::Entry(*entry))?;
            let (id, created_at) = (*entry, context.now);
            Entry { id, text: checked(text)?, deleted: false, created_at, updated_at: context.now }
        }
        Mutation::EditEntry { entry, text } => {
            let old = set.entry(*entry)?;
            if old.deleted {
                return Err(Reject::NotFound.into());
            }
            Entry { text: checked(text)?, ..old.clone() }
        }
        Mutation::DeleteEntry { entry } => Entry { deleted: true, ..set.entry(*entry)?.clone() },
        Mutation::RestoreEntry { entry } => Entry { deleted: false, ..set.entry(*entry)?.clone() },
        _ => return Err(Reject::NotFound.into()),
    };
    Ok(vec![Record::Entry(Entry { updated_at: context.now, ..entry })])
}

fn checked(text: &EntryText) -> Result<EntryText, Reject> {
    if text.title.trim().is_empty() {
        return Err(Reject::Empty { field: Field::Title });
    }
    bounded(Field::Title, &text.title, Entry::TITLE_MAX)?;
    bounded(Field::Note, &text.note, Entry::NOTE_MAX)?;
    let days = text.from.until(text.to).map_or(-1, |span| i64::from(span.get_days()));
    // one day at least: its end is no earlier than its beginning
    let days = usize::try_from(days + 1).unwrap_or(0);
    if days == 0 {
        return Err(Reject::Empty { field: Field::Days });
    }
    bounded_count(Field::Days, days, Entry::DAYS_MAX)?;
    Ok(EntryText { title: text.title.trim().to_owned(), ..text.clone() })
}
