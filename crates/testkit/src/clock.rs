//! A clock that a test sets by hand. It goes on by itself meanwhile, because real servers answer in real time.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use engine::ports::Clock;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

#[derive(Debug)]
struct Hands {
    begun: Instant,
    start: Timestamp,
    /// What the wall clock was moved by.
    wall: SignedDuration,
    /// What the machine slept.
    slept: Duration,
}

/// Wall clock and uptime, moved together or apart.
#[derive(Debug)]
pub struct HandClock {
    hands: Mutex<Hands>,
    moved: watch::Sender<u64>,
}

impl HandClock {
    /// Shows the time of this machine.
    #[expect(clippy::disallowed_methods, reason = "this is a clock")]
    pub fn real() -> Self {
        Self::at(Timestamp::now())
    }

    /// Shows this time now.
    pub fn at(start: Timestamp) -> Self {
        let hands = Hands { begun: Instant::now(), start, wall: SignedDuration::ZERO, slept: Duration::ZERO };
        Self { hands: Mutex::new(hands), moved: watch::Sender::new(0) }
    }

    /// The machine sleeps: both clocks go on, nothing runs in between.
    ///
    /// # Panics
    /// Another thread of the test failed.
    pub fn sleep_through(&self, time: Duration) {
        let mut hands = self.hands.lock().unwrap();
        hands.slept += time;
        drop(hands);
        self.moved.send_modify(|moved| *moved += 1);
    }

    /// Somebody sets the wall clock by so much; real time does not care.
    ///
    /// # Panics
    /// Another thread of the test failed.
    pub fn set_by(&self, by: SignedDuration) {
        let mut hands = self.hands.lock().unwrap();
        hands.wall += by;
        drop(hands);
        self.moved.send_modify(|moved| *moved += 1);
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        let hands = self.hands.lock().unwrap();
        let passed = SignedDuration::try_from(hands.begun.elapsed() + hands.slept).expect("a short test");
        hands.start.saturating_add(passed + hands.wall).expect("a time span")
    }

    fn uptime(&self) -> Duration {
        let hands = self.hands.lock().unwrap();
        hands.begun.elapsed() + hands.slept
    }

    #[expect(clippy::disallowed_methods, reason = "this is a clock")]
    async fn sleep(&self, duration: Duration) {
        let mut moved = self.moved.subscribe();
        let until = self.uptime() + duration;
        while let Some(left) = until.checked_sub(self.uptime()).filter(|left| !left.is_zero()) {
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                _ = moved.changed() => {}
            }
        }
    }

    fn zone(&self) -> String {
        "Europe/Oslo".to_owned()
    }
}
