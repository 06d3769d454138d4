/// The words of a start that failed.
pub struct Texts {
    pub title: &'static str,
    pub safe: &'static str,
    pub retry: &'static str,
    pub restore: &'static str,
    pub restore_text: &'static str,
    pub aside: &'static str,
    pub aside_text: &'static str,
    pub code: fn(&str) -> String,
    pub ask_aside_title: &'static str,
    pub ask_aside: &'static str,
}

pub const EN: Texts = Texts {
    title: "Sendoff could not open its profile",
    safe: "Nothing was changed or deleted.",
    retry: "Try again",
    restore: "Restore the last backup",
    restore_text: "The newest backup that can be read takes its place; the damaged file is kept beside it.",
    aside: "Set it aside and begin anew",
    aside_text: "The profile is renamed and kept, and an empty one is made.",
    code: |code| format!("Code: {code}"),
    ask_aside_title: "Begin with an empty profile?",
    ask_aside: "Your posts, personas and accounts stay in the folder that is set aside, and are not shown in the new profile. Restoring a backup brings them back instead.",
};

pub const DE: Texts = Texts {
    title: "Sendoff konnte sein Profil nicht öffnen",
    safe: "Es wurde nichts verändert oder gelöscht.",
    retry: "Noch einmal versuchen",
    restore: "Letzte Sicherung zurückholen",
    restore_text: "Die neueste lesbare Sicherung tritt an seine Stelle; die beschädigte Datei bleibt daneben liegen.",
    aside: "Beiseitelegen und neu beginnen",
    aside_text: "Das Profil wird umbenannt und behalten, ein leeres wird angelegt.",
    code: |code| format!("Code: {code}"),
    ask_aside_title: "Mit einem leeren Profil beginnen?",
    ask_aside: "Ihre Beiträge, Personas und Konten bleiben in dem beiseitegelegten Ordner und stehen nicht im neuen Profil. Eine Sicherung holt sie stattdessen zurück.",
};
