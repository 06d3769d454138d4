//! What the screens read.

use std::collections::BTreeMap;

use contract::calendar::{Calendar, CalendarDay, GetCalendar};
use contract::posts::{
    DayCount, Filter, FindPosts, GetPost, GetToday, Hit, ListPosts, Page, PostLine, PostView, SnippetPart, Today,
    Trouble,
};
use contract::{ApiError, Code};
use domain::account::Health;
use domain::job::JobState;
use domain::post::PostStatus;
use domain::{Key, Record, Reject};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use store::{Cursor, FoundPost, Order, PostFilter};

use crate::dispatch::{Call, Handle};
use crate::errors::{internal, storage};
use crate::lines::{Accounts, line, line_of};
use crate::publisher::sentences::sentences;

const DRAFTS_SHOWN: u32 = 5;
const WAITING_SHOWN: u32 = 50;
const HELD_SHOWN: u32 = 50;
const TROUBLE_SHOWN: usize = 100;
const DAYS_MAX: i32 = 366;
/// Free times of queues are shown in months and weeks, not in longer lists.
const SLOT_DAYS_MAX: i32 = 45;
/// What has a time.
pub(super) const PLANNED: [PostStatus; 11] = [
    PostStatus::Scheduled,
    PostStatus::Held,
    PostStatus::InReview,
    PostStatus::ChangesRequested,
    PostStatus::Rejected,
    PostStatus::Publishing,
    PostStatus::Published,
    PostStatus::YourTurn,
    PostStatus::Unsure,
    PostStatus::Missed,
    PostStatus::Failed,
];

pub(super) fn filter(filter: Filter) -> PostFilter {
    let text = Some(filter.text).filter(|text| !text.trim().is_empty());
    PostFilter {
        text,
        statuses: filter.statuses,
        personas: filter.personas,
        accounts: filter.accounts,
        ..PostFilter::default()
    }
}

impl Call {
    fn time_zone(&self) -> Result<(String, TimeZone), ApiError> {
        let zone = self.engine.zone();
        let tz = TimeZone::get(&zone).map_err(|error| internal(&error))?;
        Ok((zone, tz))
    }

    async fn first(&self, filter: &PostFilter, order: Order, limit: u32) -> Result<Vec<store::PostRow>, ApiError> {
        let page = self.engine.store.posts_page(filter, order, None, limit).await;
        Ok(page.map_err(|error| storage(&error))?.rows)
    }

    /// How many posts went out on each of the seven days up to today.
    async fn published(&self, today: Date, tz: &TimeZone) -> Result<Vec<DayCount>, ApiError> {
        let day = |back: i64| today.checked_sub(Span::new().days(back)).map_err(|error| internal(&error));
        let (start, end) = (midnight(day(6)?, tz)?, midnight(next_day(today)?, tz)?);
        let times = self.engine.store.due_times(PostStatus::Published, start, end).await;
        let times = times.map_err(|error| storage(&error))?;
        let mut counts = BTreeMap::<Date, u32>::new();
        for at in times {
            *counts.entry(tz.to_datetime(at).date()).or_default() += 1;
        }
        let count = |day: Date| DayCount { day, posts: counts.get(&day).copied().unwrap_or(0) };
        (0..7).rev().map(|back| Ok(count(day(back)?))).collect()
    }

    async fn trouble(&self, accounts: &Accounts) -> Result<Vec<Trouble>, ApiError> {
        let mut trouble = Vec::new();
        let words = sentences(self.engine.settings().language);
        for state in [JobState::Unsure, JobState::Handed, JobState::Refused, JobState::Missed] {
            let jobs = self.engine.store.jobs_in_state(state).await.map_err(|error| storage(&error))?;
            for job in jobs.into_iter().rev().take(TROUBLE_SHOWN) {
                let Some(account) = accounts.get(&job.account) else { continue };
                let Record::Post(post) = self.engine.record(Key::Post(job.post)).await? else { continue };
                if post.deleted {
                    continue;
                }
                trouble.push(Trouble {
                    line: PostLine {
                        networks: vec![account.network],
                        due_at: Some(job.due_at),
                        ..line_of(&post, accounts, Vec::new())
                    },
                    sentence: (words.trouble)(&job, account),
                    profile_url: account.profile.url.clone(),
                    job,
                });
            }
        }
        Ok(trouble)
    }
}

