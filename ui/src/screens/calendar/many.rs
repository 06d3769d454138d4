//! What is done to all posts that were picked.

use std::rc::Rc;

use contract::posts::PostLine;
use domain::id::PostId;
use domain::mutation::PostsChange;
use domain::post::PostStatus;
use jiff::civil::Date;
use yew::prelude::*;

use super::moving::Target;
use crate::frame::context::{Bound, Clock, Toaster};
use crate::state::calendar::{Action, CalendarState};
use crate::state::current::Place;
use crate::state::keys::Cmd;
use crate::state::month::moved;

/// The posts that keys and presses change together, and the way to do it.
#[derive(Clone, PartialEq)]
pub struct Many {
    /// In the order in which they are shown.
    pub lines: Rc<Vec<PostLine>>,
    pub change: Callback<PostsChange>,
}

impl Many {
    pub fn new(
        lines: Rc<Vec<PostLine>>,
        toaster: &Toaster,
        state: UseReducerDispatcher<CalendarState>,
        current: Option<Place>,
        today: Date,
    ) -> Self {
        let change = {
            let (lines, toaster) = (lines.clone(), toaster.clone());
            Callback::from(move |change: PostsChange| {
                let posts: Vec<PostId> = lines.iter().map(|line| line.post).take(PostsChange::POSTS_MAX).collect();
                let title = lines.first().map(|line| line.title.clone()).unwrap_or_default();
                let current = current.filter(|place| posts.contains(&place.post));
                if let (PostsChange::Shift { .. }, Some(place)) = (&change, current) {
                    state.dispatch(Action::Follow(place));
                }
                let (state, asked) = (state.clone(), change.clone());
                toaster.change_posts(posts, change, &title, move |answer| {
                    let Some(answer) = answer else { return };
                    match asked {
                        PostsChange::Shift { days } => {
                            // the calendar goes along with the current one
                            if let Some(place) = current.filter(|place| answer.changed.contains(&place.post)) {
                                let day = place.day.map(|day| moved(day, days));
                                state.dispatch(Action::Moved { place: Place { day, ..place }, today });
                            }
                        }
                        PostsChange::Delete | PostsChange::Unschedule | PostsChange::MoveTo { .. } => {
                            state.dispatch(Action::PickNone);
                        }
                        PostsChange::Hold
                        | PostsChange::Resume
                        | PostsChange::Persona { .. }
                        | PostsChange::Rezone { .. } => {}
                    }
                });
            })
        };
        Self { lines, change }
    }

    pub fn contains(&self, post: PostId) -> bool {
        self.lines.iter().any(|line| line.post == post)
    }

    /// All of them wait on hold: then they are resumed, else held.
    pub fn are_held(&self) -> bool {
        self.lines.iter().all(|line| line.status == PostStatus::Held)
    }

    pub fn hold_or_resume(&self) -> PostsChange {
        if self.are_held() { PostsChange::Resume } else { PostsChange::Hold }
    }

    /// Some of them have a time.
    pub fn are_planned(&self) -> bool {
        self.lines.iter().any(|line| line.due_at.is_some())
    }

    /// The keys of one post, for all of them.
    pub fn commands(&self) -> Vec<Bound> {
        let bind = |cmd: Cmd, change: PostsChange| {
            let run = self.change.clone();
            Bound::new(cmd, move || run.emit(change.clone()))
        };
        let mut commands = vec![bind(Cmd::CalendarDelete, PostsChange::Delete)];
        if self.are_planned() {
            commands.push(bind(Cmd::CalendarHold, self.hold_or_resume()));
            commands.push(bind(Cmd::CalendarUnschedule, PostsChange::Unschedule));
            for (cmd, days) in DAYS {
                commands.push(bind(cmd, PostsChange::Shift { days }));
            }
        }
        commands
    }

    /// Moves one post, or all that were picked if it is one of them.
    pub fn or_one(&self, clock: &Clock, one: &Callback<(PostLine, Target)>) -> Callback<(PostLine, Target)> {
        let (many, clock, one) = (self.clone(), clock.clone(), one.clone());
        Callback::from(move |(line, target): (PostLine, Target)| {
            if many.lines.len() < 2 || !many.contains(line.post) {
                return one.emit((line, target));
            }
            let days = match (target, line.due_at) {
                (Target::By(days), _) => days,
                (Target::Day(day), Some(due)) => clock.local(due).date().until(day).map_or(0, |span| span.get_days()),
                (Target::Day(_), None) => 0,
            };
            if days != 0 {
                many.change.emit(PostsChange::Shift { days });
            }
        })
    }
}

/// By how many days a key moves.
pub const DAYS: [(Cmd, i32); 4] = [
    (Cmd::CalendarDayEarlier, -1),
    (Cmd::CalendarDayLater, 1),
    (Cmd::CalendarWeekEarlier, -7),
    (Cmd::CalendarWeekLater, 7),
];
