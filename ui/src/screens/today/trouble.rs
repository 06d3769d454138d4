//! Deliveries that cannot decide themselves, and the decisions a person can make.

use contract::posts::Trouble;
use contract::program::OpenLink;
use contract::publishing::DecideJob;
use domain::id::JobId;
use domain::job::{Decision, JobState, Reason};
use domain::network::Network;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::components::{Button, Dialog, Field, Icon, JobLogDialog, JobStatus, Look, Section, TextInput, To};
use crate::frame::context::use_frame;
use crate::platform;
use crate::route::{Route, use_go};

/// Holds the cards, and the focus of one that is done.
const PLACE: &str = "troubles";
/// More would push the day out of sight.
const SHOWN_MAX: usize = 4;

#[derive(Properties, PartialEq)]
pub struct TroublesProps {
    pub list: Vec<Trouble>,
}

/// What needs a person now.
#[component]
pub fn Troubles(props: &TroublesProps) -> Html {
    let (t, ..) = use_frame();
    let all = use_state_eq(|| false);
    let log = use_state_eq(|| None::<JobId>);
    let shown = if *all { props.list.len() } else { SHOWN_MAX };
    let hidden = props.list.len().saturating_sub(shown);
    use_next_when_done(&props.list);
    let open_log = {
        let log = log.setter();
        Callback::from(move |job: JobId| log.set(Some(job)))
    };
    let close_log = {
        let log = log.setter();
        Callback::from(move |()| log.set(None))
    };
    let show_all = {
        let all = all.setter();
        move |_: MouseEvent| all.set(true)
    };
    html! {
        <Section title={t.today.trouble} note={props.list.len()} class="troubles">
            <ul class="stack" id={PLACE} tabindex="-1">
                { for props.list.iter().take(shown).map(|trouble| html! {
                    <li key={trouble.job.id.to_string()}><TroubleCard trouble={trouble.clone()} log={open_log.clone()} /></li>
                }) }
            </ul>
            if hidden > 0 {
                <Button look={Look::Quiet} onclick={show_all}>{ (t.today.trouble_more)(hidden) }</Button>
            }
            <JobLogDialog job={*log} onclose={close_log} />
        </Section>
    }
}

/// When a card is done and goes, the next one has the focus.
#[hook]
fn use_next_when_done(list: &[Trouble]) {
    let ids: Vec<JobId> = list.iter().map(|trouble| trouble.job.id).collect();
    let before = use_mut_ref(Vec::new);
    use_effect_with(ids, move |ids| {
        let before: Vec<JobId> = before.replace(ids.clone());
        let heir = heir(&before, ids).and_then(|job| platform::document()?.get_element_by_id(&title_id(job)));
        // after the frame has taken the focus from what is gone
        let timer = heir.map(|heir| {
            Timeout::new(0, move || {
                if platform::focused().is_none_or(|active| active.id() == PLACE) {
                    platform::focus_in_place(&heir);
                }
            })
        });
        move || drop(timer)
    });
}

/// What stands in the place of the first that is gone.
fn heir(before: &[JobId], now: &[JobId]) -> Option<JobId> {
    let at = before.iter().position(|job| !now.contains(job))?;
    now.get(at).or(now.last()).copied()
}

fn title_id(job: JobId) -> String {
    format!("trouble-{job}")
}

#[derive(Properties, PartialEq)]
struct TroubleCardProps {
    trouble: Trouble,
    log: Callback<JobId>,
}

#[derive(Clone, Copy, PartialEq)]
enum Asking {
    Nothing,
    WhereIsIt,
    SendAgain,
}

