use std::io::Cursor;
use std::process::Command;
use std::time::Instant;

use domain::id::MediaId;
use domain::media::{Crop, Fit, Media, MediaType, Rect, Size};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageReader, Rgb, RgbImage, Rgba, RgbaImage};
use jiff::Timestamp;

use super::exif::without_thumbnail;
use super::tests::{SECRET, exif, holds};
use super::{Taken, fit, take};

fn decoded(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

fn stored(image: &DynamicImage, keep: bool) -> Taken {
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(Cursor::new(&mut file));
    if keep {
        encoder.set_exif_metadata(exif()).unwrap();
    }
    image.write_with_encoder(encoder).unwrap();
    take("loaf.png", &file, keep, Timestamp::UNIX_EPOCH).unwrap()
}

/// Four fields of one colour each.
fn fields() -> DynamicImage {
    RgbImage::from_fn(400, 200, |x, y| match (x < 200, y < 100) {
        (true, true) => Rgb([200, 0, 0]),
        (false, true) => Rgb([0, 200, 0]),
        (true, false) => Rgb([0, 0, 200]),
        (false, false) => Rgb([200, 200, 0]),
    })
    .into()
}

/// What no encoder makes small.
fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 7_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    RgbImage::from_fn(width, height, |_, _| Rgb([next(), next(), next()]))
}

fn made(source: &Taken, wanted: &Fit) -> Taken {
    let taken = fit(&source.media, &source.bytes, wanted, Timestamp::UNIX_EPOCH).unwrap();
    let size = decoded(&taken.bytes);
    assert_eq!((size.width(), size.height()), (taken.media.width, taken.media.height));
    assert_eq!((taken.media.id, taken.media.bytes), (MediaId::of(&taken.bytes), taken.bytes.len() as u64));
    assert!(decoded(&taken.preview).width() <= 640);
    taken
}

#[test]
fn a_crop_is_exactly_the_part_that_was_chosen() {
    let source = stored(&fields(), false);
    let of = Size::new(400, 200);
    let rect = Rect { left: 150, top: 100, size: Size::new(100, 50) };
    let taken = made(&source, &Fit { crop: Some(Crop::of(rect, of)), ..Fit::default() });
    let image = decoded(&taken.bytes).to_rgb8();
    assert_eq!((image.width(), image.height(), taken.media.kind), (100, 50, MediaType::Png));
    assert_eq!((image.get_pixel(49, 0).0, image.get_pixel(50, 49).0), ([0, 0, 200], [200, 200, 0]));
    let again = made(&source, &Fit { crop: Some(Crop::of(rect, of)), ..Fit::default() });
    assert_eq!(again.media.id, taken.media.id, "the same once more is the same file");
}

#[test]
fn an_image_is_scaled_converted_and_never_enlarged() {
    let source = stored(&fields(), false);
    let small = Fit { size: Some(Size::new(100, 100)), kind: Some(MediaType::Jpeg), ..Fit::default() };
    let taken = made(&source, &small);
    assert_eq!((taken.media.width, taken.media.height, taken.media.kind), (100, 50, MediaType::Jpeg));
    assert!(taken.bytes.starts_with(b"\xff\xd8"));
    let large = made(&source, &Fit { size: Some(Size::new(4_000, 4_000)), ..Fit::default() });
    assert_eq!((large.media.width, large.media.height), (400, 200));
    let back = made(&taken, &Fit { kind: Some(MediaType::Png), ..Fit::default() });
    assert!(back.media.kind == MediaType::Png && back.bytes.starts_with(b"\x89PNG"));
}

#[test]
fn what_is_transparent_is_white_in_a_jpeg() {
    let glass = RgbaImage::from_fn(64, 64, |x, _| Rgba([0, 0, 0, if x < 32 { 0 } else { 255 }]));
    let source = stored(&glass.into(), false);
    let image = decoded(&made(&source, &Fit { kind: Some(MediaType::Jpeg), ..Fit::default() }).bytes).to_rgb8();
    assert!(image.get_pixel(8, 8).0.iter().all(|shade| *shade > 250), "{:?}", image.get_pixel(8, 8));
    assert!(image.get_pixel(56, 8).0.iter().all(|shade| *shade < 5), "{:?}", image.get_pixel(56, 8));
    let kept = decoded(&made(&source, &Fit { size: Some(Size::new(32, 32)), ..Fit::default() }).bytes).to_rgba8();
    assert_eq!(kept.get_pixel(4, 4).0[3], 0, "a PNG stays as transparent as it was");
}

#[test]
fn an_image_is_as_light_as_was_asked_and_as_good_as_that_lets_it_be() {
    let source = stored(&noise(900, 600).into(), false);
    let bytes = |most| Fit { bytes: Some(most), kind: Some(MediaType::Jpeg), ..Fit::default() };
    let mut before = 0;
    for most in [60_000, 150_000, 300_000] {
        let taken = made(&source, &bytes(most));
        assert!(taken.bytes.len() <= most as usize, "{most}: {}", taken.bytes.len());
        assert!(taken.media.width > before, "more bytes, more pixels: {} at {most}", taken.media.width);
        before = taken.media.width - 1;
        let shape = taken.media.width * 1_000 / taken.media.height;
        assert!((1_480..=1_500).contains(&shape), "{shape}");
    }
    let gentle = RgbImage::from_fn(900, 600, |x, y| Rgb([(x / 4) as u8, (y / 3) as u8, 128]));
    let whole = made(&stored(&gentle.into(), false), &bytes(300_000));
    assert_eq!(whole.media.width, 900, "what fits is not scaled");
    let png = made(&source, &Fit { bytes: Some(100_000), kind: Some(MediaType::Png), ..Fit::default() });
    assert!(png.media.kind == MediaType::Png && png.bytes.len() <= 100_000);
    let impossible = fit(&source.media, &source.bytes, &bytes(300), Timestamp::UNIX_EPOCH);
    let said = impossible.unwrap_err().message;
    assert!(said.contains("cannot be made small enough"), "{said}");
}

