use contract::ApiError;
use yew::prelude::*;

use super::connect::{Remedy, remedy};
use crate::components::{Button, Icon, Notice, NoticeTone};
use crate::frame::context::use_frame;
use crate::route::{Route, use_go};

#[derive(Properties, PartialEq)]
pub struct FailedProps {
    pub error: ApiError,
    pub busy: bool,
    pub on_again: Callback<()>,
    /// Goes to where something can be done about it.
    pub on_leave: Callback<()>,
}

/// Why a sign-in did not work, and what helps.
#[component]
pub fn Failed(props: &FailedProps) -> Html {
    let (texts, _, _) = use_frame();
    let go = use_go();
    let leave = |route: Route| {
        let (go, on_leave) = (go.clone(), props.on_leave.clone());
        Callback::from(move |_: MouseEvent| {
            on_leave.emit(());
            go.emit(route);
        })
    };
    let again = || {
        let onclick = props.on_again.reform(|_: MouseEvent| ());
        html! { <Button id="connect-again" icon={Icon::Refresh} busy={props.busy} {onclick}>{ texts.frame.retry }</Button> }
    };
    let actions = match remedy(props.error.code) {
        Remedy::Again => again(),
        Remedy::Retype => Html::default(),
        Remedy::Allow => {
            html! { <><Button onclick={leave(Route::Settings)}>{ texts.frame.settings }</Button>{ again() }</> }
        }
        Remedy::OpenVault => html! { <Button onclick={leave(Route::Vault)}>{ texts.frame.vault_open }</Button> },
    };
    html! {
        <Notice tone={NoticeTone::Bad} {actions}>
            <p>{ (texts.error)(&props.error) }</p>
            if let Some(detail) = &props.error.detail {
                <details class="raw"><summary>{ texts.frame.details }</summary><pre>{ detail }</pre></details>
            }
        </Notice>
    }
}
