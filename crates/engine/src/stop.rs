//! For tests only: the program stops at one named step of a delivery, says so, and waits to be killed.
//!
//! `SENDOFF_STOP_AT=publisher-sent` stops when that step is reached, `SENDOFF_STOP_AT=publisher-sent:2` the second time. The names
//! are those of the fail points in [`crate::publisher`] and [`crate::sessions`].

use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

const VARIABLE: &str = "SENDOFF_STOP_AT";

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
