//! What the program tells this window by itself.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

use contract::{Event, Tag};
use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend::{invalidate, next_events};

type Listener = Rc<dyn Fn(&Event)>;

thread_local! {
    static LISTENERS: RefCell<Vec<(u64, Listener)>> = const { RefCell::new(Vec::new()) };
    static LAST: RefCell<u64> = const { RefCell::new(0) };
}

/// Milliseconds until the next try when the program could not be asked.
const AGAIN_MS: u32 = 1_000;
/// The program answers after 20 s even if nothing happened: an answer that takes longer than this, in milliseconds, was lost.
const ANSWER_MS: u32 = 30_000;

/// Listens for as long as the window lives. Called once.
pub fn listen() {
    spawn_local(listening());
}

async fn listening() {
    let (mut known, mut missed) = (None, false);
    loop {
        let answer = pin!(next_events(known));
        match select(answer, TimeoutFuture::new(ANSWER_MS)).await {
            Either::Left((Ok(news), _)) => {
                known = Some(news.newest);
                // what changed before the first answer is not known
                if std::mem::take(&mut missed) {
                    invalidate(&Tag::ALL);
                }
                // an event of a newer program is not for this window
                news.events.into_iter().filter_map(|event| serde_json::from_value(event).ok()).for_each(receive);
            }
            Either::Left((Err(_), _)) => {
                missed |= known.is_none();
                TimeoutFuture::new(AGAIN_MS).await;
            }
            Either::Right(_) => missed |= known.is_none(),
        }
    }
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
