//! A client's copy, as the protocol tells a client to keep it, and what it should hold.

use std::collections::BTreeMap;

use domain::{Key, Record, Scope};
use ledger::store::{Page, StoredRow};
use uuid::Uuid;
use wire::Fault;
use wire::hash::{row_hash, row_sum};
use wire::pull::{Pull, PullReply};

use crate::desk::{Desk, fresh, person};

#[derive(Debug, Clone, Default)]
pub struct Replica {
    pub person: u128,
    pub client: Uuid,
    pub cursor: Option<String>,
    /// Scope, number and bytes.
    pub rows: BTreeMap<Key, (Scope, u64, String)>,
    /// A fault that must be found: exits are not looked at.
    pub forgets_exits: bool,
    /// A fault that must be found: an exit drops a record wherever it lies.
    pub drops_anywhere: bool,
}

impl Replica {
    pub fn of(person: u128) -> Self {
        Self { person, client: fresh(), ..Self::default() }
    }

    /// One page; `true`: it was the last.
    pub async fn page(&mut self, desk: &Desk, limit: usize) -> Result<bool, Fault> {
        let pull = Pull { client: self.client, cursor: self.cursor.clone(), seen_n: 0, limit };
        let reply = desk.ledger.pull(desk.org, person(self.person), pull).await?;
        self.take(&reply);
        Ok(reply.complete)
    }

    fn take(&mut self, reply: &PullReply) {
        self.rows.retain(|_, (scope, _, _)| !reply.scope_drop.contains(scope));
        let exits = reply.exits.iter().map(|exit| ((exit.q, 0), None, Some(exit)));
        let rows = reply.rows.iter().map(|row| ((row.q, 1), Some(row), None));
        let mut feed: Vec<_> = exits.chain(rows).collect();
        feed.sort_by_key(|(place, _, _)| *place);
        for (_, row, exit) in feed {
            if let Some(exit) = exit.filter(|_| !self.forgets_exits)
                && self.rows.get(&exit.key).is_some_and(|(scope, _, _)| *scope == exit.scope || self.drops_anywhere)
            {
                self.rows.remove(&exit.key);
            }
            if let Some(row) = row {
                self.rows.insert(row.key, (row.scope, row.q, row.d.get().to_owned()));
            }
        }
        self.cursor = Some(reply.cursor.clone());
        if reply.complete && !self.forgets_exits && !self.drops_anywhere {
            for (scope, told) in &reply.sums {
                assert_eq!(self.sum(*scope), u128::from_le_bytes(told.0), "the sum of {scope}");
            }
            assert!(self.rows.values().all(|(scope, _, _)| reply.sums.contains_key(scope)));
        }
    }

    fn sum(&self, scope: Scope) -> u128 {
        let rows = self.rows.iter().filter(|(_, (lies, _, _))| *lies == scope);
        rows.fold(0, |sum, (key, (_, q, data))| sum.wrapping_add(row_sum(*key, *q, &row_hash(data))))
    }

    /// To the end; then it holds exactly what the person holds.
    pub async fn catch_up(&mut self, desk: &Desk, limit: usize) {
        for _ in 0..10_000 {
            if self.page(desk, limit).await.unwrap() {
                self.agrees(desk).await;
                return;
            }
        }
        panic!("it does not come to an end");
    }

    pub async fn agrees(&self, desk: &Desk) {
        assert_eq!(self.rows, expected(desk, self.person).await);
    }
}

/// All rows of the organisation that lie in a scope of the member, asked of the store in another way than a pull does.
pub async fn expected(desk: &Desk, number: u128) -> BTreeMap<Key, (Scope, u64, String)> {
    let mut tx = desk.store.read(desk.org).await.unwrap();
    let member = tx.rows(&[Key::Member(person(number))]).await.unwrap().remove(0).record().unwrap();
    let Record::Member(member) = member else { panic!() };
    let scopes: Vec<Scope> = tx.sums().await.unwrap().into_iter().map(|(scope, _)| scope).collect();
    let rows: Vec<StoredRow> = tx.rows_by_key(&scopes, None, Page::ALL).await.unwrap();
    rows.into_iter().filter(|row| member.holds(row.scope)).map(|row| (row.key, (row.scope, row.q, row.data))).collect()
}
