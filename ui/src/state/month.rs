//! The days that a calendar shows.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// All days from `first` to `last`, both included.
pub fn days(first: Date, last: Date) -> Vec<Date> {
    first.series(1.day()).take_while(|day| *day <= last).collect()
}

pub fn monday_of(day: Date) -> Date {
    moved(day, -i32::from(day.weekday().since(Weekday::Monday)))
}

pub fn sunday_of(day: Date) -> Date {
    moved(monday_of(day), 6)
}

/// `day` moved by whole days; at the edge of time it stays.
pub fn moved(day: Date, by: i32) -> Date {
    day.checked_add(by.days()).unwrap_or(day)
}

/// `day` moved by whole months; the 31st becomes the last day of a shorter month.
pub fn moved_months(day: Date, by: i32) -> Date {
    day.checked_add(by.months()).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_goes_from_monday_to_sunday() {
        let sunday = date(2026, 11, 22);
        assert_eq!(days(monday_of(sunday), sunday_of(sunday)).len(), 7);
        assert_eq!(monday_of(sunday), date(2026, 11, 16));
        assert_eq!(monday_of(date(2026, 11, 16)), date(2026, 11, 16));
        assert_eq!(sunday_of(date(2026, 11, 16)), sunday);
    }

    #[test]
    fn months_of_different_lengths_are_stepped_through() {
        assert_eq!(moved_months(date(2026, 1, 31), 1), date(2026, 2, 28));
        assert_eq!(moved_months(Date::MAX, 1), Date::MAX);
    }
}
