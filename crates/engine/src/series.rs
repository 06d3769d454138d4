//! Makes the posts of series ahead of their time, so that what is coming can be seen, moved and changed.

use std::time::Duration;

use contract::{ApiError, Origin, Tag};
use domain::Mutation;

use crate::engine::{Engine, Note, Shared};
use crate::errors::storage;
use crate::recurrence::ahead_of;

/// Posts are made months ahead: looking often would find nothing.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// Keeps every series going until it is aborted.
pub(crate) async fn keep(engine: Shared) {
    loop {
        if let Err(error) = extend_all(&engine).await {
            tracing::warn!(error.code = ?error.code, detail = error.detail.as_deref(), "series were not continued");
        }
        engine.ports.clock.sleep(PATIENCE).await;
    }
}

async fn extend_all(engine: &Engine) -> Result<(), ApiError> {
    let all = engine.store.all_series().await.map_err(|error| storage(&error))?;
    let mut changed = false;
    for series in all.into_iter().filter(|series| !series.ended) {
        let ahead = match ahead_of(&series, engine.now()) {
            Ok(Some(ahead)) => ahead,
            Ok(None) => continue,
            Err(error) => {
                tracing::warn!(series = %series.id, error.message, "a series was not continued");
                continue;
            }
        };
        let keys = engine.fresh_keys(ahead.places.len())?;
        let extend = Mutation::ExtendSeries { series: series.id, ahead, keys };
        match engine.try_mutate(&extend, Note::default()).await? {
            Ok(_) => changed = true,
            // why is written in the series already, or it ended in this moment
            Err(reject) => tracing::info!(%reject, "a series was not continued"),
        }
    }
    if changed {
        engine.announce(&[Tag::Posts, Tag::Jobs], Origin::Scheduler);
    }
    Ok(())
}
