//! The dialog that signs in at a server for teams.

use std::cell::RefCell;
use std::rc::Rc;

use contract::teams::{CancelTeamSignIn, TeamSignInProgress};
use gloo_timers::callback::Interval;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::sign_in::{Action, Order, SignIn, Step};
use crate::backend::call;
use crate::components::{Button, Dialog, Field, Look, TextInput, use_focus_on_step};
use crate::frame::context::use_frame;
use crate::platform;
use crate::screens::accounts::address::Fault;
use crate::screens::accounts::{Browser, Failed};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub start: SignIn,
    /// With the server, if the person is signed in there now.
    pub onclose: Callback<Option<String>>,
}

/// The browser comes back to the program, not to this window: it asks this often.
const ASK_MS: u32 = 700;

#[component]
pub fn SignInDialog(props: &Props) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.team;
    let start = props.start.clone();
    let state = use_memo((), move |()| RefCell::new(start));
    let redraw = use_force_update();
    let act = {
        let state = state.clone();
        let redraw = Callback::from(move |()| redraw.force_update());
        Callback::from(move |action: Action| tell(&state, &redraw, action))
    };
    let now = state.borrow().clone();
    {
        let (act, attempt) = (act.clone(), now.attempt());
        use_effect_with(now.flow().map(|flow| flow.flow), move |flow| {
            let asking = flow.map(|flow| {
                Interval::new(ASK_MS, move || {
                    let act = act.clone();
                    spawn_local(async move {
                        let answer = call(TeamSignInProgress { flow }).await;
                        act.emit(Action::Progress { attempt, answer });
                    });
                })
            });
            move || drop(asking)
        });
    }
    {
        let onclose = props.onclose.clone();
        let done = match &now.step {
            Step::Done { server } => Some(server.clone()),
            _ => None,
        };
        use_effect_with(done, move |done| {
            if done.is_some() {
                onclose.emit(done.clone());
            }
        });
    }
    let onclose = {
        let (act, onclose) = (act.clone(), props.onclose.clone());
        Callback::from(move |()| {
            act.emit(Action::Cancel);
            onclose.emit(None);
        })
    };
    let body = match &now.step {
        Step::Form { .. } => html! { <Form sign_in={now.clone()} on_act={act} on_leave={onclose.clone()} /> },
        Step::Browser { flow, finishing } => html! {
            <Browser flow={flow.clone()} finishing={*finishing} what={(t.browser_open)(super::host(&now.server))} come_back={now.come_back}
                on_other={act.reform(Action::Other)} on_cancel={act.reform(|()| Action::Cancel)} />
        },
        Step::Done { .. } => Html::default(),
    };
    let area = use_node_ref();
    use_focus_on_step(area.clone(), std::mem::discriminant(&now.step));
    let sticky = matches!(now.step, Step::Browser { .. });
    html! {
        <Dialog open=true title={t.sign_in} {onclose} {sticky} class={classes!("connect")}><div ref={area}>{ body }</div></Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct FormProps {
    sign_in: SignIn,
    on_act: Callback<Action>,
    on_leave: Callback<()>,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.team;
    let SignIn { server, fixed, step, .. } = &props.sign_in;
    let (busy, fault, failure) = match step {
        Step::Form { busy, fault, failure } => (*busy, *fault, failure.clone()),
        _ => (false, None, None),
    };
    {
        // to where something is to be done about it
        let place = match (fault, failure.is_some()) {
            (Some(_), _) => Some("team-server"),
            (None, true) => Some("connect-again"),
            (None, false) => None,
        };
        use_effect_with((place, busy), |(place, busy)| {
            if let Some(place) = place.filter(|_| !busy) {
                platform::focus_id(place);
            }
        });
    }
    let onsubmit = {
        let on_act = props.on_act.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            on_act.emit(Action::Submit);
        })
    };
    let error = fault.map(|fault| {
        AttrValue::from(match fault {
            Fault::Empty => texts.accounts.fault_no_server,
            _ => texts.accounts.fault_server,
        })
    });
    let cancel = {
        let (on_act, on_leave) = (props.on_act.clone(), props.on_leave.clone());
        Callback::from(move |_: MouseEvent| if busy { on_act.emit(Action::Cancel) } else { on_leave.emit(()) })
    };
    html! {
        <form class="sign-in stack" novalidate=true {onsubmit}>
            if let Some(error) = failure {
                <Failed {error} {busy} on_again={props.on_act.reform(|()| Action::Submit)} on_leave={props.on_leave.clone()} />
            }
            <Field id="team-server" label={t.address} hint={t.address_hint} error={error.clone()}>
                <TextInput id="team-server" value={server.clone()} oninput={props.on_act.reform(Action::Server)} placeholder="teams.example.org"
                    autofocus={!fixed} readonly={busy || *fixed} wrong={error.is_some()} onenter={props.on_act.reform(|()| Action::Submit)} />
            </Field>
            <p class="hint">{ t.sign_in_how }</p>
            <div class="row form-foot">
                <Button look={Look::Quiet} onclick={cancel}>{ texts.frame.cancel }</Button>
                <span class="grow" />
                <Button id="connect-go" look={Look::Go} submit=true {busy}>{ t.go_browser }</Button>
            </div>
        </form>
    }
}

/// Takes a step and does what it asks; answers come back as steps.
fn tell(state: &Rc<RefCell<SignIn>>, redraw: &Callback<()>, action: Action) {
    let before = state.borrow().clone();
    let (after, orders) = before.step(action);
    state.replace(after);
    redraw.emit(());
    for order in orders {
        let (state, redraw) = (state.clone(), redraw.clone());
        spawn_local(async move {
            match order {
                Order::Start { attempt, request } => {
                    let answer = call(request).await;
                    tell(&state, &redraw, Action::Started { attempt, answer });
                }
                Order::Cancel { flow } => {
                    // a sign-in that is over needs no cancelling
                    let _ = call(CancelTeamSignIn { flow }).await;
                }
            }
        });
    }
}