#[component]
fn TroubleCard(props: &TroubleCardProps) -> Html {
    let (t, clock, toaster) = use_frame();
    let go = use_go();
    let asking = use_state_eq(|| Asking::Nothing);
    let Trouble { line, job, sentence, profile_url } = &props.trouble;
    let network = line
        .accounts
        .iter()
        .zip(&line.networks)
        .find(|(account, _)| **account == job.account)
        .map_or_else(|| line.networks.first().copied(), |(_, network)| Some(*network))
        .unwrap_or(Network::Bluesky);
    let decide = {
        let (toaster, job, asking) = (toaster.clone(), job.id, asking.setter());
        Callback::from(move |decision: Decision| {
            asking.set(Asking::Nothing);
            let text = match decision {
                Decision::ItIsThere { .. } => t.today.said_there,
                Decision::PublishNow => t.today.said_again,
                Decision::Skip => t.today.said_skip,
            };
            toaster.run(DecideJob { job, decision }, text);
        })
    };
    let ask = |what: Asking| {
        let asking = asking.setter();
        move |_: MouseEvent| asking.set(what)
    };
    let close = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(Asking::Nothing))
    };
    let publish = decide.reform(|_: MouseEvent| Decision::PublishNow);
    let skip = decide.reform(|_: MouseEvent| Decision::Skip);
    let open_profile = {
        let (toaster, url) = (toaster.clone(), profile_url.clone());
        Callback::from(move |_: MouseEvent| toaster.run_quietly(OpenLink { url: url.clone() }))
    };
    let edit = {
        let (go, post) = (go.clone(), line.post);
        Callback::from(move |_: MouseEvent| go.emit(Route::Post { post }))
    };
    let reconnect = matches!(job.reason, Some(Reason::ReconnectNeeded | Reason::AccountUnavailable));
    let log = {
        let (log, job) = (props.log.clone(), job.id);
        Callback::from(move |_: MouseEvent| log.emit(job))
    };
    let actions = match job.state {
        JobState::Unsure => html! {
            <>
                <Button icon={Icon::Link} onclick={open_profile.clone()}>{ t.today.open_profile }</Button>
                <Button icon={Icon::Check} onclick={ask(Asking::WhereIsIt)}>{ t.today.it_is_there }</Button>
                <Button onclick={ask(Asking::SendAgain)}>{ t.today.send_again }</Button>
            </>
        },
        JobState::Handed => html! {
            <>
                <To route={Route::Post { post: line.post }} class="btn go">{ t.today.post_by_hand }</To>
                <Button icon={Icon::Check} onclick={ask(Asking::WhereIsIt)}>{ t.today.it_is_there }</Button>
            </>
        },
        JobState::Missed => html! {
            <>
                <Button look={Look::Go} icon={Icon::Send} onclick={publish}>{ t.today.publish_now }</Button>
                <Button icon={Icon::Clock} onclick={edit}>{ t.today.other_time }</Button>
            </>
        },
        _ => html! {
            <>
                if reconnect {
                    <To route={Route::Accounts} class="btn go">{ t.today.reconnect }</To>
                } else {
                    <Button icon={Icon::Compose} onclick={edit}>{ t.today.edit }</Button>
                }
                <Button icon={Icon::Refresh} onclick={publish}>{ t.today.try_again }</Button>
            </>
        },
    };
    let state = match job.state {
        JobState::Unsure => "unsure",
        JobState::Missed => "missed",
        JobState::Handed => "your_turn",
        _ => "failed",
    };
    html! {
        <article class={classes!("card", "attn", state)}>
            <header class="attn-head">
                <JobStatus state={job.state} />
                <To route={Route::Post { post: line.post }} class="attn-title" id={title_id(job.id)}><bdi>{ &line.title }</bdi></To>
                <span class="attn-where muted sm">
                    { network.name() }{ " · " }<time title={clock.full(job.due_at)}>{ (t.today.trouble_due)(&clock.both(job.due_at)) }</time>
                </span>
            </header>
            <p class="attn-said sm">{ sentence.clone() }</p>
            <div class="attn-actions">
                { actions }
                <Button look={Look::Quiet} onclick={skip}>{ t.today.skip }</Button>
                <span class="grow"></span>
                <Button look={Look::Quiet} onclick={log}>{ t.today.log }</Button>
            </div>
            <WhereIsIt by_hand={job.state == JobState::Handed} open={*asking == Asking::WhereIsIt} onclose={close.clone()} onyes={decide.clone()} />
            <Dialog
                open={*asking == Asking::SendAgain}
                title={t.today.again_title}
                onclose={close.clone()}
                footer={html! {
                    <>
                        <Button icon={Icon::Link} onclick={open_profile}>{ t.today.open_profile }</Button>
                        <Button look={Look::Danger} onclick={decide.reform(|_: MouseEvent| Decision::PublishNow)}>{ t.today.again_yes }</Button>
                    </>
                }}
            >
                <p>{ (t.today.again_text)(network.name()) }</p>
            </Dialog>
        </article>
    }
}

#[derive(Properties, PartialEq)]
struct WhereIsItProps {
    by_hand: bool,
    open: bool,
    onclose: Callback<()>,
    onyes: Callback<Decision>,
}

/// "It is there", and if the person knows it, where.
#[component]
fn WhereIsIt(props: &WhereIsItProps) -> Html {
    let (t, ..) = use_frame();
    let url = use_state_eq(String::new);
    let trimmed = url.trim().to_owned();
    let wrong = !trimmed.is_empty() && !trimmed.starts_with("https://");
    let yes = {
        let (onyes, url) = (props.onyes.clone(), trimmed);
        Callback::from(move |()| {
            if !wrong {
                onyes.emit(Decision::ItIsThere { url: url.clone() });
            }
        })
    };
    let oninput = {
        let url = url.setter();
        Callback::from(move |text: String| url.set(text))
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t.frame.cancel }</Button>
            <Button look={Look::Go} disabled={wrong} onclick={yes.reform(|_: MouseEvent| ())}>{ t.today.it_is_there }</Button>
        </>
    };
    html! {
        <Dialog open={props.open} title={t.today.there_title} onclose={props.onclose.clone()} {footer}>
            <p>{ if props.by_hand { t.compose.it_is_there_by_hand } else { t.today.there_text } }</p>
            <Field
                id="there-url"
                label={t.today.there_url}
                hint={t.today.there_url_hint}
                optional=true
                error={wrong.then(|| AttrValue::from(t.today.there_url_wrong))}
            >
                <TextInput id="there-url" kind="url" value={(*url).clone()} {oninput} {wrong} autofocus=true onenter={yes} />
            </Field>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_card_takes_the_place_of_one_that_is_done() {
        let [a, b, c] = [1, 2, 3].map(|number| JobId::new(uuid::Uuid::from_u128(number)));
        assert_eq!(heir(&[a, b, c], &[a, c]), Some(c));
        assert_eq!(heir(&[a, b, c], &[a, b]), Some(b), "behind the last there is only the one before");
        assert_eq!(heir(&[a], &[]), None);
        assert_eq!(heir(&[a, b], &[a, b]), None);
        assert_eq!(heir(&[], &[a]), None);
    }
}
