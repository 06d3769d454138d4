//! Where the focus is in the calendar: on the current post, and without one on the view. The selection and the focus are
//! one thing to whoever presses keys.

use std::cell::Cell;
use std::rc::Rc;

use domain::id::PostId;
use web_sys::Element;
use yew::prelude::*;

use super::CalendarHandle;
use crate::platform;

/// The element that holds the view. It takes the focus when there is no post to take it.
pub const VIEW: &str = "calendar-view";

/// The element that holds the posts of a day in its dialog.
pub const POSTS: &str = "day-posts";

/// The id of the element that shows a post.
pub fn element_id(post: PostId) -> String {
    format!("event-{post}")
}

/// The id of the same post in the dialog of its day.
pub fn in_dialog(post: PostId) -> String {
    format!("day-{post}")
}

/// Keeps the focus: it goes with the selection when keys move that, and comes back when what had it is drawn no more.
/// What draws posts later than the screen itself calls the callback once it has.
#[hook]
pub fn use_kept_focus(state: &CalendarHandle) -> Callback<()> {
    // keys moved the selection, and its post was not drawn since
    let wanted = use_memo((), |()| Cell::new(false));
    let turn = use_memo((), |()| Cell::new(state.turn));
    if turn.replace(state.turn) != state.turn {
        wanted.set(true);
    }
    let settle = use_callback(state.selected_post(), move |(), selected| settle(*selected, &wanted));
    {
        let settle = settle.clone();
        use_effect(move || settle.emit(()));
    }
    settle
}

fn settle(selected: Option<PostId>, wanted: &Rc<Cell<bool>>) {
    let active = platform::focused();
    // what only holds others has it when what had it is gone
    let lost = active.as_ref().is_none_or(|active| ["screen", VIEW, POSTS].contains(&active.id().as_str()));
    if !lost && !wanted.get() {
        return;
    }
    let find = |id: &str| platform::document().and_then(|document| document.get_element_by_id(id));
    match (selected, selected.and_then(|post| find(&in_dialog(post)).or_else(|| find(&element_id(post))))) {
        (_, Some(element)) => {
            let asked = wanted.replace(false);
            give(&element, active.as_ref());
            if asked {
                platform::scroll_near(&element);
            }
        }
        (Some(_), None) => fall_back(lost, active.as_ref(), find(VIEW)),
        (None, None) => {
            wanted.set(false);
            fall_back(lost, active.as_ref(), find(VIEW));
        }
    }
}

fn fall_back(lost: bool, active: Option<&Element>, view: Option<Element>) {
    if lost && let Some(view) = view {
        give(&view, active);
    }
}

fn give(element: &Element, active: Option<&Element>) {
    if active != Some(element) {
        platform::focus_in_place(element);
    }
}
