use contract::emoji::EmojiGroup;
use domain::network::Network;
use domain::text::rule::{per_second, seconds, shape};
use domain::text::{Fix, Rule, Step, Unfit};

use super::{Texts, listed, names};
use crate::i18n::grouped;

pub const DE: Texts = Texts {
    // the header
    new_post: "Neuer Beitrag",
    rename: "Beitrag benennen",
    title: "Name",
    title_hint: "Nur für Sie, wird nie veröffentlicht. Wenn leer, wird die erste Zeile des Textes angezeigt.",
    blank: "Noch nichts geschrieben",
    saving: "wird gespeichert…",
    saved: |when| format!("gespeichert {when}"),
    saved_plain: "gespeichert",
    not_saved_short: "nicht gespeichert",
    conflict_short: "nicht gespeichert: anderswo geändert",
    more: "Mehr",
    schedule: "Planen",
    move_to: "Verschieben",
    sign_off: "Änderungen freigeben",
    change_time: "Zeit ändern",
    decide: "Entscheiden",
    write_again: "In neuen Beitrag kopieren",
    publish_now: "Jetzt veröffentlichen",
    publish_now_what: |accounts| {
        let to = if accounts == 1 { "ein Konto".to_owned() } else { format!("{accounts} Konten") };
        format!("Der Beitrag geht sofort an {to}. Das lässt sich hier nicht rückgängig machen.")
    },
    said_scheduled: |when| format!("Geplant für {when}"),
    said_publishing: "Wird jetzt veröffentlicht",
    said_settled: "Als gelesen markiert",
    said_signed: "Änderungen freigegeben",
    said_unscheduled: "Planung aufgehoben",
    said_deleted: "Beitrag gelöscht",
    said_duplicated: "In einen neuen Entwurf kopiert",
    // saving
    not_saved: "Nicht gespeichert.",
    retried: "Ihr Text ist noch da. Sendoff versucht weiter, ihn zu speichern.",
    kept_here: "Ihr Text ist noch da. Lassen Sie dieses Fenster geöffnet.",
    unsaved: |count| match count {
        1 => "Ein Text ist nicht gespeichert".to_owned(),
        _ => format!("{count} Texte sind nicht gespeichert"),
    },
    save_as_new: "Als neuen Beitrag speichern",
    not_done: "Das hat nicht geklappt.",
    conflict: "Dieser Beitrag wurde anderswo geändert, während Sie geschrieben haben",
    conflict_what: "Beide Fassungen sind da. Nichts wird verworfen, bevor Sie sich entscheiden.",
    version_mine: "Ihre Fassung",
    version_theirs: "Gespeicherte Fassung",
    keep_mine: "Meine behalten",
    take_theirs: "Gespeicherte übernehmen",
    keep_both: "Beide behalten: meine als neuen Beitrag speichern",
    on_hold: "Angehalten: Der Beitrag behält seine Zeit und erscheint erst, wenn Sie ihn fortsetzen.",
    here_too: |names| match names {
        [] => String::new(),
        [one] => format!("{one} ist auch hier"),
        [one, two] => format!("{one} und {two} sind auch hier"),
        [one, two, three] => format!("{one}, {two} und {three} sind auch hier"),
        [one, two, more @ ..] => format!("{one}, {two} und {} weitere sind auch hier", more.len()),
    },
    merge_by: |name| format!("{name} und noch jemand haben dieselben Worte geändert."),
    merge_by_me: "Sie und noch jemand haben dieselben Worte geändert.",
    merge_by_somebody: "Zwei haben dieselben Worte geändert.",
    merge_check: "Beides steht jetzt da. Bitte prüfen Sie es.",
    merged_mark: "Zusammengeführt: bitte prüfen",
    merge_compare: "Vergleichen",
    merge_title: "Zwei haben dieselben Worte geändert",
    merge_what: "Jede Fassung ist mit dem verglichen, womit beide begonnen haben. Nichts ist verloren: Alle stehen unter „Versionen“.",
    merge_unchanged: "Nichts geändert.",
    merge_as_before: "Steht da wie zuvor.",
    merge_right: "So ist es richtig",
    merge_take_theirs: "Frühere Fassung nehmen",
    merge_take_mine: |own| if own { "Ihre Fassung nehmen" } else { "Spätere Fassung nehmen" },
    merge_first: "Zwei haben dieselben Worte geändert. Lesen Sie zuerst, was daraus geworden ist.",
    version_of: |name| format!("Fassung von {name}"),
    version_last: "Die spätere Fassung",
    version_theirs_was: "Die frühere Fassung",
    version_now: "Was jetzt dasteht",
    in_review: "Sie haben den Beitrag nach der Freigabe geändert. Er wird erst veröffentlicht, wenn Sie die Änderungen freigeben.",
    locked_published: "Dieser Beitrag ist veröffentlicht und lässt sich hier nicht mehr ändern. Kopieren Sie ihn stattdessen in einen neuen.",
    locked_publishing: "Dieser Beitrag wird gerade gesendet und lässt sich nicht mehr ändern.",
    taken_part: "Teil entfernt.",
    taken_comment: "Erster Kommentar entfernt.",
    taken_image: "Bild entfernt.",
    taken_account: "Konto mit seinem eigenen Text entfernt.",
    taken_own: "Dieses Konto verwendet wieder den gemeinsamen Text.",
    taken_joined: "Teile verbunden.",
    taken_divided: |parts| format!("In {parts} Teile aufgeteilt."),
    taken_shortened: "Text gekürzt.",
    taken_fitted: "Bild angepasst.",
    taken_fitted_own: "Bild angepasst, wo es nötig war; die anderen behalten ihres. Den Text teilen weiter alle.",
    taken_video: "Video neu kodiert.",
    // accounts and their texts
    accounts: "Konten",
    account: "Konto",
    no_accounts: "Noch ist kein Konto verbunden.",
    connect_account: "Konto verbinden",
    choose_accounts: "Konto: wählen, wo veröffentlicht wird",
    note_own: "eigener Text",
    note_own_images: "eigene Bilder",
    note_reconnect: "neu verbinden",
    note_removed: "entfernt",
    layers: "Text für",
    layer_base: "Alle Konten",
    inherits: |name| format!("{name} verwendet den gemeinsamen Text. Änderungen hier gelten nur für dieses Konto."),
    differs: |name| format!("{name} hat einen eigenen Text."),
    differs_in_images: |name| {
        format!("{name} hat eigene Bilder und teilt den Text: Was Sie dort ändern, gilt auch hier.")
    },
    follow_base: "Wieder den gemeinsamen Text verwenden",
    // parts
    write_here: "Was möchten Sie sagen?",
    write_reply: "Hier geht es weiter. Dieser Teil erscheint als Antwort.",
    text_label: |part| format!("Text von Teil {part}"),
    part_label: |part, all| format!("Teil {part} von {all}"),
    part_place: |part, all| match part {
        1 => format!("Teil 1 von {all}"),
        _ => format!("Teil {part} von {all}, erscheint als Antwort"),
    },
    part_short: |part| format!("Teil {part}"),
    of_part: |what, part| format!("{what}, Teil {part}"),
    part_add: "Teil hinzufügen",
    part_drag: "Ziehen, um diesen Teil zu verschieben (oder Alt und Pfeiltaste)",
    part_up: "Nach oben",
    part_down: "Nach unten",
    part_join: "Mit dem Teil darüber verbinden",
    wait: |seconds| match seconds {
        0 => "sofort".to_owned(),
        seconds if seconds % 3_600 == 0 => format!("{} Std. später", seconds / 3_600),
        seconds if seconds % 60 == 0 => format!("{} Min. später", seconds / 60),
        seconds => format!("{seconds} s später"),
    },
    waits: "Pausen zwischen Teilen",
    wait_label: |part| format!("Wann Teil {part} nach dem darüber erscheint"),
    first_comment: "Erster Kommentar",
    first_comment_hint: "Ein Link, Hashtags, eine Frage: was Sie unter den Beitrag schreiben würden.",
    first_comment_when: "Gleich nach dem Beitrag: als Antwort, oder zum Einfügen",
    first_comment_remove: "Ersten Kommentar entfernen",
    leave_rest_out: "Rest weglassen",
    rest_left_out: "Der Rest erscheint nicht",
    people: "Personen",
    people_known: "in Ihren Beiträgen",
    people_silent: |networks| format!("Nicht erreichbar: {networks}"),
    card_read: "Linkkarte hinzufügen",
    card_reading: "Die Seite des Links wird gelesen…",
    card_remove: "Karte entfernen",
    taken_link: "Link in den ersten Kommentar verschoben.",
    taken_card: "Karte entfernt.",
    cards: "Linkkarte",
    copy_comment: "Ersten Kommentar kopieren",
    link_tags: "Links kennzeichnen",
    part_remove: "Teil entfernen",
    part_empty: "Dieser Teil ist leer: Schreiben Sie etwas, fügen Sie ein Bild hinzu oder entfernen Sie den Teil.",
    fix: |fix| match fix {
        Fix::Thread => "In einen Thread aufteilen",
        Fix::NumberedThread => "Aufteilen und nummerieren",
        Fix::Shorten => "Kürzen",
        Fix::MoveLink => "Link in den ersten Kommentar verschieben",
        Fix::Fit => "Passend machen",
        Fix::Reencode => "Video neu kodieren",
        Fix::CutVideo => "Video kürzen und neu kodieren",
    },
    cannot_fix: |fix| match fix {
        Fix::Thread | Fix::NumberedThread => {
            "Dieser Text lässt sich nicht aufteilen: Ein Wort oder Link allein ist zu lang, oder der Thread hätte zu viele Teile."
        }
        Fix::MoveLink => "In diesem Teil ist kein Link mehr.",
        Fix::Shorten => "Dieser Text lässt sich nicht kürzen: Die Inhaltswarnung allein ist zu lang.",
        Fix::Fit => "Nichts macht diese Bilder passend: Wählen Sie andere.",
        Fix::Reencode | Fix::CutVideo => "In diesem Teil ist kein Video mehr.",
    },
    fit: |steps, only| {
        let all = listed(steps.iter().map(|step| match step {
            Step::Crop(to) => format!("Zuschneiden auf {}", shape(*to)),
            Step::Scale(width) => format!("Verkleinern auf {} Pixel", grouped((*width).into())),
            Step::Encode => "Neu kodieren".to_owned(),
            Step::Convert(kind) => format!("Umwandeln in {}", kind.name()),
        }));
        if only.is_empty() { all } else { format!("{all} für {}", names(only)) }
    },
    fit_all: "Für alle Konten",
    unfit: |unfit| match unfit {
        Unfit::Moves { network } => {
            format!(
                "Eine Animation bleibt, wie sie ist: Wählen Sie für {} ein Bild, das sich nicht bewegt.",
                network.name()
            )
        }
        Unfit::Narrow { network, width, needed } => format!(
            "Nichts macht ein Bild von {} Pixeln breiter: {} braucht {}. Wählen Sie ein größeres.",
            grouped(width.into()),
            network.name(),
            grouped(needed.into())
        ),
        Unfit::Torn => {
            "Was das eine Netzwerk annimmt, lehnt das andere ab: Geben Sie einem davon ein anderes Bild.".to_owned()
        }
    },
    bytes: "Bytes",
    title_of_text: "Titel",
    hashtags: "Hashtags",
    mentions: "Erwähnungen",
    rule,
    // images
    emoji: "Emoji",
    emoji_hint: "Emoji nach Namen finden",
    emoji_nothing: "Kein Emoji heißt so.",
    emoji_used: "Zuletzt verwendet",
    emoji_groups: "Gruppen von Emoji",
    emoji_group: |group| match group {
        EmojiGroup::Smileys => "Smileys",
        EmojiGroup::People => "Menschen",
        EmojiGroup::Nature => "Tiere und Natur",
        EmojiGroup::Food => "Essen und Trinken",
        EmojiGroup::Travel => "Reisen und Orte",
        EmojiGroup::Activities => "Aktivitäten",
        EmojiGroup::Objects => "Gegenstände",
        EmojiGroup::Symbols => "Symbole",
        EmojiGroup::Flags => "Flaggen",
    },
    image_add: "Bild oder Video",
    image_add_hint: "Bilder oder ein Video auswählen oder auf den Text ziehen; Bilder auch einfügen",
    image_number: |image, all| format!("Bild {image} von {all}"),
    image_short: |image| format!("Bild {image}: "),
    video_short: |video| format!("Video {video}: "),
    of_image: |what, image| format!("{what}, Bild {image}"),
    image_earlier: "Weiter nach vorn",
    image_later: "Weiter nach hinten",
    image_remove: "Bild entfernen",
    alt_is: |alt| format!("Alternativtext: {alt}"),
    alt_missing: "Alternativtext fehlt",
    alt_label: |image| format!("Alternativtext von Bild {image}"),
    alt_hint: "Was zeigt das Bild? Ein oder zwei Sätze.",
    alt_why: "Wird Menschen vorgelesen, die das Bild nicht sehen können.",
    alt_done: "Fertig",
    drop_here: "Bilder oder ein Video hier ablegen",
    upload_reading: |name| format!("{name} wird gelesen"),
    upload_fitting: "Wird angepasst…",
    upload_storing: "Wird hinzugefügt, ohne Standortdaten…",
    upload_no_image: "Das ist kein Bild und kein Video, das Sendoff verwenden kann. Möglich sind JPEG, PNG, WebP und GIF sowie Videos als MP4, MOV, WebM oder Matroska.",
    upload_too_large: "Dieses Bild ist größer als 30 MB. Verkleinern Sie es und fügen Sie es erneut hinzu.",
    encoding: |percent| format!("Wird neu kodiert, {percent} %"),
    video_too_large: "Dieses Video ist größer als 1 GB. Verkleinern oder kürzen Sie es und fügen Sie es erneut hinzu.",
    upload_unreadable: "Diese Datei ließ sich nicht lesen. Prüfen Sie, ob sie noch da ist, und fügen Sie sie erneut hinzu.",
    // only on Mastodon
    mastodon_only: "Auf Mastodon",
    warning: "Inhaltswarnung",
    warning_hint: "Wird statt des Textes angezeigt, bis ihn jemand öffnet. Zählt zur Textlänge.",
    warning_placeholder: "Spoiler, Essen, Politik…",
    visibility: "Sichtbarkeit",
    visibility_public: "Öffentlich",
    visibility_unlisted: "Öffentlich (still)",
    visibility_private: "Nur Follower",
    visibility_public_is: "Für alle sichtbar, auch in öffentlichen Timelines.",
    visibility_unlisted_is: "Für alle sichtbar, aber nicht in öffentlichen Timelines, Suche oder Trends.",
    visibility_private_is: "Nur für Follower des Kontos sichtbar.",
    // when
    when: "Zeitpunkt der Veröffentlichung",
    pick_time: "Zeit auswählen",
    no_time: "Keine Zeit",
    unschedule: "Planung aufheben",
    date: "Datum",
    time: "Uhrzeit",
    zone: "Zeitzone",
    quick_hour: "In einer Stunde",
    quick_evening: "Heute Abend",
    quick_tomorrow: "Morgen",
    quick_monday: "Montag",
    time_unfinished: "Wählen Sie Datum und Uhrzeit.",
    time_past: "Diese Zeit ist vorbei. Wählen Sie eine spätere.",
    time_range: "Dieses Datum liegt zu weit entfernt.",
    zone_unknown: |zone| format!("{zone} ist keine Zeitzone."),
    your_time: |time| format!("In Ihrer Zeitzone ist das {time}."),
    gap: |chosen, used| {
        format!("An diesem Tag wird die Uhr vorgestellt und überspringt {chosen}. Der Beitrag erscheint um {used}.")
    },
    fold: |time| format!("An diesem Tag wird die Uhr zurückgestellt, {time} gibt es also zweimal. Welche Zeit?"),
    fold_first: "Die erste",
    fold_second: "Die zweite, eine Stunde später",
    // before it goes out
    inspector: "Vorschau und Prüfung",
    before_out: "Prüfung",
    all_clear: "Bereit für alle Konten.",
    blocked_accounts: "Wählen Sie mindestens ein Konto.",
    blocked_gone: "Ein Konto dieses Beitrags wurde entfernt. Wählen Sie es ab oder verbinden Sie es neu.",
    blocked_rules: |count| match count {
        1 => "Zuerst ist ein Problem zu beheben: siehe die Liste rechts.".to_owned(),
        _ => format!("Zuerst sind {count} Probleme zu beheben: siehe die Liste rechts."),
    },
    reconnect_first: |name| format!("{name} ist abgemeldet. Bis Sie das Konto neu verbinden, wartet sein Beitrag."),
    repeat: |account, title, when, to_come| {
        let gets = if to_come { "bekommt diesen Text auch" } else { "bekam diesen Text schon" };
        format!("{account} {gets}, {when}: „{title}“.")
    },
    without_alt: |count| match count {
        1 => "Ein Bild hat keinen Alternativtext.".to_owned(),
        _ => format!("{count} Bilder haben keinen Alternativtext."),
    },
    // the preview
    preview: "Vorschau",
    preview_account: "Konto der Vorschau",
    preview_nothing: "Wählen Sie ein Konto, um den Beitrag so zu sehen, wie er erscheinen wird.",
    preview_empty: "Hier erscheint Ihr Text.",
    preview_now: "jetzt",
    preview_more: "Mehr anzeigen",
    preview_less: "Weniger anzeigen",
    bsky_reply: "Antworten",
    bsky_repost: "Reposten",
    bsky_like: "Gefällt mir",
    masto_reply: "Antworten",
    masto_boost: "Teilen",
    masto_favourite: "Favorisieren",
    // versions
    history: "Versionen",
    history_version: |number| format!("Version {number}"),
    history_against: "Verglichen mit",
    history_before: "der Version davor",
    history_newest: "der neuesten Version",
    history_same: "Diese beiden Versionen sind gleich.",
    history_wait: "Ihre letzten Worte werden noch gespeichert. Versuchen Sie es gleich noch einmal.",
    history_restore: |number| format!("Version {number} wiederherstellen"),
    history_characters: |count| format!("{} Zeichen", grouped(count.into())),
    said_restored: |number| format!("Version {number} wiederhergestellt"),
    mark_scheduled: "geplant",
    mark_signed: "freigegeben",
    mark_published: "veröffentlicht",
    mark_restored: "wiederhergestellt",
    text_of_post: "Text",
    images_of_part: "Bilder",
    // the persona
    persona: "Persona",
    persona_none_yet: "Eine Persona ist eine Stimme mit Zielgruppe und Konten.",
    persona_add: "Persona anlegen",
    voice: "Stimme",
    audience: "Zielgruppe",
    // deliveries
    deliveries: "Zustellungen",
    account_gone: "Entferntes Konto",
    parts_out: |done, all| format!("{done} von {all} Teilen veröffentlicht"),
    open_profile: "Profil öffnen",
    opened_in_browser: "Im Browser geöffnet",
    it_is_there: "Ist erschienen",
    it_is_there_what: "Sie haben den Beitrag im Netzwerk gefunden. Er wird als veröffentlicht markiert und nicht noch einmal gesendet.",
    // by hand
    it_is_there_by_hand: "Er wird als veröffentlicht vermerkt.",
    by_hand_now: |network| {
        format!("Es ist so weit. Posten Sie ihn auf {network} und bestätigen Sie danach, dass er erschienen ist.")
    },
    copy_text: "Text kopieren",
    copy_part: |part| format!("Teil {part} kopieren"),
    copy_alt: |image| format!("Alternativtext von Bild {image} kopieren"),
    save_images: |count| match count {
        1 => "Bild speichern".to_owned(),
        _ => format!("{count} Bilder speichern"),
    },
    images_saved: |count, folder| match count {
        1 => format!("Das Bild liegt in {folder}"),
        _ => format!("{count} Bilder liegen in {folder}"),
    },
    open_network: |network| format!("{network} öffnen"),
    link_of_post: "Link zum Beitrag",
    link_of_post_hint: "Fügen Sie den Link ein, um den Beitrag später von hier zu öffnen.",
    marked_there: "Als veröffentlicht markiert",
    not_there_send: "Nicht erschienen: erneut senden",
    send_again_hint: "Sehen Sie zuerst im Profil nach: Ist der Beitrag doch erschienen, stünde er doppelt dort.",
    publish_it_now: "Jetzt veröffentlichen",
    sent_again: "Wird jetzt veröffentlicht",
    skip: "Überspringen",
    skipped: "Übersprungen: Der Beitrag wird dort nicht veröffentlicht",
};

