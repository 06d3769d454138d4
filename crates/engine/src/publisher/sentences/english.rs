use domain::Mutation;
use domain::account::Account;
use domain::job::{Decision, Job, JobState, Lookup, Outcome, Reason};
use domain::mutation::PostsChange;

use super::{Sentences, ended, part_of};

pub(super) static SENTENCES: Sentences = Sentences {
    step,
    trouble,
    live: "Your post is live",
    live_as: |network, handle| format!("On {network} as {handle}. Click to open it."),
    unsure: "Did this post go out?",
    missed: "A post was not sent",
    your_turn: "It is time to post",
    failed: "A post was rejected",
    paused: "Publishing is paused",
    clock_jumped: |minutes| {
        format!("The clock of this computer jumped by {minutes} minutes. Check the time, then resume publishing.")
    },
    restored: "This profile was restored from a backup, which does not know what went out since. Check your accounts, then resume \
               publishing.",
    reconnect: |network| format!("Reconnect your {network} account"),
    signed_out: |handle| format!("{handle} is signed out. Scheduled posts are kept and wait."),
    refused: "A change was not taken by your team",
    refused_count: |count| match count {
        1 => "What you wrote is kept. Look at it and decide.".to_owned(),
        count => format!("{count} changes. What you wrote is kept. Look at them and decide."),
    },
    asked: "Waiting for your approval",
    asked_count: |count| format!("{count} posts wait for your word."),
    overdue: "Your approval is overdue",
    overdue_count: |count| format!("{count} posts wait for your word longer than they should."),
    approved: "Approved",
    changes_requested: "Changes requested",
    rejected: "Rejected",
    removed: |organisation| format!("You are no longer a member of {organisation}"),
    removed_unsent: |count| match count {
        0 => "It was removed from this computer.".to_owned(),
        1 => "It was removed from this computer. One change that was not sent yet lies with its administrators."
            .to_owned(),
        count => format!(
            "It was removed from this computer. {count} changes that were not sent yet lie with its administrators."
        ),
    },
};

fn step(mutation: &Mutation, job: &Job) -> String {
    let part = part_of(job).map(|(part, all)| format!(" (part {part} of {all})")).unwrap_or_default();
    match mutation {
        Mutation::SchedulePost { .. } => "Scheduled and signed off.".to_owned(),
        Mutation::SignOff { .. } => "Changes signed off.".to_owned(),
        Mutation::Unschedule { .. } | Mutation::DeletePost { .. } => "Unscheduled.".to_owned(),
        Mutation::RestorePost { .. } => "Scheduled again.".to_owned(),
        Mutation::ChangePosts { .. } if job.state == JobState::Held => "Put on hold.".to_owned(),
        Mutation::ChangePosts { .. } if job.state == JobState::Missed => {
            "Resumed after its time, so nothing was sent.".to_owned()
        }
        Mutation::ChangePosts { change: PostsChange::Resume, .. } => "Resumed: it goes out as planned.".to_owned(),
        Mutation::ChangePosts { .. } if job.state == JobState::Cancelled => "Unscheduled.".to_owned(),
        Mutation::ChangePosts { .. } => "Moved to another time and signed off.".to_owned(),
        Mutation::RestorePosts { .. } | Mutation::PutBackPosts { .. } => "Put back to where it stood.".to_owned(),
        Mutation::Claim { .. } => "Sendoff started the delivery.".to_owned(),
        Mutation::Prepare { .. } => format!("Images uploaded and request prepared{part}."),
        Mutation::BeginSend { .. } => format!("Sign-off, account and time checked; sending{part}."),
        Mutation::Report { outcome, .. } => report(outcome),
        Mutation::LoseAnswer { reason, .. } => why(reason),
        Mutation::LookedUp { found, .. } => looked_up(found, job.state),
        Mutation::Release { reason: Reason::Interrupted, .. } => {
            "Sendoff was closed before the post was sent. It continues now.".to_owned()
        }
        Mutation::Release { reason, .. } => format!("{} Sendoff will try again.", why(reason)),
        Mutation::HandOver { .. } => "It was time, and you were asked to post it.".to_owned(),
        Mutation::Miss { reason, .. } => format!("The time has passed. {}", why(reason)),
        Mutation::Stop { reason, .. } => why(reason),
        Mutation::Decide { decision, .. } => match decision {
            Decision::ItIsThere { .. } => "You confirmed that it was posted.".to_owned(),
            Decision::PublishNow => "You chose to publish it now.".to_owned(),
            Decision::Skip => "You chose to skip it.".to_owned(),
        },
        other => ended(&other.name().replace('_', " ")),
    }
}

