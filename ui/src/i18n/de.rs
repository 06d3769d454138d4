use contract::{ApiError, Code};
use domain::Reject;
use domain::job::{JobState, Reason};
use domain::network::Network;
use domain::post::PostStatus;
use domain::reject::Field;

use super::{Frame, Texts, counted};
use crate::screens;
use crate::state::keys::{Cmd, Scope};
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
        paused: |since| format!("Veröffentlichen pausiert seit {since}"),
        resume: "Fortsetzen",
        clock_jumped: |by| format!("Die Uhr ist um {by} gesprungen. Bis Sie nachgesehen haben, geht nichts hinaus."),
        clock_looked: "Die Zeit stimmt",
        elsewhere: "Ein anderes Sendoff veröffentlicht für dieses Profil",
        sample_state: "Aus dem Beispielprofil wird nichts veröffentlicht",
        vault_closed: "Der Tresor ist zu: Beiträge warten",
        vault_open: "Tresor öffnen",
        sample_banner: "Beispielprofil: Nichts hier ist echt.",
        sample_leave: "Verlassen",
        palette_open: "Suchen oder Befehl ausführen",
        palette_hint: "Beiträge suchen oder Befehl ausführen",
        palette_label: "Befehle und Beiträge",
        palette_commands: "Überall",
        palette_here: "Auf dieser Seite",
        palette_posts: "Beiträge",
        palette_nothing: |query| format!("Nichts heißt „{query}“. Weniger Buchstaben helfen oft."),
        palette_count: |n| counted(n as u64, "Treffer", "Treffer"),
        palette_keys: "↑ ↓ wählen, ↵ ausführen, Esc schließen",
        shortcuts: "Tastenkürzel",
        then: "dann",
        undo: "Rückgängig",
        undone: "Rückgängig gemacht",
        nothing_to_undo: "Es gibt nichts rückgängig zu machen.",
        close: "Schließen",
        cancel: "Abbrechen",
        done: "Fertig",
        delete: "Löschen",
        back: "Zurück",
        next: "Weiter",
        retry: "Noch einmal",
        details: "Einzelheiten",
        loading: "Wird geladen",
        copy: "Kopieren",
        copied: "Kopiert",
        show: "Zeigen",
        hide: "Verbergen",
        more: "Mehr",
        optional: "freiwillig",
        no_persona: "Keine Persona",
        no_time: "noch keine Zeit",
        edited: |when| format!("geändert {when}"),
        kept_running: "Sendoff hat weiter veröffentlicht, während das Fenster zu war.",
        refresh_failed: "Vielleicht nicht mehr aktuell: Das Auffrischen ist fehlgeschlagen.",
        zone_label: "Zeitzone",
        zone_own: |zone| format!("Die dieses Computers ({zone})"),
        zone_none: "Eine Zeitzone dieses Namens gibt es nicht. Wählen Sie eine aus der Liste, etwa Europe/Oslo.",
        healthy: "in Ordnung",
        reconnect_needed: "neu verbinden",
        unreachable: "antwortet nicht",
        ends: |when| format!("endet {when}"),
        sample_account: "Beispiel",
        job_log: "Was geschah",
        job_log_empty: "Mit dieser Zustellung ist noch nichts geschehen.",
        job_log_raw: "Wortlaut des Netzwerks",
        open_on_network: "Öffnen",
        paused_now: "Veröffentlichen ist pausiert",
        resumed_now: "Es wird wieder veröffentlicht",
        exported: |posts, path| format!("{} geschrieben nach {path}", counted(posts, "Beitrag", "Beiträge")),
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
    },
    status: |status| match status {
        PostStatus::Draft => "Entwurf",
        PostStatus::InReview => "In Prüfung",
        PostStatus::Scheduled => "Geplant",
        PostStatus::Publishing => "Geht hinaus",
        PostStatus::Published => "Veröffentlicht",
        PostStatus::Unsure => "Unklar",
        PostStatus::Missed => "Verpasst",
        PostStatus::Failed => "Fehlgeschlagen",
    },
    job_state: |state| match state {
        JobState::Scheduled => "Geplant",
        JobState::Claimed | JobState::Prepared | JobState::Sending => "Geht hinaus",
        JobState::Reconciling => "Wird geprüft",
        JobState::Published => "Veröffentlicht",
        JobState::Refused => "Fehlgeschlagen",
        JobState::Missed => "Verpasst",
        JobState::Unsure => "Unklar",
        JobState::Cancelled => "Abgesagt",
        JobState::Skipped => "Übergangen",
    },
    error,
    error_title,
    reason,
    today: screens::today::texts::DE,
    calendar: screens::calendar::texts::DE,
    settings: screens::settings::texts::DE,
    welcome: screens::welcome::texts::DE,
    vault: screens::vault::texts::DE,
    start_error: screens::start_error::texts::DE,
    compose: screens::compose::texts::DE,
    accounts: screens::accounts::texts::DE,
    personas: screens::personas::texts::DE,
};

