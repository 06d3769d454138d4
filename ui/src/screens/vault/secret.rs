use yew::prelude::*;

use crate::components::{Field, Icon, IconButton, TextInput};
use crate::i18n::use_texts;

#[derive(Properties, PartialEq)]
pub struct SecretFieldProps {
    pub id: AttrValue,
    pub label: AttrValue,
    #[prop_or_default]
    pub hint: AttrValue,
    pub value: AttrValue,
    pub oninput: Callback<String>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub autofocus: bool,
    #[prop_or_default]
    pub onenter: Option<Callback<()>>,
    #[prop_or_default]
    pub disabled: bool,
}

/// A secret that is typed: hidden, and shown on request.
#[component]
pub fn SecretField(props: &SecretFieldProps) -> Html {
    let t = use_texts();
    let shown = use_state_eq(|| false);
    let toggle = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(!*shown))
    };
    let label = if *shown { t.frame.hide } else { t.frame.show };
    html! {
        <Field id={props.id.clone()} label={props.label.clone()} hint={props.hint.clone()} error={props.error.clone()}>
            <span class="secret">
                <TextInput
                    id={props.id.clone()}
                    kind={if *shown { "text" } else { "password" }}
                    value={props.value.clone()}
                    oninput={props.oninput.clone()}
                    wrong={props.error.is_some()}
                    autofocus={props.autofocus}
                    onenter={props.onenter.clone()}
                    disabled={props.disabled}
                />
                <IconButton icon={Icon::Eye} {label} pressed={*shown} onclick={toggle} />
            </span>
        </Field>
    }
}
