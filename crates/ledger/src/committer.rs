//! One task for each organisation that somebody writes to: takes all that waits into the next transaction while the disk is busy with
//! the last one.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use domain::id::{OrganisationId, PersonId};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;
use wire::Fault;
use wire::push::{Answer, Outcome, PushReply};

use crate::admission::Place;
use crate::commit::{Batched, Claims, Origin, Sealed, Stop, Turn, TurnEnd, run};
use crate::error::StoreError;
use crate::ledger::Shared;
use crate::store::Stored;

/// How much is taken at once, and how much may wait.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Mutations of one transaction.
    pub batch: usize,
    /// Bytes of their bodies, except for the first.
    pub batch_bytes: usize,
    /// Mutations of one person, whatever databases they come from, before another one has their turn.
    pub share: usize,
    /// Pushes that wait for an organisation; further ones are told to come again.
    pub waiting: usize,
    /// Bytes of the pushes that wait for an organisation.
    pub waiting_bytes: usize,
    /// Pushes of one person that wait for an organisation. A database sends one at a time, and again if an answer does not come.
    pub waiting_of_person: usize,
    /// Bytes of the pushes of one person that wait for an organisation.
    pub waiting_bytes_of_person: usize,
    /// Bytes of the pushes that wait for all organisations of a server.
    pub waiting_bytes_of_all: usize,
    /// After so long without a push the task ends.
    pub idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            batch: 256,
            batch_bytes: 1_000_000,
            share: 32,
            waiting: 1_024,
            waiting_bytes: 32_000_000,
            waiting_of_person: 32,
            waiting_bytes_of_person: 8_000_000,
            waiting_bytes_of_all: 256_000_000,
            idle: Duration::from_secs(30),
        }
    }
}

/// A push that waits.
#[derive(Debug)]
pub(crate) struct Submission {
    pub actor: PersonId,
    pub client: Uuid,
    pub claims: Claims,
    pub origin: Origin,
    pub mutations: Vec<Sealed>,
    /// Behind them stand so many of a newer program.
    pub newer: usize,
    /// Given back with the answer.
    pub place: Place,
    pub reply: oneshot::Sender<Result<PushReply, Fault>>,
}

impl Submission {
    fn answer(self, answer: Result<PushReply, Fault>) {
        // before the answer: who has it may send the next
        drop(self.place);
        // whoever waited for it has gone if this fails
        let _ = self.reply.send(answer);
    }
}

/// A push of which some may be done.
#[derive(Debug)]
struct Progress {
    submission: Submission,
    answers: Vec<Answer>,
    claimed: bool,
}

impl Progress {
    fn rest(&self) -> &[Sealed] {
        self.submission.mutations.get(self.answers.len()..).unwrap_or_default()
    }
}

/// A database of a person. Somebody else who says to be the same database stands in a line of their own.
type Slot = (PersonId, Uuid);

/// What waits of one person: their databases in the order in which they are served, and of each its pushes in their own order.
#[derive(Debug, Default)]
struct Line {
    order: VecDeque<Uuid>,
    of: BTreeMap<Uuid, VecDeque<Progress>>,
}

/// What waits, with people in the order in which they are served.
#[derive(Debug, Default)]
struct Queue {
    order: VecDeque<PersonId>,
    of: BTreeMap<PersonId, Line>,
}

impl Queue {
    fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    fn push(&mut self, submission: Submission) {
        let (person, client) = (submission.actor, submission.client);
        if !self.of.contains_key(&person) {
            self.order.push_back(person);
        }
        let line = self.of.entry(person).or_default();
        let all = line.of.entry(client).or_default();
        if all.is_empty() {
            line.order.push_back(client);
        }
        all.push_back(Progress { submission, answers: Vec::new(), claimed: false });
    }

