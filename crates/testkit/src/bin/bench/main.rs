//! `cargo xtask bench`: how fast and how large the program is, measured through its real window.
//!
//! Arguments: the program, `sendoff`, the empty window, and the folder of the built interface. It reports and never fails on a
//! figure: machines differ, so what counts are the ratios and the targets beside them.

mod engine;
mod growth;
mod machine;
mod page;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use testkit::until;
use testkit::window::{Window, unlock_keyring};

const POSTS: u32 = 10_000;
const STARTS: usize = 7;
const KEYSTROKES: u32 = 200;
const CALLS: u32 = 200;
const VISITS: u32 = 5;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let mut next = |what: &'static str| arguments.next().context(what)?.canonicalize().context(what);
    let (program, sendoff) = (next("the program")?, next("sendoff")?);
    let (empty, interface) = (next("the empty window")?, next("the interface")?);
    unlock_keyring();
    let folder = tempfile::tempdir()?;
    let profile = folder.path().join("profile");
    if std::env::var_os("SENDOFF_BENCH_GROWTH").is_some() {
        return growth::measure(&program, &sendoff, folder.path());
    }
    sample(&sendoff, &profile, POSTS)?;

    println!("{:<60}{:>10}{:>10}{:>10}", "milliseconds", "p50", "p99", "target");
    begin(&empty, &program, folder.path(), &profile)?;
    let alone = engine::measure(&profile, CALLS)?;
    let nothing = without_a_program(&empty, folder.path(), &alone);
    let window = Window::open(&program, &profile, &[]);
    wait(&window, OURS_READY);
    std::thread::sleep(AT_REST);
    calls(&window, &alone, &nothing.calls);
    keystrokes(&window, &nothing.field);
    visits(&window);
    window.script("location.hash = '#/'", &[]);
    wait(&window, OURS_READY);
    std::thread::sleep(AT_REST);
    let memory = machine::memory(&program);
    window.kill();

    println!("\n{:<60}{:>10}", "megabytes at rest", "resident");
    for (name, bytes) in memory {
        row(&name, &[bytes / 1e6], "");
    }
    println!("\n{:<60}{:>10}{:>10}", "kilobytes", "file", "gzip");
    for path in [program, sendoff].into_iter().chain(machine::wasm(&interface)?) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        row(&name, &[machine::size(&path)? / 1e3, machine::zipped(&path)? / 1e3], "");
    }
    Ok(())
}

fn sample(sendoff: &Path, profile: &Path, posts: u32) -> Result<()> {
    let mut demo = Command::new(sendoff);
    demo.arg("--profile").arg(profile).args(["demo", "--posts", &posts.to_string()]).stdout(Stdio::null());
    ensure!(demo.status()?.success(), "the sample was not made");
    Ok(())
}

/// After a start or a visit the program has other things to do for a moment.
const AT_REST: Duration = Duration::from_secs(5);

const EMPTY_READY: &str = "!!document.querySelector('h1')";
const OURS_READY: &str = "!!document.querySelector('.bar h1') && !document.querySelector('.skeleton')";

/// From the start of the process to the frame that shows what can be used. The two take turns, because what else the machine
/// does changes by the minute.
fn begin(empty: &Path, program: &Path, nowhere: &Path, profile: &Path) -> Result<()> {
    let one = |program: &Path, profile: &Path, mark: Option<&str>| -> Result<f64> {
        let window = Window::open(program, profile, &[]);
        let painted = window.painted_at(mark);
        let begun = machine::begun(program);
        window.kill();
        Ok(painted - begun?)
    };
    let (mut nothing, mut ours) = (Vec::new(), Vec::new());
    // the first of each fills the system's caches
    for round in 0..=STARTS {
        let (first, second) = (one(empty, nowhere, None)?, one(program, profile, Some("today"))?);
        if round > 0 {
            nothing.push(first);
            ours.push(second);
        }
    }
    let (nothing, ours) = (Times::new(nothing), Times::new(ours));
    row("start of an empty window", &nothing.both(), "");
    row(&format!("start to the first screen, {POSTS} posts"), &ours.both(), "");
    row("  ratio", &[ours.p50() / nothing.p50()], "<= 1.5");
    Ok(())
}

