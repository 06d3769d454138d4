//! The interface of Sendoff: a window on the program, without rules of its own.

mod app;
mod backend;
mod components;
mod events;
mod files;
mod frame;
mod i18n;
mod later;
mod platform;
mod route;
mod screens;
mod state;

use std::cell::Cell;
use std::rc::Rc;

use contract::Command;
use contract::accounts::ListAccounts;
use contract::personas::ListPersonas;
use contract::posts::GetToday;
use contract::program::GetProgram;
use contract::teams::GetTeams;
use gloo_timers::callback::Timeout;

/// What the first screen shows is drawn at once if it is there by then; after that, whatever is there.
const TOGETHER_MS: u32 = 150;

fn main() {
    platform::mend_faults();
    // not the body itself: its other child is the frame through which every call of the program goes
    let place = web_sys::window().and_then(|window| window.document()?.get_element_by_id("app"));
    let place = Rc::new(Cell::new(place));
    let draw = move || {
        if let Some(place) = place.take() {
            yew::Renderer::<app::App>::with_root(place).render();
        }
    };
    // first of all: the window is unseen until then, and has no size
    events::listen();
    let missing = Rc::new(Cell::new(0));
    let first = First { missing, draw: Rc::new(draw.clone()) };
    first.ask(&GetProgram {});
    first.ask(&ListPersonas {});
    first.ask(&GetToday {});
    first.ask(&ListAccounts {});
    first.ask(&GetTeams {});
    Timeout::new(TOGETHER_MS, draw).forget();
}

/// The questions of the first screen: asked one after the other they would be as many round trips.
struct First {
    missing: Rc<Cell<u32>>,
    draw: Rc<dyn Fn()>,
}

impl First {
    fn ask<C: Command>(&self, question: &C) {
        let (missing, draw) = (self.missing.clone(), self.draw.clone());
        missing.set(missing.get() + 1);
        backend::prefetch(question, move || {
            missing.set(missing.get().saturating_sub(1));
            if missing.get() == 0 {
                draw();
            }
        });
    }
}
