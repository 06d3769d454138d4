use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SwitchProps {
    pub id: AttrValue,
    pub label: AttrValue,
    #[prop_or_default]
    pub hint: AttrValue,
    pub on: bool,
    pub onchange: Callback<bool>,
    #[prop_or_default]
    pub disabled: bool,
}

/// On or off, at once.
#[component]
pub fn Switch(props: &SwitchProps) -> Html {
    let hint_id = format!("{}-hint", props.id);
    let onclick = {
        let (onchange, on) = (props.onchange.clone(), props.on);
        Callback::from(move |_: MouseEvent| onchange.emit(!on))
    };
    html! {
        <div class="switch-row">
            <div class="grow">
                <label id={format!("{}-label", props.id)} for={props.id.clone()}>{ props.label.clone() }</label>
                if !props.hint.is_empty() {
                    <p class="hint" id={hint_id.clone()}>{ props.hint.clone() }</p>
                }
            </div>
            <button
                type="button"
                role="switch"
                id={props.id.clone()}
                class="switch"
                aria-checked={if props.on { "true" } else { "false" }}
                aria-labelledby={format!("{}-label", props.id)}
                aria-describedby={(!props.hint.is_empty()).then_some(hint_id)}
                disabled={props.disabled}
                {onclick}
            >
                <span></span>
            </button>
        </div>
    }
}
