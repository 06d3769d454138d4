//! One task for each organisation that somebody writes to: takes all that waits into the next transaction while the disk is busy with
//! the last one.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use domain::id::{OrganisationId, PersonId};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;
use wire::Fault;
use wire::push::{Answer, Outcome, PushReply};

use crate::commit::{Batched, Claims, Sealed, Stop, Turn, TurnEnd, run};
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
    /// Mutations of one client before another one has its turn.
    pub share: usize,
    /// Pushes that wait for an organisation; further ones are told to come again.
    pub waiting: usize,
    /// Pushes of one client that wait. It sends one at a time, and again if an answer does not come.
    pub waiting_of_client: usize,
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
            waiting_of_client: 4,
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
    pub founding: bool,
    pub mutations: Vec<Sealed>,
    /// Behind them stand so many of a newer program.
    pub newer: usize,
    pub reply: oneshot::Sender<Result<PushReply, Fault>>,
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

/// What waits: in the order in which clients are served, and of each client in its own order.
#[derive(Debug, Default)]
struct Queue {
    order: VecDeque<Uuid>,
    of: BTreeMap<Uuid, VecDeque<Progress>>,
    waiting: usize,
}

impl Queue {
    fn push(&mut self, submission: Submission, limits: &Limits) {
        let client = submission.client;
        let all = self.of.entry(client).or_default();
        if all.len() >= limits.waiting_of_client {
            // whoever waited for it has gone if this fails
            let _ = submission.reply.send(Err(Fault::Busy { retry_after_s: 1 }));
            return;
        }
        if all.is_empty() {
            self.order.push_back(client);
        }
        all.push_back(Progress { submission, answers: Vec::new(), claimed: false });
        self.waiting = self.waiting.saturating_add(1);
    }

    /// How many of each client come next: a share for each in turn, until a transaction is full.
    fn take(&self, limits: &Limits) -> Vec<(Uuid, usize)> {
        let mut taken: Vec<(Uuid, usize)> = Vec::new();
        let (mut count, mut bytes) = (0_usize, 0_usize);
        for client in &self.order {
            if count >= limits.batch || bytes >= limits.batch_bytes {
                break;
            }
            taken.push((*client, 0));
            grow(self.rest_of(*client), limits, &mut count, &mut bytes, taken.last_mut().map(|(_, take)| take));
        }
        // nobody else waits: those who do have the rest
        loop {
            let before = count;
            for (client, take) in &mut taken {
                grow(self.rest_of(*client), limits, &mut count, &mut bytes, Some(take));
            }
            if count == before {
                break;
            }
        }
        // who found no room keeps their place; a push of nothing asks only where things stand
        taken.retain(|(client, take)| *take > 0 || self.rest_of(*client).is_empty());
        taken
    }

    fn rest_of(&self, client: Uuid) -> &[Sealed] {
        self.of.get(&client).and_then(VecDeque::front).map(Progress::rest).unwrap_or_default()
    }

    fn front(&mut self, client: Uuid) -> Option<&mut Progress> {
        self.of.get_mut(&client).and_then(VecDeque::front_mut)
    }

    /// The first push of a client is over.
    fn pop(&mut self, client: Uuid) -> Option<Progress> {
        let all = self.of.get_mut(&client)?;
        let done = all.pop_front();
        if all.is_empty() {
            self.of.remove(&client);
            self.order.retain(|waits| *waits != client);
        }
        self.waiting = self.waiting.saturating_sub(usize::from(done.is_some()));
        done
    }

    /// Those who were served stand behind those who were not.
    fn served(&mut self, clients: &[Uuid]) {
        for client in clients.iter().filter(|client| self.of.contains_key(client)) {
            self.order.retain(|waits| waits != client);
            self.order.push_back(*client);
        }
    }
}