/// Midnight of a local day.
fn midnight(day: Date, tz: &TimeZone) -> Result<Timestamp, ApiError> {
    Ok(day.to_zoned(tz.clone()).map_err(|error| internal(&error))?.timestamp())
}

fn next_day(day: Date) -> Result<Date, ApiError> {
    day.tomorrow().map_err(|_| ApiError::new(Code::BadRequest, "This date is out of range."))
}

impl Handle<GetToday> for Call {
    async fn handle(&self, _: GetToday) -> Result<Today, ApiError> {
        let store = &self.engine.store;
        let (_, tz) = self.time_zone()?;
        let now = self.engine.now();
        let today = tz.to_datetime(now).date();
        let (start, end) = (midnight(today, &tz)?, midnight(next_day(today)?, &tz)?);
        let accounts = self.engine.accounts().await?;
        let of_day = PostFilter { statuses: PLANNED.to_vec(), ..PostFilter::default() };
        let going_out = store.posts_between(start, end, &of_day).await.map_err(|error| storage(&error))?;
        let later = PostFilter {
            statuses: vec![PostStatus::Scheduled, PostStatus::InReview, PostStatus::ChangesRequested],
            from: Some(end.max(now)),
            ..PostFilter::default()
        };
        let next = self.first(&later, Order::DueFirst, 1).await?.pop();
        let in_review = vec![PostStatus::InReview, PostStatus::ChangesRequested, PostStatus::Rejected];
        let waiting = PostFilter { statuses: in_review, ..PostFilter::default() };
        let waiting = self.first(&waiting, Order::DueFirst, WAITING_SHOWN).await?;
        let held = PostFilter { statuses: vec![PostStatus::Held], ..PostFilter::default() };
        let held_count = store.posts_count(&held).await.map_err(|error| storage(&error))?;
        let held = match held_count {
            0 => Vec::new(),
            _ => self.first(&held, Order::DueFirst, HELD_SHOWN).await?,
        };
        let drafts = PostFilter { statuses: vec![PostStatus::Draft], ..PostFilter::default() };
        let draft_count = store.posts_count(&drafts).await.map_err(|error| storage(&error))?;
        let drafts = self.first(&drafts, Order::Changed, DRAFTS_SHOWN).await?;
        let published = self.published(today, &tz).await?;
        let beside = self.engine.beside(&accounts).await?;
        let lines = |rows: Vec<store::PostRow>| rows.into_iter().map(|row| line(row, &beside)).collect();
        Ok(Today {
            trouble: self.trouble(&accounts).await?,
            next: next.map(|row| line(row, &beside)),
            going_out: lines(going_out),
            waiting: lines(waiting),
            held: lines(held),
            held_count: u32::try_from(held_count).unwrap_or(u32::MAX),
            drafts: lines(drafts),
            draft_count: u32::try_from(draft_count).unwrap_or(u32::MAX),
            accounts: accounts
                .values()
                .filter(|account| !account.removed && account.health != Health::Healthy)
                .cloned()
                .collect(),
            halted: self.halted_series().await?,
            published,
        })
    }
}

impl Handle<ListPosts> for Call {
    async fn handle(&self, command: ListPosts) -> Result<Page, ApiError> {
        let bad = || ApiError::new(Code::BadRequest, "This is not a page of this list.");
        let after: Option<Cursor> = command.after.map(|text| text.parse()).transpose().map_err(|_| bad())?;
        let filter = filter(command.filter);
        let store = &self.engine.store;
        let limit = command.limit.clamp(1, 200);
        let page = store.posts_page(&filter, Order::Changed, after, limit).await.map_err(|error| storage(&error))?;
        let total = store.posts_count(&filter).await.map_err(|error| storage(&error))?;
        let accounts = self.engine.accounts().await?;
        let beside = self.engine.beside(&accounts).await?;
        let lines = page.rows.into_iter().map(|row| line(row, &beside)).collect();
        Ok(Page { lines, next: page.next.map(|cursor| cursor.to_string()), total })
    }
}

