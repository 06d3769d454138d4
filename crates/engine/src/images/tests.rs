use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use contract::{ApiError, Code};
use domain::id::MediaId;
use domain::media::MediaType;
use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{AnimationDecoder, DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, RgbImage};
use jiff::Timestamp;

use super::encode::STORED_BYTES;
use super::{STORED_SIDE, Taken, take};

/// The conformance data: `None` says that it is not there, which continuous integration does not accept.
pub(crate) fn data(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("SENDOFF_CONFORMANCE_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let folder = root.join(folder);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "the conformance data is missing: {}", folder.display());
    println!("skipped: no conformance data at {}", folder.display());
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn taken(path: &Path) -> Result<Taken, ApiError> {
    take("picture", &std::fs::read(path).unwrap(), false, Timestamp::UNIX_EPOCH)
}

fn decoded(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

/// The mean difference of two images, of 255, when both are looked at from afar.
fn difference(one: &DynamicImage, other: &DynamicImage) -> f64 {
    let afar = |image: &DynamicImage| image.resize_exact(24, 24, image::imageops::FilterType::Triangle).to_rgba8();
    let (one, other) = (afar(one), afar(other));
    let sum: u64 = one.as_raw().iter().zip(other.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.as_raw().len() as f64
}

/// Files of the data that are no images that the program takes, by a word of the sentence that says so. All others are taken.
const REFUSED: [(&str, &str); 21] = [
    ("heif/example.avif", "AVIF"),
    ("heif/example.heic", "HEIC"),
    ("generated/bomb_30000x30000_1bit.png", "too large"),
    ("generated/ihdr_lie_2147483647.png", ""),
    ("generated/gif_1200_frames.gif", "500 pictures"),
    ("generated/html_named.png", "web page"),
    ("generated/script.svg", "SVG"),
    ("generated/truncated.jpg", "damaged"),
    ("generated/zero.jpg", "empty"),
    ("image-rs-bad/bmp/Bad_badbitcount.bmp", "not supported"),
    ("image-rs-bad/bmp/Bad_clrsUsed.bmp", "not supported"),
    ("image-rs-bad/bmp/Bad_height.bmp", "not supported"),
    ("image-rs-bad/bmp/Bad_reallybig.bmp", "not supported"),
    ("image-rs-bad/bmp/Bad_shortfile.bmp", "not supported"),
    ("image-rs-bad/bmp/Bad_unusual_extend_buffer_usage.bmp", "not supported"),
    ("image-rs-bad/bmp/Bad_width.bmp", "not supported"),
    ("exif-orientation/LICENSE", "cannot use"),
    ("heif/COPYING", "cannot use"),
    ("image-rs/LICENSE-MIT", "cannot use"),
    ("image-rs/png/apng/wpt/LICENSE.md", "cannot use"),
    ("image-rs/png/apng/wpt/README.txt", "cannot use"),
];

const ONE: &str = "SENDOFF_TEST_ONE_IMAGE";
const TIME_MAX: Duration = Duration::from_secs(2);
const MEMORY_MAX_KIB: u64 = 300 * 1024;

/// How long this thread was at work: on a machine with other work, everybody waits. `None` where the system does not tell.
fn busy() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// What one file costs is measured in a process of its own.
#[test]
#[ignore = "run by the next test"]
fn one_image_in_a_process_of_its_own() {
    let path = PathBuf::from(std::env::var_os(ONE).unwrap());
    let (began, before) = (Instant::now(), busy());
    let outcome = taken(&path);
    let took = busy().zip(before).map_or(began.elapsed(), |(after, before)| after.saturating_sub(before)).as_millis();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB").trim().to_owned();
    let words = match &outcome {
        Ok(taken) => format!("ok {:?}", taken.media.kind),
        Err(error) => format!("refused {}", error.message),
    };
    println!("\n=={took}={peak}={words}");
}

#[test]
fn every_file_of_the_data_is_taken_or_refused_with_a_sentence_and_costs_little() {
    let Some(folder) = data("images") else { return };
    let (mut good, mut slowest, mut largest) = (0, Duration::ZERO, 0);
    for path in files(&folder) {
        let name = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
        let run = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "images::tests::one_image_in_a_process_of_its_own", "--ignored", "--nocapture"])
            .env(ONE, &path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        let line = said.lines().find_map(|line| line.strip_prefix("==")).unwrap_or_else(|| panic!("{name}: {said}"));
        let [took, peak, words] = line.splitn(3, '=').collect::<Vec<_>>().try_into().unwrap();
        let took = Duration::from_millis(took.parse().unwrap());
        let peak: u64 = peak.trim_end_matches(" kB").parse().unwrap();
        assert!(took < TIME_MAX, "{name} took {took:?}");
        assert!(peak < MEMORY_MAX_KIB, "{name} took {peak} KiB");
        (slowest, largest) = (slowest.max(took), largest.max(peak));
        match REFUSED.iter().find(|(refused, _)| *refused == name) {
            Some((_, why)) => {
                let sentence = words.strip_prefix("refused ").unwrap_or_else(|| panic!("{name} was taken: {words}"));
                assert!(sentence.contains(why) && sentence.ends_with('.'), "{name}: {sentence}");
            }
            None => {
                assert!(words.starts_with("ok "), "{name}: {words}");
                good += 1;
            }
        }
    }
    assert!(good >= 60, "{good} images were taken");
    println!("{good} good files; the slowest took {slowest:?}, the largest {largest} KiB");
}

#[test]
fn what_comes_out_is_what_went_in() {
    let Some(folder) = data("images") else { return };
    for path in files(&folder) {
        let Ok(taken) = taken(&path) else { continue };
        let name = path.display();
        assert!(taken.bytes.len() <= STORED_BYTES, "{name}");
        assert_eq!(MediaId::of(&taken.bytes), taken.media.id, "{name}");
        let mut decoder = ImageReader::new(Cursor::new(std::fs::read(&path).unwrap()))
            .with_guessed_format()
            .unwrap()
            .into_decoder()
            .unwrap();
        let orientation = decoder.orientation().unwrap();
        // a profile says that the numbers mean other colours
        let close = if decoder.icc_profile().unwrap().is_some() { 16.0 } else { 4.0 };
        let mut source = DynamicImage::from_decoder(decoder).unwrap();
        source.apply_orientation(orientation);
        let result = decoded(&taken.bytes);
        if source.width().max(source.height()) <= STORED_SIDE && taken.media.kind != MediaType::Gif {
            assert_eq!((result.width(), result.height()), (source.width(), source.height()), "{name}");
        }
        assert!(difference(&source, &result) < close, "{name}: {}", difference(&source, &result));
        let scaled = source.width().max(source.height()) > STORED_SIDE;
        if taken.media.kind == MediaType::Png
            && !scaled
            && source.color().channel_count() >= 3
            && source.color().bits_per_pixel() <= 32
        {
            assert!(source.to_rgba8() == result.to_rgba8(), "{name}: nothing may be lost");
        }
        assert!(decoded(&taken.preview).width() <= 640, "{name}");
        let again = take("again", &taken.bytes, false, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((again.media.width, again.media.height), (taken.media.width, taken.media.height), "{name}");
    }
}

#[test]
fn animations_keep_every_picture_and_its_time() {
    let Some(folder) = data("images/image-rs") else { return };
    let mut moving = 0;
    for path in files(&folder) {
        let Ok(taken) = taken(&path) else { continue };
        let name = path.display().to_string();
        assert_eq!(
            taken.first_only,
            name.contains("/apng/") && !name.ends_with("ball.png")
                || name.ends_with("anim.webp")
                || name.ends_with("frames_are_rgb.webp")
                || name.ends_with("ball.png"),
            "{name}"
        );
        if taken.media.kind != MediaType::Gif {
            assert_eq!(taken.media.frames, 1);
            continue;
        }
        moving += 1;
        let frames = |bytes: &[u8]| {
            let decoder = GifDecoder::new(Cursor::new(bytes.to_vec())).unwrap();
            let frames = decoder.into_frames().collect_frames().unwrap();
            frames.into_iter().map(|frame| (frame.delay(), frame.into_buffer())).collect::<Vec<_>>()
        };
        let (before, after) = (frames(&std::fs::read(&path).unwrap()), frames(&taken.bytes));
        assert!(before == after, "{name}");
        assert_eq!(taken.media.frames as usize, after.len(), "{name}");
    }
    assert!(moving >= 4, "{moving}");
}

#[test]
fn every_orientation_comes_out_upright_and_equal() {
    let Some(folder) = data("images/exif-orientation") else { return };
    let images: Vec<(String, DynamicImage)> = files(&folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "jpg"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), decoded(&taken(&path).unwrap().bytes)))
        .collect();
    let (landscape, portraits): (Vec<_>, Vec<_>) = images.iter().partition(|(name, _)| name.starts_with("Landscape"));
    assert_eq!((landscape.len(), portraits.len()), (1, 9));
    assert!(landscape.iter().all(|(_, image)| image.width() > image.height()));
    let (_, upright) = portraits.iter().find(|(name, _)| name == "Portrait_1.jpg").unwrap();
    for (name, image) in portraits {
        assert_eq!((image.width(), image.height()), (upright.width(), upright.height()), "{name}");
        assert!(difference(upright, image) < 4.0, "{name}: {}", difference(upright, image));
    }
}

pub(super) const SECRET: &[u8] = b"59.9139 N, Model Secret-Phone 7";

/// EXIF of a photograph that lies on its side, with a camera's name, a place, and a small picture of its own.
pub(super) fn exif() -> Vec<u8> {
    let mut small = Vec::new();
    RgbImage::new(8, 8).write_with_encoder(JpegEncoder::new(&mut small)).unwrap();
    small.extend(SECRET);
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    // two directories: of the photograph, and of the small picture behind all else
    let (first, second) = (8 + 2 + 3 * 12 + 4, 2 + 2 * 12 + 4);
    let texts = first + second;
    let behind = texts + SECRET.len();
    let mut chunk = b"II*\0\x08\0\0\0".to_vec();
    chunk.extend(3_u16.to_le_bytes());
    chunk.extend(entry(0x0110, 2, SECRET.len() as u32, texts as u32));
    chunk.extend(entry(0x0112, 3, 1, 6));
    chunk.extend(entry(0x8825, 2, SECRET.len() as u32, texts as u32));
    chunk.extend((first as u32).to_le_bytes());
    chunk.extend(2_u16.to_le_bytes());
    chunk.extend(entry(0x0201, 4, 1, behind as u32));
    chunk.extend(entry(0x0202, 4, 1, small.len() as u32));
    chunk.extend(0_u32.to_le_bytes());
    chunk.extend(SECRET);
    chunk.extend(small);
    chunk
}

/// A JPEG segment or a PNG chunk put behind the head of a file.
fn with_segment(file: &[u8], at: usize, segment: &[u8]) -> Vec<u8> {
    [&file[..at], segment, &file[at..]].concat()
}

fn segment(marker: u8, content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker][..], &length, &content].concat()
}

