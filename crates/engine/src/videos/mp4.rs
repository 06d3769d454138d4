//! What the header of an MP4 or QuickTime film says. Where its boxes lie is found here; what stands in them is read by
//! `mp4-atom`.

use contract::{ApiError, BadFile};
use domain::media::MediaType;
use domain::video::{AudioCodec, Video, VideoCodec};
use mp4_atom::{Atom, Decode, Esds, Mdhd, Mehd, Mvhd, Stts, Tfhd, Tkhd, Trex, Trun, TrunSamples, Visual};

use super::boxes::{Piece, deep, find, of_file, within};
use super::disk::Disk;
use super::{Found, clean};

/// Bytes of a header (`moov`): hours of film at many pictures a second.
const HEADER_MAX: usize = 64 * 1024 * 1024;
/// Bytes of the header of one fragment (`moof`).
const FRAGMENT_MAX: usize = 8 * 1024 * 1024;
const TRACKS_MAX: usize = 100;

/// A film's header, and where everything lies.
pub(super) struct Film {
    pub pieces: Vec<Piece<u64>>,
    /// Where the header stands in the file, and the header itself.
    pub at: u64,
    pub header: Vec<u8>,
    pub tracks: Vec<Track>,
}

pub(super) struct Track {
    /// Its place in the header.
    pub place: Piece<usize>,
    pub id: u32,
    pub handler: [u8; 4],
    /// Turned by a quarter when it is shown.
    turned: bool,
    timescale: u32,
    duration: u64,
    /// How it is coded, as the file calls it.
    entry: [u8; 4],
    mp3: bool,
    width: u16,
    height: u16,
    samples: u64,
    ticks: u64,
}

pub(super) fn read<T: Atom>(bytes: &[u8], piece: Piece<usize>) -> Result<T, ApiError> {
    let mut atom = bytes.get(piece.start..piece.end).ok_or(BadFile::DamagedVideo)?;
    T::decode(&mut atom).map_err(|error| ApiError::from(BadFile::DamagedVideo).with_detail(error.to_string()))
}

fn read_in<T: Atom>(bytes: &[u8], outer: Piece<usize>, way: &[&[u8; 4]]) -> Result<Option<T>, ApiError> {
    deep(bytes, outer, way)?.map(|piece| read(bytes, piece)).transpose()
}

/// Reads the film, and takes camera and place out of it unless they are to stay.
pub(super) fn look(disk: &mut Disk<'_>, keep_metadata: bool) -> Result<Found, ApiError> {
    let mut film = open(disk)?;
    let metadata = clean::has_any(&film) && keep_metadata;
    let mut found = facts(disk, &film)?;
    found.metadata = metadata;
    if !keep_metadata {
        clean::clean(disk, &mut film)?;
    }
    Ok(found)
}

fn open(disk: &mut Disk<'_>) -> Result<Film, ApiError> {
    let pieces = of_file(disk)?;
    let place = pieces.iter().find(|piece| piece.kind == *b"moov").ok_or(BadFile::DamagedVideo)?;
    let header = disk.bytes(place.start, place.end, HEADER_MAX)?;
    let at = place.start;
    let whole = whole(&header)?;
    let traks = within(&header, whole.body, whole.end)?.into_iter().filter(|piece| piece.kind == *b"trak");
    let tracks = traks.take(TRACKS_MAX).map(|piece| track(&header, piece)).collect::<Result<_, _>>()?;
    Ok(Film { pieces, at, header, tracks })
}

/// The header's own box.
pub(super) fn whole(header: &[u8]) -> Result<Piece<usize>, ApiError> {
    within(header, 0, header.len())?.first().copied().ok_or_else(|| BadFile::DamagedVideo.into())
}

