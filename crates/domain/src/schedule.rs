//! Local time, zone and rule are what a person chose; the instant is what follows from them.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Which of two equal wall-clock times is meant when a clock is set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fold {
    #[default]
    First,
    Second,
}

/// When a post goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Wall-clock time in `zone`, to the second.
    pub local: DateTime,
    /// IANA name, such as `Europe/Oslo`.
    pub zone: String,
    pub fold: Fold,
    /// The instant that local time, zone and fold resolve to.
    pub at: Timestamp,
}

/// What the calendar did to the chosen time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockMark {
    Exact,
    /// The clock jumps over the chosen time; the first valid time after the gap is used.
    Gap,
    /// The clock shows the chosen time twice; `fold` says which one is used.
    Fold,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "schedule", rename_all = "snake_case")]
pub enum ScheduleError {
    #[error("{zone} is not a time zone")]
    UnknownZone { zone: String },
    #[error("this date is out of range")]
    OutOfRange,
}

impl Schedule {
    /// Resolves a wall-clock time. A time inside a gap becomes the first valid time after it.
    ///
    /// # Errors
    /// The zone is unknown, or the result lies outside the years that a timestamp can hold.
    pub fn resolve(local: DateTime, zone: &str, fold: Fold) -> Result<(Self, ClockMark), ScheduleError> {
        let tz = TimeZone::get(zone).map_err(|_| ScheduleError::UnknownZone { zone: zone.to_owned() })?;
        let ambiguous = tz.to_ambiguous_timestamp(local);
        let (mark, at) = match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { offset } => (ClockMark::Exact, offset.to_timestamp(local)),
            // read with the old offset, a skipped time is the jump or later: the last transition up to there is the jump
            AmbiguousOffset::Gap { before, .. } => (ClockMark::Gap, {
                let moved = before.to_timestamp(local).map_err(|_| ScheduleError::OutOfRange)?;
                // `preceding` leaves its own instant out
                let after = moved.checked_add(SignedDuration::from_nanos(1)).map_err(|_| ScheduleError::OutOfRange)?;
                Ok(tz.preceding(after).next().map_or(moved, |transition| transition.timestamp()))
            }),
            AmbiguousOffset::Fold { before, after } => (
                ClockMark::Fold,
                match fold {
                    Fold::First => before.to_timestamp(local),
                    Fold::Second => after.to_timestamp(local),
                },
            ),
        };
        let at = at.map_err(|_| ScheduleError::OutOfRange)?;
        Ok((Self { local, zone: zone.to_owned(), fold, at }, mark))
    }

    /// What the same choice leads to by the time zone data of today, if that is another instant: governments change their
    /// clocks, and a schedule may have been made before that was known.
    ///
    /// # Errors
    /// As [`Schedule::resolve`].
    pub fn moved(&self) -> Result<Option<Self>, ScheduleError> {
        let (now, _) = Self::resolve(self.local, &self.zone, self.fold)?;
        Ok((now.at != self.at).then_some(now))
    }

    /// The same wall-clock choice for an instant, as `zone` shows it.
    ///
    /// # Errors
    /// The zone is unknown.
    pub fn at_instant(at: Timestamp, zone: &str) -> Result<Self, ScheduleError> {
        let tz = TimeZone::get(zone).map_err(|_| ScheduleError::UnknownZone { zone: zone.to_owned() })?;
        let local = tz.to_datetime(at);
        let fold = match tz.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Fold { after, .. } if after.to_timestamp(local).is_ok_and(|second| second == at) => {
                Fold::Second
            }
            _ => Fold::First,
        };
        Ok(Self { local, zone: zone.to_owned(), fold, at })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn resolve(local: DateTime, zone: &str, fold: Fold) -> (String, ClockMark) {
        let (schedule, mark) = Schedule::resolve(local, zone, fold).unwrap();
        (schedule.at.to_string(), mark)
    }

    #[test]
    fn an_ordinary_time_is_exact() {
        assert_eq!(
            resolve(date(2026, 11, 28).at(9, 0, 0, 0), "Europe/Oslo", Fold::First),
            ("2026-11-28T08:00:00Z".into(), ClockMark::Exact)
        );
        assert_eq!(
            resolve(date(2026, 7, 1).at(9, 0, 0, 0), "Asia/Kathmandu", Fold::First),
            ("2026-07-01T03:15:00Z".into(), ClockMark::Exact)
        );
    }

    #[test]
    fn a_time_in_the_gap_becomes_the_first_valid_time() {
        // Oslo 2027-03-28: 02:00 jumps to 03:00, which is 01:00 UTC
        let expected = ("2027-03-28T01:00:00Z".to_owned(), ClockMark::Gap);
        assert_eq!(resolve(date(2027, 3, 28).at(2, 30, 0, 0), "Europe/Oslo", Fold::First), expected);
        assert_eq!(resolve(date(2027, 3, 28).at(2, 0, 0, 0), "Europe/Oslo", Fold::First), expected);
        // Lord Howe moves by half an hour: 2026-10-04 02:00 jumps to 02:30
        assert_eq!(
            resolve(date(2026, 10, 4).at(2, 15, 0, 0), "Australia/Lord_Howe", Fold::First),
            ("2026-10-03T15:30:00Z".into(), ClockMark::Gap)
        );
    }

    #[test]
    fn a_folded_time_is_the_first_unless_chosen() {
        let local = date(2026, 10, 25).at(2, 30, 0, 0);
        assert_eq!(resolve(local, "Europe/Oslo", Fold::First), ("2026-10-25T00:30:00Z".into(), ClockMark::Fold));
        assert_eq!(resolve(local, "Europe/Oslo", Fold::Second), ("2026-10-25T01:30:00Z".into(), ClockMark::Fold));
        let second = Schedule::resolve(local, "Europe/Oslo", Fold::Second).unwrap().0;
        assert_eq!(Schedule::at_instant(second.at, "Europe/Oslo").unwrap(), second);
    }

    #[test]
    fn a_schedule_from_before_a_change_of_the_clocks_is_noticed() {
        let (kept, _) = Schedule::resolve(date(2027, 1, 7).at(9, 0, 0, 0), "Europe/Oslo", Fold::First).unwrap();
        assert_eq!(kept.moved(), Ok(None));
        let older = Schedule { at: "2027-01-07T07:00:00Z".parse().unwrap(), ..kept.clone() };
        assert_eq!(older.moved(), Ok(Some(kept)));
    }

    #[test]
    fn an_unknown_zone_is_refused_by_name() {
        let error = Schedule::resolve(date(2026, 1, 1).at(0, 0, 0, 0), "Europe/Olso", Fold::First).unwrap_err();
        assert_eq!(error.to_string(), "Europe/Olso is not a time zone");
    }
}
