//! How the open organisation stands to its server: what waits, what was refused, and what can be done.

use contract::teams::{GetTeam, Sync, SyncNow, Team, Waiting};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::attention::Attention;
use super::host;
use super::sign_in::SignIn;
use super::sign_in_dialog::SignInDialog;
use super::standing::{explanation, standing};
use crate::backend::{call, use_query_if};
use crate::components::{Button, Dialog, Icon, Look, Section, Skeleton, To, view};
use crate::frame::context::use_frame;
use crate::route::Route;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    pub onclose: Callback<()>,
}

#[component]
pub fn SyncDialog(props: &Props) -> Html {
    html! { if props.open { <Open onclose={props.onclose.clone()} /> } }
}

#[derive(Properties, PartialEq)]
struct OpenProps {
    onclose: Callback<()>,
}

#[component]
fn Open(props: &OpenProps) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.team;
    let team = use_query_if(Some(GetTeam {}));
    let signing = use_state_eq(|| None::<String>);
    let busy = use_state_eq(|| false);
    if let Some(server) = (*signing).clone() {
        let signing = signing.setter();
        let onclose = Callback::from(move |done: Option<String>| {
            signing.set(None);
            if let Some(server) = done {
                toaster.say((t.said_signed_in)(host(&server)));
            }
        });
        return html! { <SignInDialog start={SignIn::at(server)} {onclose} /> };
    }
    let now = team.data.as_deref().and_then(Option::as_ref);
    let exchange = {
        let (busy, toaster) = (busy.clone(), toaster);
        Callback::from(move |_: MouseEvent| {
            let (busy, toaster) = (busy.setter(), toaster.clone());
            busy.set(true);
            spawn_local(async move {
                if let Err(error) = call(SyncNow {}).await {
                    toaster.fail(&error);
                }
                busy.set(false);
            });
        })
    };
    let footer = match now {
        Some(team) => html! {
            <>
                <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.close }</Button>
                if team.sync == Sync::SignedOut {
                    <Button id="sync-sign-in" look={Look::Go} icon={Icon::Key} onclick={let (signing, server) = (signing.setter(), team.server.clone()); move |_: MouseEvent| signing.set(Some(server.clone()))}>{ t.sign_in_again }</Button>
                } else {
                    <Button id="sync-now" look={Look::Go} icon={Icon::Refresh} busy={*busy} onclick={exchange}>{ t.exchange_now }</Button>
                }
            </>
        },
        None => Html::default(),
    };
    let body = view(&team, html! { <Skeleton rows=3 /> }, |team| match team {
        Some(team) => html! { <Panel team={team.clone()} onclose={props.onclose.clone()} /> },
        // another profile was opened meanwhile
        None => Html::default(),
    });
    html! {
        <Dialog open=true title={t.sync} onclose={props.onclose.clone()} wide=true class={classes!("sync-panel")} {footer}>{ body }</Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct PanelProps {
    team: Team,
    onclose: Callback<()>,
}

#[component]
fn Panel(props: &PanelProps) -> Html {
    let (texts, clock, _) = use_frame();
    let t = &texts.team;
    let team = &props.team;
    let state = standing(team.sync, team.waiting_count, 0, t, &clock);
    let more = team.waiting_count.saturating_sub(team.waiting.len() as u64);
    html! {
        <div class="stack">
            <div role="status">
                <p class={classes!("sync-word", state.tone)}><i aria-hidden="true"></i><b>{ state.text }</b></p>
                <p class="muted">{ explanation(team.sync, host(&team.server), t, &clock) }</p>
                if matches!(team.sync, Sync::UpToDate { .. }) {
                    <p class="muted">{ if team.live { t.explain_live } else { t.explain_not_live } }</p>
                }
            </div>
            if !team.attention.is_empty() { <Attention list={team.attention.clone()} /> }
            <Section title={t.waiting} note={team.waiting_count}>
                if team.waiting.is_empty() {
                    <p class="card quiet-card">{ t.waiting_none }</p>
                } else {
                    <ul class="card list waiting">
                        { for team.waiting.iter().map(|waiting| html! { <Row waiting={waiting.clone()} onclose={props.onclose.clone()} /> }) }
                        if more > 0 { <li class="team-row muted">{ (t.waiting_more)(more) }</li> }
                    </ul>
                }
            </Section>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    waiting: Waiting,
    onclose: Callback<()>,
}

/// A change on its way.
#[component]
fn Row(props: &RowProps) -> Html {
    let (texts, clock, _) = use_frame();
    let t = &texts.team;
    let Waiting { what, post, title, made_at, doubtful } = &props.waiting;
    let name = match post {
        Some(post) if !title.is_empty() => {
            html! { <To route={Route::Post { post: *post }} class="text-link cut" onclick={props.onclose.clone()}><bdi>{ title }</bdi></To> }
        }
        _ => html! { <bdi class="cut">{ title }</bdi> },
    };
    html! {
        <li class="team-row">
            <span class="grow">
                <span class="row"><span>{ (t.change_of)(what) }</span>{ name }</span>
                if *doubtful { <span class="sm doubtful">{ t.doubtful }</span> }
            </span>
            <time class="sm muted" title={clock.full(*made_at)}>{ (t.made)(&clock.relative(*made_at)) }</time>
        </li>
    }
}
