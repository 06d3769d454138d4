//! Ideas and the board that they stand on.

use std::collections::BTreeSet;

use super::posts::{delete, finish, job_ids, new, touched};
use super::{Context, Decided, View, bounded, bounded_count};
use crate::id::{ColumnId, IdeaId};
use crate::idea::{Board, Column, Idea, IdeaText};
use crate::mutation::Mutation;
use crate::people::Persona;
use crate::post::Post;
use crate::record::{Key, Record};
use crate::reject::{Field, Reject};

pub(super) fn apply(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    match mutation {
        Mutation::AddIdea { idea, text, column } => {
            set.absent(Key::Idea(*idea))?;
            let mut board = board(set)?;
            let count = board.columns.iter().map(|column| column.ideas.len()).sum::<usize>();
            bounded_count(Field::Ideas, count.saturating_add(1), Board::IDEAS_MAX)?;
            board.column_mut(*column).ok_or(Reject::NotFound)?.ideas.insert(0, *idea);
            let added = Idea {
                id: *idea,
                author: context.actor,
                text: checked(text)?,
                post: None,
                deleted: false,
                created_at: context.now,
                updated_at: context.now,
            };
            Ok(vec![Record::Idea(added), arranged(context, board)])
        }
        Mutation::EditIdea { idea, text } => {
            let old = living(set, *idea)?;
            Ok(vec![changed(context, Idea { text: checked(text)?, ..old.clone() })])
        }
        Mutation::MoveIdea { idea, column, before } => {
            living(set, *idea)?;
            Ok(vec![arranged(context, placed(set, *idea, *column, *before)?)])
        }
        Mutation::DeleteIdea { idea } => {
            let old = living(set, *idea)?;
            let mut board = board(set)?;
            board.take(*idea);
            Ok(vec![changed(context, Idea { deleted: true, ..old.clone() }), arranged(context, board)])
        }
        Mutation::RestoreIdea { idea, column, before } => {
            let old = set.idea(*idea)?;
            if !old.deleted {
                return Err(Reject::Exists.into());
            }
            // its column may be gone by now
            let board = match placed(set, *idea, *column, *before) {
                Err(super::Halt::Reject(_)) => {
                    let first = board(set)?.columns.first().map(|column| column.id).ok_or(Reject::NotFound)?;
                    placed(set, *idea, first, None)?
                }
                other => other?,
            };
            Ok(vec![changed(context, Idea { deleted: false, ..old.clone() }), arranged(context, board)])
        }
        Mutation::DraftIdea { idea, post, draft } => {
            let old = living(set, *idea)?;
            if let Some(post) = old.post
                && let Some(Record::Post(post)) = set.find(Key::Post(post))?
                && !post.deleted
            {
                return Err(Reject::Exists.into());
            }
            let mut writes = match set.find(Key::Post(*post))? {
                // it was taken back, and is done again
                Some(Record::Post(known)) if known.deleted => {
                    let again = Post { deleted: false, draft: draft.clone(), ..touched(known, context.now) };
                    finish(set, again, Vec::new())?
                }
                _ => vec![Record::Post(new(context, set, *post, draft)?)],
            };
            writes.push(changed(context, Idea { post: Some(*post), ..old.clone() }));
            Ok(writes)
        }
        Mutation::UndraftIdea { idea, post } => {
            let (old, drafted) = (set.idea(*idea)?, set.post(*post)?);
            set.need(job_ids(drafted).map(Key::Job))?;
            let mut writes = delete(context, set, &[drafted])?;
            writes.push(changed(context, Idea { post: old.post.filter(|known| known != post), ..old.clone() }));
            Ok(writes)
        }
        Mutation::AddColumn { .. }
        | Mutation::RenameColumn { .. }
        | Mutation::MoveColumn { .. }
        | Mutation::DeleteColumn { .. } => Ok(vec![arranged(context, columns(board(set)?, mutation)?)]),
        _ => Err(Reject::NotFound.into()),
    }
}

