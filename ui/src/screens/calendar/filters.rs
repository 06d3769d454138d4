use std::rc::Rc;

use contract::accounts::ListAccounts;
use contract::personas::PersonaView;
use domain::post::PostStatus;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::focus::VIEW;
use super::use_calendar;
use crate::backend::use_query;
use crate::components::{Avatar, Button, Dot, Glyph, Icon, IconButton, Keys, Look, Menu, MenuItem, StatusSign};
use crate::frame::context::use_frame;
use crate::platform;
use crate::state::calendar::{Action, View};
use crate::state::keys::Cmd;

#[derive(Properties, PartialEq)]
pub struct FiltersProps {
    /// How many posts are shown, once that is known.
    pub count: Option<usize>,
    pub personas: Option<Rc<Vec<PersonaView>>>,
    /// Explains the signs.
    pub onlegend: Callback<()>,
    /// Shows what comes again.
    pub onseries: Callback<()>,
    /// Shows which times wait for posts.
    pub onqueues: Callback<()>,
}

/// The strip below the header: what is shown of all there is.
#[component]
pub fn Filters(props: &FiltersProps) -> Html {
    let (t, ..) = use_frame();
    let state = use_calendar();
    let accounts = use_query(ListAccounts {}).data;
    let dispatch = |action: Action| {
        let state = state.dispatcher();
        move || state.dispatch(action.clone())
    };
    let filter = &state.filter;
    let mut persona_items =
        vec![MenuItem::new(t.calendar.all_personas, dispatch(Action::AnyPersona)).checked(filter.personas.is_empty())];
    persona_items.extend(props.personas.iter().flat_map(|list| list.iter()).map(|view| {
        let id = view.persona.id;
        MenuItem::new(view.persona.text.name.clone(), dispatch(Action::Persona(id)))
            .checked(filter.personas.contains(&id))
            .mark(html! { <Dot color={view.persona.text.color} /> })
    }));
    let mut account_items =
        vec![MenuItem::new(t.calendar.all_accounts, dispatch(Action::AnyAccount)).checked(filter.accounts.is_empty())];
    account_items.extend(accounts.iter().flat_map(|list| list.iter()).map(|view| {
        let id = view.account.id;
        let name = view.account.profile.display_name.clone();
        MenuItem::new(view.account.full_handle(), dispatch(Action::Account(id)))
            .checked(filter.accounts.contains(&id))
            .mark(html! { <Avatar {name} network={view.account.network} /> })
    }));
    let mut state_items =
        vec![MenuItem::new(t.calendar.all_states, dispatch(Action::AnyStatus)).checked(filter.statuses.is_empty())];
    state_items.extend(PostStatus::ALL.into_iter().filter(|status| *status != PostStatus::Draft).map(|status| {
        MenuItem::new((t.status)(status), dispatch(Action::Status(status)))
            .checked(filter.statuses.contains(&status))
            .mark(html! { <StatusSign {status} /> })
    }));
    let oninput = {
        let state = state.dispatcher();
        Callback::from(move |event: InputEvent| {
            state.dispatch(Action::Text(event.target_unchecked_into::<HtmlInputElement>().value()));
        })
    };
    let onkeydown = {
        let state = state.dispatcher();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                let input = event.target_unchecked_into::<HtmlInputElement>();
                if input.value().is_empty() {
                    // from where the screen takes it to the current post
                    platform::focus_id(VIEW);
                    state.dispatch(Action::Stay);
                } else {
                    state.dispatch(Action::Text(String::new()));
                }
            }
        })
    };
    let clear = {
        let state = state.dispatcher();
        Callback::from(move |_: MouseEvent| {
            state.dispatch(Action::Clear);
            // the button goes
            platform::focus_id(VIEW);
        })
    };
    let persona_text = match filter.personas.as_slice() {
        [] => t.calendar.all_personas.to_owned(),
        [only] => props
            .personas
            .iter()
            .flat_map(|list| list.iter())
            .find(|view| view.persona.id == *only)
            .map_or_else(|| (t.calendar.personas_n)(1), |view| view.persona.text.name.clone()),
        several => (t.calendar.personas_n)(several.len()),
    };
    let account_text = match filter.accounts.as_slice() {
        [] => t.calendar.all_accounts.to_owned(),
        [only] => accounts
            .iter()
            .flat_map(|list| list.iter())
            .find(|view| view.account.id == *only)
            .map_or_else(|| (t.calendar.accounts_n)(1), |view| view.account.full_handle()),
        several => (t.calendar.accounts_n)(several.len()),
    };
    let state_text = match filter.statuses.as_slice() {
        [] => t.calendar.all_states.to_owned(),
        [only] => (t.status)(*only).to_owned(),
        several => (t.calendar.states_n)(several.len()),
    };
    let chip = |on: bool| classes!("chip", "filter-chip", on.then_some("on"));
    let trigger = |text: String| html! { <><bdi class="cut">{ text }</bdi><Glyph icon={Icon::Down} /></> };
    html! {
        <div class="filters" role="search">
            <span class="filter-text">
                <Glyph icon={Icon::Search} />
                <input
                    id="calendar-filter"
                    type="text"
                    dir="auto"
                    autocomplete="off"
                    spellcheck="false"
                    aria-label={t.calendar.filter}
                    placeholder={t.calendar.filter}
                    value={filter.text.clone()}
                    {oninput}
                    {onkeydown}
                />
                <Keys cmd={Cmd::CalendarFilter} />
            </span>
            <Menu label={t.calendar.all_personas} trigger={trigger(persona_text)} items={persona_items} class={chip(!filter.personas.is_empty())} many=true />
            <Menu label={t.calendar.all_accounts} trigger={trigger(account_text)} items={account_items} class={chip(!filter.accounts.is_empty())} many=true />
            if state.view != View::Drafts {
                <Menu label={t.calendar.all_states} trigger={trigger(state_text)} items={state_items} class={chip(!filter.statuses.is_empty())} many=true />
            }
            if state.is_filtered() {
                <Button look={Look::Quiet} icon={Icon::Cross} onclick={clear}>{ t.calendar.clear }</Button>
            }
            <span class="row filters-end">
                if let Some(count) = props.count {
                    <span class="muted sm num" role="status">{ (t.calendar.count)(count) }</span>
                }
                <IconButton icon={Icon::Queue} label={t.queues.title} onclick={props.onqueues.reform(|_: MouseEvent| ())} />
                <IconButton icon={Icon::Repeat} label={t.series.title} onclick={props.onseries.reform(|_: MouseEvent| ())} />
                <IconButton icon={Icon::Help} label={t.calendar.legend} onclick={props.onlegend.reform(|_: MouseEvent| ())} />
            </span>
        </div>
    }
}
