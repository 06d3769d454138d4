//! Finding a time zone: all IANA names of the bundled database, searched as people remember them.

use jiff::Timestamp;
use jiff::tz::{self, TimeZone};

/// A zone in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneLine {
    /// IANA name, such as `America/Argentina/Buenos_Aires`.
    pub name: String,
    /// `Buenos Aires`.
    pub city: String,
    /// `UTC+5:45`, at the moment that was asked about.
    pub offset: String,
}

/// All names, sorted; the short and historical ones that name no place are left out.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = tz::db()
        .available()
        .map(|name| name.to_string())
        .filter(|name| name == "UTC" || (name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("SystemV/")))
        .filter(|name| !name.starts_with("posix/") && !name.starts_with("right/") && !name.starts_with("US/"))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The last part of an IANA name as people write it.
pub fn city(name: &str) -> String {
    name.rsplit('/').next().unwrap_or(name).replace('_', " ")
}

/// `UTC+1`, `UTC+5:45`, `UTC`; empty for a zone that is not known.
pub fn offset(name: &str, at: Timestamp) -> String {
    let Ok(zone) = TimeZone::get(name) else { return String::new() };
    let seconds = zone.to_offset(at).seconds();
    let (hours, minutes) = (seconds.abs() / 3_600, seconds.abs() % 3_600 / 60);
    let sign = if seconds < 0 { '−' } else { '+' };
    match (hours, minutes) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// At most `limit` zones for what was typed, the best first; `near` (the viewer's zone, the post's zone) come before
/// all others while nothing is typed.
pub fn find(names: &[String], typed: &str, near: &[&str], at: Timestamp, limit: usize) -> Vec<ZoneLine> {
    let wanted = plain(typed);
    let mut found: Vec<(u8, &str)> = names
        .iter()
        .filter_map(|name| Some((rank(name, &wanted, near)?, name.as_str())))
        .collect();
    found.sort_by_key(|(rank, name)| (*rank, *name));
    let line = |name: &str| ZoneLine { name: name.to_owned(), city: city(name), offset: offset(name, at) };
    found.into_iter().take(limit).map(|(_, name)| line(name)).collect()
}

fn rank(name: &str, wanted: &str, near: &[&str]) -> Option<u8> {
    if wanted.is_empty() {
        return Some(if near.contains(&name) { 0 } else { 1 });
    }
    let whole = plain(name);
    let city = plain(name.rsplit('/').next().unwrap_or(name));
    if city == wanted || whole == wanted {
        Some(0)
    } else if city.starts_with(wanted) {
        Some(1)
    } else if city.split(' ').any(|word| word.starts_with(wanted)) {
        Some(2)
    } else if whole.starts_with(wanted) {
        Some(3)
    } else if wanted.split(' ').all(|word| whole.contains(word)) {
        Some(4)
    } else {
        None
    }
}

/// Lower case, with spaces for the signs between words.
fn plain(text: &str) -> String {
    text.trim().to_lowercase().replace(['_', '/', '-', ','], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    fn found(typed: &str) -> Vec<String> {
        find(&names(), typed, &["Europe/Oslo"], at(), 5).into_iter().map(|line| line.name).collect()
    }

    #[test]
    fn the_list_holds_places_and_utc() {
        let names = names();
        assert!(names.len() > 400, "{}", names.len());
        assert!(names.iter().any(|name| name == "UTC"));
        assert!(!names.iter().any(|name| name == "EST5EDT" || name == "Etc/GMT+3"));
    }

    #[test]
    fn a_city_is_found_as_people_type_it() {
        assert_eq!(found("oslo").first().unwrap(), "Europe/Oslo");
        assert_eq!(found("new york").first().unwrap(), "America/New_York");
        assert_eq!(found("buenos").first().unwrap(), "America/Argentina/Buenos_Aires");
        assert_eq!(found("ho ch").first().unwrap(), "Asia/Ho_Chi_Minh");
        assert_eq!(found("europe berl").first().unwrap(), "Europe/Berlin");
        assert_eq!(found("utc").first().unwrap(), "UTC");
        assert!(found("atlantis").is_empty());
    }

    #[test]
    fn the_own_zone_stands_first_before_anything_is_typed() {
        assert_eq!(found("").first().unwrap(), "Europe/Oslo");
    }

    #[test]
    fn offsets_are_those_of_the_asked_moment() {
        assert_eq!(offset("Europe/Oslo", at()), "UTC+1");
        assert_eq!(offset("Europe/Oslo", "2026-07-01T00:00:00Z".parse().unwrap()), "UTC+2");
        assert_eq!(offset("Asia/Kathmandu", at()), "UTC+5:45");
        assert_eq!(offset("America/St_Johns", at()), "UTC−3:30");
        assert_eq!(offset("Africa/Abidjan", at()), "UTC");
    }
}