fn chunk(kind: &[u8; 4], content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    let mut sum = u32::MAX;
    for byte in kind.iter().chain(&content) {
        sum ^= u32::from(*byte);
        (0..8).for_each(|_| sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 });
    }
    [&u32::try_from(content.len()).unwrap().to_be_bytes()[..], kind, &content, &(!sum).to_be_bytes()].concat()
}

/// A photograph that says too much, in every type and in every way in which that type can say it.
fn telling() -> Vec<(&'static str, Vec<u8>)> {
    let picture = RgbImage::from_fn(60, 40, |x, y| image::Rgb([x as u8 * 4, y as u8 * 6, 90]));
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new(&mut jpeg);
    encoder.set_exif_metadata(exif()).unwrap();
    picture.write_with_encoder(encoder).unwrap();
    let mut jpeg = with_segment(&jpeg, 2, &segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>", SECRET]));
    jpeg = with_segment(&jpeg, 2, &segment(0xed, &[b"Photoshop 3.0\x008BIM\x04\x04\0\0", SECRET]));
    jpeg = with_segment(&jpeg, 2, &segment(0xfe, &[SECRET]));
    jpeg = with_segment(&jpeg, 2, &segment(0xef, &[b"MakerNote", SECRET]));
    jpeg.extend(SECRET);
    let mut png = Vec::new();
    let mut encoder = PngEncoder::new(Cursor::new(&mut png));
    encoder.set_exif_metadata(exif()).unwrap();
    picture.write_with_encoder(encoder).unwrap();
    // behind the head: eight bytes and the chunk IHDR
    let mut png = with_segment(&png, 33, &chunk(b"tEXt", &[b"Comment\0", SECRET]));
    png = with_segment(&png, 33, &chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", SECRET]));
    png.extend(SECRET);
    let mut webp = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(Cursor::new(&mut webp));
    encoder.set_exif_metadata(exif()).unwrap();
    picture.write_with_encoder(encoder).unwrap();
    let mut gif = Vec::new();
    let mut encoder = gif::Encoder::new(&mut gif, 8, 8, &[0, 0, 0, 255, 255, 255]).unwrap();
    for shade in [0, 1] {
        encoder.write_raw_extension(gif::Extension::Comment.into(), &[SECRET]).unwrap();
        encoder.write_raw_extension(gif::Extension::Application.into(), &[b"XMP DataXMP", SECRET]).unwrap();
        encoder.write_frame(&gif::Frame::from_indexed_pixels(8, 8, vec![shade; 64], None)).unwrap();
    }
    drop(encoder);
    vec![("jpeg", jpeg), ("png", png), ("webp", webp), ("gif", gif)]
}

/// The names of the parts of a file that are no picture.
fn extras(bytes: &[u8]) -> Vec<String> {
    let word = |at: usize, length: usize| String::from_utf8_lossy(&bytes[at..at + length]).into_owned();
    match image::guess_format(bytes).unwrap() {
        ImageFormat::Jpeg => {
            let (mut at, mut found) = (2, Vec::new());
            while bytes[at + 1] != 0xda {
                let length = usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
                if matches!(bytes[at + 1], 0xe0..=0xef | 0xfe) && &bytes[at + 4..at + 8] != b"JFIF" {
                    found.push(word(at + 4, 4));
                }
                at += 2 + length;
            }
            found
        }
        ImageFormat::Png => {
            let (mut at, mut found) = (8, Vec::new());
            while at < bytes.len() {
                let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
                found.push(word(at + 4, 4));
                at += 12 + length;
            }
            found.retain(|kind| !["IHDR", "PLTE", "tRNS", "IDAT", "IEND"].contains(&kind.as_str()));
            found
        }
        ImageFormat::Gif => bytes
            .windows(3)
            .enumerate()
            .filter(|(_, window)| window[..2] == [0x21, 0xfe] || *window == [0x21, 0xff, 11])
            .filter(|(at, _)| bytes.get(at + 3..at + 14) != Some(b"NETSCAPE2.0"))
            .map(|(at, _)| format!("an extension at {at}"))
            .collect(),
        other => vec![format!("{other:?}")],
    }
}

pub(super) fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

#[test]
fn nothing_is_left_of_place_and_camera_unless_it_is_wanted() {
    for (kind, bytes) in telling() {
        assert!(holds(&bytes, SECRET), "{kind}");
        let stripped = take("a", &bytes, false, Timestamp::UNIX_EPOCH).unwrap();
        for bytes in [&stripped.bytes, &stripped.preview] {
            assert!(!holds(bytes, SECRET), "{kind}");
            assert_eq!(extras(bytes), [""; 0], "{kind}");
        }
        assert!(!stripped.media.metadata, "{kind}");
        let kept = take("a", &bytes, true, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(kept.media.metadata, kind != "gif", "{kind}: a GIF has no place for it");
        assert!(!holds(&kept.preview, SECRET), "{kind}");
        if kind == "gif" {
            assert_eq!(kept.media.id, stripped.media.id);
            continue;
        }
        assert!(holds(&kept.bytes, SECRET) && kept.media.id != stripped.media.id, "{kind}");
        // upright, and marked as such: another program must not turn it once more
        let mut decoder =
            ImageReader::new(Cursor::new(&kept.bytes)).with_guessed_format().unwrap().into_decoder().unwrap();
        assert_eq!(decoder.orientation().unwrap(), image::metadata::Orientation::NoTransforms, "{kind}");
        assert_eq!((kept.media.width, kept.media.height), (40, 60), "{kind}");
    }
}

#[test]
fn nothing_but_pictures_comes_out_of_the_data() {
    let Some(folder) = data("images") else { return };
    for path in files(&folder) {
        let Ok(taken) = taken(&path) else { continue };
        for bytes in [&taken.bytes, &taken.preview] {
            assert_eq!(extras(bytes), [""; 0], "{}", path.display());
        }
    }
}

#[test]
fn colours_of_a_wider_space_come_out_as_they_were_meant() {
    let picture = RgbImage::from_pixel(32, 32, image::Rgb([0, 255, 0]));
    let mut png = Vec::new();
    let mut encoder = PngEncoder::new(Cursor::new(&mut png));
    encoder.set_icc_profile(moxcms::ColorProfile::new_display_p3().encode().unwrap()).unwrap();
    picture.write_with_encoder(encoder).unwrap();
    let grass = RgbImage::from_pixel(32, 32, image::Rgb([120, 160, 60]));
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, 100);
    encoder.set_icc_profile(moxcms::ColorProfile::new_display_p3().encode().unwrap()).unwrap();
    grass.write_with_encoder(encoder).unwrap();

    let shown = |bytes: &[u8]| {
        let taken = take("a", bytes, false, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(extras(&taken.bytes), [""; 0]);
        decoded(&taken.bytes).to_rgb8().get_pixel(16, 16).0
    };
    assert_eq!(shown(&png), [0, 255, 0], "the greenest green there is");
    let [red, green, blue] = shown(&jpeg);
    // Display P3 to sRGB by the matrices of CSS Color 4
    assert!(red.abs_diff(108) <= 3 && green.abs_diff(161) <= 3 && blue.abs_diff(37) <= 3, "{red} {green} {blue}");
}

#[test]
fn the_largest_photograph_that_is_allowed_costs_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.jpg");
    let large = RgbImage::from_fn(8_000, 6_000, |x, y| image::Rgb([(x / 32) as u8, (y / 24) as u8, 128]));
    let mut file = std::fs::File::create(&path).unwrap();
    large.write_with_encoder(JpegEncoder::new_with_quality(&mut file, 85)).unwrap();
    drop((large, file));
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "images::tests::one_image_in_a_process_of_its_own", "--ignored", "--nocapture"])
        .env(ONE, &path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    let line = said.lines().find_map(|line| line.strip_prefix("==")).unwrap();
    println!("48 megapixels: {line}");
    let peak: u64 = line.split('=').nth(1).unwrap().trim_end_matches(" kB").parse().unwrap();
    assert!(line.contains("=ok ") && peak < MEMORY_MAX_KIB, "{line}");
}

#[test]
fn a_name_is_only_a_name() {
    let (_, jpeg) = telling().remove(0);
    let named = |name: &str| take(name, &jpeg, false, Timestamp::UNIX_EPOCH).unwrap().media.name;
    assert_eq!(named("../../etc/\u{0}passwd\r\n"), "../../etc/passwd");
    assert_eq!(named(" \u{7}"), "image.jpg");
    assert_eq!(named(&"ä".repeat(5_000)).chars().count(), 200);
    let refused = take("a.jpg", b"", false, Timestamp::UNIX_EPOCH).unwrap_err();
    assert_eq!(refused.code, Code::BadImage);
}
