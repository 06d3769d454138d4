use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use adapters::SystemNotifier;
use contract::program::Language;
use engine::ports::Clock;

use crate::events::Happened;
use crate::program::Program;
use crate::tray::Tray;

/// What the parts of the shell share.
pub struct Shell {
    pub program: Arc<Program>,
    pub happened: Happened,
    pub notifier: SystemNotifier,
    pub clock: Arc<dyn Clock>,
    /// Where the window keeps what it remembers: size and place, the web view's own files, and that it said it keeps running.
    pub folder: PathBuf,
    /// Absent on a desktop without one.
    pub tray: OnceLock<Tray>,
    language: Mutex<Language>,
    stopped: AtomicBool,
    seen: AtomicBool,
}

impl Shell {
    pub fn new(program: Arc<Program>, notifier: SystemNotifier, clock: Arc<dyn Clock>, folder: PathBuf) -> Self {
        Self {
            program,
            happened: Happened::default(),
            notifier,
            clock,
            folder,
            tray: OnceLock::new(),
            language: Mutex::default(),
            stopped: AtomicBool::new(false),
            seen: AtomicBool::new(false),
        }
    }

    pub fn language(&self) -> Language {
        *self.language.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn speak(&self, language: Language) {
        *self.language.lock().unwrap_or_else(PoisonError::into_inner) = language;
    }

    /// Whether this is the first call that stops the program.
    pub fn stop(&self) -> bool {
        !self.stopped.swap(true, Ordering::AcqRel)
    }

    /// Whether the window is to be seen for the first time.
    pub fn first_sight(&self) -> bool {
        !self.seen.swap(true, Ordering::AcqRel)
    }
}
