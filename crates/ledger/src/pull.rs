//! What changed since a cursor, for one person.

use std::collections::{BTreeMap, BTreeSet};

use domain::Scope;
use domain::id::{OrganisationId, PersonId};
use domain::team::{Member, Personas};
use serde_json::value::RawValue;
use wire::Fault;
use wire::hash::Digest16;
use wire::pull::{Exit, PAGE_BYTES, PAGE_MAX, Pull, PullReply, RESULTS_MAX, Row};
use wire::push::{Base, Outcome};

use crate::commit::on_chain;
use crate::cursor::{Cursor, Place, Within};
use crate::error::StoreError;
use crate::ledger::{Ledger, active_member};
use crate::store::{ExitRow, OrgTx, Page, ScopeSum, Stored, StoredRow};

impl Ledger {
    /// One page. All of it is as of one moment: the scopes, the rows, the results and the head.
    ///
    /// # Errors
    /// [`Fault`]: no access; a cursor that is malformed, of another history, or too old.
    pub async fn pull(&self, organisation: OrganisationId, person: PersonId, pull: Pull) -> Result<PullReply, Fault> {
        let mut tx = self.store().read(organisation).await?;
        page(tx.as_mut(), person, &pull).await
    }

    /// Deletes exits of before `before` (90 days ago, say). A cursor from before the last of them starts anew.
    ///
    /// # Errors
    /// The store.
    pub async fn sweep(&self, organisation: OrganisationId, before: jiff::Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.store().write(organisation).await?;
        let swept = tx.sweep(before).await?;
        tx.commit().await?;
        Ok(swept)
    }

    /// To be called after a restore that may have lost what was answered: all clients start anew and send again what they have.
    ///
    /// # Errors
    /// The store.
    pub async fn begin_epoch(&self, organisation: OrganisationId, epoch: uuid::Uuid) -> Result<(), StoreError> {
        let mut tx = self.store().write(organisation).await?;
        tx.set_epoch(epoch).await?;
        tx.commit().await
    }
}

/// The scopes that a member holds, of those in which rows ever lay, with their sums.
pub(crate) fn held(member: &Member, sums: Vec<(Scope, ScopeSum)>) -> BTreeMap<Scope, ScopeSum> {
    #[cfg(feature = "planted")]
    if domain::planted::is(domain::planted::Planted::ScopesNotHeld) {
        return sums.into_iter().collect();
    }
    let mut held: BTreeMap<Scope, ScopeSum> = sums.into_iter().filter(|(scope, _)| member.holds(*scope)).collect();
    if let Personas::Only(personas) = &member.personas
        && !member.holds_all()
    {
        for persona in personas {
            held.entry(Scope::Persona(*persona)).or_default();
        }
    }
    held.entry(Scope::Organisation).or_default();
    held.entry(Scope::Person(member.person)).or_default();
    held
}

pub(crate) fn sums(held: &BTreeMap<Scope, ScopeSum>) -> BTreeMap<Scope, Digest16> {
    held.iter().map(|(scope, sum)| (*scope, Digest16(sum.sum.to_le_bytes()))).collect()
}

pub(crate) fn row(stored: StoredRow) -> Stored<Row> {
    let d = RawValue::from_string(stored.data).map_err(|_| StoreError::Damaged)?;
    Ok(Row { key: stored.key, scope: stored.scope, q: stored.q, d })
}

enum Item {
    Exit(ExitRow),
    Row(StoredRow),
}

impl Item {
    const fn place(&self) -> Place {
        match self {
            Self::Exit(exit) => Place { q: exit.q, within: Some(Within::Exit(exit.key)) },
            Self::Row(row) => Place { q: row.q, within: Some(Within::Row(row.key)) },
        }
    }
}

