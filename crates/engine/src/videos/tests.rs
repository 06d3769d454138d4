use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use contract::{BadFile, Code};
use domain::media::{Media, MediaType};
use domain::video::{AudioCodec, VideoCodec};
use jiff::Timestamp;

use super::*;

pub(crate) const BREAD: &[u8] = include_bytes!("../../../testkit/films/bread.mp4");
const TURNED: &[u8] = include_bytes!("../../../testkit/films/turned.mov");
const FRAGMENTS: &[u8] = include_bytes!("../../../testkit/films/fragments.mp4");
const WEB: &[u8] = include_bytes!("../../../testkit/films/bread.webm");
const LIVE: &[u8] = include_bytes!("../../../testkit/films/live.mkv");

fn brought(profile: &Path, bytes: &[u8], keep: bool) -> Result<Media, ApiError> {
    let mut staging = Staging::default();
    let upload = staging.begin(profile, "film.mp4".to_owned(), bytes.len() as u64, keep)?;
    for (at, piece) in (0_u64..).zip(bytes.chunks(1_000)) {
        staging.file(upload)?.append(at * 1_000, piece)?;
    }
    take(staging.finish(upload)?, profile, Timestamp::UNIX_EPOCH)
}

fn stored(profile: &Path, media: &Media) -> Vec<u8> {
    std::fs::read(images::path(profile, media.id, ImageSize::Full)).unwrap()
}

