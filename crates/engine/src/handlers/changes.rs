//! Taking changes back and doing them again. What can be is read from the log of mutations, so it survives a restart.

use std::collections::BTreeMap;

use contract::changes::{Change, ChangeKind, Changes, ListChanges, Undo};
use contract::{ApiError, Code};
use domain::id::PostId;
use domain::mutation::PostsChange;
use domain::post::Draft;
use domain::series::Ahead;
use domain::text::heading::heading;
use domain::{Key, Mutation, Record};
use jiff::{SignedDuration, Timestamp};
use store::LoggedChange;

use super::versions::{ENTRIES_MAX, TEXTS, draft_of};
use crate::dispatch::{Call, Handle};
use crate::engine::Note;
use crate::errors::{internal, storage};

/// How long a change can be taken back.
const UNDO: SignedDuration = SignedDuration::from_hours(1);
/// The credential of a removed account is forgotten soon.
const UNDO_REMOVAL: SignedDuration = SignedDuration::from_secs(10);
/// A person who reads the offer at its last moment is still served.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(5);
/// Older ones are not listed.
const LISTED_MAX: usize = 100;

impl Handle<ListChanges> for Call {
    async fn handle(&self, _: ListChanges) -> Result<Changes, ApiError> {
        let Stacks { undo, redo } = self.stacks().await?;
        let mut subjects = BTreeMap::new();
        Ok(Changes { undo: self.shown(undo, &mut subjects).await, redo: self.shown(redo, &mut subjects).await })
    }
}

impl Handle<Undo> for Call {
    async fn handle(&self, command: Undo) -> Result<(), ApiError> {
        let engine = &self.engine;
        let too_late = || ApiError::new(Code::NothingToUndo, "This can no longer be undone.");
        if !self.stacks().await?.hold(command.undo) {
            return Err(too_late());
        }
        let entry =
            engine.store.log_entry(command.undo).await.map_err(|error| storage(&error))?.ok_or_else(too_late)?;
        let inverse = entry.inverse.clone().ok_or_else(too_late)?;
        let mut inverse: Mutation = serde_json::from_value(inverse).map_err(|error| internal(&error))?;
        match &mut inverse {
            // a burst of keystrokes is one entry, whose inverse was written at its first key
            Mutation::EditDraft { post, read, since, .. } => {
                if let Record::Post(current) = engine.record(Key::Post(*post)).await? {
                    *read = current.version;
                }
                // and that key led to another text than the last one
                if let (Some(since), Some(last)) = (since, draft_of(&entry)) {
                    since.base = last;
                }
            }
            Mutation::RestoreVersion { post, read, .. } => {
                if let Record::Post(current) = engine.record(Key::Post(*post)).await? {
                    *read = current.version;
                }
            }
            // scheduling signs off: only what was signed off at that time
            Mutation::SchedulePost { post, read, seen, .. } => {
                if let Record::Post(current) = engine.record(Key::Post(*post)).await?
                    && self.draft_at(*post, entry.seq).await?.as_ref() == Some(&current.draft)
                {
                    *read = current.version;
                    *seen = Some(current.seen());
                }
            }
            _ => {}
        }
        let note = Note { undoes: Some(entry.seq), ..Note::default() };
        let keys = engine.fresh_keys(Ahead::PLACES_MAX.max(PostsChange::POSTS_MAX))?;
        engine.mutate_noting(inverse.with_keys(keys), note).await?;
        Ok(())
    }
}

impl Call {
    async fn stacks(&self) -> Result<Stacks, ApiError> {
        let engine = &self.engine;
        let now = engine.now();
        let since = now.checked_sub(UNDO + TOLERANCE).unwrap_or(Timestamp::MIN);
        let log = engine.store.changes_of(engine.person, since).await.map_err(|error| storage(&error))?;
        Ok(Stacks::of(log, now))
    }

    /// What a post said when this entry of the log was written; `None` if the log does not know.
    async fn draft_at(&self, post: PostId, entry: u64) -> Result<Option<Draft>, ApiError> {
        let texts = self.engine.store.mutations_of_post(post, &TEXTS, ENTRIES_MAX).await;
        let texts = texts.map_err(|error| storage(&error))?;
        Ok(texts.iter().rev().find(|text| text.seq <= entry).and_then(draft_of))
    }

