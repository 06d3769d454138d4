//! What the first screen does not need. Its code is a file of its own, which the window fetches when the first screen stands or
//! something of it is asked for: what has to be read and compiled before a person can use the window does not grow with every
//! screen that the program gets.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use contract::{ApiError, Code};
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use yew::prelude::*;

use crate::components::ErrorPanel;
use crate::frame::{Dialogs, DialogsProps};
use crate::route::Route;
use crate::screens;
use crate::screens::start_error::{StartError, StartErrorProps};

/// What nobody asked for yet waits so long for the first screen, in milliseconds.
const AFTER_THE_FIRST_SCREEN_MS: u32 = 100;

/// Something whose code comes later.
#[derive(Clone, PartialEq)]
pub enum Part {
    Screen(Route),
    Welcome,
    StartError(StartErrorProps),
    /// Nothing, unless the world changed a time.
    ZoneChanges,
    /// Nothing, unless the server of the open organisation refused something.
    Attention,
    /// Closed until somebody opens one.
    Dialogs(Box<DialogsProps>),
}

/// The code did not come.
#[derive(Debug)]
struct Missing;

impl From<SplitLoaderError> for Missing {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

mod split {
    use super::{Html, Missing, Part, wasm_split};

    #[wasm_split(later, fallible, preload(fetch))]
    pub fn draw(part: Part) -> Result<Html, Missing> {
        Ok(super::html_of(part))
    }
}

fn html_of(part: Part) -> Html {
    match part {
        Part::Screen(Route::Compose) => html! { <screens::compose::ComposeScreen post={None} /> },
        Part::Screen(Route::Post { post }) => html! { <screens::compose::ComposeScreen post={Some(post)} /> },
        Part::Screen(Route::Calendar) => html! { <screens::calendar::CalendarScreen /> },
        Part::Screen(Route::Approvals) => html! { <screens::approvals::ApprovalsScreen /> },
        Part::Screen(Route::Ideas) => html! { <screens::ideas::IdeasScreen /> },
        Part::Screen(Route::Library) => html! { <screens::library::LibraryScreen /> },
        Part::Screen(Route::Accounts) => html! { <screens::accounts::AccountsScreen /> },
        Part::Screen(Route::Personas) => html! { <screens::personas::PersonasScreen /> },
        Part::Screen(Route::Team) => html! { <screens::team::TeamScreen /> },
        Part::Screen(Route::Settings) => html! { <screens::settings::SettingsScreen /> },
        Part::Screen(Route::Vault) => html! { <screens::vault::VaultScreen /> },
        // these are there from the beginning
        Part::Screen(Route::Today | Route::Welcome | Route::Nowhere) => Html::default(),
        Part::Attention => html! { <screens::team::AttentionCard /> },
        Part::ZoneChanges => html! { <screens::zones::ZoneChanges /> },
        Part::Welcome => html! { <screens::welcome::WelcomeScreen /> },
        Part::StartError(props) => html! { <StartError ..props /> },
        Part::Dialogs(props) => html! { <Dialogs ..*props /> },
    }
}

thread_local! {
    static IS_THERE: Cell<bool> = const { Cell::new(false) };
    /// How many parts somebody waits for.
    static AWAITED: Cell<u32> = const { Cell::new(0) };
}

/// Somebody asked for something that is still coming.
pub fn is_awaited() -> bool {
    AWAITED.get() > 0
}

async fn fetch() -> Result<(), Missing> {
    split::fetch().await?;
    IS_THERE.set(true);
    Ok(())
}

/// The code is there, so that this is done at the first attempt.
fn draw(part: Part) -> Option<Html> {
    let drawing = pin!(split::draw(part));
    match drawing.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(drawn) => drawn.ok(),
        Poll::Pending => None,
    }
}

#[derive(Properties, PartialEq)]
pub struct LaterProps {
    pub part: Part,
    /// Somebody waits for it.
    #[prop_or(true)]
    pub wanted: bool,
    /// What stands in its place until then.
    #[prop_or_default]
    pub meanwhile: Html,
}

/// Draws a part as soon as its code is there.
#[component]
pub fn Later(props: &LaterProps) -> Html {
    let is_there = use_state_eq(|| IS_THERE.get());
    let failed = use_state_eq(|| None::<Rc<ApiError>>);
    let fetch_it = {
        let (is_there, failed) = (is_there.setter(), failed.setter());
        use_callback((), move |(), ()| {
            let (is_there, failed) = (is_there.clone(), failed.clone());
            spawn_local(async move {
                match fetch().await {
                    Ok(()) => is_there.set(true),
                    Err(Missing) => {
                        failed.set(Some(Rc::new(ApiError::new(Code::Internal, "A part of the window did not come."))));
                    }
                }
            });
        })
    };
    {
        let fetch_it = fetch_it.clone();
        use_effect_with((props.wanted, *is_there), move |(wanted, is_there)| {
            let waiting = match (wanted, is_there) {
                (_, true) => None,
                (true, false) => {
                    fetch_it.emit(());
                    None
                }
                (false, false) => Some(Timeout::new(AFTER_THE_FIRST_SCREEN_MS, move || fetch_it.emit(()))),
            };
            move || drop(waiting)
        });
    }
    use_effect_with(props.wanted && !*is_there && failed.is_none(), |waits| {
        let waits = u32::from(*waits);
        AWAITED.set(AWAITED.get() + waits);
        move || AWAITED.set(AWAITED.get().saturating_sub(waits))
    });
    match (&*failed, is_there.then(|| draw(props.part.clone())).flatten()) {
        (_, Some(drawn)) => drawn,
        (Some(error), None) if props.wanted => html! { <ErrorPanel error={error.clone()} retry={fetch_it} /> },
        _ => props.meanwhile.clone(),
    }
}
