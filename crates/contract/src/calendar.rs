//! What stands in a calendar, as one answer.

use std::collections::BTreeMap;

use domain::entry::Entry;
use domain::id::{AccountId, PersonaId, PostId};
use domain::network::Network;
use domain::post::PostStatus;
use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::posts::{Filter, PostLine};
use crate::queues::FreeSlot;

/// All scheduled and published posts between two local days, at most 366 days apart.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetCalendar {
    pub from: jiff::civil::Date,
    /// Inclusive.
    pub to: jiff::civil::Date,
    pub filter: Filter,
}

/// Travels as a table ([`Table`]): a month of a busy profile has thousands of posts of a handful of personas and accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    pub zone: String,
    pub days: Vec<CalendarDay>,
    /// What stands on any of the days beside the posts, by the first day of each.
    pub entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    pub day: jiff::civil::Date,
    pub lines: Vec<PostLine>,
    /// Times of queues that no post has taken, by time; only those ahead, and only while the filter asks for no text and no state.
    pub free: Vec<FreeSlot>,
    /// The clock changes on this day, by so many minutes.
    pub clock_change_min: i32,
}

/// The calendar in JSON. What many posts share stands once and is named by its place in a list.
#[derive(Serialize)]
struct Table<'a> {
    zone: &'a str,
    personas: Vec<PersonaId>,
    reaches: Vec<Reach<&'a [AccountId], &'a [Network]>>,
    zones: Vec<&'a str>,
    waits: Vec<&'a [String]>,
    /// Says what the values of a post are, for whoever reads this without the program.
    post: [&'static str; 13],
    days: Vec<Day<&'a str, &'a [FreeSlot]>>,
    entries: &'a [Entry],
}

/// The same, as it is read.
#[derive(Deserialize)]
struct Read {
    zone: String,
    personas: Vec<PersonaId>,
    reaches: Vec<Reach<Vec<AccountId>, Vec<Network>>>,
    zones: Vec<String>,
    waits: Vec<Vec<String>>,
    days: Vec<Day<String, Vec<FreeSlot>>>,
    entries: Vec<Entry>,
}

const POST: [&str; 13] = [
    "post",
    "title",
    "status",
    "persona",
    "reach",
    "due_at_us",
    "zone",
    "updated_at_us",
    "version",
    "repeats",
    "comments",
    "merged",
    "waits_for",
];

/// Where a post goes.
#[derive(Serialize, Deserialize)]
struct Reach<A, N> {
    accounts: A,
    networks: N,
}

#[derive(Serialize, Deserialize)]
struct Day<T, F> {
    day: jiff::civil::Date,
    posts: Vec<Row<T>>,
    free: F,
    clock_change_min: i32,
}

/// In the order of [`POST`]; instants in microseconds.
#[derive(Serialize, Deserialize)]
struct Row<T>(
    PostId,
    T,
    PostStatus,
    Option<usize>,
    usize,
    Option<i64>,
    Option<usize>,
    i64,
    u32,
    bool,
    u32,
    bool,
    Option<usize>,
);

/// Gives each different value its place.
struct Places<T>(BTreeMap<T, usize>, Vec<T>);

impl<T: Ord + Copy> Places<T> {
    const fn new() -> Self {
        Self(BTreeMap::new(), Vec::new())
    }

    fn of(&mut self, value: T) -> usize {
        let Self(places, values) = self;
        *places.entry(value).or_insert_with(|| {
            values.push(value);
            values.len() - 1
        })
    }
}

