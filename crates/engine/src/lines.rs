//! Lines of lists, from what the store answers.

use std::collections::{BTreeMap, BTreeSet};

use contract::ApiError;
use contract::posts::PostLine;
use domain::account::Account;
use domain::id::{AccountId, PostId};
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
}

impl Engine {
    pub(crate) async fn beside<'a>(&self, accounts: &'a Accounts) -> Result<Beside<'a>, ApiError> {
        let comments = self.store.open_comments().await.map_err(|error| storage(&error))?;
        let merged = self.store.merged_posts().await.map_err(|error| storage(&error))?;
        Ok(Beside { accounts, comments, merged })
    }
}

pub(crate) fn line(row: PostRow, beside: &Beside<'_>) -> PostLine {
    let accounts = beside.accounts;
    let mut networks: Vec<_> =
        row.accounts.iter().filter_map(|id| accounts.get(id)).map(|account| account.network).collect();
    networks.sort_unstable();
    networks.dedup();
    PostLine {
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
        networks,
        due_at: row.due_at,
        zone: row.zone,
        updated_at: row.updated_at,
        version: row.version,
        repeats: row.repeats,
    }
}
