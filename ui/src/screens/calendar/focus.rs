//! Where the focus is in the calendar: on the current post, and without one on the view. The selection and the focus are
//! one thing to whoever presses keys.

use std::cell::Cell;
use std::rc::Rc;

use domain::id::PostId;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::platform;
use crate::state::calendar::{Action, CalendarState};
use crate::state::current::Place;

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
#[derive(Clone, PartialEq)]
pub struct KeptFocus {
    /// Shared, as `wanted` is: what was drawn for an older selection may settle after a newer one was made.
    current: Rc<Cell<Option<PostId>>>,
    /// Keys moved the selection, and its post did not get the focus since.
    wanted: Rc<Cell<bool>>,
}

/// `turn` counts the moves of the selection by keys; `current` is the selected post if it is among those that are shown, and
/// `is_shown` whether that is known.
#[hook]
pub fn use_kept_focus(turn: u32, current: Option<PostId>, is_shown: bool) -> KeptFocus {
    let wanted = use_memo((), |()| Cell::new(false));
    let last = use_memo((), |()| Cell::new(turn));
    let shared = use_memo((), |()| Cell::new(current));
    shared.set(current);
    if last.replace(turn) != turn {
        wanted.set(true);
    }
    if is_shown && current.is_none() {
        wanted.set(false);
    }
    let kept = KeptFocus { current: shared, wanted };
    {
        let kept = kept.clone();
        use_effect(move || kept.settle());
    }
    kept
}

impl KeptFocus {
    /// To be called whenever posts were drawn.
    pub fn settle(&self) {
        let active = platform::focused();
        let is_one_of = |places: &str| active.as_ref().is_some_and(|active| active.matches(places).unwrap_or(false));
        let nowhere = active.is_none() || is_one_of("#screen");
        // what only holds posts has it when the post is gone that had it
        if !nowhere && !is_one_of(HOLDERS) && !self.wanted.get() {
            return;
        }
        let find = |id: &str| platform::document().and_then(|document| document.get_element_by_id(id));
        let element = self.current.get().and_then(|post| find(&in_dialog(post)).or_else(|| find(&element_id(post))));
        if let Some(element) = &element {
            platform::focus_in_place(element);
            // nothing behind an open dialog takes it
            if self.wanted.get() && platform::focused().as_ref() == Some(element) {
                platform::scroll_near(element);
                self.wanted.set(false);
            }
        } else if nowhere && let Some(view) = find(VIEW) {
            platform::focus_in_place(&view);
        }
    }

    /// Whatever brings the focus to a post makes it the current one; while the focus is on its way to the current one, what
    /// passes by is not meant.
    pub fn selects(&self, place: Place, dispatch: &UseReducerDispatcher<CalendarState>) -> Callback<FocusEvent> {
        let (kept, dispatch) = (self.clone(), dispatch.clone());
        Callback::from(move |_: FocusEvent| {
            if kept.current.get() != Some(place.post) && !kept.wanted.get() {
                dispatch.dispatch(Action::Select(Some(place)));
            }
        })
    }

    /// The pointer was pressed: wherever it leads, nothing else is wanted any more.
    pub fn let_go(&self) {
        self.wanted.set(false);
    }

    /// The view itself got the focus: it is for the current post.
    pub fn pass_on(&self) {
        let kept = self.clone();
        Timeout::new(0, move || kept.settle()).forget();
    }
}