fn command(cmd: Cmd) -> &'static str {
    match cmd {
        Cmd::Palette => "Suchen oder Befehl ausführen",
        Cmd::Shortcuts => "Tastenkürzel zeigen",
        Cmd::UndoLast => "Letzte Änderung rückgängig machen",
        Cmd::NewPost => "Neuer Beitrag",
        Cmd::GoToday => "Zu Heute",
        Cmd::GoCompose => "Zum Schreiben",
        Cmd::GoCalendar => "Zum Kalender",
        Cmd::GoAccounts => "Zu den Konten",
        Cmd::GoPersonas => "Zu den Personas",
        Cmd::GoSettings => "Zu den Einstellungen",
        Cmd::ToggleSidebar => "Seitenleiste ein- oder ausklappen",
        Cmd::PausePublishing => "Veröffentlichen pausieren",
        Cmd::ResumePublishing => "Veröffentlichen fortsetzen",
        Cmd::ThemeLight => "Helles Erscheinungsbild",
        Cmd::ThemeDark => "Dunkles Erscheinungsbild",
        Cmd::ThemeSystem => "Erscheinungsbild des Systems",
        Cmd::LanguageEnglish => "Englisch sprechen (English)",
        Cmd::LanguageGerman => "Deutsch sprechen",
        Cmd::OpenSample => "Beispielprofil öffnen",
        Cmd::LeaveSample => "Beispielprofil verlassen",
        Cmd::ExportAll => "Alles exportieren",
        Cmd::OpenVault => "Tresor öffnen",
        Cmd::TodayNext | Cmd::CalendarNext => "Nächster Beitrag",
        Cmd::TodayPrevious | Cmd::CalendarPrevious => "Voriger Beitrag",
        Cmd::TodayOpen | Cmd::CalendarOpen => "Gewählten Beitrag öffnen",
        Cmd::ComposeSchedule => "Planen oder erneut freigeben",
        Cmd::ComposePublishNow => "Jetzt veröffentlichen",
        Cmd::ComposeSignOff => "Freigeben",
        Cmd::ComposeUnschedule => "Aus dem Plan nehmen",
        Cmd::ComposeAddPart => "Teil an den Faden hängen",
        Cmd::ComposeAddImage => "Bild hinzufügen",
        Cmd::ComposePickTime => "Zeit wählen",
        Cmd::ComposeEdit => "Text bearbeiten",
        Cmd::ComposeDelete => "Diesen Beitrag löschen",
        Cmd::ComposeDuplicate => "Diesen Beitrag verdoppeln",
        Cmd::ComposeNextAccount => "Nächstes Konto",
        Cmd::ComposePreviousAccount => "Voriges Konto",
        Cmd::ComposeJobLog => "Zeigen, was mit jeder Zustellung geschah",
        Cmd::CalendarToday => "Zu heute springen",
        Cmd::CalendarEarlier => "Früherer Monat oder frühere Woche",
        Cmd::CalendarLater => "Späterer Monat oder spätere Woche",
        Cmd::CalendarUp => "Beitrag darüber",
        Cmd::CalendarDown => "Beitrag darunter",
        Cmd::CalendarLeft => "Beitrag an einem früheren Tag",
        Cmd::CalendarRight => "Beitrag an einem späteren Tag",
        Cmd::CalendarDay => "Den ganzen Tag des gewählten Beitrags zeigen",
        Cmd::CalendarLegend => "Zeichen der Zustände erklären",
        Cmd::CalendarMonth => "Monat zeigen",
        Cmd::CalendarWeek => "Woche zeigen",
        Cmd::CalendarList => "Liste zeigen",
        Cmd::CalendarDrafts => "Entwürfe zeigen",
        Cmd::CalendarFilter => "Nach Text filtern",
        Cmd::CalendarClearFilter => "Alle Filter löschen",
        Cmd::CalendarDelete => "Gewählten Beitrag löschen",
        Cmd::CalendarUnschedule => "Gewählten Beitrag aus dem Plan nehmen",
        Cmd::CalendarDayEarlier => "Gewählten Beitrag einen Tag vorziehen",
        Cmd::CalendarDayLater => "Gewählten Beitrag einen Tag verschieben",
        Cmd::AccountConnectBluesky => "Bluesky-Konto verbinden",
        Cmd::AccountConnectMastodon => "Mastodon-Konto verbinden",
        Cmd::AccountConnect => "Konto verbinden",
        Cmd::AccountNext => "Nächstes Konto",
        Cmd::AccountPrevious => "Voriges Konto",
        Cmd::AccountCheck => "Gewähltes Konto prüfen",
        Cmd::AccountReconnect => "Gewähltes Konto neu verbinden",
        Cmd::AccountRemove => "Gewähltes Konto entfernen",
        Cmd::PersonaNew => "Neue Persona",
        Cmd::PersonaNext => "Nächste Persona",
        Cmd::PersonaPrevious => "Vorige Persona",
        Cmd::PersonaEdit => "Gewählte Persona bearbeiten",
        Cmd::PersonaDelete => "Gewählte Persona löschen",
        Cmd::SettingsFilter => "Einstellung finden",
    }
}

