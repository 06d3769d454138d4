//! Whether a ledger is what it says: its chain, its sums, and that the log, judged again, gives the rows that are stored.

use std::collections::BTreeMap;

use domain::id::OrganisationId;
use domain::team::Right;
use domain::{Context, Mutation, Scope};
use wire::hash::{Digest, Link, mutation_hash, row_hash, row_sum};

use crate::commit::{Batch, Rules, Sealed};
use crate::error::StoreError;
use crate::store::{Head, MemoryStore, OrgStore, OrgTx, Page, ScopeSum, Stored, StoredRow};

/// Lines and rows that are read at once.
const CHUNK: usize = 1_000;

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audit {
    pub lines: u64,
    pub rows: u64,
}

/// The first thing that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("number {seq} is missing from the log")]
    Gap { seq: u64 },
    #[error("the bytes of number {seq} are not those that were hashed")]
    Body { seq: u64 },
    #[error("the chain breaks at number {seq}")]
    Chain { seq: u64 },
    #[error("the log ends at {log}, the head says {head}")]
    Head { log: u64, head: u64 },
    #[error("a row is not what was hashed, or is newer than the head")]
    Row,
    #[error("the sum of a scope is not that of its rows")]
    Sum,
    #[error("number {seq}, judged again, gives something else")]
    Judged { seq: u64 },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Walks the log and all rows.
///
/// # Errors
/// The first [`Flaw`].
pub async fn audit(tx: &mut dyn OrgTx) -> Result<Audit, Flaw> {
    let head = tx.head().clone();
    let (mut seq, mut chain) = (0_u64, Digest::default());
    loop {
        let lines = tx.log(seq, CHUNK).await?;
        if lines.is_empty() {
            break;
        }
        for line in lines {
            let next = seq.saturating_add(1);
            if line.seq != next {
                return Err(Flaw::Gap { seq: next });
            }
            if mutation_hash(line.mid, line.v, &line.body) != line.h {
                return Err(Flaw::Body { seq: next });
            }
            let link = Link {
                before: &chain,
                seq: next,
                client: line.client,
                n: line.n,
                actor: line.actor.uuid(),
                at: line.at.as_microsecond(),
                h: &line.h,
                result: &line.result,
            };
            chain = link.digest();
            if chain != line.chain {
                return Err(Flaw::Chain { seq: next });
            }
            seq = next;
        }
    }
    if seq != head.seq {
        return Err(Flaw::Head { log: seq, head: head.seq });
    }
    if chain != head.chain {
        return Err(Flaw::Chain { seq });
    }
    let rows = rows(tx, &head).await?;
    Ok(Audit { lines: seq, rows: rows.len() as u64 })
}

async fn rows(tx: &mut dyn OrgTx, head: &Head) -> Result<BTreeMap<domain::Key, StoredRow>, Flaw> {
    let told: BTreeMap<Scope, ScopeSum> = tx.sums().await?.into_iter().collect();
    let scopes: Vec<Scope> = told.keys().copied().collect();
    let (mut rows, mut counted) = (BTreeMap::new(), BTreeMap::<Scope, ScopeSum>::new());
    let mut after = None;
    loop {
        let some = tx.rows_by_key(&scopes, after, Page { rows: CHUNK, bytes: usize::MAX }).await?;
        let Some(last) = some.last() else { break };
        after = Some(last.key);
        for row in some {
            if row_hash(&row.data) != row.hash || row.q > head.seq || row.record()?.key() != row.key {
                return Err(Flaw::Row);
            }
            let sum = counted.entry(row.scope).or_default();
            sum.sum = sum.sum.wrapping_add(row_sum(row.key, row.q, &row.hash));
            sum.rows = sum.rows.saturating_add(1);
            rows.insert(row.key, row);
        }
    }
    let same = told.iter().all(|(scope, sum)| counted.get(scope).copied().unwrap_or_default() == *sum);
    if same { Ok(rows) } else { Err(Flaw::Sum) }
}

/// Judges the whole log again, from nothing, and compares with what is stored. Holds all rows in memory.
///
/// # Errors
/// The first [`Flaw`].
pub async fn replay(organisation: OrganisationId, tx: &mut dyn OrgTx, rules: Rules) -> Result<Audit, Flaw> {
    let head = tx.head().clone();
    let nothing = nothing(organisation, &head).await?;
    let mut empty = nothing.write(organisation).await?;
    let mut batch = Batch::new(empty.head().clone());
    let mut seq = 0;
    loop {
        let lines = tx.log(seq, CHUNK).await?;
        if lines.is_empty() {
            break;
        }
        for line in lines {
            seq = line.seq;
            let mutation: Mutation = serde_json::from_str(&line.body).map_err(|_| Flaw::Body { seq })?;
            // a member never has this right: what stands here of it came by an invitation
            let context = match mutation.right() {
                Right::Admit => Context::invitation(organisation, line.actor, line.at),
                _ => Context::team(organisation, line.actor, line.at),
            };
            let sealed = Sealed {
                n: line.n,
                mid: line.mid,
                v: line.v,
                at: line.claimed_at,
                h: line.h,
                body: line.body,
                mutation,
            };
            let judged = batch.judge(empty.as_mut(), rules, &context, line.client, &sealed).await?;
            let again = batch.log.pop();
            if judged.is_err() || again.is_none_or(|again| again.chain != line.chain) {
                return Err(Flaw::Judged { seq });
            }
        }
    }
    let stored = rows(tx, &head).await?;
    if stored != batch.rows {
        return Err(Flaw::Row);
    }
    Ok(Audit { lines: seq, rows: stored.len() as u64 })
}

async fn nothing(organisation: OrganisationId, head: &Head) -> Stored<MemoryStore> {
    let store = MemoryStore::default();
    store.create(organisation, head.epoch).await?;
    Ok(store)
}
