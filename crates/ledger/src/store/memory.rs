//! Memory: for simulations, and for judging a log again. Its faults are those that a database has at its commit.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::id::{OrganisationId, PostId};
use domain::{Key, Scope};
use jiff::Timestamp;
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;
use wire::hash::{Digest, Digest16};
use wire::push::Answer;

use super::{
    After, BatchWrite, ClientRow, ExitRow, Head, Known, LogRow, OrgStore, OrgTx, Page, QuarantineRow, Receipt,
    ScopeSum, Stored, StoredRow, order,
};
use crate::error::StoreError;

/// How many in a hundred fail, drawn from `seed` alone.
#[derive(Debug, Default)]
pub struct Faults {
    /// Nothing was written.
    pub before_commit: AtomicU32,
    /// All was written, and nobody learns of it.
    pub after_commit: AtomicU32,
    /// The lock could not be had.
    pub begin: AtomicU32,
    pub seed: AtomicU64,
    /// How often one of them came.
    pub seen: AtomicU64,
}

impl Faults {
    fn strikes(&self, percent: &AtomicU32) -> bool {
        let percent = percent.load(Ordering::Relaxed);
        if percent == 0 {
            return false;
        }
        // xorshift: good enough to choose, and the same every time
        let mut x = self.seed.load(Ordering::Relaxed).max(1);
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        self.seed.store(x, Ordering::Relaxed);
        let strikes = x % 100 < u64::from(percent);
        self.seen.fetch_add(u64::from(strikes), Ordering::Relaxed);
        strikes
    }
}

#[derive(Debug, Default)]
pub struct MemoryStore {
    organisations: Mutex<BTreeMap<OrganisationId, Org>>,
    /// Microseconds since 1970: the store's clock.
    pub clock: AtomicI64,
    pub faults: Arc<Faults>,
}

#[derive(Debug, Clone)]
struct Org {
    lock: Arc<tokio::sync::Mutex<()>>,
    state: Arc<Mutex<Arc<State>>>,
}

#[derive(Debug, Clone)]
struct State {
    head: Head,
    rows: BTreeMap<Key, StoredRow>,
    exits: BTreeMap<(Scope, Key), ExitRow>,
    sums: BTreeMap<Scope, ScopeSum>,
    log: BTreeMap<u64, LogRow>,
    mids: BTreeMap<Uuid, u64>,
    numbers: BTreeMap<(Uuid, u64), u64>,
    clients: BTreeMap<Uuid, ClientRow>,
    receipts: BTreeMap<(Uuid, u64), Receipt>,
    quarantine: Vec<QuarantineRow>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // nothing in here can panic half-way
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// All of an organisation as it was at one moment: a backup.
#[derive(Debug, Clone)]
pub struct Backup(Arc<State>);

impl MemoryStore {
    /// `None`: there is no such organisation.
    pub fn backup(&self, organisation: OrganisationId) -> Option<Backup> {
        let org = self.org(organisation).ok()?;
        let state = Arc::clone(&locked(&org.state));
        Some(Backup(state))
    }

    /// Brings an organisation back to what it was: whatever came since is lost.
    pub fn restore(&self, organisation: OrganisationId, backup: &Backup) {
        if let Ok(org) = self.org(organisation) {
            *locked(&org.state) = Arc::clone(&backup.0);
        }
    }

    fn org(&self, organisation: OrganisationId) -> Stored<Org> {
        locked(&self.organisations).get(&organisation).cloned().ok_or(StoreError::Unknown)
    }

    fn begin(&self, org: &Org, guard: Option<OwnedMutexGuard<()>>) -> Stored<Box<dyn OrgTx>> {
        let state = Arc::clone(&locked(&org.state));
        let now = Timestamp::from_microsecond(self.clock.load(Ordering::Relaxed)).map_err(|_| StoreError::Damaged)?;
        let head = Head { now, ..state.head.clone() };
        Ok(Box::new(MemoryTx {
            state,
            head,
            guard,
            org: org.clone(),
            faults: Arc::clone(&self.faults),
            pending: Vec::new(),
        }))
    }
}

#[async_trait]
impl OrgStore for MemoryStore {
    async fn create(&self, organisation: OrganisationId, epoch: Uuid) -> Stored<bool> {
        let mut all = locked(&self.organisations);
        if all.contains_key(&organisation) {
            return Ok(false);
        }
        let head = Head { seq: 0, epoch, chain: Digest::default(), floor: 0, now: Timestamp::UNIX_EPOCH };
        let state = State {
            head,
            rows: BTreeMap::new(),
            exits: BTreeMap::new(),
            sums: BTreeMap::new(),
            log: BTreeMap::new(),
            mids: BTreeMap::new(),
            numbers: BTreeMap::new(),
            clients: BTreeMap::new(),
            receipts: BTreeMap::new(),
            quarantine: Vec::new(),
        };
        all.insert(organisation, Org { lock: Arc::default(), state: Arc::new(Mutex::new(Arc::new(state))) });
        Ok(true)
    }

