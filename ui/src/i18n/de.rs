mod field;
mod reject;

use contract::changes::ChangeKind;
use contract::{ApiError, Code};
use domain::job::{JobState, Reason};
use domain::network::Network;
use domain::post::PostStatus;

use self::reject::reject;
use super::{Frame, Texts, counted};
use crate::screens;
use crate::state::keys::{Cmd, KeyNames, Scope};
use crate::state::rhythm::RhythmWords;
use crate::state::time::TimeWords;

pub static DE: Texts = Texts {
    code: "de",
    time: TimeWords {
        weekdays: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
        weekdays_short: ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"],
        months: [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
        months_short: ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sep.", "Okt.", "Nov.", "Dez."],
        day_long: |weekday, day, month| format!("{weekday}, {day}. {month}"),
        day_short: |weekday, day, month| format!("{weekday} {day}. {month}"),
        day_month: |day, month| format!("{day}. {month}"),
        days_of: |first, last, month| format!("{first}.–{last}. {month}"),
        today: "Heute",
        tomorrow: "Morgen",
        yesterday: "Gestern",
        just_now: "gerade eben",
        ahead: |span| format!("in {span}"),
        ago: |span| format!("vor {span}"),
        minutes: |n| format!("{n} Min."),
        hours: |n| format!("{n} Std."),
        days: |n| if n == 1 { "1 Tag".into() } else { format!("{n} Tagen") },
        weeks: |n| if n == 1 { "1 Woche".into() } else { format!("{n} Wochen") },
        months_count: |n| if n == 1 { "1 Monat".into() } else { format!("{n} Monaten") },
        years: |n| if n == 1 { "1 Jahr".into() } else { format!("{n} Jahren") },
    },
    rhythm: RhythmWords {
        once: "Einmal",
        daily: "Jeden Tag",
        workdays: "Jeden Werktag, Montag bis Freitag",
        weekly: |interval, days| match interval {
            1 => format!("Jede Woche am {days}"),
            n => format!("Alle {n} Wochen am {days}"),
        },
        every_days: |n| format!("Alle {n} Tage"),
        monthly: |interval, on| match interval {
            1 => format!("Jeden Monat {on}"),
            n => format!("Alle {n} Monate {on}"),
        },
        on_day: |day| format!("am {day}."),
        on_last_day: "am letzten Tag",
        on_nth: |nth, weekday| {
            let word = match nth {
                1 => "ersten",
                2 => "zweiten",
                3 => "dritten",
                4 => "vierten",
                _ => "letzten",
            };
            format!("am {word} {weekday}")
        },
        yearly: |interval, day| match interval {
            1 => format!("Jedes Jahr am {day}"),
            n => format!("Alle {n} Jahre am {day}"),
        },
        by_rule: |rule| format!("Nach der Regel {rule}"),
        own_rule: "Eigene Regel",
        until: |day| format!("bis {day}"),
        count: |count| if count == 1 { "einmal".to_owned() } else { format!("{count} Mal") },
        and: "und",
    },
    frame: Frame {
        skip_to_content: "Zum Inhalt springen",
        main_navigation: "Hauptnavigation",
        new_post: "Neuer Beitrag",
        today: "Heute",
        compose: "Schreiben",
        calendar: "Kalender",
        accounts: "Konten",
        personas: "Personas",
        settings: "Einstellungen",
        no_personas: "Persona anlegen",
        open_posts: |n| counted(n.into(), "offener Beitrag", "offene Beiträge"),
        collapse: "Seitenleiste einklappen",
        expand: "Seitenleiste ausklappen",
        saved_here: "Alles auf diesem Computer gespeichert",
        saving: "Wird gespeichert …",
        paused: |since| format!("Veröffentlichung pausiert seit {since}"),
        resume: "Fortsetzen",
        clock_jumped: |by| {
            format!("Die Uhr ist um {by} gesprungen. Bis Sie die Zeit bestätigen, wird nichts veröffentlicht.")
        },
        clock_looked: "Die Zeit stimmt",
        elsewhere: "Dieses Profil wird von einem anderen Sendoff veröffentlicht",
        sample_state: "Das Beispielprofil veröffentlicht nichts",
        vault_closed: "Der Tresor ist gesperrt: Beiträge warten",
        vault_open: "Tresor entsperren",
        sample_banner: "Beispielprofil: Hier ist nichts echt.",
        sample_leave: "Verlassen",
        palette_open: "Suchen oder Befehl ausführen",
        palette_hint: "Beiträge suchen oder Befehl ausführen",
        palette_label: "Befehle und Beiträge",
        palette_commands: "Überall",
        palette_here: "In dieser Ansicht",
        palette_posts: "Beiträge",
        palette_nothing: |query| format!("Keine Treffer für „{query}“. Versuchen Sie es mit weniger Buchstaben."),
        palette_count: |n| counted(n as u64, "Treffer", "Treffer"),
        palette_keys: "↑ ↓ wählen, ↵ ausführen, Esc schließen",
        shortcuts: "Tastenkürzel",
        then: "dann",
        keys: KeyNames { control: "Strg", delete: "Entf" },
        undo: "Rückgängig",
        undone: "Rückgängig gemacht",
        nothing_to_undo: "Es gibt nichts rückgängig zu machen.",
        nothing_to_redo: "Es gibt nichts zu wiederholen.",
        change,
        undo_that: |what| format!("Rückgängig: {what}"),
        redo_that: |what| format!("Wiederholen: {what}"),
        undone_that: |what| format!("Rückgängig gemacht: {what}"),
        redone_that: |what| format!("Wiederholt: {what}"),
        close: "Schließen",
        cancel: "Abbrechen",
        done: "Fertig",
        delete: "Löschen",
        back: "Zurück",
        next: "Weiter",
        retry: "Erneut versuchen",
        details: "Details",
        loading: "Wird geladen",
        copy: "Kopieren",
        copied: "Kopiert",
        show: "Anzeigen",
        hide: "Verbergen",
        more: "Mehr",
        optional: "optional",
        no_persona: "Keine Persona",
        no_time: "noch keine Zeit",
        edited: |when| format!("geändert {when}"),
        mended: "Das Fenster blieb wegen eines Fehlers stehen und wurde neu geladen. Was Sie geschrieben haben, ist gespeichert.",
        kept_running: "Sendoff hat bei geschlossenem Fenster weiter veröffentlicht.",
        refresh_failed: "Möglicherweise veraltet: Das Aktualisieren ist fehlgeschlagen.",
        zone_label: "Zeitzone",
        zone_own: |zone| format!("Wie dieser Computer ({zone})"),
        zone_none: "Diese Zeitzone gibt es nicht. Wählen Sie eine aus der Liste, zum Beispiel Europe/Berlin.",
        healthy: "in Ordnung",
        reconnect_needed: "neu verbinden",
        unreachable: "antwortet nicht",
        ends: |when| format!("läuft {when} ab"),
        sample_account: "Beispiel",
        job_log: "Verlauf",
        job_log_empty: "Noch ist nichts passiert.",
        job_log_raw: "Antwort des Netzwerks",
        open_on_network: "Öffnen",
        paused_now: "Veröffentlichung pausiert",
        resumed_now: "Veröffentlichung fortgesetzt",
        exported: |posts, path| format!("{} exportiert nach {path}", counted(posts, "Beitrag", "Beiträge")),
    },
    command,
    scope: |scope| match scope {
        Scope::Everywhere => "Überall",
        Scope::Today => "Heute",
        Scope::Compose => "Schreiben",
        Scope::Calendar => "Kalender",
        Scope::Accounts => "Konten",
        Scope::Personas => "Personas",
        Scope::Settings => "Einstellungen",
        Scope::Ideas => "Ideen",
        Scope::Library => "Mediathek",
    },
    status: |status| match status {
        PostStatus::Draft => "Entwurf",
        PostStatus::InReview => "In Prüfung",
        PostStatus::Scheduled => "Geplant",
        PostStatus::Held => "Angehalten",
        PostStatus::Publishing => "Wird gesendet",
        PostStatus::Published => "Veröffentlicht",
        PostStatus::YourTurn => "Sie sind dran",
        PostStatus::Unsure => "Unklar",
        PostStatus::Missed => "Verpasst",
        PostStatus::Failed => "Fehlgeschlagen",
    },
    job_state: |state| match state {
        JobState::Scheduled => "Geplant",
        JobState::Held => "Angehalten",
        JobState::Claimed | JobState::Prepared | JobState::Sending => "Wird gesendet",
        JobState::Reconciling => "Wird geprüft",
        JobState::Published => "Veröffentlicht",
        JobState::Handed => "Sie sind dran",
        JobState::Refused => "Fehlgeschlagen",
        JobState::Missed => "Verpasst",
        JobState::Unsure => "Unklar",
        JobState::Cancelled => "Abgebrochen",
        JobState::Skipped => "Übersprungen",
    },
    error,
    error_title,
    reason,
    many: crate::frame::many::DE,
    today: screens::today::texts::DE,
    calendar: screens::calendar::texts::DE,
    export: screens::export::texts::DE,
    import: screens::import::texts::DE,
    series: screens::series::texts::DE,
    queues: screens::queues::texts::DE,
    comments: screens::compose::comments::texts::DE,
    snippets: screens::snippets::texts::DE,
    zones: screens::zones::texts::DE,
    ideas: screens::ideas::texts::DE,
    library: screens::library::texts::DE,
    crop: screens::crop::texts::DE,
    settings: screens::settings::texts::DE,
    welcome: screens::welcome::texts::DE,
    vault: screens::vault::texts::DE,
    start_error: screens::start_error::texts::DE,
    compose: screens::compose::texts::DE,
    accounts: screens::accounts::texts::DE,
    personas: screens::personas::texts::DE,
};

fn change(kind: ChangeKind, subject: &str, count: u32) -> String {
    let of = |what: &str| if subject.is_empty() { what.to_owned() } else { format!("„{subject}“ {what}") };
    let several = |what: &str| {
        if count == 1 { of(what) } else { format!("{} {what}", counted(count.into(), "Beitrag", "Beiträge")) }
    };
    match kind {
        ChangeKind::NamePerson => "Ihren Namen geändert".to_owned(),
        ChangeKind::AddPersona => of("hinzugefügt"),
        ChangeKind::EditPersona => of("geändert"),
        ChangeKind::DeletePersona | ChangeKind::DeletePost => of("gelöscht"),
        ChangeKind::SetGrace => "Nachfrist eines Kontos geändert".to_owned(),
        ChangeKind::RemoveAccount => "ein Konto entfernt".to_owned(),
        ChangeKind::CreatePost => of("angelegt"),
        ChangeKind::EditPost => of("bearbeitet"),
        ChangeKind::RestoreVersion => of("auf eine frühere Version gebracht"),
        ChangeKind::ImportPosts => format!("{} importiert", counted(count.into(), "Beitrag", "Beiträge")),
        ChangeKind::SchedulePost => of("geplant"),
        ChangeKind::MovePost => of("verschoben"),
        ChangeKind::UnschedulePost => of("aus dem Plan genommen"),
        ChangeKind::HoldPosts => several("angehalten"),
        ChangeKind::ResumePosts => several("fortgesetzt"),
        ChangeKind::MovePosts => several("verschoben"),
        ChangeKind::DeletePosts => several("gelöscht"),
        ChangeKind::UnschedulePosts => several("aus dem Plan genommen"),
        ChangeKind::SetPersona => several("einer anderen Persona gegeben"),
        ChangeKind::RepeatPost => of("als Serie geplant"),
        ChangeKind::EditSeries => of("in der ganzen Serie geändert"),
        ChangeKind::StopSeries => of("als Serie beendet"),
        ChangeKind::AddQueue => of("als Warteschlange angelegt"),
        ChangeKind::EditQueue => of("als Warteschlange geändert"),
        ChangeKind::DeleteQueue => of("als Warteschlange gelöscht"),
        ChangeKind::AddSnippet => of("als Textbaustein angelegt"),
        ChangeKind::EditSnippet => of("als Textbaustein geändert"),
        ChangeKind::DeleteSnippet => of("als Textbaustein gelöscht"),
        ChangeKind::AddComment => of("als Kommentar hinzugefügt"),
        ChangeKind::EditComment => of("als Kommentar geändert"),
        ChangeKind::DeleteComment => of("als Kommentar gelöscht"),
        ChangeKind::ResolveComment => of("als Kommentar erledigt"),
        ChangeKind::ReopenComment => of("als Kommentar wieder geöffnet"),
        ChangeKind::ImportMedia => format!("{} zur Mediathek hinzugefügt", counted(count.into(), "Datei", "Dateien")),
        ChangeKind::FitMedia => of("als Bild angepasst"),
        ChangeKind::EditMedia if count > 1 => format!("{} geordnet", counted(count.into(), "Datei", "Dateien")),
        ChangeKind::EditMedia => of("in der Mediathek geändert"),
        ChangeKind::DeleteMedia if count > 1 => format!("{} gelöscht", counted(count.into(), "Datei", "Dateien")),
        ChangeKind::DeleteMedia => of("aus der Mediathek gelöscht"),
        ChangeKind::AddIdea => of("als Idee notiert"),
        ChangeKind::EditIdea => of("als Idee geändert"),
        ChangeKind::MoveIdea => of("als Idee verschoben"),
        ChangeKind::DeleteIdea => of("als Idee gelöscht"),
        ChangeKind::DraftIdea => of("aus der Idee entworfen"),
        ChangeKind::AddColumn => of("Spalte angelegt"),
        ChangeKind::RenameColumn => of("Spalte umbenannt"),
        ChangeKind::MoveColumn => of("Spalte verschoben"),
        ChangeKind::AddEntry => of("in den Kalender eingetragen"),
        ChangeKind::EditEntry => of("im Kalender geändert"),
        ChangeKind::DeleteEntry => of("aus dem Kalender gelöscht"),
        ChangeKind::DeleteColumn => of("Spalte gelöscht"),
    }
}

fn command(cmd: Cmd) -> &'static str {
    match cmd {
        Cmd::Palette => "Suchen oder Befehl ausführen",
        Cmd::Shortcuts => "Tastenkürzel anzeigen",
        Cmd::UndoLast => "Letzte Änderung rückgängig machen",
        Cmd::RedoLast => "Letzte Änderung wiederholen",
        Cmd::NewPost => "Neuer Beitrag",
        Cmd::NewFromTemplate => "Neuer Beitrag aus einer Vorlage",
        Cmd::ShowSnippets => "Alle Textbausteine zeigen",
        Cmd::ComposeComment => "Beitrag oder Auswahl kommentieren",
        Cmd::ComposeNextComment => "Zum nächsten Kommentar",
        Cmd::ComposeResolveComment => "Kommentar als erledigt markieren",
        Cmd::ComposeMoveLink => "Link in den ersten Kommentar verschieben",
        Cmd::ComposeCard => "Linkkarte hinzufügen oder entfernen",
        Cmd::ComposeFirstComment => "Ersten Kommentar schreiben",
        Cmd::ComposeEmoji => "Emoji einfügen",
        Cmd::ComposeSnippet => "Textbaustein einfügen",
        Cmd::ComposeSignature => "Signatur der Persona anfügen",
        Cmd::ComposeSaveTemplate => "Diesen Beitrag als Vorlage speichern",
        Cmd::ComposeInsertSnippet => "Einen Textbaustein einfügen",
        Cmd::GoToday => "Heute öffnen",
        Cmd::GoCompose => "Schreiben öffnen",
        Cmd::GoCalendar => "Kalender öffnen",
        Cmd::GoAccounts => "Konten öffnen",
        Cmd::GoPersonas => "Personas öffnen",
        Cmd::GoSettings => "Einstellungen öffnen",
        Cmd::ToggleSidebar => "Seitenleiste ein- oder ausklappen",
        Cmd::PausePublishing => "Veröffentlichung pausieren",
        Cmd::ResumePublishing => "Veröffentlichung fortsetzen",
        Cmd::ThemeLight => "Helles Design verwenden",
        Cmd::ThemeDark => "Dunkles Design verwenden",
        Cmd::ThemeSystem => "Design des Systems verwenden",
        Cmd::LanguageEnglish => "Auf Englisch umstellen (English)",
        Cmd::LanguageGerman => "Auf Deutsch umstellen",
        Cmd::OpenSample => "Beispielprofil öffnen",
        Cmd::LeaveSample => "Beispielprofil verlassen",
        Cmd::ImportPosts => "Beiträge aus einer Tabelle importieren",
        Cmd::ExportPosts => "Beiträge als Tabelle, JSON oder Kalender exportieren",
        Cmd::ShowSeries => "Alle Serien zeigen",
        Cmd::ShowQueues => "Alle Warteschlangen zeigen",
        Cmd::GoLibrary => "Zur Mediathek",
        Cmd::LibraryAdd => "Dateien zur Mediathek hinzufügen",
        Cmd::LibraryFilter => "Mediathek durchsuchen",
        Cmd::LibraryNext => "Nächste Datei",
        Cmd::LibraryPrevious => "Vorige Datei",
        Cmd::LibraryUp => "Die Datei darüber",
        Cmd::LibraryDown => "Die Datei darunter",
        Cmd::LibraryLeft => "Die Datei links",
        Cmd::LibraryRight => "Die Datei rechts",
        Cmd::LibraryChoose => "Auch diese Datei auswählen",
        Cmd::LibraryAll => "Alle Dateien auswählen",
        Cmd::LibraryEdit => "Die Datei beschreiben",
        Cmd::ComposeFit => "Bilder für die Netzwerke anpassen, die es brauchen",
        Cmd::ComposeFitAll => "Bilder für alle Konten anpassen",
        Cmd::ComposeCrop => "Ein Bild zuschneiden",
        Cmd::LibraryCrop => "Das Bild zuschneiden",
        Cmd::LibraryDelete => "Die Datei löschen",
        Cmd::ComposeFromLibrary => "Bilder aus der Mediathek hinzufügen",
        Cmd::GoIdeas => "Zu den Ideen",
        Cmd::IdeaNew => "Neue Idee",
        Cmd::IdeaFilter => "Ideen filtern",
        Cmd::IdeaNext => "Nächste Idee",
        Cmd::IdeaPrevious => "Vorige Idee",
        Cmd::IdeaUp => "Die Idee darüber",
        Cmd::IdeaDown => "Die Idee darunter",
        Cmd::IdeaLeft => "Die Spalte links",
        Cmd::IdeaRight => "Die Spalte rechts",
        Cmd::IdeaEdit => "Idee öffnen",
        Cmd::IdeaWrite => "Beitrag zur Idee verfassen",
        Cmd::IdeaMoveUp => "Idee nach oben",
        Cmd::IdeaMoveDown => "Idee nach unten",
        Cmd::IdeaMoveLeft => "Idee eine Spalte nach links",
        Cmd::IdeaMoveRight => "Idee eine Spalte nach rechts",
        Cmd::IdeaDelete => "Idee löschen",
        Cmd::ExportAll => "Alles exportieren",
        Cmd::OpenVault => "Tresor entsperren",
        Cmd::TodayNext | Cmd::CalendarNext => "Nächster Beitrag",
        Cmd::TodayPrevious | Cmd::CalendarPrevious => "Vorheriger Beitrag",
        Cmd::TodayOpen | Cmd::CalendarOpen => "Ausgewählten Beitrag öffnen",
        Cmd::ComposeSchedule => "Planen oder erneut freigeben",
        Cmd::ComposePublishNow => "Jetzt veröffentlichen",
        Cmd::ComposeSignOff => "Freigeben",
        Cmd::ComposeUnschedule => "Planung aufheben",
        Cmd::ComposeHold => "Diesen Beitrag anhalten oder fortsetzen",
        Cmd::CalendarPick => "Ausgewählten Beitrag markieren, um mehrere zu ändern",
        Cmd::CalendarPickAll => "Alle gezeigten Beiträge markieren",
        Cmd::CalendarPickNone => "Markierung aufheben",
        Cmd::CalendarExtendNext => "Auch den nächsten Beitrag markieren",
        Cmd::CalendarExtendPrevious => "Auch den vorigen Beitrag markieren",
        Cmd::CalendarExtendDown => "Auch den Beitrag darunter markieren",
        Cmd::CalendarExtendUp => "Auch den Beitrag darüber markieren",
        Cmd::CalendarEntry => "Notiz oder Termin am ausgewählten Tag",
        Cmd::CalendarMoveTo => "Auf Datum und Uhrzeit verschieben",
        Cmd::CalendarWeekEarlier => "Eine Woche nach vorn verschieben",
        Cmd::CalendarWeekLater => "Eine Woche nach hinten verschieben",
        Cmd::CalendarHold => "Ausgewählten Beitrag anhalten oder fortsetzen",
        Cmd::ComposeQueue => "Auf die nächste freie Zeit planen",
        Cmd::ComposeAddPart => "Teil zum Thread hinzufügen",
        Cmd::ComposeHistory => "Versionen",
        Cmd::ComposeUndo => "Zurückholen, was eben verschwand",
        Cmd::ComposeThread => "Zu langen Text in einen Thread aufteilen",
        Cmd::ComposeNumberedThread => "Zu langen Text in einen nummerierten Thread aufteilen",
        Cmd::ComposeShorten => "Zu langen Text kürzen",
        Cmd::ComposeReencode => "Unpassendes Video neu kodieren",
        Cmd::ComposeCutVideo => "Zu langes Video kürzen und neu kodieren",
        Cmd::ComposeAddImage => "Bild oder Video hinzufügen",
        Cmd::ComposePickTime => "Zeit auswählen",
        Cmd::ComposeEdit => "Text bearbeiten",
        Cmd::ComposeDelete => "Diesen Beitrag löschen",
        Cmd::ComposeDuplicate => "Diesen Beitrag duplizieren",
        Cmd::ComposeNextAccount => "Nächstes Konto",
        Cmd::ComposePreviousAccount => "Vorheriges Konto",
        Cmd::ComposeJobLog => "Verlauf jeder Zustellung anzeigen",
        Cmd::CalendarToday => "Zu heute springen",
        Cmd::CalendarEarlier => "Früherer Monat oder frühere Woche",
        Cmd::CalendarLater => "Späterer Monat oder spätere Woche",
        Cmd::CalendarUp => "Beitrag darüber",
        Cmd::CalendarDown => "Beitrag darunter",
        Cmd::CalendarLeft => "Beitrag an einem früheren Tag",
        Cmd::CalendarRight => "Beitrag an einem späteren Tag",
        Cmd::CalendarDay => "Den ganzen Tag des gewählten Beitrags zeigen",
        Cmd::CalendarLegend => "Zeichen der Zustände erklären",
        Cmd::CalendarMonth => "Monat anzeigen",
        Cmd::CalendarWeek => "Woche anzeigen",
        Cmd::CalendarList => "Liste anzeigen",
        Cmd::CalendarDrafts => "Entwürfe anzeigen",
        Cmd::CalendarFilter => "Nach Text filtern",
        Cmd::CalendarClearFilter => "Alle Filter zurücksetzen",
        Cmd::CalendarDelete => "Ausgewählten Beitrag löschen",
        Cmd::CalendarUnschedule => "Planung des ausgewählten Beitrags aufheben",
        Cmd::CalendarDayEarlier => "Ausgewählten Beitrag einen Tag vorziehen",
        Cmd::CalendarDayLater => "Ausgewählten Beitrag um einen Tag verschieben",
        Cmd::AccountConnectBluesky => "Bluesky-Konto verbinden",
        Cmd::AccountConnectMastodon => "Mastodon-Konto verbinden",
        Cmd::AccountConnect => "Konto verbinden",
        Cmd::AccountNext => "Nächstes Konto",
        Cmd::AccountPrevious => "Vorheriges Konto",
        Cmd::AccountCheck => "Ausgewähltes Konto prüfen",
        Cmd::AccountReconnect => "Ausgewähltes Konto neu verbinden",
        Cmd::AccountRemove => "Ausgewähltes Konto entfernen",
        Cmd::PersonaNew => "Neue Persona",
        Cmd::PersonaNext => "Nächste Persona",
        Cmd::PersonaPrevious => "Vorherige Persona",
        Cmd::PersonaEdit => "Ausgewählte Persona bearbeiten",
        Cmd::PersonaDelete => "Ausgewählte Persona löschen",
        Cmd::SettingsFilter => "Einstellung suchen",
    }
}

