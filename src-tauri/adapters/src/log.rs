//! The log of a profile: a file of bounded size that holds no secret and no text of a post.
//!
//! Only this program's own lines reach it, and warnings of the window's libraries. Libraries that speak HTTP, SQL or D-Bus are left
//! out at every level, because their lines may carry headers, statements and contents.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

/// Bytes after which a file is put aside.
const FULL: u64 = 2 * 1024 * 1024;
/// Older files kept beside the one being written.
const OLDER: u32 = 3;
/// The environment variable that sets how much of this program's own lines is written: `error` to `trace`; else `info`.
pub const VARIABLE: &str = "SENDOFF_LOG";

const OURS: [&str; 10] = [
    "domain",
    "contract",
    "store",
    "egress",
    "networks",
    "engine",
    "adapters",
    "migrations",
    "sendoff",
    "sendoff_shell",
];
const WINDOW: [&str; 4] = ["tauri", "tao", "wry", "tauri_plugin_single_instance"];

/// Starts the log in `folder`, which is made if need be, and lets a panic leave a line there instead of a message that might hold data.
///
/// # Errors
/// The folder or the file cannot be written, or a log was started before.
pub fn start(folder: &Path) -> io::Result<()> {
    let file = Rotating::open(folder.join("sendoff.log"))?;
    let level = std::env::var(VARIABLE).ok().and_then(|text| text.parse().ok()).unwrap_or(LevelFilter::INFO);
    let lines = fmt::layer().json().with_writer(Mutex::new(file)).with_filter(targets(level));
    tracing_subscriber::registry().with(lines).try_init().map_err(io::Error::other)?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(panic.place = %place, "a part of the program stopped");
        let _ = writeln!(io::stderr(), "a part of the program stopped at {place}");
    }));
    Ok(())
}

fn targets(level: LevelFilter) -> Targets {
    let ours = OURS.into_iter().map(|name| (name, level));
    Targets::new()
        .with_default(LevelFilter::OFF)
        .with_targets(ours)
        .with_targets(WINDOW.map(|name| (name, LevelFilter::WARN)))
}

/// A file that is put aside when it is full.
#[derive(Debug)]
struct Rotating {
    path: PathBuf,
    file: File,
    written: u64,
}

impl Rotating {
    fn open(path: PathBuf) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            crate::own_folder(folder)?;
        }
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        let written = file.metadata()?.len();
        Ok(Self { path, file, written })
    }

    fn put_aside(&mut self) -> io::Result<()> {
        let older = |number: u32| self.path.with_extension(format!("{number}.log"));
        for number in (1..OLDER).rev() {
            // a gap in the row is no fault
            let _ = std::fs::rename(older(number), older(number + 1));
        }
        std::fs::rename(&self.path, older(1))?;
        *self = Self::open(self.path.clone())?;
        Ok(())
    }
}

impl Write for Rotating {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // where putting aside fails, a long log is better than none
        if self.written >= FULL && self.put_aside().is_err() {
            self.written = 0;
        }
        let written = self.file.write(line)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_never_grows_beyond_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Rotating::open(folder.path().join("logs/sendoff.log")).unwrap();
        let line = [b'x'; 64 * 1024];
        for _ in 0..6 * (FULL / line.len() as u64) {
            log.write_all(&line).unwrap();
        }
        let sizes: Vec<u64> = std::fs::read_dir(folder.path().join("logs"))
            .unwrap()
            .map(|file| file.unwrap().metadata().unwrap().len())
            .collect();
        assert_eq!(sizes.len(), 1 + OLDER as usize);
        assert!(sizes.iter().all(|size| *size <= FULL + line.len() as u64), "{sizes:?}");
    }

    #[test]
    fn libraries_that_see_secrets_stay_out_at_every_level() {
        use tracing::Level;
        let targets = targets(LevelFilter::TRACE);
        for library in
            ["h2::proto", "hyper", "hyper_util::client", "reqwest", "rustls", "sqlx::query", "sea_orm", "zbus"]
        {
            assert!(!targets.would_enable(library, &Level::ERROR), "{library}");
        }
        assert!(targets.would_enable("engine::publish", &Level::TRACE));
        assert!(targets.would_enable("sendoff_shell::ipc", &Level::TRACE));
        assert!(!targets.would_enable("tauri::manager", &Level::INFO));
    }
}
