//! Posts written to files. Credentials are no part of any.

mod calendar;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use contract::ApiError;
use contract::export::{ExportFormat, ExportedPosts};
use contract::program::Exported;
use domain::account::Account;
use domain::comment::Comment;
use domain::entry::Entry;
use domain::id::{AccountId, MediaId, PersonaId, PostId, SeriesId};
use domain::job::Job;
use domain::media::Media;
use domain::people::Persona;
use domain::post::Post;
use domain::queue::Queue;
use domain::series::Series;
use domain::snippet::Snippet;
use domain::{Key, Record};
use jiff::tz::TimeZone;
use serde_json::json;
use store::{Order, PostFilter};

pub(crate) use self::table::original;
use crate::engine::Engine;
use crate::errors::{internal, storage, storage_io};
use crate::images;

const PAGE: u32 = 500;

/// Posts with all that belongs to them.
struct Gathered {
    posts: Vec<Post>,
    jobs: BTreeMap<PostId, Vec<Job>>,
    accounts: BTreeMap<AccountId, Account>,
    personas: BTreeMap<PersonaId, Persona>,
    media: BTreeMap<MediaId, Media>,
    /// What the posts are part of.
    series: Vec<Series>,
    queues: Vec<Queue>,
    snippets: Vec<Snippet>,
    /// On the posts.
    comments: Vec<Comment>,
    entries: Vec<Entry>,
}

impl Gathered {
    async fn of(engine: &Engine, filter: &PostFilter) -> Result<Self, ApiError> {
        let store = &engine.store;
        let accounts = engine.accounts().await?;
        let personas = store.personas().await.map_err(|error| storage(&error))?;
        let (mut posts, mut jobs, mut after) = (Vec::new(), BTreeMap::new(), None);
        loop {
            let page = store.posts_page(filter, Order::Changed, after, PAGE).await;
            let page = page.map_err(|error| storage(&error))?;
            for row in page.rows {
                if let Record::Post(post) = engine.record(Key::Post(row.id)).await? {
                    jobs.insert(post.id, store.jobs_of_post(post.id).await.map_err(|error| storage(&error))?);
                    posts.push(post);
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let used: BTreeSet<MediaId> = posts.iter().flat_map(|post| post.draft.images()).collect();
        let media = store.all_media().await.map_err(|error| storage(&error))?;
        let part_of: BTreeSet<SeriesId> = posts.iter().filter_map(|post| Some(post.place.as_ref()?.series)).collect();
        let mut series = store.all_series().await.map_err(|error| storage(&error))?;
        series.retain(|series| part_of.contains(&series.id));
        let exported: BTreeSet<PostId> = posts.iter().map(|post| post.id).collect();
        let mut comments = store.comments().await.map_err(|error| storage(&error))?;
        comments.retain(|comment| exported.contains(&comment.post));
        Ok(Self {
            series,
            comments,
            entries: store.entries().await.map_err(|error| storage(&error))?,
            queues: store.queues().await.map_err(|error| storage(&error))?,
            snippets: store.snippets().await.map_err(|error| storage(&error))?,
            posts,
            jobs,
            accounts,
            personas: personas.into_iter().map(|persona| (persona.id, persona)).collect(),
            media: media.into_iter().filter(|media| used.contains(&media.id)).map(|media| (media.id, media)).collect(),
        })
    }

    fn persona(&self, post: &Post) -> &str {
        let persona = post.draft.persona.and_then(|persona| self.personas.get(&persona));
        persona.map(|persona| persona.text.name.as_str()).unwrap_or_default()
    }

    /// Where it stands on the networks: the first part of each thread.
    fn addresses(&self, post: &Post) -> Vec<String> {
        let jobs = self.jobs.get(&post.id).into_iter().flatten();
        let first = jobs.filter_map(|job| job.parts.first()?.remote.as_ref());
        first.map(|remote| remote.url.clone()).filter(|url| !url.is_empty()).collect()
    }

    fn document(&self, now: jiff::Timestamp) -> Result<Vec<u8>, ApiError> {
        let document = json!({
            "format": "sendoff/export/1",
            "exported_at": now,
            "personas": self.personas.values().collect::<Vec<_>>(),
            "accounts": self.accounts.values().collect::<Vec<_>>(),
            "media": self.media.values().collect::<Vec<_>>(),
            "posts": self.posts,
            "series": self.series,
            "queues": self.queues,
            "snippets": self.snippets,
            "comments": self.comments,
            "entries": self.entries,
            "deliveries": self.jobs.values().flatten().collect::<Vec<_>>(),
        });
        serde_json::to_vec_pretty(&document).map_err(|error| internal(&error))
    }
}

/// Everything that is the person's own, as one JSON document.
pub(crate) async fn all(engine: &Engine, documents: &Path) -> Result<Exported, ApiError> {
    let gathered = Gathered::of(engine, &PostFilter::default()).await?;
    let now = engine.now();
    let bytes = gathered.document(now)?;
    std::fs::create_dir_all(documents).map_err(|error| storage_io(&error))?;
    let path = documents.join(format!("sendoff-export-{}.json", now.strftime("%Y-%m-%d-%H%M%S")));
    crate::files::replace(&path, &bytes).map_err(|error| storage_io(&error))?;
    Ok(Exported { path: path.display().to_string(), posts: gathered.posts.len() as u64 })
}

/// The posts of a filter, as a file of this format.
pub(crate) async fn posts(
    engine: &Engine,
    documents: &Path,
    filter: &PostFilter,
    format: ExportFormat,
) -> Result<ExportedPosts, ApiError> {
    let mut gathered = Gathered::of(engine, filter).await?;
    if format == ExportFormat::Calendar {
        gathered.posts.retain(|post| post.schedule.is_some());
        gathered.media.clear();
    }
    let now = engine.now();
    let zone = engine.zone();
    let tz = TimeZone::get(&zone).map_err(|error| internal(&error))?;
    let (from, stamp) = (engine.folder.clone(), now.strftime("%Y-%m-%d-%H%M%S").to_string());
    let documents = documents.to_owned();
    let written = tokio::task::spawn_blocking(move || -> Result<ExportedPosts, ApiError> {
        let (name, bytes) = match format {
            ExportFormat::Table => ("posts.csv", table::write(&gathered, &zone, &tz)?),
            ExportFormat::Document => ("posts.json", gathered.document(now)?),
            ExportFormat::Calendar => ("schedule.ics", calendar::write(&gathered, now)),
        };
        let folder = documents.join(format!("sendoff-posts-{stamp}"));
        let (mut images, mut missing) = (0, 0);
        if !gathered.media.is_empty() {
            std::fs::create_dir_all(folder.join(IMAGES)).map_err(|error| storage_io(&error))?;
        }
        for media in gathered.media.values() {
            if images::hand_out(&from, media.id, media.kind, &folder.join(image_name(media)))? {
                images += 1;
            } else {
                missing += 1;
            }
        }
        std::fs::create_dir_all(&folder).map_err(|error| storage_io(&error))?;
        let path = folder.join(name);
        crate::files::replace(&path, &bytes).map_err(|error| storage_io(&error))?;
        let posts = u32::try_from(gathered.posts.len()).unwrap_or(u32::MAX);
        Ok(ExportedPosts { path: path.display().to_string(), posts, images, missing })
    });
    written.await.map_err(|error| internal(&error))?
}

const IMAGES: &str = "images";

/// What an image is called beside the posts that show it.
fn image_name(media: &Media) -> String {
    format!("{IMAGES}/{}.{}", media.id, media.kind.extension())
}
