//! Keeps the profile of an organisation in step with its server, for as long as the program runs.

use std::time::Duration;

use contract::teams::Sync;
use contract::{Origin, Tag};
use domain::Key;

use super::approvals::Told;
use super::exchange::{NotExchanged, hand_over_unsent};
use super::notices;
use super::team::Team;
use crate::engine::Shared;
use crate::host::Host;

/// Between two looks at the server, as long as it answers: while nothing is heard of it, and while it tells of changes by itself.
const STEADY: Duration = Duration::from_secs(5);
const TOLD: Duration = Duration::from_secs(60);
/// Between two tries, while it does not answer: the first, and the longest.
const AGAIN: Duration = Duration::from_secs(5);
const AGAIN_MAX: Duration = Duration::from_secs(60);
/// What is typed goes along: this long after changes were sent the next ones go, together.
const GATHER: Duration = Duration::from_millis(700);
/// The first change after a while waits only for what is done along with it.
const GATHER_FIRST: Duration = Duration::from_millis(100);
/// From the end of an exchange to one that was asked for by an event: a busy team is no reason to pull without a pause.
const APART: Duration = Duration::from_millis(150);
/// Another process of this computer keeps the profile in step; this one looks whether it still does.
const ELSEWHERE: Duration = Duration::from_secs(3);
/// What the server took is kept for this long, in case that it is restored from an older backup.
const KEPT_DAYS: i64 = 30;

/// Exchanges until the program ends, or the membership.
pub(crate) async fn keep(host: Host, engine: Shared) {
    let Some(team) = &engine.team else { return };
    let Ok(file) = crate::files::private(&engine.folder.join("exchange.lock")) else {
        tracing::error!("the lock file of an organisation cannot be made: nothing is exchanged");
        return;
    };
    let mut lock = fd_lock::RwLock::new(file);
    loop {
        // the lock is the system's and ends with the process, however it ends
        if let Ok(_held) = lock.try_write() {
            let ended = tokio::select! {
                ended = exchange(&engine, team) => ended,
                // these end with the exchange
                () = super::listen::listen(&engine, team) => Ended::Profile,
                () = super::presence::tell(&engine, team) => Ended::Profile,
                () = files(&engine, team) => Ended::Profile,
            };
            match ended {
                Ended::Profile => return,
                Ended::Membership => break,
            }
        }
        engine.ports.clock.sleep(ELSEWHERE).await;
        if team.is_over() {
            return;
        }
    }
    host.end_membership(&engine, team).await;
}

enum Ended {
    Membership,
    /// It is taken off this computer.
    Profile,
}

async fn exchange(engine: &Shared, team: &Team) -> Ended {
    let mut again = AGAIN;
    let mut told = Told::default();
    loop {
        if team.is_over() {
            return Ended::Profile;
        }
        let waited = engine.store.pending_count().await.unwrap_or(0);
        let done = engine.exchange(team).await;
        let waits = engine.store.pending_count().await.unwrap_or(0);
        if waits != waited || waits > 0 {
            engine.announce(&[Tag::Team], Origin::Shell);
        }
        // a server that asks for time gets it, whatever it tells meanwhile
        let heeds = !matches!(done, Err(NotExchanged::Later(Some(_))));
        let pause = match done {
            Ok(done) => {
                again = AGAIN;
                forget(engine, done.durable).await;
                let of_people = |key: &Key| matches!(key, Key::Member(_) | Key::Organisation(_));
                if done.taken.touched.iter().any(of_people) {
                    engine.recount().await;
                }
                told.look(engine, !done.taken.touched.is_empty()).await;
                match (done.later, team.ear.is_open()) {
                    (true, _) => AGAIN,
                    (false, true) => TOLD,
                    (false, false) => STEADY,
                }
            }
            Err(NotExchanged::Revoked) => match handed_over(engine, team).await {
                true => return Ended::Membership,
                false => AGAIN_MAX,
            },
            Err(NotExchanged::Later(Some(seconds))) => Duration::from_secs(u64::from(seconds)).clamp(AGAIN, AGAIN_MAX),
            Err(_) => {
                let pause = again;
                again = again.saturating_mul(2).min(AGAIN_MAX);
                pause
            }
        };
        wait(engine, team, pause, heeds).await;
    }
}

/// Waits until there is something to exchange, or for `pause`; whether what the server tells counts is said by `heeds`.
async fn wait(engine: &Shared, team: &Team, pause: Duration, heeds: bool) {
    let clock = &engine.ports.clock;
    let ended = clock.uptime();
    let passed = || clock.uptime().saturating_sub(ended);
    // told while the exchange was under way, and not in it
    while !(heeds && team.ear.is_behind()) {
        tokio::select! {
            () = clock.sleep(pause.saturating_sub(passed())) => return,
            () = team.ear.told() => {}
            () = team.wake.notified() => {
                if matches!(team.sync(), Sync::Offline { .. } | Sync::SignedOut) {
                    // many changes made offline are no reason to knock as often
                    engine.announce(&[Tag::Team], Origin::Shell);
                }
                if !team.is_over() {
                    clock.sleep(GATHER.saturating_sub(passed()).max(GATHER_FIRST)).await;
                }
                return;
            }
        }
    }
    clock.sleep(APART.saturating_sub(passed())).await;
}

/// Sends and fetches files beside the records: a film on a slow line holds up no word.
async fn files(engine: &Shared, team: &Team) {
    loop {
        let pause = match super::files::exchange(engine, team).await {
            Ok(true) => continue,
            // nobody has sent them yet, as far as is known
            Ok(false) => match engine.store.unsent_files(&[], 1).await {
                Ok(none) if none.is_empty() => None,
                _ => Some(STEADY),
            },
            Err(error) => {
                tracing::info!(error.code = ?error.code, detail = error.detail.as_deref(), "files of a team wait");
                Some(AGAIN)
            }
        };
        match pause {
            None => team.exchanged.notified().await,
            Some(pause) => tokio::select! {
                () = engine.ports.clock.sleep(pause) => {}
                () = team.exchanged.notified() => {}
            },
        }
    }
}

/// What the server cannot lose any more is forgotten after a while.
async fn forget(engine: &Shared, durable: u64) {
    let before = engine.now().checked_sub(jiff::SignedDuration::from_hours(24 * KEPT_DAYS));
    if let (1.., Ok(before)) = (durable, before)
        && let Err(error) = engine.store.forget_acked(durable, before).await
    {
        tracing::warn!(%error, "what a server took long ago was not forgotten");
    }
}

/// Whether what was not sent lies with those who manage the organisation: before, nothing is deleted.
async fn handed_over(engine: &Shared, team: &Team) -> bool {
    match hand_over_unsent(&engine.store, &team.line()).await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, "what was not sent before a membership ended is not handed over yet");
            false
        }
    }
}

impl Host {
    /// The membership is over: the profile goes, and the person is told.
    async fn end_membership(&self, engine: &Shared, team: &Team) {
        let name = super::name_of(engine).await;
        let waited = engine.store.pending_count().await.unwrap_or(0);
        if let Err(error) = self.teams().drop_team(team.organisation).await {
            tracing::error!(error.code = ?error.code, "an organisation that was left is still in the list");
            return;
        }
        notices::removed(self.teams().own(), &name, waited);
        self.teams().own().announce(&Tag::ALL, Origin::Shell);
    }
}
