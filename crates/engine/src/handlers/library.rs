//! The media library: files come in, are described and filed, looked at and taken out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::PoisonError;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use contract::library::{
    AddMedia, DeleteMedia, EditMedia, FileMedia, FitImage, GetMedia, ImageFitted, ListMedia, MediaDeleted, MediaFilter,
    MediaLine, MediaList, MediaRead, MediaSort, MediaUse, MediaView, ReadMedia, Shelf,
};
use contract::posts::{FilmFace, GetImage, ImageData, ImageSize, ImportImage};
use contract::program::Saved;
use contract::{ApiError, BadFile, Code};
use domain::id::MediaId;
use domain::media::{Fit, MadeFrom, Media, MediaEdit};
use domain::{Key, Mutation, Record, Reject};

use crate::dispatch::{Call, Handle};
use crate::errors::{internal, storage};
use crate::images::{self, Taken};

/// Files that were read and are not in the library yet; older ones are forgotten.
const READ_MAX: usize = Media::TOGETHER_MAX;

/// What was read for the library and waits to be put into it.
#[derive(Debug, Default)]
pub(crate) struct Reading(VecDeque<Media>);

impl Reading {
    pub(crate) fn keep(&mut self, media: Media) {
        self.0.retain(|other| other.id != media.id);
        self.0.push_back(media);
        if self.0.len() > READ_MAX {
            self.0.pop_front();
        }
    }

    fn find(&self, id: MediaId) -> Option<Media> {
        self.0.iter().find(|media| media.id == id).cloned()
    }
}

impl Call {
    /// Decodes a file that came as Base64, and stores what comes of it.
    async fn take_in(&self, name: String, data: String, keep_metadata: bool) -> Result<Taken, ApiError> {
        // four letters carry three bytes
        if data.len() / 4 * 3 > images::FILE_MAX + 3 {
            return Err(BadFile::ManyBytes.into());
        }
        // two at a time: each may take 256 MiB while it is decoded
        let place = self.host.image_places().acquire().await.map_err(|error| internal(&error))?;
        let (folder, now) = (self.engine.folder.clone(), self.engine.now());
        let taking = tokio::task::spawn_blocking(move || {
            let bytes = BASE64.decode(data.as_bytes()).map_err(|error| {
                ApiError::new(Code::BadRequest, "The image is incomplete. Add it again.").with_detail(error.to_string())
            })?;
            drop(data);
            let taken = images::take(&name, &bytes, keep_metadata, now)?;
            images::store(&folder, &taken)?;
            Ok::<_, ApiError>(taken)
        });
        let taken = taking.await.map_err(|error| internal(&error))??;
        drop(place);
        Ok(taken)
    }

    /// What is known under this hash, in the library or with posts alone.
    async fn media_of(&self, id: MediaId) -> Result<Option<Media>, ApiError> {
        match self.engine.store.record(Key::Media(id)).await.map_err(|error| storage(&error))? {
            Some(Record::Media(media)) => Ok(Some(media)),
            _ => Ok(None),
        }
    }

    async fn known(&self, id: MediaId) -> Result<Media, ApiError> {
        self.media_of(id).await?.ok_or_else(gone)
    }

    /// What stands in the library under this hash.
    pub(super) async fn shelved(&self, id: MediaId) -> Result<Option<Media>, ApiError> {
        Ok(self.media_of(id).await?.filter(|media| !media.deleted))
    }
}

fn gone() -> ApiError {
    ApiError::new(Code::NotFound, "This image is missing from this computer. Add it again.")
}

impl Handle<ImportImage> for Call {
    async fn handle(&self, command: ImportImage) -> Result<Media, ApiError> {
        let Taken { media, .. } = self.take_in(command.name, command.data, false).await?;
        let id = media.id;
        self.engine.mutate(Mutation::AddMedia { media }).await?;
        // one that was there before is described already
        match self.engine.record(Key::Media(id)).await? {
            Record::Media(media) => Ok(media),
            _ => Err(Reject::NotFound.into()),
        }
    }
}

