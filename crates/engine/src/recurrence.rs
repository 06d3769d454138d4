//! Reads recurrence rules and says where they lead.
//!
//! A rule is walked in wall-clock time, without any zone: nine o'clock stays nine o'clock, whatever the clocks do. Each place is
//! resolved by itself afterwards ([`Schedule::resolve`]).

use contract::{ApiError, Code};
use domain::schedule::{Fold, Schedule};
use domain::series::{Ahead, Series};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rrule::RRuleSet;

/// Posts are made for this many days.
const DAYS_AHEAD: i32 = 90;
/// However far they lie apart, so many are made.
const POSTS_AHEAD: usize = 4;
/// `COUNT` at most: three years of a post a day.
const COUNT_MAX: u32 = 1_000;
const INTERVAL_MAX: u32 = 999;

/// Where a rule leads from its first place on.
#[derive(Debug)]
pub(crate) struct Recurrence {
    set: RRuleSet,
    /// In the one spelling that is kept.
    pub rule: String,
}

impl Recurrence {
    /// Reads a rule; `zone` is where an end that is given in UTC is looked at.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub(crate) fn read(rule: &str, start: DateTime, zone: &TimeZone) -> Result<Self, ApiError> {
        let rule = canonical(rule, zone)?;
        // the library knows no time without a zone: UTC, which never changes its clocks, stands for it
        let until = |part: &str| if part.starts_with("UNTIL=") { format!("{part}Z") } else { part.to_owned() };
        let floating: Vec<String> = rule.split(';').map(until).collect();
        let text = format!("DTSTART:{}Z\nRRULE:{}", compact(start), floating.join(";"));
        let set: RRuleSet = text.parse().map_err(|error: rrule::RRuleError| {
            bad("This rule is not understood. Check it, or choose a rhythm from the list.")
                .with_detail(error.to_string())
        })?;
        Ok(Self { set: set.limit(), rule })
    }

    /// All places, in their order; it may go on for ever.
    pub(crate) fn places(&self) -> impl Iterator<Item = DateTime> {
        let seconds = self.set.into_iter().map(|place| place.timestamp());
        seconds.map_while(|at| Timestamp::from_second(at).ok().map(|at| TimeZone::UTC.to_datetime(at)))
    }

    /// The places behind `after` that posts are made for at `now`: those of the next days, and a few whenever they come.
    /// `waiting`: so many are there already.
    pub(crate) fn ahead(&self, after: DateTime, now: DateTime, waiting: usize) -> Ahead {
        let horizon = now.checked_add(DAYS_AHEAD.days()).unwrap_or(DateTime::MAX);
        let mut places = Vec::new();
        for place in self.places().skip_while(|place| *place <= after) {
            let needed = place <= horizon || waiting + places.len() < POSTS_AHEAD;
            if !needed || places.len() == Ahead::PLACES_MAX {
                return Ahead { places, complete: false };
            }
            places.push(place);
        }
        Ahead { places, complete: true }
    }
}

/// What is left to make for a series at `now`; `None` if nothing is.
pub(crate) fn ahead_of(series: &Series, now: Timestamp) -> Result<Option<Ahead>, ApiError> {
    let zone = zone(&series.zone)?;
    let local = zone.to_datetime(now);
    let waiting = series.made.iter().filter(|made| made.place > local).count();
    let ahead = Recurrence::read(&series.rule, series.start, &zone)?.ahead(series.until, local, waiting);
    Ok((ahead.complete || !ahead.places.is_empty()).then_some(ahead))
}

pub(crate) fn zone(name: &str) -> Result<TimeZone, ApiError> {
    TimeZone::get(name).map_err(|_| bad(&format!("{name} is not a time zone.")))
}

/// The instant of a place, and what the clocks do to it.
pub(crate) fn planned(place: DateTime, zone: &str, fold: Fold) -> Result<contract::series::PlannedPlace, ApiError> {
    let (schedule, mark) =
        Schedule::resolve(place, zone, fold).map_err(|error| ApiError::from(domain::Reject::Schedule { error }))?;
    Ok(contract::series::PlannedPlace { local: place, at: schedule.at, mark })
}

/// The parts that a plan of posts is made of. Others are refused: hours and minutes are the post's, and week numbers are read in
/// different ways by different programs.
const PARTS: [&str; 9] =
    ["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYYEARDAY", "BYSETPOS"];

