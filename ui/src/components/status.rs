use domain::job::JobState;
use domain::post::PostStatus;
use yew::prelude::*;

use crate::i18n::use_texts;

#[derive(Properties, PartialEq)]
pub struct StatusProps {
    pub status: PostStatus,
}

/// The one colour and the one word of a post's state.
#[component]
pub fn Status(props: &StatusProps) -> Html {
    let t = use_texts();
    html! { <span class={classes!("st", props.status.wire())}>{ (t.status)(props.status) }</span> }
}

#[derive(Properties, PartialEq)]
pub struct JobStatusProps {
    pub state: JobState,
}

/// The state of one delivery, in the colours of posts.
#[component]
pub fn JobStatus(props: &JobStatusProps) -> Html {
    let t = use_texts();
    let class = match props.state {
        JobState::Scheduled => "scheduled",
        JobState::Claimed | JobState::Prepared | JobState::Sending | JobState::Reconciling => "publishing",
        JobState::Published => "published",
        JobState::Refused => "failed",
        JobState::Missed => "missed",
        JobState::Unsure => "unsure",
        JobState::Cancelled | JobState::Skipped => "draft",
    };
    html! { <span class={classes!("st", class)}>{ (t.job_state)(props.state) }</span> }
}
