//! Keeps the profile of an organisation in step with its server, for as long as the program runs.

use std::time::Duration;

use contract::teams::Sync;
use contract::{Origin, Tag};

use super::exchange::{NotExchanged, hand_over_unsent};
use super::notices;
use super::team::Team;
use crate::engine::Shared;
use crate::host::Host;

/// Between two looks at the server, as long as it answers.
const STEADY: Duration = Duration::from_secs(5);
/// Between two tries, while it does not answer: the first, and the longest.
const AGAIN: Duration = Duration::from_secs(5);
const AGAIN_MAX: Duration = Duration::from_secs(60);
/// What is typed goes along: a change waits this long for the next one.
const GATHER: Duration = Duration::from_millis(700);
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
            match exchange(&engine, team).await {
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
        let pause = match done {
            Ok(done) => {
                again = AGAIN;
                forget(engine, done.durable).await;
                match super::files::exchange(engine, team).await {
                    Ok(true) => Duration::ZERO,
                    Ok(false) if done.later => AGAIN,
                    Ok(false) => STEADY,
                    Err(error) => {
                        tracing::info!(error.code = ?error.code, detail = error.detail.as_deref(), "files of a team wait");
                        AGAIN
                    }
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
        tokio::select! {
            () = engine.ports.clock.sleep(pause) => {}
            () = team.wake.notified() => {
                if matches!(team.sync(), Sync::Offline { .. } | Sync::SignedOut) {
                    // many changes made offline are no reason to knock as often
                    engine.announce(&[Tag::Team], Origin::Shell);
                }
                if !team.is_over() {
                    engine.ports.clock.sleep(GATHER).await;
                }
            }
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
