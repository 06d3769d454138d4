//! For tests only: the program stops at one named step of a delivery, says so, and waits to be killed.
//!
//! `SENDOFF_STOP_AT=publisher-sent` stops when that step is reached, `SENDOFF_STOP_AT=publisher-sent:2` the second time. The names
//! are those of the fail points in [`crate::publisher`] and [`crate::sessions`].
//!
//! `SENDOFF_LATER_S=240` starts as if so many seconds more had passed since the program was ended.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Once};
use std::time::Duration;

use async_trait::async_trait;
use domain::job::plus;
use jiff::Timestamp;

use crate::ports::{Clock, Ports};

const VARIABLE: &str = "SENDOFF_STOP_AT";
const LATER: &str = "SENDOFF_LATER_S";

/// Arranges the stop that the environment asks for, once per process.
pub(crate) fn where_asked() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let Ok(asked) = std::env::var(VARIABLE) else { return };
        let (step, time) = asked.split_once(':').unwrap_or((&asked, "1"));
        let (step, time) = (step.to_owned(), time.parse().unwrap_or(1));
        let reached = AtomicU32::new(0);
        let name = step.clone();
        let stop = move || {
            if reached.fetch_add(1, Ordering::SeqCst) + 1 == time {
                eprintln!("stopped at {name}");
                loop {
                    std::thread::park();
                }
            }
        };
        if let Err(error) = fail::cfg_callback(step, stop) {
            eprintln!("{VARIABLE}: {error}");
        }
    });
}

/// Moves the clocks on as far as the environment asks.
pub(crate) fn later(ports: &Ports) -> Ports {
    let by_s = std::env::var(LATER).ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(0);
    Ports { clock: Arc::new(Later { clock: Arc::clone(&ports.clock), by_s }), ..ports.clone() }
}

#[derive(Debug)]
struct Later {
    clock: Arc<dyn Clock>,
    by_s: u32,
}

#[async_trait]
impl Clock for Later {
    fn now(&self) -> Timestamp {
        plus(self.clock.now(), self.by_s.into())
    }

    fn uptime(&self) -> Duration {
        self.clock.uptime() + Duration::from_secs(self.by_s.into())
    }

    async fn sleep(&self, duration: Duration) {
        self.clock.sleep(duration).await;
    }

    fn zone(&self) -> String {
        self.clock.zone()
    }
}