    async fn write(&self, organisation: OrganisationId) -> Stored<Box<dyn OrgTx>> {
        if self.faults.strikes(&self.faults.begin) {
            return Err(StoreError::Busy);
        }
        let org = self.org(organisation)?;
        let guard = Arc::clone(&org.lock).lock_owned().await;
        self.begin(&org, Some(guard))
    }

    async fn read(&self, organisation: OrganisationId) -> Stored<Box<dyn OrgTx>> {
        self.begin(&self.org(organisation)?, None)
    }

    async fn heads(&self, organisations: &[OrganisationId]) -> Stored<Vec<(OrganisationId, u64)>> {
        let all = locked(&self.organisations);
        let head = |id: &OrganisationId| Some((*id, locked(&all.get(id)?.state).head.seq));
        Ok(organisations.iter().filter_map(head).collect())
    }
}

type Write = Box<dyn FnOnce(&mut State) + Send>;

struct MemoryTx {
    state: Arc<State>,
    head: Head,
    /// Held for writing.
    guard: Option<OwnedMutexGuard<()>>,
    org: Org,
    faults: Arc<Faults>,
    pending: Vec<Write>,
}

impl MemoryTx {
    fn later(&mut self, write: impl FnOnce(&mut State) + Send + 'static) -> Stored<()> {
        if self.guard.is_none() {
            return Err(StoreError::ReadOnly);
        }
        self.pending.push(Box::new(write));
        Ok(())
    }
}

fn paged<T>(all: impl IntoIterator<Item = T>, page: Page, size: impl Fn(&T) -> usize) -> Vec<T> {
    let mut before = 0_usize;
    let fits = |one: &T| {
        let begins = before;
        before = before.saturating_add(size(one));
        begins <= page.bytes
    };
    all.into_iter().take(page.rows).take_while(fits).collect()
}

fn behind(after: After, q: u64, key: Key) -> bool {
    match after.key {
        None => q > after.q,
        Some(last) => q > after.q || (q == after.q && order(key) > order(last)),
    }
}

#[async_trait]
impl OrgTx for MemoryTx {
    fn head(&self) -> &Head {
        &self.head
    }

    async fn rows(&mut self, keys: &[Key]) -> Stored<Vec<StoredRow>> {
        Ok(keys.iter().filter_map(|key| self.state.rows.get(key).cloned()).collect())
    }

    async fn with_posts(&mut self, posts: &[PostId]) -> Stored<Vec<StoredRow>> {
        let with = |row: &&StoredRow| row.post.is_some_and(|post| posts.contains(&post));
        Ok(self.state.rows.values().filter(with).cloned().collect())
    }

    async fn clients(&mut self, clients: &[Uuid]) -> Stored<Vec<ClientRow>> {
        Ok(clients.iter().filter_map(|client| self.state.clients.get(client).copied()).collect())
    }

    async fn known(&mut self, client: Uuid, from: u64, to: u64, limit: usize) -> Stored<Vec<Known>> {
        if from > to {
            return Ok(Vec::new());
        }
        let range = (client, from)..=(client, to);
        let mut known: Vec<Known> = self
            .state
            .numbers
            .range(range.clone())
            .filter_map(|(_, seq)| self.state.log.get(seq))
            .map(|line| Known { n: line.n, h: line.h, answer: Answer::Applied { seq: line.seq } })
            .collect();
        let receipts = self.state.receipts.range(range).map(|(_, receipt)| receipt);
        known.extend(receipts.map(|one| Known { n: one.n, h: one.h, answer: one.answer.clone() }));
        known.sort_by_key(|known| known.n);
        known.truncate(limit);
        Ok(known)
    }

    async fn applied(&mut self, mids: &[Uuid]) -> Stored<Vec<(Uuid, Digest16, u64)>> {
        let line = |mid: &Uuid| self.state.log.get(self.state.mids.get(mid)?);
        Ok(mids.iter().filter_map(line).map(|line| (line.mid, line.h, line.seq)).collect())
    }

    async fn chain_at(&mut self, seq: u64) -> Stored<Option<Digest>> {
        Ok(self.state.log.get(&seq).map(|line| line.chain))
    }

    async fn sums(&mut self) -> Stored<Vec<(Scope, ScopeSum)>> {
        Ok(self.state.sums.iter().map(|(scope, sum)| (*scope, *sum)).collect())
    }

    async fn rows_after(&mut self, places: &[(Scope, After)], page: Page) -> Stored<Vec<StoredRow>> {
        let places: BTreeMap<Scope, After> = places.iter().copied().collect();
        let wanted = |row: &&StoredRow| places.get(&row.scope).is_some_and(|after| behind(*after, row.q, row.key));
        let mut rows: Vec<StoredRow> = self.state.rows.values().filter(wanted).cloned().collect();
        rows.sort_by_cached_key(|row| (row.q, order(row.key)));
        Ok(paged(rows, page, |row| row.data.len()))
    }

