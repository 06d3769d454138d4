//! What somebody may do in the organisation: the role, and as which personas they speak.

use std::collections::BTreeSet;

use contract::personas::ListPersonas;
use domain::id::PersonaId;
use domain::team::{Personas, Role};
use yew::prelude::*;

use crate::backend::use_query;
use crate::components::Dot;
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Those that may be given.
    pub roles: Vec<Role>,
    pub role: Role,
    pub personas: Personas,
    pub on_role: Callback<Role>,
    pub on_personas: Callback<Personas>,
    /// Nothing was chosen of what has to be.
    #[prop_or_default]
    pub wrong: bool,
}

#[component]
pub fn RoleFields(props: &Props) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.team;
    let list = use_query(ListPersonas {}).data;
    let roles = props.roles.iter().copied().map(|role| {
        let onchange = props.on_role.reform(move |_: Event| role);
        html! {
            <label class="choice" key={(t.role)(role)}>
                <input type="radio" name="team-role" checked={role == props.role} {onchange} />
                <span><b>{ (t.role)(role) }</b><span class="sm muted">{ (t.role_what)(role) }</span></span>
            </label>
        }
    });
    let only = match &props.personas {
        Personas::All => None,
        Personas::Only(these) => Some(these.clone()),
    };
    let mode = |chosen: bool, text: &'static str, to: Personas| {
        let onchange = props.on_personas.reform(move |_: Event| to.clone());
        html! { <label class="choice"><input type="radio" name="team-personas" checked={chosen} {onchange} /><span>{ text }</span></label> }
    };
    let personas = list.iter().flat_map(|list| list.iter()).filter(|view| !view.persona.deleted).map(|view| {
        let id = view.persona.id;
        let these = only.clone().unwrap_or_default();
        let checked = these.contains(&id);
        let onchange = props.on_personas.reform(move |_: Event| Personas::Only(toggled(these.clone(), id)));
        html! {
            <label class="choice" key={id.to_string()}>
                <input type="checkbox" {checked} {onchange} /><Dot color={view.persona.text.color} /><bdi class="cut">{ &view.persona.text.name }</bdi>
            </label>
        }
    });
    html! {
        <>
            <fieldset class="choices"><legend class="label">{ t.role_label }</legend>{ for roles }</fieldset>
            if !props.role.may_manage_personas() {
                <fieldset class="choices" aria-describedby={props.wrong.then_some("team-personas-error")}>
                    <legend class="label">{ t.personas }</legend>
                    { mode(only.is_none(), t.personas_all, Personas::All) }
                    { mode(only.is_some(), t.personas_only, Personas::Only(only.clone().unwrap_or_default())) }
                    if only.is_some() {
                        <div class="choices inner">
                            { for personas }
                            if list.as_ref().is_some_and(|list| list.is_empty()) { <p class="sm muted">{ t.personas_none }</p> }
                        </div>
                    }
                    if props.wrong { <p class="field-error" id="team-personas-error" role="alert">{ t.personas_choose }</p> }
                </fieldset>
            }
        </>
    }
}

fn toggled(mut these: BTreeSet<PersonaId>, id: PersonaId) -> BTreeSet<PersonaId> {
    if !these.remove(&id) {
        these.insert(id);
    }
    these
}

/// A creator who speaks as nobody sees and does nothing.
pub fn is_nobody(role: Role, personas: &Personas) -> bool {
    !role.may_manage_personas() && matches!(personas, Personas::Only(these) if these.is_empty())
}
