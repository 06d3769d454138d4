//! The interface of Sendoff: a window on the program, without rules of its own.

mod app;
mod backend;
mod components;
mod events;
mod frame;
mod i18n;
mod platform;
mod route;
mod screens;
mod state;

use contract::accounts::ListAccounts;
use contract::personas::ListPersonas;
use contract::program::GetProgram;
use contract::today::GetToday;

fn main() {
    // what the first screen shows, one behind the other they would be three round trips
    backend::prefetch(&GetProgram {});
    backend::prefetch(&ListPersonas {});
    backend::prefetch(&GetToday {});
    backend::prefetch(&ListAccounts {});
    // not the body itself: its other child is the frame through which every call of the program goes
    let place = web_sys::window().and_then(|window| window.document()?.get_element_by_id("app"));
    if let Some(place) = place {
        yew::Renderer::<app::App>::with_root(place).render();
    }
}
