//! Videos come in: begun, written piece by piece, looked through, or taken back.

use std::sync::{MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use contract::library::MediaRead;
use contract::videos::{AbandonVideo, AppendVideo, BeginVideo, FinishVideo, VideoBegun};
use contract::{ApiError, Code};

use crate::dispatch::{Call, Handle};
use crate::errors::internal;
use crate::videos::{self, Staging};

impl Call {
    fn staging(&self) -> MutexGuard<'_, Staging> {
        self.engine.staging.lock().unwrap_or_else(PoisonError::into_inner)
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
        let engine = std::sync::Arc::clone(&self.engine);
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
        let taken = tokio::task::spawn_blocking(move || videos::take(staged, &folder, now)).await;
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
