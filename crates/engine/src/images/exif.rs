//! What the camera wrote, as far as a crop has to change it. Source: Exif 2.32 (CIPA DC-008-2019), 4.5.5 and 4.6.2.

/// An entry of a directory: tag, type, count, value.
const ENTRY: usize = 12;
const THUMBNAIL_AT: u32 = 0x0201;
const THUMBNAIL_LENGTH: u32 = 0x0202;
/// Where the directory of the photograph itself lies, and what a maker put there in a form of its own: often pictures too.
const EXIF_DIRECTORY: u32 = 0x8769;
const MAKER_NOTE: u32 = 0x927c;

/// Without the small picture that the camera keeps of the photograph, and without what its maker wrote in a form that nobody else
/// knows. `None` if it cannot be read: then nobody knows what it shows.
pub(super) fn without_thumbnail(mut chunk: Vec<u8>) -> Option<Vec<u8>> {
    let little = match chunk.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let first = Directory::read(&chunk, little, number(&chunk, little, 4, 4)?)?;
    let inner = match first.value(&chunk, EXIF_DIRECTORY) {
        Some(at) => Some(Directory::read(&chunk, little, at)?),
        None => None,
    };
    if let Some(entry) = inner.as_ref().and_then(|inner| inner.entry(&chunk, MAKER_NOTE)) {
        let (length, at) = (number(&chunk, little, entry + 4, 4)?, number(&chunk, little, entry + 8, 4)?);
        // up to four bytes stand in the entry itself
        let at = if length <= 4 { u32::try_from(entry + 8).ok()? } else { at };
        clear(&mut chunk, at, length)?;
    }
    let second = number(&chunk, little, first.next, 4)?;
    if second != 0 {
        let small = Directory::read(&chunk, little, second)?;
        if let (Some(at), Some(length)) = (small.value(&chunk, THUMBNAIL_AT), small.value(&chunk, THUMBNAIL_LENGTH)) {
            clear(&mut chunk, at, length)?;
        }
        // uncompressed ones lie elsewhere, but without the directory nothing leads there
        clear(&mut chunk, second, u32::try_from(2 + small.count * ENTRY).ok()?)?;
        clear(&mut chunk, u32::try_from(first.next).ok()?, 4)?;
    }
    Some(chunk)
}

struct Directory {
    little: bool,
    at: usize,
    count: usize,
    /// Where it says where the next one is.
    next: usize,
}

impl Directory {
    fn read(chunk: &[u8], little: bool, at: u32) -> Option<Self> {
        let at = usize::try_from(at).ok()?;
        let count = usize::try_from(number(chunk, little, at, 2)?).ok()?;
        let next = at.checked_add(2 + count * ENTRY)?;
        (next <= chunk.len()).then_some(Self { little, at, count, next })
    }

    fn entry(&self, chunk: &[u8], tag: u32) -> Option<usize> {
        let mut places = (0..self.count).map(|entry| self.at + 2 + entry * ENTRY);
        places.find(|place| number(chunk, self.little, *place, 2) == Some(tag))
    }

    fn value(&self, chunk: &[u8], tag: u32) -> Option<u32> {
        number(chunk, self.little, self.entry(chunk, tag)? + 8, 4)
    }
}

fn number(chunk: &[u8], little: bool, at: usize, length: usize) -> Option<u32> {
    let bytes = chunk.get(at..at.checked_add(length)?)?;
    let add = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
    Some(if little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) })
}

fn clear(chunk: &mut [u8], at: u32, length: u32) -> Option<()> {
    let at = usize::try_from(at).ok()?;
    chunk.get_mut(at..at.checked_add(usize::try_from(length).ok()?)?)?.fill(0);
    Some(())
}
