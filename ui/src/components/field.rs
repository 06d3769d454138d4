use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::{Glyph, Icon};
use crate::i18n::use_texts;

#[derive(Properties, PartialEq)]
pub struct FieldProps {
    /// The id of the control inside.
    pub id: AttrValue,
    pub label: AttrValue,
    #[prop_or_default]
    pub hint: AttrValue,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub optional: bool,
    #[prop_or_default]
    pub children: Html,
}

/// A control with its label, what it is for, and what is wrong with it. The control names `{id}-hint` and `{id}-error` as
/// its description; [`TextInput`] and [`TextArea`] do so by themselves.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    let t = use_texts();
    html! {
        <div class={classes!("field", props.error.is_some().then_some("wrong"))}>
            <label for={props.id.clone()}>
                { props.label.clone() }
                if props.optional {
                    <span class="muted">{ format!(" · {}", t.frame.optional) }</span>
                }
            </label>
            { props.children.clone() }
            if !props.hint.is_empty() {
                <p class="hint" id={format!("{}-hint", props.id)}>{ props.hint.clone() }</p>
            }
            if let Some(error) = &props.error {
                <p class="field-error" id={format!("{}-error", props.id)} role="alert">
                    <Glyph icon={Icon::Warning} />{ error.clone() }
                </p>
            }
        </div>
    }
}

fn described(id: &str) -> String {
    format!("{id}-hint {id}-error")
}

#[derive(Properties, PartialEq)]
pub struct TextInputProps {
    pub id: AttrValue,
    pub value: AttrValue,
    pub oninput: Callback<String>,
    /// `text`, `password`, `url`, `search`, ...
    #[prop_or(AttrValue::Static("text"))]
    pub kind: AttrValue,
    #[prop_or_default]
    pub placeholder: AttrValue,
    #[prop_or_default]
    pub disabled: bool,
    /// It cannot be changed now, and keeps the focus.
    #[prop_or_default]
    pub readonly: bool,
    #[prop_or_default]
    pub autofocus: bool,
    #[prop_or_default]
    pub wrong: bool,
    /// Where no [`Field`] is around it.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// Enter.
    #[prop_or_default]
    pub onenter: Option<Callback<()>>,
    #[prop_or(AttrValue::Static("off"))]
    pub autocomplete: AttrValue,
    #[prop_or_default]
    pub node: NodeRef,
    #[prop_or_default]
    pub class: Classes,
    #[prop_or_default]
    pub maxlength: Option<u32>,
}

#[component]
pub fn TextInput(props: &TextInputProps) -> Html {
    let oninput = props.oninput.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let onkeydown = props.onenter.clone().map(|onenter| {
        Callback::from(move |event: KeyboardEvent| {
            // Enter that ends the choice of a word in an input method is not the end of the field
            if event.key() == "Enter" && !event.is_composing() {
                event.prevent_default();
                onenter.emit(());
            }
        })
    });
    {
        let (node, autofocus) = (props.node.clone(), props.autofocus);
        use_effect_with((), move |()| {
            if autofocus && let Some(input) = node.cast::<HtmlInputElement>() {
                input.focus().ok();
            }
        });
    }
    html! {
        <input
            ref={props.node.clone()}
            id={props.id.clone()}
            class={classes!("input", props.class.clone())}
            type={props.kind.clone()}
            value={props.value.clone()}
            placeholder={props.placeholder.clone()}
            disabled={props.disabled}
            readonly={props.readonly}
            aria-invalid={props.wrong.then_some("true")}
            aria-label={props.label.clone()}
            aria-describedby={props.label.is_none().then(|| described(&props.id))}
            autocomplete={props.autocomplete.clone()}
            autofocus={props.autofocus}
            maxlength={props.maxlength.map(|most| most.to_string())}
            spellcheck="false"
            dir="auto"
            {oninput}
            {onkeydown}
        />
    }
}

#[derive(Properties, PartialEq)]
pub struct TextAreaProps {
    pub id: AttrValue,
    pub value: AttrValue,
    pub oninput: Callback<String>,
    #[prop_or(3)]
    pub rows: u32,
    #[prop_or_default]
    pub placeholder: AttrValue,
    #[prop_or_default]
    pub disabled: bool,
    #[prop_or_default]
    pub wrong: bool,
    #[prop_or_default]
    pub label: Option<AttrValue>,
    #[prop_or_default]
    pub class: Classes,
    #[prop_or_default]
    pub node: NodeRef,
}

#[component]
pub fn TextArea(props: &TextAreaProps) -> Html {
    let oninput =
        props.oninput.reform(|event: InputEvent| event.target_unchecked_into::<HtmlTextAreaElement>().value());
    html! {
        <textarea
            ref={props.node.clone()}
            id={props.id.clone()}
            class={classes!("input", props.class.clone())}
            rows={props.rows.to_string()}
            value={props.value.clone()}
            placeholder={props.placeholder.clone()}
            disabled={props.disabled}
            aria-invalid={props.wrong.then_some("true")}
            aria-label={props.label.clone()}
            aria-describedby={props.label.is_none().then(|| described(&props.id))}
            dir="auto"
            {oninput}
        />
    }
}

#[derive(Properties, PartialEq)]
pub struct SelectProps {
    pub id: AttrValue,
    /// Key and text of each choice.
    pub options: Vec<(AttrValue, AttrValue)>,
    pub value: AttrValue,
    pub onchange: Callback<AttrValue>,
    #[prop_or_default]
    pub disabled: bool,
    #[prop_or_default]
    pub label: Option<AttrValue>,
}

#[component]
pub fn Select(props: &SelectProps) -> Html {
    let onchange =
        props.onchange.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value().into());
    html! {
        <span class="select">
            <select id={props.id.clone()} class="input" disabled={props.disabled} aria-label={props.label.clone()} {onchange}>
                { for props.options.iter().map(|(key, text)| html! {
                    <option value={key.clone()} selected={*key == props.value} key={key.to_string()}>{ text.clone() }</option>
                }) }
            </select>
            <Glyph icon={Icon::Down} />
        </span>
    }
}
