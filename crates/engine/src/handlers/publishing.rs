use contract::program::{Publishing, Saved};
use contract::publishing::{DecideJob, GetJobLog, JobLog, JobLogEntry, SaveImages, SavedImages, SetPublishing};
use contract::{ApiError, Code, Origin};
use domain::id::MediaId;
use domain::{Key, Mutation, Record, Reject};

use crate::dispatch::{Call, Handle};
use crate::errors::{internal, storage, storage_io};
use crate::host::PAUSED;
use crate::images;

impl Handle<GetJobLog> for Call {
    async fn handle(&self, command: GetJobLog) -> Result<JobLog, ApiError> {
        let Record::Job(job) = self.engine.record(Key::Job(command.job)).await? else {
            return Err(Reject::NotFound.into());
        };
        let entries = self.engine.store.job_log(command.job).await.map_err(|error| storage(&error))?;
        let entries = entries.into_iter().map(|entry| {
            let (sentence, detail) = entry.detail.split_once('\n').unwrap_or((&entry.detail, ""));
            JobLogEntry { at: entry.at, step: entry.step, sentence: sentence.to_owned(), detail: detail.to_owned() }
        });
        Ok(JobLog { job, entries: entries.collect() })
    }
}

impl Handle<DecideJob> for Call {
    async fn handle(&self, command: DecideJob) -> Result<Saved, ApiError> {
        let keys = self.engine.fresh_keys(1)?;
        let done = self
            .engine
            .mutate(Mutation::Decide { job: command.job, decision: command.decision, seen: None, keys })
            .await?;
        Ok(Saved { undo: done.undo() })
    }
}

impl Handle<SaveImages> for Call {
    async fn handle(&self, command: SaveImages) -> Result<SavedImages, ApiError> {
        let engine = &self.engine;
        let Record::Job(job) = engine.record(Key::Job(command.job)).await? else {
            return Err(Reject::NotFound.into());
        };
        let Record::Post(post) = engine.record(Key::Post(job.post)).await? else {
            return Err(Reject::NotFound.into());
        };
        let content = post.draft.content_for(job.account).ok_or(Reject::NotFound)?;
        let images: Vec<MediaId> =
            content.parts.iter().flat_map(|part| &part.images).map(|image| image.media).collect();
        let mut kinds = Vec::new();
        for id in images {
            let Record::Media(media) = engine.record(Key::Media(id)).await? else {
                return Err(Reject::MediaMissing.into());
            };
            kinds.push((id, media.kind));
        }
        let stamp = engine.now().strftime("%Y-%m-%d-%H%M%S");
        let folder = self.host.documents().join(format!("sendoff-images-{stamp}"));
        let from = engine.folder.clone();
        let written = tokio::task::spawn_blocking(move || -> Result<SavedImages, ApiError> {
            std::fs::create_dir_all(&folder).map_err(|error| storage_io(&error))?;
            let mut files = Vec::new();
            for (place, (id, kind)) in (1..).zip(kinds) {
                let name = format!("{place}.{}", kind.extension());
                if !images::hand_out(&from, id, kind, &folder.join(&name))? {
                    return Err(Reject::MediaMissing.into());
                }
                files.push(name);
            }
            Ok(SavedImages { folder: folder.display().to_string(), files })
        });
        written.await.map_err(|error| internal(&error))?
    }
}

impl Handle<SetPublishing> for Call {
    async fn handle(&self, command: SetPublishing) -> Result<(), ApiError> {
        let engine = &self.engine;
        if engine.sample {
            return Err(ApiError::new(Code::SampleOnly, "The sample profile publishes nothing."));
        }
        let origin = Origin::Call { caller: self.caller };
        if command.paused {
            let since = engine.now();
            let value = serde_json::to_value(since).map_err(|error| internal(&error))?;
            engine.store.put_setting(PAUSED, &value).await.map_err(|error| storage(&error))?;
            engine.set_publishing(Publishing::Paused { since }, origin);
        } else {
            engine.store.delete_setting(PAUSED).await.map_err(|error| storage(&error))?;
            if engine.publishing() != Publishing::Elsewhere {
                engine.set_publishing(Publishing::Running, origin);
            }
        }
        Ok(())
    }
}
