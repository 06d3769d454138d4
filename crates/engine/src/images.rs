//! Images on their way in: decoded within limits, turned upright, freed of camera and location data, made to fit the
//! networks, stored under the hash of their bytes.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use contract::{ApiError, Code};
use domain::id::MediaId;
use domain::media::{Media, MediaType};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use jiff::Timestamp;

use crate::errors::storage_io;

/// Bytes of a file as it comes.
pub(crate) const FILE_MAX: usize = 30 * 1024 * 1024;
const SIDE_MAX: u32 = 12_000;
const PIXELS_MAX: u64 = 50_000_000;
const DECODE_MAX: u64 = 256 * 1024 * 1024;
/// Longer sides are scaled down: no network shows more.
const STORED_SIDE: u32 = 2_560;
/// Bluesky takes 2,000,000 bytes (lexicon `app.bsky.embed.images`), Mastodon 16 MiB by default.
const STORED_BYTES: usize = 1_950_000;
const PREVIEW_SIDE: u32 = 640;
const NAME_MAX: usize = 200;

/// An image that may be stored.
pub(crate) struct Taken {
    pub media: Media,
    pub bytes: Vec<u8>,
    pub preview: Vec<u8>,
}

impl std::fmt::Debug for Taken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Taken").field("media", &self.media).finish_non_exhaustive()
    }
}

fn bad(sentence: &str) -> ApiError {
    ApiError::new(Code::BadImage, sentence)
}

const DAMAGED: &str =
    "This image is damaged or incomplete. Open it in another program, save it again and add it again.";

/// The decoder fills what is missing of a JPEG with grey; a file whose last scan has no end is not whole.
fn cut_short(jpeg: &[u8]) -> bool {
    let last = |marker: [u8; 2]| jpeg.windows(2).rposition(|bytes| bytes == marker);
    match (last([0xff, 0xda]), last([0xff, 0xd9])) {
        (Some(scan), Some(end)) => end < scan,
        _ => true,
    }
}

/// Decodes and re-encodes. Blocks: run it on a thread of its own.
///
/// # Errors
/// A sentence saying what is wrong with the file.
pub(crate) fn take(name: &str, bytes: &[u8], now: Timestamp) -> Result<Taken, ApiError> {
    if bytes.len() > FILE_MAX {
        return Err(bad("This file is larger than 30 MB. Make it smaller and add it again."));
    }
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| bad("This file cannot be read."))?;
    let format = reader.format().ok_or_else(|| bad("Sendoff cannot use this file. Add a JPEG, PNG, WebP or GIF."))?;
    if format == ImageFormat::Jpeg && cut_short(bytes) {
        return Err(bad(DAMAGED));
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(DECODE_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| explain(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX || width == 0 || height == 0 {
        return Err(bad("This image has more than 50 million pixels. Make it smaller and add it again."));
    }
    let orientation = decoder.orientation().map_err(|error| explain(&error))?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| explain(&error))?;
    image.apply_orientation(orientation);
    if image.width().max(image.height()) > STORED_SIDE {
        image = image.resize(STORED_SIDE, STORED_SIDE, image::imageops::FilterType::Lanczos3);
    }
    let lossy = format == ImageFormat::Jpeg;
    let (image, kind, stored) = encode(image, lossy)?;
    let preview_image = image.thumbnail(PREVIEW_SIDE, PREVIEW_SIDE);
    let preview = if has_alpha(&preview_image) { png(&preview_image)? } else { jpeg(&preview_image, 80)? };
    let media = Media {
        id: MediaId::of(&stored),
        kind,
        width: image.width(),
        height: image.height(),
        bytes: stored.len() as u64,
        name: name.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect(),
        created_at: now,
    };
    Ok(Taken { media, bytes: stored, preview })
}

/// The first encoding that fits; scaled down step by step if none does.
fn encode(mut image: DynamicImage, lossy: bool) -> Result<(DynamicImage, MediaType, Vec<u8>), ApiError> {
    loop {
        if !lossy {
            let bytes = png(&image)?;
            if bytes.len() <= STORED_BYTES {
                return Ok((image, MediaType::Png, bytes));
            }
        }
        if !has_alpha(&image) {
            for quality in [90, 82, 74] {
                let bytes = jpeg(&image, quality)?;
                if bytes.len() <= STORED_BYTES {
                    return Ok((image, MediaType::Jpeg, bytes));
                }
            }
        }
        let (width, height) = (image.width() * 4 / 5, image.height() * 4 / 5);
        if width == 0 || height == 0 {
            return Err(bad("This image cannot be made small enough for the networks. Add a smaller one."));
        }
        image = image.resize(width, height, image::imageops::FilterType::Lanczos3);
    }
}

fn has_alpha(image: &DynamicImage) -> bool {
    image.color().has_alpha() && image.to_rgba8().pixels().any(|pixel| pixel.0.last().is_some_and(|alpha| *alpha < 255))
}

fn png(image: &DynamicImage) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    // 16 bits a channel serve no network
    let image = if image.color().has_alpha() {
        DynamicImage::from(image.to_rgba8())
    } else {
        DynamicImage::from(image.to_rgb8())
    };
    image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).map_err(|error| explain(&error))?;
    Ok(bytes)
}

