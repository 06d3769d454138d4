//! Dates as people and programs write them into tables.

use contract::import::DateOrder;
use jiff::civil::{Date, DateTime, Time};

/// A date without a time: when most people are at work.
const MORNING: (i8, i8) = (9, 0);

/// The order in which the dates of a column are written, if they tell.
pub(super) fn order<'a>(values: impl Iterator<Item = &'a str>) -> Option<DateOrder> {
    let mut found = None;
    for value in values {
        let Some([first, second, _]) = numbers(value.split_once([' ', 'T', ',']).map_or(value, |(date, _)| date))
        else {
            continue;
        };
        let order = match (first, second) {
            (1_000.., _) => DateOrder::YearFirst,
            (13.., _) => DateOrder::DayFirst,
            (_, 13..) => DateOrder::MonthFirst,
            // dots are German, and Germans begin with the day
            _ if value.contains('.') => DateOrder::DayFirst,
            _ => continue,
        };
        found.get_or_insert(order);
    }
    found
}

pub(super) fn looks_like_one(value: &str) -> bool {
    let orders = [DateOrder::YearFirst, DateOrder::DayFirst, DateOrder::MonthFirst];
    orders.into_iter().any(|order| read(value, "", Some(order)).is_some())
}

/// The local time that stands there. Where nothing tells, the month comes first, as in the examples of those who make such
/// tables.
pub(super) fn read(date: &str, time: &str, order: Option<DateOrder>) -> Option<DateTime> {
    let (date, behind) = match date.trim().split_once([' ', 'T', ',']) {
        Some((date, behind)) => (date, behind.trim()),
        None => (date.trim(), ""),
    };
    let [a, b, c] = numbers(date)?;
    let (year, month, day) = match order {
        _ if a >= 1_000 => (a, b, c),
        Some(DateOrder::DayFirst) => (c, b, a),
        Some(DateOrder::YearFirst) => return None,
        Some(DateOrder::MonthFirst) | None => (c, a, b),
    };
    let year = if year < 100 { 2_000 + year } else { year };
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let time = match (behind, time.trim()) {
        ("", "") => Time::new(MORNING.0, MORNING.1, 0, 0).ok()?,
        ("", time) | (time, _) => clock(time)?,
    };
    Some(DateTime::from_parts(date, time))
}

/// Three whole numbers with one sign between them.
fn numbers(date: &str) -> Option<[u32; 3]> {
    let mut parts = date.split(['-', '/', '.']);
    let mut next = || -> Option<u32> {
        let part = parts.next()?;
        (!part.is_empty() && part.len() <= 4).then(|| part.parse().ok()).flatten()
    };
    let all = [next()?, next()?, next()?];
    parts.next().is_none().then_some(all)
}

/// `9:30`, `09:30:00`, `9:30 PM`, `9 pm`.
fn clock(time: &str) -> Option<Time> {
    let lower = time.trim().to_lowercase();
    let (digits, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(digits), _) => (digits.trim(), Some(0)),
        (_, Some(digits)) => (digits.trim(), Some(12)),
        _ => (lower.as_str(), None),
    };
    let mut parts = digits.split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = match (parts.next(), half) {
        (Some(minute), _) => minute.parse().ok()?,
        (None, Some(_)) => 0,
        (None, None) => return None,
    };
    let second: i8 = parts.next().map_or(Some(0), |second| second.parse().ok())?;
    if parts.next().is_some() {
        return None;
    }
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(half) => hour % 12 + half,
        None => hour,
    };
    Time::new(hour, minute, second, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        let day = Some(DateOrder::DayFirst);
        let month = Some(DateOrder::MonthFirst);
        for (date, time, order, expected) in [
            ("2026-11-28 09:30", "", None, "2026-11-28T09:30:00"),
            ("2026-11-28T09:30:15", "", day, "2026-11-28T09:30:15"),
            ("2026/11/28", "9:30 PM", None, "2026-11-28T21:30:00"),
            ("28/11/2026 9:30", "", day, "2026-11-28T09:30:00"),
            ("03/04/2026 12:00 AM", "", day, "2026-04-03T00:00:00"),
            ("03/04/2026 12:00 am", "", month, "2026-03-04T00:00:00"),
            ("28.11.26", "", day, "2026-11-28T09:00:00"),
            ("28.11.2026, 17:45", "", day, "2026-11-28T17:45:00"),
            ("11/28/2026 9pm", "", None, "2026-11-28T21:00:00"),
        ] {
            assert_eq!(read(date, time, order).map(|at| at.to_string()).as_deref(), Some(expected), "{date} {time}");
        }
        for none in [
            "",
            "soon",
            "2026-13-01",
            "2026-02-30",
            "1/2",
            "1/2/3/4",
            "28/11/2026",
            "2026-11-28 25:00",
            "2026-11-28 13 pm",
            "99999-1-1",
        ] {
            assert_eq!(read(none, "", month), None, "{none}");
        }
    }

    #[test]
    fn a_column_tells_its_order() {
        let of = |values: &[&str]| order(values.iter().copied());
        assert_eq!(of(&["03/04/2026", "28/04/2026"]), Some(DateOrder::DayFirst));
        assert_eq!(of(&["03/04/2026", "04/28/2026"]), Some(DateOrder::MonthFirst));
        assert_eq!(of(&["03.04.2026"]), Some(DateOrder::DayFirst));
        assert_eq!(of(&["2026-04-03 10:00"]), Some(DateOrder::YearFirst));
        assert_eq!(of(&["03/04/2026", "", "x"]), None);
    }
}
