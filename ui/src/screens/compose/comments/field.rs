use domain::comment::Comment;
use yew::prelude::*;

use crate::components::{Button, Look, TextArea};
use crate::i18n::use_texts;
use crate::platform;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
    pub label: AttrValue,
    #[prop_or_default]
    pub placeholder: AttrValue,
    /// What stands there first.
    #[prop_or_default]
    pub start: AttrValue,
    /// Under which what was begun is kept until it is sent or given up.
    #[prop_or_default]
    pub keep: Option<AttrValue>,
    /// The word on the button.
    pub go: AttrValue,
    /// Gets the text, and what to call once it is stored.
    pub onsave: Callback<(String, Callback<()>)>,
    pub oncancel: Callback<()>,
}

/// What was begun under this name, if anything was.
pub fn kept(name: &str) -> Option<String> {
    platform::recall(name).filter(|text| !text.trim().is_empty())
}

/// Where a comment is written. Ctrl+Enter sends it, Escape gives it up.
#[component]
pub fn CommentField(props: &Props) -> Html {
    let texts = use_texts();
    let text = use_state_eq(|| {
        let begun = props.keep.as_ref().and_then(|name| kept(name));
        begun.unwrap_or_else(|| props.start.to_string())
    });
    let sending = use_state_eq(|| false);
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(field) = node.cast::<web_sys::HtmlTextAreaElement>() {
                let _ = field.focus();
                let _ = field.set_selection_range(u32::MAX, u32::MAX);
            }
        });
    }
    let keep = {
        let name = props.keep.clone();
        move |text: &str| {
            if let Some(name) = &name {
                platform::remember(name, text);
            }
        }
    };
    let oninput = {
        let (text, keep) = (text.setter(), keep.clone());
        Callback::from(move |typed: String| {
            keep(&typed);
            text.set(typed);
        })
    };
    let long = text.trim().chars().nth(Comment::TEXT_MAX).is_some();
    let save = {
        let (text, keep, onsave, sending) = (text.clone(), keep.clone(), props.onsave.clone(), sending.clone());
        Callback::from(move |()| {
            if text.trim().is_empty() || long || *sending {
                return;
            }
            sending.set(true);
            let (keep, typed, sending) = (keep.clone(), text.setter(), sending.setter());
            let done = Callback::from(move |()| {
                keep("");
                typed.set(String::new());
                sending.set(false);
            });
            onsave.emit((text.trim().to_owned(), done));
        })
    };
    let cancel = {
        let oncancel = props.oncancel.clone();
        Callback::from(move |()| {
            keep("");
            oncancel.emit(());
        })
    };
    let onkeydown = {
        let (save, cancel, sending) = (save.clone(), cancel.clone(), sending.setter());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "Enter" if event.ctrl_key() || event.meta_key() => save.emit(()),
                "Escape" if !event.is_composing() => cancel.emit(()),
                _ => {
                    // what was not stored can be sent again once it was touched
                    sending.set(false);
                    return;
                }
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    html! {
        <div class="comment-field" {onkeydown}>
            <TextArea id={props.id.clone()} {node} rows=2 label={props.label.clone()} placeholder={props.placeholder.clone()} value={(*text).clone()} {oninput} wrong={long} />
            if long { <p class="field-error" role="alert">{ texts.comments.too_long }</p> }
            <div class="row">
                <Button look={Look::Go} disabled={text.trim().is_empty() || long} onclick={save.reform(|_: MouseEvent| ())}>{ props.go.clone() }</Button>
                <Button look={Look::Quiet} onclick={cancel.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            </div>
        </div>
    }
}
