use std::rc::Rc;

use contract::Event;
use contract::program::Program;
use yew::prelude::*;
use yew_router::prelude::*;

use super::changes::use_stepping;
use super::commands::{FrameActions, leave_sample, use_frame_commands};
use super::context::{Clock, Offers, Toaster, use_program, use_toaster};
use super::dialogs::{DialogsProps, use_door};
use super::focus::use_focus_kept;
use super::kept::use_kept_calendar;
use super::keyboard::use_keyboard;
use super::palette::Palette;
use super::routes::Routes;
use super::sidebar::{Sidebar, use_collapsed};
use super::toasts::ToastsView;
use crate::events::use_events;
use crate::i18n::{Texts, use_texts};
use crate::later::{Later, Part};
use crate::platform;
use crate::route::{Route, use_go};
use crate::screens::calendar::CalendarHandle;
use crate::screens::library::{IntakeHandle, use_new_intake};
use crate::screens::team::invitation::Invitation;
use crate::screens::vault::needs_opening;
use crate::state::toasts::Toasts;

#[derive(Properties, PartialEq)]
pub struct ShellProps {
    pub program: Rc<Program>,
    pub clock: Clock,
}

/// Gives every screen what it needs, and draws the frame or the welcome.
#[component]
pub fn Shell(props: &ShellProps) -> Html {
    let t = use_texts();
    let toasts = use_reducer_eq(Toasts::default);
    let offers = use_memo((), |()| Offers::default());
    let toaster = Toaster { toasts: toasts.dispatcher(), texts: t };
    let offers = (*offers).clone();
    use_keyboard(offers.clone());
    use_focus_kept();
    let welcomed = props.program.welcomed || props.program.sample;
    // one that comes before the welcome is over waits for its end
    let invitation = use_state_eq(|| None::<Invitation>);
    {
        let invitation = invitation.setter();
        use_events(move |event| {
            if let Event::Invited { server, code } = event {
                invitation.set(Some(Invitation { server: Some(server.clone()), code: code.clone() }));
            }
        });
    }
    let on_invitation_over = use_callback(invitation.setter(), |(), invitation| invitation.set(None));
    html! {
        <ContextProvider<Rc<Program>> context={props.program.clone()}>
        <ContextProvider<Clock> context={props.clock.clone()}>
        <ContextProvider<Toaster> context={toaster.clone()}>
        <ContextProvider<Offers> context={offers.clone()}>
            if welcomed {
                <Frame toasts={toasts.clone()} {offers} invitation={(*invitation).clone()} {on_invitation_over} />
            } else {
                <Later part={Part::Welcome} />
            }
            <ToastsView {toasts} {toaster} />
        </ContextProvider<Offers>>
        </ContextProvider<Toaster>>
        </ContextProvider<Clock>>
        </ContextProvider<Rc<Program>>>
    }
}

#[derive(Properties, PartialEq)]
struct FrameProps {
    toasts: UseReducerHandle<Toasts>,
    offers: Offers,
    invitation: Option<Invitation>,
    on_invitation_over: Callback<()>,
}

