//! The boxes of MP4 and QuickTime: where each begins and ends, in a file and in a header that was read.

use contract::{ApiError, BadFile};

use super::disk::Disk;

/// Boxes on one level; a film in fragments has thousands.
const MOST: usize = 200_000;

/// A box, by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<T> {
    pub kind: [u8; 4],
    pub start: T,
    pub body: T,
    pub end: T,
}

/// Kind, length of the header, and length of the whole box, which ends by `room`. What is too short to be a box is none.
fn header(head: &[u8], room: u64) -> Option<([u8; 4], u64, u64)> {
    let small = u32::from_be_bytes(head.get(..4)?.try_into().ok()?);
    let kind = head.get(4..8)?.try_into().ok()?;
    let (header, length) = match small {
        0 => (8, room),
        1 => (16, u64::from_be_bytes(head.get(8..16)?.try_into().ok()?)),
        length => (8, u64::from(length)),
    };
    (length >= header && length <= room).then_some((kind, header, length))
}

/// The boxes of the file itself.
pub(super) fn of_file(disk: &mut Disk<'_>) -> Result<Vec<Piece<u64>>, ApiError> {
    let mut found = Vec::new();
    let mut at = 0;
    while disk.len().saturating_sub(at) >= 8 {
        disk.wanted()?;
        let head = disk.up_to(at, 16)?;
        let (kind, header, length) = header(&head, disk.len() - at).ok_or(BadFile::DamagedVideo)?;
        found.push(Piece { kind, start: at, body: at + header, end: at + length });
        if found.len() > MOST {
            return Err(BadFile::DamagedVideo.into());
        }
        at += length;
    }
    Ok(found)
}

/// The boxes between two places of what was read. QuickTime leaves a few bytes behind the last one.
pub(super) fn within(bytes: &[u8], from: usize, to: usize) -> Result<Vec<Piece<usize>>, ApiError> {
    let mut found = Vec::new();
    let mut at = from;
    while to.saturating_sub(at) >= 8 {
        let room = bytes.get(at..to).ok_or(BadFile::DamagedVideo)?;
        let (kind, header, length) = header(room, room.len() as u64).ok_or(BadFile::DamagedVideo)?;
        let place = |by: u64| usize::try_from(by).ok().and_then(|by| at.checked_add(by)).ok_or(BadFile::DamagedVideo);
        let (body, end) = (place(header)?, place(length)?);
        found.push(Piece { kind, start: at, body, end });
        if found.len() > MOST {
            return Err(BadFile::DamagedVideo.into());
        }
        at = end;
    }
    Ok(found)
}

/// The first box of a kind inside another one.
pub(super) fn find(bytes: &[u8], outer: Piece<usize>, kind: &[u8; 4]) -> Result<Option<Piece<usize>>, ApiError> {
    Ok(within(bytes, outer.body, outer.end)?.into_iter().find(|piece| piece.kind == *kind))
}

/// A box some levels down, by the kinds on the way.
pub(super) fn deep(bytes: &[u8], outer: Piece<usize>, way: &[&[u8; 4]]) -> Result<Option<Piece<usize>>, ApiError> {
    let mut at = outer;
    for kind in way {
        match find(bytes, at, kind)? {
            Some(next) => at = next,
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}
