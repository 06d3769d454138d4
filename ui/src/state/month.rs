//! The days that a calendar shows.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// The days of the weeks that touch the month of `day`, Monday first: four to six whole weeks.
pub fn month_grid(day: Date) -> Vec<Date> {
    let first = monday_of(day.first_of_month());
    let last = sunday_of(day.last_of_month());
    days(first, last)
}

/// The seven days of the week of `day`, Monday first.
pub fn week(day: Date) -> Vec<Date> {
    days(monday_of(day), sunday_of(day))
}

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
    fn a_month_is_shown_in_whole_weeks() {
        let grid = month_grid(date(2026, 11, 22));
        assert_eq!((grid[0], grid[grid.len() - 1]), (date(2026, 10, 26), date(2026, 12, 6)));
        assert_eq!(grid.len(), 42);
        assert_eq!(month_grid(date(2027, 2, 1)).len(), 28, "February 2027 is four weeks exactly");
    }

    #[test]
    fn a_week_begins_on_monday() {
        assert_eq!(week(date(2026, 11, 22))[0], date(2026, 11, 16));
        assert_eq!(week(date(2026, 11, 16))[6], date(2026, 11, 22));
    }

    #[test]
    fn months_of_different_lengths_are_stepped_through() {
        assert_eq!(moved_months(date(2026, 1, 31), 1), date(2026, 2, 28));
        assert_eq!(moved_months(Date::MAX, 1), Date::MAX);
    }
}
