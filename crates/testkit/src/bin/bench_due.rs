//! `cargo xtask bench`, its last row: how long after its time the first byte of a post leaves, while the program publishes
//! many. The program is a real one (`sendoff serve`), the network a real server behind a proxy that looks at its clock.
//!
//! It reports and never fails on a figure.

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use testkit::servers::servers;
use testkit::{BlueskyPerson, Device, Pds, until};

const POSTS: usize = 50;
/// Two posts in each second, to two of them.
const ACCOUNTS: usize = 4;
/// The longest that the last of a hundred may take, in milliseconds.
const LIMIT_MS: f64 = 1_000.0;
const PASSPHRASE: &str = "correct horse battery";

fn main() -> Result<()> {
    let Some((pds, _)) = servers() else {
        println!("due to first byte: not measured, the servers are not installed (cargo xtask test installs them)");
        return Ok(());
    };
    let mut laptop = Device::new();
    laptop.set("SENDOFF_PASSPHRASE", PASSPHRASE);
    let accounts = set_up(&laptop, pds)?;
    let words = format!("On time {}", std::process::id());

    // drafts first: what is left to do before the first is due takes a known time
    let begun = Instant::now();
    let texts: Vec<String> = (0..POSTS).map(|number| format!("{words}, post {number}.")).collect();
    let mut posts = Vec::new();
    for (text, account) in texts.iter().zip(accounts.iter().cycle()) {
        posts.push(write(&laptop, text, account)?);
    }
    let serving = laptop.serve();
    let lead = Duration::from_secs(15) + begun.elapsed() * 2;
    let first = now(&laptop)?.checked_add(SignedDuration::try_from(lead)?)?.round(jiff::Unit::Second)?;
    let mut due = HashMap::new();
    for (number, (post, text)) in posts.iter().zip(&texts).enumerate() {
        let at = first.checked_add(SignedDuration::from_secs(i64::try_from(number / 2)?))?;
        schedule(&laptop, post, at)?;
        due.insert(text.clone(), at);
    }
    ensure!(now(&laptop)? < first, "this machine is too slow to schedule {POSTS} posts in {lead:?}");

    let create = |line: &str| line.starts_with("POST") && line.contains("putRecord");
    let sent = until("all posts are sent", lead + Duration::from_secs(120), || {
        let asked = pds.proxy.asked(|asked| create(&asked.line) && asked.text.contains(&words));
        (asked.len() >= POSTS).then_some(asked)
    });
    let mut late_ms = Vec::new();
    for asked in &sent {
        let (_, at) = due.iter().find(|(text, _)| asked.text.contains(*text)).context("a post that nobody wrote")?;
        late_ms.push(milliseconds(*at, asked.at)?);
    }
    ensure!(late_ms.len() == POSTS, "{} requests for {POSTS} posts", late_ms.len());
    let early = late_ms.iter().filter(|late| **late < 0.0).count();
    ensure!(early == 0, "{early} posts were sent before their time");
    drop(serving);
    report(late_ms);
    Ok(())
}

/// Vault, servers and accounts; answers the ids of the accounts.
fn set_up(laptop: &Device, pds: &Pds) -> Result<Vec<String>> {
    call(laptop, "name_person", json!({ "name": "Ada" }))?;
    let protection = json!({ "protection": "passphrase", "passphrase": PASSPHRASE });
    let made = call(laptop, "create_vault", json!({ "protection": protection }))?;
    call(laptop, "confirm_recovery_key", json!({ "key": made.get("key") }))?;
    let mut settings = call(laptop, "get_program", json!({}))?.get("settings").context("settings")?.clone();
    let changed = settings.as_object_mut().context("settings")?;
    changed.insert("private_servers".to_owned(), json!(pds.exceptions()));
    changed.insert("plc_directory".to_owned(), json!(pds.plc));
    changed.insert("bluesky_server".to_owned(), json!(pds.url));
    call(laptop, "change_settings", json!({ "settings": settings }))?;
    let connect = |_| {
        let ada = BlueskyPerson::new(pds, "ada");
        let password = ada.app_password("sendoff");
        let body = json!({
            "network": "bluesky", "server": "", "handle": ada.handle, "password": password, "reconnect": null,
        });
        text_of(&call(laptop, "connect_with_password", body)?, "account")
    };
    (0..ACCOUNTS).map(connect).collect()
}

fn write(laptop: &Device, text: &str, account: &str) -> Result<String> {
    let base = json!({ "parts": [{ "text": text, "images": [] }], "content_warning": "", "visibility": "public" });
    let targets = json!([{ "account": account, "variant": null }]);
    let draft = json!({ "title": "", "persona": null, "base": base, "targets": targets });
    text_of(&call(laptop, "create_post", json!({ "draft": draft }))?, "post")
}

fn schedule(laptop: &Device, post: &str, at: Timestamp) -> Result<()> {
    let local = at.to_zoned(TimeZone::UTC).datetime();
    let when = json!({ "local": local.to_string(), "zone": "UTC", "fold": "first" });
    call(laptop, "schedule_post", json!({ "post": post, "read": 1, "when": when })).map(drop)
}

fn now(laptop: &Device) -> Result<Timestamp> {
    Ok(text_of(&call(laptop, "get_program", json!({}))?, "now")?.parse()?)
}

fn call(laptop: &Device, command: &str, body: Value) -> Result<Value> {
    laptop.call(command, body).map_err(|failure| anyhow::anyhow!("{command}: {}", failure.message))
}

fn text_of(answer: &Value, field: &str) -> Result<String> {
    Ok(answer.get(field).and_then(Value::as_str).context(field.to_owned())?.to_owned())
}

fn milliseconds(due: Timestamp, sent: SystemTime) -> Result<f64> {
    Ok(Timestamp::try_from(sent)?.duration_since(due).as_secs_f64() * 1e3)
}

fn report(mut late_ms: Vec<f64>) {
    late_ms.sort_by(f64::total_cmp);
    let at = |hundredths: usize| late_ms.get((late_ms.len() * hundredths).div_ceil(100).saturating_sub(1)).copied();
    let text = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.1}"));
    let ratio = at(99).map(|late| late / LIMIT_MS);
    println!("{:<44}{:>12}{:>12}{:>12}{:>12}", "", "p50", "p99", "max", "target");
    let name = format!("due to first byte, {POSTS} posts, ms");
    println!("{name:<44}{:>12}{:>12}{:>12}{:>12}", text(at(50)), text(at(99)), text(at(100)), "< 1000");
    println!("{:<44}{:>12}{:>12.2}{:>12}{:>12}", "  ratio to the target", "", ratio.unwrap_or(f64::NAN), "", "< 1");
}
