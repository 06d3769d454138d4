use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SegmentedProps {
    /// What is chosen here.
    pub label: AttrValue,
    /// Key and text of each choice.
    pub options: Vec<(AttrValue, AttrValue)>,
    pub value: AttrValue,
    pub onchange: Callback<AttrValue>,
    #[prop_or_default]
    pub disabled: bool,
}

/// One of a few choices: radio buttons that look like one control; arrow keys move.
#[component]
pub fn Segmented(props: &SegmentedProps) -> Html {
    html! {
        <fieldset class="segmented" disabled={props.disabled}>
            <legend class="visually-hidden">{ props.label.clone() }</legend>
            { for props.options.iter().map(|(key, text)| {
                let checked = *key == props.value;
                let onchange = { let (key, onchange) = (key.clone(), props.onchange.clone()); move |_: Event| onchange.emit(key.clone()) };
                html! {
                    <label class={classes!(checked.then_some("on"))} key={key.to_string()}>
                        <input type="radio" name={props.label.clone()} value={key.clone()} {checked} {onchange} />
                        <span>{ text.clone() }</span>
                    </label>
                }
            }) }
        </fieldset>
    }
}
