//! Posts whose time the world changed.

use contract::ApiError;
use contract::zones::{ListZoneChanges, ZoneChange};
use domain::schedule::Schedule;

use crate::dispatch::{Call, Handle};
use crate::errors::storage;

impl Handle<ListZoneChanges> for Call {
    async fn handle(&self, _: ListZoneChanges) -> Result<Vec<ZoneChange>, ApiError> {
        let engine = &self.engine;
        let planned = engine.store.planned_after(engine.now()).await.map_err(|error| storage(&error))?;
        let changed = planned.into_iter().filter_map(|planned| {
            // a zone that this program does not know any more moved nowhere
            let moved = planned.schedule.moved().ok().flatten()?;
            let Schedule { local, zone, at, .. } = planned.schedule;
            let shown = Schedule::at_instant(at, &zone).ok()?.local;
            Some(ZoneChange { post: planned.post, title: planned.title, zone, local, at, shown, moved: moved.at })
        });
        Ok(changed.collect())
    }
}
