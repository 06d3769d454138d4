//! Lines of lists, from what the store answers.

use std::collections::{BTreeMap, BTreeSet};

use contract::ApiError;
use contract::posts::PostLine;
use domain::account::Account;
use domain::id::{AccountId, PostId};
use domain::network::Network;
use domain::post::Post;
use store::PostRow;

use crate::engine::Engine;
use crate::errors::storage;

/// All accounts by id, removed ones too: old posts name them.
pub(crate) type Accounts = BTreeMap<AccountId, Account>;

impl Engine {
    pub(crate) async fn accounts(&self) -> Result<Accounts, ApiError> {
        let all = self.store.accounts().await.map_err(|error| storage(&error))?;
        Ok(all.into_iter().map(|account| (account.id, account)).collect())
    }
}

/// What lines of lists are made with.
pub(crate) struct Beside<'a> {
    pub accounts: &'a Accounts,
    /// Open comments of each post that has some.
    pub comments: BTreeMap<PostId, u32>,
    /// Posts of which nobody has read yet what came of two changes.
    pub merged: BTreeSet<PostId>,
    /// Of the posts that wait for somebody's word: for whose.
    pub waits_for: BTreeMap<PostId, Vec<String>>,
}

/// So many posts that wait for somebody's word say for whose, the earliest first.
const WAITS_SHOWN: u64 = 300;

impl Engine {
    pub(crate) async fn beside<'a>(&self, accounts: &'a Accounts) -> Result<Beside<'a>, ApiError> {
        let comments = self.store.open_comments().await.map_err(|error| storage(&error))?;
        let merged = self.store.merged_posts().await.map_err(|error| storage(&error))?;
        let mut waits_for = BTreeMap::new();
        if let Some(board) = self.board().await? {
            for post in self.store.posts_in_review(WAITS_SHOWN).await.map_err(|error| storage(&error))? {
                waits_for.insert(post.id, board.waits_for(&post, accounts));
            }
        }
        Ok(Beside { accounts, comments, merged, waits_for })
    }
}

/// The line of one post that was read whole.
pub(crate) fn line_of(post: &Post, accounts: &Accounts, waits_for: Vec<String>) -> PostLine {
    let shown = post.draft.shown_title();
    let targets: Vec<AccountId> = post.draft.targets.iter().map(|target| target.account).collect();
    PostLine {
        post: post.id,
        title: if shown.is_empty() { "Untitled".to_owned() } else { shown },
        status: post.status,
        persona: post.draft.persona,
        networks: networks(&targets, accounts),
        accounts: targets,
        due_at: post.schedule.as_ref().map(|schedule| schedule.at),
        zone: post.schedule.as_ref().map(|schedule| schedule.zone.clone()),
        updated_at: post.updated_at,
        version: post.version,
        repeats: post.place.is_some(),
        comments: 0,
        merged: post.merge.is_some(),
        waits_for,
    }
}

fn networks(of: &[AccountId], accounts: &Accounts) -> Vec<Network> {
    let networks: BTreeSet<_> = of.iter().filter_map(|id| accounts.get(id)).map(|account| account.network).collect();
    networks.into_iter().collect()
}

pub(crate) fn line(row: PostRow, beside: &Beside<'_>) -> PostLine {
    PostLine {
        waits_for: beside.waits_for.get(&row.id).cloned().unwrap_or_default(),
        networks: networks(&row.accounts, beside.accounts),
        comments: beside.comments.get(&row.id).copied().unwrap_or(0),
        merged: beside.merged.contains(&row.id),
        post: row.id,
        title: [row.title, row.first_line]
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_else(|| "Untitled".into()),
        status: row.status,
        persona: row.persona,
        accounts: row.accounts,
        due_at: row.due_at,
        zone: row.zone,
        updated_at: row.updated_at,
        version: row.version,
        repeats: row.repeats,
    }
}