fn track(header: &[u8], place: Piece<usize>) -> Result<Track, ApiError> {
    let damaged = || ApiError::from(BadFile::DamagedVideo);
    let tkhd: Tkhd = read_in(header, place, &[b"tkhd"])?.ok_or_else(damaged)?;
    let mdhd: Mdhd = read_in(header, place, &[b"mdia", b"mdhd"])?.ok_or_else(damaged)?;
    let hdlr = deep(header, place, &[b"mdia", b"hdlr"])?.ok_or_else(damaged)?;
    let handler =
        header.get(hdlr.body + 8..hdlr.body + 12).and_then(|kind| kind.try_into().ok()).ok_or_else(damaged)?;
    let table: &[&[u8; 4]] = &[b"mdia", b"minf", b"stbl"];
    let stbl = deep(header, place, table)?.ok_or_else(damaged)?;
    let (samples, ticks) = match read_in::<Stts>(header, stbl, &[b"stts"])? {
        Some(stts) => stts.entries.iter().fold((0_u64, 0_u64), |(samples, ticks), entry| {
            let count = u64::from(entry.sample_count);
            (samples.saturating_add(count), ticks.saturating_add(count.saturating_mul(entry.sample_delta.into())))
        }),
        None => (0, 0),
    };
    // a track without an entry is empty
    let entry = match find(header, stbl, b"stsd")? {
        Some(stsd) => within(header, stsd.body + 8, stsd.end)?.first().copied(),
        None => None,
    };
    let inside = entry.and_then(|entry| header.get(entry.body..entry.end)).unwrap_or_default();
    let visual = (handler == *b"vide").then(|| Visual::decode(&mut &*inside)).transpose();
    let visual = visual.map_err(|error| damaged().with_detail(error.to_string()))?;
    let matrix = tkhd.matrix;
    Ok(Track {
        place,
        id: tkhd.track_id,
        handler,
        turned: matrix.a == 0 && matrix.d == 0 && matrix.b != 0 && matrix.c != 0,
        timescale: mdhd.timescale,
        duration: mdhd.duration,
        entry: entry.map(|entry| entry.kind).unwrap_or_default(),
        mp3: is_mp3(inside),
        width: visual.as_ref().map_or(0, |visual| visual.width),
        height: visual.as_ref().map_or(0, |visual| visual.height),
        samples,
        ticks,
    })
}

/// `mp4a` may hold MP3, which only its description (`esds`) tells.
fn is_mp3(entry: &[u8]) -> bool {
    let at = entry.windows(4).position(|kind| kind == b"esds").and_then(|at| at.checked_sub(4));
    let atom = at.and_then(|at| entry.get(at..)).unwrap_or_default();
    let Ok(esds) = Esds::decode(&mut &*atom) else { return false };
    matches!(esds.es_desc.dec_config.object_type_indication, 0x69 | 0x6b)
}

fn facts(disk: &mut Disk<'_>, film: &Film) -> Result<Found, ApiError> {
    let header = &film.header;
    let whole = whole(header)?;
    let shown = film.tracks.iter().find(|track| track.handler == *b"vide" && track.width > 0 && track.height > 0);
    let shown = shown.ok_or(BadFile::NoPicture)?;
    let mvhd: Mvhd = read_in(header, whole, &[b"mvhd"])?.ok_or(BadFile::DamagedVideo)?;
    let scale = u64::from(shown.timescale);
    let (mut samples, mut ticks) = (shown.samples, shown.ticks);
    let fragments = find(header, whole, b"mvex")?;
    if let Some(mvex) = fragments {
        let trexes = within(header, mvex.body, mvex.end)?.into_iter().filter(|piece| piece.kind == *b"trex");
        let trexes = trexes.map(|piece| read::<Trex>(header, piece)).collect::<Result<Vec<_>, _>>()?;
        let usual = trexes.iter().find(|trex| trex.track_id == shown.id).map_or(0, |trex| trex.default_sample_duration);
        for place in film.pieces.iter().filter(|piece| piece.kind == *b"moof") {
            disk.wanted()?;
            let moof = disk.bytes(place.start, place.end, FRAGMENT_MAX)?;
            let (more, longer) = fragment(&moof, shown.id, usual)?;
            (samples, ticks) = (samples.saturating_add(more), ticks.saturating_add(longer));
        }
    }
    let told = match fragments {
        Some(mvex) => read_in::<Mehd>(header, mvex, &[b"mehd"])?.map_or(0, |mehd| mehd.fragment_duration),
        None => 0,
    };
    let film_ms = |ticks| millis(ticks, mvhd.timescale.into());
    // a header that is written before the film says 0
    let ways = [film_ms(mvhd.duration), film_ms(told), millis(ticks, scale), millis(shown.duration, scale)];
    let duration_ms = ways.into_iter().find(|ms| *ms > 0).ok_or(BadFile::DamagedVideo)?;
    let rate = samples.saturating_mul(scale).saturating_mul(1_000).checked_div(ticks).unwrap_or(0);
    let sound = film.tracks.iter().find(|track| track.handler == *b"soun");
    let (width, height) = if shown.turned { (shown.height, shown.width) } else { (shown.width, shown.height) };
    let brand = film.pieces.first().filter(|piece| piece.kind == *b"ftyp").map(|piece| piece.body);
    let brand = brand.map(|at| disk.up_to(at, 4)).transpose()?;
    Ok(Found {
        // without a brand it is older than MP4
        kind: if brand.as_deref().is_none_or(|brand| brand == b"qt  ") { MediaType::Mov } else { MediaType::Mp4 },
        width: width.into(),
        height: height.into(),
        video: Video {
            duration_ms,
            codec: codec(&shown.entry),
            audio: sound.map(|track| audio(&track.entry, track.mp3)),
            rate: u32::try_from(rate).unwrap_or(u32::MAX),
        },
        metadata: false,
    })
}

