//! Images on their way in: decoded within limits, turned upright, freed of camera and location data, made to fit the
//! networks, stored under the hash of their bytes.

mod animation;
mod encode;
mod exif;
mod files;
mod fit;
#[cfg(test)]
mod fit_tests;
#[cfg(test)]
pub(crate) mod tests;

use std::io::Cursor;

use contract::{ApiError, BadFile};
use domain::id::MediaId;
use domain::media::{Media, MediaType};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use jiff::Timestamp;

pub(crate) use files::{adopt, hand_out, keep_look, load, path, store};
pub(crate) use fit::fit;

/// Bytes of a file as it comes.
pub(crate) const FILE_MAX: usize = 30 * 1024 * 1024;
const SIDE_MAX: u32 = 12_000;
const PIXELS_MAX: u64 = 50_000_000;
const DECODE_MAX: u64 = 256 * 1024 * 1024;
/// Longer sides are scaled down: no network shows more.
const STORED_SIDE: u32 = 2_560;
const PREVIEW_SIDE: u32 = 640;
/// What the camera wrote, as far as it fits into one segment of a JPEG.
const EXIF_MAX: usize = 65_000;

/// An image that may be stored.
pub(crate) struct Taken {
    pub media: Media,
    pub bytes: Vec<u8>,
    pub preview: Vec<u8>,
    /// It was an animation of a type of which only the first picture is kept.
    pub first_only: bool,
}

impl std::fmt::Debug for Taken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Taken").field("media", &self.media).finish_non_exhaustive()
    }
}

/// The decoder fills what is missing of a JPEG with grey; a file whose last scan has no end is not whole.
fn cut_short(jpeg: &[u8]) -> bool {
    let last = |marker: [u8; 2]| jpeg.windows(2).rposition(|bytes| bytes == marker);
    match (last([0xff, 0xda]), last([0xff, 0xd9])) {
        (Some(scan), Some(end)) => end < scan,
        _ => true,
    }
}

/// What a file that is no image for the program is, as far as its first bytes tell.
fn foreign(bytes: &[u8]) -> BadFile {
    let brand = bytes.get(4..8).filter(|kind| *kind == b"ftyp").and_then(|_| bytes.get(8..12));
    let head = bytes.get(..bytes.len().min(512)).unwrap_or_default();
    let says = |word: &[u8]| head.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word));
    match brand {
        Some(b"avif" | b"avis") => BadFile::Avif,
        Some(b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif1" | b"msf1") => BadFile::Heic,
        Some(_) => BadFile::Video,
        None if bytes.is_empty() => BadFile::Empty,
        None if says(b"<svg") => BadFile::Svg,
        None if says(b"<html") || says(b"<!doctype") || says(b"<script") => BadFile::WebPage,
        None => BadFile::Unknown,
    }
}

/// Decodes and re-encodes. `keep_metadata`: what the camera wrote (EXIF) stays in the file, but for the orientation, which is
/// applied. Blocks: run it on a thread of its own.
///
/// # Errors
/// A sentence saying what is wrong with the file.
pub(crate) fn take(name: &str, bytes: &[u8], keep_metadata: bool, now: Timestamp) -> Result<Taken, ApiError> {
    if bytes.len() > FILE_MAX {
        return Err(BadFile::ManyBytes.into());
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| BadFile::Unknown)?;
    let format = match reader.format() {
        Some(ImageFormat::Avif) | None => return Err(foreign(bytes).into()),
        Some(format) => format,
    };
    if format == ImageFormat::Jpeg && cut_short(bytes) {
        return Err(BadFile::Damaged.into());
    }
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(|error| explain(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX || width == 0 || height == 0 {
        return Err(BadFile::ManyPixels.into());
    }
    let moving = if format == ImageFormat::Gif { animation::gif(bytes)? } else { None };
    let orientation = decoder.orientation().map_err(|error| explain(&error))?;
    let exif = if keep_metadata { decoder.exif_metadata().map_err(|error| explain(&error))? } else { None };
    let exif = exif.filter(|exif| exif.len() <= EXIF_MAX).map(|mut exif| {
        // it is applied below
        let _ = Orientation::remove_from_exif_chunk(&mut exif);
        exif
    });
    // without one that can be read, colours mean what they mean
    let profile = decoder.icc_profile().ok().flatten();
    let image = DynamicImage::from_decoder(decoder).map_err(|error| explain(&error))?;
    // small first: turning needs a second one
    let mut image = encode::shrunk(image, STORED_SIDE);
    image.apply_orientation(orientation);
    let image = encode::in_srgb(image, profile.as_deref());
    let moves = moving.is_some();
    let (image, stored, about) = match moving {
        Some(moving) => {
            let about = (MediaType::Gif, moving.width, moving.height, moving.frames);
            (image, moving.bytes, about)
        }
        None => {
            let lossy = format == ImageFormat::Jpeg;
            let (image, kind, stored) = encode::fitting(image, lossy, exif.as_deref())?;
            let about = (kind, image.width(), image.height(), 1);
            (image, stored, about)
        }
    };
    let preview = files::look(&image.thumbnail(PREVIEW_SIDE, PREVIEW_SIDE))?;
    let (kind, width, height, frames) = about;
    let shown: String = name.chars().filter(|c| !c.is_control()).take(Media::NAME_MAX).collect();
    let media = Media {
        id: MediaId::of(&stored),
        kind,
        width,
        height,
        bytes: stored.len() as u64,
        frames,
        video: None,
        metadata: exif.is_some() && !moves,
        name: if shown.trim().is_empty() { format!("image.{}", kind.extension()) } else { shown },
        alt: String::new(),
        folder: String::new(),
        tags: Vec::new(),
        deleted: false,
        made_from: None,
        created_at: now,
    };
    Ok(Taken { media, bytes: stored, preview, first_only: animation::has_more(format, bytes) })
}

/// Of what is decoded.
fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(DECODE_MAX);
    limits
}

fn explain(error: &ImageError) -> ApiError {
    let file = match error {
        ImageError::Limits(_) => BadFile::TooLarge,
        ImageError::Unsupported(_) => BadFile::Unsupported,
        _ => BadFile::Damaged,
    };
    ApiError::from(file).with_detail(error.to_string())
}
