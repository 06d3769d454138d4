use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::{Icon, IconButton};
use crate::i18n::use_texts;
use crate::platform;

#[derive(Properties, PartialEq)]
pub struct DialogProps {
    pub open: bool,
    pub title: AttrValue,
    /// Escape, the cross and a press on the backdrop.
    pub onclose: Callback<()>,
    #[prop_or_default]
    pub children: Html,
    /// Buttons.
    #[prop_or_default]
    pub footer: Html,
    #[prop_or_default]
    pub wide: bool,
    #[prop_or_default]
    pub class: Classes,
    /// There is something to read and nothing to press: the keys scroll it.
    #[prop_or_default]
    pub reading: bool,
    /// Only its own buttons close it: something would be lost otherwise.
    #[prop_or_default]
    pub sticky: bool,
}

/// A modal dialog: the native element, so the focus is kept in it. It goes back to where it came from.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let t = use_texts();
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.open, move |open| {
            let opener = open.then(|| platform::document()?.active_element()).flatten();
            let dialog = node.cast::<HtmlDialogElement>().filter(|_| *open);
            if let Some(dialog) = dialog.as_ref().filter(|dialog| !dialog.open()) {
                dialog.show_modal().ok();
                begin(dialog);
            }
            move || {
                if let Some(dialog) = dialog.filter(HtmlDialogElement::open) {
                    dialog.close();
                }
                // one that was taken out of the page with its screen gives nothing back by itself
                if let Some(opener) = opener {
                    platform::focus_back(&opener);
                }
            }
        });
    }
    let oncancel = {
        let (onclose, sticky) = (props.onclose.clone(), props.sticky);
        Callback::from(move |event: Event| {
            // the state decides whether it is open, so it is closed by drawing it closed
            event.prevent_default();
            if !sticky {
                onclose.emit(());
            }
        })
    };
    let onclick = {
        let (onclose, node, sticky) = (props.onclose.clone(), node.clone(), props.sticky);
        Callback::from(move |event: MouseEvent| {
            // the backdrop belongs to the dialog element itself; its content lies in elements of its own
            let backdrop = event.target().is_some_and(|target| {
                node.get().is_some_and(|node| js_sys::Object::is(target.as_ref(), node.as_ref()))
            });
            if backdrop && !sticky {
                onclose.emit(());
            }
        })
    };
    let close = props.onclose.reform(|_: MouseEvent| ());
    let has_footer = props.footer != Html::default();
    let body = props.open.then(|| {
        html! {
            <div class="dialog-frame">
                <header class="dialog-head">
                    <h2>{ props.title.clone() }</h2>
                    if !props.sticky {
                        <IconButton icon={Icon::Cross} label={t.frame.close} onclick={close} />
                    }
                </header>
                <div class="dialog-body" tabindex={props.reading.then_some("0")} autofocus={props.reading}>{ props.children.clone() }</div>
                if has_footer {
                    <footer class="dialog-foot">{ props.footer.clone() }</footer>
                }
            </div>
        }
    });
    html! {
        <dialog
            ref={node}
            class={classes!("dialog", props.wide.then_some("wide"), props.class.clone())}
            aria-label={props.title.clone()}
            {oncancel}
            {onclick}
        >
            { body.unwrap_or_default() }
        </dialog>
    }
}

/// The browser begins with the first thing that takes the focus, which is the cross; nobody opens a dialog to close it.
fn begin(dialog: &HtmlDialogElement) {
    let active = platform::document().and_then(|document| document.active_element());
    if active.is_none_or(|active| active.closest(".dialog-head").is_ok_and(|head| head.is_some())) {
        platform::focus_first_in(dialog);
    }
}
