//! Personas: who speaks, to whom, in which voice and where.

mod editing;
mod editor;
pub mod texts;

use contract::accounts::ListAccounts;
use contract::personas::{DeletePersona, ListPersonas, PersonaView};
use domain::id::PersonaId;
use domain::people::{Persona, PersonaColor, PersonaText};
use yew::prelude::*;

use self::editor::PersonaEditor;
use crate::backend::use_query;
use crate::components::{Avatar, Bar, Button, Dot, Empty, Icon, Look, Skeleton, view};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::frame::team::use_team;
use crate::state::keys::Cmd;

/// What the editor shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chosen {
    Persona(PersonaId),
    /// One that was begun here, and its id once it is stored; the number tells it from the next one.
    New {
        number: u32,
        made: Option<PersonaId>,
    },
}

impl Chosen {
    const fn persona(self) -> Option<PersonaId> {
        match self {
            Self::Persona(id) => Some(id),
            Self::New { made, .. } => made,
        }
    }
}

#[component]
pub fn PersonasScreen() -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.personas;
    let personas = use_query(ListPersonas {});
    let accounts = use_query(ListAccounts {});
    let chosen = use_state(|| None::<Chosen>);
    // who may not change the personas of an organisation reads them
    let may = use_team().is_none_or(|team| team.role.may_manage_personas());
    let news = use_mut_ref(|| 0_u32);

    let list: Vec<PersonaView> =
        personas.data.iter().flat_map(|list| list.iter().cloned()).filter(|view| !view.persona.deleted).collect();
    let ids: Vec<PersonaId> = list.iter().map(|view| view.persona.id).collect();
    // the first one is shown until another is chosen
    let shown = match *chosen {
        Some(Chosen::Persona(id) | Chosen::New { made: Some(id), .. }) if !ids.contains(&id) => {
            ids.first().copied().map(Chosen::Persona)
        }
        None => ids.first().copied().map(Chosen::Persona),
        other => other,
    };
    let add = {
        let (chosen, news) = (chosen.clone(), news.clone());
        Callback::from(move |()| {
            *news.borrow_mut() += 1;
            chosen.set(Some(Chosen::New { number: *news.borrow(), made: None }));
        })
    };
    let delete = {
        let (toaster, chosen) = (toaster, chosen.clone());
        Callback::from(move |(persona, name): (PersonaId, String)| {
            toaster.run(DeletePersona { persona }, (t.said_deleted)(&name));
            chosen.set(None);
        })
    };
    let mut bound = Vec::new();
    if may {
        let add = add.clone();
        bound.push(Bound::new(Cmd::PersonaNew, move || add.emit(())));
    }
    if !ids.is_empty() {
        let at = ids.iter().position(|id| shown.and_then(Chosen::persona) == Some(*id));
        let last = ids.len() - 1;
        let next = at.map_or(0, |at| (at + 1).min(last));
        let previous = at.map_or(last, |at| at.saturating_sub(1));
        for (cmd, place) in [(Cmd::PersonaNext, next), (Cmd::PersonaPrevious, previous)] {
            let (chosen, id) = (chosen.clone(), ids.get(place).copied());
            bound.push(Bound::new(cmd, move || chosen.set(id.map(Chosen::Persona))));
        }
        bound.push(Bound::new(Cmd::PersonaEdit, || crate::platform::focus_id("persona-name")));
    }
    if let Some(id) = shown.and_then(Chosen::persona).filter(|_| may)
        && let Some(found) = list.iter().find(|view| view.persona.id == id)
    {
        let (delete, name) = (delete.clone(), found.persona.text.name.clone());
        bound.push(
            Bound::new(Cmd::PersonaDelete, {
                let name = name.clone();
                move || delete.emit((id, name.clone()))
            })
            .titled((t.delete_named)(&name)),
        );
    }
    use_commands(bound);

    let add_button = html! {
        if may { <Button id="new-persona" look={Look::Go} icon={Icon::Plus} keys={Cmd::PersonaNew} onclick={add.reform(|_: MouseEvent| ())}>{ t.add }</Button> } else { <p class="muted">{ texts.team.no_personas_role }</p> }
    };
    let rows = list.iter().map(|view| {
        let id = view.persona.id;
        let on = shown.and_then(Chosen::persona) == Some(id);
        let onclick = { let chosen = chosen.clone(); Callback::from(move |_: MouseEvent| chosen.set(Some(Chosen::Persona(id)))) };
        let faces = view.persona.text.accounts.iter().filter_map(|id| accounts.data.as_ref()?.iter().find(|view| view.account.id == *id)).take(5).map(|view| {
            html! { <Avatar name={view.account.profile.display_name.clone()} network={view.account.network} /> }
        });
        html! {
            <li key={id.to_string()}>
                <button type="button" class={classes!("persona-line", on.then_some("on"))} aria-current={on.then_some("true")} {onclick}>
                    <Dot color={view.persona.text.color} />
                    <span class="grow"><b class="cut" title={view.persona.text.name.clone()}><bdi>{ &view.persona.text.name }</bdi></b>
                        <span class="sm muted">{ (t.line)(view.persona.text.accounts.len(), view.open_posts) }</span></span>
                    <span class="faces">{ for faces }</span>
                </button>
            </li>
        }
    });
    let everyone: Vec<Persona> = list.iter().map(|view| view.persona.clone()).collect();
    let on_made = {
        let (chosen, news) = (chosen.clone(), news.clone());
        Callback::from(move |id: PersonaId| chosen.set(Some(Chosen::New { number: *news.borrow(), made: Some(id) })))
    };
    let on_cancel = {
        let chosen = chosen.clone();
        Callback::from(move |()| chosen.set(None))
    };
    let known = accounts.data.clone().unwrap_or_default();
    let editor = shown.map(|which| {
        let (key, start) = match which {
            Chosen::Persona(id) => (id.to_string(), everyone.iter().find(|persona| persona.id == id).cloned()),
            Chosen::New { number, .. } => (format!("new-{number}"), None),
        };
        let blank = PersonaText { color: free_color(&everyone), ..PersonaText::default() };
        html! {
            <fieldset class="whole" disabled={!may} key={key.clone()}><PersonaEditor {key} {start} {blank} personas={everyone.clone()} accounts={known.clone()} on_made={on_made} on_delete={delete} on_cancel={on_cancel} /></fieldset>
        }
    });
    let nothing = list.is_empty() && shown.is_none();
    let body = view(&personas, html! { <Skeleton rows=4 /> }, |_| {
        if nothing {
            return html! { <Empty icon={Icon::Personas} title={t.empty_title} text={t.empty_text}>{ add_button.clone() }</Empty> };
        }
        html! {
            <div class="personas">
                <ul class="persona-list" aria-label={texts.frame.personas}>{ for rows }</ul>
                { editor.unwrap_or_default() }
            </div>
        }
    });
    html! {
        <>
            <Bar title={texts.frame.personas} sub={if list.is_empty() { Html::default() } else { html! { <span class="num">{ (t.count)(list.len()) }</span> } }}>
                if !nothing { { add_button } }
            </Bar>
            <div class="personas-screen">{ body }</div>
        </>
    }
}

/// The colour that the fewest have, the first of equals.
fn free_color(personas: &[Persona]) -> PersonaColor {
    let used = |color: &PersonaColor| personas.iter().filter(|persona| persona.text.color == *color).count();
    PersonaColor::ALL.into_iter().min_by_key(used).unwrap_or_default()
}
