use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// Width and height of an element in pixels, as it changes.
#[hook]
pub fn use_size(node: &NodeRef) -> (f64, f64) {
    let size = use_state_eq(|| (0.0, 0.0));
    let (node, setter) = (node.clone(), size.setter());
    use_effect_with((), move |()| {
        let element = node.cast::<Element>();
        let measure = {
            let element = element.clone();
            move || {
                if let Some(element) = &element {
                    setter.set((f64::from(element.client_width()), f64::from(element.client_height())));
                }
            }
        };
        measure();
        let on_resize = Closure::<dyn Fn()>::new(measure);
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, &element) {
            observer.observe(element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(on_resize);
        }
    });
    *size
}
