//! Animations. A GIF is written anew frame by frame, with the colours and times it has; of other types the first picture is kept.

use std::io::Cursor;
use std::num::NonZeroU64;

use contract::{ApiError, BadFile};
use gif::{ColorOutput, DecodeOptions, Decoder, Encoder, MemoryLimit};
use image::ImageFormat;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;

use super::{DECODE_MAX, SIDE_MAX};

const FRAMES_MAX: u32 = 500;
/// Pixels of all frames together: what is decoded and written in well below two seconds.
const PIXELS_MAX: u64 = 64_000_000;
/// X takes 15 MB; nobody takes more of an animation.
const BYTES_MAX: usize = 15_000_000;

/// An animation as it is stored.
pub(super) struct Animation {
    pub frames: u32,
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

/// Writes a GIF anew, if it has more than one frame.
pub(super) fn gif(bytes: &[u8]) -> Result<Option<Animation>, ApiError> {
    let damaged = |error: gif::DecodingError| damage(&error);
    let unwritten = |error: gif::EncodingError| damage(&error);
    let Some(frames) = count(bytes)? else { return Ok(None) };
    let mut decoder = open(bytes, false)?;
    let mut written = Vec::new();
    let palette = decoder.global_palette().unwrap_or_default().to_vec();
    let (width, height) = (decoder.width(), decoder.height());
    let mut encoder = Encoder::new(&mut written, width, height, &palette).map_err(unwritten)?;
    let mut repeats = false;
    while let Some(frame) = decoder.read_next_frame().map_err(damaged)? {
        let mut frame = frame.clone();
        // the rows came out in their order
        frame.interlaced = false;
        if !repeats {
            repeats = true;
            encoder.set_repeat(decoder.repeat()).map_err(unwritten)?;
        }
        encoder.write_frame(&frame).map_err(unwritten)?;
    }
    drop(encoder);
    if written.len() > BYTES_MAX {
        return Err(BadFile::LargeAnimation.into());
    }
    Ok(Some(Animation { frames, width: width.into(), height: height.into(), bytes: written }))
}

fn damage(error: &dyn std::error::Error) -> ApiError {
    ApiError::from(BadFile::Damaged).with_detail(error.to_string())
}

fn open(bytes: &[u8], skip: bool) -> Result<Decoder<Cursor<&[u8]>>, ApiError> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.skip_frame_decoding(skip);
    if let Some(most) = NonZeroU64::new(DECODE_MAX) {
        options.set_memory_limit(MemoryLimit::Bytes(most));
    }
    options.read_info(Cursor::new(bytes)).map_err(|error| damage(&error))
}

/// How many frames there are, without decoding them; `None` if it does not move.
fn count(bytes: &[u8]) -> Result<Option<u32>, ApiError> {
    let mut decoder = open(bytes, true)?;
    if u32::from(decoder.width()) > SIDE_MAX || u32::from(decoder.height()) > SIDE_MAX {
        return Err(BadFile::TooLarge.into());
    }
    let (mut frames, mut pixels) = (0_u32, 0_u64);
    // what follows a damaged frame is not counted, and found when it is decoded
    while let Ok(Some(frame)) = decoder.next_frame_info() {
        frames += 1;
        pixels += u64::from(frame.width) * u64::from(frame.height);
        if frames > FRAMES_MAX {
            return Err(BadFile::LongAnimation.into());
        }
        if pixels > PIXELS_MAX {
            return Err(BadFile::LargeAnimation.into());
        }
    }
    Ok((frames > 1).then_some(frames))
}

/// Whether there is more in the file than the one picture that is kept of it.
pub(super) fn has_more(format: ImageFormat, bytes: &[u8]) -> bool {
    match format {
        ImageFormat::WebP => WebPDecoder::new(Cursor::new(bytes)).is_ok_and(|decoder| decoder.has_animation()),
        ImageFormat::Png => PngDecoder::new(Cursor::new(bytes)).is_ok_and(|decoder| decoder.is_apng().unwrap_or(false)),
        _ => false,
    }
}
