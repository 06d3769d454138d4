//! The chosen time: two native fields, a zone, and what the calendar makes of them.

use domain::mutation::When;
use domain::schedule::{ClockMark, Fold, Schedule, ScheduleError};
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// What stands in the fields, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// `2026-11-28`; empty or unfinished while a person types.
    pub date: String,
    /// `09:00`, 24 hours.
    pub time: String,
    pub zone: String,
    pub fold: Fold,
}

/// What the fields mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    Unfinished,
    Wrong(ScheduleError),
    Past,
    Ready(Moment),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    pub schedule: Schedule,
    pub mark: ClockMark,
    /// What the clock will show in the post's zone: other than chosen in a gap.
    pub shown: DateTime,
    /// What the viewer's clock will show, where it differs.
    pub viewer: Option<DateTime>,
}

impl Choice {
    /// What a scheduled post has, or the next full hour that is at least half an hour away.
    pub fn start(schedule: Option<&Schedule>, now: Timestamp, zone: &str) -> Self {
        Self::known(schedule, None).unwrap_or_else(|| Self::at(next_hour(now, zone), zone))
    }

    /// What a scheduled post has, or the time that a new one was begun for.
    pub fn known(schedule: Option<&Schedule>, wished: Option<&When>) -> Option<Self> {
        let of = |local: DateTime, zone: &str, fold: Fold| Self { fold, ..Self::at(local, zone) };
        match (schedule, wished) {
            (Some(schedule), _) => Some(of(schedule.local, &schedule.zone, schedule.fold)),
            (None, Some(when)) => Some(of(when.local, &when.zone, when.fold)),
            (None, None) => None,
        }
    }

    pub fn at(local: DateTime, zone: &str) -> Self {
        Self {
            date: local.date().to_string(),
            time: local.time().strftime("%H:%M").to_string(),
            zone: zone.to_owned(),
            fold: Fold::First,
        }
    }

    pub fn local(&self) -> Option<DateTime> {
        let date: Date = self.date.parse().ok()?;
        let time: Time = self.time.parse().ok()?;
        Some(date.to_datetime(time))
    }

    pub fn when(&self) -> Option<When> {
        Some(When { local: self.local()?, zone: self.zone.clone(), fold: self.fold })
    }

    /// Reads the fields; `viewer` is the zone in which this person sees times.
    pub fn read(&self, now: Timestamp, viewer: &str) -> Reading {
        let Some(local) = self.local() else { return Reading::Unfinished };
        let (schedule, mark) = match Schedule::resolve(local, &self.zone, self.fold) {
            Ok(resolved) => resolved,
            Err(error) => return Reading::Wrong(error),
        };
        if schedule.at <= now {
            return Reading::Past;
        }
        let shown = wall(schedule.at, &self.zone).unwrap_or(local);
        let viewer = wall(schedule.at, viewer).filter(|seen| *seen != shown);
        Reading::Ready(Moment { schedule, mark, shown, viewer })
    }
}

/// A time that is one press away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quick {
    InOneHour,
    ThisEvening,
    Tomorrow,
    Monday,
}

/// The quick times that lie ahead, in order.
pub fn quick(now: Timestamp, zone: &str) -> Vec<(Quick, DateTime)> {
    let Some(here) = wall(now, zone) else { return Vec::new() };
    let morning = Time::constant(9, 0, 0, 0);
    let evening = here.date().to_datetime(Time::constant(18, 0, 0, 0));
    let mut times = Vec::new();
    if let Some(hour) = now.checked_add(SignedDuration::from_hours(1)).ok().and_then(|at| wall(at, zone)) {
        times.push((Quick::InOneHour, minute(hour)));
    }
    if here.checked_add(90.minutes()).is_ok_and(|soon| soon < evening) {
        times.push((Quick::ThisEvening, evening));
    }
    if let Ok(day) = here.date().tomorrow() {
        times.push((Quick::Tomorrow, day.to_datetime(morning)));
    }
    if let Ok(day) = here.date().nth_weekday(1, Weekday::Monday) {
        let monday = day.to_datetime(morning);
        if !times.iter().any(|(_, time)| *time == monday) {
            times.push((Quick::Monday, monday));
        }
    }
    times
}

/// The wall clock of `zone` at `at`; `None` for a zone that is not known.
pub fn wall(at: Timestamp, zone: &str) -> Option<DateTime> {
    Some(TimeZone::get(zone).ok()?.to_datetime(at))
}

fn minute(local: DateTime) -> DateTime {
    local.with().second(0).subsec_nanosecond(0).build().unwrap_or(local)
}