fn says(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

fn left_over(profile: &Path) -> usize {
    std::fs::read_dir(profile.join("media/incoming")).map_or(0, Iterator::count)
}

#[test]
fn a_film_is_known_by_what_its_header_says() {
    let profile = tempfile::tempdir().unwrap();
    let facts = |bytes| {
        let media = brought(profile.path(), bytes, false).unwrap();
        let video = media.video.unwrap();
        (media.kind, media.width, media.height, video.duration_ms, video.codec, video.audio, video.rate)
    };
    use AudioCodec::{Aac, Opus};
    use VideoCodec::{H264, Hevc, Vp9};
    assert_eq!(facts(BREAD), (MediaType::Mp4, 320, 180, 2_000, H264, Some(Aac), 25_000));
    assert_eq!(facts(TURNED), (MediaType::Mov, 180, 320, 1_000, Hevc, None, 30_000), "as it is shown");
    assert_eq!(facts(FRAGMENTS), (MediaType::Mp4, 160, 90, 2_000, H264, Some(Aac), 10_000));
    assert_eq!(facts(WEB).5, Some(Opus));
    let (kind, width, height, ms, codec, _, rate) = facts(WEB);
    assert_eq!((kind, width, height, codec, rate / 1_000), (MediaType::WebM, 320, 180, Vp9, 24));
    assert!((1_000..1_050).contains(&ms), "{ms}");
    let (kind, .., ms, codec, _, rate) = facts(LIVE);
    assert_eq!((kind, codec, rate / 1_000), (MediaType::Mkv, H264, 10));
    assert!((900..1_050).contains(&ms), "nobody wrote its duration down: {ms}");
    assert_eq!(left_over(profile.path()), 0);
}

#[test]
fn place_and_camera_go_unless_they_are_to_stay() {
    let profile = tempfile::tempdir().unwrap();
    let words = ["59.91", "Oslo", "Phone 9"];
    for film in [BREAD, TURNED, WEB, LIVE] {
        assert!(words.iter().any(|word| says(film, word)));
        let kept = brought(profile.path(), film, true).unwrap();
        assert!(kept.metadata);
        assert_eq!(stored(profile.path(), &kept), film);
        let media = brought(profile.path(), film, false).unwrap();
        let bytes = stored(profile.path(), &media);
        assert!(!media.metadata && words.iter().all(|word| !says(&bytes, word)), "{:?}", media.kind);
        // nothing moved, and what is shown is as it was
        assert_eq!((bytes.len(), media.bytes), (film.len(), film.len() as u64));
        assert_eq!(MediaId::of(&bytes), media.id);
        assert_eq!(media.video, kept.video);
        // and there is no more to take out
        let again = brought(profile.path(), &bytes, false).unwrap();
        assert_eq!(again.id, media.id);
    }
}

#[test]
fn a_track_of_places_goes_with_everything_that_it_says() {
    let profile = tempfile::tempdir().unwrap();
    // the sound becomes what cameras write beside the picture
    let mut film = BREAD.to_vec();
    let at = film.windows(4).position(|kind| kind == b"soun").unwrap();
    film[at..at + 4].copy_from_slice(b"meta");
    let media = brought(profile.path(), &film, false).unwrap();
    assert_eq!(media.video.unwrap().audio, None);
    let (before, after) = (BREAD.to_vec(), stored(profile.path(), &media));
    let mdat = before.windows(4).position(|kind| kind == b"mdat").unwrap();
    let erased = before[mdat..].iter().zip(&after[mdat..]).filter(|(before, after)| before != after).count();
    assert!(erased > 2_000, "{erased}");
    assert!(after[mdat..].iter().filter(|byte| **byte != 0).count() > 2_000, "the picture stays");
    // in fragments it cannot be found, and the film is refused rather than published with it
    let mut film = FRAGMENTS.to_vec();
    let at = film.windows(4).position(|kind| kind == b"soun").unwrap();
    film[at..at + 4].copy_from_slice(b"meta");
    assert_eq!(brought(profile.path(), &film, false).unwrap_err().file, Some(BadFile::CameraTrack));
    assert!(brought(profile.path(), &film, true).unwrap().metadata);
}

#[test]
fn what_is_no_film_says_why() {
    let profile = tempfile::tempdir().unwrap();
    let refused = |bytes: &[u8]| brought(profile.path(), bytes, false).unwrap_err().file;
    assert_eq!(refused(b""), Some(BadFile::Empty));
    assert_eq!(refused(b"RIFF....AVI LIST"), Some(BadFile::Video));
    let mut sound = BREAD.to_vec();
    let at = sound.windows(4).position(|kind| kind == b"vide").unwrap();
    sound[at..at + 4].copy_from_slice(b"soun");
    assert_eq!(refused(&sound), Some(BadFile::NoPicture));
    assert_eq!(refused(&BREAD[..BREAD.len() / 2]), Some(BadFile::DamagedVideo));
    assert_eq!(refused(&WEB[..WEB.len() / 2]), Some(BadFile::DamagedVideo));
    assert_eq!(left_over(profile.path()), 0);
}

#[test]
fn whatever_was_done_to_a_film_nothing_panics_and_nothing_is_left() {
    let profile = tempfile::tempdir().unwrap();
    let mut state = 0x5eed_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let (mut taken, mut refused) = (0, 0);
    for round in 0..600 {
        let film = [BREAD, TURNED, FRAGMENTS, WEB, LIVE][round % 5];
        let mut bytes = film.to_vec();
        match round % 3 {
            0 => bytes.truncate(next(film.len())),
            1 => (0..8).for_each(|_| {
                let at = next(bytes.len());
                bytes[at] ^= 1 << next(8);
            }),
            // in the header, where it hurts
            _ => {
                let from = bytes.windows(4).position(|kind| kind == b"moov").unwrap_or(0);
                for _ in 0..3 {
                    let at = (from + next(900)).min(bytes.len() - 1);
                    bytes[at] = [0, 0xff, 0x7f, 1][next(4)];
                }
            }
        }
        if bytes.is_empty() {
            continue;
        }
        match brought(profile.path(), &bytes, round % 2 == 0) {
            Ok(media) => {
                taken += 1;
                assert_eq!(stored(profile.path(), &media).len(), bytes.len());
            }
            Err(error) => {
                refused += 1;
                assert_eq!(error.code, Code::BadImage, "{error:?}");
            }
        }
    }
    assert!(taken > 50 && refused > 50, "{taken} taken, {refused} refused");
    assert_eq!(left_over(profile.path()), 0);
}

#[test]
fn pieces_come_in_order_once_or_twice() {
    let profile = tempfile::tempdir().unwrap();
    let mut staging = Staging::default();
    let upload = staging.begin(profile.path(), "a".to_owned(), 6, false).unwrap();
    staging.file(upload).unwrap().append(0, b"abc").unwrap();
    staging.file(upload).unwrap().append(0, b"abc").unwrap();
    assert_eq!(staging.file(upload).unwrap().append(4, b"e").unwrap_err().code, Code::BadRequest, "a gap");
    assert_eq!(staging.file(upload).unwrap().append(3, b"defg").unwrap_err().code, Code::BadRequest, "too much");
    assert_eq!(staging.finish(upload).unwrap_err().code, Code::BadRequest, "not all there");
    staging.file(upload).unwrap().append(3, b"def").unwrap();
    assert_eq!(std::fs::read(&staging.finish(upload).unwrap().path).unwrap(), b"abcdef");
    assert_eq!(staging.file(upload).unwrap_err().code, Code::NotFound);
    let large = staging.begin(profile.path(), "a".to_owned(), Video::BYTES_MAX + 1, false).unwrap_err();
    assert_eq!(large.file, Some(BadFile::LargeVideo));
}

#[test]
fn what_was_stopped_or_left_behind_is_cleared_away() {
    let profile = tempfile::tempdir().unwrap();
    let mut staging = Staging::default();
    let half = staging.begin(profile.path(), "a".to_owned(), 6, false).unwrap();
    let whole = staging.begin(profile.path(), "b".to_owned(), BREAD.len() as u64, false).unwrap();
    staging.file(whole).unwrap().append(0, BREAD).unwrap();
    clear(profile.path(), Timestamp::UNIX_EPOCH);
    assert_eq!(left_over(profile.path()), 2, "somebody holds them");
    staging.abandon(half);
    assert_eq!(left_over(profile.path()), 1);
    let finishing = staging.finish(whole).unwrap();
    staging.abandon(whole);
    assert_eq!(take(finishing, profile.path(), Timestamp::UNIX_EPOCH).unwrap_err().code, Code::Stopped);
    assert_eq!(left_over(profile.path()), 0);
    std::fs::write(profile.path().join("media/incoming/1-1.part"), b"half a film").unwrap();
    clear(profile.path(), Timestamp::UNIX_EPOCH);
    assert_eq!(left_over(profile.path()), 0);
}

#[test]
fn looking_through_a_long_film_can_be_stopped() {
    let mut file = tempfile::tempfile().unwrap();
    file.set_len(8 * PIECE as u64).unwrap();
    let stop = AtomicBool::new(false);
    assert!(hash(&mut file, &stop).is_ok());
    stop.store(true, Ordering::Relaxed);
    assert_eq!(hash(&mut file, &stop).unwrap_err().code, Code::Stopped);
}
