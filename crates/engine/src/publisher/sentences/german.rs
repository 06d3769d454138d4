use domain::Mutation;
use domain::account::Account;
use domain::job::{Decision, Job, JobState, Lookup, Outcome, Reason};
use domain::mutation::PostsChange;

use super::{Sentences, ended, part_of};

pub(super) static SENTENCES: Sentences = Sentences {
    step,
    trouble,
    live: "Ihr Beitrag ist veröffentlicht",
    live_as: |network, handle| format!("Auf {network} als {handle}. Klicken, um ihn zu öffnen."),
    unsure: "Ist dieser Beitrag erschienen?",
    missed: "Ein Beitrag wurde nicht gesendet",
    your_turn: "Zeit zu posten",
    failed: "Ein Beitrag wurde abgelehnt",
    paused: "Veröffentlichung pausiert",
    clock_jumped: |minutes| {
        format!(
            "Die Uhr dieses Computers ist um {minutes} Minuten gesprungen. Prüfen Sie die Zeit und setzen Sie dann die \
             Veröffentlichung fort."
        )
    },
    restored: "Dieses Profil wurde aus einer Sicherung wiederhergestellt, in der fehlt, was seitdem veröffentlicht wurde. Prüfen Sie \
               Ihre Konten und setzen Sie dann die Veröffentlichung fort.",
    reconnect: |network| format!("Verbinden Sie Ihr {network}-Konto neu"),
    signed_out: |handle| format!("{handle} ist abgemeldet. Geplante Beiträge bleiben erhalten und warten."),
    refused: "Eine Änderung wurde von Ihrem Team nicht übernommen",
    refused_count: |count| match count {
        1 => "Was Sie geschrieben haben, ist erhalten. Sehen Sie es an und entscheiden Sie.".to_owned(),
        count => format!(
            "{count} Änderungen. Was Sie geschrieben haben, ist erhalten. Sehen Sie sie an und entscheiden Sie."
        ),
    },
    asked: "Wartet auf Ihre Zustimmung",
    asked_count: |count| format!("{count} Beiträge warten auf Ihr Wort."),
    overdue: "Ihre Zustimmung ist überfällig",
    overdue_count: |count| format!("{count} Beiträge warten länger auf Ihr Wort, als sie sollten."),
    approved: "Genehmigt",
    changes_requested: "Änderung erbeten",
    rejected: "Abgelehnt",
    removed: |organisation| format!("Sie sind kein Mitglied von {organisation} mehr"),
    removed_unsent: |count| {
        match count {
        0 => "Die Organisation wurde von diesem Computer entfernt.".to_owned(),
        1 => "Die Organisation wurde von diesem Computer entfernt. Eine noch nicht gesendete Änderung liegt bei ihren Administratoren."
            .to_owned(),
        count => format!(
            "Die Organisation wurde von diesem Computer entfernt. {count} noch nicht gesendete Änderungen liegen bei ihren \
             Administratoren."
        ),
    }
    },
};

fn step(mutation: &Mutation, job: &Job) -> String {
    let part = part_of(job).map(|(part, all)| format!(" (Teil {part} von {all})")).unwrap_or_default();
    match mutation {
        Mutation::SchedulePost { .. } => "Geplant und freigegeben.".to_owned(),
        Mutation::SignOff { .. } => "Änderungen freigegeben.".to_owned(),
        Mutation::Unschedule { .. } | Mutation::DeletePost { .. } => "Planung aufgehoben.".to_owned(),
        Mutation::RestorePost { .. } => "Wieder geplant.".to_owned(),
        Mutation::ChangePosts { .. } if job.state == JobState::Held => "Angehalten.".to_owned(),
        Mutation::ChangePosts { .. } if job.state == JobState::Missed => {
            "Nach seiner Zeit fortgesetzt, deshalb wurde nichts gesendet.".to_owned()
        }
        Mutation::ChangePosts { change: PostsChange::Resume, .. } => {
            "Fortgesetzt: Er erscheint wie geplant.".to_owned()
        }
        Mutation::ChangePosts { .. } if job.state == JobState::Cancelled => "Planung aufgehoben.".to_owned(),
        Mutation::ChangePosts { .. } => "Auf eine andere Zeit verschoben und freigegeben.".to_owned(),
        Mutation::RestorePosts { .. } | Mutation::PutBackPosts { .. } => "Zurück auf den alten Stand.".to_owned(),
        Mutation::Claim { .. } => "Sendoff hat die Zustellung begonnen.".to_owned(),
        Mutation::Prepare { .. } => format!("Bilder hochgeladen und Anfrage vorbereitet{part}."),
        Mutation::BeginSend { .. } => format!("Freigabe, Konto und Zeit geprüft; wird gesendet{part}."),
        Mutation::Report { outcome, .. } => report(outcome),
        Mutation::LoseAnswer { reason, .. } => why(reason),
        Mutation::LookedUp { found, .. } => looked_up(found, job.state),
        Mutation::Release { reason: Reason::Interrupted, .. } => {
            "Sendoff wurde beendet, bevor der Beitrag gesendet war. Jetzt geht es weiter.".to_owned()
        }
        Mutation::Release { reason, .. } => format!("{} Sendoff versucht es erneut.", why(reason)),
        Mutation::HandOver { .. } => "Es war so weit, und Sie wurden gebeten, ihn zu posten.".to_owned(),
        Mutation::Miss { reason, .. } => format!("Die Zeit ist vorbei. {}", why(reason)),
        Mutation::Stop { reason, .. } => why(reason),
        Mutation::Decide { decision, .. } => match decision {
            Decision::ItIsThere { .. } => "Sie haben bestätigt, dass er erschienen ist.".to_owned(),
            Decision::PublishNow => "Sie haben entschieden, ihn jetzt zu veröffentlichen.".to_owned(),
            Decision::Skip => "Sie haben entschieden, ihn zu überspringen.".to_owned(),
        },
        other => ended(&other.name().replace('_', " ")),
    }
}