#[component]
fn Frame(props: &FrameProps) -> Html {
    let t = use_texts();
    let program = use_program();
    let toaster = use_toaster();
    let go = use_go();
    let palette = use_door();
    let dialogs = DialogsProps {
        shortcuts: use_door(),
        import: use_door(),
        export: use_door(),
        series: use_door(),
        queues: use_door(),
        snippets: use_door(),
        template: use_door(),
        sync: use_door(),
        invitation: props.invitation.clone(),
        on_invitation_over: props.on_invitation_over.clone(),
    };
    let (narrow, collapsed, toggle) = use_collapsed();
    let stepping = use_stepping(palette.is_open);
    use_frame_commands(FrameActions {
        palette: palette.open,
        shortcuts: dialogs.shortcuts.open.clone(),
        sidebar: toggle.clone(),
        import: dialogs.import.open.clone(),
        export: dialogs.export.open.clone(),
        series: dialogs.series.open.clone(),
        queues: dialogs.queues.open.clone(),
        snippets: dialogs.snippets.open.clone(),
        template: dialogs.template.open.clone(),
        sync: dialogs.sync.open.clone(),
        stepping,
    });
    {
        let (go, toaster) = (go.clone(), toaster.clone());
        use_events(move |event| match event {
            Event::OpenPost { post } => go.emit(Route::Post { post: *post }),
            Event::KeptRunning => toaster.say(t.frame.kept_running),
            Event::Changed(_) | Event::Invited { .. } => {}
        });
    }
    {
        let toaster = toaster.clone();
        use_effect_with((), move |()| {
            if let Some(fault) = platform::fault_to_tell() {
                toaster.complain_of(t.frame.mended, fault);
            }
        });
    }
    use_title_and_focus(t);
    {
        // a closed vault is the first thing to say, once
        let (vault, go) = (program.vault, go.clone());
        use_effect_with((), move |()| {
            if needs_opening(vault) {
                go.emit(Route::Vault);
            }
        });
    }
    let calendar = use_kept_calendar(&program);
    let intake = use_new_intake();
    let leave = {
        let (toaster, go) = (toaster.clone(), go.clone());
        Callback::from(move |_: MouseEvent| leave_sample(&toaster, &go, false))
    };
    html! {
        <ContextProvider<CalendarHandle> context={calendar}>
        <ContextProvider<IntakeHandle> context={intake}>
            <a class="skip" href="#screen" onclick={Callback::from(|event: MouseEvent| {
                // the address behind # is the route's
                event.prevent_default();
                platform::focus_id("screen");
            })}>{ t.frame.skip_to_content }</a>
            if program.sample {
                <aside class="sample-banner" aria-label={t.frame.sample_state}>
                    <span>{ t.frame.sample_banner }</span>
                    <button type="button" class="btn" onclick={leave}>{ t.frame.sample_leave }</button>
                </aside>
            }
            <div class={classes!("app", narrow.then_some("narrow"), collapsed.then_some("collapsed"))}>
                <Sidebar {collapsed} {toggle} />
                <main class="main" id="screen" tabindex="-1"><Routes /></main>
            </div>
            <Palette open={palette.is_open} onclose={palette.close} offers={props.offers.clone()} />
            <Later wanted={dialogs.any_is_open()} part={Part::Dialogs(Box::new(dialogs))} />
        </ContextProvider<IntakeHandle>>
        </ContextProvider<CalendarHandle>>
    }
}

/// The title of the window names the screen; after a change of screen the focus is in it.
#[hook]
fn use_title_and_focus(t: &'static Texts) {
    let route = use_route::<Route>().unwrap_or(Route::Today);
    let first = use_mut_ref(|| true);
    use_effect_with((route, t), move |(route, t)| {
        let name = match route {
            Route::Today | Route::Nowhere | Route::Welcome => t.frame.today,
            Route::Compose | Route::Post { .. } => t.frame.compose,
            Route::Calendar => t.frame.calendar,
            Route::Approvals => t.approvals.title,
            Route::Ideas => t.ideas.title,
            Route::Library => t.library.title,
            Route::Accounts => t.frame.accounts,
            Route::Personas => t.frame.personas,
            Route::Team => t.team.title,
            Route::Settings => t.frame.settings,
            Route::Vault => t.vault.title,
        };
        platform::show_title(&format!("{name} · Sendoff"));
        // the first screen leaves the focus where the system put it
        if !first.replace(false) && !focus_is_in_screen() {
            platform::focus_id("screen");
        }
    });
}

/// A screen that put the focus into one of its fields knows better.
fn focus_is_in_screen() -> bool {
    let Some(document) = platform::document() else { return false };
    let Some(screen) = document.get_element_by_id("screen") else { return false };
    document.active_element().is_some_and(|active| active != screen && screen.contains(Some(&active)))
}
