//! How often a post comes again: what a person chooses, the rule that it stands for, and a rule in words.

use jiff::civil::{Date, Weekday};

use super::time::TimeWords;

/// What can be chosen; all but the last follow from the day of the first post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Every {
    #[default]
    Once,
    Day,
    Workday,
    Week,
    OtherWeek,
    /// The same number of day.
    Month,
    /// "The second Tuesday", or the last one.
    MonthWeekday,
    MonthEnd,
    Year,
    /// A rule as RFC 5545 writes it.
    Rule,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ends {
    #[default]
    Never,
    On,
    After,
}

/// What stands in the fields, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rhythm {
    pub every: Every,
    pub ends: Ends,
    /// `2026-12-24`
    pub last: String,
    pub count: String,
    pub rule: String,
}

impl Default for Rhythm {
    fn default() -> Self {
        let rule = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1".to_owned();
        Self { every: Every::Once, ends: Ends::Never, last: String::new(), count: "10".to_owned(), rule }
    }
}

impl Every {
    pub const ALL: [Self; 10] = [
        Self::Once,
        Self::Day,
        Self::Workday,
        Self::Week,
        Self::OtherWeek,
        Self::Month,
        Self::MonthWeekday,
        Self::MonthEnd,
        Self::Year,
        Self::Rule,
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Day => "day",
            Self::Workday => "workday",
            Self::Week => "week",
            Self::OtherWeek => "other-week",
            Self::Month => "month",
            Self::MonthWeekday => "month-weekday",
            Self::MonthEnd => "month-end",
            Self::Year => "year",
            Self::Rule => "rule",
        }
    }

    pub fn of(key: &str) -> Self {
        Self::ALL.into_iter().find(|every| every.key() == key).unwrap_or_default()
    }

    /// Whether it is offered for a first post on this day.
    pub fn fits(self, day: Date) -> bool {
        match self {
            Self::Workday => !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
            Self::MonthEnd => day == day.last_of_month(),
            _ => true,
        }
    }

    fn rule(self, day: Date) -> Option<String> {
        let weekday = code(day.weekday());
        Some(match self {
            Self::Once | Self::Rule => return None,
            Self::Day => "FREQ=DAILY".to_owned(),
            Self::Workday => "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR".to_owned(),
            Self::Week => format!("FREQ=WEEKLY;BYDAY={weekday}"),
            Self::OtherWeek => format!("FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}"),
            Self::Month => format!("FREQ=MONTHLY;BYMONTHDAY={}", day.day()),
            Self::MonthWeekday => format!("FREQ=MONTHLY;BYDAY={}{weekday}", nth(day)),
            Self::MonthEnd => "FREQ=MONTHLY;BYMONTHDAY=-1".to_owned(),
            Self::Year => "FREQ=YEARLY".to_owned(),
        })
    }
}

impl Rhythm {
    /// The rule for a first post on this day; `None` if it does not come again, or something is missing.
    pub fn rule(&self, day: Date) -> Option<String> {
        if self.every == Every::Rule {
            return Some(self.rule.trim().to_owned()).filter(|rule| !rule.is_empty());
        }
        let rule = self.every.rule(day)?;
        match self.ends {
            Ends::Never => Some(rule),
            Ends::On => {
                let last: Date = self.last.parse().ok()?;
                Some(format!("{rule};UNTIL={}T235959", last.strftime("%Y%m%d")))
            }
            Ends::After => {
                let count: u32 = self.count.trim().parse().ok()?;
                Some(format!("{rule};COUNT={count}"))
            }
        }
    }

    pub fn is_once(&self) -> bool {
        self.every == Every::Once
    }
}

/// 1 to 4, or -1 for a fifth: not every month has one.
fn nth(day: Date) -> i8 {
    match (day.day() - 1) / 7 + 1 {
        5 => -1,
        nth => nth,
    }
}

const fn code(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "MO",
        Weekday::Tuesday => "TU",
        Weekday::Wednesday => "WE",
        Weekday::Thursday => "TH",
        Weekday::Friday => "FR",
        Weekday::Saturday => "SA",
        Weekday::Sunday => "SU",
    }
}

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

