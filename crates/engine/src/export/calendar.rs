//! Posts with a time as iCalendar (RFC 5545).

use domain::entry::{Entry, EntryText};
use domain::post::{Post, PostStatus};
use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus, Property};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::{Gathered, table};

/// A post has no length; calendars draw what has none too small to read.
const LENGTH: SignedDuration = SignedDuration::from_mins(15);

pub(super) fn write(gathered: &Gathered, now: Timestamp) -> Vec<u8> {
    let mut calendar = Calendar::empty();
    for property in [("VERSION", "2.0"), ("PRODID", "-//Sendoff//Sendoff//EN"), ("CALSCALE", "GREGORIAN")] {
        calendar.append_property(property);
    }
    calendar.name("Sendoff");
    for post in &gathered.posts {
        if let Some(event) = event(gathered, post, now) {
            calendar.push(event);
        }
    }
    for entry in &gathered.entries {
        calendar.push(whole_days(entry, now));
    }
    calendar.to_string().into_bytes()
}

/// A holiday, a launch or a note: whole days, whatever the zone.
fn whole_days(entry: &Entry, now: Timestamp) -> Event {
    let EntryText { kind, title, from, to, note, .. } = &entry.text;
    let mut event = Event::new();
    let date = |day: Date| day.strftime("%Y%m%d").to_string();
    // its end is the day after its last one
    let (from, end) = (date(*from), date(to.tomorrow().unwrap_or(*to)));
    event
        .uid(&format!("{}@sendoff", entry.id))
        .append_property(Property::new("DTSTAMP", instant(now)))
        .append_property(Property::new("DTSTART", from).add_parameter("VALUE", "DATE").done())
        .append_property(Property::new("DTEND", end).add_parameter("VALUE", "DATE").done())
        .append_property(Property::new("LAST-MODIFIED", instant(entry.updated_at)))
        .append_property(Property::new("TRANSP", "TRANSPARENT"))
        .summary(&plain(title));
    if !note.is_empty() {
        event.description(&plain(note));
    }
    event.categories([kind.wire()]);
    event
}

fn event(gathered: &Gathered, post: &Post, now: Timestamp) -> Option<Event> {
    let at = post.schedule.as_ref()?.at;
    let mut event = Event::new();
    event
        .uid(&format!("{}@sendoff", post.id))
        .append_property(Property::new("DTSTAMP", instant(now)))
        .append_property(Property::new("DTSTART", instant(at)))
        .append_property(Property::new("DTEND", instant(at.saturating_add(LENGTH).unwrap_or(at))))
        .append_property(Property::new("LAST-MODIFIED", instant(post.updated_at)))
        .append_property(Property::new("TRANSP", "TRANSPARENT"))
        .sequence(post.version)
        .summary(&plain(&post.draft.shown_title()))
        .description(&plain(&described(gathered, post)));
    event.status(match post.status {
        PostStatus::Scheduled | PostStatus::Publishing | PostStatus::Published => EventStatus::Confirmed,
        _ => EventStatus::Tentative,
    });
    let persona = plain(gathered.persona(post));
    if !persona.is_empty() {
        event.categories([persona]);
    }
    event.url(&format!("sendoff://post/{}", post.id));
    Some(event)
}

/// The text, and where it goes or stands.
fn described(gathered: &Gathered, post: &Post) -> String {
    let accounts = post.draft.targets.iter().filter_map(|target| gathered.accounts.get(&target.account));
    let accounts = accounts.map(domain::account::Account::full_handle).collect::<Vec<_>>().join(", ");
    let mut parts = vec![table::text(&post.draft.base), accounts];
    parts.extend(gathered.addresses(post));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

/// In UTC: the instant that was decided on, whatever rules a calendar knows for a zone.
fn instant(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Without control characters, which the format has no place for.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}
