//! Takes out of an MP4 or QuickTime film what the camera wrote about itself, its owner and the place. Nothing moves: what is
//! taken out becomes free room of the same length, filled with zeros.

use std::ops::Range;

use contract::{ApiError, BadFile};
use mp4_atom::{Co64, Stco, Stsc, Stsz, StszSamples};

use super::boxes::{Piece, deep, find, within};
use super::disk::Disk;
use super::mp4::{Film, Track, read, whole};

/// What a film is made of. Everything else on that level may say anything, and is not needed to show it.
const NEEDED: [&[u8; 4]; 9] = [b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"ssix", b"styp", b"wide"];
/// What may say who, where and with what, in the header and in its tracks.
const TELLING: [&[u8; 4]; 5] = [b"udta", b"meta", b"uuid", b"free", b"skip"];
/// Tracks that are seen or heard, and captions of what is said; of all others the samples are places, movements and names. Drones and
/// dashboard cameras write where they are, second by second, as subtitles: those go too, and nobody can tell them from words.
const SHOWN: [&[u8; 4]; 5] = [b"vide", b"soun", b"clcp", b"auxv", b"tmcd"];
/// The mark of a film in all directions (Google's Spherical Video V1): without it the film shows wrongly.
const SPHERICAL: [u8; 16] =
    [0xff, 0xcc, 0x82, 0x63, 0xf8, 0x55, 0x4a, 0x93, 0x88, 0x14, 0x58, 0x7a, 0x02, 0x52, 0x1f, 0xdd];
/// Pieces of a track that are erased.
const CHUNKS_MAX: usize = 2_000_000;

/// The film holds something that [`clean`] takes out, free room aside.
pub(super) fn has_any(film: &Film) -> bool {
    let telling = |piece: &Piece<usize>| [*b"udta", *b"meta", *b"uuid"].contains(&piece.kind);
    let header = |outer: Piece<usize>| within(&film.header, outer.body, outer.end).unwrap_or_default();
    film.pieces.iter().any(|piece| [*b"udta", *b"meta", *b"uuid"].contains(&piece.kind))
        || whole(&film.header).is_ok_and(|whole| header(whole).iter().any(telling))
        || film.tracks.iter().any(|track| !is_shown(track) || header(track.place).iter().any(telling))
}

fn is_shown(track: &Track) -> bool {
    SHOWN.iter().any(|kind| **kind == track.handler)
}

pub(super) fn clean(disk: &mut Disk<'_>, film: &mut Film) -> Result<(), ApiError> {
    let hidden: Vec<&Track> = film.tracks.iter().filter(|track| !is_shown(track)).collect();
    let in_fragments = film.pieces.iter().any(|piece| piece.kind == *b"moof");
    if in_fragments && !hidden.is_empty() {
        return Err(BadFile::CameraTrack.into());
    }
    let mut samples = Vec::new();
    for track in &hidden {
        samples.extend(samples_of(&film.header, track.place)?);
    }
    let hidden: Vec<Piece<usize>> = hidden.into_iter().map(|track| track.place).collect();
    for range in samples {
        // a table that points elsewhere would erase the film
        let inside =
            |piece: &&Piece<u64>| piece.kind == *b"mdat" && piece.body <= range.start && range.end <= piece.end;
        film.pieces.iter().find(inside).ok_or(BadFile::DamagedVideo)?;
        disk.erase(range.start, range.end)?;
    }
    clean_header(&mut film.header, &hidden)?;
    disk.write(film.at, &film.header)?;
    for piece in film.pieces.iter().filter(|piece| NEEDED.iter().all(|kind| **kind != piece.kind)) {
        disk.write(piece.start + 4, b"free")?;
        disk.erase(piece.body, piece.end)?;
    }
    Ok(())
}

fn clean_header(header: &mut [u8], hidden: &[Piece<usize>]) -> Result<(), ApiError> {
    let whole = whole(header)?;
    for piece in within(header, whole.body, whole.end)? {
        match &piece.kind {
            b"mvhd" => forget_times(header, piece),
            b"trak" if hidden.contains(&piece) => free(header, piece),
            b"trak" => clean_track(header, piece)?,
            kind if TELLING.contains(&kind) => free(header, piece),
            _ => {}
        }
    }
    Ok(())
}

