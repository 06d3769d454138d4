//! Comments on a post.

use super::{Context, Decided, View, bounded};
use crate::comment::{Anchor, Comment, Resolved};
use crate::id::CommentId;
use crate::mutation::Mutation;
use crate::record::{Key, Record};
use crate::reject::{Field, Reject};

pub(super) fn apply(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    let comment = match mutation {
        Mutation::AddComment { comment, post, text, anchor, reply_to } => {
            set.absent(Key::Comment(*comment))?;
            if set.post(*post)?.deleted {
                return Err(Reject::NotFound.into());
            }
            if let Some(root) = reply_to {
                let root = living(set, *root)?;
                // an answer to an answer would stand nowhere
                if root.post != *post || root.reply_to.is_some() {
                    return Err(Reject::NotFound.into());
                }
            }
            Comment {
                id: *comment,
                post: *post,
                author: context.actor,
                text: checked(text)?,
                anchor: anchor.clone().filter(|_| reply_to.is_none()).map(around).transpose()?,
                reply_to: *reply_to,
                resolved: None,
                edited: false,
                deleted: false,
                created_at: context.now,
                updated_at: context.now,
            }
        }
        Mutation::EditComment { comment, text } => {
            let old = own(context, living(set, *comment)?)?;
            Comment { text: checked(text)?, edited: true, ..old.clone() }
        }
        Mutation::DeleteComment { comment } => {
            Comment { deleted: true, ..own(context, living(set, *comment)?)?.clone() }
        }
        Mutation::RestoreComment { comment } => match own(context, set.comment(*comment)?)? {
            old if old.deleted => Comment { deleted: false, ..old.clone() },
            _ => return Err(Reject::Exists.into()),
        },
        Mutation::ResolveComment { comment } => {
            let old = root(set, *comment)?;
            Comment { resolved: Some(Resolved { by: context.actor, at: context.now }), ..old.clone() }
        }
        Mutation::ReopenComment { comment } => Comment { resolved: None, ..root(set, *comment)?.clone() },
        _ => return Err(Reject::NotFound.into()),
    };
    Ok(vec![Record::Comment(Comment { updated_at: context.now, ..comment })])
}

fn living(set: View<'_>, comment: CommentId) -> Decided<&Comment> {
    match set.comment(comment)? {
        comment if comment.deleted => Err(Reject::NotFound.into()),
        comment => Ok(comment),
    }
}

/// One that answers none: it is settled with all its answers, also when only those are left.
fn root(set: View<'_>, comment: CommentId) -> Decided<&Comment> {
    match set.comment(comment)? {
        comment if comment.reply_to.is_some() => Err(Reject::NotFound.into()),
        comment => Ok(comment),
    }
}

fn own<'a>(context: &Context, comment: &'a Comment) -> Result<&'a Comment, Reject> {
    if comment.author == context.actor { Ok(comment) } else { Err(Reject::NotYours) }
}

fn checked(text: &str) -> Result<String, Reject> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Reject::Empty { field: Field::Text });
    }
    bounded(Field::Text, text, Comment::TEXT_MAX)?;
    Ok(text.to_owned())
}

fn around(anchor: Anchor) -> Result<Anchor, Reject> {
    if anchor.quote.is_empty() {
        return Err(Reject::Empty { field: Field::Text });
    }
    bounded(Field::Text, &anchor.quote, Anchor::QUOTE_MAX)?;
    bounded(Field::Text, &anchor.before, Anchor::AROUND_MAX)?;
    bounded(Field::Text, &anchor.after, Anchor::AROUND_MAX)?;
    Ok(anchor)
}
