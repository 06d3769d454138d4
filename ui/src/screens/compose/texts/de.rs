use domain::network::Network;
use domain::text::Rule;

use super::Texts;
use crate::i18n::grouped;

pub const DE: Texts = Texts {
    // the header
    new_post: "Neuer Beitrag",
    rename: "Beitrag benennen",
    title: "Name",
    title_hint: "Nur für Sie, wird nie veröffentlicht. Leer zeigt die erste Zeile des Textes.",
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
    write_again: "Neu daraus schreiben",
    publish_now: "Jetzt veröffentlichen",
    publish_now_what: |accounts| {
        let to = if accounts == 1 { "ein Konto".to_owned() } else { format!("{accounts} Konten") };
        format!("Der Beitrag geht sofort an {to}. Das lässt sich hier nicht zurücknehmen.")
    },
    said_scheduled: |when| format!("Geplant für {when}"),
    said_publishing: "Unterwegs",
    said_signed: "Änderungen freigegeben",
    said_unscheduled: "Aus der Planung genommen",
    said_deleted: "Beitrag gelöscht",
    said_duplicated: "In einen neuen Entwurf kopiert",
    // saving
    not_saved: "Nicht gespeichert.",
    retried: "Ihr Text ist hier, und das Speichern wird von selbst wiederholt.",
    kept_here: "Ihr Text ist hier: Lassen Sie dieses Fenster offen.",
    unsaved: |count| match count {
        1 => "Ein Text ist nicht gespeichert".to_owned(),
        _ => format!("{count} Texte sind nicht gespeichert"),
    },
    save_as_new: "Als neuen Beitrag speichern",
    not_done: "Nicht erledigt.",
    conflict: "Dieser Beitrag wurde anderswo geändert, während Sie schrieben",
    conflict_what: "Beide Texte sind hier. Nichts geht verloren, bevor Sie sich entscheiden.",
    version_mine: "Was Sie geschrieben haben",
    version_theirs: "Was gespeichert ist",
    keep_mine: "Meinen behalten",
    take_theirs: "Den gespeicherten nehmen",
    keep_both: "Beide behalten: meinen als neuen Beitrag speichern",
    in_review: "Sie haben dies nach der Freigabe geändert. Es geht erst hinaus, wenn Sie die Änderungen freigeben.",
    locked_published: "Dies ist veröffentlicht und lässt sich hier nicht mehr ändern. Schreiben Sie stattdessen einen neuen Beitrag daraus.",
    locked_publishing: "Dies geht gerade hinaus und lässt sich nicht mehr ändern.",
    taken_part: "Der Teil wurde entfernt.",
    taken_image: "Das Bild wurde entfernt.",
    taken_account: "Das Konto und sein eigener Text wurden herausgenommen.",
    taken_own: "Dieses Konto folgt wieder dem Grundtext.",
    taken_joined: "Die Teile wurden verbunden.",
    // accounts and their texts
    accounts: "Konten",
    account: "Konto",
    no_accounts: "Noch ist kein Konto verbunden.",
    connect_account: "Konto verbinden",
    choose_accounts: "Konto: wählen, wohin es geht",
    note_own: "eigener Text",
    note_reconnect: "neu verbinden",
    note_removed: "entfernt",
    layers: "Wessen Text",
    layer_base: "Alle Konten",
    inherits: |name| format!("{name} bekommt den Grundtext. Was Sie hier ändern, bekommt nur dieses Konto."),
    differs: |name| format!("{name} hat einen eigenen Text: Er weicht vom Grundtext ab."),
    follow_base: "Wieder den Grundtext nehmen",
    // parts
    write_here: "Was möchten Sie sagen?",
    write_reply: "Hier weiter: Dies geht als Antwort hinaus",
    text_label: |part| format!("Text von Teil {part}"),
    part_label: |part, all| format!("Teil {part} von {all}"),
    part_place: |part, all| match part {
        1 => format!("Teil 1 von {all}"),
        _ => format!("Teil {part} von {all}, geht als Antwort hinaus"),
    },
    part_short: |part| format!("Teil {part}"),
    of_part: |what, part| format!("{what}, Teil {part}"),
    part_add: "Teil hinzufügen",
    part_up: "Nach oben",
    part_down: "Nach unten",
    part_join: "Mit dem Teil darüber verbinden",
    part_remove: "Teil entfernen",
    part_empty: "Dieser Teil ist noch leer: Schreiben Sie einen Text, fügen Sie ein Bild hinzu oder entfernen Sie den Teil.",
    bytes: "Bytes",
    rule,
    // images
    image_add: "Bild",
    image_add_hint: "Bilder wählen, oder in den Text einfügen oder ziehen",
    image_number: |image, all| format!("Bild {image} von {all}"),
    image_short: |image| format!("Bild {image}: "),
    of_image: |what, image| format!("{what}, Bild {image}"),
    image_earlier: "Weiter nach vorn",
    image_later: "Weiter nach hinten",
    image_remove: "Bild entfernen",
    alt_is: |alt| format!("Alternativtext: {alt}"),
    alt_missing: "Alternativtext fehlt",
    alt_label: |image| format!("Alternativtext von Bild {image}"),
    alt_hint: "Was ist zu sehen? Ein oder zwei Sätze.",
    alt_why: "Wird Menschen vorgelesen, die das Bild nicht sehen.",
    alt_done: "Fertig",
    drop_here: "Bilder hier ablegen",
    upload_reading: |name| format!("{name} wird gelesen"),
    upload_storing: "Wird übernommen, ohne Ortsangaben…",
    upload_no_image: "Das ist kein Bild. JPEG, PNG, WebP und GIF lassen sich hinzufügen.",
    upload_too_large: "Dieses Bild ist größer als 30 MB. Verkleinern Sie es und fügen Sie es erneut hinzu.",
    upload_unreadable: "Diese Datei ließ sich nicht lesen. Prüfen Sie, ob sie noch da ist, und fügen Sie sie erneut hinzu.",
    // only on Mastodon
    mastodon_only: "Auf Mastodon",
    warning: "Inhaltswarnung",
    warning_hint: "Steht statt des Textes da, bis jemand ihn öffnet. Zählt wie Text.",
    warning_placeholder: "Spoiler, Essen, Politik…",
    visibility: "Sichtbarkeit",
    visibility_public: "Öffentlich",
    visibility_unlisted: "Öffentlich (still)",
    visibility_private: "Nur Folgende",
    visibility_public_is: "Alle sehen es, auch in öffentlichen Zeitleisten.",
    visibility_unlisted_is: "Alle können es sehen, aber es fehlt in öffentlichen Zeitleisten, Suche und Trends.",
    visibility_private_is: "Nur wer dem Konto folgt, sieht es.",
    // when
    when: "Wann es hinausgeht",
    pick_time: "Zeit wählen",
    no_time: "Keine Zeit",
    unschedule: "Aus der Planung nehmen",
    date: "Datum",
    time: "Uhrzeit",
    zone: "Zeitzone",
    quick_hour: "In einer Stunde",
    quick_evening: "Heute Abend",
    quick_tomorrow: "Morgen",
    quick_monday: "Montag",
    time_unfinished: "Wählen Sie Datum und Uhrzeit.",
    time_past: "Diese Zeit ist vorbei. Wählen Sie eine spätere.",
    time_range: "Dieses Datum liegt außerhalb des Möglichen.",
    zone_unknown: |zone| format!("{zone} ist keine Zeitzone."),
    your_time: |time| format!("Bei Ihnen ist das {time}."),
    gap: |chosen, used| {
        format!("Die Uhr überspringt an diesem Tag {chosen}: Sie wird vorgestellt. Es geht um {used} hinaus.")
    },
    fold: |time| format!("Die Uhr zeigt an diesem Tag zweimal {time}: Sie wird zurückgestellt. Welches Mal?"),
    fold_first: "Das erste Mal",
    fold_second: "Das zweite Mal, eine Stunde später",
    // before it goes out
    inspector: "Was daraus wird",
    before_out: "Bevor es hinausgeht",
    all_clear: "Passt für alle Konten.",
    blocked_accounts: "Wählen Sie mindestens ein Konto.",
    blocked_gone: "Ein Konto dieses Beitrags wurde entfernt: Nehmen Sie es heraus oder verbinden Sie es neu.",
    blocked_rules: |count| match count {
        1 => "Eine Sache passt noch nicht zu einem Netzwerk: siehe die Liste rechts.".to_owned(),
        _ => format!("{count} Dinge passen noch nicht zu einem Netzwerk: siehe die Liste rechts."),
    },
    reconnect_first: |name| format!("{name} ist abgemeldet. Verbinden Sie es neu, sonst wartet sein Beitrag."),
    without_alt: |count| match count {
        1 => "Ein Bild hat keinen Alternativtext.".to_owned(),
        _ => format!("{count} Bilder haben keinen Alternativtext."),
    },
    // the preview
    preview: "Vorschau",
    preview_account: "Konto der Vorschau",
    preview_nothing: "Wählen Sie ein Konto, und der Beitrag steht hier so, wie man ihn lesen wird.",
    preview_empty: "Hier steht Ihr Text.",
    preview_now: "jetzt",
    preview_more: "Mehr anzeigen",
    preview_less: "Weniger anzeigen",
    bsky_reply: "Antworten",
    bsky_repost: "Reposten",
    bsky_like: "Gefällt mir",
    masto_reply: "Antworten",
    masto_boost: "Teilen",
    masto_favourite: "Favorisieren",
    // the persona
    persona: "Persona",
    persona_none_yet: "Eine Persona hält Stimme, Publikum und Konten zusammen.",
    persona_add: "Persona anlegen",
    voice: "Stimme",
    audience: "Publikum",
    // deliveries
    deliveries: "Zustellungen",
    account_gone: "Entferntes Konto",
    parts_out: |done, all| format!("{done} von {all} Teilen sind draußen"),
    open_profile: "Profil öffnen",
    opened_in_browser: "Im Browser geöffnet",
    it_is_there: "Er ist da",
    it_is_there_what: "Sie haben den Beitrag im Netzwerk gefunden. Er gilt als veröffentlicht, und nichts wird noch einmal gesendet.",
    link_of_post: "Link des Beitrags",
    link_of_post_hint: "Damit er sich später von hier öffnen lässt.",
    marked_there: "Als veröffentlicht vermerkt",
    not_there_send: "Nicht da: erneut senden",
    send_again_hint: "Sehen Sie zuerst im Profil nach: Ist der Beitrag doch da, stünde er zweimal da.",
    publish_it_now: "Jetzt veröffentlichen",
    sent_again: "Unterwegs",
    skip: "Auslassen",
    skipped: "Ausgelassen: Dort geht er nicht hinaus",
};