fn index(weekday: Weekday) -> usize {
    usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0)
}

/// The words of one language for rhythms.
#[derive(Debug)]
pub struct RhythmWords {
    pub once: &'static str,
    pub daily: &'static str,
    pub workdays: &'static str,
    /// On these days of the week, every so many weeks.
    pub weekly: fn(interval: u32, days: &str) -> String,
    pub every_days: fn(interval: u32) -> String,
    pub monthly: fn(interval: u32, on: &str) -> String,
    /// "on the 24th"
    pub on_day: fn(i8) -> String,
    pub on_last_day: &'static str,
    /// "on the second Tuesday"; -1 is the last one.
    pub on_nth: fn(nth: i8, weekday: &str) -> String,
    /// On the day of the first post.
    pub yearly: fn(interval: u32, day: &str) -> String,
    /// A rule that is shown as it is written.
    pub by_rule: fn(&str) -> String,
    pub own_rule: &'static str,
    pub until: fn(day: &str) -> String,
    pub count: fn(u32) -> String,
    pub and: &'static str,
}

/// What a person chooses from, for a first post on this day.
pub fn name(every: Every, day: Date, words: &RhythmWords, time: &TimeWords) -> String {
    match every {
        Every::Once => words.once.to_owned(),
        Every::Rule => words.own_rule.to_owned(),
        every => every.rule(day).map(|rule| spoken(&rule, day, words, time)).unwrap_or_default(),
    }
}

/// A rule in words; one that words do not fit is shown as it is. `start` is the day of the first post.
pub fn spoken(rule: &str, start: Date, words: &RhythmWords, time: &TimeWords) -> String {
    let parts: Vec<(&str, &str)> = rule.split(';').filter_map(|part| part.split_once('=')).collect();
    let of = |name: &str| parts.iter().find(|(other, _)| *other == name).map(|(_, value)| *value);
    let interval = of("INTERVAL").and_then(|interval| interval.parse().ok()).unwrap_or(1);
    let day_of = |day: Date| (time.day_month)(day.day(), time.month(day));
    let only = |names: &[&str]| {
        let known =
            |name: &str| names.contains(&name) || ["FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"].contains(&name);
        parts.iter().all(|(name, _)| known(name))
    };
    let weekday_name = |weekday: Weekday| time.weekdays.get(index(weekday)).copied().unwrap_or_default();
    let weekday_of = |name: &str| WEEK.into_iter().find(|weekday| code(*weekday) == name);
    let said = match of("FREQ") {
        Some("DAILY") if only(&[]) => {
            Some(if interval == 1 { words.daily.to_owned() } else { (words.every_days)(interval) })
        }
        Some("WEEKLY") if only(&["BYDAY"]) => match of("BYDAY") {
            Some("MO,TU,WE,TH,FR") if interval == 1 => Some(words.workdays.to_owned()),
            Some(days) => {
                let days: Option<Vec<Weekday>> = days.split(',').map(weekday_of).collect();
                days.map(|days| {
                    let names: Vec<&str> = days.into_iter().map(weekday_name).collect();
                    (words.weekly)(interval, &listed(&names, words.and))
                })
            }
            None => Some((words.weekly)(interval, weekday_name(start.weekday()))),
        },
        Some("MONTHLY") if only(&["BYMONTHDAY"]) => match of("BYMONTHDAY").map(str::parse) {
            None => Some((words.monthly)(interval, &(words.on_day)(start.day()))),
            Some(Ok(-1)) => Some((words.monthly)(interval, words.on_last_day)),
            Some(Ok(day @ 1..=31)) => Some((words.monthly)(interval, &(words.on_day)(day))),
            Some(_) => None,
        },
        Some("MONTHLY") if only(&["BYDAY"]) => of("BYDAY").and_then(|day| {
            let (nth, weekday) = day.split_at_checked(day.len().checked_sub(2)?)?;
            let nth = nth.parse().ok().filter(|nth| matches!(nth, -1 | 1..=4))?;
            Some((words.monthly)(interval, &(words.on_nth)(nth, weekday_name(weekday_of(weekday)?))))
        }),
        Some("YEARLY") if only(&[]) => Some((words.yearly)(interval, &day_of(start))),
        _ => None,
    };
    let Some(said) = said else { return (words.by_rule)(rule) };
    let until = of("UNTIL").and_then(|until| {
        let part = |range: std::ops::Range<usize>| until.get(range);
        Date::new(part(0..4)?.parse().ok()?, part(4..6)?.parse().ok()?, part(6..8)?.parse().ok()?).ok()
    });
    match (until, of("COUNT").and_then(|count| count.parse().ok())) {
        (Some(day), _) => format!("{said}, {}", (words.until)(&format!("{} {}", day_of(day), day.year()))),
        (None, Some(count)) => format!("{said}, {}", (words.count)(count)),
        (None, None) => said,
    }
}

