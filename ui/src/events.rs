//! What the program tells this window by itself.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use contract::{Event, Tag};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend::{invalidate, subscribe};

type Listener = Rc<dyn Fn(&Event)>;

thread_local! {
    static LISTENERS: RefCell<Vec<(u64, Listener)>> = const { RefCell::new(Vec::new()) };
    static LAST: RefCell<u64> = const { RefCell::new(0) };
}

/// Milliseconds until the next try when the program could not be asked.
const AGAIN_MS: u32 = 1_000;

/// Listens for as long as the window lives. Called once.
pub fn listen() {
    spawn_local(listening(false));
}

/// What changed while nobody listened is not known: if anything was `missed`, all that is shown is asked for again.
async fn listening(mut missed: bool) {
    while !subscribed().await {
        missed = true;
        TimeoutFuture::new(AGAIN_MS).await;
    }
    if missed {
        invalidate(&Tag::ALL);
    }
}

async fn subscribed() -> bool {
    let ended = Cell::new(false);
    let on_end = move || {
        // the program closed the channel
        if !ended.replace(true) {
            spawn_local(listening(true));
        }
    };
    subscribe(receive, on_end).await.is_ok()
}

fn receive(event: Event) {
    if let Event::Changed(changed) = &event {
        invalidate(&changed.tags);
    }
    let listeners: Vec<Listener> =
        LISTENERS.with_borrow(|all| all.iter().map(|(_, listener)| listener.clone()).collect());
    for listener in listeners {
        listener(&event);
    }
}

/// Hears the events of the program while this component is shown.
#[hook]
pub fn use_events(on_event: impl Fn(&Event) + 'static) {
    let newest: Rc<RefCell<Option<Listener>>> = use_mut_ref(|| None);
    *newest.borrow_mut() = Some(Rc::new(on_event));
    use_effect_with((), move |()| {
        let number = LAST.with_borrow_mut(|last| {
            *last += 1;
            *last
        });
        let listener: Listener = Rc::new(move |event| {
            let newest = newest.borrow().clone();
            if let Some(newest) = newest {
                newest(event);
            }
        });
        LISTENERS.with_borrow_mut(|all| all.push((number, listener)));
        move || LISTENERS.with_borrow_mut(|all| all.retain(|(other, _)| *other != number))
    });
}
