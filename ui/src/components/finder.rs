use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{Dialog, Glyph, Icon};
use crate::i18n::use_texts;
use crate::platform;
use crate::state::fuzzy;

/// One thing that can be found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub key: AttrValue,
    pub text: AttrValue,
    /// Below the text, quieter; it is searched as well.
    pub note: AttrValue,
    /// Before the text.
    pub sign: Html,
}

/// Things that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub name: AttrValue,
    pub found: Vec<Found>,
}

#[derive(Properties, PartialEq)]
pub struct FinderProps {
    pub title: AttrValue,
    pub hint: AttrValue,
    /// What to say when nothing is found.
    pub nothing: AttrValue,
    pub groups: Vec<Group>,
    /// Gets the key of what was chosen; the dialog is closed by then and the focus is back where it was.
    pub onchoose: Callback<AttrValue>,
    pub onclose: Callback<()>,
    #[prop_or_default]
    pub footer: Html,
}

/// Things shown at once; typing narrows them.
const SHOWN_MAX: usize = 200;
/// How far Page Up and Page Down go.
const PAGE: usize = 8;

/// Choose one of many by a few letters, as in the palette.
#[component]
pub fn Finder(props: &FinderProps) -> Html {
    let typed = use_state_eq(String::new);
    let active = use_state_eq(|| 0_usize);
    let t = use_texts();
    let all: Vec<(usize, &Found)> =
        props.groups.iter().enumerate().flat_map(|(at, group)| group.found.iter().map(move |one| (at, one))).collect();
    let texts: Vec<String> = all.iter().map(|(_, found)| format!("{} {}", found.text, found.note)).collect();
    let ranked = fuzzy::rank(&typed, texts.iter().map(String::as_str), SHOWN_MAX);
    let ranked: Vec<(usize, &Found)> = ranked.into_iter().filter_map(|at| all.get(at).copied()).collect();
    // the group of the best hit comes first
    let mut order: Vec<usize> = Vec::new();
    ranked.iter().for_each(|(group, _)| {
        if !order.contains(group) {
            order.push(*group);
        }
    });
    let groups: Vec<(AttrValue, Vec<Found>)> = order
        .into_iter()
        .filter_map(|at| {
            let found = ranked.iter().filter(|(group, _)| *group == at).map(|(_, found)| (*found).clone()).collect();
            Some((props.groups.get(at)?.name.clone(), found))
        })
        .collect();
    let keys: Vec<AttrValue> = groups.iter().flat_map(|(_, found)| found.iter().map(|one| one.key.clone())).collect();
    let count = keys.len();
    let at = (*active).min(count.saturating_sub(1));
    use_effect_with((at, count), |(at, _)| {
        let option = platform::document().and_then(|document| document.get_element_by_id(&format!("finder-{at}")));
        if let Some(option) = option {
            platform::scroll_near(&option);
        }
    });
    let choose = {
        let (onchoose, onclose) = (props.onchoose.clone(), props.onclose.clone());
        Callback::from(move |key: AttrValue| {
            onclose.emit(());
            let onchoose = onchoose.clone();
            platform::after_dialog(move || onchoose.emit(key));
        })
    };
    let oninput = {
        let (typed, active) = (typed.setter(), active.setter());
        Callback::from(move |event: InputEvent| {
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value());
            active.set(0);
        })
    };
    let onkeydown = {
        let (active, choose, keys) = (active.setter(), choose.clone(), keys);
        Callback::from(move |event: KeyboardEvent| {
            let last = count.saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" => active.set(if at >= last { 0 } else { at + 1 }),
                "ArrowUp" => active.set(if at == 0 { last } else { at - 1 }),
                "PageDown" => active.set((at + PAGE).min(last)),
                "PageUp" => active.set(at.saturating_sub(PAGE)),
                "Enter" if !event.is_composing() => {
                    if let Some(key) = keys.get(at) {
                        choose.emit(key.clone());
                    }
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let mut index = 0;
    let mut draw = |found: &Found| {
        let here = index;
        index += 1;
        let pick = {
            let (choose, key) = (choose.clone(), found.key.clone());
            move |_: MouseEvent| choose.emit(key.clone())
        };
        html! {
            <li id={format!("finder-{here}")} key={found.key.to_string()} role="option" class={classes!("option", (here == at).then_some("active"))}
                aria-selected={if here == at { "true" } else { "false" }} onclick={pick}>
                { found.sign.clone() }
                <span class="grow option-post">
                    <bdi class="cut">{ found.text.clone() }</bdi>
                    if !found.note.is_empty() { <bdi class="cut xs muted">{ found.note.clone() }</bdi> }
                </span>
            </li>
        }
    };
    let drawn: Vec<Html> = groups
        .iter()
        .map(|(name, found)| {
            let options: Vec<Html> = found.iter().map(&mut draw).collect();
            html! {
                <li role="presentation" key={name.to_string()}>
                    <ul role="group" aria-label={name.clone()}>
                        <li class="option-group" role="presentation" aria-hidden="true">{ name.clone() }</li>
                        { for options }
                    </ul>
                </li>
            }
        })
        .collect();
    html! {
        <Dialog open=true title={props.title.clone()} onclose={props.onclose.clone()} class="palette">
            <div class="palette-search">
                <Glyph icon={Icon::Search} />
                <input id="finder" type="text" role="combobox" aria-expanded="true" aria-controls="finder-list" aria-autocomplete="list"
                    aria-activedescendant={(count > 0).then(|| format!("finder-{at}"))} aria-label={props.hint.clone()} placeholder={props.hint.clone()}
                    autocomplete="off" spellcheck="false" dir="auto" autofocus=true value={(*typed).clone()} {oninput} {onkeydown} />
            </div>
            <ul id="finder-list" role="listbox" aria-label={props.title.clone()} class="palette-list">{ for drawn }</ul>
            if count == 0 { <p class="palette-nothing">{ props.nothing.clone() }</p> }
            <footer class="palette-foot">
                { props.footer.clone() }
                <span class="grow" />
                <span role="status">{ (t.frame.palette_count)(count) }</span>
            </footer>
        </Dialog>
    }
}
