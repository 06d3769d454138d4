use contract::program::OpenLink;
use contract::publishing::{GetJobLog, JobLog};
use domain::id::JobId;
use yew::prelude::*;

use super::{Button, Dialog, Icon, JobStatus, Skeleton, view};
use crate::backend::use_query_if;
use crate::frame::context::{Clock, use_frame};
use crate::i18n::Texts;

#[derive(Properties, PartialEq)]
pub struct JobLogDialogProps {
    /// Open while there is one.
    pub job: Option<JobId>,
    pub onclose: Callback<()>,
}

/// Everything that happened to one delivery, step by step.
#[component]
pub fn JobLogDialog(props: &JobLogDialogProps) -> Html {
    let (t, clock, toaster) = use_frame();
    let log = use_query_if(props.job.map(|job| GetJobLog { job }));
    let url = log
        .data
        .as_ref()
        .and_then(|log| log.job.remote().map(|remote| remote.url.clone()))
        .filter(|url| !url.is_empty());
    let footer = html! {
        <>
            if let Some(url) = url {
                <Button icon={Icon::Link} onclick={Callback::from(move |_| toaster.run_quietly(OpenLink { url: url.clone() }))}>
                    { t.frame.open_on_network }
                </Button>
            }
            <Button onclick={props.onclose.reform(|_| ())}>{ t.frame.close }</Button>
        </>
    };
    html! {
        <Dialog open={props.job.is_some()} title={t.frame.job_log} onclose={props.onclose.clone()} wide=true reading=true {footer}>
            { view(&log, html! { <Skeleton rows=4 /> }, |log| steps(log, t, &clock)) }
        </Dialog>
    }
}

fn steps(log: &JobLog, t: &'static Texts, clock: &Clock) -> Html {
    if log.entries.is_empty() {
        return html! { <p class="muted">{ t.frame.job_log_empty }</p> };
    }
    html! {
        <>
            <p class="row"><JobStatus state={log.job.state} /><span class="muted">{ clock.both(log.job.due_at) }</span></p>
            <ol class="log">
                { for log.entries.iter().map(|entry| html! {
                    <li>
                        <time title={clock.full(entry.at)}>{ clock.texts.time.moment(clock.local(entry.at), clock.today()) }</time>
                        <div class="grow">
                            <p>{ &entry.sentence }</p>
                            if !entry.detail.is_empty() {
                                <details class="raw"><summary>{ t.frame.job_log_raw }</summary><pre>{ &entry.detail }</pre></details>
                            }
                        </div>
                    </li>
                }) }
            </ol>
        </>
    }
}