impl Serialize for Calendar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (mut personas, mut reaches) = (Places::new(), Places::new());
        let (mut zones, mut waits) = (Places::new(), Places::new());
        let mut days = Vec::with_capacity(self.days.len());
        for day in &self.days {
            let mut posts = Vec::with_capacity(day.lines.len());
            for line in &day.lines {
                posts.push(Row(
                    line.post,
                    line.title.as_str(),
                    line.status,
                    line.persona.map(|persona| personas.of(persona)),
                    reaches.of((line.accounts.as_slice(), line.networks.as_slice())),
                    line.due_at.map(Timestamp::as_microsecond),
                    line.zone.as_deref().map(|zone| zones.of(zone)),
                    line.updated_at.as_microsecond(),
                    line.version,
                    line.repeats,
                    line.comments,
                    line.merged,
                    Some(line.waits_for.as_slice()).filter(|steps| !steps.is_empty()).map(|steps| waits.of(steps)),
                ));
            }
            days.push(Day { day: day.day, posts, free: day.free.as_slice(), clock_change_min: day.clock_change_min });
        }
        let reaches = reaches.1.into_iter().map(|(accounts, networks)| Reach { accounts, networks }).collect();
        let (zone, entries) = (self.zone.as_str(), self.entries.as_slice());
        Table { zone, personas: personas.1, reaches, zones: zones.1, waits: waits.1, post: POST, days, entries }
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Calendar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = Read::deserialize(deserializer)?;
        let instant = |us: i64| Timestamp::from_microsecond(us).map_err(D::Error::custom);
        let line = |row: Row<String>| {
            let Row(post, title, status, persona, reach, due_at, zone, updated_at, version, repeats, ..) = row;
            let Row(.., comments, merged, waits) = row;
            let reach = named::<_, D::Error>(&table.reaches, reach)?;
            Ok(PostLine {
                post,
                title,
                status,
                persona: persona.map(|place| named(&table.personas, place).copied()).transpose()?,
                accounts: reach.accounts.clone(),
                networks: reach.networks.clone(),
                due_at: due_at.map(instant).transpose()?,
                zone: zone.map(|place| named(&table.zones, place).cloned()).transpose()?,
                updated_at: instant(updated_at)?,
                version,
                repeats,
                comments,
                merged,
                waits_for: waits.map(|place| named(&table.waits, place).cloned()).transpose()?.unwrap_or_default(),
            })
        };
        let day = |day: Day<String, Vec<FreeSlot>>| {
            let lines = day.posts.into_iter().map(line).collect::<Result<_, D::Error>>()?;
            Ok(CalendarDay { day: day.day, lines, free: day.free, clock_change_min: day.clock_change_min })
        };
        let days = table.days.into_iter().map(day).collect::<Result<_, D::Error>>()?;
        Ok(Self { zone: table.zone, days, entries: table.entries })
    }
}

fn named<T, E: serde::de::Error>(list: &[T], place: usize) -> Result<&T, E> {
    list.get(place).ok_or_else(|| E::custom("a place that its list does not have"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    fn line(number: u128) -> PostLine {
        let accounts = [number % 3, 7].map(|account| AccountId::new(Uuid::from_u128(account)));
        PostLine {
            post: PostId::new(Uuid::from_u128(number)),
            title: format!("Bread \"no. {number}\" 🍞"),
            status: PostStatus::Scheduled,
            persona: number.is_multiple_of(2).then(|| PersonaId::new(Uuid::from_u128(number % 4))),
            accounts: accounts.to_vec(),
            networks: vec![Network::Bluesky, Network::Mastodon],
            due_at: (number != 5).then(|| Timestamp::from_microsecond(1_764_500_000_000_001).unwrap()),
            zone: (number != 6).then(|| "Europe/Berlin".to_owned()),
            updated_at: Timestamp::from_microsecond(-7).unwrap(),
            version: 3,
            repeats: number % 2 == 1,
            comments: 2,
            merged: number % 4 == 3,
            waits_for: number.is_multiple_of(4).then(|| "Legal".to_owned()).into_iter().collect(),
        }
    }

    fn calendar() -> Calendar {
        let day = |day, lines, clock_change_min| CalendarDay { day, lines, free: Vec::new(), clock_change_min };
        let days = vec![
            day(date(2026, 3, 29), (0..9).map(line).collect(), 60),
            day(date(2026, 3, 30), Vec::new(), 0),
            day(date(2026, 3, 31), (9..12).map(line).collect(), 0),
        ];
        Calendar { zone: "Europe/Berlin".to_owned(), days, entries: Vec::new() }
    }

    #[test]
    fn what_is_read_is_what_was_sent() {
        let calendar = calendar();
        let json = serde_json::to_string(&calendar).unwrap();
        assert_eq!(serde_json::from_str::<Calendar>(&json).unwrap(), calendar);
    }

    #[test]
    fn it_says_what_its_columns_are() {
        let json = serde_json::to_value(calendar()).unwrap();
        let posts = json.pointer("/days/0/posts/0").unwrap().as_array().unwrap().len();
        assert_eq!(json.get("post").unwrap().as_array().unwrap().len(), posts);
    }

    #[test]
    fn a_place_that_is_not_there_is_an_error() {
        let mut json = serde_json::to_value(calendar()).unwrap();
        json["reaches"] = serde_json::json!([]);
        assert!(serde_json::from_value::<Calendar>(json).is_err());
    }
}