fn clean_track(header: &mut [u8], track: Piece<usize>) -> Result<(), ApiError> {
    for piece in within(header, track.body, track.end)? {
        let spherical = header.get(piece.body..).is_some_and(|body| body.starts_with(&SPHERICAL));
        match &piece.kind {
            b"tkhd" => forget_times(header, piece),
            b"uuid" if spherical => {}
            kind if TELLING.contains(&kind) => free(header, piece),
            _ => {}
        }
    }
    let Some(mdia) = find(header, track, b"mdia")? else { return Ok(()) };
    for piece in within(header, mdia.body, mdia.end)? {
        match &piece.kind {
            b"mdhd" => forget_times(header, piece),
            // behind what it is stands what made it
            b"hdlr" => erase(header, piece.body.saturating_add(24)..piece.end),
            kind if TELLING.contains(&kind) => free(header, piece),
            _ => {}
        }
    }
    let seen = deep(header, mdia, &[b"minf", b"vmhd"])?.is_some();
    let entries = deep(header, mdia, &[b"minf", b"stbl", b"stsd"])?.filter(|_| seen);
    let entries = entries.map(|stsd| within(header, stsd.body.saturating_add(8), stsd.end)).transpose()?;
    for entry in entries.unwrap_or_default() {
        // the name of what coded it
        let name = entry.body.saturating_add(42);
        erase(header, name..name.saturating_add(32).min(entry.end));
    }
    Ok(())
}

/// The times of creation and of the last change.
fn forget_times(header: &mut [u8], piece: Piece<usize>) {
    let long = header.get(piece.body) == Some(&1);
    let from = piece.body.saturating_add(4);
    erase(header, from..from.saturating_add(if long { 16 } else { 8 }).min(piece.end));
}

fn free(header: &mut [u8], piece: Piece<usize>) {
    let kind = piece.start.saturating_add(4);
    if let Some(bytes) = header.get_mut(kind..kind.saturating_add(4)) {
        bytes.copy_from_slice(b"free");
    }
    erase(header, piece.body..piece.end);
}

fn erase(header: &mut [u8], range: Range<usize>) {
    if let Some(bytes) = header.get_mut(range) {
        bytes.fill(0);
    }
}

/// Where the samples of a track lie in the file, chunk by chunk.
fn samples_of(header: &[u8], track: Piece<usize>) -> Result<Vec<Range<u64>>, ApiError> {
    let damaged = || ApiError::from(BadFile::DamagedVideo);
    let stbl = deep(header, track, &[b"mdia", b"minf", b"stbl"])?.ok_or_else(damaged)?;
    let chunks: Vec<u64> = match (find(header, stbl, b"stco")?, find(header, stbl, b"co64")?) {
        (Some(stco), _) => read::<Stco>(header, stco)?.entries.into_iter().map(u64::from).collect(),
        (None, Some(co64)) => read::<Co64>(header, co64)?.entries,
        (None, None) => return Ok(Vec::new()),
    };
    if chunks.len() > CHUNKS_MAX {
        return Err(damaged());
    }
    let stsc: Stsc = find(header, stbl, b"stsc")?.map(|piece| read(header, piece)).transpose()?.unwrap_or_default();
    let stsz: Stsz = find(header, stbl, b"stsz")?.map(|piece| read(header, piece)).transpose()?.ok_or_else(damaged)?;
    let mut ranges = Vec::new();
    let (mut sample, mut run) = (0_usize, 0_usize);
    for (number, start) in (1_u32..).zip(chunks) {
        while stsc.entries.get(run + 1).is_some_and(|next| next.first_chunk <= number) {
            run += 1;
        }
        let count = stsc.entries.get(run).map_or(0, |entry| entry.samples_per_chunk) as usize;
        let length = match &stsz.samples {
            StszSamples::Identical { size, .. } => u64::from(*size).saturating_mul(count as u64),
            StszSamples::Different { sizes } => {
                let these = sizes.get(sample..sizes.len().min(sample.saturating_add(count))).unwrap_or_default();
                these.iter().fold(0, |sum: u64, size| sum.saturating_add((*size).into()))
            }
        };
        sample = sample.saturating_add(count);
        if length > 0 {
            ranges.push(start..start.checked_add(length).ok_or_else(damaged)?);
        }
    }
    Ok(ranges)
}
