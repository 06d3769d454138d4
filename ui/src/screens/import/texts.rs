//! The words of the import.

use contract::import::{Layout, RowProblem};
use domain::account::Account;

use crate::i18n::{self, grouped};

pub struct Texts {
    pub title: &'static str,
    pub what: &'static str,
    pub known: &'static str,
    pub choose: &'static str,
    pub other_file: &'static str,
    pub too_large: &'static str,
    pub unreadable: &'static str,
    pub layout: fn(Layout) -> String,
    pub unused: fn(&str) -> String,
    pub no_column: &'static str,
    pub text: &'static str,
    pub date: &'static str,
    pub time: &'static str,
    pub link: &'static str,
    pub name: &'static str,
    pub accounts: &'static str,
    pub order: &'static str,
    pub day_first: &'static str,
    pub month_first: &'static str,
    pub zone: &'static str,
    pub go_to: &'static str,
    pub summary: fn(usize, usize) -> String,
    pub bad: fn(usize) -> String,
    pub good: &'static str,
    pub more: fn(usize) -> String,
    pub line: fn(u32) -> String,
    pub draft: &'static str,
    pub untitled: &'static str,
    pub problem: fn(&RowProblem, &[Account], &'static i18n::Texts) -> String,
    pub go: fn(u32) -> String,
    pub came: fn(u32) -> String,
    pub left_out: fn(u32) -> String,
    pub undo: &'static str,
    pub undo_hint: &'static str,
    pub undone: &'static str,
    /// In the settings.
    pub setting_hint: &'static str,
    pub setting: &'static str,
}

fn name(layout: Layout) -> Option<&'static str> {
    match layout {
        Layout::Buffer => Some("Buffer"),
        Layout::Hootsuite => Some("Hootsuite"),
        Layout::Publer => Some("Publer"),
        Layout::Other => None,
    }
}

/// The broken rule in the words of the composer, with the account that minds.
fn broken(problem: &RowProblem, accounts: &[Account], texts: &'static i18n::Texts) -> Option<String> {
    let RowProblem::BreaksRule { account, violation } = problem else { return None };
    let who = accounts.iter().find(|one| one.id == *account).map(Account::full_handle).unwrap_or_default();
    let sentence = (texts.compose.rule)(violation.rule, violation.network, violation.measured, violation.limit);
    Some(format!("{who}: {sentence}"))
}

pub const EN: Texts = Texts {
    title: "Import posts",
    what: "Choose a table with one post per row, or drop it here: CSV, with commas, semicolons or tabs.",
    known: "Files for Buffer, Hootsuite and Publer are recognised. Nothing is written before you have seen every row.",
    choose: "Choose a file",
    other_file: "Another file",
    too_large: "This file is larger than 5 MB. Split it and import the parts.",
    unreadable: "This file cannot be read.",
    layout: |layout| match name(layout) {
        Some(name) => format!("This is a file for {name}. Check what the columns mean."),
        None => "Check what the columns mean.".to_owned(),
    },
    unused: |names| format!("Not brought in: {names}."),
    no_column: "none",
    text: "Text",
    date: "Date",
    time: "Time",
    link: "Link",
    name: "Name",
    accounts: "Accounts",
    order: "Order of dates",
    day_first: "Day first",
    month_first: "Month first",
    zone: "Times are in",
    go_to: "Posts that name no account go to",
    summary: |good, all| format!("{} of {} posts come in", grouped(good as u64), grouped(all as u64)),
    bad: |count| if count == 1 { "One row has a problem".to_owned() } else { format!("{count} rows have problems") },
    good: "These come in",
    more: |count| format!("and {count} more"),
    line: |line| format!("Line {line}"),
    draft: "draft",
    untitled: "Untitled",
    problem: |problem, accounts, texts| match problem {
        RowProblem::NoText => "There is no text.".to_owned(),
        RowProblem::NoDate { found } => format!("“{found}” is not a date that can be read."),
        RowProblem::InThePast => "This time has passed.".to_owned(),
        RowProblem::UnknownAccount { found } => format!("There is no account “{found}”."),
        RowProblem::NoAccount => "It has a time and no account: choose one above.".to_owned(),
        RowProblem::TooLong => "The text or the name is longer than a post can be.".to_owned(),
        RowProblem::BreaksRule { .. } => broken(problem, accounts, texts).unwrap_or_default(),
    },
    go: |count| match count {
        0 => "Import".to_owned(),
        1 => "Import one post".to_owned(),
        _ => format!("Import {} posts", grouped(count.into())),
    },
    came: |count| match count {
        1 => "One post came in.".to_owned(),
        _ => format!("{} posts came in.", grouped(count.into())),
    },
    left_out: |count| match count {
        1 => "One row was left out.".to_owned(),
        _ => format!("{} rows were left out.", grouped(count.into())),
    },
    undo: "Undo the import",
    undo_hint: "Undo takes back all that has not gone out yet.",
    undone: "The import was taken back",
    setting_hint: "Posts from a table, such as one made for Buffer, Hootsuite or Publer.",
    setting: "Import posts",
};

