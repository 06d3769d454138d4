//! A simulator that finds nothing proves nothing: each fault that is built in must be found.

use std::collections::BTreeMap;

use domain::id::JobId;
use domain::job::{Job, JobState, Outcome};
use domain::{Context, Key, Mutation, Record, Reject};

use crate::run::simulate;

/// A fault that is built in on purpose, in what surrounds the rules or by bending what they decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    Nothing,
    /// What may have been sent is called never sent.
    RetryBlindly,
    /// The publisher takes the fence that stands there, not the one of its claim.
    FenceIgnored,
    /// The ticket is not on the disk when the request leaves.
    TicketNotKept,
    /// What is sent is the draft of that moment.
    TextExchanged,
    /// A ticket is used however long ago it was issued.
    OldTicketsUsed,
    /// The network does not do what its adapter says of keys.
    NetworkIgnoresKeys,
    /// It does, for minutes instead of an hour.
    NetworkForgetsKeys,
    /// A repeat does not wait until the server has finished with the first request.
    SlowServerNotAwaited,
    /// Who is making a delivery ready is not told that the text changed.
    TextNotTakenBack,
    /// The ticket is issued without a look at the sign-off.
    HashNotCompared,
    /// "It is there" counts only as long as somebody waits for it.
    LateTruthRefused,
    /// A step of a delivery leaves the word of its post as it was.
    WordNotUpdated,
    /// A post is signed off, and one of its deliveries is not written.
    DeliveryForgotten,
    /// A deleted post comes back without what it waited for.
    RestoredAtRest,
    /// Undo brings back the text, without its variants.
    UndoForgetsVariants,
}

const ALL: [Plant; 15] = [
    Plant::RetryBlindly,
    Plant::FenceIgnored,
    Plant::TicketNotKept,
    Plant::TextExchanged,
    Plant::OldTicketsUsed,
    Plant::NetworkIgnoresKeys,
    Plant::NetworkForgetsKeys,
    Plant::SlowServerNotAwaited,
    Plant::TextNotTakenBack,
    Plant::HashNotCompared,
    Plant::LateTruthRefused,
    Plant::WordNotUpdated,
    Plant::DeliveryForgotten,
    Plant::RestoredAtRest,
    Plant::UndoForgetsVariants,
];

type Decided = Result<Vec<Record>, Reject>;

impl Plant {
    /// What the rules would decide if they had this fault.
    pub fn decide(
        self,
        context: &Context,
        records: &BTreeMap<Key, Record>,
        mutation: &Mutation,
        decided: Decided,
    ) -> Decided {
        let stored = |id: &JobId| match records.get(&Key::Job(*id)) {
            Some(Record::Job(job)) => Some(job.clone()),
            _ => None,
        };
        match (self, mutation) {
            (Self::SlowServerNotAwaited, Mutation::Report { .. } | Mutation::LoseAnswer { .. }) => {
                decided.map(|writes| each_job(writes, |job| job.deadline = None))
            }
            (Self::TextNotTakenBack, Mutation::EditDraft { .. } | Mutation::RestoreVersion { .. })
            | (Self::RestoredAtRest, Mutation::RestorePost { .. }) => {
                decided.map(|writes| writes.into_iter().filter(|record| !matches!(record, Record::Job(_))).collect())
            }
            (Self::HashNotCompared, Mutation::BeginSend { job, fence })
                if decided == Err(Reject::ChangedAfterSignOff) =>
            {
                let job = stored(job).ok_or(Reject::NotFound)?;
                job.begin_send(*fence, None, context.now).map(|job| vec![Record::Job(job)])
            }
            (Self::LateTruthRefused, Mutation::Report { job, outcome: Outcome::Published { .. }, .. }) => {
                let state = stored(job).ok_or(Reject::NotFound)?.state;
                if state == JobState::Sending { decided } else { Err(Reject::JobIs { state }) }
            }
            (Self::WordNotUpdated, Mutation::Report { .. } | Mutation::BeginSend { .. }) => {
                decided.map(|writes| writes.into_iter().filter(|record| !matches!(record, Record::Post(_))).collect())
            }
            (Self::DeliveryForgotten, Mutation::SchedulePost { .. }) => decided.map(|mut writes| {
                let last = writes.iter().rposition(|record| matches!(record, Record::Job(_)));
                last.map(|last| writes.remove(last));
                writes
            }),
            _ => decided,
        }
    }

    /// What would take a mutation back if undo had this fault.
    pub fn undo(self, inverse: Option<Mutation>) -> Option<Mutation> {
        match (self, inverse) {
            (Self::UndoForgetsVariants, Some(Mutation::RestoreVersion { post, read, seen, mut draft })) => {
                draft.targets.iter_mut().for_each(|target| target.variant = None);
                Some(Mutation::RestoreVersion { post, read, seen, draft })
            }
            (_, inverse) => inverse,
        }
    }
}

fn each_job(mut writes: Vec<Record>, change: impl Fn(&mut Job)) -> Vec<Record> {
    for record in &mut writes {
        if let Record::Job(job) = record {
            change(job);
        }
    }
    writes
}

/// The first seed that finds it, and what it says.
fn found(plant: Plant) -> (u64, String) {
    for seed in 1..=2_000 {
        if let Err(broken) = simulate(seed, plant) {
            return (seed, broken.what);
        }
    }
    panic!("{plant:?} was not found in 2,000 seeds");
}

#[test]
fn every_planted_fault_is_found() {
    for plant in ALL {
        let (seed, what) = found(plant);
        println!("{plant:?} is found by seed {seed}: {what}");
    }
}
