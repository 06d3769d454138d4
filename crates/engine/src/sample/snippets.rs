//! What the people of the sample write again and again.

use domain::id::SnippetId;
use domain::snippet::{SnippetKind, SnippetText};

use super::people::{Voice, fixed};

/// Kind, name, parts, and whose it is.
type Kept = (SnippetKind, &'static str, &'static [&'static str], Option<Voice>);

const ALL: &[Kept] = &[
    (SnippetKind::Hashtags, "Bread", &["#bread #sourdough #realbread #baking"], Some(Voice::Bakery)),
    (SnippetKind::Hashtags, "Oslo", &["#oslo #grünerløkka #visitoslo"], None),
    (SnippetKind::Hashtags, "Jobs", &["#hiring #oslojobs #bakerylife"], Some(Voice::Careers)),
    (SnippetKind::Hashtags, "خبز", &["#خبز #مخبز #أوسلو"], Some(Voice::Makhbaz)),
    (
        SnippetKind::Template,
        "Fresh from the oven",
        &["Out of the oven at 11: NAME.\n\nWith: FLOUR, SEEDS. Without: what you are looking for.\nUntil it is gone."],
        Some(Voice::Bakery),
    ),
    (
        SnippetKind::Template,
        "Recipe in three parts",
        &[
            "NAME, for one loaf. You need FLOUR, water, salt and TIME.",
            "The evening before: mix, cover, go to bed.",
            "In the morning: fold twice, wait an hour, bake hot. Show us the crust.",
        ],
        Some(Voice::Bakery),
    ),
    (
        SnippetKind::Template,
        "Open position",
        &["WHAT, from WHEN, at WHERE. Pay: HOW MUCH an hour.\n\nWhat is hard about it: \nWhat people stay for: "],
        Some(Voice::Careers),
    ),
    (
        SnippetKind::Template,
        "Geänderte Öffnungszeiten",
        &["Am TAG haben wir von ZEIT bis ZEIT auf. Wetter: egal."],
        None,
    ),
    (SnippetKind::Signature, "Harbour Bakery", &["— Harbour Bakery, Grünerløkka"], Some(Voice::Bakery)),
    (SnippetKind::Signature, "Careers", &["Questions? jobs@harbour.example"], Some(Voice::Careers)),
];

pub(super) fn all() -> Vec<(SnippetId, SnippetText)> {
    let snippet = |(number, (kind, name, parts, voice)): (u8, &Kept)| {
        let parts = parts.iter().map(|part| (*part).to_owned()).collect();
        let persona = voice.map(Voice::persona);
        (SnippetId::new(fixed(b's', number)), SnippetText { kind: *kind, name: (*name).to_owned(), parts, persona })
    };
    (0..).zip(ALL).map(snippet).collect()
}
