//! Videos come in: begun, written piece by piece, looked through, or taken back.

use std::sync::{Arc, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use contract::library::MediaRead;
use contract::posts::ImageSize;
use contract::videos::{
    AbandonVideo, AppendVideo, BeginVideo, CancelEncode, EncodeProgress, EncodeState, EncodeVideo, Encoded,
    FinishVideo, VideoBegun,
};
use contract::{ApiError, Code};
use domain::media::{Media, MediaType};
use domain::{Key, Mutation, Record, Reject};

use crate::dispatch::{Call, Handle};
use crate::errors::internal;
use crate::images;
use crate::videos::ffmpeg::{self, Encodes};
use crate::videos::{self, Staging};

impl Call {
    fn staging(&self) -> MutexGuard<'_, Staging> {
        self.engine.staging.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn encodes(&self) -> MutexGuard<'_, Encodes> {
        self.engine.encodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn encode(&self, media: &Media, command: &EncodeVideo) -> Result<Media, ApiError> {
        let program = ffmpeg::find(&self.engine.ports).ok_or_else(ffmpeg::missing)?;
        let encode = self.encodes().begin(media.id)?;
        let (folder, now) = (self.engine.folder.clone(), self.engine.now());
        let (from, media, EncodeVideo { room, cut, .. }) = (media.clone(), media.clone(), command.clone());
        let made = tokio::task::spawn_blocking(move || {
            let made = videos::make_at(&folder, media.id)?;
            let from = images::path(&folder, media.id, ImageSize::Full);
            if !from.is_file() {
                return Err(Reject::MediaMissing.into());
            }
            ffmpeg::encode(&program, (&from, &made.0), &media, room, cut, &encode)?;
            let name = named_mp4(&media.name);
            let staged = videos::Staged::made(made.0.clone(), name, Arc::clone(&encode.stop))?;
            let taken = videos::take(staged, &folder, now)?;
            videos::look_at(&folder, &taken, Some(&program), &encode.stop);
            Ok::<_, ApiError>(taken)
        });
        let made = made.await;
        self.encodes().end(from.id);
        let made = made.map_err(|error| internal(&error))??;
        Ok(Media { alt: from.alt, folder: from.folder, tags: from.tags, ..made })
    }
}

impl Handle<BeginVideo> for Call {
    async fn handle(&self, command: BeginVideo) -> Result<VideoBegun, ApiError> {
        let BeginVideo { name, bytes, keep_metadata } = command;
        let upload = self.staging().begin(&self.engine.folder, name, bytes, keep_metadata)?;
        Ok(VideoBegun { upload })
    }
}

impl Handle<AppendVideo> for Call {
    async fn handle(&self, command: AppendVideo) -> Result<(), ApiError> {
        let AppendVideo { upload, offset, data } = command;
        let malformed = || ApiError::new(Code::BadRequest, "A piece of this video did not arrive whole. Add it again.");
        // four letters carry three bytes
        if data.len() / 4 * 3 > AppendVideo::PIECE_MAX + 3 {
            return Err(malformed());
        }
        let engine = Arc::clone(&self.engine);
        let written = tokio::task::spawn_blocking(move || {
            let bytes = BASE64.decode(data.as_bytes()).map_err(|error| malformed().with_detail(error.to_string()))?;
            engine.staging.lock().unwrap_or_else(PoisonError::into_inner).file(upload)?.append(offset, &bytes)
        });
        written.await.map_err(|error| internal(&error))?
    }
}

impl Handle<FinishVideo> for Call {
    async fn handle(&self, command: FinishVideo) -> Result<MediaRead, ApiError> {
        let staged = self.staging().finish(command.upload)?;
        let (folder, now) = (self.engine.folder.clone(), self.engine.now());
        let (ffmpeg, stop) = (ffmpeg::find(&self.engine.ports), Arc::clone(&staged.stop));
        let taken = tokio::task::spawn_blocking(move || {
            let media = videos::take(staged, &folder, now)?;
            videos::look_at(&folder, &media, ffmpeg.as_deref(), &stop);
            Ok::<_, ApiError>(media)
        });
        let taken = taken.await;
        self.staging().over(command.upload);
        let media = taken.map_err(|error| internal(&error))??;
        let known = self.shelved(media.id).await?.map(|known| known.name);
        self.engine.reading.lock().unwrap_or_else(PoisonError::into_inner).keep(media.clone());
        Ok(MediaRead { media, known, first_only: false })
    }
}

impl Handle<AbandonVideo> for Call {
    async fn handle(&self, command: AbandonVideo) -> Result<(), ApiError> {
        self.staging().abandon(command.upload);
        Ok(())
    }
}

/// The name of a file, with the ending of what it became.
fn named_mp4(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem: String = stem.chars().take(Media::NAME_MAX - 4).collect();
    format!("{stem}.{}", MediaType::Mp4.extension())
}

impl Handle<EncodeVideo> for Call {
    async fn handle(&self, command: EncodeVideo) -> Result<Encoded, ApiError> {
        let Record::Media(media) = self.engine.record(Key::Media(command.media)).await? else {
            return Err(Reject::NotFound.into());
        };
        if media.video.is_none() {
            return Err(Reject::NotFound.into());
        }
        let made = self.encode(&media, &command).await?;
        if let Some(known) = self.shelved(made.id).await? {
            return Ok(Encoded { media: known });
        }
        self.engine.mutate(Mutation::ImportMedia { media: vec![made.clone()] }).await?;
        Ok(Encoded { media: made })
    }
}

impl Handle<EncodeProgress> for Call {
    async fn handle(&self, command: EncodeProgress) -> Result<EncodeState, ApiError> {
        Ok(EncodeState { percent: self.encodes().percent(command.media) })
    }
}

impl Handle<CancelEncode> for Call {
    async fn handle(&self, command: CancelEncode) -> Result<(), ApiError> {
        self.encodes().cancel(command.media);
        Ok(())
    }
}
