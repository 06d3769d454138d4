use std::time::Duration;

use async_trait::async_trait;
use engine::ports::Clock;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The clocks of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else takes as an argument")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn uptime(&self) -> Duration {
        crate::os::uptime()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the sleep that everything else takes as an argument")]
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn zone(&self) -> String {
        // read anew each time: a traveller changes it while the program runs
        TimeZone::try_system()
            .ok()
            .and_then(|zone| zone.iana_name().map(str::to_owned))
            .unwrap_or_else(|| "UTC".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_clocks_go_forward_together() {
        let clock = SystemClock;
        let (wall, uptime) = (clock.now(), clock.uptime());
        while clock.uptime() < uptime + Duration::from_millis(5) {
            std::thread::yield_now();
        }
        assert!(clock.now() > wall);
        assert!(uptime > Duration::ZERO);
    }

    #[test]
    fn the_zone_has_a_name_that_the_time_library_knows() {
        let name = SystemClock.zone();
        assert!(TimeZone::get(&name).is_ok(), "{name}");
    }
}
