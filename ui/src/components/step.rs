use gloo_timers::callback::Timeout;
use web_sys::Element;
use yew::prelude::*;

use crate::platform;

/// Puts the focus on the heading of `area` when another `step` is shown in it, unless one of its fields took the focus: the button
/// that led here is gone, and what is new begins at its heading.
#[hook]
pub fn use_focus_on_step<T: PartialEq + 'static>(area: NodeRef, step: T) {
    let first = use_mut_ref(|| true);
    use_effect_with(step, move |_| {
        let first = first.replace(false);
        // after the fields of the step
        let timer = (!first).then(|| Timeout::new(0, move || begin(&area)));
        move || drop(timer)
    });
}

fn begin(area: &NodeRef) {
    let Some(area) = area.cast::<Element>() else { return };
    let active = platform::document().and_then(|document| document.active_element());
    if active.is_some_and(|active| {
        active.matches("input, textarea, select").unwrap_or_default() && area.contains(Some(&active))
    }) {
        return;
    }
    let own = area.query_selector("h1:not(.visually-hidden), h2").ok().flatten();
    // the heading of a dialog lies above its steps
    let heading = own.or_else(|| area.closest("dialog").ok()??.query_selector("h2").ok()?);
    if let Some(heading) = heading {
        // a heading takes the focus by script alone
        heading.set_attribute("tabindex", "-1").ok();
        platform::focus(&heading);
    }
}
