//! Series: posts that come again.

use contract::posts::Written;
use contract::series::{
    EditSeries, ListSeries, PreviewSeries, RepeatPost, SeriesPreview, SeriesStopped, SeriesView, SeriesWritten,
    StopSeries,
};
use contract::{ApiError, Code};
use domain::id::{PostId, SeriesId};
use domain::mutation::When;
use domain::post::Post;
use domain::schedule::ClockMark;
use domain::series::{Ahead, Series};
use domain::{Key, Mutation, Record, Reject};
use jiff::ToSpan;

use crate::dispatch::{Call, Handle};
use crate::engine::{Done, Engine, written};
use crate::errors::{internal, storage};
use crate::recurrence::{Recurrence, planned, zone};

const FIRST_SHOWN: usize = 6;
const COUNTED_MAX: usize = 1_000;
const CLOCK_CHANGES_SHOWN: usize = 3;
const CLOCK_CHANGES_YEARS: i32 = 2;

fn leads_nowhere() -> ApiError {
    ApiError::new(Code::BadRequest, "This rhythm leads to no day at all. Choose another one.")
}

impl Handle<PreviewSeries> for Call {
    async fn handle(&self, command: PreviewSeries) -> Result<SeriesPreview, ApiError> {
        let PreviewSeries { rule, when } = command;
        let preview = move || {
            let recurrence = Recurrence::read(&rule, when.local, &zone(&when.zone)?)?;
            let plan = |place| planned(place, &when.zone, when.fold);
            let mut places: Vec<_> = recurrence.places().take(COUNTED_MAX + 1).collect();
            let counted = places.len() <= COUNTED_MAX;
            places.truncate(COUNTED_MAX);
            let last = places.last().copied().filter(|_| counted).map(plan).transpose()?;
            let soon = when.local.checked_add(CLOCK_CHANGES_YEARS.years()).unwrap_or(jiff::civil::DateTime::MAX);
            let mut clock_changes = Vec::new();
            for place in places.iter().copied().take_while(|place| *place <= soon) {
                let planned = plan(place)?;
                if planned.mark != ClockMark::Exact && clock_changes.len() < CLOCK_CHANGES_SHOWN {
                    clock_changes.push(planned);
                }
            }
            let first = places.iter().take(FIRST_SHOWN).copied().map(plan).collect::<Result<Vec<_>, _>>()?;
            if first.is_empty() {
                return Err(leads_nowhere());
            }
            let count = counted.then(|| u32::try_from(places.len()).unwrap_or(u32::MAX));
            Ok(SeriesPreview { first, count, last, clock_changes })
        };
        // a rule that leads to next to nothing is walked to the end of all years
        tokio::task::spawn_blocking(preview).await.map_err(|error| internal(&error))?
    }
}

impl Handle<RepeatPost> for Call {
    async fn handle(&self, command: RepeatPost) -> Result<SeriesWritten, ApiError> {
        let RepeatPost { post, read, rule, when } = command;
        let (engine, now) = (&self.engine, self.engine.now());
        let walk = move || {
            let zone = zone(&when.zone)?;
            let recurrence = Recurrence::read(&rule, when.local, &zone)?;
            let first = recurrence.places().next().ok_or_else(leads_nowhere)?;
            let ahead = recurrence.ahead(first, zone.to_datetime(now).max(first), 0);
            Ok::<_, ApiError>((recurrence.rule, When { local: first, ..when }, ahead))
        };
        let (rule, when, ahead) = tokio::task::spawn_blocking(walk).await.map_err(|error| internal(&error))??;
        let posts = u32::try_from(ahead.places.len()).unwrap_or(u32::MAX).saturating_add(1);
        let (series, keys) = (SeriesId::new(engine.fresh_id()?), engine.fresh_keys(ahead.places.len() + 1)?);
        let done =
            engine.mutate(Mutation::StartSeries { series, post, read, seen: None, rule, when, ahead, keys }).await?;
        Ok(SeriesWritten { written: written(&done, post)?, series, posts })
    }
}

