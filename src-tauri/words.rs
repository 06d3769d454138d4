//! The few words that are said outside of the window.

use contract::program::Language;

/// What the tray and the notifications of the shell say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    pub open: &'static str,
    pub pause: &'static str,
    pub resume: &'static str,
    pub quit: &'static str,
    pub publishing: &'static str,
    pub paused: &'static str,
    pub clock: &'static str,
    pub elsewhere: &'static str,
    pub sample: &'static str,
    pub not_open: &'static str,
    pub kept_title: &'static str,
    pub kept: &'static str,
}

const ENGLISH: Words = Words {
    open: "Open Sendoff",
    pause: "Pause publishing",
    resume: "Resume publishing",
    quit: "Quit",
    publishing: "Sendoff publishes your posts",
    paused: "Sendoff: publishing is paused",
    clock: "Sendoff: the clock was changed, nothing goes out until you looked",
    elsewhere: "Sendoff: another program publishes this profile",
    sample: "Sendoff: sample profile, nothing is published",
    not_open: "Sendoff: the profile is not open",
    kept_title: "Sendoff keeps running",
    kept: "Your posts go out on time. To stop it, choose Quit in the menu of its icon.",
};

const GERMAN: Words = Words {
    open: "Sendoff öffnen",
    pause: "Veröffentlichen anhalten",
    resume: "Veröffentlichen fortsetzen",
    quit: "Beenden",
    publishing: "Sendoff veröffentlicht Ihre Beiträge",
    paused: "Sendoff: Veröffentlichen ist angehalten",
    clock: "Sendoff: Die Uhr wurde verstellt, bis zu Ihrer Entscheidung geht nichts hinaus",
    elsewhere: "Sendoff: Ein anderes Programm veröffentlicht dieses Profil",
    sample: "Sendoff: Beispielprofil, nichts wird veröffentlicht",
    not_open: "Sendoff: Das Profil ist nicht geöffnet",
    kept_title: "Sendoff läuft weiter",
    kept: "Ihre Beiträge gehen pünktlich hinaus. Zum Beenden wählen Sie „Beenden“ im Menü des Symbols.",
};

impl Words {
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
        }
    }
}