/// One more share, as far as there is room.
fn grow(rest: &[Sealed], limits: &Limits, count: &mut usize, bytes: &mut usize, take: Option<&mut usize>) {
    let Some(take) = take else { return };
    for sealed in rest.iter().skip(*take).take(limits.share) {
        let size = sealed.body.len();
        if *count >= limits.batch || (*count > 0 && bytes.saturating_add(size) > limits.batch_bytes) {
            return;
        }
        *count = count.saturating_add(1);
        *bytes = bytes.saturating_add(size);
        *take = take.saturating_add(1);
    }
}

/// Serves one organisation until nobody has come for a while.
pub(crate) async fn serve(shared: Shared, organisation: OrganisationId, mut mailbox: mpsc::Receiver<Submission>) {
    let limits = shared.limits();
    let mut queue = Queue::default();
    loop {
        if queue.waiting == 0 {
            match tokio::time::timeout(limits.idle, mailbox.recv()).await {
                Ok(Some(submission)) => queue.push(submission, &limits),
                Ok(None) => return,
                Err(_) if shared.retire(organisation, &mailbox) => return,
                Err(_) => continue,
            }
        }
        while queue.waiting < limits.waiting {
            let Ok(submission) = mailbox.try_recv() else { break };
            queue.push(submission, &limits);
        }
        let taken = queue.take(&limits);
        let there = taken.is_empty() || commit(&shared, organisation, &mut queue, &taken).await;
        // an id that somebody made up keeps no task
        if !there && queue.waiting == 0 && shared.retire(organisation, &mailbox) {
            return;
        }
    }
}

/// `false`: there is no such organisation.
async fn commit(shared: &Shared, organisation: OrganisationId, queue: &mut Queue, taken: &[(Uuid, usize)]) -> bool {
    let done = attempt(shared, organisation, queue, taken).await;
    let there = !matches!(done, Err(StoreError::Unknown));
    match done {
        Ok(Batched { head, ends }) => {
            // after the commit and before the answers: who reads an answer finds everybody told
            shared.hub().publish(organisation, head.seq);
            for ((client, take), end) in taken.iter().zip(ends) {
                settle(queue, *client, *take, end, &head);
            }
        }
        Err(error) => {
            tracing::warn!(organisation = %organisation, store.error = %error, "a batch was not committed, or nobody knows");
            for (client, _) in taken {
                if let Some(progress) = queue.pop(*client) {
                    let _ = progress.submission.reply.send(Err(error.into()));
                }
            }
        }
    }
    let clients: Vec<Uuid> = taken.iter().map(|(client, _)| *client).collect();
    queue.served(&clients);
    there
}

async fn attempt(
    shared: &Shared,
    organisation: OrganisationId,
    queue: &Queue,
    taken: &[(Uuid, usize)],
) -> Stored<Batched> {
    let fronts = taken.iter().filter_map(|(client, take)| {
        let progress = queue.of.get(client)?.front()?;
        Some((progress, *take))
    });
    let turns: Vec<Turn<'_>> = fronts
        .map(|(progress, take)| Turn {
            actor: progress.submission.actor,
            client: progress.submission.client,
            claims: (!progress.claimed).then_some(progress.submission.claims),
            founding: progress.submission.founding,
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
fn settle(queue: &mut Queue, client: Uuid, take: usize, end: TurnEnd, head: &crate::store::Head) {
    let Some(progress) = queue.front(client) else { return };
    progress.claimed = true;
    let done = end.answers.len();
    progress.answers.extend(end.answers);
    let over = progress.answers.len() >= progress.submission.mutations.len();
    let later = match end.stopped {
        Some(Stop::Fault(fault)) => {
            if let Some(progress) = queue.pop(client) {
                let _ = progress.submission.reply.send(Err(fault));
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
    let Some(Progress { submission, mut answers, .. }) = queue.pop(client) else { return };
    let all = submission.mutations.len().saturating_add(submission.newer);
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
    };
    let _ = submission.reply.send(Ok(reply));
}
