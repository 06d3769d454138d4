//! Where the window can be. The address lives behind `#`, so that reloading comes back to it and the web view's own scheme
//! never has to answer for a path.

use domain::id::PostId;
use yew::prelude::*;
use yew_router::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Routable)]
pub enum Route {
    #[at("/")]
    Today,
    /// A post that does not exist yet: it does with the first keystroke.
    #[at("/compose")]
    Compose,
    #[at("/compose/:post")]
    Post { post: PostId },
    #[at("/calendar")]
    Calendar,
    #[at("/approvals")]
    Approvals,
    #[at("/ideas")]
    Ideas,
    #[at("/library")]
    Library,
    #[at("/accounts")]
    Accounts,
    #[at("/personas")]
    Personas,
    #[at("/team")]
    Team,
    #[at("/settings")]
    Settings,
    #[at("/vault")]
    Vault,
    #[at("/welcome")]
    Welcome,
    #[not_found]
    #[at("/nowhere")]
    Nowhere,
}

/// Goes somewhere.
#[hook]
pub fn use_go() -> Callback<Route> {
    let navigator = use_navigator();
    Callback::from(move |route: Route| {
        if let Some(navigator) = &navigator {
            navigator.push(&route);
        }
    })
}

/// Goes somewhere without a step back: after a draft got its id, after a redirect.
#[hook]
pub fn use_replace() -> Callback<Route> {
    let navigator = use_navigator();
    Callback::from(move |route: Route| {
        if let Some(navigator) = &navigator {
            navigator.replace(&route);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_an_address_that_leads_back() {
        let post = PostId::new(uuid::Uuid::from_u128(7));
        for route in [
            Route::Today,
            Route::Compose,
            Route::Post { post },
            Route::Calendar,
            Route::Approvals,
            Route::Ideas,
            Route::Library,
            Route::Accounts,
            Route::Personas,
            Route::Team,
            Route::Settings,
            Route::Vault,
            Route::Welcome,
        ] {
            assert_eq!(Route::recognize(&route.to_path()), Some(route));
        }
        assert_eq!(Route::recognize("/compose/not-a-post"), Some(Route::Nowhere));
    }
}