fn wait(window: &Window, ready: &str) {
    until("the window is usable", Duration::from_secs(60), || {
        (window.script(&format!("return {ready}"), &[]) == true).then_some(())
    });
}

/// The commands of the screens: in the engine alone, from the page and back to it, and that way without an engine.
fn calls(window: &Window, alone: &[engine::Measured], nothing: &[Times]) {
    for (engine::Measured { name, body, bytes, times }, nothing) in alone.iter().zip(nothing) {
        let through = page::calls(window, name, body, CALLS);
        row(&format!("{name}: the query alone"), &times.both(), "");
        row("  through the window", &through.both(), "");
        let beside = [through.p50() - times.p50(), through.p99() - times.p50()];
        row("  beside the query", &beside, "< 5");
        row(&format!("  {bytes} bytes through an empty window"), &nothing.both(), "");
        row("  ratio", &[beside[0] / nothing.p50(), beside[1] / nothing.p99()], "");
    }
}

/// The web view's own part.
struct Nothing {
    /// What a letter costs in a plain field.
    field: page::Keystrokes,
    /// What an answer of the size of each command's costs.
    calls: Vec<Times>,
}

fn without_a_program(empty: &Path, nowhere: &Path, alone: &[engine::Measured]) -> Nothing {
    let window = Window::open(empty, nowhere, &[]);
    wait(&window, EMPTY_READY);
    std::thread::sleep(AT_REST);
    let call = |command: &engine::Measured| {
        page::calls(&window, command.name, &serde_json::json!({ "bytes": command.bytes }), CALLS)
    };
    let calls = alone.iter().map(call).collect();
    let field = page::keystrokes(&window, KEYSTROKES);
    window.kill();
    Nothing { field, calls }
}

fn keystrokes(window: &Window, plain: &page::Keystrokes) {
    window.script("location.hash = '#/compose'", &[]);
    wait(window, "!!document.querySelector('textarea')");
    let ours = page::keystrokes(window, KEYSTROKES);
    row("keystroke in Compose: the program's work", &ours.work.both(), "");
    row("  the frame that shows it", &ours.frame.both(), "");
    row("  both: keystroke to repaint", &ours.busy.both(), "< 16");
    row("  with the wait for the screen's beat", &ours.shown.both(), "");
    row("the same in a plain field: keystroke to repaint", &plain.busy.both(), "");
    row("  with the wait for the screen's beat", &plain.shown.both(), "");
    let ratio = [ours.shown.p50() / plain.shown.p50(), ours.shown.p99() / plain.shown.p99()];
    row("  ratio, Compose to the plain field", &ratio, "");
}

/// Whatever a person asks for, the window answers to the next thing within this time.
fn visits(window: &Window) {
    for (name, times) in page::visits(window, VISITS) {
        row(&format!("{name}: longest silence of the window"), &times.both(), "< 50");
    }
}

/// Measured times, in order.
#[derive(Debug)]
pub struct Times(Vec<f64>);

impl Times {
    pub fn new(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    /// The value that this share of the values does not exceed.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few hundred values"
    )]
    fn at(&self, share: f64) -> f64 {
        let place = (self.0.len() as f64 * share).ceil() as usize;
        self.0.get(place.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }

    pub fn p50(&self) -> f64 {
        self.at(0.5)
    }

    /// Of fewer than a hundred values the largest.
    pub fn p99(&self) -> f64 {
        self.at(0.99)
    }

    fn both(&self) -> [f64; 2] {
        [self.p50(), self.p99()]
    }
}

fn row(name: &str, values: &[f64], target: &str) {
    let text = |at: usize| values.get(at).map_or_else(String::new, |value| format!("{value:.1}"));
    println!("{name:<60}{:>10}{:>10}{target:>10}", text(0), text(1));
    // where the output goes to a file, a run of minutes is followed there
    let _ = std::io::stdout().flush();
}
