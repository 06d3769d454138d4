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
    title: "Sendoff could not open this profile",
    safe: "Nothing was changed or deleted.",
    retry: "Try again",
    restore: "Restore the latest backup",
    restore_text: "Replaces the database with the latest readable backup. The damaged file is kept next to it.",
    aside: "Start with an empty profile",
    aside_text: "Renames and keeps the old profile, and creates an empty one.",
    code: |code| format!("Code: {code}"),
    ask_aside_title: "Start with an empty profile?",
    ask_aside: "Your posts, personas and accounts are kept in the renamed folder but do not appear in the new profile. To get them back, restore a backup instead.",
};

pub const DE: Texts = Texts {
    title: "Sendoff konnte dieses Profil nicht öffnen",
    safe: "Es wurde nichts verändert oder gelöscht.",
    retry: "Erneut versuchen",
    restore: "Letzte Sicherung wiederherstellen",
    restore_text: "Ersetzt die Datenbank durch die letzte lesbare Sicherung. Die beschädigte Datei bleibt daneben erhalten.",
    aside: "Mit einem leeren Profil beginnen",
    aside_text: "Benennt das alte Profil um, behält es und legt ein leeres an.",
    code: |code| format!("Code: {code}"),
    ask_aside_title: "Mit einem leeren Profil beginnen?",
    ask_aside: "Ihre Beiträge, Personas und Konten bleiben im umbenannten Ordner erhalten, erscheinen aber nicht im neuen Profil. Um sie zurückzubekommen, stellen Sie stattdessen eine Sicherung wieder her.",
};