    async fn exits_after(&mut self, places: &[(Scope, After)], limit: usize) -> Stored<Vec<ExitRow>> {
        let places: BTreeMap<Scope, After> = places.iter().copied().collect();
        let wanted = |exit: &&ExitRow| places.get(&exit.scope).is_some_and(|after| behind(*after, exit.q, exit.key));
        let mut exits: Vec<ExitRow> = self.state.exits.values().filter(wanted).copied().collect();
        exits.sort_by_cached_key(|exit| (exit.q, order(exit.key)));
        exits.truncate(limit);
        Ok(exits)
    }

    async fn rows_by_key(&mut self, scopes: &[Scope], after: Option<Key>, page: Page) -> Stored<Vec<StoredRow>> {
        let after = after.map(order);
        let mut rows: Vec<&StoredRow> = self.state.rows.values().filter(|row| scopes.contains(&row.scope)).collect();
        rows.sort_by_cached_key(|row| order(row.key));
        let wanted = rows.into_iter().filter(|row| after.as_ref().is_none_or(|after| order(row.key) > *after));
        Ok(paged(wanted.cloned(), page, |row| row.data.len()))
    }

    async fn log(&mut self, after: u64, limit: usize) -> Stored<Vec<LogRow>> {
        Ok(self.state.log.range(after.saturating_add(1)..).take(limit).map(|(_, line)| line.clone()).collect())
    }

    async fn flush(&mut self, write: BatchWrite) -> Stored<()> {
        self.later(move |state| {
            state.rows.extend(write.rows.into_iter().map(|row| (row.key, row)));
            state.exits.extend(write.exits.into_iter().map(|exit| ((exit.scope, exit.key), exit)));
            state.sums.extend(write.sums);
            for line in write.log {
                state.mids.insert(line.mid, line.seq);
                state.numbers.insert((line.client, line.n), line.seq);
                state.log.insert(line.seq, line);
            }
            state.receipts.extend(write.receipts.into_iter().map(|one| ((one.client, one.n), one)));
            for row in write.clients {
                state.clients.insert(row.client, row);
                let kept = row.last_n.saturating_sub(Receipt::KEPT);
                state.receipts.retain(|(client, n), _| *client != row.client || *n > kept);
            }
            state.head.seq = write.seq;
            state.head.chain = write.chain;
        })
    }

    async fn sweep(&mut self, before: Timestamp) -> Stored<u64> {
        let old = |exit: &&ExitRow| self.state.log.get(&exit.q).is_some_and(|line| line.at < before);
        let floor = self.state.exits.values().filter(old).map(|exit| exit.q).max().unwrap_or(0);
        let swept = self.state.exits.values().filter(|exit| exit.q <= floor).count();
        self.later(move |state| {
            state.exits.retain(|_, exit| exit.q > floor);
            state.head.floor = state.head.floor.max(floor);
        })?;
        Ok(swept as u64)
    }

    async fn set_epoch(&mut self, epoch: Uuid) -> Stored<()> {
        self.later(move |state| state.head.epoch = epoch)
    }

    async fn quarantine(&mut self, row: QuarantineRow, drop_before: Timestamp) -> Stored<()> {
        let kept = self.state.quarantine.iter().filter(|kept| kept.received_at >= drop_before);
        if kept.clone().any(|kept| kept.id == row.id) {
            return Ok(());
        }
        if kept.filter(|kept| kept.person == row.person).count() as u64 >= wire::quarantine::UPLOADS_MAX {
            return Err(StoreError::Full);
        }
        self.later(move |state| {
            state.quarantine.retain(|kept| kept.received_at >= drop_before);
            state.quarantine.push(row);
        })
    }

    async fn quarantined(&mut self, after: Option<Uuid>, page: Page) -> Stored<Vec<QuarantineRow>> {
        let all = &self.state.quarantine;
        let from = match after {
            None => 0,
            Some(id) => all.iter().position(|kept| kept.id == id).map_or(all.len(), |at| at.saturating_add(1)),
        };
        Ok(paged(all.iter().skip(from).cloned(), page, |kept| kept.body.len()))
    }

    async fn commit(self: Box<Self>) -> Stored<()> {
        if self.faults.strikes(&self.faults.before_commit) {
            return Err(StoreError::Unavailable);
        }
        let Self { state, guard, org, faults, pending, .. } = *self;
        // so that nothing is copied if nobody else reads it
        drop(state);
        {
            let mut shared = locked(&org.state);
            let state = Arc::make_mut(&mut shared);
            pending.into_iter().for_each(|write| write(state));
        }
        drop(guard);
        if faults.strikes(&faults.after_commit) { Err(StoreError::Unavailable) } else { Ok(()) }
    }
}