fn next_hour(now: Timestamp, zone: &str) -> DateTime {
    let later = now.checked_add(SignedDuration::from_mins(90)).unwrap_or(now);
    let here = wall(later, zone).unwrap_or_else(|| TimeZone::UTC.to_datetime(later));
    here.with().minute(0).second(0).subsec_nanosecond(0).build().unwrap_or(here)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};

    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T11:20:41Z".parse().unwrap()
    }

    fn choice(date: &str, time: &str, zone: &str) -> Choice {
        Choice { date: date.into(), time: time.into(), zone: zone.into(), fold: Fold::First }
    }

    fn ready(choice: &Choice, viewer: &str) -> Moment {
        match choice.read("2026-01-01T00:00:00Z".parse().unwrap(), viewer) {
            Reading::Ready(moment) => moment,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_new_choice_is_the_next_full_hour_with_some_air() {
        let start = Choice::start(None, now(), "Europe/Oslo");
        assert_eq!((start.date.as_str(), start.time.as_str()), ("2026-11-22", "13:00"));
        let late = Choice::start(None, "2026-11-22T22:40:00Z".parse().unwrap(), "Europe/Oslo");
        assert_eq!((late.date.as_str(), late.time.as_str()), ("2026-11-23", "01:00"));
    }

    #[test]
    fn what_was_scheduled_comes_back_with_its_zone_and_fold() {
        let schedule = Schedule::resolve(date(2026, 10, 25).at(2, 30, 0, 0), "Europe/Oslo", Fold::Second).unwrap().0;
        let start = Choice::start(Some(&schedule), now(), "Asia/Tokyo");
        assert_eq!(
            start.when().unwrap(),
            When { local: schedule.local, zone: schedule.zone.clone(), fold: Fold::Second }
        );
    }

    #[test]
    fn the_viewer_s_time_is_told_only_where_it_differs() {
        let nine = choice("2026-11-28", "09:00", "Europe/Oslo");
        assert_eq!(ready(&nine, "Europe/Oslo").viewer, None);
        assert_eq!(ready(&nine, "Europe/Berlin").viewer, None, "another name for the same time");
        assert_eq!(ready(&nine, "Asia/Tokyo").viewer, Some(datetime(2026, 11, 28, 17, 0, 0, 0)));
    }

    #[test]
    fn a_gap_shows_the_time_that_is_used_instead() {
        let moment = ready(&choice("2027-03-28", "02:30", "Europe/Oslo"), "Europe/Oslo");
        assert_eq!(moment.mark, ClockMark::Gap);
        assert_eq!(moment.shown, datetime(2027, 3, 28, 3, 0, 0, 0));
    }

    #[test]
    fn a_fold_offers_both_and_keeps_the_chosen_one() {
        let mut twice = choice("2026-10-25", "02:30", "Europe/Oslo");
        let first = ready(&twice, "UTC");
        assert_eq!((first.mark, first.schedule.at.to_string()), (ClockMark::Fold, "2026-10-25T00:30:00Z".into()));
        twice.fold = Fold::Second;
        assert_eq!(ready(&twice, "UTC").schedule.at.to_string(), "2026-10-25T01:30:00Z");
    }

    #[test]
    fn unfinished_unknown_and_past_are_told_apart() {
        assert_eq!(choice("", "09:00", "UTC").read(now(), "UTC"), Reading::Unfinished);
        assert_eq!(choice("2026-11-28", "9", "UTC").read(now(), "UTC"), Reading::Unfinished);
        assert_eq!(choice("2026-11-22", "11:20", "UTC").read(now(), "UTC"), Reading::Past);
        assert!(matches!(choice("2026-11-28", "09:00", "Europe/Olso").read(now(), "UTC"), Reading::Wrong(_)));
    }

    #[test]
    fn quick_times_lie_ahead_and_name_each_moment_once() {
        // Sunday noon in Oslo: tomorrow is Monday
        let times = quick(now(), "Europe/Oslo");
        assert_eq!(
            times,
            [
                (Quick::InOneHour, datetime(2026, 11, 22, 13, 20, 0, 0)),
                (Quick::ThisEvening, datetime(2026, 11, 22, 18, 0, 0, 0)),
                (Quick::Tomorrow, datetime(2026, 11, 23, 9, 0, 0, 0)),
            ]
        );
        let night = quick("2026-11-24T20:00:00Z".parse().unwrap(), "Europe/Oslo");
        assert!(!night.iter().any(|(quick, _)| *quick == Quick::ThisEvening));
        assert!(night.contains(&(Quick::Monday, datetime(2026, 11, 30, 9, 0, 0, 0))));
    }
}