fn error_title(code: Code) -> &'static str {
    match code {
        Code::BadRequest => "Ungültige Eingabe",
        Code::UnknownCommand | Code::Internal => "Etwas ist schiefgegangen",
        Code::NotFound => "Nicht mehr vorhanden",
        Code::Rejected => "Das ist nicht möglich",
        Code::VaultMissing => "Es gibt noch keinen Tresor",
        Code::VaultLocked => "Der Tresor ist gesperrt",
        Code::KeyringUnavailable => "Der Schlüsselbund antwortet nicht",
        Code::KeyringDenied => "Der Schlüsselbund verweigert den Zugriff",
        Code::WrongKey => "Falscher Schlüssel",
        Code::WrongCredentials => "Anmeldung fehlgeschlagen",
        Code::Unreachable => "Der Server ist nicht erreichbar",
        Code::AddressNotAllowed => "Diese Adresse ist nicht erlaubt",
        Code::BadAnswer => "Unerwartete Antwort des Servers",
        Code::NetworkRefused => "Vom Netzwerk abgelehnt",
        Code::RateLimited => "Zu viele Anfragen",
        Code::SignInEnded => "Anmeldung nicht abgeschlossen",
        Code::BadImage => "Dieses Bild kann nicht verwendet werden",
        Code::DiskFull => "Der Datenträger ist voll",
        Code::Storage => "Speicherfehler",
        Code::NewerSchema => "Dieses Profil braucht eine neuere Version von Sendoff",
        Code::Corrupt => "Das Profil ist beschädigt",
        Code::ProfileMissing => "Das Profil fehlt",
        Code::ProfileInUse => "Dieses Profil wird bereits verwendet",
        Code::SampleOnly => "Im Beispielprofil nicht verfügbar",
        Code::NothingToUndo => "Zu spät zum Rückgängigmachen",
        Code::Stopped => "Angehalten",
        Code::ProgramMissing => "Ein weiteres Programm wird gebraucht",
    }
}