impl Handle<GetImage> for Call {
    async fn handle(&self, command: GetImage) -> Result<ImageData, ApiError> {
        let GetImage { media: id, size } = command;
        let read = self.engine.reading.lock().unwrap_or_else(PoisonError::into_inner).find(id);
        let media = match (read, self.engine.store.record(Key::Media(id)).await.map_err(|error| storage(&error))?) {
            (_, Some(Record::Media(media))) | (Some(media), _) => media,
            _ => return Err(gone()),
        };
        let folder = self.engine.folder.clone();
        // a video is never sent whole: its picture stands for it
        let video = media.kind.is_video();
        let size = if video && size == ImageSize::Full { ImageSize::Preview } else { size };
        let loaded = tokio::task::spawn_blocking(move || images::load(&folder, id, size)).await;
        let loaded = loaded.map_err(|error| internal(&error))??;
        let film = media.video.map(|video| FilmFace { name: media.name.clone(), video });
        // without a program that makes one there is no picture of a video
        let bytes = loaded.or_else(|| video.then(Vec::new)).ok_or_else(gone)?;
        let mime = match (size, bytes.starts_with(b"\xff\xd8")) {
            (ImageSize::Full, _) => media.kind.mime(),
            (_, true) => "image/jpeg",
            (_, false) => "image/png",
        };
        let (width, height) = (media.width, media.height);
        Ok(ImageData { mime: mime.to_owned(), data: BASE64.encode(bytes), width, height, film })
    }
}

impl Handle<ReadMedia> for Call {
    async fn handle(&self, command: ReadMedia) -> Result<MediaRead, ApiError> {
        let ReadMedia { name, data, keep_metadata } = command;
        let Taken { media, first_only, .. } = self.take_in(name, data, keep_metadata).await?;
        let known = self.shelved(media.id).await?.map(|known| known.name);
        self.engine.reading.lock().unwrap_or_else(PoisonError::into_inner).keep(media.clone());
        Ok(MediaRead { media, known, first_only })
    }
}

impl Handle<AddMedia> for Call {
    async fn handle(&self, command: AddMedia) -> Result<Saved, ApiError> {
        let AddMedia { media, folder } = command;
        let read: Option<Vec<Media>> = {
            let reading = self.engine.reading.lock().unwrap_or_else(PoisonError::into_inner);
            let filed = |id: &MediaId| Some(Media { folder: folder.trim().to_owned(), ..reading.find(*id)? });
            media.iter().take(Media::TOGETHER_MAX.saturating_add(1)).map(filed).collect()
        };
        let media = read.ok_or(Reject::MediaMissing)?;
        self.saved(Mutation::ImportMedia { media }).await
    }
}

impl Handle<FitImage> for Call {
    async fn handle(&self, command: FitImage) -> Result<ImageFitted, ApiError> {
        let FitImage { media: of, fit } = command;
        if !fit.is_valid() {
            return Err(ApiError::new(Code::BadRequest, "This part of the image does not exist. Choose another one."));
        }
        let asked = self.known(of).await?;
        if asked.kind.is_video() {
            // it is never read whole, and no image is made of it
            return Err(BadFile::Unsupported.into());
        }
        let root = match asked.made_from {
            Some(made) => self.media_of(made.media).await?,
            None => None,
        };
        if fit == Fit::default() {
            return Ok(ImageFitted { media: root.unwrap_or(asked), undo: None });
        }
        let made = match asked.made_from {
            Some(made) => MadeFrom { media: made.media, fit: fit.after(made.fit) },
            None => MadeFrom { media: of, fit },
        };
        // from the first image, so that nothing is lost twice; unless the one that was asked for has other pixels
        let (source, how) = match (root, asked.made_from) {
            (Some(root), Some(earlier))
                if earlier.fit.crop.map_or(root.size(), |crop| crop.rect(root.size()).size) == asked.size() =>
            {
                (root, made.fit)
            }
            _ => (asked, fit),
        };
        let place = self.host.image_places().acquire().await.map_err(|error| internal(&error))?;
        let (folder, now) = (self.engine.folder.clone(), self.engine.now());
        let making = tokio::task::spawn_blocking(move || {
            let bytes = images::load(&folder, source.id, ImageSize::Full)?.ok_or_else(gone)?;
            let taken = images::fit(&source, &bytes, &how, now)?;
            images::store(&folder, &taken)?;
            Ok::<_, ApiError>(taken.media)
        });
        let media = making.await.map_err(|error| internal(&error))??;
        drop(place);
        if let Some(media) = self.shelved(media.id).await? {
            return Ok(ImageFitted { media, undo: None });
        }
        let id = media.id;
        let done =
            self.engine.mutate(Mutation::FitMedia { of, media: Media { made_from: Some(made), ..media } }).await?;
        Ok(ImageFitted { media: self.known(id).await?, undo: done.undo() })
    }
}

impl Handle<EditMedia> for Call {
    async fn handle(&self, command: EditMedia) -> Result<Saved, ApiError> {
        let EditMedia { media, text } = command;
        self.saved(Mutation::EditMedia { edits: vec![MediaEdit { media, text }] }).await
    }
}

impl Handle<FileMedia> for Call {
    async fn handle(&self, command: FileMedia) -> Result<Saved, ApiError> {
        let FileMedia { media, folder, tag } = command;
        self.saved(Mutation::FileMedia { media, folder, tag }).await
    }
}

