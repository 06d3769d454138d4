//! The root: loads the program, chooses language, theme and zone, and draws the frame or what stands in its way.

use std::rc::Rc;

use contract::program::{GetProgram, Program};
use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use jiff::{SignedDuration, Timestamp};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::backend::use_query;
use crate::frame::Shell;
use crate::frame::context::Clock;
use crate::i18n::{Texts, texts};
use crate::later::{Later, Part};
use crate::platform;
use crate::screens::start_error::StartErrorProps;
use crate::state::time;

/// How often times such as "in 3 min" are written anew, in milliseconds.
const TICK_MS: u32 = 20_000;

#[component]
pub fn App() -> Html {
    use_effect_with((), |()| platform::keep_links_inside());
    html! { <HashRouter><Gate /></HashRouter> }
}

/// Nothing is drawn before the program answered, and if it cannot start, why.
#[component]
fn Gate() -> Html {
    let program = use_query(GetProgram {});
    let settings = program.data.as_ref().map(|program| program.settings.clone()).unwrap_or_default();
    let t = texts(settings.language);
    use_effect_with((settings.theme, t), |(theme, t)| {
        platform::show_theme(*theme);
        platform::show_language(t.code);
        // the system may change its mind in the evening
        let theme = *theme;
        let listener = platform::dark_query()
            .map(|query| EventListener::new(&query, "change", move |_| platform::show_theme(theme)));
        move || drop(listener)
    });
    // each answer tells the time of its own moment, and everything would be drawn anew for that
    let timeless = program.data.as_deref().map(|program| Program { now: Timestamp::UNIX_EPOCH, ..program.clone() });
    let shown = use_memo(timeless, |timeless| timeless.clone().map(Rc::new));
    let now = use_now(&shown, program.data.as_ref().map(|program| program.now));
    let inner = match (&*shown, &program.error) {
        (Some(program), _) => {
            let clock =
                Clock { now, zone_name: program.zone.clone().into(), zone: time::zone(&program.zone), texts: t };
            html! { <Shell program={program.clone()} {clock} /> }
        }
        (None, Some(error)) => {
            let (error, retry, busy) = (error.clone(), program.retry.clone(), program.fetching);
            html! { <Later part={Part::StartError(StartErrorProps { error, retry, busy })} meanwhile={html! { <Blank /> }} /> }
        }
        (None, None) => html! { <Blank /> },
    };
    html! { <ContextProvider<&'static Texts> context={t}>{ inner }</ContextProvider<&'static Texts>> }
}

/// The place of the frame while the program starts; appears after 150 ms.
#[component]
fn Blank() -> Html {
    html! {
        <div class="app blank" aria-hidden="true">
            <div class="side"></div>
            <div class="main"><div class="bar"></div></div>
        </div>
    }
}

/// The program's time as of the last tick or change of the program, so that no change lies in the future: its own clock decides
/// what is due, so the window shows that one.
#[hook]
fn use_now(shown: &Rc<Option<Rc<Program>>>, told: Option<Timestamp>) -> Timestamp {
    let tick = use_state_eq(platform::now);
    {
        let tick = tick.setter();
        use_effect_with((), move |()| {
            let timer = Interval::new(TICK_MS, move || tick.set(platform::now()));
            move || drop(timer)
        });
    }
    let here = use_memo((*tick, shown.clone()), |_| platform::now());
    // measured once per answer: how far the two clocks are apart
    let apart = use_memo(told, |told| told.map_or(SignedDuration::ZERO, |told| told.duration_since(platform::now())));
    let apart = if apart.as_secs().abs() < 2 { SignedDuration::ZERO } else { *apart };
    here.checked_add(apart).unwrap_or(Timestamp::UNIX_EPOCH)
}
