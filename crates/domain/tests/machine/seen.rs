//! What happened, so that a run in which nothing happens is noticed.

use domain::job::{Job, JobState, Outcome};
use domain::mutation::PostsChange;
use domain::{Mutation, Record};

/// What is counted in all stories together.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    pub tickets: usize,
    pub tickets_unused: usize,
    pub lookups: usize,
    pub repeats: usize,
    pub lost_answers: usize,
    pub late_truths: usize,
    pub crashes: usize,
    pub jumps: usize,
    pub decisions: usize,
    pub undone: usize,
    pub restored: usize,
    pub taken_back: usize,
    held: usize,
    resumed: usize,
    resumed_late: usize,
    changed_together: usize,
    published: usize,
    refused: usize,
    missed: usize,
    unsure: usize,
    skipped: usize,
    cancelled: usize,
    waits: usize,
}

impl Seen {
    fn counts(&mut self) -> [(&mut usize, &'static str); 23] {
        [
            (&mut self.tickets, "tickets"),
            (&mut self.tickets_unused, "unused tickets"),
            (&mut self.lookups, "lookups"),
            (&mut self.repeats, "repeats under the same key"),
            (&mut self.lost_answers, "lost answers"),
            (&mut self.late_truths, "answers after the question was given up"),
            (&mut self.crashes, "crashes"),
            (&mut self.jumps, "clock jumps"),
            (&mut self.decisions, "decisions"),
            (&mut self.undone, "undone changes"),
            (&mut self.restored, "deleted posts that wait again"),
            (&mut self.taken_back, "deliveries taken back from who made them ready"),
            (&mut self.held, "held back"),
            (&mut self.resumed, "resumed in time"),
            (&mut self.resumed_late, "resumed too late"),
            (&mut self.changed_together, "deliveries changed with many others"),
            (&mut self.published, "published"),
            (&mut self.refused, "refused"),
            (&mut self.missed, "missed"),
            (&mut self.unsure, "unsure"),
            (&mut self.skipped, "skipped"),
            (&mut self.cancelled, "cancelled"),
            (&mut self.waits, "replies that wait for their time"),
        ]
    }

    pub fn add(&mut self, more: &Self) {
        for ((count, _), (more, _)) in self.counts().into_iter().zip(more.clone().counts()) {
            *count += *more;
        }
    }

    /// One record before and after one mutation.
    pub fn step(&mut self, before: Option<&Record>, after: &Record, mutation: &Mutation) {
        let Record::Job(after) = after else { return };
        let before = match before {
            Some(Record::Job(before)) => Some(before),
            _ => None,
        };
        let was = before.map(|job| job.state);
        if was != Some(after.state) {
            self.enter(after.state);
        }
        let ticket = |job: &Job| job.next_part().and_then(|next| job.parts[next].first_ticket_at);
        match mutation {
            Mutation::BeginSend { .. } => {
                self.tickets += 1;
                self.repeats += usize::from(before.and_then(ticket).is_some());
            }
            Mutation::Report { outcome: Outcome::Published { .. }, .. } => {
                self.late_truths += usize::from(was != Some(JobState::Sending));
                self.waits += usize::from(after.state == JobState::Scheduled && after.not_before.is_some());
            }
            Mutation::ChangePosts { change: PostsChange::Resume, .. } => match after.state {
                JobState::Missed => self.resumed_late += 1,
                _ => self.resumed += 1,
            },
            Mutation::ChangePosts { posts, .. } => self.changed_together += usize::from(posts.len() > 1),
            Mutation::LookedUp { .. } => self.lookups += 1,
            Mutation::LoseAnswer { .. } => self.lost_answers += 1,
            Mutation::RestorePost { .. } => self.restored += 1,
            Mutation::EditDraft { .. } | Mutation::RestoreVersion { .. } => self.taken_back += 1,
            _ => {}
        }
    }

    fn enter(&mut self, state: JobState) {
        match state {
            JobState::Held => self.held += 1,
            JobState::Published => self.published += 1,
            JobState::Refused => self.refused += 1,
            JobState::Missed => self.missed += 1,
            JobState::Unsure => self.unsure += 1,
            JobState::Skipped => self.skipped += 1,
            JobState::Cancelled => self.cancelled += 1,
            _ => {}
        }
    }

    pub fn has_met_everything(&mut self) {
        for (count, name) in self.counts() {
            assert!(*count > 50, "only {count} {name}: the simulator no longer tries what it says");
        }
    }
}
