use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use crate::platform;

/// Width and height of an element in pixels, as it changes.
#[hook]
pub fn use_size(node: &NodeRef) -> (f64, f64) {
    let size = use_state_eq(|| (0.0, 0.0));
    let setter = size.setter();
    use_resized(node, move |element| {
        setter.set((f64::from(element.client_width()), f64::from(element.client_height())));
    });
    *size
}

/// Whether an element is higher than what it lies in, which then scrolls: a scroll bar may cover what is at the edge.
#[hook]
pub fn use_overflow(node: &NodeRef) -> bool {
    let over = use_state_eq(|| false);
    let setter = over.setter();
    use_resized(node, move |element| {
        let room = element.parent_element().map_or(0, |parent| parent.client_height());
        setter.set(element.client_height() > room);
    });
    *over
}

/// Measures an element at once and whenever its size changes, or that of what it lies in.
#[hook]
fn use_resized(node: &NodeRef, measure: impl Fn(&Element) + 'static) {
    let node = node.clone();
    use_effect_with((), move |()| {
        let element = node.cast::<Element>();
        let measure = {
            let element = element.clone();
            move || {
                if let Some(element) = &element {
                    measure(element);
                }
            }
        };
        measure();
        let on_resize = Closure::<dyn Fn()>::new(measure);
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, &element) {
            observer.observe(element);
            if let Some(parent) = element.parent_element() {
                observer.observe(&parent);
            }
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(on_resize);
        }
    });
}

type Listener = Rc<dyn Fn(f64)>;

/// Watches an invisible element that is one rem wide: what a person changes is the size of text, and nothing tells of it.
#[derive(Default)]
struct Probe {
    watched: bool,
    listeners: Vec<(u64, Listener)>,
    last: u64,
}

thread_local! {
    static PROBE: RefCell<Probe> = RefCell::new(Probe::default());
}

/// Pixels of one `rem`, as the size of text changes.
#[hook]
pub fn use_rem() -> f64 {
    let size = use_state_eq(platform::rem);
    let setter = size.setter();
    use_effect_with((), move |()| {
        let listener: Listener = Rc::new(move |rem| setter.set(rem));
        let (number, watched) = PROBE.with_borrow_mut(|probe| {
            probe.last += 1;
            probe.listeners.push((probe.last, listener));
            (probe.last, std::mem::replace(&mut probe.watched, true))
        });
        if !watched {
            watch();
        }
        move || PROBE.with_borrow_mut(|probe| probe.listeners.retain(|(other, _)| *other != number))
    });
    *size
}

/// For as long as the window lives.
fn watch() {
    let Some(document) = platform::document() else { return };
    let (Some(body), Ok(element)) = (document.body(), document.create_element("div")) else { return };
    element.set_class_name("rem-probe");
    element.set_attribute("aria-hidden", "true").ok();
    body.append_child(&element).ok();
    let tell = Closure::<dyn Fn()>::new(|| {
        let listeners: Vec<Listener> =
            PROBE.with_borrow(|probe| probe.listeners.iter().map(|(_, listener)| listener.clone()).collect());
        for listener in listeners {
            listener(platform::rem());
        }
    });
    if let Ok(observer) = ResizeObserver::new(tell.into_js_value().unchecked_ref()) {
        observer.observe(&element);
    }
}

/// Whether the window is at least so many `rem` wide: large text needs more room than small text.
#[hook]
pub fn use_wide(rems: f64) -> bool {
    let rem = use_rem();
    let width = use_state_eq(platform::window_width);
    let setter = width.setter();
    use_effect_with((), move |()| {
        let listener = platform::window()
            .map(|window| EventListener::new(&window, "resize", move |_| setter.set(platform::window_width())));
        move || drop(listener)
    });
    *width >= rems * rem
}
