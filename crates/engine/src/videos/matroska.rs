//! What the header of a Matroska or WebM film says, read by `matroska-demuxer` from the three elements that say it; and what
//! is taken out of it. Nothing moves.

use std::io::Cursor;

use contract::{ApiError, BadFile};
use domain::media::MediaType;
use domain::video::{AudioCodec, Video, VideoCodec};
use matroska_demuxer::{MatroskaFile, TrackEntry, TrackType};

use super::Found;
use super::disk::Disk;
use super::elements::{
    ATTACHMENTS, BLOCK_GROUP, CLUSTER, EBML, Element, INFO, SEEK_HEAD, SEGMENT, TAGS, TRACKS, void, walk, within,
};

/// Bytes of one of the elements that are read whole.
const ELEMENT_MAX: usize = 4 * 1024 * 1024;
const CLUSTER_TIME: u64 = 0xe7;
const SIMPLE_BLOCK: u64 = 0xa3;
const BLOCK: u64 = 0xa1;
const CHECKSUM: u64 = 0xbf;
const SEEK: u64 = 0x4dbb;
const SEEK_ID: u64 = 0x53ab;
/// In the header: its title, and when it was made.
const TELLING: [u64; 2] = [0x7ba9, 0x4461];
/// A cluster with a time and nothing in it: the demuxer wants one.
const EMPTY_CLUSTER: [u8; 8] = [0x1f, 0x43, 0xb6, 0x75, 0x83, 0xe7, 0x81, 0x00];

#[derive(Default)]
struct Film {
    ebml: Option<Element>,
    seek_head: Option<Element>,
    info: Option<Element>,
    tracks: Option<Element>,
    /// Tags and attached files.
    extras: Vec<Element>,
    /// In the unit of the film.
    last_time: u64,
}

pub(super) fn look(disk: &mut Disk<'_>, keep_metadata: bool) -> Result<Found, ApiError> {
    let mut film = Film::default();
    let mut cluster_time = 0_u64;
    // the blocks are looked at only where the header may leave the duration open
    let timed = |one: &Element| matches!(one.id, CLUSTER | BLOCK_GROUP);
    walk(disk, timed, |disk, one| {
        match one.id {
            EBML => film.ebml = film.ebml.or(Some(one)),
            SEEK_HEAD => film.seek_head = film.seek_head.or(Some(one)),
            INFO => film.info = film.info.or(Some(one)),
            TRACKS => film.tracks = film.tracks.or(Some(one)),
            TAGS | ATTACHMENTS if one.open => return Err(BadFile::DamagedVideo.into()),
            TAGS | ATTACHMENTS => film.extras.push(one),
            CLUSTER_TIME => {
                let bytes = disk.bytes(one.body, one.end, 8)?;
                cluster_time = bytes.iter().fold(0, |time, byte| time << 8 | u64::from(*byte));
            }
            SIMPLE_BLOCK | BLOCK => {
                // the number of the track takes one byte wherever there are fewer than 127
                let head = disk.up_to(one.body, 3)?;
                let after = head.get(1..3).and_then(|time| time.try_into().ok()).map_or(0, i16::from_be_bytes);
                let time = cluster_time.saturating_add_signed(after.into());
                film.last_time = film.last_time.max(time);
            }
            _ => {}
        }
        Ok(())
    })?;
    let mut found = facts(disk, &film)?;
    if keep_metadata {
        found.metadata = !film.extras.is_empty();
    } else {
        clean(disk, &film)?;
    }
    Ok(found)
}

fn read(disk: &mut Disk<'_>, element: Option<Element>) -> Result<Vec<u8>, ApiError> {
    let one = element.filter(|one| !one.open).ok_or(BadFile::DamagedVideo)?;
    disk.bytes(one.start, one.end, ELEMENT_MAX)
}