fn rule(rule: Rule, network: Network, measured: u32, limit: u32) -> String {
    let network = network.name();
    let (one, many, allowed) = match rule {
        Rule::ImageType => {
            return "Diese Art von Bild wird hier nicht angenommen: Wandeln Sie es in JPEG oder PNG um".to_owned();
        }
        Rule::EmptyPost => {
            return "Noch gibt es nichts zu veröffentlichen: Schreiben Sie einen Text oder fügen Sie ein Bild hinzu"
                .to_owned();
        }
        Rule::ImageBytes => {
            return format!(
                "Dieses Bild hat {} MB, erlaubt sind {} MB",
                megabytes(measured.div_ceil(100_000)),
                megabytes(limit / 100_000)
            );
        }
        Rule::BlueskyGraphemes => ("Zeichen", "Zeichen", "die Bluesky erlaubt".to_owned()),
        Rule::BlueskyBytes => ("Byte", "Bytes", "die Bluesky erlaubt".to_owned()),
        Rule::MastodonCharacters => ("Zeichen", "Zeichen", "die dieser Server erlaubt".to_owned()),
        Rule::ImagesPerPost => ("Bild", "Bilder", format!("die {network} in einem Beitrag erlaubt")),
        Rule::AltTextLength => ("Zeichen", "Zeichen", "die ein Alternativtext haben darf".to_owned()),
        Rule::ImagePixels => ("Bildpunkt", "Bildpunkte", "die ein Bild haben darf".to_owned()),
    };
    match measured.checked_sub(limit) {
        Some(over @ 1..) => {
            let unit = if over == 1 { one } else { many };
            format!("{} {unit} mehr als die {}, {allowed}", grouped(over.into()), grouped(limit.into()))
        }
        _ => format!("{} von {} {many}, {allowed}", grouped(measured.into()), grouped(limit.into())),
    }
}

/// Tenths of a megabyte.
fn megabytes(tenths: u32) -> String {
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{},{}", tenths / 10, tenths % 10) }
}