fn jpeg(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    image.to_rgb8().write_with_encoder(encoder).map_err(|error| explain(&error))?;
    Ok(bytes)
}

fn explain(error: &ImageError) -> ApiError {
    match error {
        ImageError::Limits(_) => bad("This image is too large to open safely. Make it smaller and add it again."),
        ImageError::Unsupported(_) => bad("This type of image is not supported. Add a JPEG, PNG, WebP or GIF."),
        _ => bad(DAMAGED),
    }
    .with_detail(error.to_string())
}

/// Where an image lies below the profile's folder.
fn path(folder: &Path, id: MediaId, preview: bool) -> PathBuf {
    let name = id.to_string();
    let shelf: String = name.chars().take(2).collect();
    folder.join("media").join(shelf).join(if preview { format!("{name}.preview") } else { name })
}

/// Stores bytes and preview. What is there already stays: the name is the hash.
///
/// # Errors
/// What the disk says.
pub(crate) fn store(folder: &Path, taken: &Taken) -> Result<(), ApiError> {
    for (bytes, preview) in [(&taken.bytes, false), (&taken.preview, true)] {
        let path = path(folder, taken.media.id, preview);
        if path.exists() {
            continue;
        }
        if let Some(shelf) = path.parent() {
            std::fs::create_dir_all(shelf).map_err(|error| storage_io(&error))?;
        }
        crate::files::replace(&path, bytes).map_err(|error| storage_io(&error))?;
    }
    Ok(())
}

/// Reads a stored image; `None` if it is gone or no longer what its name says.
///
/// # Errors
/// What the disk says.
pub(crate) fn load(folder: &Path, id: MediaId, preview: bool) -> Result<Option<Vec<u8>>, ApiError> {
    match std::fs::read(path(folder, id, preview)) {
        Ok(bytes) if preview || MediaId::of(&bytes) == id => Ok(Some(bytes)),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(storage_io(&error)),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

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
        take("picture", &std::fs::read(path).unwrap(), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn every_orientation_comes_out_upright() {
        let Some(folder) = data("images/exif-orientation") else { return };
        for path in files(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "jpg")) {
            let taken = taken(&path).unwrap();
            let portrait = path.file_name().unwrap().to_string_lossy().starts_with("Portrait");
            assert_eq!(taken.media.height > taken.media.width, portrait, "{}", path.display());
            assert!(!taken.bytes.windows(4).any(|bytes| bytes == b"Exif"), "{}", path.display());
        }
    }

    #[test]
    fn bombs_lies_and_damage_are_refused_with_a_sentence() {
        let Some(folder) = data("images/generated") else { return };
        for name in [
            "bomb_30000x30000_1bit.png",
            "ihdr_lie_2147483647.png",
            "html_named.png",
            "script.svg",
            "truncated.jpg",
            "zero.jpg",
        ] {
            let began = std::time::Instant::now();
            let error = taken(&folder.join(name)).unwrap_err();
            assert_eq!(error.code, Code::BadImage, "{name}");
            assert!(error.message.ends_with('.'), "{name}: {}", error.message);
            assert!(began.elapsed().as_secs() < 2, "{name}");
        }
    }

    #[test]
    fn no_file_makes_it_panic_and_what_is_taken_fits() {
        let Some(folder) = data("images") else { return };
        let mut ok = 0;
        for path in files(&folder) {
            if let Ok(taken) = taken(&path) {
                ok += 1;
                assert!(taken.bytes.len() <= STORED_BYTES, "{}", path.display());
                assert_eq!(MediaId::of(&taken.bytes), taken.media.id);
                let again = take("again", &taken.bytes, Timestamp::UNIX_EPOCH).unwrap();
                assert_eq!((again.media.width, again.media.height), (taken.media.width, taken.media.height));
            }
        }
        assert!(ok > 40, "{ok} images were taken");
    }
}
