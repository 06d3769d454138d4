//! The lock file: shared while a store is open, alone while a database is made, upgraded or moved.
//!
//! It keeps whole-file operations apart. Who may *publish* is decided by leases and fences in the database, not here.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::OpenError;
use crate::open::files::LOCK;

const SOON: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub(crate) struct ProfileLock {
    file: File,
}

impl ProfileLock {
    pub(crate) fn new(dir: &Path) -> Result<Self, OpenError> {
        Self::named(dir, LOCK)
    }

    pub(crate) fn named(dir: &Path, name: &str) -> Result<Self, OpenError> {
        let path = dir.join(name);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Self { file: options.open(&path).map_err(OpenError::io(path))? })
    }

    /// Takes the profile alone, or says that somebody else has it open.
    pub(crate) fn alone(&self) -> Result<(), OpenError> {
        match self.file.try_lock() {
            Ok(()) => Ok(()),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse),
            Err(TryLockError::Error(error)) => tolerate(error),
        }
    }

    /// Like [`ProfileLock::alone`], for somebody who has just closed it: a program that ends, and a child that is being started by one,
    /// let go a moment later. Blocks for half a second at most.
    pub(crate) fn alone_soon(&self) -> Result<(), OpenError> {
        let begun = Instant::now();
        loop {
            match self.alone() {
                Err(OpenError::InUse) if begun.elapsed() < SOON => std::thread::sleep(SOON / 20),
                done => return done,
            }
        }
    }

    /// Takes the profile together with others; waits while one has it alone, which is a matter of an upgrade.
    pub(crate) fn shared(&self) -> Result<(), OpenError> {
        self.file.lock_shared().or_else(tolerate)
    }

    pub(crate) fn release(&self) -> Result<(), OpenError> {
        self.file.unlock().or_else(tolerate)
    }
}

/// File systems without locks exist; SQLite's own locks and the checks remain.
fn tolerate(error: io::Error) -> Result<(), OpenError> {
    match error.kind() {
        io::ErrorKind::Unsupported => Ok(()),
        _ => Err(OpenError::io(LOCK)(error)),
    }
}
