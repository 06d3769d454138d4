use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{Bar, Empty, Icon, Skeleton, To};
use crate::i18n::use_texts;
use crate::later::{Later, Part};
use crate::route::Route;
use crate::screens;

/// The screen that the address names.
#[component]
pub fn Routes() -> Html {
    let route = use_route::<Route>().unwrap_or(Route::Today);
    let meanwhile = html! { <><div class="bar"></div><Skeleton rows=6 /></> };
    match route {
        Route::Today | Route::Welcome => html! { <screens::today::TodayScreen /> },
        Route::Nowhere => html! { <Nowhere /> },
        // one component for all of them: it stays, and what it draws is another
        screen => html! { <Later part={Part::Screen(screen)} {meanwhile} /> },
    }
}

#[component]
fn Nowhere() -> Html {
    let t = use_texts();
    html! {
        <>
            <Bar title={t.frame.today} />
            <Empty icon={Icon::Help} title={(t.error_title)(contract::Code::NotFound)}>
                <To route={Route::Today} class="btn go">{ t.frame.today }</To>
            </Empty>
        </>
    }
}