    /// The newest first, with the names of what they are about.
    async fn shown(&self, changes: Vec<Known>, subjects: &mut BTreeMap<Key, String>) -> Vec<Change> {
        let mut shown = Vec::new();
        for Known { mut change, about } in changes.into_iter().rev().take(LISTED_MAX) {
            if let Some(key) = about {
                if let std::collections::btree_map::Entry::Vacant(unknown) = subjects.entry(key) {
                    unknown.insert(match self.engine.record(key).await {
                        Ok(Record::Post(post)) => post.draft.shown_title(),
                        Ok(Record::Persona(persona)) => persona.text.name,
                        Ok(Record::Queue(queue)) => queue.text.name,
                        Ok(Record::Snippet(snippet)) => snippet.text.name,
                        Ok(Record::Comment(comment)) => heading([comment.text.as_str()]),
                        Ok(Record::Idea(idea)) => idea.text.title,
                        Ok(Record::Entry(entry)) => entry.text.title,
                        Ok(Record::Media(media)) => media.name,
                        // it is gone, and the list does not need it
                        _ => String::new(),
                    });
                }
                change.subject = subjects.get(&key).cloned().unwrap_or_default();
            }
            shown.push(change);
        }
        shown
    }
}

/// A change, and the record that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    change: Change,
    about: Option<Key>,
}

/// What can be taken back and what can be done again, both the oldest first.
#[derive(Debug, Default, PartialEq, Eq)]
struct Stacks {
    undo: Vec<Known>,
    redo: Vec<Known>,
}

impl Stacks {
    /// From the log, oldest first.
    fn of(log: Vec<LoggedChange>, now: Timestamp) -> Self {
        let mut stacks = Self::default();
        for entry in log {
            stacks.add(entry, now);
        }
        stacks
    }

    fn add(&mut self, entry: LoggedChange, now: Timestamp) {
        let lasts = if entry.name == "remove_account" { UNDO_REMOVAL } else { UNDO };
        let can_be_undone = entry.inverse.is_some() && now.duration_since(entry.at) <= lasts + TOLERANCE;
        let Some(undone) = entry.undoes else {
            // something new: what was taken back before leads nowhere
            self.redo.clear();
            self.undo.extend(known(entry).filter(|_| can_be_undone));
            return;
        };
        let take = |from: &mut Vec<Known>| {
            let at = from.iter().position(|known| known.change.undo == undone)?;
            let mut known = from.remove(at);
            known.change.undo = entry.seq;
            Some(known)
        };
        if let Some(known) = take(&mut self.undo) {
            self.redo.extend(Some(known).filter(|_| can_be_undone));
        } else if let Some(known) = take(&mut self.redo) {
            self.undo.extend(Some(known).filter(|_| can_be_undone));
        }
    }

    fn hold(&self, undo: u64) -> bool {
        self.undo.iter().chain(&self.redo).any(|known| known.change.undo == undo)
    }
}