    /// How many of each database come next: a share for each person in turn, until a transaction is full.
    fn take(&self, limits: &Limits) -> Vec<(Slot, usize)> {
        let mut taken: Vec<(Slot, usize)> = Vec::new();
        let (mut count, mut bytes) = (0_usize, 0_usize);
        // the first turn of all, then, if nobody else waits, the rest of those who do
        loop {
            let before = (count, taken.len());
            for person in &self.order {
                if count >= limits.batch || bytes >= limits.batch_bytes {
                    break;
                }
                self.grow(*person, limits, &mut count, &mut bytes, &mut taken);
            }
            if (count, taken.len()) == before {
                break;
            }
        }
        // who found no room keeps their place; a push of nothing asks only where things stand
        taken.retain(|(slot, take)| *take > 0 || self.rest_of(*slot).is_empty());
        taken
    }

    /// One more share of a person, as far as there is room, in equal portions from each of their databases.
    fn grow(
        &self,
        person: PersonId,
        limits: &Limits,
        count: &mut usize,
        bytes: &mut usize,
        taken: &mut Vec<(Slot, usize)>,
    ) {
        let Some(line) = self.of.get(&person) else { return };
        let most = count.saturating_add(limits.share);
        let portion = limits.share.div_ceil(line.order.len().max(1)).max(1);
        for client in &line.order {
            let slot = (person, *client);
            let rest = self.rest_of(slot);
            let known = taken.iter().position(|(known, _)| *known == slot);
            let had = known.and_then(|at| taken.get(at)).map_or(0, |(_, take)| *take);
            let mut take = had;
            for sealed in rest.iter().skip(had).take(portion) {
                let size = sealed.body.len();
                let full = *count >= limits.batch || *count >= most;
                if full || (*count > 0 && bytes.saturating_add(size) > limits.batch_bytes) {
                    break;
                }
                *count = count.saturating_add(1);
                *bytes = bytes.saturating_add(size);
                take = take.saturating_add(1);
            }
            match known.and_then(|at| taken.get_mut(at)) {
                Some(known) => known.1 = take,
                None => taken.push((slot, take)),
            }
        }
    }

    fn rest_of(&self, slot: Slot) -> &[Sealed] {
        self.first(slot).map(Progress::rest).unwrap_or_default()
    }

    fn first(&self, (person, client): Slot) -> Option<&Progress> {
        self.of.get(&person)?.of.get(&client)?.front()
    }

    fn front(&mut self, (person, client): Slot) -> Option<&mut Progress> {
        self.of.get_mut(&person)?.of.get_mut(&client)?.front_mut()
    }

    /// The first push of a database is over.
    fn pop(&mut self, (person, client): Slot) -> Option<Progress> {
        let line = self.of.get_mut(&person)?;
        let all = line.of.get_mut(&client)?;
        let done = all.pop_front();
        if all.is_empty() {
            line.of.remove(&client);
            line.order.retain(|waits| *waits != client);
        }
        if line.of.is_empty() {
            self.of.remove(&person);
            self.order.retain(|waits| *waits != person);
        }
        done
    }

    /// Those who were served stand behind those who were not.
    fn served(&mut self, slots: &[Slot]) {
        for (person, client) in slots {
            let Some(line) = self.of.get_mut(person) else { continue };
            if line.of.contains_key(client) {
                line.order.retain(|waits| waits != client);
                line.order.push_back(*client);
            }
            self.order.retain(|waits| waits != person);
            self.order.push_back(*person);
        }
    }
}

/// Serves one organisation until nobody has come for a while.
pub(crate) async fn serve(shared: Shared, organisation: OrganisationId, mut mailbox: mpsc::Receiver<Submission>) {
    let limits = shared.limits();
    let mut queue = Queue::default();
    loop {
        if queue.is_empty() {
            match tokio::time::timeout(limits.idle, mailbox.recv()).await {
                Ok(Some(submission)) => queue.push(submission),
                Ok(None) => return,
                Err(_) if shared.retire(organisation, &mailbox) => return,
                Err(_) => continue,
            }
        }
        // no more than were admitted
        while let Ok(submission) = mailbox.try_recv() {
            queue.push(submission);
        }
        let taken = queue.take(&limits);
        let there = taken.is_empty() || commit(&shared, organisation, &mut queue, &taken).await;
        // an id that somebody made up keeps no task
        if !there && queue.is_empty() && shared.retire(organisation, &mailbox) {
            return;
        }
    }
}