pub const DE: Texts = Texts {
    title: "Beiträge importieren",
    what: "Wählen Sie eine Tabelle mit einem Beitrag pro Zeile oder legen Sie sie hier ab: CSV mit Kommas, Strichpunkten oder Tabulatoren.",
    known: "Dateien für Buffer, Hootsuite und Publer werden erkannt. Nichts wird geschrieben, bevor Sie jede Zeile gesehen haben.",
    choose: "Datei wählen",
    other_file: "Andere Datei",
    too_large: "Diese Datei ist größer als 5 MB. Teilen Sie sie auf und importieren Sie die Teile.",
    unreadable: "Diese Datei kann nicht gelesen werden.",
    layout: |layout| match name(layout) {
        Some(name) => format!("Das ist eine Datei für {name}. Prüfen Sie, was die Spalten bedeuten."),
        None => "Prüfen Sie, was die Spalten bedeuten.".to_owned(),
    },
    unused: |names| format!("Nicht übernommen: {names}."),
    no_column: "keine",
    text: "Text",
    date: "Datum",
    time: "Uhrzeit",
    link: "Link",
    name: "Name",
    accounts: "Konten",
    order: "Reihenfolge im Datum",
    day_first: "Tag zuerst",
    month_first: "Monat zuerst",
    zone: "Zeiten sind in",
    go_to: "Beiträge, die kein Konto nennen, gehen an",
    summary: |good, all| format!("{} von {} Beiträgen werden importiert", grouped(good as u64), grouped(all as u64)),
    bad: |count| {
        if count == 1 { "Eine Zeile hat ein Problem".to_owned() } else { format!("{count} Zeilen haben Probleme") }
    },
    good: "Diese werden importiert",
    more: |count| format!("und {count} weitere"),
    line: |line| format!("Zeile {line}"),
    draft: "Entwurf",
    untitled: "Ohne Titel",
    problem: |problem, accounts, texts| match problem {
        RowProblem::NoText => "Es gibt keinen Text.".to_owned(),
        RowProblem::NoDate { found } => format!("„{found}“ ist kein lesbares Datum."),
        RowProblem::InThePast => "Diese Zeit ist vorbei.".to_owned(),
        RowProblem::UnknownAccount { found } => format!("Ein Konto „{found}“ gibt es nicht."),
        RowProblem::NoAccount => "Der Beitrag hat eine Zeit und kein Konto: Wählen Sie oben eines.".to_owned(),
        RowProblem::TooLong => "Text oder Name sind länger, als ein Beitrag sein kann.".to_owned(),
        RowProblem::BreaksRule { .. } => broken(problem, accounts, texts).unwrap_or_default(),
    },
    go: |count| match count {
        0 => "Importieren".to_owned(),
        1 => "Einen Beitrag importieren".to_owned(),
        _ => format!("{} Beiträge importieren", grouped(count.into())),
    },
    came: |count| match count {
        1 => "Ein Beitrag wurde importiert.".to_owned(),
        _ => format!("{} Beiträge wurden importiert.", grouped(count.into())),
    },
    left_out: |count| match count {
        1 => "Eine Zeile wurde ausgelassen.".to_owned(),
        _ => format!("{} Zeilen wurden ausgelassen.", grouped(count.into())),
    },
    undo: "Import rückgängig machen",
    undo_hint: "Zurückgenommen wird alles, was noch nicht hinausging.",
    undone: "Der Import wurde zurückgenommen",
    setting_hint: "Beiträge aus einer Tabelle, etwa einer für Buffer, Hootsuite oder Publer.",
    setting: "Beiträge importieren",
};