fn known(entry: LoggedChange) -> Option<Known> {
    let about = entry.about;
    let kind = match entry.name.as_str() {
        "name_person" => ChangeKind::NamePerson,
        "add_persona" => ChangeKind::AddPersona,
        "edit_persona" => ChangeKind::EditPersona,
        "delete_persona" => ChangeKind::DeletePersona,
        "add_queue" => ChangeKind::AddQueue,
        "edit_queue" => ChangeKind::EditQueue,
        "delete_queue" => ChangeKind::DeleteQueue,
        "add_snippet" => ChangeKind::AddSnippet,
        "edit_snippet" => ChangeKind::EditSnippet,
        "delete_snippet" => ChangeKind::DeleteSnippet,
        "add_comment" => ChangeKind::AddComment,
        "edit_comment" => ChangeKind::EditComment,
        "delete_comment" => ChangeKind::DeleteComment,
        "resolve_comment" => ChangeKind::ResolveComment,
        "reopen_comment" => ChangeKind::ReopenComment,
        "add_idea" => ChangeKind::AddIdea,
        "edit_idea" => ChangeKind::EditIdea,
        "move_idea" => ChangeKind::MoveIdea,
        "delete_idea" => ChangeKind::DeleteIdea,
        "draft_idea" => ChangeKind::DraftIdea,
        "add_column" => ChangeKind::AddColumn,
        "rename_column" => ChangeKind::RenameColumn,
        "move_column" => ChangeKind::MoveColumn,
        "delete_column" => ChangeKind::DeleteColumn,
        "add_entry" => ChangeKind::AddEntry,
        "edit_entry" => ChangeKind::EditEntry,
        "delete_entry" => ChangeKind::DeleteEntry,
        "import_media" => ChangeKind::ImportMedia,
        "fit_media" => ChangeKind::FitMedia,
        "edit_media" | "file_media" => ChangeKind::EditMedia,
        "delete_media" => ChangeKind::DeleteMedia,
        "rename_organisation" => ChangeKind::RenameTeam,
        "change_role" | "grant_personas" => ChangeKind::ChangeMember,
        "go_away" => ChangeKind::GoAway,
        "add_chain" => ChangeKind::AddChain,
        "edit_chain" => ChangeKind::EditChain,
        "delete_chain" => ChangeKind::DeleteChain,
        "approve" | "request_changes" | "reject" | "override" => ChangeKind::ReviewPost,
        "set_grace" => ChangeKind::SetGrace,
        "remove_account" => ChangeKind::RemoveAccount,
        "create_post" => ChangeKind::CreatePost,
        "edit_draft" => ChangeKind::EditPost,
        "restore_version" => ChangeKind::RestoreVersion,
        "delete_post" => ChangeKind::DeletePost,
        "import_posts" => ChangeKind::ImportPosts,
        "schedule_post" if entry.inverse.as_deref() == Some("schedule_post") => ChangeKind::MovePost,
        "schedule_post" => ChangeKind::SchedulePost,
        "hold_posts" => ChangeKind::HoldPosts,
        "resume_posts" => ChangeKind::ResumePosts,
        "move_posts" => ChangeKind::MovePosts,
        "delete_posts" => ChangeKind::DeletePosts,
        "unschedule_posts" => ChangeKind::UnschedulePosts,
        "speak_posts" => ChangeKind::SetPersona,
        "start_series" => ChangeKind::RepeatPost,
        "edit_series" => ChangeKind::EditSeries,
        "stop_series" => ChangeKind::StopSeries,
        "unschedule" => ChangeKind::UnschedulePost,
        _ => return None,
    };
    let change = Change { undo: entry.seq, kind, subject: String::new(), count: entry.count.max(1), at: entry.at };
    Some(Known { change, about })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn entry(seq: u64, name: &str, undoes: Option<u64>) -> LoggedChange {
        LoggedChange {
            seq,
            at: NOW,
            name: name.to_owned(),
            about: None,
            count: 0,
            inverse: Some("whatever".to_owned()),
            undoes,
        }
    }

    fn numbers(stacks: &Stacks) -> (Vec<u64>, Vec<u64>) {
        let of = |all: &[Known]| all.iter().map(|known| known.change.undo).collect();
        (of(&stacks.undo), of(&stacks.redo))
    }

    #[test]
    fn what_is_taken_back_can_be_done_again_until_something_else_is_done() {
        let mut log = vec![entry(1, "create_post", None), entry(2, "edit_draft", None), entry(3, "delete_post", None)];
        assert_eq!(numbers(&Stacks::of(log.clone(), NOW)), (vec![1, 2, 3], vec![]));
        log.push(entry(4, "restore_post", Some(3)));
        log.push(entry(5, "restore_version", Some(2)));
        assert_eq!(numbers(&Stacks::of(log.clone(), NOW)), (vec![1], vec![4, 5]));
        log.push(entry(6, "restore_version", Some(5)));
        let stacks = Stacks::of(log.clone(), NOW);
        assert_eq!(numbers(&stacks), (vec![1, 6], vec![4]));
        let kinds: Vec<ChangeKind> = stacks.undo.iter().map(|known| known.change.kind).collect();
        assert_eq!(kinds, [ChangeKind::CreatePost, ChangeKind::EditPost], "by what was done first");
        log.push(entry(7, "set_grace", None));
        assert_eq!(numbers(&Stacks::of(log, NOW)), (vec![1, 6, 7], vec![]));
    }

    #[test]
    fn each_is_taken_back_once_and_in_its_time() {
        let log = vec![entry(1, "remove_account", None), entry(2, "set_grace", None), entry(3, "set_grace", Some(2))];
        let stacks = Stacks::of(log.clone(), NOW);
        assert!(stacks.hold(1) && !stacks.hold(2) && stacks.hold(3));
        let later = NOW.checked_add(SignedDuration::from_mins(1)).unwrap();
        let stacks = Stacks::of(log.clone(), later);
        assert!(!stacks.hold(1), "its credential is forgotten");
        assert!(stacks.hold(3));
        let much_later = NOW.checked_add(SignedDuration::from_mins(61)).unwrap();
        assert_eq!(Stacks::of(log, much_later), Stacks::default());
    }

    #[test]
    fn what_nothing_takes_back_is_not_offered() {
        let log = vec![LoggedChange { inverse: None, ..entry(1, "create_post", None) }, entry(2, "claim", None)];
        assert_eq!(numbers(&Stacks::of(log, NOW)), (vec![], vec![]));
    }
}