#[test]
fn an_animation_is_refused_with_a_sentence() {
    let mut gif = Vec::new();
    let mut encoder = gif::Encoder::new(&mut gif, 8, 8, &[0, 0, 0, 255, 255, 255]).unwrap();
    for shade in [0, 1] {
        encoder.write_frame(&gif::Frame::from_indexed_pixels(8, 8, vec![shade; 64], None)).unwrap();
    }
    drop(encoder);
    let moving = take("moving.gif", &gif, false, Timestamp::UNIX_EPOCH).unwrap();
    let half = Fit { crop: Some(Crop { width: Crop::WHOLE / 2, ..Crop::ALL }), ..Fit::default() };
    let said = fit(&moving.media, &moving.bytes, &half, Timestamp::UNIX_EPOCH).unwrap_err().message;
    assert_eq!(said, "What moves cannot be cropped or converted to an image. Choose a still image.");
}

#[test]
fn camera_data_stays_only_where_it_was_and_without_the_whole_picture() {
    let half = Fit { crop: Some(Crop { width: Crop::WHOLE / 2, ..Crop::ALL }), ..Fit::default() };
    let kept = stored(&fields(), true);
    assert!(kept.media.metadata && holds(&kept.bytes, SECRET));
    for wanted in
        [half, Fit { kind: Some(MediaType::Jpeg), ..half }, Fit { crop: None, kind: Some(MediaType::Jpeg), ..half }]
    {
        let taken = made(&kept, &wanted);
        assert!(taken.media.metadata && holds(&taken.bytes, SECRET), "place and camera stay");
        assert!(!holds(&taken.preview, SECRET));
        let mut decoder =
            ImageReader::new(Cursor::new(&taken.bytes)).with_guessed_format().unwrap().into_decoder().unwrap();
        let chunk = decoder.exif_metadata().unwrap().unwrap();
        let small = holds(&chunk, b"\xff\xd8\xff");
        assert_eq!(small, wanted.crop.is_none(), "the camera's small picture shows what was cut away");
    }
    let plain = made(&stored(&fields(), false), &half);
    assert!(!plain.media.metadata && !holds(&plain.bytes, b"Exif"));
}

#[test]
fn a_chunk_that_cannot_be_read_is_left_out() {
    let whole = exif();
    assert!(without_thumbnail(whole.clone()).is_some_and(|chunk| chunk.len() == whole.len()));
    for damaged in [&b""[..], b"II*\0", b"XX*\0\x08\0\0\0\0\0", b"II*\0\xff\xff\xff\xff\0\0"] {
        assert_eq!(without_thumbnail(damaged.to_vec()), None);
    }
    // wherever it ends, and whatever a byte says, nothing panics
    for end in 0..whole.len() {
        let _ = without_thumbnail(whole[..end].to_vec());
    }
    for at in 0..whole.len().min(120) {
        for byte in [0, 1, 0x7f, 0xff] {
            let mut damaged = whole.clone();
            damaged[at] = byte;
            let _ = without_thumbnail(damaged);
        }
    }
}

const TWELVE: &str = "SENDOFF_TEST_TWELVE_MEGAPIXELS";

/// Twelve megapixels with as much in them as a photograph has; measured in a process of its own.
#[test]
#[ignore = "run by the next test"]
fn twelve_megapixels_in_a_process_of_their_own() {
    let bytes = std::fs::read(std::env::var_os(TWELVE).unwrap()).unwrap();
    let small = take("small.png", &stored(&fields(), false).bytes, false, Timestamp::UNIX_EPOCH).unwrap();
    let media = Media { kind: MediaType::Jpeg, width: 4_000, height: 3_000, ..small.media };
    let crop = Crop { left: 100_000, top: 0, width: 800_000, height: Crop::WHOLE };
    let began = Instant::now();
    let taken = fit(&media, &bytes, &Fit { crop: Some(crop), ..Fit::default() }, Timestamp::UNIX_EPOCH).unwrap();
    let took = began.elapsed().as_millis();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB").trim().to_owned();
    println!("\n=={took}={peak}={}x{} {} bytes", taken.media.width, taken.media.height, taken.media.bytes);
}

#[test]
fn a_large_photograph_is_cropped_in_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("twelve.jpg");
    let grain = noise(500, 500);
    let photo = RgbImage::from_fn(4_000, 3_000, |x, y| {
        let Rgb([grain, ..]) = *grain.get_pixel(x % 500, y % 500);
        Rgb([(x / 16) as u8, (y / 12) as u8, 96 + grain / 4])
    });
    let mut file = std::fs::File::create(&path).unwrap();
    photo.write_with_encoder(JpegEncoder::new_with_quality(&mut file, 92)).unwrap();
    drop((photo, file));
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "images::fit_tests::twelve_megapixels_in_a_process_of_their_own", "--ignored", "--nocapture"])
        .env(TWELVE, &path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    let line = said.lines().find_map(|line| line.strip_prefix("==")).unwrap_or_else(|| panic!("{said}"));
    println!("12 megapixels: {line}");
    let peak: u64 = line.split('=').nth(1).unwrap().trim_end_matches(" kB").parse().unwrap();
    assert!(peak < 300 * 1024, "{line}");
    let took: u128 = line.split('=').next().unwrap().parse().unwrap();
    assert!(cfg!(debug_assertions) || took < 1_000, "{line}");
}
