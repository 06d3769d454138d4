//! What the people of the sample may write one day.

use domain::id::{ColumnId, IdeaId};
use domain::idea::{Board, IdeaText};

use super::people::fixed;

/// Title, note, link and tags.
type Noted = (&'static str, &'static str, &'static str, &'static [&'static str]);

// the last one of each column first: every idea comes to its head
const COLLECTED: &[Noted] = &[
    ("قصة الخبز المسطح", "كيف وصل خبز جدتي إلى أوسلو", "", &["مخبز"]),
    ("Why our flour is grey", "", "https://mills.example/stone-ground", &["flour"]),
    (
        "Day in the life: the night shift",
        "01:30 first mix, 03:00 shaping, 04:15 first oven. Photo at each hour, no people.",
        "",
        &["behind the scenes", "photos"],
    ),
    ("Ask: what do you put on day-old rye?", "Collect the answers for a second post on Friday.", "", &["question"]),
];
const NEXT: &[Noted] = &[
    ("Cinnamon knots, three shapes", "Film the folding from above. One clip per shape.", "", &["recipes", "video"]),
    ("Apprentices: one year on", "Ask Sami and Ingrid for two sentences each.", "", &["jobs"]),
];
const IN_WORK: &[Noted] = &[(
    "The starter is 40",
    "It came from Lofoten in a jam jar. Who still has the jar?",
    "",
    &["history", "anniversary"],
)];

pub(super) fn all() -> Vec<(IdeaId, ColumnId, IdeaText)> {
    let columns = Board::FIRST.into_iter().zip([COLLECTED, NEXT, IN_WORK]);
    let of_column = columns.flat_map(|(column, ideas)| ideas.iter().map(move |idea| (column, idea)));
    let idea = |(number, (column, (title, note, link, tags))): (u8, (ColumnId, &Noted))| {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let [title, note, link] = [*title, *note, *link].map(str::to_owned);
        (IdeaId::new(fixed(b'i', number)), column, IdeaText { title, note, link, tags })
    };
    (0..).zip(of_column).map(idea).collect()
}