fn error_title(code: Code) -> &'static str {
    match code {
        Code::BadRequest | Code::UnknownCommand | Code::Internal => "Sendoff hat einen Fehler gemacht",
        Code::NotFound => "Das gibt es nicht mehr",
        Code::Rejected => "Das geht so nicht",
        Code::VaultMissing => "Es gibt noch keinen Tresor",
        Code::VaultLocked => "Der Tresor ist verschlossen",
        Code::KeyringUnavailable => "Der Schlüsselbund antwortet nicht",
        Code::KeyringDenied => "Der Schlüsselbund lehnt ab",
        Code::WrongKey => "Der Schlüssel passt nicht",
        Code::WrongCredentials => "Die Anmeldung wurde abgelehnt",
        Code::Unreachable => "Der Server ist nicht erreichbar",
        Code::AddressNotAllowed => "Diese Adresse ist nicht erlaubt",
        Code::BadAnswer => "Die Antwort des Servers ergab keinen Sinn",
        Code::NetworkRefused => "Das Netzwerk lehnt ab",
        Code::RateLimited => "Zu viele Anfragen",
        Code::SignInEnded => "Die Anmeldung wurde nicht beendet",
        Code::BadImage => "Dieses Bild ist nicht verwendbar",
        Code::DiskFull => "Der Datenträger ist voll",
        Code::Storage => "Datenträger oder Datenbank haben versagt",
        Code::NewerSchema => "Dieses Profil gehört einem neueren Sendoff",
        Code::Corrupt => "Das Profil ist beschädigt",
        Code::ProfileMissing => "Das Profil fehlt",
        Code::ProfileInUse => "Ein anderes Sendoff benutzt dieses Profil",
        Code::SampleOnly => "Nicht im Beispielprofil",
        Code::NothingToUndo => "Zu spät für Rückgängig",
    }
}

