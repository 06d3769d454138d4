//! Queues: times of the week that wait for posts of one kind.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, PersonaId, QueueId};
use crate::schedule::{Fold, Schedule};

/// A day of the week, spelled as RFC 5545 does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Day {
    Mo,
    Tu,
    We,
    Th,
    Fr,
    Sa,
    Su,
}

impl Day {
    pub const ALL: [Self; 7] = [Self::Mo, Self::Tu, Self::We, Self::Th, Self::Fr, Self::Sa, Self::Su];

    pub fn of(date: Date) -> Self {
        match date.weekday() {
            Weekday::Monday => Self::Mo,
            Weekday::Tuesday => Self::Tu,
            Weekday::Wednesday => Self::We,
            Weekday::Thursday => Self::Th,
            Weekday::Friday => Self::Fr,
            Weekday::Saturday => Self::Sa,
            Weekday::Sunday => Self::Su,
        }
    }
}

/// A time of day on some days of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// By the clock on the wall in the queue's zone.
    pub time: Time,
    /// Not empty.
    pub days: BTreeSet<Day>,
}

/// Everything a person may say of a queue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueText {
    /// What its posts have in common: "Recipes". Not blank, at most [`crate::people::Persona::NAME_MAX`] characters.
    pub name: String,
    /// Only for posts of this persona; `None`: for those of all.
    pub persona: Option<PersonaId>,
    /// Only for posts to one of these accounts; empty: to any.
    pub accounts: Vec<AccountId>,
    /// IANA name.
    pub zone: String,
    /// One to [`Queue::SLOTS_MAX`].
    pub slots: Vec<Slot>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    pub id: QueueId,
    pub text: QueueText,
    pub deleted: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Queue {
    /// Every half hour of a day.
    pub const SLOTS_MAX: usize = 48;

    /// Whether a post of this persona to these accounts belongs here.
    pub fn takes(&self, persona: Option<PersonaId>, accounts: &[AccountId]) -> bool {
        let text = &self.text;
        (text.persona.is_none() || text.persona == persona)
            && (text.accounts.is_empty() || text.accounts.iter().any(|account| accounts.contains(account)))
    }

    /// Its times from `from` (included) to `to` (excluded), in order, each once. A time that a clock jumps over is the first
    /// one after the jump. Empty if the zone is not known.
    pub fn times(&self, from: Timestamp, to: Timestamp) -> Vec<Schedule> {
        let Ok(zone) = TimeZone::get(&self.text.zone) else { return Vec::new() };
        let day = Span::new().days(1);
        // a zone may be a day off from where the range is counted
        let (Ok(mut date), Ok(last)) =
            (zone.to_datetime(from).date().checked_sub(day), zone.to_datetime(to).date().checked_add(day))
        else {
            return Vec::new();
        };
        let mut times = Vec::new();
        while date <= last {
            for slot in self.text.slots.iter().filter(|slot| slot.days.contains(&Day::of(date))) {
                let resolved = Schedule::resolve(date.to_datetime(slot.time), &self.text.zone, Fold::First);
                times.extend(resolved.ok().map(|(schedule, _)| schedule).filter(|time| (from..to).contains(&time.at)));
            }
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        times.sort_by_key(|time| time.at);
        times.dedup_by_key(|time| time.at);
        times
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn queue(zone: &str, slots: &[(i8, i8, &[Day])]) -> Queue {
        let slot = |(hour, minute, days): &(i8, i8, &[Day])| Slot {
            time: time(*hour, *minute, 0, 0),
            days: days.iter().copied().collect(),
        };
        let text = QueueText {
            name: "Recipes".into(),
            zone: zone.into(),
            slots: slots.iter().map(slot).collect(),
            ..QueueText::default()
        };
        let (created_at, updated_at) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        Queue { id: QueueId::new(uuid::Uuid::nil()), text, deleted: false, created_at, updated_at }
    }

    #[test]
    fn the_times_of_a_week_keep_their_hour_when_the_clock_changes() {
        let queue = queue("Europe/Berlin", &[(9, 0, &[Day::Mo, Day::Fr]), (2, 30, &[Day::Su])]);
        let (from, to) = ("2027-03-25T12:00:00Z".parse().unwrap(), "2027-03-29T07:00:01Z".parse().unwrap());
        let times: Vec<String> = queue.times(from, to).iter().map(|time| time.at.to_string()).collect();
        // Friday in winter time, half past two on the Sunday that has none, Monday in summer time
        assert_eq!(times, ["2027-03-26T08:00:00Z", "2027-03-28T01:00:00Z", "2027-03-29T07:00:00Z"]);
        assert!(queue.times(to, from).is_empty());
    }

    #[test]
    fn a_time_that_is_named_twice_is_one() {
        let queue = queue("Asia/Kathmandu", &[(9, 0, &Day::ALL), (9, 0, &[Day::Tu])]);
        let from = jiff::civil::date(2026, 11, 23).at(0, 0, 0, 0).in_tz("Asia/Kathmandu").unwrap().timestamp();
        assert_eq!(queue.times(from, from + jiff::SignedDuration::from_hours(7 * 24)).len(), 7);
        assert_eq!(Day::of(date(2026, 11, 24)), Day::Tu);
    }

    #[test]
    fn a_queue_takes_what_it_is_for() {
        let [one, two] = [1, 2].map(|id| AccountId::new(uuid::Uuid::from_u128(id)));
        let ada = PersonaId::new(uuid::Uuid::from_u128(3));
        let mut queue = queue("Europe/Oslo", &[(9, 0, &Day::ALL)]);
        assert!(queue.takes(None, &[]) && queue.takes(Some(ada), &[two]));
        queue.text.accounts = vec![one];
        assert!(queue.takes(None, &[two, one]) && !queue.takes(None, &[two]) && !queue.takes(None, &[]));
        queue.text.persona = Some(ada);
        assert!(queue.takes(Some(ada), &[one]) && !queue.takes(None, &[one]));
    }
}