fn rule(rule: Rule, of: Network, measured: u32, limit: u32) -> String {
    let network = of.name();
    if let Some(sentence) = rule_of_video(rule, network, measured, limit) {
        return sentence;
    }
    let (one, many, allowed) = match rule {
        Rule::ImageType => {
            return format!("{network} nimmt diese Art von Bild nicht an: Wandeln Sie es in JPEG um");
        }
        Rule::EmptyPost => {
            return "Noch gibt es nichts zu veröffentlichen: Schreiben Sie einen Text oder fügen Sie ein Bild oder Video hinzu"
                .to_owned();
        }
        Rule::ImagesNeeded => {
            return format!("{network} nimmt keinen Beitrag ohne Bild an: Fügen Sie eines hinzu");
        }
        Rule::ImageWidth => {
            let (width, least) = (grouped(measured.into()), grouped(limit.into()));
            return format!("Dieses Bild ist {width} Pixel breit, {network} braucht {least}");
        }
        Rule::ImageTooTall => {
            let (is, least) = (shape(measured), shape(limit));
            return format!("Dieses Bild ist zu hoch für {network}: Sein Format ist {is}, das höchste ist {least}");
        }
        Rule::ImageTooWide => {
            let (is, most) = (shape(measured), shape(limit));
            return format!("Dieses Bild ist zu breit für {network}: Sein Format ist {is}, das breiteste ist {most}");
        }
        Rule::ImageBytes => {
            return format!(
                "Dieses Bild hat {} MB, erlaubt sind {} MB",
                megabytes(measured.div_ceil(100_000)),
                megabytes(limit / 100_000)
            );
        }
        // there every server has a limit of its own
        Rule::TextLength if of == Network::Mastodon => ("Zeichen", "Zeichen", "die dieser Server erlaubt".to_owned()),
        Rule::TextLength => ("Zeichen", "Zeichen", format!("die {network} erlaubt")),
        Rule::TextBytes => ("Byte", "Bytes", format!("die {network} erlaubt")),
        Rule::TitleLength => ("Zeichen", "Zeichen", format!("die {network} in einem Titel erlaubt, der ersten Zeile")),
        Rule::Hashtags => ("Hashtag", "Hashtags", format!("die {network} erlaubt")),
        Rule::Mentions => ("Erwähnung", "Erwähnungen", format!("die {network} erlaubt")),
        Rule::ImageSides => ("Pixel", "Pixel", "die Breite und Höhe eines Bildes zusammen haben dürfen".to_owned()),
        Rule::ImagesPerPost => ("Bild", "Bilder", format!("die {network} pro Beitrag erlaubt")),
        Rule::VideosPerPost => ("Video", "Videos", format!("die {network} pro Beitrag erlaubt")),
        Rule::AltTextLength => ("Zeichen", "Zeichen", "die ein Alternativtext haben darf".to_owned()),
        Rule::ImagePixels => ("Pixel", "Pixel", "die ein Bild haben darf".to_owned()),
        // all others that say a sentence of their own
        _ => ("", "", format!("die {network} erlaubt")),
    };
    match measured.checked_sub(limit) {
        Some(over @ 1..) => {
            let unit = if over == 1 { one } else { many };
            format!("{} {unit} mehr als die {}, {allowed}", grouped(over.into()), grouped(limit.into()))
        }
        _ => format!("{} von {} {many}, {allowed}", grouped(measured.into()), grouped(limit.into())),
    }
}