fn canonical(rule: &str, zone: &TimeZone) -> Result<String, ApiError> {
    let rule = rule.trim().to_ascii_uppercase();
    let rule = rule.strip_prefix("RRULE:").unwrap_or(&rule);
    if rule.len() > Series::RULE_MAX {
        return Err(bad("This rule is too long."));
    }
    let mut parts: Vec<(&str, String)> = Vec::new();
    for part in rule.split(';').filter(|part| !part.is_empty()) {
        let Some((name, value)) = part.split_once('=') else {
            return Err(bad(&format!("“{part}” is not a part of a rule: a part is written NAME=VALUE.")));
        };
        if !PARTS.contains(&name) && name != "WKST" {
            return Err(bad(&format!("“{name}” cannot be used here. A rule has these parts: {}.", PARTS.join(", "))));
        }
        if parts.iter().any(|(other, _)| *other == name) {
            return Err(bad(&format!("“{name}” stands there twice.")));
        }
        let value = if name == "UNTIL" { until(value, zone)? } else { value.to_owned() };
        parts.push((name, value));
    }
    let of = |name: &str| parts.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str());
    let within = |name: &str, max: u32| {
        let fits = |value: &str| value.parse().is_ok_and(|number: u32| (1..=max).contains(&number));
        match of(name) {
            Some(value) if !fits(value) => Err(bad(&format!("{name} is a number from 1 to {max}."))),
            _ => Ok(()),
        }
    };
    within("COUNT", COUNT_MAX)?;
    within("INTERVAL", INTERVAL_MAX)?;
    if of("COUNT").is_some() && of("UNTIL").is_some() {
        return Err(bad("A rule ends on a day or after a number of posts, not both."));
    }
    match of("FREQ") {
        Some("WEEKLY") if of("BYSETPOS").is_some() => Err(bad("BYSETPOS chooses among the days of a month or a year.")),
        Some("YEARLY") if of("BYMONTHDAY").is_some() && of("BYMONTH").is_none() => {
            Err(bad("BYMONTHDAY in a yearly rule needs BYMONTH."))
        }
        Some("DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY") => {
            Ok(parts.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(";"))
        }
        _ => Err(bad("A rule says how often: FREQ is DAILY, WEEKLY, MONTHLY or YEARLY.")),
    }
}

/// The last local moment of a rule. A day ends with it; what is given in UTC is looked at in the zone of the series.
fn until(value: &str, zone: &TimeZone) -> Result<String, ApiError> {
    let not_a_time = |_| bad("UNTIL is a day such as 20271231, or a time such as 20271231T090000.");
    let local = match (value.strip_suffix('Z'), value.contains('T')) {
        (Some(utc), _) => {
            let at = DateTime::strptime("%Y%m%dT%H%M%S", utc).and_then(|utc| TimeZone::UTC.to_timestamp(utc));
            zone.to_datetime(at.map_err(not_a_time)?)
        }
        (None, true) => DateTime::strptime("%Y%m%dT%H%M%S", value).map_err(not_a_time)?,
        (None, false) => jiff::civil::Date::strptime("%Y%m%d", value).map_err(not_a_time)?.at(23, 59, 59, 0),
    };
    Ok(compact(local))
}

fn compact(local: DateTime) -> String {
    local.strftime("%Y%m%dT%H%M%S").to_string()
}

