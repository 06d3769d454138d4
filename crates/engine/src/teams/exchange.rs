use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::id::{OrganisationId, PersonId};
use domain::{Context, Record, Scope};
use jiff::Timestamp;
use store::{Answer, Exit, Pending, Pulled, PulledRow, Replica, Store, StoreError, Taken};
use uuid::Uuid;
use wire::Fault;
use wire::hash::{Digest, Digest16, row_hash, row_sum};
use wire::pull::{PAGE_MAX, Pull, PullReply};
use wire::push::{Answer as Decided, BODIES_MAX, Envelope, MUTATIONS_MAX, Push, PushReply};
use wire::quarantine::Quarantine;

/// Pushes of one exchange; what is left goes with the next.
const ROUNDS_MAX: usize = 400;
/// Pushes before a pull tells what became of them: all of their answers fit into its reply.
const PUSHES_MAX: usize = 3;
/// How often one exchange begins anew because the two know different histories. More than all reasons together can come in a row.
const RECOVERIES_MAX: usize = 8;
/// Pages of one pull: forty million records.
const PAGES_MAX: usize = 20_000;
/// Changes that are looked at once to find out to which one an answer belongs.
const PENDING_MAX: u32 = 100_000;

/// The server of an organisation, as far as an exchange needs it.
#[async_trait]
pub trait Remote: Send + Sync {
    /// # Errors
    /// [`Trouble`].
    async fn push(&self, push: &Push) -> Result<PushReply, Trouble>;
    /// # Errors
    /// [`Trouble`].
    async fn pull(&self, pull: &Pull) -> Result<PullReply, Trouble>;
    /// # Errors
    /// [`Trouble`].
    async fn quarantine(&self, upload: &Quarantine) -> Result<(), Trouble>;
}

/// Why a request was not answered as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error(transparent)]
    Refused(#[from] Fault),
    /// It may have arrived.
    #[error("the server cannot be reached")]
    Unreachable,
}

/// Whose device this is, and what it takes from outside.
pub struct Device<'a> {
    pub organisation: OrganisationId,
    pub person: PersonId,
    pub now: Timestamp,
    /// A fresh UUID: the name of a database that went on elsewhere.
    pub fresh: &'a (dyn Fn() -> Result<Uuid, StoreError> + Send + Sync),
}

impl std::fmt::Debug for Device<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device").field("organisation", &self.organisation).field("person", &self.person).finish()
    }
}

/// What came of an exchange.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exchanged {
    /// The records that may look different now, and how many changes were refused.
    pub taken: Taken,
    /// So often what came did not add up, and everything was asked for anew: a fault, of one end or the other.
    pub mended: u32,
    /// The server is behind this program, or busy: what waits goes with the next exchange.
    pub later: bool,
    /// It waits because the server does not know yet what this program does.
    pub server_is_older: bool,
    /// What the server cannot lose any more.
    pub durable: u64,
    /// The number of the organisation up to which everything is here.
    pub head: u64,
}

