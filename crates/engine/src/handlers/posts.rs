use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use contract::posts::{
    CreatePost, DeletePost, EditDraft, GetImage, ImageData, ImageSize, ImportImage, PublishNow, SchedulePost, SignOff,
    UnschedulePost, Written,
};
use contract::program::Saved;
use contract::{ApiError, Code};
use domain::id::PostId;
use domain::media::Media;
use domain::mutation::When;
use domain::schedule::Schedule;
use domain::{Key, Mutation, Record, Reject};

use crate::dispatch::{Call, Handle};
use crate::engine::written;
use crate::errors::internal;
use crate::images;

impl Call {
    pub(super) async fn write(&self, post: PostId, mutation: Mutation) -> Result<Written, ApiError> {
        written(&self.engine.mutate(mutation).await?, post)
    }
}

impl Handle<CreatePost> for Call {
    async fn handle(&self, command: CreatePost) -> Result<Written, ApiError> {
        let post = PostId::new(self.engine.fresh_id()?);
        self.write(post, Mutation::CreatePost { post, draft: command.draft }).await
    }
}

impl Handle<EditDraft> for Call {
    async fn handle(&self, command: EditDraft) -> Result<Written, ApiError> {
        let EditDraft { post, read, draft } = command;
        self.write(post, Mutation::EditDraft { post, read, draft }).await
    }
}

impl Handle<DeletePost> for Call {
    async fn handle(&self, command: DeletePost) -> Result<Saved, ApiError> {
        let done = self.engine.mutate(Mutation::DeletePost { post: command.post }).await?;
        Ok(Saved { undo: done.undo() })
    }
}

impl Handle<SchedulePost> for Call {
    async fn handle(&self, command: SchedulePost) -> Result<Written, ApiError> {
        let SchedulePost { post, read, when } = command;
        let keys = self.engine.fresh_keys(1)?;
        self.write(post, Mutation::SchedulePost { post, read, when, keys }).await
    }
}

impl Handle<PublishNow> for Call {
    async fn handle(&self, command: PublishNow) -> Result<Written, ApiError> {
        let PublishNow { post, read } = command;
        if matches!(self.engine.record(Key::Post(post)).await?, Record::Post(known) if known.held) {
            return Err(Reject::OnHold.into());
        }
        let now = Schedule::at_instant(self.engine.now(), &self.engine.zone())
            .map_err(|error| ApiError::from(Reject::Schedule { error }))?;
        let local = now.local.with().subsec_nanosecond(0).build().map_err(|error| internal(&error))?;
        let when = When { local, zone: now.zone, fold: now.fold };
        let keys = self.engine.fresh_keys(1)?;
        self.write(post, Mutation::SchedulePost { post, read, when, keys }).await
    }
}

impl Handle<SignOff> for Call {
    async fn handle(&self, command: SignOff) -> Result<Written, ApiError> {
        let SignOff { post, read } = command;
        self.write(post, Mutation::SignOff { post, read, keys: self.engine.fresh_keys(1)? }).await
    }
}

impl Handle<UnschedulePost> for Call {
    async fn handle(&self, command: UnschedulePost) -> Result<Written, ApiError> {
        self.write(command.post, Mutation::Unschedule { post: command.post }).await
    }
}

impl Handle<ImportImage> for Call {
    async fn handle(&self, command: ImportImage) -> Result<Media, ApiError> {
        let too_large =
            || ApiError::new(Code::BadImage, "This file is larger than 30 MB. Make it smaller and add it again.");
        // four letters carry three bytes
        if command.data.len() / 4 * 3 > images::FILE_MAX + 3 {
            return Err(too_large());
        }
        let bytes = BASE64.decode(command.data.as_bytes()).map_err(|error| {
            ApiError::new(Code::BadRequest, "The image is incomplete. Add it again.").with_detail(error.to_string())
        })?;
        let engine = &self.engine;
        // two at a time: each may take 256 MiB while it is decoded
        let place = self.host.image_places().acquire().await.map_err(|error| internal(&error))?;
        let (folder, now, name) = (engine.folder.clone(), engine.now(), command.name);
        let taken = tokio::task::spawn_blocking(move || {
            let taken = images::take(&name, &bytes, now)?;
            images::store(&folder, &taken)?;
            Ok::<_, ApiError>(taken.media)
        });
        let media = taken.await.map_err(|error| internal(&error))??;
        drop(place);
        engine.mutate(Mutation::AddMedia { media: media.clone() }).await?;
        Ok(media)
    }
}

impl Handle<GetImage> for Call {
    async fn handle(&self, command: GetImage) -> Result<ImageData, ApiError> {
        let gone = || ApiError::new(Code::NotFound, "This image is missing from this computer. Add it again.");
        let Record::Media(media) = self.engine.record(Key::Media(command.media)).await? else { return Err(gone()) };
        let folder = self.engine.folder.clone();
        let preview = command.size == ImageSize::Preview;
        let loaded = tokio::task::spawn_blocking(move || images::load(&folder, command.media, preview)).await;
        let bytes = loaded.map_err(|error| internal(&error))??.ok_or_else(gone)?;
        let mime = match (preview, bytes.starts_with(b"\xff\xd8")) {
            (true, true) => "image/jpeg",
            (true, false) => "image/png",
            (false, _) => media.kind.mime(),
        };
        Ok(ImageData { mime: mime.to_owned(), data: BASE64.encode(bytes) })
    }
}
