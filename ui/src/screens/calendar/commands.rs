//! What can be done with the current post, by its keys and in the palette.

use contract::posts::{DeletePost, PostLine, UnschedulePost};
use domain::mutation::PostsChange;
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
    let mut commands = vec![open, delete];
    let held = line.status == PostStatus::Held;
    if held || matches!(line.status, PostStatus::Scheduled | PostStatus::YourTurn) || line.status.is_in_review() {
        let (toaster, title) = (toaster.clone(), line.title.clone());
        let change = if held { PostsChange::Resume } else { PostsChange::Hold };
        let name = if held { t.many.resume } else { t.many.hold };
        let bound = Bound::new(Cmd::CalendarHold, {
            let title = title.clone();
            move || toaster.change_posts(vec![post], change.clone(), &title, |_| {})
        });
        commands.push(bound.titled(format!("{name}: {title}")));
    }
    if matches!(line.status, PostStatus::Scheduled | PostStatus::Held) {
        let (toaster, said) = (toaster.clone(), (t.calendar.unscheduled)(&line.title));
        commands.push(Bound::new(Cmd::CalendarUnschedule, move || {
            toaster.run(UnschedulePost { post }, said.clone());
        }));
    }
    // two presses are two weeks, whatever was shown in between
    for (cmd, days) in [(Cmd::CalendarWeekEarlier, -7), (Cmd::CalendarWeekLater, 7)] {
        let (move_to, line) = (move_to.clone(), line.clone());
        commands.push(Bound::new(cmd, move || move_to.emit((line.clone(), Target::By(days)))));
    }
    // one that does not move says why when it is asked to
    for (cmd, by) in [(Cmd::CalendarDayEarlier, -1), (Cmd::CalendarDayLater, 1)] {
        let (move_to, line) = (move_to.clone(), line.clone());
        commands.push(Bound::new(cmd, move || move_to.emit((line.clone(), Target::By(by)))));
    }
    commands
}
