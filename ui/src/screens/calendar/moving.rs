use std::cell::Cell;
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
use crate::state::calendar::Action;
use crate::state::current::Place;

/// Moves a scheduled post so that the viewer sees it on a day; it keeps its time of day in its own zone, and stays the
/// current post.
///
/// Only what is scheduled and signed off moves: moving signs off what stands there, and nothing may be signed off by a
/// gesture that looks like something else.
#[hook]
pub fn use_moving(toaster: &Toaster, clock: &Clock, state: &CalendarHandle) -> Callback<(PostLine, Date)> {
    // what is under way: a second press before the calendar shows the first would start from the old day
    let last = use_memo((), |()| Rc::new(Cell::new(None::<(PostId, u32)>)));
    let (toaster, clock, state) = (toaster.clone(), clock.clone(), state.dispatcher());
    Callback::from(move |(line, day): (PostLine, Date)| {
        let t = clock.texts;
        if line.status != PostStatus::Scheduled {
            toaster.complain(t.calendar.cannot_move);
            return;
        }
        let Some(when) = moved(&clock, &line, day) else { return };
        if last.replace(Some((line.post, line.version))) == Some((line.post, line.version)) {
            return;
        }
        let said = (t.calendar.moved)(&line.title, &t.time.short_day(day, clock.today()));
        let (state, last, today) = (state.clone(), (*last).clone(), clock.today());
        let place = Place { post: line.post, day: Some(day) };
        toaster.run_then(SchedulePost { post: line.post, read: line.version, when }, said, move |done| {
            if done {
                state.dispatch(Action::Moved { place, today });
            } else {
                last.set(None);
            }
        });
    })
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
        }
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