fn error(error: &ApiError) -> String {
    if let Some(rule) = &error.reject {
        return reject(rule);
    }
    match error.code {
        Code::BadRequest | Code::UnknownCommand | Code::Internal => {
            "In Sendoff ist etwas schiefgegangen. Was Sie geschrieben haben, ist gespeichert. Versuchen Sie es noch einmal; hilft das nicht, starten Sie Sendoff neu."
        }
        Code::NotFound => "Das gibt es nicht mehr: Es wurde inzwischen gelöscht.",
        Code::Rejected => "Das geht so nicht.",
        Code::VaultMissing => "Legen Sie zuerst den Tresor an: Dort werden Zugangsdaten verschlossen.",
        Code::VaultLocked => "Der Tresor ist verschlossen. Öffnen Sie ihn und versuchen Sie es noch einmal.",
        Code::KeyringUnavailable => {
            "Auf diesem Computer antwortet kein Schlüsselbund. Melden Sie sich am Schreibtisch an oder schützen Sie den Tresor mit einem Kennsatz."
        }
        Code::KeyringDenied => "Der Schlüsselbund hat den Zugriff abgelehnt. Erlauben Sie ihn und versuchen Sie es noch einmal.",
        Code::WrongKey => "Dieser Schlüssel öffnet den Tresor nicht. Prüfen Sie ihn Zeichen für Zeichen.",
        Code::WrongCredentials => "Das Netzwerk hat Namen oder Kennwort nicht angenommen. Prüfen Sie beides.",
        Code::Unreachable => "Der Server ist nicht erreichbar. Es wurde nichts geändert; versuchen Sie es später noch einmal.",
        Code::AddressNotAllowed => {
            "Zu dieser Adresse verbindet sich Sendoff nicht. Ist es Ihr eigener Server, tragen Sie ihn in den Einstellungen ein."
        }
        Code::BadAnswer => "Der Server hat etwas geantwortet, das nicht zu seinem Protokoll passt. Prüfen Sie die Adresse.",
        Code::NetworkRefused => "Das Netzwerk hat abgelehnt. Seine Worte stehen in den Einzelheiten.",
        Code::RateLimited => "Das Netzwerk bittet um Geduld. Versuchen Sie es in einigen Minuten noch einmal.",
        Code::SignInEnded => "Die Anmeldung wurde abgebrochen oder dauerte zu lange. Beginnen Sie sie neu.",
        Code::BadImage => "Dieses Bild lässt sich nicht lesen. Speichern Sie es als JPEG oder PNG und versuchen Sie es noch einmal.",
        Code::DiskFull => "Auf dem Datenträger ist kein Platz mehr. Schaffen Sie Platz und versuchen Sie es noch einmal.",
        Code::Storage => "Datenträger oder Datenbank haben versagt. Versuchen Sie es noch einmal; hilft das nicht, starten Sie Sendoff neu.",
        Code::NewerSchema => {
            "Dieses Profil wurde mit einem neueren Sendoff geöffnet. Es wurde nichts verändert; installieren Sie die neuere Fassung."
        }
        Code::Corrupt => "Die Datenbank dieses Profils ist beschädigt. Sie wurde nicht verändert; holen Sie die letzte Sicherung zurück.",
        Code::ProfileMissing => "Den Ordner dieses Profils gibt es nicht. Stecken Sie den Datenträger an oder wählen Sie einen anderen Ordner.",
        Code::ProfileInUse => "Ein anderes Sendoff arbeitet mit diesem Profil. Beenden Sie es zuerst.",
        Code::SampleOnly => "Das ist im Beispielprofil nicht möglich. Verlassen Sie es, um mit eigenen Konten zu arbeiten.",
        Code::NothingToUndo => "Es gibt nichts rückgängig zu machen, oder die zehn Sekunden sind um.",
    }
    .to_owned()
}

fn field(field: Field) -> &'static str {
    match field {
        Field::Name => "Der Name",
        Field::Voice => "Die Stimme",
        Field::Audience => "Das Publikum",
        Field::Accounts => "Die Liste der Konten",
        Field::Title => "Der Titel",
        Field::Text => "Der Text",
        Field::Parts => "Die Liste der Teile",
        Field::Images => "Die Liste der Bilder",
        Field::AltText => "Die Bildbeschreibung",
        Field::ContentWarning => "Die Inhaltswarnung",
        Field::Grace => "Die Nachfrist",
    }
}