fn report(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Published { .. } => "The network accepted the post and returned its address.".to_owned(),
        Outcome::NeverSent { .. } => "No connection, so nothing was sent.".to_owned(),
        Outcome::Refused { status, .. } => format!("The network rejected the post (status {status})."),
        Outcome::SignInRefused => "The network did not accept the sign-in. Nothing was posted.".to_owned(),
        Outcome::RateLimited { .. } => "The network is limiting requests. Nothing was posted.".to_owned(),
        Outcome::Ambiguous { .. } => "The response was lost after the post was sent. Checking the network.".to_owned(),
    }
}

fn looked_up(found: &Lookup, state: JobState) -> String {
    match (found, state) {
        (Lookup::Found { .. }, _) => "Checked the network: the post is there.",
        (Lookup::Absent, JobState::Prepared) => {
            "Checked the network: the post is not there. The same request is sent again under its own key, which cannot create a \
             second post."
        }
        (Lookup::Absent, JobState::Unsure) => "Checked several times: the post cannot be found. You need to decide.",
        (Lookup::Absent, _) => "Checked the network: the post is not there yet. Sendoff will check again.",
        (Lookup::Unknown { .. }, JobState::Unsure) => "The network could not be checked. You need to decide.",
        (Lookup::Unknown { .. }, _) => "The network could not be checked. Sendoff will check again.",
    }
    .to_owned()
}

fn why(reason: &Reason) -> String {
    match reason {
        Reason::RefusedByNetwork { status, .. } => format!("The network rejected the post (status {status})."),
        Reason::ReconnectNeeded => "The network no longer accepts the sign-in. Reconnect the account.".into(),
        Reason::NeverSent { detail } => format!("Nothing was sent: {}", ended(detail)),
        Reason::RateLimited { .. } => "The network is limiting requests.".into(),
        Reason::AnswerLost { .. } => "The network stopped responding after the post was sent.".into(),
        Reason::Interrupted => "Sendoff was closed while the post was being sent.".into(),
        Reason::NotFoundAfterwards => "The network does not show the post.".into(),
        Reason::ChangedAfterSignOff => "The text, time or accounts changed after sign-off.".into(),
        Reason::NotApproved => "Not everybody who has to approve it had approved it.".into(),
        Reason::AccountUnavailable => "The account is disconnected.".into(),
        Reason::NobodyPublishing => "Sendoff was closed or paused, or the computer was asleep.".into(),
        Reason::BreaksRules { detail } => format!("The post breaks a rule of the network: {}", ended(detail)),
        Reason::MediaMissing => "An image of the post is missing from this computer.".into(),
        Reason::OnHold => "It was on hold when its time passed.".into(),
        Reason::ByPerson => "This was your decision.".into(),
    }
}

fn trouble(job: &Job, account: &Account) -> String {
    let network = account.network.name();
    let reason = job.reason.as_ref().map(why).unwrap_or_default();
    match job.state {
        JobState::Unsure => format!(
            "{reason} Sendoff checked {} and cannot find the post. Sending it again could post it twice: check the profile, \
             then decide.",
            times(job.lookups)
        ),
        JobState::Handed => {
            format!("Post it on {network} as {} now, then tell Sendoff that it is there.", account.full_handle())
        }
        JobState::Missed => format!("{reason} Nothing was posted to {network}. Publish it now or skip it."),
        JobState::Refused if job.remote().is_some() => {
            format!("{reason} The first part is on {network}, the rest is not. Change the post or publish the rest.")
        }
        JobState::Refused => format!("{reason} Nothing was posted to {network}. Change the post or publish it again."),
        _ => reason,
    }
}

fn times(count: u32) -> String {
    match count {
        0 | 1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}
