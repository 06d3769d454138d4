//! What has had its time is deleted, once an hour.

use std::time::Duration;

use crate::app::App;
use crate::on;
use crate::sessions::DAY_MS;

const EVERY: Duration = Duration::from_secs(60 * 60);
/// Ended sessions stay this long, so that a token of theirs that comes again is still recognised.
const SESSIONS_MS: i64 = 7 * DAY_MS;
const EVENTS_MS: i64 = 400 * DAY_MS;

/// Runs until it is dropped.
pub async fn run(app: App) {
    let mut times = tokio::time::interval(EVERY);
    times.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        times.tick().await;
        if let Err(error) = clean(&app).await {
            tracing::warn!(reason = %crate::error::one_line(&error.to_string()), "nothing was cleaned up");
        }
    }
}

/// Deletes what is over.
///
/// # Errors
/// The database does not answer; some of it may be done.
pub async fn clean(app: &App) -> Result<(), sqlx::Error> {
    let now = app.clock.millis();
    for (statement, before) in [
        // with their challenges and what waits for a provider
        ("DELETE FROM flow WHERE expires_at <= $1", now),
        ("DELETE FROM provider_login WHERE expires_at <= $1", now),
        // a day after: a code that comes again still ends its session
        ("DELETE FROM authorization_code WHERE expires_at <= $1", now.saturating_sub(DAY_MS)),
        ("DELETE FROM known_browser WHERE expires_at <= $1", now),
        (
            "DELETE FROM session WHERE ended_at <= $1 OR expires_at <= $1 OR idle_at <= $1",
            now.saturating_sub(SESSIONS_MS),
        ),
        ("DELETE FROM event WHERE at <= $1", now.saturating_sub(EVENTS_MS)),
    ] {
        // one at a time, so that the writer is free in between
        let mut tx = app.database.write().await?;
        on!(&mut tx, c => sqlx::query(statement).bind(before).execute(c).await?.rows_affected());
        tx.commit().await?;
    }
    crate::media::purge(app).await
}
