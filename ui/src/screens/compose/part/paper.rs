//! The text field of a part. It grows with its text and shows links, names and tags in colour: a mirror below draws the
//! text, the field above it has the caret, the selection and the spelling.

use std::ops::Range;
use std::rc::Rc;

use domain::id::AccountId;
use domain::network::Network;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::caret::use_caret_kept;
use super::mentions::use_mentions;
use crate::files::images_of;
use crate::i18n::use_texts;
use crate::screens::compose::edit::Change;
use crate::screens::compose::hands::Hands;
use crate::screens::compose::insert::ENTERED;
use crate::screens::compose::preview::rich::{Kind, marked};
use crate::state::comments::overlay;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub index: usize,
    pub field: NodeRef,
    pub text: String,
    /// What comments are about, in characters.
    pub passages: Vec<Range<usize>>,
    pub network: Network,
    pub locked: bool,
    pub described_by: String,
    /// The accounts that get this text.
    pub readers: Rc<Vec<AccountId>>,
    pub hands: Hands,
}

#[component]
pub fn Paper(props: &Props) -> Html {
    let t = &use_texts().compose;
    let index = props.index;
    let mentions = use_mentions(index, &props.readers);
    use_caret_kept(&props.field, &props.text);
    let oninput = {
        let (on_change, look) = (props.hands.change.clone(), mentions.look());
        Callback::from(move |event: InputEvent| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
            if let Some(field) = field {
                look(&field);
                on_change.emit(Change::Text { part: index, text: field.value() });
            }
        })
    };
    let onpaste = {
        let on_files = props.hands.files.clone();
        Callback::from(move |event: Event| {
            let Some(event) = event.dyn_ref::<web_sys::ClipboardEvent>() else { return };
            let files = event.clipboard_data().map(|data| images_of(&data)).unwrap_or_default();
            if !files.is_empty() {
                event.prevent_default();
                on_files.emit((index, files));
            }
        })
    };
    let onkeydown = {
        let (on_change, on_split) = (props.hands.change.clone(), props.hands.split.clone());
        let for_mentions = mentions.key();
        Callback::from(move |event: KeyboardEvent| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
            let Some(field) = field.filter(|_| !event.is_composing()) else { return };
            if for_mentions(&event) {
                event.prevent_default();
                event.stop_propagation();
                return;
            }
            match (event.key().as_str(), event.alt_key()) {
                ("Enter", true) => on_split.emit((index, caret(&field))),
                ("ArrowUp", true) => on_change.emit(Change::MovePart { part: index, to: index.saturating_sub(1) }),
                ("ArrowDown", true) => on_change.emit(Change::MovePart { part: index, to: index + 1 }),
                ("Backspace", false) if index > 0 && field.value().is_empty() => {
                    on_change.emit(Change::RemovePart { part: index });
                }
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let onfocus = props.hands.entered.reform(move |event: FocusEvent| {
        if let Some(field) = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok()) {
            let _ = field.set_attribute(ENTERED, "");
        }
        index
    });
    // the caret may stand somewhere else by now
    let oncaret = {
        let look = mentions.look();
        Callback::from(move |event: Event| {
            if let Some(field) = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok()) {
                look(&field);
            }
        })
    };
    let onkeyup = {
        let oncaret = oncaret.clone();
        Callback::from(move |event: KeyboardEvent| {
            // only what moves the caret: Escape has just closed the list
            if event.key().starts_with("Arrow") || matches!(event.key().as_str(), "Home" | "End") {
                oncaret.emit(event.into());
            }
        })
    };
    let onclick = oncaret.reform(|event: MouseEvent| event.into());
    let onblur = mentions.close().reform(|_: FocusEvent| ());
    let placeholder = if index == 0 { t.write_here } else { t.write_reply };
    let pieces = overlay(marked(props.network, &props.text), &props.passages);
    let pieces = pieces.into_iter().map(|(kind, in_passage, text)| match (kind, in_passage) {
        (Kind::Plain, false) => html! { { text } },
        (Kind::Plain, true) => html! { <span class="passage">{ text }</span> },
        (_, in_passage) => html! { <mark class={in_passage.then_some("passage")}>{ text }</mark> },
    });
    html! {
        <>
            <div class="paper">
                // the last line break needs something behind it to have a height
                <div class="mirror" dir="auto" aria-hidden="true">{ for pieces }{ "\u{200b}" }</div>
                <textarea ref={props.field.clone()} rows="1" dir="auto" spellcheck="true" value={props.text.clone()} {placeholder} readonly={props.locked}
                    aria-label={(t.text_label)(index + 1)} aria-describedby={props.described_by.clone()} data-part={index.to_string()}
                    aria-autocomplete="list" aria-controls={mentions.list_id()} aria-activedescendant={mentions.active_id()}
                    {oninput} {onpaste} {onkeydown} {onfocus} {onblur} {onkeyup} {onclick} />
            </div>
            { mentions.view() }
        </>
    }
}

/// Characters before the caret, if there is text behind it.
fn caret(field: &HtmlTextAreaElement) -> Option<usize> {
    let units = usize::try_from(field.selection_start().ok().flatten()?).ok()?;
    let text = field.value();
    let before: Vec<u16> = text.encode_utf16().take(units).collect();
    let characters = char::decode_utf16(before).count();
    (characters < text.trim_end().chars().count()).then_some(characters)
}
