//! What can be done with the current post, by its keys and in the palette.

use contract::posts::{DeletePost, PostLine, UnschedulePost};
use domain::post::PostStatus;
use yew::prelude::*;

use super::moving::Target;
use crate::frame::context::{Bound, Toaster};
use crate::i18n::Texts;
use crate::route::Route;
use crate::state::keys::Cmd;

pub fn for_selected(
    line: &PostLine,
    t: &'static Texts,
    toaster: &Toaster,
    go: &Callback<Route>,
    move_to: &Callback<(PostLine, Target)>,
) -> Vec<Bound> {
    let post = line.post;
    let open = {
        let go = go.clone();
        Bound::new(Cmd::CalendarOpen, move || go.emit(Route::Post { post }))
    };
    let delete = {
        let (toaster, said) = (toaster.clone(), (t.calendar.deleted)(&line.title));
        Bound::new(Cmd::CalendarDelete, move || toaster.run(DeletePost { post }, said.clone()))
    };
    let mut bound = vec![open, delete];
    if line.status == PostStatus::Scheduled {
        let (toaster, said) = (toaster.clone(), (t.calendar.unscheduled)(&line.title));
        bound.push(Bound::new(Cmd::CalendarUnschedule, move || {
            toaster.run(UnschedulePost { post }, said.clone());
        }));
    }
    // one that does not move says why when it is asked to
    for (cmd, by) in [(Cmd::CalendarDayEarlier, -1), (Cmd::CalendarDayLater, 1)] {
        let (move_to, line) = (move_to.clone(), line.clone());
        bound.push(Bound::new(cmd, move || move_to.emit((line.clone(), Target::By(by)))));
    }
    bound
}