impl Handle<EditSeries> for Call {
    async fn handle(&self, command: EditSeries) -> Result<SeriesWritten, ApiError> {
        let EditSeries { post, read } = command;
        let engine = &self.engine;
        let mut current = self.post_of_series(post).await?;
        let Some(place) = current.place.clone() else { return Err(not_in_series()) };
        if current.version != read {
            return Err(Reject::Stale { read, current: current.version }.into());
        }
        if current.status.is_in_review() && !current.is_signed() {
            let done = engine.mutate(Mutation::SignOff { post, read, seen: None, keys: engine.fresh_keys(1)? }).await?;
            current = done.post(post).cloned().unwrap_or(current);
        }
        let keys = engine.fresh_keys(Ahead::PLACES_MAX)?;
        let (series, after, draft) = (place.series, place.local, current.draft);
        let done = engine.mutate(Mutation::EditSeries { series, after, draft, keys }).await?;
        let written = Written { post, version: current.version, status: current.status, undo: done.undo() };
        Ok(SeriesWritten { written, series, posts: posts_in(&done).saturating_add(1) })
    }
}

impl Handle<StopSeries> for Call {
    async fn handle(&self, command: StopSeries) -> Result<SeriesStopped, ApiError> {
        let StopSeries { series, after } = command;
        let engine = &self.engine;
        let after = match after {
            Some(post) => match self.post_of_series(post).await?.place {
                Some(place) if place.series == series => place.local,
                _ => return Err(not_in_series()),
            },
            None => zone(&engine.series(series).await?.zone)?.to_datetime(engine.now()),
        };
        let done = engine.mutate(Mutation::StopSeries { series, after }).await?;
        Ok(SeriesStopped { posts: posts_in(&done), undo: done.undo() })
    }
}

impl Handle<ListSeries> for Call {
    async fn handle(&self, _: ListSeries) -> Result<Vec<SeriesView>, ApiError> {
        let all = self.engine.store.all_series().await.map_err(|error| storage(&error))?;
        let mut views = Vec::new();
        for series in &all {
            let view = self.engine.series_view(series).await?;
            if !view.ended || view.next.is_some() {
                views.push(view);
            }
        }
        views.sort_by_key(|view| (view.next.is_none(), view.next.map(|(_, at)| at)));
        Ok(views)
    }
}

fn not_in_series() -> ApiError {
    ApiError::new(Code::NotFound, "This post is not part of a series.")
}

fn posts_in(done: &Done) -> u32 {
    let posts = done.writes.iter().filter(|record| matches!(record, Record::Post(_))).count();
    u32::try_from(posts).unwrap_or(u32::MAX)
}

impl Call {
    /// The series that can make no more posts.
    pub(super) async fn halted_series(&self) -> Result<Vec<SeriesView>, ApiError> {
        let all = self.engine.store.all_series().await.map_err(|error| storage(&error))?;
        let mut halted = Vec::new();
        for series in all.iter().filter(|series| series.halted.is_some() && !series.ended) {
            halted.push(self.engine.series_view(series).await?);
        }
        Ok(halted)
    }

    async fn post_of_series(&self, post: PostId) -> Result<Post, ApiError> {
        match self.engine.record(Key::Post(post)).await? {
            Record::Post(post) if !post.deleted => Ok(post),
            _ => Err(Reject::NotFound.into()),
        }
    }
}

impl Engine {
    pub(crate) async fn series(&self, id: SeriesId) -> Result<Series, ApiError> {
        match self.record(Key::Series(id)).await? {
            Record::Series(series) => Ok(series),
            _ => Err(Reject::NotFound.into()),
        }
    }

    pub(crate) async fn series_view(&self, series: &Series) -> Result<SeriesView, ApiError> {
        let waiting = self.store.waiting_in_series(series.id).await.map_err(|error| storage(&error))?;
        Ok(SeriesView {
            series: series.id,
            title: series.draft.shown_title(),
            rule: series.rule.clone(),
            start: series.start,
            zone: series.zone.clone(),
            persona: series.draft.persona,
            accounts: series.draft.targets.iter().map(|target| target.account).collect(),
            next: waiting.first().copied(),
            to_come: u32::try_from(waiting.len()).unwrap_or(u32::MAX),
            ended: series.ended,
            halted: series.halted.as_ref().map(|reject| ApiError::from((**reject).clone()).message),
        })
    }
}