/// `false`: there is no such organisation.
async fn commit(shared: &Shared, organisation: OrganisationId, queue: &mut Queue, taken: &[(Slot, usize)]) -> bool {
    let done = attempt(shared, organisation, queue, taken).await;
    let there = !matches!(done, Err(StoreError::Unknown));
    match done {
        Ok(Batched { head, ends }) => {
            // after the commit and before the answers: who reads an answer finds everybody told
            shared.hub().publish(organisation, head.seq);
            for ((slot, take), end) in taken.iter().zip(ends) {
                settle(queue, *slot, *take, end, &head);
            }
        }
        Err(error) => {
            tracing::warn!(organisation = %organisation, store.error = %error, "a batch was not committed, or nobody knows");
            for (slot, _) in taken {
                if let Some(progress) = queue.pop(*slot) {
                    progress.submission.answer(Err(error.into()));
                }
            }
        }
    }
    let slots: Vec<Slot> = taken.iter().map(|(slot, _)| *slot).collect();
    queue.served(&slots);
    there
}

async fn attempt(
    shared: &Shared,
    organisation: OrganisationId,
    queue: &Queue,
    taken: &[(Slot, usize)],
) -> Stored<Batched> {
    let turns: Vec<Turn<'_>> = taken
        .iter()
        .filter_map(|(slot, take)| Some((queue.first(*slot)?, *take)))
        .map(|(progress, take)| Turn {
            actor: progress.submission.actor,
            client: progress.submission.client,
            claims: (!progress.claimed).then_some(progress.submission.claims),
            origin: progress.submission.origin,
            rest: progress.rest(),
            take,
        })
        .collect();
    let mut tx = shared.store().write(organisation).await?;
    let batched = run(tx.as_mut(), organisation, shared.rules(), &turns).await?;
    #[cfg(feature = "planted")]
    if domain::planted::is(domain::planted::Planted::AnsweredBeforeCommit) {
        let _ = tx.commit().await;
        return Ok(batched);
    }
    tx.commit().await?;
    Ok(batched)
}

/// Notes what became of a turn, and answers if the push is over.
fn settle(queue: &mut Queue, slot: Slot, take: usize, end: TurnEnd, head: &crate::store::Head) {
    let Some(progress) = queue.front(slot) else { return };
    progress.claimed = true;
    let done = end.answers.len();
    progress.answers.extend(end.answers);
    let over = progress.answers.len() >= progress.submission.mutations.len();
    let later = match end.stopped {
        Some(Stop::Fault(fault)) => {
            if let Some(progress) = queue.pop(slot) {
                progress.submission.answer(Err(fault));
            }
            return;
        }
        Some(Stop::Later) => true,
        // a turn that does nothing and stops nowhere would come again for ever
        None => done == 0 && take > 0 && !over,
    };
    if !over && !later {
        return;
    }
    let Some(Progress { submission, mut answers, .. }) = queue.pop(slot) else { return };
    let all = submission.mutations.len().saturating_add(submission.newer);
    // all that this build knows was judged, and what comes then is newer
    let server_is_older = over && submission.newer > 0;
    answers.resize(all, Answer::RetryLater);
    let first = submission.mutations.first().map_or(end.last_n.saturating_add(1), |first| first.n);
    let results = (first..).zip(answers).map(|(n, answer)| Outcome { n, answer }).collect();
    let reply = PushReply {
        epoch: head.epoch,
        head: head.seq,
        // nothing is replicated from here: what is committed is as safe as this database
        durable_seq: head.seq,
        server_time: head.now,
        last_n: end.last_n,
        results,
        server_is_older,
    };
    submission.answer(Ok(reply));
}
