//! What stands in the form of a queue, and how its times are said.

use std::collections::BTreeSet;

use domain::id::{AccountId, PersonaId, QueueId};
use domain::people::Persona;
use domain::queue::{Day, Queue, QueueText, Slot};
use jiff::civil::{Date, Time};

use super::time::TimeWords;

/// A queue as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// `None`: a new one.
    pub queue: Option<QueueId>,
    pub name: String,
    pub persona: Option<PersonaId>,
    pub accounts: Vec<AccountId>,
    pub zone: String,
    pub rows: Vec<Row>,
}

/// A time as its field holds it, and its days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub time: String,
    pub days: BTreeSet<Day>,
}

/// Why it cannot be stored, with the number of the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    NoName,
    LongName,
    NoTime(usize),
    NoDay(usize),
}

const WORKDAYS: [Day; 5] = [Day::Mo, Day::Tu, Day::We, Day::Th, Day::Fr];

impl Row {
    pub fn usual() -> Self {
        Self { time: "09:00".to_owned(), days: WORKDAYS.into() }
    }

    pub fn toggle(&mut self, day: Day) {
        if !self.days.remove(&day) {
            self.days.insert(day);
        }
    }
}

impl Form {
    pub fn blank(zone: &str) -> Self {
        let (name, accounts, rows) = (String::new(), Vec::new(), vec![Row::usual()]);
        Self { queue: None, name, persona: None, accounts, zone: zone.to_owned(), rows }
    }

    pub fn of(queue: &Queue) -> Self {
        let QueueText { name, persona, accounts, zone, slots } = queue.text.clone();
        let row = |slot: Slot| Row { time: shown(slot.time), days: slot.days };
        let rows = slots.into_iter().map(row).collect();
        Self { queue: Some(queue.id), name, persona, accounts, zone, rows }
    }

    /// What is to be stored, or the first thing that stands in the way.
    pub fn text(&self) -> Result<QueueText, Fault> {
        let name = self.name.trim().to_owned();
        if name.is_empty() {
            return Err(Fault::NoName);
        }
        if name.chars().nth(Persona::NAME_MAX).is_some() {
            return Err(Fault::LongName);
        }
        let slot = |(at, row): (usize, &Row)| {
            let time: Time = row.time.parse().map_err(|_| Fault::NoTime(at))?;
            if row.days.is_empty() {
                return Err(Fault::NoDay(at));
            }
            Ok(Slot { time, days: row.days.clone() })
        };
        let slots = self.rows.iter().enumerate().map(slot).collect::<Result<Vec<_>, _>>()?;
        Ok(QueueText { name, persona: self.persona, accounts: self.accounts.clone(), zone: self.zone.clone(), slots })
    }

    /// One more time: two hours behind the last one, on its days.
    pub fn add_row(&mut self) {
        let mut row = self.rows.last().cloned().unwrap_or_else(Row::usual);
        if let Ok(time) = row.time.parse::<Time>() {
            row.time = shown(time.wrapping_add(jiff::SignedDuration::from_hours(2)));
        }
        self.rows.push(row);
    }
}

fn shown(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// The short name of a day.
pub fn day_name(day: Day, words: &TimeWords) -> &'static str {
    // a Monday
    const MONDAY: Date = Date::constant(2024, 1, 1);
    let date = MONDAY.checked_add(jiff::Span::new().days(i64::from(day as u8))).unwrap_or(MONDAY);
    words.weekday_short(date)
}

/// "Mon–Fri 09:00, Sat 11:00"
pub fn spoken(slots: &[Slot], every_day: &str, words: &TimeWords) -> String {
    let one = |slot: &Slot| format!("{} {}", spoken_days(&slot.days, every_day, words), shown(slot.time));
    slots.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn spoken_days(days: &BTreeSet<Day>, every_day: &str, words: &TimeWords) -> String {
    if days.len() == Day::ALL.len() {
        return every_day.to_owned();
    }
    let mut runs: Vec<(Day, Day)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last)) if *last as u8 + 1 == *day as u8 => *last = *day,
            _ => runs.push((*day, *day)),
        }
    }
    let name = |day: Day| day_name(day, words);
    let run = |(first, last): &(Day, Day)| match *last as u8 - *first as u8 {
        0 => name(*first).to_owned(),
        1 => format!("{} {}", name(*first), name(*last)),
        _ => format!("{}–{}", name(*first), name(*last)),
    };
    runs.iter().map(run).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{DE, EN};

    fn slot(time: &str, days: &[Day]) -> Slot {
        Slot { time: time.parse().unwrap(), days: days.iter().copied().collect() }
    }

    #[test]
    fn times_are_said_as_people_say_them() {
        let say = |slots: &[Slot]| spoken(slots, "daily", &EN.time);
        assert_eq!(say(&[slot("09:00", &WORKDAYS), slot("11:30", &[Day::Sa])]), "Mon–Fri 09:00, Sat 11:30");
        assert_eq!(say(&[slot("09:00", &Day::ALL)]), "daily 09:00");
        assert_eq!(say(&[slot("12:00", &[Day::Tu, Day::Th, Day::Sa, Day::Su])]), "Tue Thu Sat Sun 12:00");
        assert_eq!(day_name(Day::Su, &DE.time), "So");
    }

    #[test]
    fn a_form_is_a_queue_once_nothing_is_missing() {
        let mut form = Form::blank("Europe/Oslo");
        assert_eq!(form.text(), Err(Fault::NoName));
        form.name = " Recipes ".into();
        form.add_row();
        assert_eq!(form.rows[1].time, "11:00");
        form.rows[1].days.clear();
        assert_eq!(form.text(), Err(Fault::NoDay(1)));
        form.rows[1].toggle(Day::Su);
        form.rows[0].time.clear();
        assert_eq!(form.text(), Err(Fault::NoTime(0)));
        form.rows[0].time = "09:15".into();
        let text = form.text().unwrap();
        assert_eq!((text.name.as_str(), &text.slots[1]), ("Recipes", &slot("11:00", &[Day::Su])));
        form.name = "x".repeat(81);
        assert_eq!(form.text(), Err(Fault::LongName));
    }
}
