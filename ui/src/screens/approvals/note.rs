//! The dialog that asks for a word with a decision.

use domain::approval::{Review, Verdict};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::components::{Button, Dialog, Field, Look, TextArea};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub verdict: Verdict,
    /// The post's.
    pub title: AttrValue,
    pub onsay: Callback<String>,
    pub onclose: Callback<()>,
}

/// Without a word the others would not know what to change; whoever overrides answers for it by name.
pub const fn needs_note(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::RequestChanges | Verdict::Override)
}

#[component]
pub fn NoteDialog(props: &Props) -> Html {
    let (texts, ..) = use_frame();
    let t = &texts.approvals;
    let note = use_state_eq(String::new);
    let tried = use_state_eq(|| false);
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(field) = node.cast::<HtmlTextAreaElement>() {
                field.focus().ok();
            }
        });
    }
    let missing = needs_note(props.verdict) && note.trim().is_empty();
    let long = note.trim().chars().count() > Review::NOTE_MAX;
    let fault = match (missing && *tried, long) {
        (_, true) => Some(AttrValue::from(t.note_long)),
        (true, _) => Some(AttrValue::from(t.note_missing)),
        _ => None,
    };
    let say = {
        let (note, tried, onsay) = (note.clone(), tried.setter(), props.onsay.clone());
        Callback::from(move |()| {
            tried.set(true);
            if !missing && !long {
                onsay.emit(note.trim().to_owned());
            }
        })
    };
    let onkeydown = {
        let say = say.clone();
        Callback::from(move |event: KeyboardEvent| {
            if (event.ctrl_key() || event.meta_key()) && event.key() == "Enter" {
                event.prevent_default();
                event.stop_propagation();
                say.emit(());
            }
        })
    };
    let look = if matches!(props.verdict, Verdict::Reject | Verdict::Override) { Look::Danger } else { Look::Go };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button id="decide-go" {look} onclick={say.reform(|_: MouseEvent| ())}>{ (t.ask_title)(props.verdict) }</Button>
        </>
    };
    let oninput = {
        let note = note.setter();
        Callback::from(move |text| note.set(text))
    };
    html! {
        <Dialog open=true title={(t.ask_title)(props.verdict)} onclose={props.onclose.clone()} {footer}>
            <div class="stack" {onkeydown}>
                <p><bdi><b>{ props.title.clone() }</b></bdi></p>
                <p class="muted">{ (t.ask_what)(props.verdict) }</p>
                <Field id="decide-note" label={(t.note)(props.verdict)} error={fault.clone()} optional={!needs_note(props.verdict)}>
                    <TextArea id="decide-note" value={(*note).clone()} {oninput} wrong={fault.is_some()} rows=4 {node} />
                </Field>
            </div>
        </Dialog>
    }
}
