//! Moments in words: relative and absolute, in the viewer's zone.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// The words of one language for moments. All functions are pure: the same moment always reads the same.
#[derive(Debug)]
pub struct TimeWords {
    /// Monday first.
    pub weekdays: [&'static str; 7],
    pub weekdays_short: [&'static str; 7],
    pub months: [&'static str; 12],
    pub months_short: [&'static str; 12],
    /// Weekday, day, month: "Sunday, 22 November".
    pub day_long: fn(weekday: &str, day: i8, month: &str) -> String,
    /// Weekday, day, month: "Sat 28 Nov".
    pub day_short: fn(weekday: &str, day: i8, month: &str) -> String,
    /// Day and month: "28 Nov".
    pub day_month: fn(day: i8, month: &str) -> String,
    /// Days of one month: "16–22 November".
    pub days_of: fn(first: i8, last: i8, month: &str) -> String,
    pub today: &'static str,
    pub tomorrow: &'static str,
    pub yesterday: &'static str,
    pub just_now: &'static str,
    pub ahead: fn(&str) -> String,
    pub ago: fn(&str) -> String,
    pub minutes: fn(i64) -> String,
    pub hours: fn(i64) -> String,
    pub days: fn(i64) -> String,
    pub weeks: fn(i64) -> String,
    pub months_count: fn(i64) -> String,
    pub years: fn(i64) -> String,
}

/// The weekday of a day as an index into [`TimeWords::weekdays`].
fn weekday_index(day: Date) -> usize {
    usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0)
}

fn month_index(day: Date) -> usize {
    usize::try_from(day.month() - 1).unwrap_or(0)
}

fn pick(words: &[&'static str], index: usize) -> &'static str {
    words.get(index).copied().unwrap_or_default()
}

impl TimeWords {
    pub fn weekday(&self, day: Date) -> &'static str {
        pick(&self.weekdays, weekday_index(day))
    }

    pub fn weekday_short(&self, day: Date) -> &'static str {
        pick(&self.weekdays_short, weekday_index(day))
    }

    /// "November"
    pub fn month(&self, day: Date) -> &'static str {
        pick(&self.months, month_index(day))
    }

    /// "November 2026"
    pub fn month_title(&self, day: Date) -> String {
        format!("{} {}", pick(&self.months, month_index(day)), day.year())
    }

    /// "16–22 November 2026", "30 Nov – 6 Dec 2026"
    pub fn days(&self, first: Date, last: Date) -> String {
        if (first.year(), first.month()) == (last.year(), last.month()) {
            let days = (self.days_of)(first.day(), last.day(), pick(&self.months, month_index(last)));
            return format!("{days} {}", last.year());
        }
        let day = |day: Date| (self.day_month)(day.day(), pick(&self.months_short, month_index(day)));
        let year = if first.year() == last.year() { String::new() } else { format!(" {}", first.year()) };
        format!("{}{year} – {} {}", day(first), day(last), last.year())
    }

    /// "Sunday, 22 November"; with the year if it is another than this one.
    pub fn long_day(&self, day: Date, today: Date) -> String {
        let text = (self.day_long)(self.weekday(day), day.day(), pick(&self.months, month_index(day)));
        if day.year() == today.year() { text } else { format!("{text} {}", day.year()) }
    }

    /// "Sat 28 Nov"; with the year if it is another than this one.
    pub fn short_day(&self, day: Date, today: Date) -> String {
        let text = (self.day_short)(self.weekday_short(day), day.day(), pick(&self.months_short, month_index(day)));
        if day.year() == today.year() { text } else { format!("{text} {}", day.year()) }
    }

    /// "Today", "Tomorrow", "Yesterday", or the short day.
    pub fn near_day(&self, day: Date, today: Date) -> String {
        match days_between(today, day) {
            0 => self.today.to_owned(),
            1 => self.tomorrow.to_owned(),
            -1 => self.yesterday.to_owned(),
            _ => self.short_day(day, today),
        }
    }

    /// Short: the time alone today, the weekday within a week, else the date.
    pub fn moment(&self, at: DateTime, today: Date) -> String {
        let day = at.date();
        match days_between(today, day) {
            0 => time(at),
            -6..=6 => format!("{} {}", self.weekday_short(day), time(at)),
            _ => format!("{}, {}", self.dated(day, today), time(at)),
        }
    }

    /// "Sat 28 Nov 2026, 09:00": for titles, where nothing may be left to guess.
    pub fn full(&self, at: DateTime) -> String {
        let day = at.date();
        let text = (self.day_short)(self.weekday_short(day), day.day(), pick(&self.months_short, month_index(day)));
        format!("{text} {}, {}", day.year(), time(at))
    }

    /// "28 Nov", with the year if it is another.
    fn dated(&self, day: Date, today: Date) -> String {
        let text = (self.day_month)(day.day(), pick(&self.months_short, month_index(day)));
        if day.year() == today.year() { text } else { format!("{text} {}", day.year()) }
    }

    /// "in 2 h 14 min", "3 min ago", "just now".
    pub fn relative(&self, at: Timestamp, now: Timestamp) -> String {
        let seconds = at.as_second() - now.as_second();
        if seconds.abs() < 45 {
            return self.just_now.to_owned();
        }
        let span = self.span(seconds.abs());
        if seconds > 0 { (self.ahead)(&span) } else { (self.ago)(&span) }
    }

    /// A duration in at most two units.
    pub fn span(&self, seconds: i64) -> String {
        let minutes = (seconds + 30) / 60;
        let (hours, days) = (minutes / 60, (minutes + 720) / 1440);
        if minutes < 60 {
            (self.minutes)(minutes.max(1))
        } else if hours < 6 && minutes % 60 != 0 {
            format!("{} {}", (self.hours)(hours), (self.minutes)(minutes % 60))
        } else if hours < 36 {
            (self.hours)((minutes + 30) / 60)
        } else if days < 14 {
            (self.days)(days)
        } else if days < 60 {
            (self.weeks)(days / 7)
        } else if days < 730 {
            (self.months_count)(days / 30)
        } else {
            (self.years)(days / 365)
        }
    }
}

/// "09:05"
pub fn time(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

pub fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

/// The part of a zone's name that people know: "Oslo" of `Europe/Oslo`.
pub fn city(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or(zone).replace('_', " ")
}

/// The zone by its name; UTC where this program does not know it.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// Two zones show the same clock at this moment.
pub fn same_clock(a: &TimeZone, b: &TimeZone, at: Timestamp) -> bool {
    a.to_offset(at) == b.to_offset(at)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::i18n::{DE, EN};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_span_has_at_most_two_units() {
        let words = &EN.time;
        let now = at("2026-11-22T09:46:00Z");
        let read = |text: &str| words.relative(at(text), now);
        assert_eq!(read("2026-11-22T12:00:00Z"), "in 2 h 14 min");
        assert_eq!(read("2026-11-22T09:46:20Z"), "just now");
        assert_eq!(read("2026-11-22T09:43:00Z"), "3 min ago");
        assert_eq!(read("2026-11-22T11:46:00Z"), "in 2 h");
        assert_eq!(read("2026-11-22T20:00:00Z"), "in 10 h");
        assert_eq!(read("2026-11-28T09:00:00Z"), "in 6 days");
        assert_eq!(read("2026-10-01T09:00:00Z"), "7 weeks ago");
        assert_eq!(read("2024-11-01T09:00:00Z"), "2 years ago");
    }

    #[test]
    fn a_moment_is_as_short_as_it_can_be() {
        let today = date(2026, 11, 22);
        let read = |day: Date| EN.time.moment(day.at(9, 5, 0, 0), today);
        assert_eq!(read(today), "09:05");
        assert_eq!(read(date(2026, 11, 28)), "Sat 09:05");
        assert_eq!(read(date(2026, 12, 24)), "24 Dec, 09:05");
        assert_eq!(read(date(2027, 1, 2)), "2 Jan 2027, 09:05");
        assert_eq!(DE.time.moment(date(2026, 12, 24).at(9, 5, 0, 0), today), "24. Dez., 09:05");
    }

    #[test]
    fn days_read_in_both_languages() {
        let today = date(2026, 11, 22);
        assert_eq!(EN.time.long_day(today, today), "Sunday, 22 November");
        assert_eq!(DE.time.long_day(today, today), "Sonntag, 22. November");
        assert_eq!(EN.time.near_day(date(2026, 11, 23), today), "Tomorrow");
        assert_eq!(EN.time.month_title(today), "November 2026");
        assert_eq!(EN.time.days(date(2026, 11, 16), today), "16–22 November 2026");
        assert_eq!(DE.time.days(date(2026, 11, 16), today), "16.–22. November 2026");
        assert_eq!(EN.time.days(date(2026, 11, 30), date(2026, 12, 6)), "30 Nov – 6 Dec 2026");
        assert_eq!(DE.time.days(date(2026, 12, 28), date(2027, 1, 3)), "28. Dez. 2026 – 3. Jan. 2027");
    }

    #[test]
    fn a_zone_is_called_by_its_city() {
        assert_eq!(city("America/Argentina/Buenos_Aires"), "Buenos Aires");
        assert_eq!(city("UTC"), "UTC");
    }
}
