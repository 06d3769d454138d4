//! Where stored images lie: below the profile's folder, named by their hash, with smaller ones to look at beside them.

use std::io::Read;
use std::path::{Path, PathBuf};

use contract::ApiError;
use contract::posts::ImageSize;
use domain::id::MediaId;
use domain::media::MediaType;
use image::DynamicImage;
use sha2::{Digest, Sha256};

use super::{Taken, encode};
use crate::errors::storage_io;

/// Pixels of the longer side of what a grid shows.
const THUMB_SIDE: u32 = 320;

pub(crate) fn path(folder: &Path, id: MediaId, size: ImageSize) -> PathBuf {
    let name = id.to_string();
    let shelf: String = name.chars().take(2).collect();
    let name = match size {
        ImageSize::Thumb => format!("{name}.thumb"),
        ImageSize::Preview => format!("{name}.preview"),
        ImageSize::Full => name,
    };
    folder.join("media").join(shelf).join(name)
}

/// Stores bytes and preview. What is there already stays: the name is the hash.
///
/// # Errors
/// What the disk says.
pub(crate) fn store(folder: &Path, taken: &Taken) -> Result<(), ApiError> {
    for (bytes, size) in [(&taken.bytes, ImageSize::Full), (&taken.preview, ImageSize::Preview)] {
        let path = path(folder, taken.media.id, size);
        if !path.exists() {
            write(&path, bytes)?;
        }
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), ApiError> {
    if let Some(shelf) = path.parent() {
        std::fs::create_dir_all(shelf).map_err(|error| storage_io(&error))?;
    }
    crate::files::replace(path, bytes).map_err(|error| storage_io(&error))
}

/// Reads a stored image; `None` if it is gone or no longer what its name says.
///
/// # Errors
/// What the disk says.
pub(crate) fn load(folder: &Path, id: MediaId, size: ImageSize) -> Result<Option<Vec<u8>>, ApiError> {
    match std::fs::read(path(folder, id, size)) {
        Ok(bytes) if size != ImageSize::Full || MediaId::of(&bytes) == id => Ok(Some(bytes)),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && size == ImageSize::Thumb => thumb(folder, id),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(storage_io(&error)),
    }
}

/// Keeps a file that came from elsewhere and lies at `from`, under the name that its bytes have; false if it is another file.
///
/// # Errors
/// What the disk says; an image that cannot be decoded.
pub(crate) fn adopt(folder: &Path, id: MediaId, kind: MediaType, from: &Path) -> Result<bool, ApiError> {
    if hash_of(from).map_err(|error| storage_io(&error))? != id {
        return Ok(false);
    }
    if !kind.is_video() {
        let bytes = std::fs::read(from).map_err(|error| storage_io(&error))?;
        let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format();
        if let Ok(reader) = &mut reader {
            reader.limits(super::limits());
        }
        let image = reader.map_err(|error| storage_io(&error))?.decode().map_err(|error| super::explain(&error))?;
        let preview = look(&image.thumbnail(super::PREVIEW_SIDE, super::PREVIEW_SIDE))?;
        write(&path(folder, id, ImageSize::Preview), &preview)?;
    }
    let place = path(folder, id, ImageSize::Full);
    if let Some(shelf) = place.parent() {
        std::fs::create_dir_all(shelf).map_err(|error| storage_io(&error))?;
    }
    std::fs::rename(from, place).map_err(|error| storage_io(&error))?;
    Ok(true)
}

/// The name that a file has by its bytes. A video is never whole in memory.
fn hash_of(file: &Path) -> std::io::Result<MediaId> {
    let (mut hash, mut file) = (Sha256::new(), std::fs::File::open(file)?);
    let mut chunk = vec![0; 256 * 1024];
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(MediaId::from_digest(hash.finalize().into())),
            read => hash.update(chunk.get(..read).unwrap_or_default()),
        }
    }
}

/// Writes a stored file out; false if it is gone. A video is never whole in memory.
///
/// # Errors
/// What the disk says.
pub(crate) fn hand_out(folder: &Path, id: MediaId, kind: MediaType, to: &Path) -> Result<bool, ApiError> {
    if kind.is_video() {
        return match std::fs::copy(path(folder, id, ImageSize::Full), to) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(storage_io(&error)),
        };
    }
    let Some(bytes) = load(folder, id, ImageSize::Full)? else { return Ok(false) };
    crate::files::replace(to, &bytes).map_err(|error| storage_io(&error))?;
    Ok(true)
}

/// Keeps a picture to look at of something that is no image itself. It comes from another program.
///
/// # Errors
/// It is none, or what the disk says.
pub(crate) fn keep_look(folder: &Path, id: MediaId, png: &[u8]) -> Result<(), ApiError> {
    let mut reader = image::ImageReader::with_format(std::io::Cursor::new(png), image::ImageFormat::Png);
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(2 * super::PREVIEW_SIDE);
    limits.max_image_height = Some(4 * super::PREVIEW_SIDE);
    reader.limits(limits);
    let image = reader.decode().map_err(|error| super::explain(&error))?;
    write(&path(folder, id, ImageSize::Preview), &look(&image.thumbnail(super::PREVIEW_SIDE, super::PREVIEW_SIDE))?)
}

/// Made of the preview when it is asked for the first time.
fn thumb(folder: &Path, id: MediaId) -> Result<Option<Vec<u8>>, ApiError> {
    let Some(preview) = load(folder, id, ImageSize::Preview)? else { return Ok(None) };
    // it was written by this program; one that is damaged shows as it is
    let Ok(image) = image::load_from_memory(&preview) else { return Ok(Some(preview)) };
    let bytes = look(&image.thumbnail(THUMB_SIDE, THUMB_SIDE))?;
    write(&path(folder, id, ImageSize::Thumb), &bytes)?;
    Ok(Some(bytes))
}

/// An image that is only looked at.
pub(super) fn look(image: &DynamicImage) -> Result<Vec<u8>, ApiError> {
    if encode::has_alpha(image) { encode::png(image, None) } else { encode::jpeg(image, 80, None) }
}
