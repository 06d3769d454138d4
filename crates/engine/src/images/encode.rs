//! Images on their way out of memory: in sRGB, small enough for the networks, without anything that is no picture.

use std::io::Cursor;

use contract::{ApiError, BadFile};
use domain::media::{Media, MediaType};
use fast_image_resize::{ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageEncoder, ImageError};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::explain;

pub(super) const STORED_BYTES: usize = Media::STILL_BYTES as usize;

/// The first encoding that fits; scaled down step by step if none does.
pub(super) fn fitting(
    mut image: DynamicImage,
    lossy: bool,
    exif: Option<&[u8]>,
) -> Result<(DynamicImage, MediaType, Vec<u8>), ApiError> {
    loop {
        if !lossy {
            let bytes = png(&image, exif)?;
            if bytes.len() <= STORED_BYTES {
                return Ok((image, MediaType::Png, bytes));
            }
        }
        if !has_alpha(&image) {
            for quality in [90, 82, 74] {
                let bytes = jpeg(&image, quality, exif)?;
                if bytes.len() <= STORED_BYTES {
                    return Ok((image, MediaType::Jpeg, bytes));
                }
            }
        }
        let (width, height) = (image.width() * 4 / 5, image.height() * 4 / 5);
        if width == 0 || height == 0 {
            return Err(BadFile::Incompressible.into());
        }
        image = resized(&image, width, height);
    }
}

/// Scaled down so that no side is longer than `side`.
pub(super) fn shrunk(image: DynamicImage, side: u32) -> DynamicImage {
    let (width, height) = (image.width(), image.height());
    let longer = u64::from(width.max(height));
    if longer <= u64::from(side) {
        return image;
    }
    let scaled = |length: u32| {
        let scaled = (u64::from(length) * u64::from(side)).saturating_add(longer / 2) / longer;
        u32::try_from(scaled).unwrap_or(side).max(1)
    };
    resized(&image, scaled(width), scaled(height))
}

/// By Lanczos's way. That of `image` takes 16 bytes for a pixel and seconds for a photograph; it serves for what the quick one
/// does not know.
pub(super) fn resized(image: &DynamicImage, width: u32, height: u32) -> DynamicImage {
    let mut target = DynamicImage::new(width, height, image.color());
    match Resizer::new().resize(image, &mut target, &ResizeOptions::new()) {
        Ok(()) => target,
        Err(_) => image.resize_exact(width, height, FilterType::Lanczos3),
    }
}

/// With 8 bits a channel, and the colours of its profile in sRGB: networks and most programs take every image for that, and a
/// profile may name a device.
pub(super) fn in_srgb(image: DynamicImage, profile: Option<&[u8]>) -> DynamicImage {
    let image = match image {
        image @ (DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgba8(_)) => image,
        image if image.color().has_alpha() => DynamicImage::from(image.to_rgba8()),
        image => DynamicImage::from(image.to_rgb8()),
    };
    let converted = profile.and_then(|profile| converted(&image, profile));
    converted.unwrap_or(image)
}

/// `None` where the profile is none of RGB colours: then they were converted by whoever decoded them, or mean themselves.
fn converted(image: &DynamicImage, profile: &[u8]) -> Option<DynamicImage> {
    let profile =
        ColorProfile::new_from_slice(profile).ok().filter(|profile| profile.color_space == DataColorSpace::Rgb)?;
    let layout = if image.color().has_alpha() { Layout::Rgba } else { Layout::Rgb };
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_8bit(layout, &srgb, layout, TransformOptions::default()).ok()?;
    let mut target = vec![0; image.as_bytes().len()];
    transform.transform(image.as_bytes(), &mut target).ok()?;
    let (width, height) = (image.width(), image.height());
    if image.color().has_alpha() {
        image::RgbaImage::from_raw(width, height, target).map(DynamicImage::from)
    } else {
        image::RgbImage::from_raw(width, height, target).map(DynamicImage::from)
    }
}

pub(super) fn has_alpha(image: &DynamicImage) -> bool {
    image.color().has_alpha() && image.to_rgba8().pixels().any(|pixel| pixel.0.last().is_some_and(|alpha| *alpha < 255))
}

/// `exif`: written into the file as it is.
pub(super) fn png(image: &DynamicImage, exif: Option<&[u8]>) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(Cursor::new(&mut bytes));
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif.to_vec()).map_err(|error| explain(&ImageError::Unsupported(error)))?;
    }
    let image =
        if has_alpha(image) { DynamicImage::from(image.to_rgba8()) } else { DynamicImage::from(image.to_rgb8()) };
    image.write_with_encoder(encoder).map_err(|error| explain(&error))?;
    Ok(bytes)
}

pub(super) fn jpeg(image: &DynamicImage, quality: u8, exif: Option<&[u8]>) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif.to_vec()).map_err(|error| explain(&ImageError::Unsupported(error)))?;
    }
    image.to_rgb8().write_with_encoder(encoder).map_err(|error| explain(&error))?;
    Ok(bytes)
}
