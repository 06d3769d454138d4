//! Moving a scheduled post to another day.

use std::cell::RefCell;
use std::rc::Rc;

use contract::posts::{PostLine, SchedulePost};
use domain::id::PostId;
use domain::mutation::When;
use domain::post::PostStatus;
use domain::schedule::Schedule;
use jiff::civil::Date;
use yew::prelude::*;

use super::CalendarHandle;
use crate::frame::context::{Clock, Toaster};
use crate::state::calendar::{Action, CalendarState};
use crate::state::current::Place;
use crate::state::month;

/// Where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Day(Date),
    /// So many days from where it stands, or will stand when all is done that was asked for.
    By(i32),
}

/// A move that was asked for, until the calendar shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Move {
    post: PostId,
    /// The version that the calendar shows.
    shown: u32,
    /// Where it will stand.
    day: Date,
    /// The version that the program answered; `None` while it is under way.
    written: Option<u32>,
}

/// What a press asks for, seen from a move that the calendar does not show yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Request {
    day: Date,
    /// The version to move; `None`: the answer to the move under way goes on with this one.
    read: Option<u32>,
}

fn request(line: &PostLine, stands: Date, target: Target, last: Option<Move>) -> Request {
    let last = last.filter(|last| last.post == line.post && last.shown == line.version);
    let from = last.map_or(stands, |last| last.day);
    let day = match target {
        Target::Day(day) => day,
        Target::By(days) => month::moved(from, days),
    };
    Request { day, read: last.map_or(Some(line.version), |last| last.written) }
}

/// Moves a scheduled post so that the viewer sees it on a day; it keeps its time of day in its own zone, and stays the
/// current post.
///
/// Only what is scheduled and signed off moves: moving signs off what stands there, and nothing may be signed off by a
/// gesture that looks like something else.
#[hook]
pub fn use_moving(toaster: &Toaster, clock: &Clock, state: &CalendarHandle) -> Callback<(PostLine, Target)> {
    let last = use_mut_ref(|| None::<Move>);
    let mover = Mover { toaster: toaster.clone(), clock: clock.clone(), state: state.dispatcher(), last };
    Callback::from(move |(line, target): (PostLine, Target)| {
        let Some(due) = line.due_at.filter(|_| matches!(line.status, PostStatus::Scheduled | PostStatus::Held)) else {
            mover.toaster.complain(mover.clock.texts.calendar.cannot_move);
            return;
        };
        let (last, stands) = (*mover.last.borrow(), mover.clock.local(due).date());
        let Request { day, read } = request(&line, stands, target, last);
        mover.state.dispatch(Action::Follow(Place { post: line.post, day: Some(stands) }));
        match (read, last) {
            (Some(read), _) => mover.send(line, day, read),
            (None, last) => *mover.last.borrow_mut() = last.map(|last| Move { day, ..last }),
        }
    })
}

#[derive(Clone)]
struct Mover {
    toaster: Toaster,
    clock: Clock,
    state: UseReducerDispatcher<CalendarState>,
    last: Rc<RefCell<Option<Move>>>,
}

impl Mover {
    fn send(&self, line: PostLine, day: Date, read: u32) {
        let Some(when) = moved(&self.clock, &line, day) else { return };
        let (t, today) = (self.clock.texts, self.clock.today());
        let said = (t.calendar.moved)(&line.title, &t.time.short_day(day, today));
        *self.last.borrow_mut() = Some(Move { post: line.post, shown: line.version, day, written: None });
        let mover = self.clone();
        self.toaster.run_then(SchedulePost { post: line.post, read, when }, said, move |written| {
            let wanted = mover.last.borrow().filter(|last| last.post == line.post).map_or(day, |last| last.day);
            let Some(version) = written.map(|written| written.version) else {
                mover.last.borrow_mut().take();
                return;
            };
            mover.state.dispatch(Action::Moved { place: Place { post: line.post, day: Some(day) }, today });
            if wanted == day {
                let mut last = mover.last.borrow_mut();
                *last = last.map(|last| Move { written: Some(version), ..last });
            } else {
                mover.send(line, wanted, version);
            }
        });
    }
}

fn moved(clock: &Clock, line: &PostLine, day: Date) -> Option<When> {
    let due = line.due_at?;
    let zone = line.zone.clone().unwrap_or_else(|| clock.zone_name.to_string());
    let schedule = Schedule::at_instant(due, &zone).ok()?;
    let by = clock.local(due).date().until(day).ok()?;
    let local = schedule.local.checked_add(by).ok()?;
    Some(When { local, zone, fold: schedule.fold })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::i18n::EN;
    use crate::state::time;

    fn line(due: &str, zone: &str) -> PostLine {
        PostLine {
            comments: 0,
            post: PostId::new(uuid::Uuid::from_u128(1)),
            title: "Rye week".into(),
            status: PostStatus::Scheduled,
            persona: None,
            accounts: Vec::new(),
            networks: Vec::new(),
            due_at: Some(due.parse().unwrap()),
            zone: Some(zone.into()),
            updated_at: due.parse().unwrap(),
            version: 1,
            repeats: false,
            merged: false,
            waits_for: Vec::new(),
        }
    }

    #[test]
    fn presses_that_come_too_fast_add_up() {
        let (line, here) = (line("2026-10-23T07:00:00Z", "Europe/Oslo"), date(2026, 10, 23));
        let step = |by, last| request(&line, here, Target::By(by), last);
        assert_eq!(step(1, None), Request { day: date(2026, 10, 24), read: Some(1) });
        let under_way = Move { post: line.post, shown: 1, day: date(2026, 10, 24), written: None };
        assert_eq!(step(1, Some(under_way)), Request { day: date(2026, 10, 25), read: None });
        let answered = Move { written: Some(2), ..under_way };
        assert_eq!(step(-1, Some(answered)), Request { day: here, read: Some(2) }, "answered, and not shown yet");
        let shown = Move { shown: 0, ..answered };
        assert_eq!(step(1, Some(shown)).read, Some(1), "an earlier one is over");
        let other = Move { post: PostId::new(uuid::Uuid::from_u128(2)), ..answered };
        assert_eq!(step(1, Some(other)).day, date(2026, 10, 24), "another post's is not this one's");
        assert_eq!(request(&line, here, Target::Day(here), Some(under_way)), Request { day: here, read: None });
    }

    #[test]
    fn a_moved_post_keeps_its_time_of_day_over_a_clock_change() {
        let clock = Clock {
            now: "2026-10-20T08:00:00Z".parse().unwrap(),
            zone_name: "Europe/Oslo".into(),
            zone: time::zone("Europe/Oslo"),
            texts: &EN,
        };
        let when = moved(&clock, &line("2026-10-23T07:00:00Z", "Europe/Oslo"), date(2026, 10, 26)).unwrap();
        assert_eq!(when.local, date(2026, 10, 26).at(9, 0, 0, 0));
        // 23:00 in New York is 05:00 of the next day in Oslo, and moves by as many days as the viewer dragged
        let when = moved(&clock, &line("2026-10-24T03:00:00Z", "America/New_York"), date(2026, 10, 26)).unwrap();
        assert_eq!((when.local, when.zone.as_str()), (date(2026, 10, 25).at(23, 0, 0, 0), "America/New_York"));
    }
}
