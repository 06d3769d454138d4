//! One transaction: many mutations of many clients, judged one after the other over records in memory, written at once.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::id::{OrganisationId, PersonId, PostId};
use domain::{Context, Home, Key, Mutation, Record, Reject, Scope, Step, WorkingSet, WriteSet};
use jiff::Timestamp;
use uuid::Uuid;
use wire::Fault;
use wire::hash::{Digest, Digest16, Link, result_hash, row_sum};
use wire::push::{Answer, Base};

use crate::error::StoreError;
use crate::store::{BatchWrite, ClientRow, ExitRow, Head, LogRow, OrgTx, Receipt, ScopeSum, Stored, StoredRow};

/// What judges: [`domain::apply`], or what a test puts in its place.
pub type Rules = fn(&Context, &WorkingSet, &Mutation) -> Step<Result<WriteSet, Reject>>;

/// Questions of one mutation before it is given up; those of today ask six times at most.
const ROUNDS_MAX: usize = 64;

/// A mutation as it came, opened.
#[derive(Debug, Clone)]
pub struct Sealed {
    pub n: u64,
    pub mid: Uuid,
    pub v: u16,
    pub at: Timestamp,
    pub h: Digest16,
    /// The exact bytes that `h` is over.
    pub body: String,
    pub mutation: Mutation,
}

/// What one client has in a batch.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    pub actor: PersonId,
    pub client: Uuid,
    /// What the client says to know; `None` once that was looked at.
    pub claims: Option<Claims>,
    pub origin: Origin,
    /// All that is left of a push, of which `take` are due now.
    pub rest: &'a [Sealed],
    pub take: usize,
}

/// Where mutations come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A push of somebody who must be a member.
    Member,
    /// The server itself founds the organisation: there is no member yet.
    Founding,
    /// The server itself, because somebody accepted the invitation of the actor.
    Invitation,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Claims {
    pub epoch: Option<Uuid>,
    pub base: Option<Base>,
}

/// What became of a turn.
#[derive(Debug)]
pub(crate) struct TurnEnd {
    /// Of the first of them, in order.
    pub answers: Vec<Answer>,
    pub last_n: u64,
    /// Nothing behind those is done.
    pub stopped: Option<Stop>,
}

#[derive(Debug, Clone)]
pub(crate) enum Stop {
    Fault(Fault),
    /// The next one could not be judged; it is none of the client's fault.
    Later,
}

#[derive(Debug)]
pub(crate) struct Batched {
    pub head: Head,
    pub ends: Vec<TurnEnd>,
}

