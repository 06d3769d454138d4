//! What happened to a delivery, in plain words.

use domain::Mutation;
use domain::account::Account;
use domain::job::{Decision, Job, JobState, Lookup, Outcome, Reason};

/// One line of the job's log: what this step did.
pub(crate) fn step(mutation: &Mutation, job: &Job) -> String {
    let part = match job.parts.len() {
        0 | 1 => String::new(),
        all => format!(" (part {} of {all})", job.next_part().map_or(all, |next| next + 1)),
    };
    match mutation {
        Mutation::SchedulePost { .. } => "Scheduled and signed off.".to_owned(),
        Mutation::SignOff { .. } => "Signed off as it stands now.".to_owned(),
        Mutation::Unschedule { .. } | Mutation::DeletePost { .. } => "Taken off the schedule.".to_owned(),
        Mutation::RestorePost { .. } => "Put back on the schedule.".to_owned(),
        Mutation::Claim { .. } => "This program takes the delivery on.".to_owned(),
        Mutation::Prepare { .. } => format!("Images are uploaded, the request is ready{part}."),
        Mutation::BeginSend { .. } => format!("Sign-off, account and time are checked; sending starts{part}."),
        Mutation::Report { outcome, .. } => report(outcome),
        Mutation::LoseAnswer { reason, .. } => why(reason),
        Mutation::LookedUp { found, .. } => looked_up(found, job.state),
        Mutation::Release { reason: Reason::Interrupted, .. } => {
            "Sendoff was ended before the post was sent. It goes on with it now.".to_owned()
        }
        Mutation::Release { reason, .. } => format!("{} It will be tried again.", why(reason)),
        Mutation::Miss { reason, .. } => format!("The time has passed. {}", why(reason)),
        Mutation::Stop { reason, .. } => why(reason),
        Mutation::Decide { decision, .. } => match decision {
            Decision::ItIsThere { .. } => "You said that it is there.".to_owned(),
            Decision::PublishNow => "You asked to publish it now.".to_owned(),
            Decision::Skip => "You decided not to send it.".to_owned(),
        },
        other => other.name().replace('_', " "),
    }
}

fn report(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Published { .. } => "The network took it and named its address.".to_owned(),
        Outcome::NeverSent { .. } => "No connection came about, so nothing was sent.".to_owned(),
        Outcome::Refused { status, .. } => format!("The network refused it (answer {status})."),
        Outcome::SignInRefused => "The network did not accept the sign-in; nothing was posted.".to_owned(),
        Outcome::RateLimited { .. } => "The network asks to wait; nothing was posted.".to_owned(),
        Outcome::Ambiguous { .. } => "The answer was lost after the post had left. Looking it up.".to_owned(),
    }
}

fn looked_up(found: &Lookup, state: JobState) -> String {
    match (found, state) {
        (Lookup::Found { .. }, _) => "Looked it up: it is there.",
        (Lookup::Absent, JobState::Prepared) => {
            "Looked it up: it is not there. The same request goes again under its own key, which cannot make a second post."
        }
        (Lookup::Absent, JobState::Unsure) => "Looked it up several times: it cannot be seen. A person decides.",
        (Lookup::Absent, _) => "Looked it up: not there yet. It will be looked up again.",
        (Lookup::Unknown { .. }, JobState::Unsure) => "The network could not be asked. A person decides.",
        (Lookup::Unknown { .. }, _) => "The network could not be asked. It will be asked again.",
    }
    .to_owned()
}

fn why(reason: &Reason) -> String {
    match reason {
        Reason::RefusedByNetwork { status, .. } => format!("The network refused it (answer {status})."),
        Reason::ReconnectNeeded => {
            "The network does not accept the sign-in any more: connect the account again.".into()
        }
        Reason::NeverSent { detail } => format!("Nothing was sent: {}", sentence(detail)),
        Reason::RateLimited { .. } => "The network asks to wait.".into(),
        Reason::AnswerLost { .. } => "The network stopped answering after the post had left.".into(),
        Reason::Interrupted => "Sendoff was ended while the post was on its way.".into(),
        Reason::NotFoundAfterwards => "The network does not show it.".into(),
        Reason::ChangedAfterSignOff => "The text, the time or the accounts changed after the sign-off.".into(),
        Reason::AccountUnavailable => "The account is disconnected.".into(),
        Reason::NobodyPublishing => {
            "Nobody was there to publish it: Sendoff was closed, paused or the computer slept.".into()
        }
        Reason::BreaksRules { detail } => format!("It does not fit the rules of the network: {}", sentence(detail)),
        Reason::MediaMissing => "An image of this post is gone from this computer.".into(),
        Reason::ByPerson => "You decided so.".into(),
    }
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) || text.is_empty() { text.to_owned() } else { format!("{text}.") }
}

/// What a person must know about a delivery that needs them, and what to do.
pub(crate) fn trouble(job: &Job, account: &Account) -> String {
    let network = account.network.name();
    let reason = job.reason.as_ref().map(why).unwrap_or_default();
    match job.state {
        JobState::Unsure => format!(
            "{reason} We looked {} and cannot see the post from here. Sending again could post it twice: look at the \
             profile, then decide.",
            times(job.lookups)
        ),
        JobState::Missed => format!("{reason} Nothing was posted to {network}. Publish it now, or skip it."),
        JobState::Refused if job.remote().is_some() => {
            format!("{reason} The beginning is on {network}, the rest is not. Change the post or publish the rest.")
        }
        JobState::Refused => {
            format!("{reason} Nothing was posted to {network}. Change the post or publish it again.")
        }
        _ => reason,
    }
}

fn times(count: u32) -> String {
    match count {
        0 | 1 => "once".to_owned(),
        2 => "twice".to_owned(),
        3 => "three times".to_owned(),
        more => format!("{more} times"),
    }
}
