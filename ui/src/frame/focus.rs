//! The focus never falls out of the page.
//!
//! When what has the focus goes away (a button whose work is done, a row that was deleted, a message that ran out), the browser
//! leaves the focus nowhere, and whoever works by keyboard or listens to a screen reader starts again at the top. Here it goes to
//! the nearest part of the page around it that is still there. Screens that know a better place put it there themselves.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, MutationObserver, MutationObserverInit};
use yew::prelude::*;

use crate::platform;

/// What had the focus last, and what it lay in, from the inside out.
type Trail = Rc<RefCell<Vec<Element>>>;

/// Watches over the focus while the frame is shown.
#[hook]
pub fn use_focus_kept() {
    use_effect_with((), |()| {
        let watch = platform::document().and_then(|document| {
            let trail = Trail::default();
            let came = {
                let trail = trail.clone();
                EventListener::new(&document, "focusin", move |event| {
                    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                    *trail.borrow_mut() = std::iter::successors(target, |element| element.parent_element()).collect();
                })
            };
            // a press beside everything takes the focus away on purpose
            let pressed = {
                let trail = trail.clone();
                EventListener::new(&document, "pointerdown", move |_| trail.borrow_mut().clear())
            };
            let changed = Closure::<dyn Fn()>::new(move || restore(&trail));
            let observer = MutationObserver::new(changed.as_ref().unchecked_ref()).ok()?;
            let options = MutationObserverInit::new();
            options.set_child_list(true);
            options.set_subtree(true);
            options.set_attribute_filter(&js_sys::Array::of1(&"disabled".into()));
            observer.observe_with_options(document.body()?.as_ref(), &options).ok()?;
            Some((came, pressed, changed, observer))
        });
        move || {
            if let Some((_, _, _, observer)) = &watch {
                observer.disconnect();
            }
            drop(watch);
        }
    });
}

/// Runs after each change of the page, when everything that wanted the focus has taken it.
fn restore(trail: &Trail) {
    if !platform::nothing_has_the_focus() {
        return;
    }
    let place = {
        let mut trail = trail.borrow_mut();
        let Some(last) = trail.first() else { return };
        if last.is_connected() && !last.has_attribute("disabled") {
            return;
        }
        let found = trail.iter().skip(1).find(|element| element.is_connected() && is_place(element));
        let found = found.cloned();
        trail.clear();
        found
    };
    // what is left of the page when all of it went away
    let place = place.or_else(|| platform::document()?.get_element_by_id("screen"));
    match place {
        Some(dialog) if dialog.tag_name() == "DIALOG" => platform::focus_first_in(&dialog),
        Some(place) => platform::focus_in_place(&place),
        None => {}
    }
}

/// Something that can have the focus, or an open dialog, out of which it must not fall.
fn is_place(element: &Element) -> bool {
    element.has_attribute("tabindex") || element.matches("dialog[open]").unwrap_or_default()
}
