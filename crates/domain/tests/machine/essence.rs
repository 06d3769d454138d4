//! What undo has to bring back: everything that a person can see of a post, and nothing of how it was stored.

use std::collections::BTreeMap;

use domain::hash::ContentHash;
use domain::id::{AccountId, PostId};
use domain::job::{Job, JobState};
use domain::post::{Draft, PostStatus};
use domain::schedule::Schedule;

use crate::world::World;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Essence {
    draft: Draft,
    schedule: Option<Schedule>,
    deleted: bool,
    status: PostStatus,
    /// What is signed, as long as anything waits for it.
    signed: Option<ContentHash>,
    jobs: BTreeMap<AccountId, JobState>,
}

impl Essence {
    /// Its time, if it has one.
    pub fn due(&self) -> Option<jiff::Timestamp> {
        self.schedule.as_ref().map(|schedule| schedule.at)
    }

    /// Something is still to go out.
    pub fn waits(&self) -> bool {
        self.jobs.values().any(|state| state.is_open())
    }
}

/// `None` if there is no such post, or none that a person sees.
pub fn of(world: &World, post: PostId) -> Option<Essence> {
    let post = world.post(post).filter(|post| !post.deleted)?;
    let mut jobs = BTreeMap::new();
    for job in world.jobs().filter(|job| job.post == post.id) {
        if let Some(state) = seen(job) {
            jobs.insert(job.account, state);
        }
    }
    Some(Essence {
        draft: post.draft.clone(),
        schedule: post.schedule.clone(),
        deleted: post.deleted,
        status: post.status,
        signed: post.sign_off.as_ref().map(|sign_off| sign_off.hash).filter(|_| !jobs.is_empty()),
        jobs,
    })
}

/// Waiting is waiting; a delivery that was called off, or given up before anything left, is none.
fn seen(job: &Job) -> Option<JobState> {
    match job.state {
        JobState::Claimed | JobState::Prepared => Some(JobState::Scheduled),
        JobState::Cancelled => None,
        JobState::Skipped if !job.begun() => None,
        state => Some(state),
    }
}
