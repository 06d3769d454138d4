//! One listener for all keys of the window.

use std::cell::RefCell;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::context::{Bound, Offers};
use crate::state::keys::{Cmd, Keyboard, Meaning};
use crate::{later, platform};

/// Runs the offered commands by their keys.
#[hook]
pub fn use_keyboard(offers: Offers) {
    use_effect_with(offers, |offers| {
        let offers = offers.clone();
        let keyboard = RefCell::new(Keyboard::default());
        let mac = platform::is_mac();
        let listener = platform::document().map(|document| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&document, "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                // what is typed for a screen that is still coming is no command of the one before it
                if event.default_prevented() || event.is_composing() || later::is_awaited() {
                    return;
                }
                let mut bound: Vec<Bound> = offers.all();
                if platform::dialog_is_open() {
                    // a dialog has its own keys; only what helps everywhere goes on
                    bound.retain(|offer| matches!(offer.cmd, Cmd::Palette));
                }
                let own = event.key() == "Enter" || event.key().starts_with("Arrow") && !event.alt_key();
                if own && !event.ctrl_key() && !event.meta_key() && platform::is_on_control(event) {
                    return;
                }
                let commands: Vec<Cmd> = bound.iter().map(|offer| offer.cmd).collect();
                let meaning = keyboard.borrow_mut().press(&platform::press(event), &commands, mac, platform::now_ms());
                match meaning {
                    Meaning::Run(cmd) => {
                        event.prevent_default();
                        if let Some(offer) = bound.iter().find(|offer| offer.cmd == cmd) {
                            offer.run.emit(());
                        }
                    }
                    Meaning::Begun => event.prevent_default(),
                    Meaning::Nothing => {}
                }
            })
        });
        move || drop(listener)
    });
}
