//! Adding an account that a person serves by hand, or changing one.

use contract::ApiError;
use yew::prelude::*;

use super::address::Fault;
use super::connect::{Action, Field as At, Form};
use crate::components::{Button, Field, Look, Notice, NoticeTone, Switch, TextInput};
use crate::frame::context::use_frame;
use crate::platform;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub form: Form,
    pub busy: bool,
    pub fault: Option<(At, Fault)>,
    pub failure: Option<ApiError>,
    pub on_act: Callback<Action>,
}

#[component]
pub fn ByHandForm(props: &Props) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.accounts;
    let form = &props.form;
    let words = |at: At| if at == At::Profile { t.fault_profile } else { t.fault_no_name };
    let error = |at: At| props.fault.filter(|(field, _)| *field == at).map(|_| AttrValue::from(words(at)));
    let place = props.fault.map(|(at, _)| if at == At::Profile { "connect-profile" } else { "connect-handle" });
    use_effect_with((place, props.busy), |(place, busy)| {
        if let Some(place) = place.filter(|_| !busy) {
            platform::focus_id(place);
        }
    });
    let onsubmit = {
        let on_act = props.on_act.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            on_act.emit(Action::Submit);
        })
    };
    let enter = props.on_act.reform(|()| Action::Submit);
    html! {
        <form class="sign-in stack" novalidate=true {onsubmit}>
            if let Some(failure) = &props.failure {
                <Notice tone={NoticeTone::Bad}><p>{ (texts.error)(failure) }</p></Notice>
            }
            <p class="sm">{ (t.by_hand_how)(form.network.name()) }</p>
            <Field id="connect-handle" label={t.by_hand_name} hint={t.by_hand_name_hint} error={error(At::Handle)}>
                <TextInput id="connect-handle" value={form.handle.clone()} oninput={props.on_act.reform(Action::Handle)} autofocus=true
                    readonly={props.busy} wrong={error(At::Handle).is_some()} onenter={enter.clone()} />
            </Field>
            <Field id="connect-profile" label={t.by_hand_profile} hint={t.by_hand_profile_hint} error={error(At::Profile)} optional=true>
                <TextInput id="connect-profile" kind="url" value={form.profile.clone()} oninput={props.on_act.reform(Action::Profile)} placeholder="https://"
                    readonly={props.busy} wrong={error(At::Profile).is_some()} onenter={enter} />
            </Field>
            if form.network.has_premium() {
                <Switch id="connect-premium" label={(t.by_hand_premium)(form.network.name())} on={form.premium} onchange={props.on_act.reform(Action::Premium)} />
            }
            <div class="row form-foot">
                <Button look={Look::Quiet} onclick={props.on_act.reform(|_: MouseEvent| Action::Back)}>{ texts.frame.back }</Button>
                <span class="grow" />
                <Button id="connect-go" look={Look::Go} submit=true busy={props.busy}>{ if form.reconnect.is_some() { t.change } else { t.by_hand_add } }</Button>
            </div>
        </form>
    }
}
