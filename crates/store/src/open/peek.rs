//! Looks at a database without SQLite and without writing: what schema is it, and is it whole enough to open?

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::error::{Damage, OpenError};
use crate::open::files::beside;
use crate::open::wal::{self, be32};

/// "SEND", in the header of every database of ours.
pub(crate) const APPLICATION: u32 = 0x5345_4e44;

const MAGIC: &[u8] = b"SQLite format 3\0";
const HEADER: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peek {
    Absent,
    Database { schema: u32 },
}

/// # Errors
/// The file is damaged in a way that shows from outside, belongs to another program, or cannot be read.
pub(crate) fn peek(database: &Path) -> Result<Peek, OpenError> {
    match look(database) {
        // another process may have been writing while we read; damage stays
        Err(OpenError::Corrupt(Damage::Log)) => look(database),
        seen => seen,
    }
}

fn look(database: &Path) -> Result<Peek, OpenError> {
    let mut file = match File::open(database) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Peek::Absent),
        Err(error) => return Err(OpenError::io(database)(error)),
    };
    let length = file.metadata().map_err(OpenError::io(database))?.len();
    if length == 0 {
        return Err(OpenError::Corrupt(Damage::Empty));
    }
    let mut header = Vec::with_capacity(HEADER);
    file.by_ref().take(HEADER as u64).read_to_end(&mut header).map_err(OpenError::io(database))?;
    if !header.starts_with(MAGIC) {
        return Err(OpenError::Corrupt(Damage::NotADatabase));
    }
    let log_path = beside(database, "-wal");
    let log = wal::read(&log_path).map_err(OpenError::io(log_path))?.map_err(OpenError::Corrupt)?.unwrap_or_default();
    if !log.committed && is_cut_off(&header, length) {
        return Err(OpenError::Corrupt(Damage::Truncated));
    }
    let newest = log.first_page.as_deref().unwrap_or(&header);
    match (be32(newest, 60), be32(newest, 68)) {
        (Some(schema), Some(APPLICATION)) => Ok(Peek::Database { schema }),
        (Some(_), Some(_)) => Err(OpenError::Corrupt(Damage::Foreign)),
        _ => Err(OpenError::Corrupt(Damage::Truncated)),
    }
}

/// The header counts more pages than the file has (<https://www.sqlite.org/fileformat2.html#in_header_database_size>).
fn is_cut_off(header: &[u8], length: u64) -> bool {
    let page_size = match header.get(16..18) {
        Some(&[0, 1]) => 65_536,
        Some(&[high, low]) => u64::from(u16::from_be_bytes([high, low])),
        _ => return true,
    };
    let Some(pages) = be32(header, 28) else { return true };
    // the count is only valid when both change counters agree
    let counted = be32(header, 24) == be32(header, 92);
    length < page_size || (counted && length / page_size.max(1) < u64::from(pages))
}