fn facts(disk: &mut Disk<'_>, film: &Film) -> Result<Found, ApiError> {
    let mut head = read(disk, film.ebml)?;
    // a segment as long as what follows
    head.extend_from_slice(SEGMENT.to_be_bytes().get(4..).unwrap_or_default());
    let inside = [read(disk, film.info)?, read(disk, film.tracks)?, EMPTY_CLUSTER.to_vec()].concat();
    head.push(0x01);
    head.extend_from_slice((inside.len() as u64).to_be_bytes().get(1..).unwrap_or_default());
    head.extend_from_slice(&inside);
    let file = MatroskaFile::open(Cursor::new(head));
    let file = file.map_err(|error| ApiError::from(BadFile::DamagedVideo).with_detail(error.to_string()))?;
    let seen = |track: &&TrackEntry| track.track_type() == TrackType::Video && track.video().is_some();
    let shown = file.tracks().iter().find(seen).ok_or(BadFile::NoPicture)?;
    let sound = file.tracks().iter().find(|track| track.track_type() == TrackType::Audio);
    let pixels = shown.video().ok_or(BadFile::NoPicture)?;
    let side = |pixels: u64| u32::try_from(pixels).ok().filter(|side| *side <= u16::MAX.into());
    let (width, height) =
        side(pixels.pixel_width().get()).zip(side(pixels.pixel_height().get())).ok_or(BadFile::DamagedVideo)?;
    let ticks = file.info().duration().filter(|ticks| ticks.is_finite() && *ticks > 0.0);
    #[expect(clippy::cast_precision_loss, reason = "a duration, to the millisecond")]
    let ticks = ticks.unwrap_or(film.last_time as f64);
    #[expect(clippy::cast_precision_loss, reason = "nanoseconds of one unit")]
    let ms = ticks * file.info().timestamp_scale().get() as f64 / 1_000_000.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast holds it within bounds")]
    let duration_ms = ms as u64;
    if duration_ms == 0 {
        return Err(BadFile::DamagedVideo.into());
    }
    // nanoseconds of one picture
    let rate = shown.default_duration().map_or(0, |each| 1_000_000_000_000 / each.get());
    Ok(Found {
        kind: if file.ebml_header().doc_type() == "webm" { MediaType::WebM } else { MediaType::Mkv },
        width,
        height,
        video: Video {
            duration_ms,
            codec: codec(shown.codec_id()),
            audio: sound.map(|track| audio(track.codec_id())),
            rate: u32::try_from(rate).unwrap_or(0),
        },
        metadata: false,
    })
}

fn codec(id: &str) -> VideoCodec {
    match id {
        "V_MPEG4/ISO/AVC" => VideoCodec::H264,
        "V_MPEGH/ISO/HEVC" => VideoCodec::Hevc,
        "V_AV1" => VideoCodec::Av1,
        "V_VP8" => VideoCodec::Vp8,
        "V_VP9" => VideoCodec::Vp9,
        "V_PRORES" => VideoCodec::ProRes,
        "V_MPEG4/ISO/SP" | "V_MPEG4/ISO/ASP" | "V_MPEG4/ISO/AP" => VideoCodec::Mpeg4,
        _ => VideoCodec::Other,
    }
}

fn audio(id: &str) -> AudioCodec {
    match id {
        "A_MPEG/L3" => AudioCodec::Mp3,
        "A_OPUS" => AudioCodec::Opus,
        "A_VORBIS" => AudioCodec::Vorbis,
        "A_FLAC" => AudioCodec::Flac,
        "A_AC3" | "A_EAC3" => AudioCodec::Ac3,
        id if id.starts_with("A_AAC") => AudioCodec::Aac,
        id if id.starts_with("A_PCM") => AudioCodec::Pcm,
        _ => AudioCodec::Other,
    }
}

fn clean(disk: &mut Disk<'_>, film: &Film) -> Result<(), ApiError> {
    for one in &film.extras {
        empty(disk, *one)?;
    }
    let info = read(disk, film.info)?;
    forget_in(disk, film.info, &info, |one, _| TELLING.contains(&one.id))?;
    if film.seek_head.is_some() {
        let seek_head = read(disk, film.seek_head)?;
        forget_in(disk, film.seek_head, &seek_head, |one, body| {
            let inside = within(body, one.body).unwrap_or_default();
            let to = inside.iter().find(|inner| inner.id == SEEK_ID);
            let to = to.and_then(|inner| place(body, one.body, *inner));
            let to = to.map(|id| id.iter().fold(0, |id, byte| id << 8 | u64::from(*byte)));
            one.id == SEEK && to.is_some_and(|id: u64| [TAGS, ATTACHMENTS].contains(&id))
        })?;
    }
    Ok(())
}

/// The body of an element of what was read from `at` on.
fn place(bytes: &[u8], at: u64, one: Element) -> Option<&[u8]> {
    let place = |to: u64| to.checked_sub(at).and_then(|by| usize::try_from(by).ok());
    bytes.get(place(one.body)?..place(one.end)?)
}

/// Empties the elements that `which` names inside another one, and then its checksum, which no longer fits.
fn forget_in(
    disk: &mut Disk<'_>,
    outer: Option<Element>,
    bytes: &[u8],
    which: impl Fn(&Element, &[u8]) -> bool,
) -> Result<(), ApiError> {
    let Some(outer) = outer else { return Ok(()) };
    let body = place(bytes, outer.start, outer).unwrap_or_default();
    let inside = within(body, outer.body)?;
    let named = |one: &&Element| which(one, place(body, outer.body, **one).unwrap_or_default());
    let named: Vec<Element> = inside.iter().filter(named).copied().collect();
    if named.is_empty() {
        return Ok(());
    }
    for one in named.into_iter().chain(inside.into_iter().filter(|one| one.id == CHECKSUM)) {
        empty(disk, one)?;
    }
    Ok(())
}

fn empty(disk: &mut Disk<'_>, one: Element) -> Result<(), ApiError> {
    let header = void(one.end - one.start).ok_or(BadFile::DamagedVideo)?;
    disk.write(one.start, &header)?;
    disk.erase(one.start + header.len() as u64, one.end)
}
