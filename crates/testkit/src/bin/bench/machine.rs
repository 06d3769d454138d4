//! What the program takes of the machine: memory and disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};

/// The resident memory of the program and of the processes that it started, in bytes, and all of it together.
pub fn memory(program: &Path) -> Vec<(String, f64)> {
    let own = processes().into_iter().find(|process| process.executable.as_deref() == Some(program));
    let Some(own) = own else { return Vec::new() };
    let mut all = vec![("program".to_owned(), own.resident)];
    let children = processes().into_iter().filter(|process| process.parent == own.id);
    all.extend(children.map(|process| (process.name, process.resident)));
    let sum = all.iter().map(|(_, bytes)| bytes).sum();
    all.push(("together".to_owned(), sum));
    all
}

/// When the program was started, in milliseconds since 1970, to the hundredth of a second that the system keeps.
#[expect(clippy::disallowed_methods, reason = "it is this machine's own clock that is asked for")]
pub fn begun(program: &Path) -> Result<f64> {
    const HUNDREDTHS: f64 = 10.0;
    let own = processes().into_iter().find(|process| process.executable.as_deref() == Some(program));
    let own = own.context("the program does not run")?;
    let stat = fs::read_to_string(format!("/proc/{}/stat", own.id))?;
    // after the name, which may hold anything, `starttime` is the twentieth: proc_pid_stat(5)
    let ticks: f64 =
        stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(19)).context("no time")?.parse()?;
    let up: f64 = fs::read_to_string("/proc/uptime")?.split_whitespace().next().context("no time")?.parse()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64();
    Ok((now - up) * 1e3 + ticks * HUNDREDTHS)
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

/// The code of the interface: of the first screen, then of all other.
pub fn wasm(folder: &Path) -> Result<Vec<PathBuf>> {
    let files = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "wasm")).collect();
    ensure!(!found.is_empty(), "no WASM in the interface's folder");
    found.sort();
    Ok(found)
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files, shown with one decimal")]
pub fn size(path: &Path) -> Result<f64> {
    Ok(fs::metadata(path)?.len() as f64)
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files, shown with one decimal")]
pub fn zipped(path: &Path) -> Result<f64> {
    let output = Command::new("gzip").args(["-9", "-c"]).arg(path).output()?;
    ensure!(output.status.success(), "gzip failed");
    Ok(output.stdout.len() as f64)
}