/// Judges all turns and flushes what they write; the caller commits.
pub(crate) async fn run(
    tx: &mut dyn OrgTx,
    organisation: OrganisationId,
    rules: Rules,
    turns: &[Turn<'_>],
) -> Stored<Batched> {
    let clients: Vec<Uuid> = turns.iter().map(|turn| turn.client).collect();
    let clients: BTreeMap<Uuid, ClientRow> =
        tx.clients(&clients).await?.into_iter().map(|row| (row.client, row)).collect();
    let mut batch = Batch::new(tx.head().clone());
    batch.load(tx, turns.iter().map(|turn| Key::Member(turn.actor))).await?;

    let mut open = Vec::new();
    for turn in turns {
        let last_n = match clients.get(&turn.client) {
            Some(row) if row.person != turn.actor => {
                // the number of somebody else's database
                let n = turn.rest.first().map_or(1, |first| first.n);
                open.push((0, Err(Fault::ForkDetected { n })));
                continue;
            }
            Some(row) => row.last_n,
            None => 0,
        };
        open.push((last_n, look(tx, &batch, turn, last_n).await?));
    }

    let fresh: Vec<(&Turn<'_>, &Sealed)> = turns
        .iter()
        .zip(&open)
        .filter_map(|(turn, (_, known))| Some((turn, known.as_ref().ok()?.len())))
        .flat_map(|(turn, known)| turn.rest.iter().take(turn.take).skip(known).map(move |sealed| (turn, sealed)))
        .collect();
    let mids: Vec<Uuid> = fresh.iter().map(|(_, sealed)| sealed.mid).collect();
    let mut applied: BTreeMap<Uuid, (Digest16, u64)> = match mids.is_empty() {
        true => BTreeMap::new(),
        #[cfg(feature = "planted")]
        false if domain::planted::is(domain::planted::Planted::IdNotKnownAgain) => BTreeMap::new(),
        false => tx.applied(&mids).await?.into_iter().map(|(mid, h, seq)| (mid, (h, seq))).collect(),
    };
    let now = batch.head.now;
    let context = |turn: &Turn<'_>| match turn.origin {
        Origin::Member | Origin::Founding => Context::team(organisation, turn.actor, now),
        Origin::Invitation => Context::invitation(organisation, turn.actor, now),
    };
    let asked = fresh.iter().filter(|(_, sealed)| !applied.contains_key(&sealed.mid));
    let asked: Vec<_> = asked.map(|(turn, sealed)| (context(turn), &sealed.mutation)).collect();
    batch.read_ahead(tx, rules, &asked).await?;

    let mut ends = Vec::new();
    for (turn, (last_n, known)) in turns.iter().zip(open) {
        let mut end = TurnEnd { answers: Vec::new(), last_n, stopped: None };
        match known {
            Ok(known) => end.answers = known,
            Err(fault) => end.stopped = Some(Stop::Fault(fault)),
        }
        let skipped = end.answers.len();
        for sealed in turn.rest.iter().take(turn.take).skip(skipped) {
            if end.stopped.is_some() {
                break;
            }
            let answer = match applied.get(&sealed.mid) {
                // the same under another number: a client with a new identity sends again what it is not sure of
                Some((h, seq)) if *h == sealed.h => Ok(Answer::Applied { seq: *seq }),
                Some(_) => Err(Stop::Fault(Fault::ForkDetected { n: sealed.n })),
                None => batch.judge(tx, rules, &context(turn), turn.client, sealed).await?,
            };
            let answer = match answer {
                Ok(answer) => answer,
                Err(stop) => {
                    end.stopped = Some(stop);
                    break;
                }
            };
            match &answer {
                Answer::Applied { seq } if *seq > batch.first && !applied.contains_key(&sealed.mid) => {
                    applied.insert(sealed.mid, (sealed.h, *seq));
                }
                #[cfg(feature = "planted")]
                _ if domain::planted::is(domain::planted::Planted::RefusalNotKept) => {}
                _ => batch.receipts.push(Receipt {
                    client: turn.client,
                    n: sealed.n,
                    h: sealed.h,
                    answer: answer.clone(),
                }),
            }
            end.last_n = sealed.n;
            batch.clients.insert(turn.client, ClientRow { client: turn.client, person: turn.actor, last_n: sealed.n });
            end.answers.push(answer);
        }
        ends.push(end);
    }
    let (head, write) = batch.finish();
    if let Some(write) = write {
        tx.flush(write).await?;
    }
    Ok(Batched { head, ends })
}

/// What is known of the numbers that were used before: the stored answers, or why nothing of the push is done.
async fn look(tx: &mut dyn OrgTx, batch: &Batch, turn: &Turn<'_>, last_n: u64) -> Stored<Result<Vec<Answer>, Fault>> {
    let is_member =
        matches!(batch.set.get(Key::Member(turn.actor)), Some(Some(Record::Member(member))) if member.is_active());
    if !is_member && turn.origin != Origin::Founding {
        return Ok(Err(Fault::AccessRevoked));
    }
    if let Some(claims) = &turn.claims {
        if claims.epoch.is_some_and(|epoch| epoch != batch.head.epoch) {
            return Ok(Err(Fault::EpochChanged { epoch: batch.head.epoch, last_n }));
        }
        if let Some(base) = claims.base
            && !on_chain(tx, base).await?
        {
            return Ok(Err(Fault::HistoryDiverged));
        }
    }
    let Some(first) = turn.rest.first().map(|first| first.n) else { return Ok(Ok(Vec::new())) };
    if first > last_n.saturating_add(1) {
        return Ok(Err(Fault::Gap { expected: last_n.saturating_add(1) }));
    }
    let Some(before) = turn.rest.iter().rev().map(|sealed| sealed.n).find(|n| *n <= last_n) else {
        return Ok(Ok(Vec::new()));
    };
    // all that is left of the push, due now or not: of a fork nothing is done
    let known = tx.known(turn.client, first, before, turn.rest.len()).await?;
    let known: BTreeMap<u64, _> = known.into_iter().map(|known| (known.n, known)).collect();
    let mut answers = Vec::new();
    for sealed in turn.rest.iter().take_while(|sealed| sealed.n <= last_n) {
        match known.get(&sealed.n) {
            Some(known) if known.h == sealed.h => answers.push(known.answer.clone()),
            #[cfg(feature = "planted")]
            _ if domain::planted::is(domain::planted::Planted::NumberSkipped) => {
                answers.push(Answer::Applied { seq: batch.head.seq });
            }
            // used for something else, or so long ago that nobody knows for what
            _ => return Ok(Err(Fault::ForkDetected { n: sealed.n })),
        }
    }
    answers.truncate(turn.take);
    Ok(Ok(answers))
}

/// That point is one of this history.
pub(crate) async fn on_chain(tx: &mut dyn OrgTx, base: Base) -> Stored<bool> {
    #[cfg(feature = "planted")]
    if domain::planted::is(domain::planted::Planted::ChainNotCompared) {
        return Ok(true);
    }
    let head = tx.head();
    if base.seq == head.seq {
        return Ok(base.chain == head.chain);
    }
    if base.seq == 0 {
        return Ok(base.chain == Digest::default());
    }
    if base.seq > head.seq {
        return Ok(false);
    }
    Ok(tx.chain_at(base.seq).await? == Some(base.chain))
}

/// Where a row lies, as of the last mutation that was judged.
#[derive(Debug, Clone, Copy)]
struct Lies {
    scope: Scope,
    q: u64,
    hash: Digest,
}

/// The state of a transaction: what was loaded, and what is to be written.
#[derive(Debug)]
pub(crate) struct Batch {
    head: Head,
    /// The number before the first of this batch.
    first: u64,
    set: WorkingSet,
    lies: BTreeMap<Key, Option<Lies>>,
    pub(crate) rows: BTreeMap<Key, StoredRow>,
    exits: BTreeMap<(Scope, Key), ExitRow>,
    pub(crate) sums: Option<BTreeMap<Scope, ScopeSum>>,
    summed: BTreeSet<Scope>,
    pub(crate) log: Vec<LogRow>,
    clients: BTreeMap<Uuid, ClientRow>,
    receipts: Vec<Receipt>,
}

impl Batch {
    pub(crate) fn new(head: Head) -> Self {
        Self {
            first: head.seq,
            head,
            set: WorkingSet::default(),
            lies: BTreeMap::new(),
            rows: BTreeMap::new(),
            exits: BTreeMap::new(),
            sums: None,
            summed: BTreeSet::new(),
            log: Vec::new(),
            clients: BTreeMap::new(),
            receipts: Vec::new(),
        }
    }

    async fn load(&mut self, tx: &mut dyn OrgTx, keys: impl IntoIterator<Item = Key>) -> Stored<()> {
        let missing: BTreeSet<Key> = keys.into_iter().filter(|key| !self.lies.contains_key(key)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let missing: Vec<Key> = missing.into_iter().collect();
        for row in tx.rows(&missing).await? {
            self.lies.insert(row.key, Some(Lies { scope: row.scope, q: row.q, hash: row.hash }));
            self.set.load(row.key, Some(row.record()?));
        }
        for key in missing {
            if let std::collections::btree_map::Entry::Vacant(vacant) = self.lies.entry(key) {
                vacant.insert(None);
                self.set.load(key, None);
            }
        }
        Ok(())
    }

    /// Loads what all of these ask for, in as many questions as the longest of them needs alone. What they would decide is not
    /// looked at: those before them may change it.
    async fn read_ahead(&mut self, tx: &mut dyn OrgTx, rules: Rules, all: &[(Context, &Mutation)]) -> Stored<()> {
        let mut asking: Vec<&(Context, &Mutation)> = all.iter().collect();
        for _ in 0..ROUNDS_MAX {
            let mut keys = BTreeSet::new();
            asking.retain(|(context, mutation)| match catch(rules, context, &self.set, mutation) {
                Some(Step::Need(some)) => {
                    keys.extend(some);
                    true
                }
                _ => false,
            });
            if asking.is_empty() {
                break;
            }
            self.load(tx, keys).await?;
        }
        Ok(())
    }

    /// Judges one mutation. `Err`: it is not judged, and neither is what its client has behind it.
    pub(crate) async fn judge(
        &mut self,
        tx: &mut dyn OrgTx,
        rules: Rules,
        context: &Context,
        client: Uuid,
        sealed: &Sealed,
    ) -> Stored<Result<Answer, Stop>> {
        let mut rounds = 0;
        let decided = loop {
            match catch(rules, context, &self.set, &sealed.mutation) {
                Some(Step::Done(decided)) => break decided,
                Some(Step::Need(keys))
                    if rounds < ROUNDS_MAX && keys.iter().any(|key| self.set.get(*key).is_none()) =>
                {
                    rounds += 1;
                    self.load(tx, keys).await?;
                }
                _ => {
                    tracing::error!(mutation.kind = sealed.mutation.name(), "a rule did not come to an end");
                    return Ok(Err(Stop::Later));
                }
            }
        };
        let writes = match decided {
            Ok(writes) => writes,
            Err(Reject::NotMember) => return Ok(Err(Stop::Fault(Fault::AccessRevoked))),
            Err(reject) => return Ok(Ok(Answer::rejected(&reject))),
        };
        let seq = self.head.seq.saturating_add(1);
        let Some(result) = self.put(tx, seq, &writes).await? else {
            tracing::error!(
                mutation.kind = sealed.mutation.name(),
                "a rule wrote what goes with a post that is not there"
            );
            return Ok(Err(Stop::Later));
        };
        self.set.overlay(&writes);
        let link = Link {
            before: &self.head.chain,
            seq,
            client,
            n: sealed.n,
            actor: context.actor.uuid(),
            at: context.now.as_microsecond(),
            h: &sealed.h,
            result: &result,
        };
        self.head.chain = link.digest();
        self.head.seq = seq;
        self.log.push(LogRow {
            seq,
            client,
            n: sealed.n,
            mid: sealed.mid,
            h: sealed.h,
            v: sealed.v,
            kind: sealed.mutation.name().to_owned(),
            actor: context.actor,
            claimed_at: sealed.at,
            at: context.now,
            body: sealed.body.clone(),
            result,
            chain: self.head.chain,
        });
        Ok(Ok(Answer::Applied { seq }))
    }

    /// Writes records under a number; with a post that changes its scope goes what belongs to it. Gives the hash of the result, or
    /// `None` if the scope of a record cannot be told; then nothing is written.
    async fn put(&mut self, tx: &mut dyn OrgTx, seq: u64, writes: &[Record]) -> Stored<Option<Digest>> {
        // a rule may write a record twice: the last word counts
        let records: BTreeMap<Key, &Record> = writes.iter().map(|record| (record.key(), record)).collect();
        let posts = records.values().filter_map(|record| match record.home() {
            Home::Post(post) => Some(Key::Post(post)),
            Home::Scope(_) => None,
        });
        self.load(tx, records.keys().copied().chain(posts)).await?;
        let mut rows = BTreeMap::new();
        for (key, record) in &records {
            let Some(scope) = self.scope_of(record, &records) else { return Ok(None) };
            rows.insert(*key, StoredRow::new(record, scope, seq)?);
        }
        let moved: BTreeMap<PostId, Scope> = records
            .iter()
            .filter_map(|(key, record)| match (record, self.lies.get(key)) {
                (Record::Post(post), Some(Some(old))) if old.scope != post.scope() => Some((post.id, post.scope())),
                _ => None,
            })
            .collect();
        if !moved.is_empty() {
            self.move_along(tx, seq, &moved, &mut rows).await?;
        }
        if self.sums.is_none() {
            self.sums = Some(tx.sums().await?.into_iter().collect());
        }
        let names: Vec<(Key, String)> = rows.iter().map(|(key, row)| (*key, row.scope.to_string())).collect();
        let result =
            result_hash(names.iter().zip(rows.values()).map(|((key, scope), row)| (*key, scope.as_str(), &row.hash)));
        for row in rows.into_values() {
            self.place(row);
        }
        Ok(Some(result))
    }

    fn scope_of(&self, record: &Record, written: &BTreeMap<Key, &Record>) -> Option<Scope> {
        let post = match record.home() {
            Home::Scope(scope) => return Some(scope),
            Home::Post(post) => Key::Post(post),
        };
        let found = written.get(&post).copied().or_else(|| self.set.get(post).flatten());
        match found {
            Some(Record::Post(post)) => Some(post.scope()),
            _ => None,
        }
    }

    async fn move_along(
        &mut self,
        tx: &mut dyn OrgTx,
        seq: u64,
        moved: &BTreeMap<PostId, Scope>,
        rows: &mut BTreeMap<Key, StoredRow>,
    ) -> Stored<()> {
        let posts: Vec<PostId> = moved.keys().copied().collect();
        let mut with: BTreeMap<Key, StoredRow> =
            tx.with_posts(&posts).await?.into_iter().map(|row| (row.key, row)).collect();
        // what this batch has written of them lies over what is stored
        with.extend(self.rows.values().filter(|row| row.post.is_some()).map(|row| (row.key, row.clone())));
        for (key, row) in with {
            let Some(scope) = row.post.and_then(|post| moved.get(&post)) else { continue };
            if let std::collections::btree_map::Entry::Vacant(vacant) = self.lies.entry(key) {
                vacant.insert(Some(Lies { scope: row.scope, q: row.q, hash: row.hash }));
                self.set.load(key, Some(row.record()?));
            }
            rows.entry(key).or_insert(StoredRow { scope: *scope, q: seq, ..row });
        }
        Ok(())
    }

    /// Takes a row in, with its share of the sums and the exit from where it lay.
    fn place(&mut self, row: StoredRow) {
        let old = self.lies.insert(row.key, Some(Lies { scope: row.scope, q: row.q, hash: row.hash })).flatten();
        let sums = self.sums.get_or_insert_default();
        if let Some(old) = old {
            let sum = sums.entry(old.scope).or_default();
            sum.sum = sum.sum.wrapping_sub(row_sum(row.key, old.q, &old.hash));
            sum.rows = sum.rows.saturating_sub(1);
            self.summed.insert(old.scope);
            #[cfg(feature = "planted")]
            let left = old.scope != row.scope && !domain::planted::is(domain::planted::Planted::ExitNotWritten);
            #[cfg(not(feature = "planted"))]
            let left = old.scope != row.scope;
            if left {
                self.exits.insert((old.scope, row.key), ExitRow { scope: old.scope, key: row.key, q: row.q });
            }
        }
        let sum = sums.entry(row.scope).or_default();
        sum.sum = sum.sum.wrapping_add(row_sum(row.key, row.q, &row.hash));
        sum.rows = sum.rows.saturating_add(1);
        self.summed.insert(row.scope);
        self.rows.insert(row.key, row);
    }

    fn finish(self) -> (Head, Option<BatchWrite>) {
        if self.clients.is_empty() {
            return (self.head, None);
        }
        let sums = self.sums.unwrap_or_default();
        let write = BatchWrite {
            seq: self.head.seq,
            chain: self.head.chain,
            rows: self.rows.into_values().collect(),
            exits: self.exits.into_values().collect(),
            sums: sums.into_iter().filter(|(scope, _)| self.summed.contains(scope)).collect(),
            log: self.log,
            clients: self.clients.into_values().collect(),
            receipts: self.receipts,
        };
        (self.head, Some(write))
    }
}

/// `None`: a rule panicked. It works on what it was given and on nothing else, so there is nothing to put right.
fn catch(
    rules: Rules,
    context: &Context,
    set: &WorkingSet,
    mutation: &Mutation,
) -> Option<Step<Result<WriteSet, Reject>>> {
    catch_unwind(AssertUnwindSafe(|| rules(context, set, mutation))).ok()
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}
