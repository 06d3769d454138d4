//! Which posts the sample has, and what became of each: first the ones that a newcomer should meet, then ordinary ones.

use domain::job::plus;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::history::End;
use super::people::{ENDED_S, Place, Voice};
use super::random::Random;
use super::texts::{Text, bakery, careers, hamburg, ines};

/// One post to be.
#[derive(Debug)]
pub(super) struct Item {
    pub voice: Voice,
    /// `None`: not a word yet.
    pub text: Option<&'static Text>,
    pub places: Vec<Place>,
    /// Local time in `zone`; for a draft, only the day that its text speaks of.
    pub local: DateTime,
    pub zone: String,
    pub fate: Fate,
    /// Fills the braces of the text.
    pub seed: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Fate {
    Draft,
    Scheduled,
    /// Scheduled, and put on hold.
    Held,
    /// Scheduled and then changed: what was signed off had the first words where the second stand now.
    InReview(&'static str, &'static str),
    /// The last end is that of the last account, the first one that of all others.
    Sent(End, End),
}

/// Times at which people post. Further ones of the same day begin anew some minutes later.
const SLOTS: [(i8, i8); 16] = [
    (8, 30),
    (12, 0),
    (17, 0),
    (9, 0),
    (18, 0),
    (12, 15),
    (7, 45),
    (15, 0),
    (20, 15),
    (10, 30),
    (13, 30),
    (19, 0),
    (16, 15),
    (11, 0),
    (14, 30),
    (21, 0),
];
const DRAFTS_MAX: usize = 60;
const SCHEDULED_MAX: usize = 700;

#[derive(Debug)]
pub(super) struct Plan<'a> {
    now: Timestamp,
    tz: &'a TimeZone,
    zone: &'a str,
    today: Date,
    items: Vec<Item>,
    /// How many texts of each voice were used.
    told: [usize; 5],
}

/// The posts, most telling first, so that any number of them makes a sample.
pub(super) fn plan(posts: usize, now: Timestamp, tz: &TimeZone, zone: &str, random: &mut Random) -> Vec<Item> {
    let today = tz.to_datetime(now).date();
    let mut plan = Plan { now, tz, zone, today, items: Vec::with_capacity(posts), told: [0; 5] };
    plan.telling();
    let rest = posts.saturating_sub(plan.items.len());
    let drafts = (rest / 12).min(DRAFTS_MAX);
    let scheduled = (rest / 5).min(SCHEDULED_MAX);
    plan.coming(scheduled, random);
    plan.drafts(drafts, random);
    plan.past(rest - drafts - scheduled, random);
    plan.items.truncate(posts);
    plan.items
}