/// "Monday, Tuesday and Friday"
fn listed(names: &[&str], and: &str) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::i18n::{DE, EN};

    /// The fourth Tuesday of its month.
    const TUESDAY: Date = date(2026, 11, 24);

    #[test]
    fn what_is_offered_follows_from_the_first_day() {
        let names = |day: Date| {
            let offered = Every::ALL.into_iter().filter(|every| every.fits(day));
            offered.map(|every| name(every, day, &EN.rhythm, &EN.time)).collect::<Vec<_>>()
        };
        assert_eq!(
            names(TUESDAY),
            [
                "Does not repeat",
                "Every day",
                "Every weekday, Monday to Friday",
                "Every week on Tuesday",
                "Every 2 weeks on Tuesday",
                "Every month on day 24",
                "Every month on the fourth Tuesday",
                "Every year on 24 November",
                "A rule of your own",
            ]
        );
        let saturday = names(date(2026, 10, 31));
        assert!(saturday.contains(&"Every month on the last Saturday".to_owned()), "{saturday:?}");
        assert!(saturday.contains(&"Every month on its last day".to_owned()), "{saturday:?}");
        assert!(!saturday.contains(&"Every weekday, Monday to Friday".to_owned()), "{saturday:?}");
    }

    #[test]
    fn an_end_is_part_of_the_rule_and_of_its_words() {
        let mut weekly = Rhythm { every: Every::Week, ..Rhythm::default() };
        let both = |rhythm: &Rhythm| {
            let rule = rhythm.rule(TUESDAY)?;
            let said = spoken(&rule, TUESDAY, &EN.rhythm, &EN.time);
            Some((rule, said))
        };
        let some = |rule: &str, said: &str| Some((rule.to_owned(), said.to_owned()));
        assert_eq!(both(&weekly), some("FREQ=WEEKLY;BYDAY=TU", "Every week on Tuesday"));
        weekly.ends = Ends::After;
        assert_eq!(both(&weekly), some("FREQ=WEEKLY;BYDAY=TU;COUNT=10", "Every week on Tuesday, 10 times"));
        weekly.count = "many".to_owned();
        assert_eq!(both(&weekly), None);
        weekly.ends = Ends::On;
        assert_eq!(both(&weekly), None, "no day yet");
        weekly.last = "2027-01-26".to_owned();
        let until = "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270126T235959";
        assert_eq!(both(&weekly), some(until, "Every week on Tuesday, until 26 January 2027"));
    }

    #[test]
    fn a_rule_of_one_s_own_is_read_where_words_fit() {
        let say = |rule: &str| spoken(rule, TUESDAY, &EN.rhythm, &EN.time);
        assert_eq!(say("FREQ=WEEKLY;BYDAY=MO,WE,FR"), "Every week on Monday, Wednesday and Friday");
        assert_eq!(say("FREQ=DAILY;INTERVAL=3;COUNT=1"), "Every 3 days, once");
        assert_eq!(say("FREQ=MONTHLY;BYDAY=-1FR"), "Every month on the last Friday");
        for rule in ["FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "FREQ=MONTHLY;BYMONTHDAY=99", "FREQ=MONTHLY;BYDAY=É", "x"]
        {
            assert_eq!(say(rule), format!("By the rule {rule}"));
        }
        assert_eq!(spoken("FREQ=WEEKLY;BYDAY=TU", TUESDAY, &DE.rhythm, &DE.time), "Jede Woche am Dienstag");
    }
}