fn error(error: &ApiError) -> String {
    if let Some(rule) = &error.reject {
        return reject(rule);
    }
    if let Some(file) = error.file {
        return screens::library::refusals::german(file).into();
    }
    match error.code {
        Code::BadRequest => "Diese Eingabe ist ungültig. Prüfen Sie sie und versuchen Sie es erneut.",
        Code::UnknownCommand | Code::Internal => {
            "In Sendoff ist etwas schiefgegangen. Was Sie geschrieben haben, ist gespeichert. Versuchen Sie es erneut; hilft das nicht, starten Sie Sendoff neu."
        }
        Code::NotFound => "Das ist nicht mehr vorhanden. Es wurde inzwischen gelöscht.",
        Code::Rejected => "Das ist nicht möglich.",
        Code::VaultMissing => "Legen Sie zuerst den Tresor an. Er schützt die Anmeldungen Ihrer Konten.",
        Code::VaultLocked => "Der Tresor ist gesperrt. Entsperren Sie ihn und versuchen Sie es erneut.",
        Code::KeyringUnavailable => {
            "Auf diesem Computer antwortet kein Schlüsselbund. Starten Sie ihn und versuchen Sie es erneut, oder verwenden Sie den Wiederherstellungsschlüssel."
        }
        Code::KeyringDenied => "Der Schlüsselbund hat den Zugriff verweigert. Erlauben Sie ihn und versuchen Sie es erneut.",
        Code::WrongKey => "Damit lässt sich der Tresor nicht entsperren. Prüfen Sie die Eingabe Zeichen für Zeichen.",
        Code::WrongCredentials => "Name oder Passwort stimmt nicht. Prüfen Sie beides.",
        Code::Unreachable => "Der Server ist nicht erreichbar. Es wurde nichts geändert. Prüfen Sie die Adresse und Ihre Verbindung, oder versuchen Sie es später erneut.",
        Code::AddressNotAllowed => {
            "Mit dieser Adresse verbindet sich Sendoff nicht. Wenn es Ihr eigener Server ist, erlauben Sie ihn in den Einstellungen."
        }
        Code::BadAnswer => "Der Server hat eine unerwartete Antwort gegeben. Prüfen Sie die Adresse.",
        Code::NetworkRefused => "Das Netzwerk hat die Anfrage abgelehnt. Den Grund finden Sie unter „Details“.",
        Code::RateLimited => "Das Netzwerk begrenzt gerade die Anfragen. Versuchen Sie es in einigen Minuten erneut.",
        Code::SignInEnded => "Die Anmeldung wurde abgebrochen oder hat zu lange gedauert. Starten Sie sie neu.",
        Code::BadImage => "Dieses Bild lässt sich nicht lesen. Speichern Sie es als JPEG oder PNG und versuchen Sie es erneut.",
        Code::DiskFull => "Der Datenträger ist voll. Schaffen Sie Platz und versuchen Sie es erneut.",
        Code::Storage => "Datenträger oder Datenbank haben versagt. Versuchen Sie es noch einmal; hilft das nicht, starten Sie Sendoff neu.",
        Code::NewerSchema => {
            "Dieses Profil wurde mit einem neueren Sendoff geöffnet. Es wurde nichts verändert; installieren Sie die neuere Fassung."
        }
        Code::Corrupt => "Die Datenbank dieses Profils ist beschädigt. Sie wurde nicht verändert. Stellen Sie die letzte Sicherung wieder her.",
        Code::ProfileMissing => "Die Datenbank dieses Profils fehlt. Schließen Sie den Datenträger an oder stellen Sie die letzte Sicherung wieder her.",
        Code::ProfileInUse => "Dieses Profil ist bereits in einem anderen Sendoff geöffnet. Beenden Sie es zuerst.",
        Code::SampleOnly => "Das ist im Beispielprofil nicht möglich. Verlassen Sie es, um mit eigenen Konten zu arbeiten.",
        Code::NothingToUndo => "Das lässt sich nicht mehr rückgängig machen.",
        Code::Stopped => "Angehalten. Es wurde nichts hinzugefügt.",
        Code::ProgramMissing => "Sendoff kodiert Videos mit ffmpeg neu, das auf diesem Computer fehlt. Installieren Sie es (Linux: das Paket ffmpeg Ihres Systems; macOS: brew install ffmpeg; Windows: winget install ffmpeg) und versuchen Sie es erneut.",
    }
    .to_owned()
}

