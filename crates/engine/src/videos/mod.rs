//! Videos on their way in: written piece by piece into a file of the profile, looked through, freed of camera and location
//! data in place, stored under the hash of their bytes. A video is never whole in memory, and its pictures are never decoded
//! here.

mod boxes;
mod clean;
mod disk;
mod elements;
pub(crate) mod ffmpeg;
mod matroska;
mod mp4;
mod staged;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use contract::posts::ImageSize;
use contract::{ApiError, BadFile};
use domain::id::MediaId;
use domain::media::{Media, MediaType};
use domain::video::Video;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use self::disk::{Disk, PIECE};
use crate::errors::storage_io;
use crate::images;

pub(crate) use disk::stopped;
pub(crate) use staged::{Staged, Staging, clear, make_at};

/// What a film's header says.
struct Found {
    kind: MediaType,
    width: u32,
    height: u32,
    video: Video,
    /// What the camera wrote is still in it.
    metadata: bool,
}

/// Looks through a file that is all there, takes out what is not to stay, and gives it its name among the stored ones. Blocks:
/// run it on a thread of its own.
///
/// # Errors
/// A sentence saying what is wrong with the file, or that it is no longer wanted.
pub(crate) fn take(mut staged: Staged, folder: &Path, now: Timestamp) -> Result<Media, ApiError> {
    let Staged { file, stop, keep_metadata, path, name, .. } = &mut staged;
    let found = look(file, *keep_metadata, stop)?;
    file.sync_all().map_err(|error| storage_io(&error))?;
    let (id, bytes) = hash(file, stop)?;
    let Found { kind, width, height, video, metadata } = found;
    let shown: String = name.chars().filter(|c| !c.is_control()).take(Media::NAME_MAX).collect();
    let to = images::path(folder, id, ImageSize::Full);
    // the name is the hash: what is there already is the same
    if !to.exists() {
        let shelf = to.parent().unwrap_or(folder);
        let moved = std::fs::create_dir_all(shelf).and_then(|()| std::fs::rename(path, &to));
        moved.map_err(|error| storage_io(&error))?;
        #[cfg(unix)]
        File::open(shelf).and_then(|shelf| shelf.sync_all()).map_err(|error| storage_io(&error))?;
    }
    Ok(Media {
        id,
        kind,
        width,
        height,
        bytes,
        frames: 1,
        video: Some(video),
        metadata,
        name: if shown.trim().is_empty() { format!("video.{}", kind.extension()) } else { shown },
        alt: String::new(),
        folder: String::new(),
        tags: Vec::new(),
        deleted: false,
        made_from: None,
        created_at: now,
    })
}

/// Keeps a still of a stored video, if there is a program that makes one. Without it the window draws a card.
pub(crate) fn look_at(folder: &Path, media: &Media, ffmpeg: Option<&Path>, stop: &AtomicBool) {
    let from = images::path(folder, media.id, ImageSize::Full);
    if images::path(folder, media.id, ImageSize::Preview).exists() {
        return;
    }
    let Some(png) = ffmpeg.and_then(|program| ffmpeg::still(program, &from, media, stop)) else { return };
    if let Err(error) = images::keep_look(folder, media.id, &png) {
        tracing::info!(reason = %error, detail = error.detail.as_deref(), "no still of a video is kept");
    }
}

fn look(file: &mut File, keep_metadata: bool, stop: &AtomicBool) -> Result<Found, ApiError> {
    let mut disk = Disk::new(file, stop)?;
    let head = disk.up_to(0, 12)?;
    let kind = head.get(4..8).unwrap_or_default();
    if head.is_empty() {
        return Err(BadFile::Empty.into());
    }
    if head.starts_with(b"\x1a\x45\xdf\xa3") {
        return matroska::look(&mut disk, keep_metadata);
    }
    if [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"].iter().any(|known| *known == kind) {
        return mp4::look(&mut disk, keep_metadata);
    }
    Err(BadFile::Video.into())
}

fn hash(file: &mut File, stop: &AtomicBool) -> Result<(MediaId, u64), ApiError> {
    let mut disk = Disk::new(file, stop)?;
    let mut digest = Sha256::new();
    let mut at = 0;
    while at < disk.len() {
        disk.wanted()?;
        let piece = disk.up_to(at, PIECE)?;
        digest.update(&piece);
        at += piece.len() as u64;
    }
    Ok((MediaId::from_digest(digest.finalize().into()), disk.len()))
}
