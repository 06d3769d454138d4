//! What became of each delivery: its state, its link, its log, and the decisions that only a person can make.

use std::borrow::Cow;
use std::rc::Rc;

use contract::accounts::AccountView;
use contract::program::OpenLink;
use contract::publishing::DecideJob;
use domain::account::Account;
use domain::id::JobId;
use domain::job::{Decision, Job, JobState};
use domain::post::{Content, Draft};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::by_hand::ByHand;
use crate::backend::call;
use crate::components::{Avatar, Button, Dialog, Field, JobLogDialog, JobStatus, Look, TextInput};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub jobs: Rc<Vec<Job>>,
    pub accounts: Rc<Vec<AccountView>>,
    pub draft: Rc<Draft>,
}

#[component]
pub fn Deliveries(props: &Props) -> Html {
    let (t, _, _) = use_frame();
    let log = use_state(|| None::<JobId>);
    let shown: Vec<&Job> = props.jobs.iter().filter(|job| job.state != JobState::Cancelled).collect();
    if shown.is_empty() {
        return Html::default();
    }
    let on_log = {
        let log = log.clone();
        Callback::from(move |job| log.set(Some(job)))
    };
    let rows = shown.into_iter().map(|job| {
        let account =
            props.accounts.iter().find(|view| view.account.id == job.account).map(|view| view.account.clone());
        let handed = account.as_ref().filter(|_| job.state == JobState::Handed);
        let handed = handed.and_then(|account| props.draft.sent_to(account)).map(Cow::into_owned);
        html! { <Delivery key={job.id.to_string()} job={job.clone()} {account} {handed} on_log={on_log.clone()} /> }
    });
    let onclose = {
        let log = log.clone();
        Callback::from(move |()| log.set(None))
    };
    html! {
        <section class="box" id="deliveries">
            <div class="box-head"><h2>{ t.compose.deliveries }</h2></div>
            <ul class="card deliveries">{ for rows }</ul>
            <JobLogDialog job={*log} {onclose} />
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct DeliveryProps {
    job: Job,
    account: Option<Account>,
    /// What a person posts by hand now.
    handed: Option<Content>,
    on_log: Callback<JobId>,
}

#[component]
fn Delivery(props: &DeliveryProps) -> Html {
    let (t, clock, toaster) = use_frame();
    let c = &t.compose;
    let job = &props.job;
    let id = job.id;
    let telling = use_state(|| false);
    let handle = props.account.as_ref().map_or_else(|| c.account_gone.to_owned(), Account::full_handle);
    let name = props.account.as_ref().map_or_else(|| "?".to_owned(), |account| account.profile.display_name.clone());
    let network = props.account.as_ref().map(|account| account.network);
    let open = |url: String| {
        let toaster = toaster.clone();
        Callback::from(move |_: MouseEvent| toaster.run(OpenLink { url: url.clone() }, c.opened_in_browser))
    };
    let decide = |decision: Decision, said: &'static str| {
        let toaster = toaster.clone();
        Callback::from(move |_: MouseEvent| toaster.run(DecideJob { job: id, decision: decision.clone() }, said))
    };
    let sentence = match (&job.reason, network) {
        (Some(reason), Some(network)) => Some((t.reason)(reason, job.state, network)),
        _ => None,
    };
    let done = job.parts.iter().filter(|part| part.remote.is_some()).count();
    let when = match job.state {
        JobState::Published => job.finished_at.map(|at| clock.both(at)),
        state if state.before_send() => Some(clock.both(job.not_before.unwrap_or(job.due_at))),
        _ => None,
    };
    let profile = props.account.as_ref().map(|account| account.profile.url.clone());
    let needs_person = matches!(job.state, JobState::Unsure | JobState::Missed | JobState::Refused | JobState::Handed);
    let tell = {
        let telling = telling.clone();
        Callback::from(move |()| telling.set(true))
    };
    html! {
        <li class={classes!("delivery", needs_person.then_some("attention"))}>
            <div class="row">
                <Avatar name={name} {network} />
                <bdi class="grow cut" dir="ltr" title={handle.clone()}>{ &handle }</bdi>
                <JobStatus state={job.state} />
            </div>
            if let Some(when) = when { <div class="xs muted num">{ when }</div> }
            if job.parts.len() > 1 && done > 0 && job.state != JobState::Published {
                <div class="xs muted">{ (c.parts_out)(done, job.parts.len()) }</div>
            }
            if let Some(sentence) = sentence { <p class="sm">{ sentence }</p> }
            <div class="row wrap">
                if let Some(remote) = job.remote().filter(|remote| !remote.url.is_empty()) {
                    <Button look={Look::Plain} onclick={open(remote.url.clone())}>{ t.frame.open_on_network }</Button>
                }
                if let (Some(content), Some(account)) = (&props.handed, &props.account) {
                    <p class="sm">{ (c.by_hand_now)(account.network.name()) }</p>
                    <ByHand job={id} account={account.clone()} content={content.clone()} on_there={tell} />
                }
                if job.state == JobState::Unsure {
                    if let Some(url) = profile.clone() {
                        <Button look={Look::Plain} onclick={open(url)}>{ c.open_profile }</Button>
                    }
                    <Button look={Look::Plain} onclick={let telling = telling.clone(); move |_: MouseEvent| telling.set(true)}>{ c.it_is_there }</Button>
                    <Button look={Look::Plain} onclick={decide(Decision::PublishNow, c.sent_again)} title={c.send_again_hint}>{ c.not_there_send }</Button>
                }
                if matches!(job.state, JobState::Missed | JobState::Refused) {
                    <Button look={Look::Plain} onclick={decide(Decision::PublishNow, c.sent_again)}>{ c.publish_it_now }</Button>
                }
                if needs_person {
                    <Button look={Look::Quiet} onclick={decide(Decision::Skip, c.skipped)}>{ c.skip }</Button>
                }
                if job.is_between_parts() {
                    <Button look={Look::Quiet} onclick={decide(Decision::Skip, c.rest_left_out)}>{ c.leave_rest_out }</Button>
                }
                // before its first try there is nothing to tell
                if job.state != JobState::Scheduled || job.not_before.is_some() || job.reason.is_some() {
                    <Button look={Look::Quiet} onclick={props.on_log.reform(move |_: MouseEvent| id)}>{ t.frame.job_log }</Button>
                }
            </div>
            <ItIsThere job={id} by_hand={job.state == JobState::Handed} open={*telling} onclose={let telling = telling.clone(); move |()| telling.set(false)} />
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct ItIsThereProps {
    job: JobId,
    by_hand: bool,
    open: bool,
    onclose: Callback<()>,
}

/// A person found the post on the network; the link is welcome, not needed.
#[component]
fn ItIsThere(props: &ItIsThereProps) -> Html {
    let (t, _, toaster) = use_frame();
    let c = &t.compose;
    let url = use_state(String::new);
    let oninput = {
        let url = url.clone();
        Callback::from(move |text: String| url.set(text))
    };
    let confirm = {
        let (toaster, onclose, url, job) = (toaster, props.onclose.clone(), url.clone(), props.job);
        Callback::from(move |()| {
            let (toaster, onclose, url) = (toaster.clone(), onclose.clone(), url.trim().to_owned());
            spawn_local(async move {
                match call(DecideJob { job, decision: Decision::ItIsThere { url } }).await {
                    Ok(saved) => {
                        toaster.done(c.marked_there, &saved);
                        onclose.emit(());
                    }
                    Err(error) => toaster.fail(&error),
                }
            });
        })
    };
    let footer = html! {
        <>
            <Button look={Look::Quiet} onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t.frame.cancel }</Button>
            <Button look={Look::Go} onclick={confirm.reform(|_: MouseEvent| ())}>{ c.it_is_there }</Button>
        </>
    };
    let id = format!("there-{}", props.job);
    html! {
        <Dialog open={props.open} title={c.it_is_there} onclose={props.onclose.clone()} {footer}>
            <p>{ if props.by_hand { c.it_is_there_by_hand } else { c.it_is_there_what } }</p>
            <Field id={id.clone()} label={c.link_of_post} hint={c.link_of_post_hint} optional=true>
                <TextInput {id} kind="url" value={(*url).clone()} {oninput} onenter={confirm} autofocus=true />
            </Field>
        </Dialog>
    }
}
