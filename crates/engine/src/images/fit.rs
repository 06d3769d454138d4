//! An image made of a stored one: a part of it, smaller, lighter, of another type.

use std::io::Cursor;

use contract::{ApiError, BadFile};
use domain::id::MediaId;
use domain::media::{Fit, Media, MediaType, Size};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Rgb, RgbImage};
use jiff::Timestamp;

use super::{PREVIEW_SIDE, STORED_SIDE, Taken, encode, exif, explain, files, limits};

/// Of JPEG, the best first. Below the last one, fewer pixels look better than these.
const QUALITIES: [u8; 11] = [90, 86, 82, 78, 74, 70, 66, 62, 58, 54, 50];
/// How often an image that is too heavy is scaled down.
const ROUNDS: usize = 8;

/// Makes what `fit` says of a stored image: `bytes` are those of `media`. The result has its words, and says nothing yet of what it
/// was made from. Blocks: run it on a thread of its own.
///
/// # Errors
/// A sentence saying why it cannot be made.
pub(crate) fn fit(media: &Media, bytes: &[u8], fit: &Fit, now: Timestamp) -> Result<Taken, ApiError> {
    if media.frames > 1 || !matches!(media.kind, MediaType::Jpeg | MediaType::Png | MediaType::Webp) {
        return Err(BadFile::Moves.into());
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| BadFile::Unknown)?;
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(|error| explain(&error))?;
    let written = if media.metadata { decoder.exif_metadata().map_err(|error| explain(&error))? } else { None };
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| explain(&error))?;
    let whole = Size::new(image.width(), image.height());
    let cropped = fit.crop.map(|crop| crop.rect(whole)).filter(|rect| rect.size != whole);
    if let Some(rect) = cropped {
        image = image.crop_imm(rect.left, rect.top, rect.size.width, rect.size.height);
    }
    let room = Size::new(STORED_SIDE, STORED_SIDE);
    let size = Size::new(image.width(), image.height()).within(room);
    let size = fit.size.map_or(size, |most| size.within(most));
    if size != Size::new(image.width(), image.height()) {
        image = encode::resized(&image, size.width, size.height);
    }
    let written = written.and_then(|mut chunk| {
        let _ = Orientation::remove_from_exif_chunk(&mut chunk);
        // the camera's own small picture shows what was cut away
        if cropped.is_some() { exif::without_thumbnail(chunk) } else { Some(chunk) }
    });
    let most = fit.bytes.map_or(encode::STORED_BYTES, |most| usize::try_from(most).unwrap_or(usize::MAX));
    let (image, kind, stored) =
        lightened(image, fit.kind, media.kind, most.min(encode::STORED_BYTES), written.as_deref())?;
    let preview = files::look(&image.thumbnail(PREVIEW_SIDE, PREVIEW_SIDE))?;
    let media = Media {
        id: MediaId::of(&stored),
        kind,
        width: image.width(),
        height: image.height(),
        bytes: stored.len() as u64,
        frames: 1,
        metadata: written.is_some(),
        deleted: false,
        made_from: None,
        created_at: now,
        ..media.clone()
    };
    Ok(Taken { media, bytes: stored, preview, first_only: false })
}

/// The best encoding that is not heavier than `most`: of the wanted type, or of the type that it had as long as that does; with
/// fewer pixels, step by step, if none is light enough.
fn lightened(
    mut image: DynamicImage,
    wanted: Option<MediaType>,
    had: MediaType,
    most: usize,
    exif: Option<&[u8]>,
) -> Result<(DynamicImage, MediaType, Vec<u8>), ApiError> {
    let jpeg = wanted.unwrap_or(had) == MediaType::Jpeg;
    if jpeg {
        image = on_white(image);
    }
    // a drawing that is too heavy becomes a JPEG, unless somebody needs a PNG or it is transparent
    let either = wanted.is_none() && !jpeg && !encode::has_alpha(&image);
    for _ in 0..ROUNDS {
        let lightest = if jpeg { None } else { Some(encode::png(&image, exif)?) };
        let lightest = match lightest {
            Some(png) if png.len() <= most => return Ok((image, MediaType::Png, png)),
            Some(png) if !either => png.len(),
            _ => match best(&image, most, exif)? {
                Ok(bytes) => return Ok((image, MediaType::Jpeg, bytes)),
                Err(lightest) => lightest,
            },
        };
        let size = Size::new(image.width(), image.height());
        let less = size.within(shrinking(size, lightest, most));
        if less == size {
            break;
        }
        image = encode::resized(&image, less.width, less.height);
    }
    Err(BadFile::Incompressible.into())
}

/// A JPEG of the best quality that is light enough, found by halves; else how many bytes the worst has.
fn best(image: &DynamicImage, most: usize, exif: Option<&[u8]>) -> Result<Result<Vec<u8>, usize>, ApiError> {
    let [first, rest @ ..] = QUALITIES;
    let whole = encode::jpeg(image, first, exif)?;
    if whole.len() <= most {
        return Ok(Ok(whole));
    }
    let (mut good, mut lightest) = (None, whole.len());
    let mut open = rest.as_slice();
    while let Some(quality) = open.get(open.len() / 2).copied() {
        let middle = open.len() / 2;
        let bytes = encode::jpeg(image, quality, exif)?;
        lightest = lightest.min(bytes.len());
        if bytes.len() <= most {
            good = Some(bytes);
            open = open.get(..middle).unwrap_or_default();
        } else {
            open = open.get(middle + 1..).unwrap_or_default();
        }
    }
    Ok(good.ok_or(lightest))
}

/// How large it may be to have `most` bytes, if bytes grow as pixels do; a little less, and at least a tenth less.
fn shrinking(size: Size, bytes: usize, most: usize) -> Size {
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let share = ((most as f64 / bytes.max(1) as f64).sqrt() * 0.95).clamp(0.1, 0.9);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "less than the side itself")]
    let side = |side: u32| ((f64::from(side) * share) as u32).max(1);
    Size::new(side(size.width), side(size.height))
}

/// JPEG knows no transparency: what shows through is white, as in the programs that show it.
fn on_white(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image;
    }
    let image = image.into_rgba8();
    let mut white = RgbImage::new(image.width(), image.height());
    for (to, from) in white.pixels_mut().zip(image.pixels()) {
        let [red, green, blue, alpha] = from.0;
        let over = |shade: u8| {
            let shade = (u32::from(shade) * u32::from(alpha) + 255 * (255 - u32::from(alpha)) + 127) / 255;
            u8::try_from(shade).unwrap_or(u8::MAX)
        };
        *to = Rgb([over(red), over(green), over(blue)]);
    }
    white.into()
}