async fn page(tx: &mut dyn OrgTx, person: PersonId, pull: &Pull) -> Result<PullReply, Fault> {
    let member = active_member(tx, person).await?;
    let head = tx.head().clone();
    let last_n = match tx.clients(&[pull.client]).await?.first() {
        Some(row) if row.person != person => return Err(Fault::ForkDetected { n: 1 }),
        Some(row) => row.last_n,
        None => 0,
    };
    let held = held(&member, tx.sums().await?);
    let cursor = match &pull.cursor {
        Some(text) => Cursor::decode(text)?,
        None => Cursor {
            epoch: head.epoch,
            seq: head.seq,
            chain: head.chain,
            base: Place::START,
            scopes: BTreeSet::new(),
            extra: BTreeMap::new(),
            began: BTreeMap::new(),
        },
    };
    if cursor.epoch != head.epoch {
        return Err(Fault::EpochChanged { epoch: head.epoch, last_n });
    }
    if !on_chain(tx, Base { seq: cursor.seq, chain: cursor.chain }).await? {
        return Err(Fault::HistoryDiverged);
    }
    let places: BTreeMap<Scope, Place> = held.keys().map(|scope| (*scope, cursor.place(*scope))).collect();
    if held.keys().any(|scope| cursor.is_behind(*scope, head.floor)) {
        return Err(Fault::CursorExpired);
    }

    let limit = pull.limit.clamp(1, PAGE_MAX);
    let (items, more) = items(tx, &places, limit).await?;
    let end = match items.last() {
        Some(last) if more => last.place(),
        _ => Place::whole(head.seq),
    };
    let complete = !more;
    let began = |(scope, place): (&Scope, &Place)| match *place == Place::START {
        true => Some((*scope, head.seq)),
        false => cursor.began.get(scope).map(|began| (*scope, *began)),
    };
    let began = if complete { BTreeMap::new() } else { places.iter().filter_map(began).collect() };
    let mut extra: BTreeMap<Scope, Place> = places.into_iter().map(|(scope, place)| (scope, place.max(end))).collect();
    extra.retain(|_, place| *place != end);
    let next = Cursor {
        epoch: head.epoch,
        seq: head.seq,
        chain: head.chain,
        base: end,
        scopes: held.keys().copied().collect(),
        extra,
        began,
    };
    let scope_drop = cursor.scopes.iter().filter(|scope| !held.contains_key(scope)).copied().collect();
    let results = match pull.seen_n < last_n {
        true => tx.known(pull.client, pull.seen_n.saturating_add(1), last_n, RESULTS_MAX).await?,
        false => Vec::new(),
    };
    let (mut rows, mut exits) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Item::Exit(ExitRow { scope, key, q }) => exits.push(Exit { key, scope, q }),
            Item::Row(stored) => rows.push(row(stored)?),
        }
    }
    Ok(PullReply {
        cursor: next.encode(),
        complete,
        epoch: head.epoch,
        head: head.seq,
        last_n,
        results: results.into_iter().map(|known| Outcome { n: known.n, answer: known.answer }).collect(),
        rows,
        exits,
        scope_drop,
        sums: if complete { sums(&held) } else { BTreeMap::new() },
    })
}

/// The next of the feed, and whether there is more behind them.
async fn items(tx: &mut dyn OrgTx, places: &BTreeMap<Scope, Place>, limit: usize) -> Stored<(Vec<Item>, bool)> {
    let head = tx.head().seq;
    let behind = places.iter().filter(|(_, place)| **place < Place::whole(head));
    let (for_exits, for_rows): (Vec<_>, Vec<_>) =
        behind.map(|(scope, place)| ((*scope, place.exits()), (*scope, place.rows()))).unzip();
    if for_rows.is_empty() {
        return Ok((Vec::new(), false));
    }
    let one_more = limit.saturating_add(1);
    let exits = tx.exits_after(&for_exits, one_more).await?;
    // the row that does not fit comes along, and says so
    let rows = tx.rows_after(&for_rows, Page { rows: one_more, bytes: PAGE_BYTES }).await?;
    let mut items: Vec<Item> = exits.into_iter().map(Item::Exit).chain(rows.into_iter().map(Item::Row)).collect();
    // with one number a record leaves one scope at most: the place tells all items apart
    items.sort_by_cached_key(Item::place);
    let mut bytes = 0_usize;
    let fits = items.iter().take(limit).take_while(|item| {
        let first = bytes == 0;
        bytes = bytes.saturating_add(match item {
            Item::Exit(_) => 1,
            Item::Row(row) => row.data.len(),
        });
        first || bytes <= PAGE_BYTES
    });
    let count = fits.count();
    let more = items.len() > count;
    items.truncate(count);
    Ok((items, more))
}