fn rule_of_video(rule: Rule, network: &str, measured: u32, limit: u32) -> Option<String> {
    let (is, most) = (grouped(measured.into()), grouped(limit.into()));
    let comma = |number: String| number.replace('.', ",");
    Some(match rule {
        Rule::VideoWithImages => {
            format!("{network} nimmt ein Video nur allein an: Nehmen Sie die Bilder heraus oder das Video")
        }
        Rule::VideoBytes => {
            let (size, most) = (megabytes(measured.div_ceil(100_000)), megabytes(limit / 100_000));
            format!("Dieses Video hat {size} MB, erlaubt sind {most} MB: Kodieren Sie es kleiner")
        }
        Rule::VideoTooLong => {
            let (is, most) = (comma(seconds(measured)), comma(seconds(limit)));
            format!("Dieses Video dauert {is}, {network} erlaubt {most}: Kürzen Sie es")
        }
        Rule::VideoTooShort => {
            let (is, least) = (comma(seconds(measured)), comma(seconds(limit)));
            format!("Dieses Video dauert {is}, {network} braucht {least}: Fügen Sie ein längeres hinzu")
        }
        Rule::VideoPixels => {
            format!("Dieses Video hat {is} Pixel, {network} erlaubt {most}: Kodieren Sie es kleiner")
        }
        Rule::VideoLongSide => {
            format!("Die längere Seite dieses Videos hat {is} Pixel, {network} erlaubt {most}: Kodieren Sie es kleiner")
        }
        Rule::VideoTooTall => {
            let (is, least) = (shape(measured), shape(limit));
            format!("Dieses Video ist zu hoch für {network}: Sein Format ist {is}, das höchste ist {least}")
        }
        Rule::VideoTooWide => {
            let (is, most) = (shape(measured), shape(limit));
            format!("Dieses Video ist zu breit für {network}: Sein Format ist {is}, das breiteste ist {most}")
        }
        Rule::VideoRate => {
            let (is, most) = (comma(per_second(measured)), comma(per_second(limit)));
            format!("Dieses Video hat {is} Bilder je Sekunde, {network} erlaubt {most}: Kodieren Sie es neu")
        }
        Rule::VideoSlow => {
            let (is, least) = (comma(per_second(measured)), comma(per_second(limit)));
            format!("Dieses Video hat {is} Bilder je Sekunde, {network} braucht {least}: Kodieren Sie es neu")
        }
        Rule::VideoType => format!("{network} nimmt diese Art von Video nicht an: Kodieren Sie es neu als MP4"),
        Rule::VideoCodec => {
            format!("{network} nimmt diese Kodierung des Videos nicht an: Kodieren Sie es neu mit H.264")
        }
        _ => return None,
    })
}

/// Tenths of a megabyte.
fn megabytes(tenths: u32) -> String {
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{},{}", tenths / 10, tenths % 10) }
}
