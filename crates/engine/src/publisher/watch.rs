//! Tells a machine that slept from a clock that was set: the wall clock against a clock that nobody can set.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// A wall clock that moved this much further than time did was set, not corrected.
const JUMP_S: i64 = 10 * 60;
/// More than the time service corrects without setting the clock.
const SET_S: u64 = 5;
/// Longer than any tick: the machine did not run in between.
const GAP: Duration = Duration::from_secs(90);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    Steady,
    /// Both clocks moved on together while nobody looked.
    Resumed {
        slept: Duration,
    },
    /// The wall clock moved alone, forwards or backwards.
    Jumped {
        by_s: i64,
    },
}

#[derive(Debug, Default)]
pub(super) struct Watch {
    last: Option<(Timestamp, Duration)>,
    /// The uptime at which the wall clock was seen to have been set, by however little.
    set_at: Option<Duration>,
}

impl Watch {
    /// Nobody set the wall clock within `time` before this moment, not even since the last look.
    pub(super) fn is_steady_for(&self, time: Duration, now: Timestamp, uptime: Duration) -> bool {
        let set = self.last.is_some_and(|last| was_set(apart(last, (now, uptime))));
        !set && self.set_at.is_none_or(|at| uptime.saturating_sub(at) >= time)
    }

    /// `uptime` goes on during suspend.
    pub(super) fn look(&mut self, now: Timestamp, uptime: Duration) -> Seen {
        let Some(last) = self.last.replace((now, uptime)) else { return Seen::Steady };
        let passed = uptime.saturating_sub(last.1);
        let apart = apart(last, (now, uptime));
        if was_set(apart) {
            self.set_at = Some(uptime);
        }
        if apart.unsigned_abs() > Duration::from_secs(JUMP_S.unsigned_abs()) {
            return Seen::Jumped { by_s: apart.as_secs() };
        }
        if passed > GAP { Seen::Resumed { slept: passed } } else { Seen::Steady }
    }
}

/// By how much the wall clock moved further than time did.
fn apart(then: (Timestamp, Duration), now: (Timestamp, Duration)) -> SignedDuration {
    let passed = SignedDuration::try_from(now.1.saturating_sub(then.1)).unwrap_or(SignedDuration::MAX);
    now.0.duration_since(then.0).saturating_sub(passed)
}

fn was_set(apart: SignedDuration) -> bool {
    apart.unsigned_abs() > Duration::from_secs(SET_S)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::ports::Clock;

    /// A machine that falls asleep for an hour between the second reading of its clocks and the third.
    #[derive(Debug, Default)]
    struct Drowsy(AtomicU64);

    impl Drowsy {
        fn second(&self) -> u64 {
            let readings = self.0.fetch_add(1, Ordering::Relaxed);
            if readings < 2 { 10 } else { 3_610 }
        }
    }

    #[async_trait::async_trait]
    impl Clock for Drowsy {
        fn now(&self) -> Timestamp {
            at(i64::try_from(self.second()).unwrap())
        }
        fn uptime(&self) -> Duration {
            Duration::from_secs(self.second())
        }
        async fn sleep(&self, _: Duration) {}
        fn zone(&self) -> String {
            "UTC".to_owned()
        }
    }

    #[test]
    fn falling_asleep_between_two_readings_is_no_jump() {
        let mut watch = Watch::default();
        watch.look(at(0), Duration::ZERO);
        let (now, uptime) = Drowsy::default().both();
        assert_eq!(watch.look(now, uptime), Seen::Resumed { slept: Duration::from_secs(3_610) });
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn sleep_and_jump_are_told_apart() {
        let mut watch = Watch::default();
        let s = Duration::from_secs;
        assert_eq!(watch.look(at(1_000), s(10)), Seen::Steady);
        assert_eq!(watch.look(at(1_010), s(20)), Seen::Steady);
        assert_eq!(watch.look(at(9_010), s(8_020)), Seen::Resumed { slept: s(8_000) });
        assert_eq!(watch.look(at(9_020 + 3_600), s(8_030)), Seen::Jumped { by_s: 3_600 });
        assert_eq!(watch.look(at(9_030), s(8_040)), Seen::Jumped { by_s: -3_600 });
        // a small correction by the time service
        assert!(!watch.is_steady_for(s(1), at(9_030), s(8_040)));
        assert_eq!(watch.look(at(9_043), s(8_050)), Seen::Steady);
        assert!(watch.is_steady_for(s(10), at(9_043), s(8_050)), "slewed, not set");
        assert!(!watch.is_steady_for(s(10), at(9_053), s(8_051)), "set since the last look");
        assert_eq!(watch.look(at(9_060), s(8_055)), Seen::Steady);
        assert!(!watch.is_steady_for(s(1), at(9_060), s(8_055)), "set by less than a person must look at");
        assert_eq!(
            watch.look(Timestamp::MIN, s(8_060)),
            Seen::Jumped { by_s: -at(9_065).duration_since(Timestamp::MIN).as_secs() }
        );
    }
}
