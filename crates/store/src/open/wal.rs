//! Reads a write-ahead log the way SQLite recovers it (<https://www.sqlite.org/fileformat2.html#walformat>), without
//! SQLite: opening a log even read-only rewrites the shared index beside it.
//!
//! SQLite skips what it cannot verify and says nothing. That is right for the torn end of a write that was never
//! acknowledged, and wrong for damage in the middle, which silently undoes acknowledged changes. The two are told apart here.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use crate::error::Damage;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// What recovery would find.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Log {
    /// Whether any transaction is in the log.
    pub(crate) committed: bool,
    /// The newest committed copy of the first page, which holds the database header.
    pub(crate) first_page: Option<Vec<u8>>,
}

/// `None`: there is no log, or an empty one.
pub(crate) fn read(path: &Path) -> io::Result<Result<Option<Log>, Damage>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Ok(None)),
        Err(error) => return Err(error),
    };
    if file.metadata()?.len() == 0 {
        return Ok(Ok(None));
    }
    scan(BufReader::with_capacity(1 << 16, file)).map(|log| log.map(Some))
}

fn scan(mut input: impl Read) -> io::Result<Result<Log, Damage>> {
    let mut header = [0u8; HEADER];
    if !fill(&mut input, &mut header)? {
        return Ok(Err(Damage::Log));
    }
    let Some(mut state) = Header::parse(&header) else { return Ok(Err(Damage::Log)) };
    let mut log = Log::default();
    let mut pending: Option<Vec<u8>> = None;
    let mut frame = vec![0u8; FRAME_HEADER + state.page_size];
    let mut lost = Lost::default();
    let mut intact = true;
    while fill(&mut input, &mut frame)? {
        let (head, page) = frame.split_at(FRAME_HEADER);
        // older content of a log that was started over has other salts, and nothing of this round follows it
        if be32(head, 8) != Some(state.salt.0) || be32(head, 12) != Some(state.salt.1) {
            break;
        }
        let stored = (be32(head, 16).unwrap_or_default(), be32(head, 20).unwrap_or_default());
        let (counted, _) = head.split_at(8);
        let sum = state.order.sum(state.order.sum(state.sum, counted), page);
        let commit = be32(head, 4) != Some(0);
        if sum != stored {
            intact = false;
            lost = Lost::default();
        }
        state.sum = stored;
        if intact {
            if be32(head, 0) == Some(1) {
                pending = Some(page.to_vec());
            }
            if commit {
                log.committed = true;
                log.first_page = pending.take().or(log.first_page);
            }
        } else if commit && lost.commit() {
            return Ok(Err(Damage::Log));
        }
    }
    Ok(Ok(log))
}

/// Counts commits behind the first unreadable frame, in one unbroken chain.
///
/// A commit is synchronised before the next transaction begins. So a second commit proves that the first one, which
/// recovery drops, had been acknowledged. A single one may be the torn last write.
#[derive(Debug, Default)]
struct Lost {
    commits: u32,
}

impl Lost {
    fn commit(&mut self) -> bool {
        self.commits += 1;
        self.commits >= 2
    }
}

struct Header {
    page_size: usize,
    salt: (u32, u32),
    order: Order,
    sum: (u32, u32),
}

impl Header {
    fn parse(bytes: &[u8; HEADER]) -> Option<Self> {
        let order = match be32(bytes, 0)? {
            0x377f_0682 => Order::Little,
            0x377f_0683 => Order::Big,
            _ => return None,
        };
        let page_size = usize::try_from(be32(bytes, 8)?).ok()?;
        if !page_size.is_power_of_two() || !(512..=65_536).contains(&page_size) {
            return None;
        }
        let (summed, _) = bytes.split_at(24);
        let sum = order.sum((0, 0), summed);
        if (be32(bytes, 24)?, be32(bytes, 28)?) != sum {
            return None;
        }
        Some(Self { page_size, salt: (be32(bytes, 16)?, be32(bytes, 20)?), order, sum })
    }
}

/// How the checksum reads its words; the magic number of a log says which.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn sum(self, seed: (u32, u32), bytes: &[u8]) -> (u32, u32) {
        let word = |word: [u8; 4]| match self {
            Self::Little => u32::from_le_bytes(word),
            Self::Big => u32::from_be_bytes(word),
        };
        let (pairs, _) = bytes.as_chunks::<8>();
        pairs.iter().fold(seed, |(first, second), &[a, b, c, d, e, f, g, h]| {
            let first = first.wrapping_add(word([a, b, c, d])).wrapping_add(second);
            let second = second.wrapping_add(word([e, f, g, h])).wrapping_add(first);
            (first, second)
        })
    }
}

/// Whether the buffer could be filled; a shorter rest is the torn end of the file.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match input.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// The big-endian number at a byte offset.
pub(crate) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|word| u32::from_be_bytes(*word))
}
