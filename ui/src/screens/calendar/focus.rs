//! Where the focus is in the calendar: on the current post, and without one on the view. The selection and the focus are
//! one thing to whoever presses keys.

use std::cell::Cell;

use domain::id::PostId;
use yew::prelude::*;

use super::CalendarHandle;
use crate::platform;

/// The element that holds the view. It takes the focus when there is no post to take it.
pub const VIEW: &str = "calendar-view";

/// The element that holds the posts of a day in its dialog.
pub const POSTS: &str = "day-posts";

const HOLDERS: &str = "#calendar-view, #calendar-view .vlist, #day-posts";

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

fn settle(selected: Option<PostId>, wanted: &Cell<bool>) {
    let active = platform::focused();
    let is_one_of = |places: &str| active.as_ref().is_some_and(|active| active.matches(places).unwrap_or(false));
    let nowhere = active.is_none() || is_one_of("#screen");
    // what only holds posts has it when the post is gone that had it
    if !nowhere && !is_one_of(HOLDERS) && !wanted.get() {
        return;
    }
    let find = |id: &str| platform::document().and_then(|document| document.get_element_by_id(id));
    let element = selected.and_then(|post| find(&in_dialog(post)).or_else(|| find(&element_id(post))));
    if let Some(element) = &element {
        platform::focus_in_place(element);
        if wanted.get() {
            platform::scroll_near(element);
        }
    } else if nowhere && let Some(view) = find(VIEW) {
        platform::focus_in_place(&view);
    }
    // one that is selected and not yet drawn is still to come
    if element.is_some() || selected.is_none() {
        wanted.set(false);
    }
}
