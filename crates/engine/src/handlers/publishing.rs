use contract::program::{Publishing, Saved};
use contract::publishing::{DecideJob, GetJobLog, JobLog, JobLogEntry, SetPublishing};
use contract::{ApiError, Code, Origin};
use domain::{Key, Mutation, Record, Reject};

use crate::dispatch::{Call, Handle};
use crate::errors::storage;
use crate::host::PAUSED;

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
        let keys = self.engine.fresh_keys()?;
        let done = self.engine.mutate(Mutation::Decide { job: command.job, decision: command.decision, keys }).await?;
        Ok(Saved { undo: done.undo() })
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
            let value = serde_json::to_value(since).map_err(|error| crate::errors::internal(&error))?;
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
