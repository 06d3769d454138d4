//! Files that are on their way into the profile, piece by piece. Each is locked by the process that writes it: what nobody
//! holds was left behind by one that ended, and is cleared away.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use contract::{ApiError, BadFile, Code};
use domain::id::MediaId;
use domain::video::Video;
use jiff::Timestamp;

use crate::errors::storage_io;

/// Files that may be on their way at once.
const MOST: usize = 4;

fn folder(profile: &Path) -> PathBuf {
    profile.join("media").join("incoming")
}

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct Staged {
    pub path: PathBuf,
    pub name: String,
    pub keep_metadata: bool,
    /// How long it is to become, and how long it is.
    bytes: u64,
    written: u64,
    pub file: File,
    /// Set when it is no longer wanted.
    pub stop: Arc<AtomicBool>,
}

impl Staged {
    /// The next piece. One that was written already may come again, as after an answer that was lost.
    pub fn append(&mut self, offset: u64, data: &[u8]) -> Result<(), ApiError> {
        let end = offset.checked_add(data.len() as u64).filter(|end| *end <= self.bytes && offset <= self.written);
        let end = end.ok_or_else(|| ApiError::new(Code::BadRequest, "The pieces of this file do not fit together."))?;
        let written = self.file.seek(SeekFrom::Start(offset)).and_then(|_| self.file.write_all(data));
        written.map_err(|error| storage_io(&error))?;
        self.written = self.written.max(end);
        Ok(())
    }

    pub const fn is_whole(&self) -> bool {
        self.written == self.bytes
    }
}

impl Staged {
    /// A file that this program had made.
    pub fn made(path: PathBuf, name: String, stop: Arc<AtomicBool>) -> Result<Self, ApiError> {
        let file = OpenOptions::new().read(true).write(true).open(&path).map_err(|error| storage_io(&error))?;
        let bytes = file.metadata().map_err(|error| storage_io(&error))?.len();
        Ok(Self { path, name, keep_metadata: false, bytes, written: bytes, file, stop })
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // one that was taken in has another name by now
        let _ = std::fs::remove_file(&self.path);
    }
}

/// All files that are on their way in this process.
#[derive(Debug, Default)]
pub(crate) struct Staging {
    last: u64,
    files: BTreeMap<u64, Staged>,
    /// Those that are being looked through.
    finishing: BTreeMap<u64, Arc<AtomicBool>>,
}

impl Staging {
    pub fn begin(&mut self, profile: &Path, name: String, bytes: u64, keep_metadata: bool) -> Result<u64, ApiError> {
        if bytes == 0 {
            return Err(BadFile::Empty.into());
        }
        if bytes > Video::BYTES_MAX {
            return Err(BadFile::LargeVideo.into());
        }
        if self.files.len() + self.finishing.len() >= MOST {
            let sentence = "Too many videos are being added at once. Wait until one is there, and try again.";
            return Err(ApiError { retry: true, ..ApiError::new(Code::BadRequest, sentence) });
        }
        let folder = folder(profile);
        std::fs::create_dir_all(&folder).map_err(|error| storage_io(&error))?;
        self.last += 1;
        let path = folder.join(format!("{}-{}.part", std::process::id(), self.last));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|error| storage_io(&error))?;
        file.lock().map_err(|error| storage_io(&error))?;
        let stop = Arc::default();
        self.files.insert(self.last, Staged { path, name, keep_metadata, bytes, written: 0, file, stop });
        Ok(self.last)
    }

    pub fn file(&mut self, upload: u64) -> Result<&mut Staged, ApiError> {
        self.files.get_mut(&upload).ok_or_else(gone)
    }

    /// Hands a whole file over to be looked through.
    pub fn finish(&mut self, upload: u64) -> Result<Staged, ApiError> {
        if !self.file(upload)?.is_whole() {
            return Err(ApiError::new(Code::BadRequest, "This file is not all there. Add it again."));
        }
        let staged = self.files.remove(&upload).ok_or_else(gone)?;
        self.finishing.insert(upload, Arc::clone(&staged.stop));
        Ok(staged)
    }

    pub fn over(&mut self, upload: u64) {
        self.finishing.remove(&upload);
    }

    /// Takes a file back, wherever it is. One that is not known is gone already.
    pub fn abandon(&mut self, upload: u64) {
        let stop = self.finishing.get(&upload).cloned();
        let stop = stop.or_else(|| self.files.remove(&upload).map(|staged| Arc::clone(&staged.stop)));
        if let Some(stop) = stop {
            stop.store(true, Ordering::Relaxed);
        }
    }
}

/// Where a file is made. Nobody holds it, because another program writes it: it is cleared away when it has not been written for
/// [`ABANDONED_AFTER`].
pub(crate) fn make_at(profile: &Path, media: MediaId) -> Result<Made, ApiError> {
    let folder = folder(profile);
    std::fs::create_dir_all(&folder).map_err(|error| storage_io(&error))?;
    Ok(Made(folder.join(format!("{}-{media}.{MADE}", std::process::id()))))
}

const MADE: &str = "made";
const ABANDONED_AFTER: Duration = Duration::from_secs(10 * 60);

/// A file that another program makes; gone when it is not wanted.
#[derive(Debug)]
pub(crate) struct Made(pub PathBuf);

impl Drop for Made {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn gone() -> ApiError {
    ApiError::new(Code::NotFound, "This file is no longer on its way. Add it again.")
}

/// Removes what processes that ended left behind.
pub(crate) fn clear(profile: &Path, now: Timestamp) {
    let Ok(left) = std::fs::read_dir(folder(profile)) else { return };
    for entry in left.flatten() {
        let path = entry.path();
        let is_fresh = || {
            let written = entry.metadata().and_then(|data| data.modified()).ok();
            let age = written.and_then(|written| SystemTime::from(now).duration_since(written).ok());
            age.is_none_or(|age| age < ABANDONED_AFTER)
        };
        if path.extension().is_some_and(|ending| ending == MADE) && is_fresh() {
            continue;
        }
        let held = File::open(&path).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)));
        if !held && let Err(error) = std::fs::remove_file(&path) {
            tracing::warn!(%error, "a file that was left behind stays");
        }
    }
}