fn columns(mut board: Board, mutation: &Mutation) -> Result<Board, Reject> {
    let at = |board: &Board, column: ColumnId| board.columns.iter().position(|other| other.id == column);
    match mutation {
        Mutation::AddColumn { column, name, before, ideas } => {
            if at(&board, *column).is_some() {
                return Err(Reject::Exists);
            }
            bounded_count(Field::Columns, board.columns.len().saturating_add(1), Board::COLUMNS_MAX)?;
            // only what stands on the board: an idea may have been deleted since
            let known: BTreeSet<IdeaId> =
                board.columns.iter().flat_map(|column| column.ideas.iter().copied()).collect();
            let ideas: Vec<IdeaId> = ideas.iter().copied().filter(|idea| known.contains(idea)).collect();
            ideas.iter().for_each(|idea| board.take(*idea));
            let place = before.and_then(|before| at(&board, before)).unwrap_or(board.columns.len());
            let name = if Board::FIRST.contains(column) && name.is_empty() { String::new() } else { named(name)? };
            board.columns.insert(place, Column { id: *column, name, ideas });
        }
        Mutation::RenameColumn { column, name } => {
            board.column_mut(*column).ok_or(Reject::NotFound)?.name = named(name)?;
        }
        Mutation::MoveColumn { column, before } => {
            let moved = board.columns.remove(at(&board, *column).ok_or(Reject::NotFound)?);
            let place = before.and_then(|before| at(&board, before)).unwrap_or(board.columns.len());
            board.columns.insert(place, moved);
        }
        Mutation::DeleteColumn { column } => {
            let gone = board.columns.remove(at(&board, *column).ok_or(Reject::NotFound)?);
            board.columns.first_mut().ok_or(Reject::LastColumn)?.ideas.extend(gone.ideas);
        }
        _ => return Err(Reject::NotFound),
    }
    Ok(board)
}

fn named(name: &str) -> Result<String, Reject> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Reject::Empty { field: Field::Name });
    }
    bounded(Field::Name, name, Persona::NAME_MAX)?;
    Ok(name.to_owned())
}

fn board(set: View<'_>) -> Decided<Board> {
    Ok(match set.find(Key::Board(Board::ID))? {
        Some(Record::Board(board)) => board.clone(),
        _ => Board::blank(),
    })
}

fn placed(set: View<'_>, idea: IdeaId, column: ColumnId, before: Option<IdeaId>) -> Decided<Board> {
    let mut board = board(set)?;
    // before itself means where it stands
    let before = if before == Some(idea) { board.place(idea).and_then(|(_, below)| below) } else { before };
    board.take(idea);
    board.column_mut(column).ok_or(Reject::NotFound)?.put(idea, before);
    Ok(board)
}

fn living(set: View<'_>, idea: IdeaId) -> Decided<&Idea> {
    match set.idea(idea)? {
        idea if idea.deleted => Err(Reject::NotFound.into()),
        idea => Ok(idea),
    }
}

fn arranged(context: &Context, board: Board) -> Record {
    Record::Board(Board { updated_at: context.now, ..board })
}

fn changed(context: &Context, idea: Idea) -> Record {
    Record::Idea(Idea { updated_at: context.now, ..idea })
}

fn checked(text: &IdeaText) -> Result<IdeaText, Reject> {
    if text.title.trim().is_empty() {
        return Err(Reject::Empty { field: Field::Title });
    }
    bounded(Field::Title, &text.title, Idea::TITLE_MAX)?;
    bounded(Field::Note, &text.note, Idea::NOTE_MAX)?;
    bounded(Field::Link, &text.link, Idea::LINK_MAX)?;
    let mut tags: Vec<String> = Vec::new();
    for tag in text.tags.iter().map(|tag| tag.trim()).filter(|tag| !tag.is_empty()) {
        bounded(Field::Tag, tag, Idea::TAG_MAX)?;
        if !tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
            tags.push(tag.to_owned());
        }
    }
    bounded_count(Field::Tags, tags.len(), Idea::TAGS_MAX)?;
    let [title, link] = [&text.title, &text.link].map(|text| text.trim().to_owned());
    Ok(IdeaText { title, note: text.note.clone(), link, tags })
}
