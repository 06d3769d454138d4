//! Everything that is the person's own, as one JSON document. Credentials are no part of it.

use std::path::Path;

use contract::ApiError;
use contract::program::Exported;
use domain::{Key, Record};
use serde_json::json;
use store::{Order, PostFilter};

use crate::engine::Engine;
use crate::errors::{internal, storage, storage_io};

const PAGE: u32 = 500;

pub(crate) async fn all(engine: &Engine, documents: &Path) -> Result<Exported, ApiError> {
    let store = &engine.store;
    let personas = store.personas().await.map_err(|error| storage(&error))?;
    let accounts = store.accounts().await.map_err(|error| storage(&error))?;
    let media = store.all_media().await.map_err(|error| storage(&error))?;
    let mut posts = Vec::new();
    let mut jobs = Vec::new();
    let mut after = None;
    loop {
        let page = store.posts_page(&PostFilter::default(), Order::Changed, after, PAGE).await;
        let page = page.map_err(|error| storage(&error))?;
        for row in page.rows {
            if let Record::Post(post) = engine.record(Key::Post(row.id)).await? {
                jobs.extend(store.jobs_of_post(post.id).await.map_err(|error| storage(&error))?);
                posts.push(post);
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let now = engine.now();
    let count = posts.len() as u64;
    let document = json!({
        "format": "sendoff/export/1",
        "exported_at": now,
        "personas": personas,
        "accounts": accounts,
        "media": media,
        "posts": posts,
        "deliveries": jobs,
    });
    let bytes = serde_json::to_vec_pretty(&document).map_err(|error| internal(&error))?;
    let stamp = now.strftime("%Y-%m-%d-%H%M%S").to_string();
    std::fs::create_dir_all(documents).map_err(|error| storage_io(&error))?;
    let path = documents.join(format!("sendoff-export-{stamp}.json"));
    crate::files::replace(&path, &bytes).map_err(|error| storage_io(&error))?;
    Ok(Exported { path: path.display().to_string(), posts: count })
}
