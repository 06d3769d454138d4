use domain::reject::Field;

pub fn field(field: Field) -> &'static str {
    match field {
        Field::Name => "Der Name",
        Field::Voice => "Die Stimme",
        Field::Audience => "Das Publikum",
        Field::Accounts => "Die Liste der Konten",
        Field::Title => "Der Name",
        Field::Text => "Der Text",
        Field::Parts => "Die Liste der Teile",
        Field::Images => "Die Liste der Bilder",
        Field::AltText => "Der Alternativtext",
        Field::ContentWarning => "Die Inhaltswarnung",
        Field::Grace => "Die Karenzzeit",
        Field::Posts => "Die Zahl der Beiträge",
        Field::Rule => "Die Regel",
        Field::Slots => "Die Liste der Zeiten",
        Field::Note => "Die Notiz",
        Field::Link => "Der Link",
        Field::LinkTag => "Eine Kennzeichnung der Links",
        Field::Wait => "Die Wartezeit eines Teils",
        Field::Tags => "Die Liste der Schlagwörter",
        Field::Tag => "Ein Schlagwort",
        Field::Ideas => "Die Zahl der Ideen",
        Field::Snippets => "Die Liste der Textbausteine",
        Field::Comments => "Die Zahl der Kommentare",
        Field::Days => "Die Zahl der Tage",
        Field::Entries => "Die Zahl der Einträge",
        Field::Columns => "Die Zahl der Spalten",
        Field::Folder => "Der Ordner",
        Field::Files => "Die Zahl der Dateien",
    }
}