/// Samples of a track in one fragment, and how long they are together.
fn fragment(moof: &[u8], track: u32, usual: u32) -> Result<(u64, u64), ApiError> {
    let whole = whole(moof)?;
    let (mut samples, mut ticks) = (0_u64, 0_u64);
    for traf in within(moof, whole.body, whole.end)?.into_iter().filter(|piece| piece.kind == *b"traf") {
        let Some(tfhd) = read_in::<Tfhd>(moof, traf, &[b"tfhd"])? else { continue };
        if tfhd.track_id != track {
            continue;
        }
        let each = u64::from(tfhd.default_sample_duration.unwrap_or(usual));
        for run in within(moof, traf.body, traf.end)?.into_iter().filter(|piece| piece.kind == *b"trun") {
            let run: Trun = read(moof, run)?;
            samples = samples.saturating_add(run.samples.len() as u64);
            let longer = match &run.samples {
                TrunSamples::Inherited { count, .. } => u64::from(*count).saturating_mul(each),
                TrunSamples::Explicit(entries) => {
                    entries.iter().map(|entry| entry.duration.map_or(each, u64::from)).fold(0, u64::saturating_add)
                }
            };
            ticks = ticks.saturating_add(longer);
        }
    }
    Ok((samples, ticks))
}

fn millis(ticks: u64, scale: u64) -> u64 {
    // an unknown duration is written as all ones
    if ticks == u64::MAX || ticks == u64::from(u32::MAX) {
        return 0;
    }
    let ms = (u128::from(ticks) * 1_000).checked_div(u128::from(scale)).unwrap_or(0);
    u64::try_from(ms).unwrap_or(0)
}

fn codec(entry: &[u8; 4]) -> VideoCodec {
    match entry {
        b"avc1" | b"avc2" | b"avc3" | b"avc4" | b"dva1" | b"dvav" => VideoCodec::H264,
        b"hvc1" | b"hev1" | b"dvh1" | b"dvhe" => VideoCodec::Hevc,
        b"av01" => VideoCodec::Av1,
        b"vp08" => VideoCodec::Vp8,
        b"vp09" => VideoCodec::Vp9,
        b"apch" | b"apcn" | b"apcs" | b"apco" | b"ap4h" | b"ap4x" => VideoCodec::ProRes,
        b"mp4v" => VideoCodec::Mpeg4,
        _ => VideoCodec::Other,
    }
}

fn audio(entry: &[u8; 4], mp3: bool) -> AudioCodec {
    match entry {
        b"mp4a" if !mp3 => AudioCodec::Aac,
        b"mp4a" | b".mp3" => AudioCodec::Mp3,
        b"Opus" => AudioCodec::Opus,
        b"fLaC" => AudioCodec::Flac,
        b"ac-3" | b"ec-3" => AudioCodec::Ac3,
        b"sowt" | b"twos" | b"lpcm" | b"in24" | b"in32" | b"fl32" | b"fl64" | b"ipcm" | b"fpcm" | b"raw " => {
            AudioCodec::Pcm
        }
        _ => AudioCodec::Other,
    }
}
