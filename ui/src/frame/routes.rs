use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{Bar, Empty, Icon, To};
use crate::i18n::use_texts;
use crate::route::Route;
use crate::screens;

/// The screen that the address names.
#[component]
pub fn Routes() -> Html {
    let route = use_route::<Route>().unwrap_or(Route::Today);
    match route {
        Route::Today | Route::Welcome => html! { <screens::today::TodayScreen /> },
        Route::Compose => html! { <screens::compose::ComposeScreen post={None} /> },
        Route::Post { post } => html! { <screens::compose::ComposeScreen post={Some(post)} /> },
        Route::Calendar => html! { <screens::calendar::CalendarScreen /> },
        Route::Ideas => html! { <screens::ideas::IdeasScreen /> },
        Route::Library => html! { <screens::library::LibraryScreen /> },
        Route::Accounts => html! { <screens::accounts::AccountsScreen /> },
        Route::Personas => html! { <screens::personas::PersonasScreen /> },
        Route::Settings => html! { <screens::settings::SettingsScreen /> },
        Route::Vault => html! { <screens::vault::VaultScreen /> },
        Route::Nowhere => html! { <Nowhere /> },
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
