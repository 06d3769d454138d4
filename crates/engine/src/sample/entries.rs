//! What stands in the calendar of the sample's people beside their posts.

use domain::entry::{EntryKind, EntryText};
use domain::people::PersonaColor;
use jiff::Span;
use jiff::civil::Date;

/// Days from today, how many, what, and a note.
type Noted = (i64, i64, EntryKind, &'static str, PersonaColor, &'static str);

const NOTED: &[Noted] = &[
    (2, 1, EntryKind::Launch, "Christmas orders open", PersonaColor::Clay, "At noon, in both shops."),
    (5, 3, EntryKind::Note, "Photographer in the bakery", PersonaColor::Sea, "Ask before you post pictures of people."),
    (-6, 1, EntryKind::Note, "Late market in Hamburg", PersonaColor::Plum, ""),
    (12, 2, EntryKind::Holiday, "Closed for stocktaking", PersonaColor::Fern, "Nothing goes out on these two days."),
];

pub(super) fn all(today: Date) -> Vec<EntryText> {
    let day = |by: i64| today.checked_add(Span::new().days(by)).unwrap_or(today);
    let text = |(from, days, kind, title, color, note): &Noted| EntryText {
        kind: *kind,
        title: (*title).to_owned(),
        from: day(*from),
        to: day(*from + *days - 1),
        color: *color,
        note: (*note).to_owned(),
    };
    NOTED.iter().map(text).collect()
}
