use contract::personas::ListPersonas;
use yew::prelude::*;
use yew_router::prelude::*;

use super::context::use_program;
use super::state_line::StateLine;
use super::switcher::Switcher;
use super::sync_chip::SyncChip;
use super::team::{use_approvals, use_has_chains};
use crate::backend::use_query;
use crate::components::{Dot, Glyph, Icon, IconButton, Keys, To, use_wide};
use crate::i18n::{Texts, use_texts};
use crate::platform;
use crate::route::{Route, use_go};
use crate::screens::calendar::use_calendar;
use crate::state::calendar::Action;
use crate::state::keys::Cmd;

#[derive(Properties, PartialEq)]
pub struct SidebarProps {
    pub collapsed: bool,
    pub toggle: Callback<()>,
}

/// Navigation, the personas, and how the program is doing.
#[component]
pub fn Sidebar(props: &SidebarProps) -> Html {
    let t = use_texts();
    let program = use_program();
    let route = use_route::<Route>().unwrap_or(Route::Today);
    let go = use_go();
    let has_chains = use_has_chains();
    let waiting = use_approvals().data.map_or(0, |approvals| approvals.mine.len());
    let shown = |item: &&Item| match item.route {
        Route::Team => !program.sample,
        Route::Approvals => has_chains,
        _ => true,
    };
    let toggle_label = if props.collapsed { t.frame.expand } else { t.frame.collapse };
    html! {
        <nav class={classes!("side", props.collapsed.then_some("collapsed"))} aria-label={t.frame.main_navigation}>
            <div class="org">
                <Switcher />
                <IconButton icon={Icon::Sidebar} label={toggle_label} onclick={props.toggle.reform(|_| ())} />
            </div>
            <button
                type="button"
                class="new"
                onclick={ let go = go.clone(); move |_: MouseEvent| go.emit(Route::Compose) }
                title={t.frame.new_post}
            >
                <Glyph icon={Icon::Plus} /><span>{ t.frame.new_post }</span><Keys cmd={Cmd::NewPost} />
            </button>
            <div class="side-scroll">
                <ul class="nav">
                    { for SCREENS.iter().filter(shown).map(|item| entry(item, t, route, if item.route == Route::Approvals { waiting } else { 0 })) }
                </ul>
                // below the screens, so that none of them moves from under the pointer when a persona comes or goes
                <Personas />
            </div>
            <SyncChip />
            <StateLine />
        </nav>
    }
}

struct Item {
    route: Route,
    icon: Icon,
    text: fn(&Texts) -> &'static str,
    cmd: Cmd,
}

const SCREENS: [Item; 10] = [
    Item { route: Route::Today, icon: Icon::Today, text: |t| t.frame.today, cmd: Cmd::GoToday },
    Item { route: Route::Compose, icon: Icon::Compose, text: |t| t.frame.compose, cmd: Cmd::GoCompose },
    Item { route: Route::Calendar, icon: Icon::Calendar, text: |t| t.frame.calendar, cmd: Cmd::GoCalendar },
    Item { route: Route::Approvals, icon: Icon::Signed, text: |t| t.approvals.title, cmd: Cmd::GoApprovals },
    Item { route: Route::Ideas, icon: Icon::Idea, text: |t| t.ideas.title, cmd: Cmd::GoIdeas },
    Item { route: Route::Library, icon: Icon::Library, text: |t| t.library.title, cmd: Cmd::GoLibrary },
    Item { route: Route::Personas, icon: Icon::Personas, text: |t| t.frame.personas, cmd: Cmd::GoPersonas },
    Item { route: Route::Accounts, icon: Icon::Accounts, text: |t| t.frame.accounts, cmd: Cmd::GoAccounts },
    Item { route: Route::Team, icon: Icon::Team, text: |t| t.team.title, cmd: Cmd::GoTeam },
    Item { route: Route::Settings, icon: Icon::Settings, text: |t| t.frame.settings, cmd: Cmd::GoSettings },
];

/// `waiting`: so many things wait there for whoever looks.
fn entry(item: &Item, t: &'static Texts, route: Route, waiting: usize) -> Html {
    let here = match route {
        Route::Post { .. } => item.route == Route::Compose,
        other => item.route == other,
    };
    html! {
        <li key={item.route.to_path()}>
            <To route={item.route} class={classes!("nav-link", here.then_some("on"))} {here} title={(item.text)(t)}>
                <Glyph icon={item.icon} />
                <span class="grow">{ (item.text)(t) }</span>
                if waiting > 0 {
                    // in the place of its keys: there is no room for both
                    <span class="badge"><span aria-hidden="true">{ waiting }</span><span class="visually-hidden">{ (t.approvals.waits_for_me)(waiting) }</span></span>
                } else {
                    <Keys cmd={item.cmd} />
                }
            </To>
        </li>
    }
}

/// The personas with their colours and how much of theirs is open.
#[component]
fn Personas() -> Html {
    let t = use_texts();
    let personas = use_query(ListPersonas {});
    let calendar = use_calendar();
    let list = personas.data.clone();
    let Some(list) = list else { return Html::default() };
    html! {
        <div class="side-personas">
            <h2 class="cap">{ t.frame.personas }</h2>
            <ul class="nav">
                { for list.iter().map(|view| {
                    let id = view.persona.id;
                    let choose = { let calendar = calendar.dispatcher(); Callback::from(move |()| calendar.dispatch(Action::OnlyPersona(id))) };
                    html! {
                        <li key={id.to_string()}>
                            <To route={Route::Calendar} class="nav-link" onclick={choose} title={view.persona.text.name.clone()}>
                                <Dot color={view.persona.text.color} />
                                <bdi class="cut grow">{ &view.persona.text.name }</bdi>
                                if view.open_posts > 0 {
                                    <span class="n" aria-label={(t.frame.open_posts)(view.open_posts)}>{ view.open_posts }</span>
                                }
                            </To>
                        </li>
                    }
                }) }
                if list.is_empty() {
                    <li>
                        <To route={Route::Personas} class="nav-link muted">
                            <Glyph icon={Icon::Plus} /><span class="grow">{ t.frame.no_personas }</span>
                        </To>
                    </li>
                }
            </ul>
        </div>
    }
}

const REMEMBERED: &str = "sendoff.sidebar";

/// Below so many `rem` there is no room for names beside the screen.
const ROOM_REM: f64 = 51.25;

/// Whether the window is narrow, whether the sidebar is collapsed, and what changes that. It is as this window remembers
/// it, and always collapsed where there is no room.
#[hook]
pub fn use_collapsed() -> (bool, bool, Callback<()>) {
    let wide = use_wide(ROOM_REM);
    let collapsed = use_state_eq(|| platform::recall(REMEMBERED).as_deref() == Some("collapsed"));
    let toggle = {
        let collapsed = collapsed.clone();
        Callback::from(move |()| {
            let next = !*collapsed;
            platform::remember(REMEMBERED, if next { "collapsed" } else { "open" });
            collapsed.set(next);
        })
    };
    (!wide, *collapsed || !wide, toggle)
}
