use crate::i18n::counted;

pub struct Texts {
    pub title: &'static str,
    pub as_what: &'static str,
    pub table: &'static str,
    pub document: &'static str,
    pub calendar: &'static str,
    pub table_hint: &'static str,
    pub document_hint: &'static str,
    pub calendar_hint: &'static str,
    pub which: &'static str,
    pub all: &'static str,
    pub drafts: &'static str,
    pub planned: &'static str,
    pub published: &'static str,
    pub go: &'static str,
    pub exported: fn(u32, u32, &str) -> String,
    // in the settings
    pub setting: &'static str,
    pub setting_hint: &'static str,
}

pub const EN: Texts = Texts {
    title: "Export posts",
    as_what: "Format",
    table: "Table",
    document: "JSON",
    calendar: "Calendar",
    table_hint: "CSV for Excel, Numbers or LibreOffice, one row per post, with the images beside it.",
    document_hint: "Everything that a post has, variants and deliveries too, with the images beside it.",
    calendar_hint: "iCalendar: every post with a time, for Outlook, Google Calendar or Apple Calendar.",
    which: "Posts",
    all: "All",
    drafts: "Drafts",
    planned: "Planned",
    published: "Published",
    go: "Export",
    exported: |posts, missing, path| {
        let gone = match missing {
            0 => String::new(),
            n => format!(" {} could not be read.", counted(n.into(), "image", "images")),
        };
        format!("{} exported to {path}.{gone}", counted(posts.into(), "post", "posts"))
    },
    setting: "Export posts",
    setting_hint: "As a table, as JSON or as a calendar.",
};

pub const DE: Texts = Texts {
    title: "Beiträge exportieren",
    as_what: "Format",
    table: "Tabelle",
    document: "JSON",
    calendar: "Kalender",
    table_hint: "CSV für Excel, Numbers oder LibreOffice, eine Zeile pro Beitrag, mit den Bildern daneben.",
    document_hint: "Alles, was ein Beitrag hat, auch Varianten und Zustellungen, mit den Bildern daneben.",
    calendar_hint: "iCalendar: jeder Beitrag mit einer Zeit, für Outlook, Google Kalender oder Apple Kalender.",
    which: "Beiträge",
    all: "Alle",
    drafts: "Entwürfe",
    planned: "Geplante",
    published: "Veröffentlichte",
    go: "Exportieren",
    exported: |posts, missing, path| {
        let gone = match missing {
            0 => String::new(),
            n => format!(" {} ließen sich nicht lesen.", counted(n.into(), "Bild", "Bilder")),
        };
        format!("{} exportiert nach {path}.{gone}", counted(posts.into(), "Beitrag", "Beiträge"))
    },
    setting: "Beiträge exportieren",
    setting_hint: "Als Tabelle, als JSON oder als Kalender.",
};
