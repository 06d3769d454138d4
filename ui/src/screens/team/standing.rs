//! How a profile stands to its server, in a word or two.

use contract::teams::Sync;

use super::texts::Texts;
use crate::frame::context::Clock;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// `good`, `info`, `warn` or `bad`: the colour beside the words.
    pub tone: &'static str,
    pub text: String,
}

/// What is said first of it: what a person has to do, then what waits.
pub fn standing(sync: Sync, waiting: u64, attention: u64, t: &Texts, clock: &Clock) -> Standing {
    let (tone, text) = match (sync, waiting) {
        (Sync::Revoked, _) => ("bad", t.sync_revoked.to_owned()),
        (Sync::Stuck, _) => ("bad", t.sync_stuck.to_owned()),
        (Sync::TooOld, _) => ("bad", t.sync_too_old.to_owned()),
        (Sync::ServerTooOld, waiting) => ("warn", (t.sync_server_too_old)(waiting)),
        (Sync::SignedOut, waiting) => ("warn", (t.sync_signed_out)(waiting)),
        (Sync::Offline { since }, 0) => ("warn", (t.sync_offline)(&clock.moment(since))),
        (Sync::Offline { since }, waiting) => ("warn", (t.sync_waits)(waiting, &clock.moment(since))),
        (Sync::Exchanging, _) => ("info", t.sync_exchanging.to_owned()),
        (Sync::Starting, 0) => ("info", t.sync_starting.to_owned()),
        (Sync::UpToDate { .. }, 0) => ("good", t.sync_up_to_date.to_owned()),
        (Sync::Starting | Sync::UpToDate { .. }, waiting) => ("info", (t.sync_sending)(waiting)),
    };
    // a colour that says that nothing is to be done would lie while something is
    let tone = if attention > 0 && tone != "bad" { "warn" } else { tone };
    Standing { tone, text }
}

/// Why, and what to do about it.
pub fn explanation(sync: Sync, host: &str, t: &Texts, clock: &Clock) -> String {
    match sync {
        Sync::Starting => t.explain_starting.to_owned(),
        Sync::Exchanging => t.explain_exchanging.to_owned(),
        Sync::UpToDate { at } => (t.explain_up_to_date)(&clock.relative(at.min(clock.now))),
        Sync::Offline { since } => (t.explain_offline)(host, &clock.moment(since)),
        Sync::SignedOut => (t.explain_signed_out)(host),
        Sync::TooOld => (t.explain_too_old)(host),
        Sync::ServerTooOld => (t.explain_server_too_old)(host),
        Sync::Stuck => t.explain_stuck.to_owned(),
        Sync::Revoked => t.explain_revoked.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::EN;
    use jiff::tz::TimeZone;

    fn said(sync: Sync, waiting: u64, attention: u64) -> (&'static str, String) {
        let now = "2026-12-01T11:00:00Z".parse().unwrap();
        let clock = Clock { now, zone_name: "UTC".into(), zone: TimeZone::UTC, texts: &EN };
        let Standing { tone, text } = standing(sync, waiting, attention, &EN.team, &clock);
        (tone, text)
    }

    #[test]
    fn what_waits_and_since_when_is_said_and_nothing_is_called_up_to_date_that_is_not() {
        let since = "2026-12-01T10:42:00Z".parse().unwrap();
        let done = Sync::UpToDate { at: since };
        assert_eq!(said(done, 0, 0), ("good", "Up to date".into()));
        assert_eq!(said(done, 1, 0), ("info", "1 change waits".into()));
        assert_eq!(said(done, 0, 2), ("warn", "Up to date".into()));
        let offline = Sync::Offline { since };
        assert_eq!(said(offline, 3, 0), ("warn", "3 changes wait: offline since 10:42".into()));
        assert_eq!(said(offline, 0, 0), ("warn", "Offline since 10:42".into()));
        assert_eq!(said(Sync::SignedOut, 2, 0).1, "Sign in again: 2 changes wait");
        assert_eq!(said(Sync::ServerTooOld, 2, 0), ("warn", "The server has to be updated: 2 changes wait".into()));
        assert_eq!(said(Sync::Stuck, 2, 1), ("bad", "Stuck".into()));
    }
}
