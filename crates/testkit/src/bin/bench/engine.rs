//! The commands without a window: what the engine and its database take by themselves.

use std::path::Path;
use std::time::Instant;

use adapters::SystemNotifier;
use anyhow::{Context, Result, anyhow};
use contract::ApiError;
use engine::{Host, Options};
use serde_json::{Value, json};

use crate::Times;

/// One command as a screen calls it.
pub struct Measured {
    pub name: &'static str,
    pub body: Value,
    /// Size of the answer as JSON.
    pub bytes: usize,
    pub times: Times,
}

/// Runs each command so often, one after the other.
pub fn measure(profile: &Path, calls: u32) -> Result<Vec<Measured>> {
    let place = adapters::place(Some(profile))?;
    testkit::block_on(async {
        let options = Options { place, publish: false, version: "bench", computer: "Bench".to_owned() };
        let host = Host::start(options, adapters::ports(SystemNotifier::default())?).await.map_err(said)?;
        let (from, to) = month(&host).await?;
        let mut all = Vec::new();
        for (name, body) in [
            ("get_program", json!({})),
            ("get_today", json!({})),
            ("list_personas", json!({})),
            ("list_posts", json!({ "filter": { "text": "" }, "after": null, "limit": 50 })),
            ("get_calendar", json!({ "from": from, "to": to, "filter": { "text": "" } })),
        ] {
            let (mut times, mut bytes) = (Vec::new(), 0);
            for _ in 0..calls {
                let begun = Instant::now();
                let answer = host.call(name, body.clone(), 1).await.map_err(said)?;
                times.push(begun.elapsed().as_secs_f64() * 1e3);
                bytes = answer.len();
            }
            all.push(Measured { name, body, bytes, times: Times::new(times) });
        }
        host.shutdown().await;
        Ok(all)
    })
}

/// Five weeks around the program's today, as the calendar shows them.
async fn month(host: &Host) -> Result<(String, String)> {
    let program: Value = serde_json::from_str(&host.call("get_program", json!({}), 1).await.map_err(said)?)?;
    let now: jiff::Timestamp = program.get("now").and_then(Value::as_str).context("a time")?.parse()?;
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let day = |days: i64| today.checked_add(jiff::Span::new().days(days)).map(|date| date.to_string());
    Ok((day(-17)?, day(17)?))
}

fn said(error: ApiError) -> anyhow::Error {
    anyhow!("{}", error.message)
}