impl Plan<'_> {
    fn day(&self, offset: i64) -> Date {
        self.today.checked_add(Span::new().days(offset)).unwrap_or(self.today)
    }

    fn add(&mut self, voice: Voice, text: &'static Text, places: &[Place], local: DateTime, fate: Fate) {
        let (zone, seed) = (self.zone.to_owned(), self.items.len() as u64);
        self.items.push(Item { voice, text: Some(text), places: places.to_vec(), local, zone, fate, seed });
    }

    /// What the screens are drawn with: a day of work, and one of everything that can happen.
    fn telling(&mut self) {
        use Place as P;
        let on = |plan: &Self, offset, hour, minute| plan.day(offset).at(hour, minute, 0, 0);
        let fine = Fate::Sent(End::Published, End::Published);
        let bakery = Voice::Bakery.places();
        self.add(
            Voice::Ines,
            &ines::INTERVIEW,
            &[P::InesBluesky, P::InesMastodon],
            on(self, -1, 17, 45),
            Fate::Sent(End::Published, End::Unsure),
        );
        for (voice, text, places, hour, minute, fate) in [
            (Voice::Bakery, &bakery::PLAYLIST, bakery, 12, 0, Fate::Scheduled),
            (Voice::Ines, &ines::LEAVING, &[P::InesMastodon][..], 14, 30, Fate::Scheduled),
            (Voice::Bakery, &bakery::DOUGH, &[P::BakeryMastodon][..], 17, 0, Fate::Scheduled),
            (Voice::Careers, &careers::NIGHT_BAKER, &[P::CareersBluesky][..], 20, 15, Fate::InReview("248", "240")),
        ] {
            let (local, passed) = self.slot_today(hour, minute);
            self.add(voice, text, places, local, if passed { fine } else { fate });
        }
        let change = Fate::InReview("Sunday 20 December", "Saturday 19 December");
        self.add(Voice::Bakery, &bakery::CHRISTMAS, bakery, on(self, 1, 12, 0), change);
        let saturday = 7 - i64::from(self.today.weekday().to_sunday_zero_offset() + 1) % 7;
        let change = Fate::InReview("Twelve places", "Ten places");
        self.add(Voice::Bakery, &bakery::CLASS, bakery, on(self, saturday, 9, 0), change);
        self.add(Voice::Bakery, &bakery::MENU, bakery, on(self, 5, 9, 0), Fate::Draft);
        let refused = End::Refused {
            status: 422,
            detail: "Validation failed: Cannot attach files that have not finished processing. Try again in a moment!",
        };
        self.add(
            Voice::Hamburg,
            &hamburg::REFUSED,
            Voice::Hamburg.places(),
            on(self, -3, 10, 0),
            Fate::Sent(End::Published, refused),
        );
        let missed = Fate::Sent(End::Missed, End::Missed);
        self.add(Voice::Bakery, &bakery::EARLY, &[P::BakeryBluesky], on(self, -2, 6, 0), missed);
        self.add(Voice::Careers, &careers::COUNTER, Voice::Careers.places(), on(self, 2, 12, 0), Fate::Scheduled);
        self.add(Voice::Bakery, &bakery::WINNERS, bakery, on(self, 4, 9, 0), Fate::Held);
        self.add(Voice::Bakery, &bakery::LONG_TITLE, bakery, on(self, 6, 14, 0), Fate::Scheduled);
        self.add(Voice::Ines, &ines::NEW_YORK, Voice::Ines.places(), on(self, 3, 16, 0), Fate::Scheduled);
        if let Some(last) = self.items.last_mut() {
            last.zone = "America/New_York".to_owned();
        }
        self.items.push(Item {
            voice: Voice::Bakery,
            text: None,
            places: vec![P::BakeryBluesky],
            local: on(self, 4, 15, 0),
            zone: self.zone.to_owned(),
            fate: Fate::Draft,
            seed: 0,
        });
        if let Some(text) = bakery::TEXTS.get(2) {
            self.add(Voice::Bakery, text, bakery, on(self, -9, 7, 30), Fate::Sent(End::Published, End::Skipped));
        }
        let handed = Fate::Sent(End::Handed, End::Handed);
        self.add(Voice::Ines, &ines::MANAGERS, &[P::InesLinkedIn], self.a_moment_ago(), handed);
    }

    /// Between five and ten minutes ago, as people choose times.
    fn a_moment_ago(&self) -> DateTime {
        let local = self.tz.to_datetime(plus(self.now, -5 * 60));
        let minute = local.minute() - local.minute() % 5;
        local.with().minute(minute).second(0).subsec_nanosecond(0).build().unwrap_or(local)
    }

    /// A time of today that is not just now, and whether it has passed.
    fn slot_today(&self, hour: i8, minute: i8) -> (DateTime, bool) {
        let local = self.today.at(hour, minute, 0, 0);
        let at = self.tz.to_timestamp(local).unwrap_or(self.now);
        if at > plus(self.now, -5 * 60) && at < plus(self.now, 5 * 60) {
            return (local.checked_add(Span::new().minutes(25)).unwrap_or(local), false);
        }
        (local, at < self.now)
    }

    /// An ordinary post at the `nth` slot of a day.
    fn ordinary(&mut self, offset: i64, nth: usize, fate: Fate, random: &mut Random) {
        let day = self.day(offset);
        let voice = match random.next() % 20 {
            0..=8 => Voice::Bakery,
            9..=11 => Voice::Careers,
            12..=14 => Voice::Ines,
            15..=17 => Voice::Hamburg,
            _ => Voice::Makhbaz,
        };
        let turn = nth + usize::try_from(offset.rem_euclid(3)).unwrap_or(0);
        let (hour, minute) = SLOTS.get(turn % SLOTS.len()).copied().unwrap_or((9, 0));
        let later = i8::try_from(turn / SLOTS.len() * 5 % 15).unwrap_or(0);
        let local = day.to_datetime(Time::constant(hour, minute, 0, 0));
        let local = local.checked_add(Span::new().minutes(later)).unwrap_or(local);
        let text = self.next_text(voice, day);
        let places = self.places(voice, local, random);
        let away = voice == Voice::Ines && random.one_in(9);
        let zone = if away { "America/New_York".to_owned() } else { self.zone.to_owned() };
        self.items.push(Item { voice, text, places, local, zone, fate, seed: random.next() });
    }

    /// The texts of a voice in turn, so that one comes again only when all were told; snow only in winter.
    fn next_text(&mut self, voice: Voice, day: Date) -> Option<&'static Text> {
        let texts = voice.texts();
        let winter = matches!(day.month(), 11 | 12 | 1 | 2);
        let told = self.told.get_mut(voice as usize)?;
        for _ in 0..texts.len() {
            // a stride that has no divisor in common with any of the lengths
            let text = texts.get(*told * 7 % texts.len())?;
            *told += 1;
            if winter || !text.pictures.iter().any(|picture| picture.is_winter()) {
                return Some(text);
            }
        }
        None
    }

    fn places(&self, voice: Voice, local: DateTime, random: &mut Random) -> Vec<Place> {
        let all = voice.places();
        let ended = self.tz.to_datetime(plus(self.now, -ENDED_S - 24 * 60 * 60));
        let open = |place: &&Place| **place != Place::CareersMastodon || local < ended || local.date() > self.today;
        let chosen = match random.next() % 10 {
            0..=5 => all.iter().filter(open).copied().collect(),
            6..=7 => all.iter().rev().filter(open).take(1).copied().collect(),
            _ => Vec::new(),
        };
        if chosen.is_empty() { all.iter().take(1).copied().collect() } else { chosen }
    }

    fn coming(&mut self, posts: usize, random: &mut Random) {
        // six weeks ahead, ten for many posts; nearer days are fuller
        let span = if posts > 100 { 70.0 } else { 42.0 };
        self.spread(posts, span, 1.5, 1, Fate::Scheduled, random);
    }

    fn past(&mut self, posts: usize, random: &mut Random) {
        let span = (posts as f64).sqrt() * 8.0;
        self.spread(posts, span, 1.2, -1, Fate::Sent(End::Published, End::Published), random);
    }

    fn spread(&mut self, posts: usize, span: f64, bend: f64, way: i64, fate: Fate, random: &mut Random) {
        let (mut day, mut nth) = (0, 0);
        for number in 0..posts {
            let share = (number as f64 + 0.5) / posts as f64;
            let next = 1 + (span * share.powf(bend)) as i64;
            nth = if next == day { nth + 1 } else { 0 };
            day = next;
            self.ordinary(way * day, nth, fate, random);
        }
    }

    fn drafts(&mut self, posts: usize, random: &mut Random) {
        for number in 0..posts {
            self.ordinary(1 + i64::try_from(number % 30).unwrap_or(0), 0, Fate::Draft, random);
        }
    }
}
