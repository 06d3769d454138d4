//! All that a person holds, at one moment, for a client that begins.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{OrganisationId, PersonId};
use domain::{Key, Scope};
use wire::Fault;
use wire::bootstrap::Line;

use crate::cursor::{Cursor, Place};
use crate::ledger::{Ledger, active_member};
use crate::pull::{held, row, sums};
use crate::store::{OrgTx, Page, ScopeSum};

/// Rows that are read at once.
const CHUNK: Page = Page { rows: 1_000, bytes: 1_000_000 };

/// A stream of lines. It holds a transaction for reading until it is dropped.
pub struct Bootstrap {
    tx: Box<dyn OrgTx>,
    held: BTreeMap<Scope, ScopeSum>,
    scopes: Vec<Scope>,
    after: Option<Key>,
    count: u64,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Begin,
    Rows,
    Over,
}

impl std::fmt::Debug for Bootstrap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bootstrap").field("count", &self.count).field("state", &self.state).finish_non_exhaustive()
    }
}

impl Ledger {
    /// Begins a stream. `scopes`: only these, as far as they are held; empty: all.
    ///
    /// # Errors
    /// No access; the store.
    pub async fn bootstrap(
        &self,
        organisation: OrganisationId,
        person: PersonId,
        scopes: &BTreeSet<Scope>,
    ) -> Result<Bootstrap, Fault> {
        let mut tx = self.store().read(organisation).await?;
        let member = active_member(tx.as_mut(), person).await?;
        let mut held = held(&member, tx.sums().await?);
        if !scopes.is_empty() {
            held.retain(|scope, _| scopes.contains(scope));
        }
        let scopes = held.keys().copied().collect();
        Ok(Bootstrap { tx, held, scopes, after: None, count: 0, state: State::Begin })
    }
}

impl Bootstrap {
    /// The next lines; `None` behind the last.
    ///
    /// # Errors
    /// The store. Then the stream is over, and what was read of it is nothing.
    pub async fn next(&mut self) -> Result<Option<Vec<Line>>, Fault> {
        let head = self.tx.head().clone();
        match self.state {
            State::Over => Ok(None),
            State::Begin => {
                self.state = State::Rows;
                Ok(Some(vec![Line::Begin { epoch: head.epoch, seq: head.seq, chain: head.chain }]))
            }
            State::Rows => {
                let read = self.tx.rows_by_key(&self.scopes, self.after, CHUNK).await;
                let rows = read.inspect_err(|_| self.state = State::Over)?;
                if let Some(last) = rows.last() {
                    self.after = Some(last.key);
                    self.count = self.count.saturating_add(rows.len() as u64);
                    let lines = rows.into_iter().map(|stored| Ok(Line::Row(row(stored)?)));
                    return Ok(Some(lines.collect::<Result<_, Fault>>()?));
                }
                self.state = State::Over;
                let cursor = Cursor {
                    epoch: head.epoch,
                    seq: head.seq,
                    chain: head.chain,
                    base: Place::whole(head.seq),
                    scopes: self.scopes.iter().copied().collect(),
                    extra: BTreeMap::new(),
                    began: BTreeMap::new(),
                };
                let end = Line::End { count: self.count, cursor: cursor.encode(), sums: sums(&self.held) };
                Ok(Some(vec![end]))
            }
        }
    }
}