fn bad(sentence: &str) -> ApiError {
    ApiError::new(Code::BadRequest, sentence)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn places(rule: &str, start: DateTime) -> Vec<DateTime> {
        Recurrence::read(rule, start, &TimeZone::UTC).unwrap().places().take(400).collect()
    }

    /// Every case of libical's suite (`icalrecur_test.txt`, MPL-2.0) whose rule is one that can be used here.
    #[test]
    fn the_cases_of_another_library_come_out_as_it_says() {
        let Some(folder) = crate::images::tests::data("rrule") else { return };
        let text = std::fs::read_to_string(folder.join("libical/src/test/icalrecur_test.txt")).unwrap();
        let time = |text: &str| match text.trim_end_matches('Z') {
            day if day.len() == 8 => jiff::civil::Date::strptime("%Y%m%d", day).unwrap().at(0, 0, 0, 0),
            time => DateTime::strptime("%Y%m%dT%H%M%S", time).unwrap(),
        };
        let (mut seen, mut left) = (0, 0);
        for case in text.split("\n\n") {
            let of = |name: &str| case.lines().find_map(|line| line.strip_prefix(name));
            let (Some(rule), Some(start)) = (of("RRULE:"), of("DTSTART:")) else { continue };
            // the local day ends later than the midnight that libical stops at
            let rule = rule.replace("T000000Z", "T000000").replace('Z', "");
            let Ok(recurrence) = Recurrence::read(&rule, time(start), &TimeZone::UTC) else {
                left += 1;
                continue;
            };
            let wanted: Vec<DateTime> = of("INSTANCES:").unwrap().split(',').map(time).collect();
            let places: Vec<DateTime> = recurrence.places().take(wanted.len() + 1).collect();
            let ends = rule.contains("COUNT") || rule.contains("UNTIL");
            assert!(places.starts_with(&wanted), "{rule} from {start}: {places:?} instead of {wanted:?}");
            assert!(!ends || places.len() == wanted.len(), "{rule} from {start} goes on: {:?}", places.last());
            seen += 1;
        }
        println!("{seen} cases, {left} of rules that cannot be used here");
        assert!(seen > 60, "{seen} cases, {left} left out");
    }

    #[test]
    fn what_cannot_be_used_is_refused_in_a_sentence() {
        let read = |rule: &str| {
            let start = date(2026, 11, 24).at(9, 0, 0, 0);
            Recurrence::read(rule, start, &TimeZone::UTC).map(|read| read.rule).map_err(|error| error.message)
        };
        assert_eq!(read(" rrule:freq=weekly;byday=tu "), Ok("FREQ=WEEKLY;BYDAY=TU".to_owned()));
        assert_eq!(read("FREQ=DAILY;UNTIL=20271231").unwrap(), "FREQ=DAILY;UNTIL=20271231T235959");
        for (rule, why) in [
            ("", "how often"),
            ("FREQ=HOURLY", "how often"),
            ("FREQ=DAILY;COUNT=0", "from 1 to 1000"),
            ("FREQ=DAILY;COUNT=99999999999999999999", "from 1 to 1000"),
            ("FREQ=DAILY;COUNT=2;UNTIL=20271231", "not both"),
            ("FREQ=DAILY;COUNT=2;COUNT=3", "twice"),
            ("FREQ=DAILY;BYHOUR=9", "BYHOUR"),
            ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO"),
            ("FREQ=DAILY;INTERVAL=-1", "INTERVAL"),
            ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL is a day"),
            ("FREQ=WEEKLY;BYDAY=XX", "not understood"),
            ("FREQ=WEEKLY;BYSETPOS=2;BYDAY=MO,TU", "BYSETPOS"),
            ("tuesdays", "NAME=VALUE"),
        ] {
            let sentence = read(rule).expect_err(rule);
            assert!(sentence.contains(why), "{rule}: {sentence}");
        }
    }

    #[test]
    fn an_end_in_utc_is_looked_at_where_the_series_is() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let start = date(2026, 11, 24).at(21, 0, 0, 0);
        let read = Recurrence::read("FREQ=DAILY;UNTIL=20261126T030000Z", start, &zone).unwrap();
        assert_eq!(read.places().count(), 2, "three at night in UTC is ten in the evening before");
    }

    #[test]
    fn posts_are_made_for_the_next_days_and_a_few_whenever_they_come() {
        let start = date(2026, 11, 24).at(9, 0, 0, 0);
        let ahead = |rule: &str, after: DateTime, waiting: usize| {
            Recurrence::read(rule, start, &TimeZone::UTC).unwrap().ahead(after, start, waiting)
        };
        assert_eq!(ahead("FREQ=DAILY", start, 0).places.len(), 90);
        assert_eq!(ahead("FREQ=WEEKLY", start, 0).places.len(), 12);
        let yearly = ahead("FREQ=YEARLY", start, 0);
        assert_eq!((yearly.places.len(), yearly.complete), (4, false));
        assert_eq!(ahead("FREQ=YEARLY", start, 4).places.len(), 0);
        let ended = ahead("FREQ=WEEKLY;COUNT=3", start, 0);
        assert_eq!((ended.places.len(), ended.complete), (2, true));
    }

    #[test]
    fn a_rule_that_leads_nowhere_ends() {
        let start = date(2026, 11, 24).at(9, 0, 0, 0);
        let begun = std::time::Instant::now();
        for rule in [
            "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        ] {
            assert_eq!(places(rule, start), [], "{rule}");
        }
        println!("{:?}", begun.elapsed());
    }
}
