use yew::prelude::*;

use super::{Button, Dialog, Look};
use crate::i18n::use_texts;

#[derive(Properties, PartialEq)]
pub struct ConfirmProps {
    pub open: bool,
    pub title: AttrValue,
    /// What will happen.
    pub children: Html,
    /// On the button that does it.
    pub yes: AttrValue,
    /// Works on it.
    #[prop_or_default]
    pub busy: bool,
    /// It cannot be done now; the text says why.
    #[prop_or_default]
    pub disabled: bool,
    pub onyes: Callback<()>,
    pub onclose: Callback<()>,
}

/// Asks before what cannot be taken back.
#[component]
pub fn Confirm(props: &ConfirmProps) -> Html {
    let t = use_texts();
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t.frame.cancel }</Button>
            <Button id="confirm-yes" look={Look::Danger} busy={props.busy} disabled={props.disabled} onclick={props.onyes.reform(|_: MouseEvent| ())}>{ props.yes.clone() }</Button>
        </>
    };
    html! {
        <Dialog open={props.open} title={props.title.clone()} onclose={props.onclose.clone()} {footer}>
            <div class="stack confirm">{ props.children.clone() }</div>
        </Dialog>
    }
}