fn report(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Published { .. } => "Das Netzwerk hat den Beitrag angenommen und seine Adresse genannt.".to_owned(),
        Outcome::NeverSent { .. } => "Keine Verbindung, es wurde nichts gesendet.".to_owned(),
        Outcome::Refused { status, .. } => format!("Das Netzwerk hat den Beitrag abgelehnt (Status {status})."),
        Outcome::SignInRefused => {
            "Das Netzwerk hat die Anmeldung nicht akzeptiert. Es wurde nichts veröffentlicht.".to_owned()
        }
        Outcome::RateLimited { .. } => {
            "Das Netzwerk begrenzt gerade die Anfragen. Es wurde nichts veröffentlicht.".to_owned()
        }
        Outcome::Ambiguous { .. } => {
            "Die Antwort ging verloren, nachdem der Beitrag gesendet war. Das Netzwerk wird geprüft.".to_owned()
        }
    }
}

fn looked_up(found: &Lookup, state: JobState) -> String {
    match (found, state) {
        (Lookup::Found { .. }, _) => "Netzwerk geprüft: Der Beitrag ist da.",
        (Lookup::Absent, JobState::Prepared) => {
            "Netzwerk geprüft: Der Beitrag ist nicht da. Dieselbe Anfrage wird unter ihrem Schlüssel erneut gesendet; ein zweiter \
             Beitrag kann dabei nicht entstehen."
        }
        (Lookup::Absent, JobState::Unsure) => {
            "Mehrmals geprüft: Der Beitrag ist nicht zu finden. Sie müssen entscheiden."
        }
        (Lookup::Absent, _) => "Netzwerk geprüft: Der Beitrag ist noch nicht da. Sendoff prüft es erneut.",
        (Lookup::Unknown { .. }, JobState::Unsure) => {
            "Das Netzwerk konnte nicht geprüft werden. Sie müssen entscheiden."
        }
        (Lookup::Unknown { .. }, _) => "Das Netzwerk konnte nicht geprüft werden. Sendoff prüft es erneut.",
    }
    .to_owned()
}

fn why(reason: &Reason) -> String {
    match reason {
        Reason::RefusedByNetwork { status, .. } => format!("Das Netzwerk hat den Beitrag abgelehnt (Status {status})."),
        Reason::ReconnectNeeded => {
            "Das Netzwerk akzeptiert die Anmeldung nicht mehr. Verbinden Sie das Konto neu.".into()
        }
        Reason::NeverSent { detail } => format!("Es wurde nichts gesendet: {}", ended(detail)),
        Reason::RateLimited { .. } => "Das Netzwerk begrenzt gerade die Anfragen.".into(),
        Reason::AnswerLost { .. } => "Das Netzwerk hat nach dem Senden nicht mehr geantwortet.".into(),
        Reason::Interrupted => "Sendoff wurde beendet, während der Beitrag gesendet wurde.".into(),
        Reason::NotFoundAfterwards => "Das Netzwerk zeigt den Beitrag nicht an.".into(),
        Reason::ChangedAfterSignOff => "Text, Zeit oder Konten wurden nach der Freigabe geändert.".into(),
        Reason::NotApproved => "Nicht alle, die zustimmen müssen, hatten zugestimmt.".into(),
        Reason::AccountUnavailable => "Das Konto ist getrennt.".into(),
        Reason::NobodyPublishing => "Sendoff war beendet oder pausiert, oder der Computer war im Ruhezustand.".into(),
        Reason::BreaksRules { detail } => {
            format!("Der Beitrag verstößt gegen eine Regel des Netzwerks: {}", ended(detail))
        }
        Reason::MediaMissing => "Ein Bild des Beitrags fehlt auf diesem Computer.".into(),
        Reason::OnHold => "Er war angehalten, als seine Zeit kam.".into(),
        Reason::ByPerson => "Das haben Sie so entschieden.".into(),
    }
}

fn trouble(job: &Job, account: &Account) -> String {
    let network = account.network.name();
    let reason = job.reason.as_ref().map(why).unwrap_or_default();
    match job.state {
        JobState::Unsure => format!(
            "{reason} Sendoff hat {} geprüft und kann den Beitrag nicht finden. Erneutes Senden könnte ihn doppelt veröffentlichen: \
             Sehen Sie im Profil nach und entscheiden Sie dann.",
            times(job.lookups)
        ),
        JobState::Handed => format!(
            "Posten Sie ihn jetzt auf {network} als {} und bestätigen Sie danach, dass er erschienen ist.",
            account.full_handle()
        ),
        JobState::Missed => format!(
            "{reason} Auf {network} wurde nichts veröffentlicht. Veröffentlichen Sie den Beitrag jetzt oder überspringen Sie ihn."
        ),
        JobState::Refused if job.remote().is_some() => format!(
            "{reason} Der erste Teil ist auf {network} erschienen, der Rest nicht. Ändern Sie den Beitrag oder veröffentlichen \
             Sie den Rest."
        ),
        JobState::Refused => format!(
            "{reason} Auf {network} wurde nichts veröffentlicht. Ändern Sie den Beitrag oder veröffentlichen Sie ihn erneut."
        ),
        _ => reason,
    }
}

fn times(count: u32) -> String {
    match count {
        0 | 1 => "einmal".to_owned(),
        2 => "zweimal".to_owned(),
        more => format!("{more}-mal"),
    }
}
