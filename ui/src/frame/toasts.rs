use gloo_timers::callback::Interval;
use yew::prelude::*;

use super::context::Toaster;
use crate::components::{Icon, IconButton, Keys};
use crate::i18n::use_texts;
use crate::platform;
use crate::state::keys::Cmd;
use crate::state::toasts::{Action, Toast, Toasts, Tone};

#[derive(Properties, PartialEq)]
pub struct ToastsViewProps {
    pub toasts: UseReducerHandle<Toasts>,
    pub toaster: Toaster,
}

/// The messages at the lower edge. They are read out where they appear, so nothing is said only by colour or place.
#[component]
pub fn ToastsView(props: &ToastsViewProps) -> Html {
    let t = use_texts();
    {
        let dispatcher = props.toasts.dispatcher();
        let waiting = props.toasts.list.iter().any(|toast| toast.until.is_some());
        use_effect_with(waiting, move |waiting| {
            let timer = waiting
                .then(|| Interval::new(250, move || dispatcher.dispatch(Action::Expire { now: platform::now_ms() })));
            move || drop(timer)
        });
    }
    let newest_undo = props.toasts.list.iter().rev().find_map(|toast| toast.undo);
    let draw = |toast: &Toast| {
        let close = {
            let (toasts, id) = (props.toasts.dispatcher(), toast.id);
            Callback::from(move |_: MouseEvent| toasts.dispatch(Action::Close { id }))
        };
        let undo = toast.undo.map(|undo| {
            let toaster = props.toaster.clone();
            let onclick = move |_: MouseEvent| toaster.undo(undo);
            html! {
                <button type="button" class="toast-undo" {onclick}>
                    { t.frame.undo }
                    if newest_undo == Some(undo) {
                        <Keys cmd={Cmd::UndoLast} />
                    }
                </button>
            }
        });
        html! {
            <div key={toast.id} class={classes!("toast", (toast.tone == Tone::Error).then_some("error"), toast.undo.map(|_| "timed"))}>
                <div class="grow">
                    <p>{ &toast.text }</p>
                    if let Some(detail) = &toast.detail {
                        <details class="raw"><summary>{ t.frame.details }</summary><pre>{ detail }</pre></details>
                    }
                </div>
                { undo.unwrap_or_default() }
                <IconButton icon={Icon::Cross} label={t.frame.close} onclick={close} />
            </div>
        }
    };
    let of = |tone: Tone| props.toasts.list.iter().filter(move |toast| toast.tone == tone);
    html! {
        <div class="toasts">
            <div role="alert" class="stack">{ for of(Tone::Error).map(draw) }</div>
            <div role="status" class="stack">{ for of(Tone::Note).map(draw) }</div>
        </div>
    }
}