fn reason(reason: &Reason, state: JobState, network: Network) -> String {
    let name = network.name();
    let ends = match state {
        JobState::Unsure => {
            " Sehen Sie im Profil nach, ob er erschienen ist. Erneutes Senden könnte ihn doppelt veröffentlichen."
        }
        JobState::Missed => {
            " Es wurde nichts gesendet. Veröffentlichen Sie ihn jetzt, wählen Sie eine andere Zeit oder überspringen Sie ihn."
        }
        _ => "",
    };
    let text = match reason {
        Reason::RefusedByNetwork { .. } => {
            format!("{name} hat den Beitrag abgelehnt. Ändern Sie ihn und versuchen Sie es erneut.")
        }
        Reason::ReconnectNeeded => {
            format!(
                "{name} akzeptiert die Anmeldung nicht mehr. Verbinden Sie das Konto neu und versuchen Sie es erneut."
            )
        }
        Reason::NeverSent { .. } => format!("{name} war nicht erreichbar. Es wurde nichts gesendet."),
        Reason::RateLimited { .. } => {
            format!("{name} begrenzt gerade die Anfragen. Der Beitrag wird gesendet, sobald es wieder möglich ist.")
        }
        Reason::AnswerLost { .. } => format!("{name} hat nach dem Senden nicht mehr geantwortet."),
        Reason::Interrupted => "Sendoff wurde beendet, während der Beitrag unterwegs war.".into(),
        Reason::NotFoundAfterwards => format!("Der Beitrag wurde gesendet, aber {name} zeigt ihn nicht an."),
        Reason::ChangedAfterSignOff => {
            "Der Beitrag wurde nach der Freigabe geändert. Geben Sie ihn erneut frei.".into()
        }
        Reason::AccountUnavailable => {
            "Das Konto wurde entfernt oder getrennt. Verbinden Sie es neu und versuchen Sie es erneut.".into()
        }
        Reason::NobodyPublishing => {
            "Zum geplanten Zeitpunkt war die Veröffentlichung pausiert, oder Sendoff lief nicht.".into()
        }
        Reason::BreaksRules { .. } => {
            format!("Der Beitrag verstößt gegen eine Regel von {name}. Ändern Sie ihn und versuchen Sie es erneut.")
        }
        Reason::MediaMissing => "Ein Bild des Beitrags fehlt oder ist beschädigt. Fügen Sie es neu hinzu.".into(),
        Reason::OnHold => "Der Beitrag war angehalten, als seine Zeit kam.".into(),
        Reason::ByPerson => "Das haben Sie so entschieden.".into(),
    };
    text + ends
}
