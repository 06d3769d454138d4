use contract::teams::{TeamLine, Teams};
use yew::prelude::*;

use super::context::{use_frame, use_program};
use super::team::{open_team, use_teams};
use crate::components::{Glyph, Icon, Menu, MenuItem};
use crate::i18n::Texts;
use crate::route::{Route, use_go};
use crate::screens::team::host;

/// The classes by which the command finds its button.
pub const BUTTON: &str = ".org .switch-profile";

/// What is open, and the way to the other profiles of this computer: the own one and those of organisations. The sample has none.
#[component]
pub fn Switcher() -> Html {
    let (texts, _, toaster) = use_frame();
    let program = use_program();
    let go = use_go();
    let teams = use_teams();
    let own = if program.person.is_empty() { "Sendoff".to_owned() } else { program.person.clone() };
    let open = teams.as_deref().and_then(open_one).cloned();
    let (name, place) = match &open {
        Some(team) => (team.name.clone(), Some(host(&team.server).to_owned())),
        None => (own, None),
    };
    let letter = name.chars().next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let face = html! {
        <>
            // drawn by the style sheet: it is no word that somebody could say to press the button
            <b aria-hidden="true" data-letter={letter}></b>
            <span class="grow org-name">
                <bdi class="cut">{ &name }</bdi>{ " " }
                if let Some(place) = &place { <bdi class="cut xs" dir="ltr">{ place }</bdi> }
            </span>
        </>
    };
    let Some(teams) = teams.filter(|_| !program.sample) else { return face };
    let t = &texts.team;
    let waits = teams.teams.iter().any(|team| team.attention > 0 && Some(team.organisation) != teams.open);
    let mut items = vec![{
        let (toaster, go, is_open) = (toaster.clone(), go.clone(), teams.open.is_none());
        MenuItem::new(t.own, move || {
            if !is_open {
                open_team(None, t.own, &toaster, &go);
            }
        })
        .checked(is_open)
    }];
    items.extend(teams.teams.iter().map(|team| {
        let (toaster, go) = (toaster.clone(), go.clone());
        let (organisation, name, is_open) =
            (team.organisation, team.name.clone(), teams.open == Some(team.organisation));
        MenuItem::new(entry(team, texts), move || {
            if !is_open {
                open_team(Some(organisation), &name, &toaster, &go);
            }
        })
        .checked(is_open)
    }));
    items.push(MenuItem::new(t.manage, move || go.emit(Route::Team)).icon(Icon::Team));
    let trigger = html! {
        <>
            { face }
            if waits { <span class="attention-dot" aria-hidden="true"></span> }
            <Glyph icon={Icon::Down} />
        </>
    };
    let label = place.as_ref().map_or_else(|| name.clone(), |place| format!("{name} {place}"));
    html! { <Menu label={(t.switch)(&label)} {trigger} {items} class={classes!("switch-profile")} /> }
}

fn open_one(teams: &Teams) -> Option<&TeamLine> {
    teams.teams.iter().find(|team| Some(team.organisation) == teams.open)
}

/// "Bakery · 2 need you", "Bakery · 3 changes wait"
fn entry(team: &TeamLine, texts: &Texts) -> String {
    let t = &texts.team;
    match (team.attention, team.waiting) {
        (0, 0) => team.name.clone(),
        (0, waiting) => format!("{} · {}", team.name, (t.waits_short)(waiting)),
        (attention, _) => format!("{} · {}", team.name, (t.attention_short)(attention)),
    }
}
