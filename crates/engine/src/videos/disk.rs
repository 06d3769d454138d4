//! A file on the disk, read and changed in place, a piece at a time.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use contract::{ApiError, BadFile, Code};

use crate::errors::storage_io;

/// So much is held of a file at once, unless a header is longer.
pub(super) const PIECE: usize = 1024 * 1024;

/// What was begun is no longer wanted.
pub(crate) fn stopped() -> ApiError {
    ApiError::new(Code::Stopped, "Stopped. Nothing was added.")
}

/// A video while it is looked through. Everything that takes long asks whether it is still wanted.
pub(super) struct Disk<'a> {
    file: &'a mut File,
    len: u64,
    stop: &'a AtomicBool,
}

impl<'a> Disk<'a> {
    pub fn new(file: &'a mut File, stop: &'a AtomicBool) -> Result<Self, ApiError> {
        let len = file.metadata().map_err(|error| storage_io(&error))?.len();
        Ok(Self { file, len, stop })
    }

    pub const fn len(&self) -> u64 {
        self.len
    }

    pub fn wanted(&self) -> Result<(), ApiError> {
        if self.stop.load(Ordering::Relaxed) { Err(stopped()) } else { Ok(()) }
    }

    /// Fills `bytes` from `at` on; a file that ends before is not whole.
    pub fn read(&mut self, at: u64, bytes: &mut [u8]) -> Result<(), ApiError> {
        let read = self.file.seek(SeekFrom::Start(at)).and_then(|_| self.file.read_exact(bytes));
        read.map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => BadFile::DamagedVideo.into(),
            _ => storage_io(&error),
        })
    }

    /// The bytes between two places, at most `most` of them.
    pub fn bytes(&mut self, from: u64, to: u64, most: usize) -> Result<Vec<u8>, ApiError> {
        let length = to.checked_sub(from).and_then(|length| usize::try_from(length).ok());
        let length = length.filter(|length| *length <= most).ok_or(BadFile::DamagedVideo)?;
        let mut bytes = vec![0; length];
        self.read(from, &mut bytes)?;
        Ok(bytes)
    }

    /// At most `most` bytes from `at` on, fewer at the end of the file.
    pub fn up_to(&mut self, at: u64, most: usize) -> Result<Vec<u8>, ApiError> {
        let end = self.len.min(at.saturating_add(most as u64));
        if end <= at { Ok(Vec::new()) } else { self.bytes(at, end, most) }
    }

    pub fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), ApiError> {
        let end = at.checked_add(bytes.len() as u64).filter(|end| *end <= self.len);
        end.ok_or(BadFile::DamagedVideo)?;
        let written = self.file.seek(SeekFrom::Start(at)).and_then(|_| self.file.write_all(bytes));
        written.map_err(|error| storage_io(&error))
    }

    /// Nothing but zeros between two places.
    pub fn erase(&mut self, from: u64, to: u64) -> Result<(), ApiError> {
        let nothing = vec![0; PIECE.min(usize::try_from(to.saturating_sub(from)).unwrap_or(PIECE))];
        let mut at = from;
        while at < to {
            self.wanted()?;
            let length = nothing.len().min(usize::try_from(to - at).unwrap_or(PIECE));
            self.write(at, nothing.get(..length).unwrap_or_default())?;
            at += length as u64;
        }
        Ok(())
    }
}
