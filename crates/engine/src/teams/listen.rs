//! Hears at once that there is something to pull, for as long as the program keeps a profile in step.
//!
//! An event leads to the pull that the clock would lead to later, and to nothing else. Whatever keeps events away (a server that is gone,
//! something between that holds them back) makes the clock go faster again.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use contract::{Origin, Tag};
use remote::{Failure, Live};
use tokio::sync::Notify;
use wire::live::LiveEvent;

use super::exchange::Trouble;
use super::link::signed;
use super::presence;
use super::team::Team;
use crate::engine::Shared;

/// Between two tries to listen: the first, and the longest. Each is up to half as long again.
const AGAIN: Duration = Duration::from_secs(1);
const AGAIN_MAX: Duration = Duration::from_secs(300);
/// A stream that lasts this long is none that breaks as soon as it begins.
const LASTS: Duration = Duration::from_secs(60);
/// Told, and not by a number: something may be there.
const UNKNOWN: u64 = u64::MAX;

/// What is heard of the server, and what is known of it.
#[derive(Debug, Default)]
pub(crate) struct Ear {
    /// Events come through.
    open: AtomicBool,
    /// The highest number that was told since the last exchange began; 0: none.
    told: AtomicU64,
    /// The number of the organisation up to which everything was pulled.
    pulled: AtomicU64,
    /// Something was told, or the ear was closed.
    told_now: Notify,
    /// The server was reached after it was not: whoever waits to listen tries at once.
    reached: Notify,
}

impl Ear {
    pub(crate) fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }

    /// Whether something was told that is not here yet.
    pub(super) fn is_behind(&self) -> bool {
        self.told.load(Ordering::Relaxed) > self.pulled.load(Ordering::Relaxed)
    }

    /// Ready when something was told.
    pub(super) async fn told(&self) {
        self.told_now.notified().await;
    }

    pub(super) fn exchange_begins(&self) {
        self.told.store(0, Ordering::Relaxed);
    }

    /// Everything up to this number is here. Numbers of a restored server are lower than those before.
    pub(super) fn exchanged(&self, head: u64) {
        self.pulled.store(head, Ordering::Relaxed);
    }

    pub(super) fn reached(&self) {
        self.reached.notify_one();
    }

    fn tell(&self, seq: u64) {
        self.told.fetch_max(seq, Ordering::Relaxed);
        if self.is_behind() {
            self.told_now.notify_one();
        }
    }

    /// Whatever was told before is not known: one exchange brings it. Whether it was the other way before.
    fn turn(&self, open: bool) -> bool {
        let turned = self.open.swap(open, Ordering::Relaxed) != open;
        if turned {
            self.tell(UNKNOWN);
        }
        turned
    }
}

/// Listens until it is dropped; pauses while nobody is signed in.
pub(super) async fn listen(engine: &Shared, team: &Team) {
    let mut again = AGAIN;
    loop {
        team.link.signed_in().await;
        let begun = engine.ports.clock.uptime();
        let ended = tokio::select! {
            ended = hear(engine, team) => ended,
            () = team.link.signed_out() => Ok(()),
        };
        if engine.ports.clock.uptime().saturating_sub(begun) >= LASTS {
            again = AGAIN;
        }
        if team.ear.turn(false) {
            presence::heard(engine, team, None);
            engine.announce(&[Tag::Team], Origin::Shell);
        }
        let pause = match ended {
            Err(Trouble::Refused(wire::Fault::Busy { retry_after_s } | wire::Fault::Unavailable { retry_after_s })) => {
                Duration::from_secs(u64::from(retry_after_s)).clamp(again, AGAIN_MAX)
            }
            _ => again,
        };
        again = again.saturating_mul(2).min(AGAIN_MAX);
        tokio::select! {
            () = engine.ports.clock.sleep(apart(engine, pause)) => {}
            () = team.ear.reached.notified() => {}
        }
    }
}

/// All computers of a team lose a server at the same moment: they must not all come back at the same one.
fn apart(engine: &Shared, pause: Duration) -> Duration {
    let mut bytes = [0; 4];
    // without randomness they come back together
    let share = engine.ports.entropy.fill(&mut bytes).map_or(0, |()| u32::from_le_bytes(bytes));
    let part = pause.mul_f64(f64::from(share) / f64::from(u32::MAX) / 2.0);
    pause.saturating_add(part)
}

/// One stream, from its beginning to its end.
async fn hear(engine: &Shared, team: &Team) -> Result<(), Trouble> {
    let mut live = open(team).await?;
    while let Some(event) = live.next().await? {
        // not when it was opened: something between can take a request and let nothing through
        if team.ear.turn(true) {
            team.presence.say_again();
            engine.announce(&[Tag::Team], Origin::Shell);
        }
        match event {
            LiveEvent::Poke { seq } => team.ear.tell(seq),
            // the exchange finds it out, and does what is to be done
            LiveEvent::Revoked => team.ear.tell(UNKNOWN),
            LiveEvent::Presence { post, people } => presence::heard(engine, team, Some((post, people))),
            LiveEvent::Ping => {}
        }
    }
    Ok(())
}

async fn open(team: &Team) -> Result<Live, Trouble> {
    let opened: Result<Live, Failure> = signed!(team.link, |access| team.link.server.live(access, team.organisation));
    Ok(opened?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_here_already_is_no_news() {
        let ear = Ear::default();
        ear.exchanged(7);
        ear.tell(7);
        assert!(!ear.is_behind());
        ear.tell(8);
        assert!(ear.is_behind());
        ear.exchange_begins();
        ear.exchanged(8);
        assert!(!ear.is_behind());
        // told while the exchange was under way, and not in it
        ear.exchange_begins();
        ear.tell(9);
        ear.exchanged(8);
        assert!(ear.is_behind());
    }

    #[test]
    fn a_stream_that_begins_or_ends_leads_to_a_look() {
        let ear = Ear::default();
        ear.exchanged(7);
        for open in [true, false] {
            ear.turn(open);
            assert!(ear.is_behind());
            ear.exchange_begins();
            ear.exchanged(7);
            ear.turn(open);
            assert!(!ear.is_behind(), "nothing turned");
        }
    }

    #[test]
    fn a_restored_server_has_lower_numbers() {
        let ear = Ear::default();
        ear.exchanged(70);
        ear.exchange_begins();
        ear.exchanged(7);
        ear.tell(8);
        assert!(ear.is_behind());
    }
}
