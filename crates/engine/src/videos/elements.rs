//! The elements of Matroska and WebM (EBML, RFC 8794): where each begins and ends.

use contract::{ApiError, BadFile};

use super::disk::Disk;

/// Elements that are looked at; a long film without a table of contents has a few hundred thousand.
const MOST: usize = 5_000_000;

pub(super) const EBML: u64 = 0x1a45_dfa3;
pub(super) const SEGMENT: u64 = 0x1853_8067;
pub(super) const SEEK_HEAD: u64 = 0x114d_9b74;
pub(super) const INFO: u64 = 0x1549_a966;
pub(super) const TRACKS: u64 = 0x1654_ae6b;
pub(super) const CLUSTER: u64 = 0x1f43_b675;
pub(super) const TAGS: u64 = 0x1254_c367;
pub(super) const ATTACHMENTS: u64 = 0x1941_a469;
pub(super) const BLOCK_GROUP: u64 = 0xa0;

/// An element, by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element {
    pub id: u64,
    pub start: u64,
    pub body: u64,
    /// Of one without a length: where its body begins, because what follows is its content.
    pub end: u64,
    pub open: bool,
}

/// A number with its length in its first bits: how many bytes it takes, and its value. `keep`: with those bits, as ids have.
fn number(bytes: &[u8], keep: bool) -> Option<(usize, u64)> {
    let first = *bytes.first()?;
    let length = first.leading_zeros() as usize + 1;
    let digits = bytes.get(..length).filter(|_| length <= 8)?;
    let value = digits.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    let mark = 1_u64 << (7 * length);
    Some((length, if keep { value } else { value & (mark - 1) }))
}

/// The element whose header `head` begins with, `at` its place; it ends by `limit`.
fn element(head: &[u8], at: u64, limit: u64) -> Option<Element> {
    let (id_length, id) = number(head, true).filter(|(length, _)| *length <= 4)?;
    let (size_length, size) = number(head.get(id_length..)?, false)?;
    let body = at.checked_add((id_length + size_length) as u64)?;
    // all ones: as long as its content is
    let open = size == (1_u64 << (7 * size_length)) - 1;
    let end = if open { body } else { body.checked_add(size)? };
    (end <= limit).then_some(Element { id, start: at, body, end, open })
}

/// All elements on the upper levels, one after the other, those inside the segment among them. `enter` says into which others
/// it goes.
pub(super) fn walk(
    disk: &mut Disk<'_>,
    enter: impl Fn(&Element) -> bool,
    mut each: impl FnMut(&mut Disk<'_>, Element) -> Result<(), ApiError>,
) -> Result<(), ApiError> {
    let mut at = 0;
    for _ in 0..MOST {
        disk.wanted()?;
        let head = disk.up_to(at, 12)?;
        if head.is_empty() {
            return Ok(());
        }
        let found = element(&head, at, disk.len()).ok_or(BadFile::DamagedVideo)?;
        each(disk, found)?;
        let inside = found.open || found.id == SEGMENT || enter(&found);
        at = if inside { found.body } else { found.end };
    }
    Err(BadFile::DamagedVideo.into())
}

/// The elements of what was read, which stands at `at` in the file.
pub(super) fn within(bytes: &[u8], at: u64) -> Result<Vec<Element>, ApiError> {
    let limit = at.saturating_add(bytes.len() as u64);
    let mut found = Vec::new();
    let mut next = at;
    while next < limit {
        let head = usize::try_from(next - at).ok().and_then(|from| bytes.get(from..)).ok_or(BadFile::DamagedVideo)?;
        let one = element(head, next, limit).filter(|one| !one.open).ok_or(BadFile::DamagedVideo)?;
        next = one.end;
        found.push(one);
    }
    Ok(found)
}

/// The header of an empty element (`Void`) that takes the place of one of `length` bytes.
pub(super) fn void(length: u64) -> Option<Vec<u8>> {
    let (short, long) = (length.checked_sub(2)?, length.checked_sub(9));
    match long {
        None => Some(vec![0xec, 0x80 | u8::try_from(short).ok()?]),
        Some(body) => {
            let mut header = vec![0xec, 0x01];
            header.extend_from_slice(body.to_be_bytes().get(1..)?);
            Some(header)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_takes_exactly_the_place_of_something() {
        for length in [2_u64, 3, 8, 9, 10, 127, 300, 70_000] {
            let header = void(length).unwrap();
            let found = element(&header, 0, length).unwrap();
            assert_eq!((found.id, found.end), (0xec, length));
        }
        assert_eq!(void(1), None);
    }

    #[test]
    fn a_length_beyond_the_file_is_none() {
        assert_eq!(element(&[0xec, 0x85], 0, 7).unwrap().end, 7);
        assert_eq!(element(&[0xec, 0x85], 0, 6), None);
        assert_eq!(element(&[0xec], 0, 6), None);
        assert_eq!(element(&[0x00, 0x85], 0, 100), None);
        assert!(element(&[0x18, 0x53, 0x80, 0x67, 0xff], 0, 100).unwrap().open);
    }
}
