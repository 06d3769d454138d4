//! The one film of the sample: the picture of the kitchen, come nearer to. It was made of that picture with ffmpeg (`zoompan`, six
//! seconds, H.264), because this program codes no videos itself; its still is that picture, which is where it begins.

use std::path::Path;
use std::sync::Arc;

use contract::ApiError;
use contract::posts::ImageSize;
use domain::id::MediaId;
use domain::media::Media;
use jiff::Timestamp;

use crate::errors::storage_io;
use crate::images::{self, Taken};
use crate::videos::{self, Staged};

const FILM: &[u8] = include_bytes!("../../data/kitchen.mp4");
const ALT: &str = "The bakery kitchen before dawn; slowly the glowing doors of the ovens come nearer.";

/// Comes in as every video does. `kitchen`: the picture that it was made of.
pub(super) fn keep(folder: &Path, kitchen: &Taken, then: Timestamp) -> Result<Media, ApiError> {
    let made = videos::make_at(folder, MediaId::of(FILM))?;
    std::fs::write(&made.0, FILM).map_err(|error| storage_io(&error))?;
    let staged = Staged::made(made.0.clone(), "open kitchen.mp4".to_owned(), Arc::default())?;
    let film = videos::take(staged, folder, then)?;
    let still = images::path(folder, film.id, ImageSize::Preview);
    crate::files::replace(&still, &kitchen.preview).map_err(|error| storage_io(&error))?;
    Ok(Media { alt: ALT.to_owned(), folder: "Bakery".to_owned(), tags: vec!["oven".to_owned()], ..film })
}
