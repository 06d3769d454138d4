use domain::approval::{StepState, Verdict};
use domain::team::Role;

use super::{Subject, Texts};
use crate::i18n::counted;

pub const DE: Texts = Texts {
    title: "Genehmigungen",
    step_state: |state| match state {
        StepState::Later => "kommt später",
        StepState::Open => "offen",
        StepState::Met => "zugestimmt",
        StepState::Stuck => "blockiert",
    },
    asks_you: "wartet auf Sie",
    approved_by: |names| format!("Zugestimmt: {names}"),
    waits: |who| format!("Wartet auf {who}"),
    so_many: |done, needed| format!("{done} von {needed} Zustimmungen"),
    some_of: |count, who| format!("{count} von {who}"),
    of_role: |role| match role {
        Role::Owner => "jemanden mit der Rolle Inhaber",
        Role::Administrator => "jemanden mit der Rolle Administrator",
        Role::Approver => "jemanden mit der Rolle Prüfer",
        Role::Creator => "jemanden mit der Rolle Redakteur",
        Role::Viewer => "jemanden mit der Rolle Betrachter",
    },
    or: "oder",
    and: "und",
    deadline: |when| format!("Bis {when}"),
    overdue_since: |when| format!("Überfällig: Frist war {when}"),
    stuck: "Niemand, der zustimmen darf, ist noch da. Wer die Ketten verwaltet, muss jemand anderen benennen.",
    panel: "Genehmigung",
    will_need: |steps| {
        let steps = steps.iter().map(|(name, who)| format!("{name} ({who})")).collect::<Vec<_>>();
        format!("Nach Ihrer Freigabe müssen noch zustimmen: {}.", steps.join(", dann "))
    },
    waiting: "Wartet auf Zustimmung",
    waits_for: |steps| format!("Wartet auf {steps}"),
    changes_requested: "Es wurden Änderungen erbeten. Ändern Sie den Text und geben Sie ihn erneut frei.",
    rejected: "Der Beitrag wurde abgelehnt und erscheint nicht. Ändern Sie den Text und geben Sie ihn erneut frei, oder nehmen Sie ihn aus dem Plan.",
    approved: |names| match names {
        "" => "Genehmigt".to_owned(),
        names => format!("Zugestimmt: {names}"),
    },
    overridden: |name| format!("{name} lässt ihn ohne die Zustimmungen erscheinen"),
    own_work: "Was Sie geschrieben haben, muss jemand anderes genehmigen.",
    reads_only: "Sie sind hier Betrachter: Sie lesen Beiträge und stimmen zu, wo Sie gefragt sind, ändern aber keine.",
    offline: "Sie sind offline: Was Sie entscheiden, wird gesendet, sobald Sie wieder online sind, und zählt nur, wenn der Text dann noch derselbe ist.",
    said: "Was gesagt wurde",
    verdict: |verdict, who| match (verdict, who) {
        (Verdict::Approve, Some(who)) => format!("{who} hat zugestimmt"),
        (Verdict::RequestChanges, Some(who)) => format!("{who} bittet um Änderungen"),
        (Verdict::Reject, Some(who)) => format!("{who} hat abgelehnt"),
        (Verdict::Override, Some(who)) => format!("{who} hat die Kette übergangen"),
        (Verdict::Approve, None) => "Sie haben zugestimmt".to_owned(),
        (Verdict::RequestChanges, None) => "Sie haben um Änderungen gebeten".to_owned(),
        (Verdict::Reject, None) => "Sie haben abgelehnt".to_owned(),
        (Verdict::Override, None) => "Sie haben die Kette übergangen".to_owned(),
    },
    earlier: "zu einem früheren Text",
    approve: "Zustimmen",
    request: "Um Änderungen bitten",
    reject: "Ablehnen…",
    override_: "Kette übergehen…",
    withdraw: |verdict| match verdict {
        Verdict::Approve => "Meine Zustimmung zurückziehen",
        Verdict::RequestChanges | Verdict::Reject | Verdict::Override => "Meine Entscheidung zurückziehen",
    },
    more: "Weitere Entscheidungen",
    ask_title: |verdict| match verdict {
        Verdict::Approve => "Zustimmen",
        Verdict::RequestChanges => "Um Änderungen bitten",
        Verdict::Reject => "Ablehnen",
        Verdict::Override => "Kette übergehen",
    },
    ask_what: |verdict| match verdict {
        Verdict::Approve => "",
        Verdict::RequestChanges => "Der Beitrag geht mit dem, was Sie hier schreiben, an seinen Verfasser zurück.",
        Verdict::Reject => "Der Beitrag erscheint nicht. Sein Verfasser kann ihn ändern und erneut freigeben.",
        Verdict::Override => {
            "Der Beitrag erscheint, obwohl nicht alle zugestimmt haben. Ihr Name und Ihr Grund bleiben bei ihm vermerkt."
        }
    },
    note: |verdict| match verdict {
        Verdict::RequestChanges => "Was soll anders werden?",
        Verdict::Override => "Warum?",
        Verdict::Approve | Verdict::Reject => "Notiz",
    },
    note_missing: "Schreiben Sie ein, zwei Worte: Die anderen sehen nur das.",
    note_long: "Das ist zu lang. Höchstens 2000 Zeichen sind möglich.",
    done: |verdict, subject| {
        let what = match subject {
            Subject::One("") => "Beitrag".to_owned(),
            Subject::One(title) => format!("„{title}“"),
            Subject::Many(count) => counted(count as u64, "Beitrag", "Beiträge"),
        };
        match verdict {
            Verdict::Approve => format!("{what}: zugestimmt"),
            Verdict::RequestChanges => format!("{what}: um Änderungen gebeten"),
            Verdict::Reject => format!("{what}: abgelehnt"),
            Verdict::Override => format!("{what}: Kette übergangen"),
        }
    },
    done_offline: "Wird gesendet, sobald Sie online sind; zählt nur, wenn der Text dann noch derselbe ist.",
    left: |count, title, why| match count {
        1 => format!("„{title}“ bleibt, wie er ist: {why}"),
        _ => format!("{} bleiben, wie sie sind, etwa „{title}“: {why}", counted(count as u64, "Beitrag", "Beiträge")),
    },
    withdrawn: "Ihre Entscheidung ist zurückgezogen",
    not_saved: "Was getippt wurde, ist noch nicht gespeichert. Versuchen Sie es gleich noch einmal.",
    mine: "Wartet auf Sie",
    others: "Wartet auf andere",
    sent_back: "Zurückgegeben",
    to_approve: "Für Sie zum Zustimmen",
    list: "Beiträge, die auf Zustimmung warten",
    waits_for_me: |count| match count {
        0 => "Nichts wartet auf Sie".to_owned(),
        1 => "1 Beitrag wartet auf Sie".to_owned(),
        _ => format!("{} warten auf Sie", counted(count as u64, "Beitrag", "Beiträge")),
    },
    nothing: "Nichts wartet auf Sie",
    nothing_what: "Hier erscheinen Beiträge, denen Sie vor der Veröffentlichung zustimmen müssen, die mit der nächsten Frist zuerst.",
    no_chains: "Niemand muss etwas genehmigen",
    no_chains_what: "Mit einer Genehmigungskette erscheinen Beiträge erst, wenn die richtigen Leute zugestimmt haben. Ketten legen Sie unter Team an.",
    signed_by: |name| format!("von {name}"),
    signed_when: |name, when| format!("Freigegeben von {name}, {when}"),
    due: |when| format!("bis {when}"),
    overdue: "überfällig",
    changed: "geändert",
    changed_since: |verdict, who| {
        let whose = |what: &str, mine: &str| match who {
            Some(who) => format!("Geändert, seit {who} {what}"),
            None => format!("Geändert, seit Sie {mine}"),
        };
        match verdict {
            Some(Verdict::Approve) => whose("zugestimmt hat", "zugestimmt haben"),
            Some(Verdict::RequestChanges) => whose("um Änderungen gebeten hat", "um Änderungen gebeten haben"),
            Some(Verdict::Reject) => whose("abgelehnt hat", "abgelehnt haben"),
            Some(Verdict::Override) => whose("die Kette übergangen hat", "die Kette übergangen haben"),
            None => "Geändert seit der letzten Entscheidung".to_owned(),
        }
    },
    time_field: "Erscheint",
    goes_out: |when| format!("Erscheint {when}"),
    open: "In „Schreiben“ öffnen",
    own_text: "eigener Text",
    choose_one: "Wählen Sie links einen Beitrag, um ihn zu lesen.",
    picked: |count| format!("{} ausgewählt", counted(count as u64, "Beitrag", "Beiträge")),
    picked_label: "Was mit den ausgewählten Beiträgen geschieht",
    pick_none: "Nichts mehr auswählen",
    approve_many: |count| match count {
        1 => "Einem Beitrag zustimmen?".to_owned(),
        _ => format!("{} zustimmen?", counted(count as u64, "Beitrag", "Beiträgen")),
    },
    approve_many_what: "Jede Zustimmung gilt dem Text, der jetzt dort steht. Sie werden nicht gemeinsam rückgängig gemacht: Sie würden jede einzeln zurückziehen.",
};
