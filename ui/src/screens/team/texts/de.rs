use domain::team::Role;

use super::Texts;
use crate::i18n::counted;

fn changes(count: u64) -> String {
    counted(count, "Änderung", "Änderungen")
}

fn wait(count: u64) -> &'static str {
    if count == 1 { "wartet" } else { "warten" }
}

pub const DE: Texts = Texts {
    title: "Team",
    own: "Ihr eigenes Profil",
    switch: |open| format!("{open}: Profil wechseln"),
    manage: "Team …",
    open_named: |name| format!("{name} öffnen"),
    unsaved: "Etwas, das Sie geschrieben haben, ist noch nicht gespeichert. Speichern oder verwerfen Sie es, bevor Sie wechseln.",
    said_opened: |name| format!("{name} ist geöffnet"),
    waits_short: |count| format!("{} {}", changes(count), wait(count)),
    attention_short: |count| if count == 1 { "1 braucht Sie".to_owned() } else { format!("{count} brauchen Sie") },
    what: "In einer Organisation planen mehrere gemeinsam: Sie sehen denselben Kalender, schreiben an denselben Entwürfen und geben füreinander frei.",
    what_more: "Die Beiträge liegen auf den Computern aller Mitglieder und werden über einen Server ausgetauscht, den Sie oder jemand betreibt, dem Sie vertrauen. Ihr eigenes Profil bleibt auf diesem Computer.",
    teams: "Organisationen",
    no_teams: "Sie gehören noch keiner Organisation an. Gründen Sie eine, oder folgen Sie einer Einladung.",
    open: "Öffnen",
    servers: "Server",
    signed_in_as: |name| format!("Angemeldet als {name}"),
    signed_out: "Abgemeldet",
    sign_in_again: "Erneut anmelden",
    sign_in: "An einem Server anmelden",
    sign_out: "Abmelden",
    sign_out_title: |host| format!("Von {host} abmelden?"),
    sign_out_what: "Seine Organisationen bleiben auf diesem Computer. Bis zur nächsten Anmeldung wird nichts ausgetauscht.",
    sign_out_waits: |count| {
        let sent = if count == 1 { "wird" } else { "werden" };
        format!("{} {} auf den Server und {sent} nach der nächsten Anmeldung gesendet.", changes(count), wait(count))
    },
    said_signed_out: |host| format!("Von {host} abgemeldet"),
    address: "Adresse des Servers",
    address_hint: "Wie Sie sie von den Betreibern haben, zum Beispiel teams.example.org",
    sign_in_how: "Sie melden oder registrieren sich im Browser an. Sendoff sieht Ihr Passwort nie.",
    go_browser: "Weiter im Browser",
    browser_open: |host| {
        format!("Melden Sie sich im Browser bei {host} an. Dieses Fenster macht dann von selbst weiter.")
    },
    said_signed_in: |host| format!("An {host} angemeldet"),
    found: "Organisation gründen",
    found_what: "Sie werden Inhaber und können andere einladen.",
    found_name: "Name",
    found_name_hint: "Alle darin sehen diesen Namen. Er lässt sich später ändern.",
    found_go: "Gründen",
    name_missing: "Geben Sie ihr einen Namen.",
    on_server: "Auf dem Server",
    join: "Organisation beitreten",
    join_code: "Einladung",
    join_code_hint: "Fügen Sie den Link aus der Mail ein, oder den Code, den seine Seite zeigt.",
    join_code_missing: "Fügen Sie den Link oder den Code Ihrer Einladung ein.",
    join_no_server: "Dieser Code sagt nicht, von welchem Server er ist. Fügen Sie den ganzen Link ein, oder melden Sie sich zuerst am Server an.",
    join_go: "Beitreten",
    invited: |host| format!("Sie sind in eine Organisation auf {host} eingeladen"),
    invited_what: "Wenn Sie beitreten, kommen ihre Beiträge als eigenes Profil auf diesen Computer. Ihr eigenes Profil ändert sich nicht, und niemand dort sieht es.",
    invited_sign_in: |host| {
        format!("Dazu müssen Sie sich zuerst an {host} anmelden. Die Einladung gilt für die Adresse, an die sie ging.")
    },
    sub: |role, host| format!("Ihre Rolle: {role} · {host}"),
    rename: "Organisation umbenennen",
    said_renamed: "Organisation umbenannt",
    role: |role| match role {
        Role::Owner => "Inhaber",
        Role::Administrator => "Administrator",
        Role::Approver => "Prüfer",
        Role::Creator => "Redakteur",
        Role::Viewer => "Betrachter",
    },
    role_what: |role| match role {
        Role::Owner => "Darf alles, auch Inhaber ändern.",
        Role::Administrator => "Verwaltet Mitglieder, Personas und Konten, aber keine Inhaber.",
        Role::Approver => "Wie ein Redakteur, und stimmt zu, wo eine Kette Prüfer fragt.",
        Role::Creator => "Schreibt, plant und gibt frei, für bestimmte Personas oder für alle.",
        Role::Viewer => "Sieht die Beiträge bestimmter oder aller Personas und stimmt zu, wo eine Kette ihn nennt.",
    },
    role_label: "Rolle",
    me: "Sie",
    members: "Mitglieder",
    since: |when| format!("seit {when}"),
    all_personas: "Alle Personas",
    no_personas: "Keine Persona",
    personas: "Personas",
    personas_all: "Alle, auch künftige",
    personas_only: "Nur diese",
    personas_none: "Es gibt noch keine Personas.",
    personas_choose: "Wählen Sie mindestens eine Persona, oder alle.",
    more: |name| format!("Weitere Aktionen für {name}"),
    change: "Rolle und Personas ändern",
    change_title: |name| format!("Rolle und Personas von {name}"),
    save: "Speichern",
    said_changed: |name| format!("{name} wurde geändert"),
    remove: "Aus der Organisation entfernen",
    remove_title: |name| format!("{name} entfernen?"),
    remove_what: |name| {
        format!(
            "{name} verliert den Zugang, und die eigenen Computer löschen die Organisation, sobald sie den Server erreichen. Was {name} bis dahin nicht gesendet hatte, geht nicht verloren: Es geht an die, die die Organisation verwalten, und steht ihnen 30 Tage zur Verfügung. Ein Computer, der offline bleibt, behält seine Kopie; niemand kann ihn zwingen, sie zu löschen."
        )
    },
    go_away: "Ich bin abwesend …",
    away_title: "Ich bin abwesend",
    away_what: "Wo eine Kette namentlich nach Ihnen fragt, entscheidet jemand anderes, bis Sie zurück sind. Was die Vertretung gesagt hat, gilt auch danach.",
    deputy: "Vertretung",
    away_last: "Letzter Tag der Abwesenheit",
    away_day_wrong: "Geben Sie einen Tag ein, der noch kommt.",
    said_away: "Ihre Vertretung entscheidet ab jetzt für Sie",
    back: "Ich bin zurück",
    said_back: "Sie entscheiden wieder selbst",
    away_until: |when, name| format!("Abwesend bis {when}. {name} entscheidet."),
    said_removed: |name| format!("{name} wurde entfernt"),
    leave: "Organisation verlassen",
    leave_title: |name| format!("{name} verlassen?"),
    leave_what: "Ihr Profil wird endgültig von diesem Computer gelöscht. Zurück kommen Sie nur, wenn Sie wieder eingeladen werden. Was Sie dort geschrieben haben, bleibt bei den anderen.",
    leave_waits: |count| {
        let sent = if count == 1 { "wird" } else { "werden" };
        format!("{} {} auf den Server und {sent} zuerst gesendet.", changes(count), wait(count))
    },
    leave_last: "Sie sind der einzige Inhaber. Machen Sie zuerst jemand anderen zum Inhaber.",
    said_left: |name| format!("Sie haben {name} verlassen"),
    invitations: "Einladungen",
    no_invitations: "Zurzeit ist niemand eingeladen.",
    invite: "Jemanden einladen",
    invite_title: |name| format!("Zu {name} einladen"),
    invite_what: "Die Person bekommt eine Mail mit einem Link. Er gilt nur für diese Adresse und 7 Tage lang.",
    email: "Mailadresse",
    email_wrong: "Das ist keine Mailadresse.",
    invite_go: "Einladung senden",
    said_invited: |email| format!("Einladung an {email} gesendet"),
    expires: |when| format!("läuft {when} ab"),
    expired: "abgelaufen",
    invite_again: "Erneut senden",
    revoke_named: |email| format!("Einladung von {email} zurückziehen"),
    said_revoked: |email| format!("Einladung von {email} zurückgezogen"),
    needs_server: "Der Server ist gerade nicht erreichbar. Sobald er es ist, steht das wieder hier.",
    needs_sign_in: "Melden Sie sich erneut an, um das zu sehen.",
    devices: "Ihre Computer",
    devices_what: |host| format!("An {host} mit Ihrem Namen angemeldet. Melden Sie ab, was Sie nicht mehr verwenden."),
    this_device: "dieser Computer",
    seen: |when| format!("zuletzt gesehen {when}"),
    device_rename: |name| format!("{name} umbenennen"),
    device_name: "Name des Computers",
    device_revoke: "Abmelden",
    device_revoke_title: |name| format!("{name} abmelden?"),
    device_revoke_what: "Er wird endgültig abgemeldet, sobald er den Server erreicht. Seine Organisationen bleiben darauf, bis sich dort wieder jemand anmeldet.",
    said_device_renamed: "Computer umbenannt",
    said_device_revoked: |name| format!("{name} ist abgemeldet"),
    sync: "Austausch mit dem Server",
    sync_starting: "Noch nicht ausgetauscht",
    sync_exchanging: "Wird ausgetauscht …",
    sync_up_to_date: "Auf dem neuesten Stand",
    sync_sending: |count| format!("{} {}", changes(count), wait(count)),
    sync_offline: |since| format!("Offline seit {since}"),
    sync_waits: |count, since| format!("{} {}: offline seit {since}", changes(count), wait(count)),
    sync_signed_out: |count| match count {
        0 => "Erneut anmelden".to_owned(),
        _ => format!("Erneut anmelden: {} {}", changes(count), wait(count)),
    },
    sync_too_old: "Sendoff aktualisieren",
    sync_server_too_old: |count| match count {
        0 => "Der Server muss aktualisiert werden".to_owned(),
        _ => format!("Der Server muss aktualisiert werden: {} {}", changes(count), wait(count)),
    },
    sync_stuck: "Steckt fest",
    sync_revoked: "Kein Mitglied mehr",
    explain_starting: "Seit dem Start von Sendoff wurde noch nichts ausgetauscht. Das beginnt von selbst.",
    explain_exchanging: "Gerade werden Änderungen ausgetauscht.",
    explain_live: "Was andere ändern, kommt sofort.",
    explain_not_live: "Was andere ändern, kommt innerhalb von Sekunden: Etwas auf dem Weg zum Server hält zurück, was er meldet.",
    explain_up_to_date: |when| {
        format!("Alles, was hier ist, ist auch auf dem Server, und umgekehrt. Zuletzt ausgetauscht {when}.")
    },
    explain_offline: |host, since| {
        format!(
            "{host} antwortet seit {since} nicht. Sie können weiterarbeiten; Sendoff versucht es von selbst erneut."
        )
    },
    explain_signed_out: |host| {
        format!(
            "Ihre Anmeldung an {host} ist beendet. Sie können weiterarbeiten; was wartet, wird nach der nächsten Anmeldung gesendet."
        )
    },
    explain_too_old: |host| {
        format!(
            "{host} spricht eine neuere Sprache als dieses Sendoff. Installieren Sie die neuere Fassung; bis dahin wird nichts ausgetauscht, und nichts geht verloren."
        )
    },
    explain_server_too_old: |host| {
        format!(
            "{host} kennt noch nicht, was diese Fassung von Sendoff kann. Sie können weiterarbeiten; was wartet, wird gesendet, sobald der Server aktualisiert ist."
        )
    },
    explain_stuck: "Dieser Computer und der Server kennen verschiedene Verläufe, oder der Datenträger versagt. Nichts ist verloren, und nichts wird ausgetauscht. Im Protokoll steht, was geschah; zeigen Sie es den Betreibern des Servers.",
    explain_revoked: "Sie gehören dieser Organisation nicht mehr an. Was Sie nicht gesendet hatten, ging an die, die sie verwalten.",
    exchange_now: "Jetzt austauschen",
    waiting: "Wartet auf den Server",
    waiting_none: "Nichts wartet.",
    waiting_more: |count| format!("und {count} weitere"),
    doubtful: "Wird vielleicht abgelehnt: Jemand hat inzwischen dasselbe geändert",
    made: |when| format!("gemacht {when}"),
    change_of: |what| match what {
        "create_post" | "draft_idea" | "import_posts" => "Neuer Beitrag",
        "edit_draft" => "Text eines Beitrags",
        "restore_version" => "Wiederhergestellte Version",
        "delete_post" | "delete_posts" | "discard_posts" => "Gelöschter Beitrag",
        "restore_post" | "restore_posts" | "put_back_posts" => "Zurückgeholter Beitrag",
        "schedule_post" | "move_posts" => "Zeit eines Beitrags",
        "unschedule" | "unschedule_posts" => "Aus dem Plan genommener Beitrag",
        "hold_posts" => "Angehaltener Beitrag",
        "resume_posts" => "Fortgesetzter Beitrag",
        "speak_posts" => "Persona eines Beitrags",
        "sign_off" => "Freigabe",
        "settle_merge" => "Zusammenführung gelesen",
        "add_chain" | "edit_chain" | "delete_chain" => "Genehmigungskette",
        "approve" => "Zustimmung",
        "request_changes" => "Bitte um Änderungen",
        "reject" => "Ablehnung",
        "override" => "Übergangene Kette",
        "withdraw_review" => "Zurückgezogene Entscheidung",
        "recount" => "Zustimmungen neu gezählt",
        "start_series" | "extend_series" | "edit_series" | "drop_series" | "stop_series" | "resume_series" => "Serie",
        "add_comment" | "edit_comment" | "delete_comment" | "restore_comment" | "resolve_comment"
        | "reopen_comment" => "Kommentar",
        "add_persona" | "edit_persona" | "delete_persona" | "restore_persona" => "Persona",
        "add_queue" | "edit_queue" | "delete_queue" | "restore_queue" => "Warteschlange",
        "add_snippet" | "edit_snippet" | "delete_snippet" | "restore_snippet" => "Textbaustein",
        "add_idea" | "edit_idea" | "move_idea" | "delete_idea" | "restore_idea" | "undraft_idea" => "Idee",
        "add_column" | "rename_column" | "move_column" | "delete_column" => "Spalte für Ideen",
        "add_entry" | "edit_entry" | "delete_entry" | "restore_entry" => "Kalendereintrag",
        "connect_account" | "record_profile" | "record_health" | "reconnect" | "set_grace" | "remove_account"
        | "restore_account" => "Konto",
        "add_media" | "import_media" | "fit_media" | "edit_media" | "file_media" | "delete_media" | "restore_media" => {
            "Datei"
        }
        "add_member" | "change_role" | "grant_personas" | "remove_member" | "leave" => "Mitglied",
        "found_organisation" | "rename_organisation" => "Organisation",
        "name_person" => "Ihr Name",
        "claim" | "prepare" | "begin_send" | "report" | "lose_answer" | "looked_up" | "release" | "hand_over"
        | "miss" | "stop" | "decide" => "Zustellung",
        _ => "Änderung",
    },
    attention: "Vom Server abgelehnt",
    attention_what: "Der Server hat diese Änderungen nicht angenommen. Ihre Worte sind hier, bis Sie entscheiden.",
    refused: |when| format!("abgelehnt {when}"),
    refused_unknown: "Der Grund stammt aus einer anderen Fassung von Sendoff.",
    post_gone: "Der Beitrag ist nicht mehr da",
    words: "Was Sie geschrieben hatten",
    copy_words: "Worte kopieren",
    keep: "Als Entwurf behalten",
    discard: "Verwerfen",
    discard_title: "Diese Worte verwerfen?",
    discard_what: "Sie stehen nirgendwo sonst. Das lässt sich nicht rückgängig machen.",
    said_kept: "Als Entwurf behalten",
    said_discarded: "Verworfen",
    settings_shared: "Diese Einstellungen gehören Ihnen und gelten in allen Ihren Profilen, auch in diesem.",
    no_accounts_role: "Inhaber und Administratoren verbinden und entfernen die Konten dieser Organisation.",
    no_personas_role: "Inhaber und Administratoren ändern die Personas dieser Organisation.",
    own_profile_open: "Eigenes Profil öffnen",
    name_of_team: "Name der Organisation",
};
