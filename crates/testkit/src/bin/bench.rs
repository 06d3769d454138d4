//! `cargo xtask bench`: how fast and how large the program is, measured through its real window.
//!
//! Arguments: the program, `sendoff`, the empty window, and the folder of the built interface. It reports and never fails on a
//! figure: machines differ, so what counts are the ratios and the targets beside them.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use testkit::until;
use testkit::window::{Window, unlock_keyring};

const POSTS: u32 = 10_000;
const STARTS: usize = 5;
const KEYSTROKES: u32 = 200;
const CALLS: u32 = 200;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let mut next = |what: &'static str| arguments.next().context(what)?.canonicalize().context(what);
    let (program, sendoff) = (next("the program")?, next("sendoff")?);
    let (empty, interface) = (next("the empty window")?, next("the interface")?);
    unlock_keyring();
    let folder = tempfile::tempdir()?;
    let profile = folder.path().join("profile");
    let mut demo = Command::new(&sendoff);
    demo.arg("--profile").arg(&profile).args(["demo", "--posts", &POSTS.to_string()]).stdout(Stdio::null());
    ensure!(demo.status()?.success(), "the sample was not made");

    println!("{:<44}{:>12}{:>12}{:>12}", "", "p50", "p99", "target");
    let nothing = median(starts(&empty, folder.path(), EMPTY_READY));
    let ours = median(starts(&program, &profile, OURS_READY));
    row("start of an empty window, ms", Some(nothing), None, "");
    row(&format!("start to first screen, {POSTS} posts, ms"), Some(ours), None, "");
    row("  ratio", Some(ours / nothing), None, "<= 1.5");

    let window = Window::open(&program, &profile, &[]);
    wait(&window, OURS_READY);
    let (from, to) = month(&window)?;
    let measured = [
        ("get_program", json!({})),
        ("list_posts", json!({ "filter": { "text": "" }, "after": null, "limit": 50 })),
        ("get_calendar", json!({ "from": from, "to": to, "filter": { "text": "" } })),
    ];
    for (name, body) in measured {
        let times = calls(&window, name, &body);
        row(&format!("{name} through the window, ms"), at(&times, 0.5), at(&times, 0.99), "< 5 + query");
    }
    keystrokes(&window);
    std::thread::sleep(Duration::from_secs(3));
    for (name, bytes) in memory(&program) {
        row(&format!("memory at rest, {name}, MB"), Some(bytes / 1e6), None, "");
    }
    window.kill();

    println!("{:<44}{:>12}{:>12}", "", "kB", "gzip, kB");
    for (name, path) in [("program", program), ("sendoff", sendoff), ("interface (WASM)", wasm(&interface)?)] {
        row(name, Some(size(&path)? / 1e3), Some(zipped(&path)? / 1e3), "");
    }
    Ok(())
}

const EMPTY_READY: &str = "!!document.querySelector('h1')";
const OURS_READY: &str = "!!document.querySelector('.bar h1') && !document.querySelector('.skeleton')";

/// Milliseconds from asking for the window to its being usable, the driver's own part included in both.
fn starts(program: &Path, profile: &Path, ready: &str) -> Vec<f64> {
    let one = |_| {
        let begun = Instant::now();
        let window = Window::open(program, profile, &[]);
        wait(&window, ready);
        let took = begun.elapsed();
        window.kill();
        took.as_secs_f64() * 1e3
    };
    // the first fills the system's caches
    (0..=STARTS).map(one).skip(1).collect()
}

fn wait(window: &Window, ready: &str) {
    until("the window is usable", Duration::from_secs(60), || {
        (window.script(&format!("return {ready}"), &[]) == true).then_some(())
    });
}

/// Five weeks around the program's today, as the calendar shows them.
fn month(window: &Window) -> Result<(String, String)> {
    let program = window.call("get_program", &json!({}));
    let now: jiff::Timestamp = program.get("now").and_then(Value::as_str).context("a time")?.parse()?;
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let day = |days: i64| today.checked_add(jiff::Span::new().days(days)).map(|date| date.to_string());
    Ok((day(-17)?, day(17)?))
}

