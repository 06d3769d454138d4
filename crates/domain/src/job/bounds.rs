//! How much of what networks say is kept: whoever speaks for one must not fill the records of all.

use super::{Decision, Job, Lookup, Outcome, Reason, Remote};
use crate::mutation::Mutation;
use crate::reject::{Field, Reject};

impl Job {
    /// Characters of one frozen request: the longest text of a part, with everything in it escaped.
    pub const REQUEST_MAX: usize = 400_000;
    /// Characters of what a network said.
    pub const DETAIL_MAX: usize = 4_000;
    /// Characters of an address, or of a network's own id.
    pub const ADDRESS_MAX: usize = 2_048;
}

impl Mutation {
    /// The same step, with no more of what the network said than a job keeps. What it says of a post that is out stays whole, but
    /// for an address that is longer than any.
    #[must_use]
    pub fn within_bounds(mut self) -> Self {
        let told = match &mut self {
            Self::Report { outcome, .. } => said(outcome),
            Self::LookedUp { found, .. } => looked(found),
            Self::LoseAnswer { reason, .. }
            | Self::Release { reason, .. }
            | Self::Miss { reason, .. }
            | Self::Stop { reason, .. } => why(reason).map(Told::Detail),
            _ => None,
        };
        match told {
            Some(Told::Detail(detail)) => {
                if let Some((end, _)) = detail.char_indices().nth(Job::DETAIL_MAX) {
                    detail.truncate(end);
                }
            }
            Some(Told::There(remote)) if remote.url.chars().count() > Job::ADDRESS_MAX => remote.url.clear(),
            _ => {}
        }
        self
    }
}

/// Refuses what is longer than a job keeps.
pub(crate) fn check(mutation: &Mutation) -> Result<(), Reject> {
    // what is said is written where the mutation is changed; a copy of one step is small
    match mutation {
        Mutation::Prepare { request, .. } => bounded(Field::Request, request, Job::REQUEST_MAX),
        Mutation::Decide { decision: Decision::ItIsThere { url }, .. } => bounded(Field::Detail, url, Job::ADDRESS_MAX),
        Mutation::Report { outcome, .. } => told(said(&mut outcome.clone())),
        Mutation::LookedUp { found, .. } => told(looked(&mut found.clone())),
        Mutation::LoseAnswer { reason, .. }
        | Mutation::Release { reason, .. }
        | Mutation::Miss { reason, .. }
        | Mutation::Stop { reason, .. } => told(why(&mut reason.clone()).map(Told::Detail)),
        _ => Ok(()),
    }
}

enum Told<'a> {
    Detail(&'a mut String),
    There(&'a mut Remote),
}

fn told(told: Option<Told<'_>>) -> Result<(), Reject> {
    match told {
        Some(Told::Detail(detail)) => bounded(Field::Detail, detail, Job::DETAIL_MAX),
        Some(Told::There(Remote { id, url, cid })) => {
            [id, url, cid].into_iter().try_for_each(|text| bounded(Field::Detail, text, Job::ADDRESS_MAX))
        }
        None => Ok(()),
    }
}

fn bounded(field: Field, text: &str, limit: usize) -> Result<(), Reject> {
    let measured = text.chars().count();
    if measured <= limit {
        return Ok(());
    }
    Err(Reject::TooLong { field, measured: measured as u64, limit: limit as u64 })
}

fn said(outcome: &mut Outcome) -> Option<Told<'_>> {
    match outcome {
        Outcome::Published { remote } => Some(Told::There(remote)),
        Outcome::NeverSent { detail } | Outcome::Refused { detail, .. } | Outcome::Ambiguous { detail } => {
            Some(Told::Detail(detail))
        }
        Outcome::SignInRefused | Outcome::RateLimited { .. } => None,
    }
}

fn looked(found: &mut Lookup) -> Option<Told<'_>> {
    match found {
        Lookup::Found { remote } => Some(Told::There(remote)),
        Lookup::Unknown { detail } => Some(Told::Detail(detail)),
        Lookup::Absent => None,
    }
}

const fn why(reason: &mut Reason) -> Option<&mut String> {
    match reason {
        Reason::RefusedByNetwork { detail, .. }
        | Reason::NeverSent { detail }
        | Reason::AnswerLost { detail }
        | Reason::BreaksRules { detail } => Some(detail),
        Reason::ReconnectNeeded
        | Reason::RateLimited { .. }
        | Reason::Interrupted
        | Reason::NotFoundAfterwards
        | Reason::ChangedAfterSignOff
        | Reason::NotApproved
        | Reason::AccountUnavailable
        | Reason::NobodyPublishing
        | Reason::MediaMissing
        | Reason::ByPerson
        | Reason::OnHold => None,
    }
}
