use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{Glyph, Icon};
use crate::platform::document;
use crate::state::fuzzy;

/// One choice of a combobox.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub key: AttrValue,
    pub text: AttrValue,
    /// Behind the text, quieter.
    pub note: AttrValue,
}

#[derive(Properties, PartialEq)]
pub struct ComboboxProps {
    pub id: AttrValue,
    pub entries: Vec<Entry>,
    /// The key that is chosen.
    pub value: AttrValue,
    pub onchange: Callback<AttrValue>,
    pub label: AttrValue,
    /// What to say when nothing is found, and when what was typed is left without a choice.
    pub nothing: AttrValue,
    #[prop_or_default]
    pub disabled: bool,
}

/// Most entries shown at once; typing narrows them.
const SHOWN_MAX: usize = 60;

/// Choose one of many by typing a few letters. What was typed stays until it is a choice or given up with Escape.
#[component]
pub fn Combobox(props: &ComboboxProps) -> Html {
    let open = use_state_eq(|| false);
    let typed = use_state_eq(String::new);
    let active = use_state_eq(|| 0_usize);
    // left with something typed that is none of the entries
    let stuck = use_state_eq(|| false);
    let chosen = props.entries.iter().find(|entry| entry.key == props.value);
    let found: Vec<Entry> = {
        let texts: Vec<String> =
            props.entries.iter().map(|entry| format!("{} {} {}", entry.text, entry.key, entry.note)).collect();
        fuzzy::rank(&typed, texts.iter().map(String::as_str), SHOWN_MAX)
            .into_iter()
            .filter_map(|index| props.entries.get(index).cloned())
            .collect()
    };
    let list_id = format!("{}-list", props.id);
    {
        let option = format!("{list_id}-{}", *active);
        use_effect_with((*open, *active), move |(open, _)| {
            if *open && let Some(element) = document().and_then(|document| document.get_element_by_id(&option)) {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                element.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
    let choose = {
        let (onchange, open, typed, stuck) = (props.onchange.clone(), open.clone(), typed.clone(), stuck.setter());
        Callback::from(move |key: AttrValue| {
            open.set(false);
            stuck.set(false);
            typed.set(String::new());
            onchange.emit(key);
        })
    };
    let begin = {
        let (open, typed, active, stuck) = (open.clone(), typed.clone(), active.clone(), stuck.clone());
        let at = props.entries.iter().take(SHOWN_MAX).position(|entry| entry.key == props.value).unwrap_or(0);
        Callback::from(move |()| {
            if !*open {
                if !*stuck {
                    typed.set(String::new());
                    active.set(at);
                }
                open.set(true);
            }
        })
    };
    let oninput = {
        let (open, typed, active, stuck) = (open.clone(), typed.clone(), active.clone(), stuck.setter());
        Callback::from(move |event: InputEvent| {
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value());
            active.set(0);
            stuck.set(false);
            open.set(true);
        })
    };
    let onkeydown = {
        let (open, typed, active, begin, choose) =
            (open.clone(), typed.clone(), active.clone(), begin.clone(), choose.clone());
        let stuck = stuck.clone();
        let keys: Vec<AttrValue> = found.iter().map(|entry| entry.key.clone()).collect();
        Callback::from(move |event: KeyboardEvent| {
            let last = keys.len().saturating_sub(1);
            match (event.key().as_str(), *open) {
                ("ArrowDown" | "ArrowUp", false) => begin.emit(()),
                ("ArrowDown", true) => active.set(if *active >= last { 0 } else { *active + 1 }),
                ("ArrowUp", true) => active.set(if *active == 0 { last } else { *active - 1 }),
                ("Enter", true) => match keys.get(*active) {
                    Some(key) => choose.emit(key.clone()),
                    None => {
                        open.set(false);
                        stuck.set(true);
                    }
                },
                ("Escape", _) if *open || *stuck => {
                    open.set(false);
                    stuck.set(false);
                    typed.set(String::new());
                }
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let onblur = {
        let (open, typed, stuck, choose) = (open.clone(), typed.clone(), stuck.clone(), choose.clone());
        let entries = props.entries.clone();
        Callback::from(move |_: FocusEvent| {
            let name = typed.trim();
            if !*open || name.is_empty() {
                open.set(false);
                return;
            }
            let is_it = |entry: &&Entry| [&entry.text, &entry.key].iter().any(|text| text.eq_ignore_ascii_case(name));
            match entries.iter().find(is_it) {
                Some(entry) => choose.emit(entry.key.clone()),
                None => {
                    open.set(false);
                    stuck.set(true);
                }
            }
        })
    };
    let unknown = format!("{}-unknown", props.id);
    let shown =
        if *open || *stuck { (*typed).clone() } else { chosen.map(|entry| entry.text.to_string()).unwrap_or_default() };
    let placeholder = chosen.map(|entry| entry.text.clone()).unwrap_or_default();
    html! {
        <div class="combobox">
            <input
                id={props.id.clone()}
                class="input"
                role="combobox"
                type="text"
                autocomplete="off"
                spellcheck="false"
                aria-label={props.label.clone()}
                aria-expanded={if *open { "true" } else { "false" }}
                aria-controls={list_id.clone()}
                aria-autocomplete="list"
                aria-invalid={stuck.then_some("true")}
                aria-describedby={stuck.then(|| unknown.clone())}
                aria-activedescendant={open.then(|| format!("{list_id}-{}", *active))}
                value={shown}
                {placeholder}
                disabled={props.disabled}
                {oninput}
                {onkeydown}
                {onblur}
                onclick={begin.reform(|_: MouseEvent| ())}
            />
            <ul id={list_id.clone()} role="listbox" class="combobox-list" aria-label={props.label.clone()} hidden={!*open}>
                if *open {
                    { for found.iter().enumerate().map(|(index, entry)| {
                        let selected = index == *active;
                        let pick = { let (choose, key) = (choose.clone(), entry.key.clone()); move |event: MouseEvent| {
                            // before the field loses the focus
                            event.prevent_default();
                            choose.emit(key.clone());
                        }};
                        html! {
                            <li
                                id={format!("{list_id}-{index}")}
                                key={entry.key.to_string()}
                                role="option"
                                class={classes!("option", selected.then_some("active"))}
                                aria-selected={if entry.key == props.value { "true" } else { "false" }}
                                onmousedown={pick}
                            >
                                <span class="cut grow">{ entry.text.clone() }</span>
                                <span class="muted xs">{ entry.note.clone() }</span>
                            </li>
                        }
                    }) }
                    if found.is_empty() {
                        <li class="option muted" role="option" aria-disabled="true" aria-selected="false">{ props.nothing.clone() }</li>
                    }
                }
            </ul>
            if *stuck {
                <p class="field-error" id={unknown} role="alert"><Glyph icon={Icon::Warning} />{ props.nothing.clone() }</p>
            }
        </div>
    }
}