/// From the call in the page to its answer there, one after the other.
fn calls(window: &Window, command: &str, body: &Value) -> Vec<f64> {
    let code = "const done = arguments[3]; (async () => { const all = []; \
        for (let i = 0; i < arguments[2]; i++) { const begun = performance.now(); \
        await window.__TAURI_INTERNALS__.invoke(arguments[0], { body: arguments[1], caller: 1 }); \
        all.push(performance.now() - begun); } done({ ok: all }); })().catch((error) => done({ error }))";
    numbers(&window.script_until_done(code, &[json!(command), body.clone(), json!(CALLS)]))
}

/// From a letter's arrival in the field to the frame that shows it: the program's own work, and with the wait for the screen.
fn keystrokes(window: &Window) {
    window.script("location.hash = '#/compose'", &[]);
    wait(window, "!!document.querySelector('textarea')");
    let code = "const [count, done] = arguments; const field = document.querySelector('textarea'); field.focus(); \
        const work = [], shown = []; const frame = () => new Promise(requestAnimationFrame); (async () => { \
        for (let i = 0; i < count; i++) { await frame(); const begun = performance.now(); \
        document.execCommand('insertText', false, i % 7 ? 'a' : ' '); await Promise.resolve(); \
        field.offsetHeight; work.push(performance.now() - begun); \
        await frame(); shown.push(performance.now() - begun); } done({ ok: [work, shown] }); })()\
        .catch((error) => done({ error }))";
    let answer = window.script_until_done(code, &[json!(KEYSTROKES)]);
    let part = |index: usize| numbers(&json!({ "ok": answer.get("ok").and_then(|both| both.get(index)) }));
    let (work, shown) = (part(0), part(1));
    row("keystroke, the program's work, ms", at(&work, 0.5), at(&work, 0.99), "");
    row("keystroke to next frame, ms", at(&shown, 0.5), at(&shown, 0.99), "< 16");
}

fn numbers(answer: &Value) -> Vec<f64> {
    if let Some(error) = answer.get("error") {
        eprintln!("not measured: {error}");
    }
    let list = answer.get("ok").and_then(Value::as_array);
    let mut all: Vec<f64> = list.into_iter().flatten().filter_map(Value::as_f64).collect();
    all.sort_by(f64::total_cmp);
    all
}

/// The resident memory of the program and of the processes that it started, in bytes.
fn memory(program: &Path) -> Vec<(String, f64)> {
    let own = processes().into_iter().find(|process| process.executable.as_deref() == Some(program));
    let Some(own) = own else { return Vec::new() };
    let mut all = vec![("program".to_owned(), own.resident)];
    let children = processes().into_iter().filter(|process| process.parent == own.id);
    all.extend(children.map(|process| (process.name, process.resident)));
    all
}

struct Running {
    id: u32,
    parent: u32,
    name: String,
    executable: Option<PathBuf>,
    resident: f64,
}

fn processes() -> Vec<Running> {
    let folders = fs::read_dir("/proc").into_iter().flatten().flatten();
    let one = |path: PathBuf| {
        let id = path.file_name()?.to_str()?.parse().ok()?;
        let status = fs::read_to_string(path.join("status")).ok()?;
        let line = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let kilobytes: f64 = line("VmRSS:")?.trim_end_matches("kB").trim().parse().ok()?;
        let executable = fs::read_link(path.join("exe")).ok();
        let (parent, name) = (line("PPid:")?.parse().ok()?, line("Name:")?.to_owned());
        Some(Running { id, parent, name, executable, resident: kilobytes * 1024.0 })
    };
    folders.filter_map(|entry| one(entry.path())).collect()
}

fn wasm(folder: &Path) -> Result<PathBuf> {
    let files = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "wasm")).collect();
    found.pop().context("no WASM in the interface's folder")
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files, shown with one decimal")]
fn size(path: &Path) -> Result<f64> {
    Ok(fs::metadata(path)?.len() as f64)
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files, shown with one decimal")]
fn zipped(path: &Path) -> Result<f64> {
    let output = Command::new("gzip").args(["-9", "-c"]).arg(path).output()?;
    ensure!(output.status.success(), "gzip failed");
    Ok(output.stdout.len() as f64)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    at(&times, 0.5).unwrap_or(f64::NAN)
}

/// The value that this share of the sorted values does not exceed.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few hundred values"
)]
fn at(sorted: &[f64], share: f64) -> Option<f64> {
    let place = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied()
}

fn row(name: &str, first: Option<f64>, second: Option<f64>, target: &str) {
    let text = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.1}"));
    println!("{name:<44}{:>12}{:>12}{target:>12}", text(first), text(second));
    let _ = std::io::stdout().flush();
}
