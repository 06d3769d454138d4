use domain::Reject;

use super::field::field;
use crate::screens;

pub fn reject(reject: &Reject) -> String {
    match reject {
        Reject::NotFound => "Das ist nicht mehr vorhanden.".into(),
        Reject::Exists => "Das ist bereits vorhanden.".into(),
        Reject::Stale { .. } => "Das wurde inzwischen an anderer Stelle geändert.".into(),
        Reject::Empty { field: which } => format!("{} darf nicht leer sein.", field(*which)),
        Reject::TooLong { field: which, measured, limit } => {
            format!("{} ist zu lang: {measured}, erlaubt sind {limit}.", field(*which))
        }
        Reject::Repeated { .. } => "Dasselbe Konto ist doppelt ausgewählt.".into(),
        Reject::AccountUnavailable { .. } => "Ein Konto dieses Beitrags ist entfernt oder nicht verbunden.".into(),
        Reject::NoAccounts => "Wählen Sie mindestens ein Konto.".into(),
        Reject::BreaksRules { violations, .. } => match violations.first() {
            Some(broken) => {
                let sentence =
                    (screens::compose::texts::DE.rule)(broken.rule, broken.network, broken.measured, broken.limit);
                format!("{sentence}.")
            }
            None => "Der Beitrag verstößt gegen eine Regel eines Netzwerks.".into(),
        },
        Reject::MediaMissing => "Ein Bild dieses Beitrags fehlt.".into(),
        Reject::Schedule { .. } => "Diese Zeit oder Zeitzone gibt es nicht.".into(),
        Reject::InThePast => "Diese Zeit ist vorbei.".into(),
        Reject::AlreadySent => "Der Beitrag wird bereits gesendet.".into(),
        Reject::BadRule => "Dieser Rhythmus führt zu keinem Tag.".into(),
        Reject::SeriesEnded => "Die Serie ist beendet.".into(),
        Reject::NotYours => "Nur wer einen Kommentar geschrieben hat, kann ihn ändern.".into(),
        Reject::NotScheduled => "Der Beitrag ist nicht geplant.".into(),
        Reject::OnHold => "Der Beitrag ist angehalten. Setzen Sie ihn zuerst fort.".into(),
        Reject::NotOnHold => "Der Beitrag ist nicht angehalten.".into(),
        Reject::NotAsRead => "Das wurde geändert, seit es gelesen wurde: Sehen Sie es noch einmal an.".into(),
        Reject::MergeUnread => {
            "Zwei haben dieselben Wörter geändert: Lesen Sie zuerst, was daraus geworden ist.".into()
        }
        Reject::NotSignedOff => "Der Beitrag ist nicht freigegeben.".into(),
        Reject::ChangedAfterSignOff => "Der Beitrag wurde nach der Freigabe geändert.".into(),
        Reject::NotApproved => "Nicht alle, die zustimmen müssen, haben zugestimmt.".into(),
        Reject::NotAsked => "Hier wird Ihre Zustimmung nicht gebraucht.".into(),
        Reject::OwnWork => "Was Sie selbst geschrieben oder freigegeben haben, genehmigt jemand anderes.".into(),
        Reject::TooLate => "Die Karenzzeit ist abgelaufen.".into(),
        Reject::NothingToSend => "Es gibt nichts zu senden.".into(),
        Reject::NotInOrganisation => "Das geht nur in einer Organisation.".into(),
        Reject::NotMember => "Sie sind kein Mitglied dieser Organisation.".into(),
        Reject::NotPermitted => "Ihre Rolle erlaubt das nicht.".into(),
        Reject::OwnRole => "Niemand hebt die eigene Rolle an.".into(),
        Reject::LastOwner => "Eine Organisation hat immer einen Inhaber.".into(),
        // the publisher's own conversation; no person asked for these
        other => format!("Das ist gerade nicht möglich ({other})."),
    }
}
