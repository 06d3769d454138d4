use domain::job::JobState;
use domain::post::PostStatus;
use yew::prelude::*;

use super::{Glyph, Icon};
use crate::i18n::use_texts;

/// The sign of a state, so that no colour has to be told apart.
pub const fn sign(status: PostStatus) -> Icon {
    match status {
        PostStatus::Draft => Icon::Compose,
        PostStatus::InReview => Icon::Eye,
        PostStatus::ChangesRequested => Icon::Reply,
        PostStatus::Rejected => Icon::Refuse,
        PostStatus::Scheduled => Icon::Clock,
        PostStatus::Held => Icon::Hold,
        PostStatus::Publishing => Icon::Rising,
        PostStatus::Published => Icon::Check,
        PostStatus::YourTurn => Icon::Bell,
        PostStatus::Unsure => Icon::Question,
        PostStatus::Missed => Icon::Never,
        PostStatus::Failed => Icon::Cross,
    }
}

#[derive(Properties, PartialEq)]
pub struct StatusProps {
    pub status: PostStatus,
}

/// The one colour, the one sign and the one word of a post's state.
#[component]
pub fn Status(props: &StatusProps) -> Html {
    let t = use_texts();
    html! {
        <span class={classes!("st", props.status.wire())}>
            <Glyph icon={sign(props.status)} />{ (t.status)(props.status) }
        </span>
    }
}

/// The sign of a state alone, in its colour; its word is beside it.
#[component]
pub fn StatusSign(props: &StatusProps) -> Html {
    html! { <span class={classes!("st-sign", props.status.wire())}><Glyph icon={sign(props.status)} /></span> }
}

#[derive(Properties, PartialEq)]
pub struct JobStatusProps {
    pub state: JobState,
}

/// The state of one delivery, in the colours and signs of posts.
#[component]
pub fn JobStatus(props: &JobStatusProps) -> Html {
    let t = use_texts();
    let (class, icon) = match props.state {
        JobState::Scheduled => like(PostStatus::Scheduled),
        JobState::Held => like(PostStatus::Held),
        JobState::Claimed | JobState::Prepared | JobState::Sending | JobState::Reconciling => {
            like(PostStatus::Publishing)
        }
        JobState::Published => like(PostStatus::Published),
        JobState::Handed => like(PostStatus::YourTurn),
        JobState::Refused => like(PostStatus::Failed),
        JobState::Missed => like(PostStatus::Missed),
        JobState::Unsure => like(PostStatus::Unsure),
        JobState::Cancelled | JobState::Skipped => (PostStatus::Draft.wire(), Icon::Never),
    };
    html! { <span class={classes!("st", class)}><Glyph {icon} />{ (t.job_state)(props.state) }</span> }
}

const fn like(status: PostStatus) -> (&'static str, Icon) {
    (status.wire(), sign(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_sign_of_its_own() {
        for (at, status) in PostStatus::ALL.into_iter().enumerate() {
            assert!(PostStatus::ALL.into_iter().skip(at + 1).all(|other| sign(other) != sign(status)), "{status:?}");
        }
    }
}