/// Why an exchange did not come to its end. What was taken until then is kept.
#[derive(Debug, thiserror::Error)]
pub enum NotExchanged {
    #[error("this profile belongs to no organisation")]
    NoReplica,
    /// Whatever is unsent is to be handed over ([`hand_over_unsent`]), and the profile deleted.
    #[error("you are no member of this organisation any more")]
    Revoked,
    #[error("the sign-in at the server has ended")]
    SignInEnded,
    #[error("this program is too old for the server: please update it")]
    UpgradeRequired,
    /// Seconds that the server asks to wait, if it says so.
    #[error("the server cannot be reached now")]
    Later(Option<u32>),
    /// The two do not agree, and beginning anew did not help.
    #[error("the server and this computer know different histories")]
    NoAgreement,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sends what waits and takes what came, until nothing waits and nothing is new.
///
/// # Errors
/// [`NotExchanged`].
pub async fn exchange(store: &Store, remote: &dyn Remote, device: &Device<'_>) -> Result<Exchanged, NotExchanged> {
    if store.replica().await?.is_none() {
        return Err(NotExchanged::NoReplica);
    }
    let mut done = Exchanged::default();
    let mut recoveries = 0;
    for _ in 0..ROUNDS_MAX {
        let ended = match round(store, remote, device, &mut done).await {
            Ok(true) => return Ok(done),
            Ok(false) => continue,
            Err(ended) => ended,
        };
        recoveries += 1;
        match ended {
            Ended::Store(error) => return Err(error.into()),
            _ if recoveries > RECOVERIES_MAX => return Err(NotExchanged::NoAgreement),
            Ended::Trouble(trouble) => recover(store, device, trouble).await?,
            Ended::Checksum => {
                tracing::error!("what came from the server does not add up: everything is asked for anew");
                done.mended += 1;
                store.forget_cursor().await?;
            }
        }
    }
    done.later = true;
    Ok(done)
}

enum Ended {
    Trouble(Trouble),
    Checksum,
    Store(StoreError),
}

impl From<Trouble> for Ended {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// One push, and a pull to the end. Whether nothing is left to do.
async fn round(store: &Store, remote: &dyn Remote, device: &Device<'_>, done: &mut Exchanged) -> Result<bool, Ended> {
    // looked at before; nothing takes it away
    let Some(replica) = store.replica().await? else { return Ok(true) };
    let mut stuck = true;
    // before the first pull nothing is known of the server; what waits then was taken along from elsewhere
    let (mut after, most) = (0, u32::try_from(MUTATIONS_MAX).unwrap_or(u32::MAX));
    for _ in 0..PUSHES_MAX {
        let waiting = store.send_pending(after, most, BODIES_MAX).await?;
        let Some(last) = waiting.last().map(|last| last.n) else { break };
        let mutations = waiting.iter().map(envelope).collect::<Result<_, _>>()?;
        let push = Push { client: replica.client, epoch: replica.epoch, base: None, mutations };
        let reply = remote.push(&push).await?;
        done.durable = done.durable.max(reply.durable_seq);
        let later = reply.results.iter().any(|outcome| outcome.answer == Decided::RetryLater);
        done.later |= later;
        done.server_is_older |= reply.server_is_older;
        stuck = later || reply.results.is_empty();
        // what comes behind something that was not decided is not decided either; and what was written meanwhile may still be written into
        if stuck || reply.last_n < last || waiting.len() < MUTATIONS_MAX {
            break;
        }
        after = last;
    }
    pull(store, remote, device, &replica, done).await?;
    Ok(stuck || store.pending_count().await? == 0)
}

fn envelope(pending: &Pending) -> Result<Envelope, StoreError> {
    let unreadable = |_| StoreError::Unreadable { table: "pending", id: pending.mid.to_string() };
    let body = serde_json::value::RawValue::from_string(pending.body.clone()).map_err(unreadable)?;
    Ok(Envelope { n: pending.n, mid: pending.mid, v: pending.v, at: pending.made_at, group: None, body })
}

/// Asks for pages until one says that it is the last, and takes them all at once: a page alone is no state that ever was.
async fn pull(
    store: &Store,
    remote: &dyn Remote,
    device: &Device<'_>,
    replica: &Replica,
    done: &mut Exchanged,
) -> Result<(), Ended> {
    let waiting = store.pending(PENDING_MAX).await?;
    let seen_n = waiting.first().map_or(replica.last_n, |first| first.n.saturating_sub(1));
    // an answer to what was never sent is one to a twin of this database
    let mids: BTreeMap<u64, Uuid> = waiting.iter().filter(|one| one.sent).map(|one| (one.n, one.mid)).collect();
    let unsent = waiting.iter().find(|one| !one.sent).map(|one| one.n);
    let known = waiting.last().map_or(replica.last_n, |last| last.n.max(replica.last_n));
    let mut pulled = Pulled { whole: replica.cursor.is_none(), ..Pulled::default() };
    let mut cursor = replica.cursor.clone();
    let mut pages = 0_usize;
    let (sums, head) = loop {
        let asked = Pull { client: replica.client, cursor: cursor.clone(), seen_n, limit: PAGE_MAX };
        let reply = remote.pull(&asked).await?;
        if reply.last_n > known || unsent.is_some_and(|unsent| reply.last_n >= unsent) {
            // the server has numbers that this database never used for what it sent
            return Err(Trouble::Refused(Fault::ForkDetected { n: reply.last_n }).into());
        }
        #[cfg(feature = "planted")]
        if domain::planted::is(domain::planted::Planted::PagesNotKept) {
            pulled.rows.clear();
        }
        let now = reply.head;
        let sums = page(&mut pulled, reply, &mids)?;
        pages += 1;
        match sums {
            Some(sums) => break (sums, now),
            None if pages >= PAGES_MAX || cursor.as_ref() == Some(&pulled.cursor) => return Err(Ended::Checksum),
            None => cursor = Some(pulled.cursor.clone()),
        }
    };
    let context = |at| Context::team(device.organisation, device.person, at);
    let taken = store.take(&pulled, device.now, |set, mutation, at| domain::apply(&context(at), set, mutation)).await?;
    done.taken.touched.extend(taken.touched);
    done.taken.refused += taken.refused;
    let there = sums.iter().map(|(scope, sum)| (scope.to_string(), u128::from_le_bytes(sum.0)));
    let there: BTreeMap<String, u128> = there.filter(|(_, sum)| *sum != 0).collect();
    // the sums that were kept after every pull; every row only when every row came, which is dear anyway
    if store.scope_sums().await? != there || (pulled.whole && recomputed(store).await?.as_ref() != Some(&there)) {
        return Err(Ended::Checksum);
    }
    done.head = head;
    Ok(())
}

/// Puts a page behind those before it; the checksums come with the last.
fn page(
    pulled: &mut Pulled,
    reply: PullReply,
    mids: &BTreeMap<u64, Uuid>,
) -> Result<Option<BTreeMap<Scope, Digest16>>, Ended> {
    for row in reply.rows {
        // the hash below is over these bytes: what cannot be read came as it was sent, and a newer program wrote it
        let newer = |_| Trouble::Refused(Fault::UpgradeRequired { min: wire::MUTATION_VERSION.saturating_add(1) });
        let record: Record = serde_json::from_str(row.d.get()).map_err(newer)?;
        let hash = row_hash(row.d.get());
        let sum = row_sum(record.key(), row.q, &hash);
        let (scope, hash) = (row.scope.to_string(), hash.0.to_vec());
        pulled.rows.push(PulledRow { record, scope, row_seq: row.q, hash, sum });
    }
    pulled.exits.extend(reply.exits.into_iter().map(|exit| Exit {
        scope: exit.scope.to_string(),
        key: exit.key,
        row_seq: exit.q,
    }));
    // what an earlier page brought of a scope that is lost by now goes with it
    let dropped: Vec<String> = reply.scope_drop.iter().map(Scope::to_string).collect();
    pulled.rows.retain(|row| !dropped.contains(&row.scope));
    pulled.dropped.extend(dropped);
    for outcome in reply.results {
        let Some(mid) = mids.get(&outcome.n).copied() else { continue };
        let decided = match outcome.answer {
            Decided::Applied { seq } => Ok(seq),
            Decided::Rejected { detail, .. } => Err(detail.to_string()),
            Decided::RetryLater => continue,
        };
        pulled.answers.push(Answer { mid, decided });
    }
    (pulled.epoch, pulled.cursor, pulled.last_n) = (reply.epoch, reply.cursor, reply.last_n);
    Ok(reply.complete.then_some(reply.sums))
}

/// What is here, added up anew row by row; `None` if a row cannot be what came.
async fn recomputed(store: &Store) -> Result<Option<BTreeMap<String, u128>>, StoreError> {
    let mut here: BTreeMap<String, u128> = BTreeMap::new();
    for row in store.confirmed().await? {
        let Ok(hash) = Digest::try_from(row.hash.as_slice()) else { return Ok(None) };
        let sum = here.entry(row.scope).or_default();
        *sum = sum.wrapping_add(row_sum(row.key, row.row_seq, &hash));
    }
    here.retain(|_, sum| *sum != 0);
    Ok(Some(here))
}

/// Does what the server's refusal asks for, so that the next round can go on.
async fn recover(store: &Store, device: &Device<'_>, trouble: Trouble) -> Result<(), NotExchanged> {
    let fault = match trouble {
        Trouble::Unreachable => return Err(NotExchanged::Later(None)),
        Trouble::Refused(fault) => fault,
    };
    tracing::info!(fault = %fault, "the server sees it differently");
    match fault {
        Fault::Gap { expected } => go_back(store, device, expected.saturating_sub(1)).await?,
        Fault::EpochChanged { last_n, .. } => go_back(store, device, last_n).await?,
        Fault::ForkDetected { .. } | Fault::HistoryDiverged => fork(store, device).await?,
        Fault::CursorExpired => store.forget_cursor().await?,
        // numbers with a gap, or in another order: nothing is wrong with what they stand for
        Fault::Malformed { n: Some(_), ref place } if place == "n" => store.requeue(waiting_from(store).await?).await?,
        Fault::Malformed { n: Some(n), .. } => set_aside(store, n, &fault, device.now).await?,
        Fault::TooLarge { .. } => match largest(store).await? {
            Some(n) => set_aside(store, n, &fault, device.now).await?,
            None => store.forget_cursor().await?,
        },
        // a cursor that the server does not read
        Fault::Malformed { n: None, .. } => store.forget_cursor().await?,
        Fault::AccessRevoked | Fault::DeviceRevoked => return Err(NotExchanged::Revoked),
        Fault::Unauthenticated => return Err(NotExchanged::SignInEnded),
        Fault::UpgradeRequired { .. } => return Err(NotExchanged::UpgradeRequired),
        Fault::Busy { retry_after_s } | Fault::Unavailable { retry_after_s } => {
            return Err(NotExchanged::Later(Some(retry_after_s)));
        }
    }
    Ok(())
}

/// The server has what was sent up to number `n`. A number that this database never used is one of a twin that went on.
async fn go_back(store: &Store, device: &Device<'_>, n: u64) -> Result<(), NotExchanged> {
    let last = store.pending(PENDING_MAX).await?.last().map_or(0, |last| last.n);
    let last = store.replica().await?.map_or(last, |replica| last.max(replica.last_n));
    if n > last { fork(store, device).await } else { Ok(store.requeue(n).await?) }
}

/// Goes on under another name.
async fn fork(store: &Store, device: &Device<'_>) -> Result<(), NotExchanged> {
    // the same database on the same disk: what is kept outside of it still says so
    let nonce = store.replica().await?.map(|replica| replica.nonce).unwrap_or_default();
    Ok(store.fork_replica((device.fresh)()?, &nonce).await?)
}

/// The number before the first that waits.
async fn waiting_from(store: &Store) -> Result<u64, StoreError> {
    Ok(store.pending(1).await?.first().map_or(0, |first| first.n.saturating_sub(1)))
}

/// What waits and is too large for any push.
async fn largest(store: &Store) -> Result<Option<u64>, StoreError> {
    let waiting = store.pending(PENDING_MAX).await?;
    Ok(waiting.iter().find(|one| one.body.len() > BODIES_MAX).map(|one| one.n))
}

async fn set_aside(store: &Store, n: u64, fault: &Fault, now: Timestamp) -> Result<(), NotExchanged> {
    let refusal = serde_json::json!({ "fault": fault }).to_string();
    Ok(store.set_pending_aside(n, &refusal, now).await?)
}

/// Gives whatever was not sent to those who manage the organisation, before the profile of a removed member is deleted.
///
/// # Errors
/// [`NotExchanged::Later`]: not all of it is there yet; the profile must not be deleted.
pub async fn hand_over_unsent(store: &Store, remote: &dyn Remote) -> Result<(), NotExchanged> {
    let Some(replica) = store.replica().await? else { return Err(NotExchanged::NoReplica) };
    let waiting = store.pending(PENDING_MAX).await?;
    let (mut batch, mut bytes) = (Vec::new(), 0_usize);
    let mut batches = Vec::new();
    for pending in &waiting {
        let full = batch.len() >= MUTATIONS_MAX || bytes.saturating_add(pending.body.len()) > BODIES_MAX;
        if full && !batch.is_empty() {
            batches.push(std::mem::take(&mut batch));
            bytes = 0;
        }
        bytes = bytes.saturating_add(pending.body.len());
        batch.push(envelope(pending)?);
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    for mutations in batches {
        match remote.quarantine(&Quarantine { client: replica.client, mutations }).await {
            // one that is too large, or of somebody who never was a member: nobody wants it
            Ok(()) | Err(Trouble::Refused(Fault::TooLarge { .. } | Fault::AccessRevoked)) => {}
            Err(Trouble::Refused(Fault::Unauthenticated)) => return Err(NotExchanged::SignInEnded),
            Err(_) => return Err(NotExchanged::Later(None)),
        }
    }
    Ok(())
}