impl Handle<FindPosts> for Call {
    async fn handle(&self, command: FindPosts) -> Result<Vec<Hit>, ApiError> {
        let limit = command.limit.clamp(1, 50);
        let found = self.engine.store.posts_found(&command.text, limit).await.map_err(|error| storage(&error))?;
        let accounts = self.engine.accounts().await?;
        let beside = self.engine.beside(&accounts).await?;
        let hits = found.into_iter().map(|FoundPost { mut row, in_title }| {
            let snippet = if in_title { Vec::new() } else { std::mem::take(&mut row.snippet) };
            let snippet = snippet.into_iter().map(|part| SnippetPart { text: part.text, hit: part.hit }).collect();
            Hit { line: line(row, &beside), snippet }
        });
        Ok(hits.collect())
    }
}

impl Handle<GetCalendar> for Call {
    async fn handle(&self, command: GetCalendar) -> Result<Calendar, ApiError> {
        let GetCalendar { from, to, filter: wanted } = command;
        let days = to.since(from).map_err(|error| internal(&error))?.get_days();
        if !(0..DAYS_MAX).contains(&days) {
            return Err(ApiError::new(Code::BadRequest, "A calendar shows one day to a year."));
        }
        let (zone, tz) = self.time_zone()?;
        let accounts = self.engine.accounts().await?;
        let (start, end) = (midnight(from, &tz)?, midnight(next_day(to)?, &tz)?);
        let rows =
            self.engine.store.posts_between(start, end, &filter(wanted.clone())).await.map_err(|e| storage(&e))?;
        let free = if days < SLOT_DAYS_MAX {
            let everything = (wanted == Filter::default()).then_some(rows.as_slice());
            self.free_in_calendar(&wanted, everything, start, end).await?
        } else {
            Vec::new()
        };
        let beside = self.engine.beside(&accounts).await?;
        let (mut rows, mut free) = (rows.into_iter().peekable(), free.into_iter().peekable());
        let mut calendar = Vec::new();
        let mut day = from;
        while day <= to {
            let tomorrow = next_day(day)?;
            let ends = midnight(tomorrow, &tz)?;
            let mut lines = Vec::new();
            while let Some(row) = rows.next_if(|row| row.due_at.is_some_and(|due| due < ends)) {
                lines.push(line(row, &beside));
            }
            let free = std::iter::from_fn(|| free.next_if(|slot| slot.at < ends)).collect();
            let before = tz.to_offset(midnight(day, &tz)?).seconds();
            let clock_change_min = (tz.to_offset(ends).seconds() - before) / 60;
            calendar.push(CalendarDay { day, lines, free, clock_change_min });
            day = tomorrow;
        }
        let entries = self.entries_between(from, to).await?;
        Ok(Calendar { zone, days: calendar, entries })
    }
}

impl Handle<GetPost> for Call {
    async fn handle(&self, command: GetPost) -> Result<PostView, ApiError> {
        let Record::Post(post) = self.engine.record(Key::Post(command.post)).await? else {
            return Err(Reject::NotFound.into());
        };
        let store = &self.engine.store;
        let jobs = store.jobs_of_post(post.id).await.map_err(|error| storage(&error))?;
        let media =
            store.media(&post.draft.images().into_iter().collect::<Vec<_>>()).await.map_err(|error| storage(&error))?;
        let signed = post.is_signed();
        let series = match &post.place {
            Some(place) => match store.record(Key::Series(place.series)).await.map_err(|error| storage(&error))? {
                Some(Record::Series(series)) => Some(self.engine.series_view(&series).await?),
                _ => None,
            },
            None => None,
        };
        let idea = store.idea_of(post.id).await.map_err(|error| storage(&error))?.map(|idea| idea.text);
        Ok(PostView { post, jobs, media, signed, series, idea })
    }
}
