//! Snippets: texts that are written once and used in many posts.

use super::{Context, Decided, View, bounded, bounded_count};
use crate::mutation::Mutation;
use crate::people::Persona;
use crate::post::Content;
use crate::record::{Key, Record};
use crate::reject::{Field, Reject};
use crate::snippet::{Snippet, SnippetKind, SnippetText, hashtags};

pub(super) fn apply(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    let snippet = match mutation {
        Mutation::AddSnippet { snippet, text } => {
            set.absent(Key::Snippet(*snippet))?;
            let (id, created_at) = (*snippet, context.now);
            Snippet { id, text: checked(text)?, deleted: false, created_at, updated_at: context.now }
        }
        Mutation::EditSnippet { snippet, text } => {
            let old = set.snippet(*snippet)?;
            if old.deleted {
                return Err(Reject::NotFound.into());
            }
            Snippet { text: checked(text)?, ..old.clone() }
        }
        Mutation::DeleteSnippet { snippet } => Snippet { deleted: true, ..set.snippet(*snippet)?.clone() },
        Mutation::RestoreSnippet { snippet } => Snippet { deleted: false, ..set.snippet(*snippet)?.clone() },
        _ => return Err(Reject::NotFound.into()),
    };
    Ok(vec![Record::Snippet(Snippet { updated_at: context.now, ..snippet })])
}

fn checked(text: &SnippetText) -> Result<SnippetText, Reject> {
    let name = text.name.trim();
    if name.is_empty() {
        return Err(Reject::Empty { field: Field::Name });
    }
    bounded(Field::Name, name, Persona::NAME_MAX)?;
    let most = if text.kind == SnippetKind::Template { Content::PARTS_MAX } else { 1 };
    bounded_count(Field::Parts, text.parts.len(), most)?;
    let parts: Vec<String> = match text.kind {
        SnippetKind::Hashtags => text.parts.iter().map(|part| hashtags(part)).collect(),
        SnippetKind::Template | SnippetKind::Signature => {
            text.parts.iter().map(|part| part.trim().to_owned()).collect()
        }
    };
    if parts.is_empty() || parts.iter().any(String::is_empty) {
        return Err(Reject::Empty { field: Field::Text });
    }
    parts.iter().try_for_each(|part| bounded(Field::Text, part, Content::TEXT_MAX))?;
    Ok(SnippetText { name: name.to_owned(), parts, ..text.clone() })
}
