mod command;
mod field;
mod reject;

use contract::changes::ChangeKind;
use contract::{ApiError, Code};
use domain::job::{JobState, Reason};
use domain::network::Network;
use domain::post::PostStatus;

use self::command::command;
use self::reject::reject;
use super::{Frame, Texts, counted};
use crate::screens;
use crate::state::keys::{KeyNames, Scope};
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
        Scope::Approvals => "Genehmigungen",
        Scope::Accounts => "Konten",
        Scope::Personas => "Personas",
        Scope::Team => "Team",
        Scope::Settings => "Einstellungen",
        Scope::Ideas => "Ideen",
        Scope::Library => "Mediathek",
    },
    status: |status| match status {
        PostStatus::Draft => "Entwurf",
        PostStatus::InReview => "In Prüfung",
        PostStatus::ChangesRequested => "Änderung erbeten",
        PostStatus::Rejected => "Abgelehnt",
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
    bring: crate::frame::bring::DE,
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
    team: screens::team::texts::DE,
    approvals: screens::approvals::texts::DE,
    chains: screens::team::chains::texts::DE,
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
        ChangeKind::RenameTeam => "Organisation umbenannt".to_owned(),
        ChangeKind::ChangeMember => "Mitglied geändert".to_owned(),
        ChangeKind::GoAway => "Vertretung bestimmt".to_owned(),
        ChangeKind::AddChain => "Genehmigungskette angelegt".to_owned(),
        ChangeKind::EditChain => "Genehmigungskette geändert".to_owned(),
        ChangeKind::DeleteChain => "Genehmigungskette gelöscht".to_owned(),
        ChangeKind::ReviewPost => of("beurteilt"),
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
        Code::SignedOut => "Sie sind abgemeldet",
        Code::Forbidden => "Das dürfen Sie nicht",
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
        Code::SignedOut => "Ihre Anmeldung an diesem Server ist beendet. Melden Sie sich erneut an; was wartet, wird danach gesendet.",
        Code::Forbidden => "Der Server lässt Sie das nicht tun. Fragen Sie jemanden, der die Organisation verwaltet.",
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
        Reason::NotApproved => "Nicht alle, die dem Beitrag zustimmen müssen, hatten zugestimmt.".into(),
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
