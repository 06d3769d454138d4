//! To which posts a chain applies.

use std::collections::BTreeSet;

use domain::network::Network;
use yew::prelude::*;

use super::dialog::Edit;
use super::drawn::Known;
use crate::components::{AccountChip, Dot, Glyph, Icon, Segmented};
use crate::frame::context::use_frame;
use crate::state::chains::Fault;

const ALL: &str = "all";
const ONLY: &str = "only";

#[derive(Properties, PartialEq)]
pub struct Props {
    pub only: bool,
    pub covers: domain::approval::Covers,
    pub known: Known,
    pub edit: Edit,
    /// It names nothing.
    pub wrong: bool,
}

/// Takes it out if it is in, and puts it in if not.
pub fn toggle<T: Ord>(set: &mut BTreeSet<T>, one: T) {
    if !set.remove(&one) {
        set.insert(one);
    }
}

/// A choice of several, that stays pressed.
pub fn chip(on: bool, onclick: Callback<MouseEvent>, mark: Html, text: &str) -> Html {
    html! {
        <button type="button" class={classes!("chip", "pick-chip", on.then_some("on"))} aria-pressed={if on { "true" } else { "false" }} {onclick}>
            if on { <Glyph icon={Icon::Check} /> }
            { mark }<bdi class="cut">{ text }</bdi>
        </button>
    }
}

#[component]
pub fn CoversFields(props: &Props) -> Html {
    let (texts, ..) = use_frame();
    let t = &texts.chains;
    let Props { covers, known, edit, .. } = props;
    let onchange = edit.on(|form, key: AttrValue| form.only = key == ONLY);
    let personas = known.personas.iter().filter(|view| !view.persona.deleted).map(|view| {
        let id = view.persona.id;
        let onclick = edit.press(move |form| toggle(&mut form.covers.personas, id));
        chip(
            covers.personas.contains(&id),
            onclick,
            html! { <Dot color={view.persona.text.color} /> },
            &view.persona.text.name,
        )
    });
    let accounts = known.accounts.iter().filter(|view| !view.account.removed).map(|view| {
        let id = view.account.id;
        let onclick = edit.press(move |form| toggle(&mut form.covers.accounts, id));
        html! { <AccountChip key={id.to_string()} account={view.account.clone()} on={covers.accounts.contains(&id)} {onclick} /> }
    });
    let used = |network: &Network| {
        covers.networks.contains(network) || known.accounts.iter().any(|view| view.account.network == *network)
    };
    let networks = Network::ALL.into_iter().filter(used).map(|network| {
        let onclick = edit.press(move |form| toggle(&mut form.covers.networks, network));
        chip(covers.networks.contains(&network), onclick, Html::default(), network.name())
    });
    let group = |label: &'static str, chips: Vec<Html>| {
        if chips.is_empty() {
            return Html::default();
        }
        html! { <fieldset class="chips"><legend class="label">{ label }</legend>{ for chips }</fieldset> }
    };
    html! {
        <div class="stack">
            <div class="field"><span class="label" aria-hidden="true">{ t.covers }</span>
                <Segmented label={t.covers} options={vec![(ALL.into(), t.everything.into()), (ONLY.into(), t.covers_only.into())]} value={if props.only { ONLY } else { ALL }} {onchange} />
            </div>
            if props.only {
                <p class="hint">{ t.covers_hint }</p>
                { group(t.personas, personas.collect()) }
                { group(t.accounts, accounts.collect()) }
                { group(t.networks, networks.collect()) }
                if props.wrong { <p class="field-error" role="alert"><Glyph icon={Icon::Warning} />{ (t.fault)(Fault::CoversNothing) }</p> }
            }
        </div>
    }
}

/// What is wrong with this, if anything is.
pub fn error(wrong: bool, fault: Fault, texts: &super::texts::Texts) -> Option<AttrValue> {
    wrong.then(|| (texts.fault)(fault).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_press_takes_the_first_back() {
        let mut set = BTreeSet::new();
        toggle(&mut set, 1);
        assert_eq!(set, [1].into());
        toggle(&mut set, 1);
        assert!(set.is_empty());
    }
}