fn reject(reject: &Reject) -> String {
    match reject {
        Reject::NotFound => "Das gibt es nicht mehr.".into(),
        Reject::Exists => "Das gibt es schon.".into(),
        Reject::Stale { .. } => "Das wurde inzwischen an anderer Stelle geändert.".into(),
        Reject::Empty { field: which } => format!("{} darf nicht leer sein.", field(*which)),
        Reject::TooLong { field: which, measured, limit } => {
            format!("{} ist zu lang: {measured}, erlaubt sind {limit}.", field(*which))
        }
        Reject::Repeated { .. } => "Dasselbe Konto ist zweimal genannt.".into(),
        Reject::AccountUnavailable { .. } => "Ein Konto dieses Beitrags ist entfernt oder nicht verbunden.".into(),
        Reject::NoAccounts => "Wählen Sie mindestens ein Konto.".into(),
        Reject::BreaksRules { .. } => "Das passt nicht zu den Regeln eines Netzwerks.".into(),
        Reject::MediaMissing => "Ein Bild dieses Beitrags fehlt.".into(),
        Reject::Schedule { .. } => "Diese Zeit oder Zeitzone gibt es nicht.".into(),
        Reject::InThePast => "Diese Zeit ist vorbei.".into(),
        Reject::AlreadySent => "Der Beitrag geht schon hinaus.".into(),
        Reject::NotScheduled => "Der Beitrag ist nicht geplant.".into(),
        Reject::NotSignedOff => "Der Beitrag ist nicht freigegeben.".into(),
        Reject::ChangedAfterSignOff => "Der Beitrag wurde nach der Freigabe geändert.".into(),
        Reject::TooLate => "Die Nachfrist ist vorbei.".into(),
        Reject::NothingToSend => "Es gibt nichts zu senden.".into(),
        // the publisher's own conversation; no person asked for these
        other => format!("Das ist gerade nicht möglich ({other})."),
    }
}

fn reason(reason: &Reason, state: JobState, network: Network) -> String {
    let name = network.name();
    let ends = match state {
        JobState::Unsure => {
            " Sehen Sie im Profil nach und sagen Sie, ob er dort steht. Noch einmal senden könnte ihn doppelt veröffentlichen."
        }
        JobState::Missed => {
            " Es wurde nichts gesendet. Veröffentlichen Sie ihn jetzt, wählen Sie eine andere Zeit oder lassen Sie es."
        }
        _ => "",
    };
    let text = match reason {
        Reason::RefusedByNetwork { .. } => {
            format!("{name} hat den Beitrag abgelehnt. Ändern Sie ihn und versuchen Sie es noch einmal.")
        }
        Reason::ReconnectNeeded => {
            format!(
                "{name} nimmt die Anmeldung nicht mehr an. Verbinden Sie das Konto neu und versuchen Sie es noch einmal."
            )
        }
        Reason::NeverSent { .. } => format!("{name} war nicht erreichbar, es wurde also nichts gesendet."),
        Reason::RateLimited { .. } => {
            format!("{name} bittet um Geduld. Der Beitrag geht hinaus, sobald es erlaubt ist.")
        }
        Reason::AnswerLost { .. } => format!("{name} hat nach dem Senden nicht mehr geantwortet."),
        Reason::Interrupted => "Sendoff wurde beendet, während der Beitrag unterwegs war.".into(),
        Reason::NotFoundAfterwards => format!("Der Beitrag wurde gesendet, und {name} zeigt ihn nicht."),
        Reason::ChangedAfterSignOff => {
            "Der Beitrag wurde nach der Freigabe geändert. Geben Sie ihn erneut frei.".into()
        }
        Reason::AccountUnavailable => {
            "Das Konto wurde entfernt oder getrennt. Verbinden Sie es neu und versuchen Sie es noch einmal.".into()
        }
        Reason::NobodyPublishing => "Zu seiner Zeit war das Veröffentlichen pausiert, oder Sendoff lief nicht.".into(),
        Reason::BreaksRules { .. } => {
            format!("Der Beitrag verletzt eine Regel von {name}. Ändern Sie ihn und versuchen Sie es noch einmal.")
        }
        Reason::MediaMissing => "Ein Bild des Beitrags fehlt oder ist beschädigt. Fügen Sie es neu hinzu.".into(),
        Reason::ByPerson => "Das haben Sie entschieden.".into(),
    };
    text + ends
}
