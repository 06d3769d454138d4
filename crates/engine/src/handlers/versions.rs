//! The history of a post, read from the log of mutations, which nothing is ever taken out of.

use std::collections::BTreeMap;

use contract::posts::{GetVersion, ListVersions, Mark, RestoreVersion, Version, Written};
use contract::{ApiError, Code};
use domain::id::{PersonId, PostId};
use domain::job::{Decision, Outcome};
use domain::post::{Draft, Post};
use domain::{Key, Mutation, Record, Reject};
use store::LoggedMutation;

use crate::dispatch::{Call, Handle};
use crate::errors::storage;

/// The newest so many entries of a post are read.
pub(super) const ENTRIES_MAX: u64 = 2_000;
pub(super) const TEXTS: [&str; 3] = ["create_post", "edit_draft", "restore_version"];
const MARKS: [&str; 4] = ["schedule_post", "sign_off", "report", "decide"];

impl Call {
    async fn post(&self, post: PostId) -> Result<Post, ApiError> {
        match self.engine.record(Key::Post(post)).await? {
            Record::Post(post) => Ok(post),
            _ => Err(Reject::NotFound.into()),
        }
    }

    /// What the entry of the log wrote, if it is one that wrote a text of this post.
    async fn version(&self, post: PostId, entry: u64) -> Result<Draft, ApiError> {
        let gone = || ApiError::new(Code::NotFound, "This version does not exist.");
        let logged = self.engine.store.log_entry(entry).await.map_err(|error| storage(&error))?;
        let logged = logged.filter(|logged| logged.post == Some(post)).ok_or_else(gone)?;
        draft_of(&logged).ok_or_else(gone)
    }

    async fn name(&self, person: PersonId) -> String {
        self.engine.name_of(person).await.ok().flatten().unwrap_or_default()
    }
}

impl Handle<ListVersions> for Call {
    async fn handle(&self, command: ListVersions) -> Result<Vec<Version>, ApiError> {
        let post = self.post(command.post).await?;
        let names: Vec<&str> = TEXTS.into_iter().chain(MARKS).collect();
        let log = self.engine.store.mutations_of_post(post.id, &names, ENTRIES_MAX).await;
        let mut versions: Vec<Version> = Vec::new();
        let mut last: Option<Draft> = None;
        let mut authors = BTreeMap::new();
        for entry in log.map_err(|error| storage(&error))? {
            if let Some(mark) = mark_of(&entry) {
                if let Some(version) = versions.last_mut().filter(|version| version.marks.last() != Some(&mark)) {
                    version.marks.push(mark);
                }
                continue;
            }
            let Some(draft) = draft_of(&entry).filter(|draft| last.as_ref() != Some(draft)) else { continue };
            if let std::collections::btree_map::Entry::Vacant(unknown) = authors.entry(entry.actor) {
                unknown.insert(self.name(entry.actor).await);
            }
            versions.push(Version {
                number: 0,
                entry: Some(entry.seq),
                began_at: entry.began_at,
                at: entry.at,
                author: authors.get(&entry.actor).cloned().unwrap_or_default(),
                title: draft.shown_title(),
                characters: characters(&draft),
                restored: entry.name == "restore_version",
                marks: Vec::new(),
            });
            last = Some(draft);
        }
        // of a post that came into the profile as a whole only what stands there now is known
        if last.as_ref() != Some(&post.draft) {
            versions.push(Version {
                number: 0,
                entry: None,
                began_at: post.updated_at,
                at: post.updated_at,
                author: self.name(post.author).await,
                title: post.draft.shown_title(),
                characters: characters(&post.draft),
                restored: false,
                marks: Vec::new(),
            });
        }
        for (number, version) in (1..).zip(&mut versions) {
            version.number = number;
        }
        versions.reverse();
        Ok(versions)
    }
}

impl Handle<GetVersion> for Call {
    async fn handle(&self, command: GetVersion) -> Result<Draft, ApiError> {
        match command.entry {
            Some(entry) => self.version(command.post, entry).await,
            None => Ok(self.post(command.post).await?.draft),
        }
    }
}

impl Handle<RestoreVersion> for Call {
    async fn handle(&self, command: RestoreVersion) -> Result<Written, ApiError> {
        let RestoreVersion { post, read, entry } = command;
        let draft = self.version(post, entry).await?;
        self.write(post, Mutation::RestoreVersion { post, read, seen: None, draft }).await
    }
}

/// The text that an entry of the log wrote.
pub(super) fn draft_of(entry: &LoggedMutation) -> Option<Draft> {
    match serde_json::from_value(entry.data.clone()).ok()? {
        Mutation::CreatePost { draft, .. }
        | Mutation::EditDraft { draft, .. }
        | Mutation::RestoreVersion { draft, .. } => Some(draft),
        _ => None,
    }
}

fn mark_of(entry: &LoggedMutation) -> Option<Mark> {
    if TEXTS.contains(&entry.name.as_str()) {
        return None;
    }
    match serde_json::from_value(entry.data.clone()).ok()? {
        Mutation::SchedulePost { .. } => Some(Mark::Scheduled),
        Mutation::SignOff { .. } => Some(Mark::SignedOff),
        Mutation::Report { outcome: Outcome::Published { .. }, .. }
        | Mutation::Decide { decision: Decision::ItIsThere { .. }, .. } => Some(Mark::Published),
        _ => None,
    }
}

fn characters(draft: &Draft) -> u32 {
    let own = draft.targets.iter().filter_map(|target| target.variant.as_ref());
    let parts = std::iter::once(&draft.base).chain(own).flat_map(|content| content.outgoing());
    parts.map(|part| u32::try_from(part.text.chars().count()).unwrap_or(u32::MAX)).fold(0, u32::saturating_add)
}