impl Handle<DeleteMedia> for Call {
    async fn handle(&self, command: DeleteMedia) -> Result<MediaDeleted, ApiError> {
        let uses = self.engine.store.media_uses().await.map_err(|error| storage(&error))?;
        let used = command.media.iter().filter(|media| uses.contains_key(media)).count();
        let done = self.engine.mutate(Mutation::DeleteMedia { media: command.media }).await?;
        Ok(MediaDeleted { undo: done.undo(), used: u32::try_from(used).unwrap_or(u32::MAX) })
    }
}

impl Handle<GetMedia> for Call {
    async fn handle(&self, command: GetMedia) -> Result<MediaView, ApiError> {
        let media = self.shelved(command.media).await?.ok_or(Reject::NotFound)?;
        let posts = self.engine.store.posts_with(media.id, MediaView::USES_MAX).await;
        let posts = posts.map_err(|error| storage(&error))?.into_iter();
        let uses = posts.map(|using| MediaUse {
            post: using.post,
            title: using.title,
            status: using.status,
            due_at: using.due_at,
        });
        let made_from = match media.made_from {
            Some(made) => self.media_of(made.media).await?,
            None => None,
        };
        let versions = self.engine.store.made_of(media.id, MediaView::USES_MAX).await;
        let versions = versions.map_err(|error| storage(&error))?;
        Ok(MediaView { uses: uses.collect(), made_from, versions, media })
    }
}

impl Handle<ListMedia> for Call {
    async fn handle(&self, command: ListMedia) -> Result<MediaList, ApiError> {
        let store = &self.engine.store;
        let mut all = store.library().await.map_err(|error| storage(&error))?;
        // what was made of an image that is there stands with it; one whose image is gone stands for itself
        let there: BTreeSet<MediaId> = all.iter().map(|media| media.id).collect();
        all.retain(|media| match media.made_from {
            Some(made) => !there.contains(&made.media) || command.filter.crops && made.fit.crop.is_some(),
            None => true,
        });
        let uses = store.media_uses().await.map_err(|error| storage(&error))?;
        let used = |media: &Media| uses.get(&media.id).copied().unwrap_or(0);
        let folders = shelves(all.iter().map(|media| media.folder.as_str()).filter(|folder| !folder.is_empty()));
        let tags = shelves(all.iter().flat_map(|media| media.tags.iter().map(String::as_str)));
        let words: Vec<String> = command.filter.text.split_whitespace().map(str::to_lowercase).collect();
        let mut found: Vec<&Media> =
            all.iter().filter(|media| fits(media, used(media), &command.filter, &words)).collect();
        // they come newest first, and what is equal stays so
        match command.sort {
            MediaSort::Newest => {}
            MediaSort::Oldest => found.reverse(),
            MediaSort::Name => found.sort_by_cached_key(|media| media.name.to_lowercase()),
            MediaSort::Largest => found.sort_by_key(|media| std::cmp::Reverse(media.bytes)),
            MediaSort::MostUsed => found.sort_by_key(|media| std::cmp::Reverse(used(media))),
        }
        let line = |media: &&Media| MediaLine {
            media: media.id,
            name: media.name.clone(),
            kind: media.kind,
            width: media.width,
            height: media.height,
            moves: media.frames > 1,
            video: media.video,
            alt: media.alt.clone(),
            uses: used(media),
        };
        Ok(MediaList {
            lines: found.iter().take(MediaList::LINES_MAX).map(line).collect(),
            found: found.len() as u64,
            total: all.len() as u64,
            folders,
            tags,
        })
    }
}

fn shelves<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Shelf> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    names.for_each(|name| *counts.entry(name).or_default() += 1);
    let mut shelves: Vec<Shelf> =
        counts.into_iter().map(|(name, files)| Shelf { name: name.to_owned(), files }).collect();
    shelves.sort_by_cached_key(|shelf| shelf.name.to_lowercase());
    shelves
}

/// `words`: those of the filter, in small letters.
fn fits(media: &Media, uses: u32, filter: &MediaFilter, words: &[String]) -> bool {
    let says = |word: &String| {
        let texts = [&media.name, &media.alt, &media.folder].into_iter().chain(&media.tags);
        texts.into_iter().any(|text| text.to_lowercase().contains(word.as_str()))
    };
    filter.folder.as_ref().is_none_or(|folder| *folder == media.folder)
        && filter.tag.as_ref().is_none_or(|tag| media.tags.contains(tag))
        && (!filter.unused || uses == 0)
        && (!filter.videos || media.video.is_some())
        && words.iter().all(says)
}
