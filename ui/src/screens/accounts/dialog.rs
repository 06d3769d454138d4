//! The dialog that connects an account: it shows the steps and does what they ask.

use std::cell::RefCell;
use std::rc::Rc;

use contract::accounts::{CancelConnect, ConnectProgress};
use domain::id::AccountId;
use gloo_timers::callback::Interval;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::browser::Browser;
use super::by_hand::ByHandForm;
use super::connect::{Action, Connect, Order, Step, Way};
use super::form::{ChooseNetwork, SignInForm};
use crate::backend::call;
use crate::components::{Dialog, use_focus_on_step};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub start: Connect,
    /// With the account that was connected.
    pub onclose: Callback<Option<AccountId>>,
}

/// The browser comes back to the program, not to this window: it asks this often.
const ASK_MS: u32 = 700;

#[component]
pub fn ConnectDialog(props: &Props) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.accounts;
    let start = props.start.clone();
    let state = use_memo((), move |()| RefCell::new(start));
    let redraw = use_force_update();
    let act = {
        let state = state.clone();
        Callback::from(move |action: Action| {
            tell(
                &state,
                &Callback::from({
                    let redraw = redraw.clone();
                    move |()| redraw.force_update()
                }),
                action,
            )
        })
    };
    let now = state.borrow().clone();
    {
        let act = act.clone();
        let attempt = now.attempt();
        use_effect_with(now.flow().map(|flow| flow.flow), move |flow| {
            let asking = flow.map(|flow| {
                Interval::new(ASK_MS, move || {
                    let act = act.clone();
                    spawn_local(async move {
                        let answer = call(ConnectProgress { flow }).await;
                        act.emit(Action::Progress { attempt, answer });
                    });
                })
            });
            move || drop(asking)
        });
    }
    {
        let onclose = props.onclose.clone();
        let done = match now.step {
            Step::Done { account } => Some(account),
            _ => None,
        };
        use_effect_with(done, move |done| {
            if done.is_some() {
                onclose.emit(*done);
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
    let title = match (&now.step, now.form.reconnect) {
        (Step::ChooseNetwork, _) => t.connect.to_owned(),
        (_, Some(_)) if now.form.way == Way::ByHand => (t.change_at)(now.form.network.name()),
        (_, Some(_)) => (t.reconnect_at)(now.form.network.name()),
        (_, None) => (t.connect_at)(now.form.network.name()),
    };
    let body = match &now.step {
        Step::ChooseNetwork => html! { <ChooseNetwork on_act={act} /> },
        Step::Form { busy, fault, failure } if now.form.way == Way::ByHand => html! {
            <ByHandForm form={now.form.clone()} busy={*busy} fault={*fault} failure={failure.clone()} on_act={act} />
        },
        Step::Form { busy, fault, failure } => html! {
            <SignInForm form={now.form.clone()} busy={*busy} fault={*fault} failure={failure.clone()} on_act={act} on_leave={onclose.reform(|()| ())} />
        },
        Step::Browser { flow, finishing } => {
            let what = (t.browser_open)(now.form.network.name());
            html! {
                <Browser flow={flow.clone()} finishing={*finishing} {what} come_back={now.form.come_back}
                    on_other={act.reform(Action::Other)} on_cancel={act.reform(|()| Action::Cancel)} />
            }
        }
        Step::Done { .. } => Html::default(),
    };
    let area = use_node_ref();
    use_focus_on_step(area.clone(), std::mem::discriminant(&now.step));
    let sticky = matches!(now.step, Step::Browser { .. });
    html! { <Dialog open=true {title} {onclose} {sticky} class={classes!("connect")}><div ref={area}>{ body }</div></Dialog> }
}

/// Takes a step and does what it asks; answers come back as steps.
fn tell(state: &Rc<RefCell<Connect>>, redraw: &Callback<()>, action: Action) {
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
                Order::SignIn { attempt, request } => {
                    let answer = call(request).await.map(|connected| connected.account);
                    tell(&state, &redraw, Action::Signed { attempt, answer });
                }
                Order::AddByHand { attempt, request } => {
                    let answer = call(request).await.map(|connected| connected.account);
                    tell(&state, &redraw, Action::Signed { attempt, answer });
                }
                Order::CancelFlow { flow } => {
                    // a flow that is over needs no cancelling
                    let _ = call(CancelConnect { flow }).await;
                }
            }
        });
    }
}
