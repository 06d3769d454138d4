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
    publishing: "Sendoff is publishing your posts",
    paused: "Sendoff: publishing is paused",
    clock: "Sendoff: the clock changed; nothing is published until you confirm the time",
    elsewhere: "Sendoff: another copy is publishing this profile",
    sample: "Sendoff: sample profile, nothing is published",
    not_open: "Sendoff: the profile is not open",
    kept_title: "Sendoff keeps running",
    kept: "Your posts go out on time. To stop it, choose Quit from the menu of its tray icon.",
};

const GERMAN: Words = Words {
    open: "Sendoff öffnen",
    pause: "Veröffentlichung pausieren",
    resume: "Veröffentlichung fortsetzen",
    quit: "Beenden",
    publishing: "Sendoff veröffentlicht Ihre Beiträge",
    paused: "Sendoff: Veröffentlichung pausiert",
    clock: "Sendoff: Uhr verstellt; bis Sie die Zeit bestätigen, wird nichts veröffentlicht",
    elsewhere: "Sendoff: Dieses Profil wird von einem anderen Programm veröffentlicht",
    sample: "Sendoff: Beispielprofil, nichts wird veröffentlicht",
    not_open: "Sendoff: Das Profil ist nicht geöffnet",
    kept_title: "Sendoff läuft weiter",
    kept: "Ihre Beiträge werden pünktlich veröffentlicht. Zum Beenden wählen Sie „Beenden“ im Menü des Symbols.",
};

impl Words {
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
        }
    }
}
