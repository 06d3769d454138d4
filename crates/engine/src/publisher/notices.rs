//! What the desktop is told. A notice never fails what it tells of, and never carries a text of a post.

use domain::job::Job;
use domain::{Key, Record};

use super::sentences;
use crate::engine::Engine;
use crate::ports::{Notice, NoticeKind, Opens};

pub(super) async fn published(engine: &Engine, job: &Job) {
    if engine.settings().notify_published {
        show(engine, job, NoticeKind::Published, "Your post is live").await;
    }
}

pub(super) async fn unsure(engine: &Engine, job: &Job) {
    trouble(engine, job, NoticeKind::Unsure, "Did this post go out?").await;
}

pub(super) async fn missed(engine: &Engine, job: &Job) {
    trouble(engine, job, NoticeKind::Missed, "A post was not sent").await;
}

pub(super) async fn failed(engine: &Engine, job: &Job) {
    trouble(engine, job, NoticeKind::Failed, "A post was refused").await;
}

pub(super) fn clock_jumped(engine: &Engine, by_s: i64) {
    engine.ports.notifier.show(Notice {
        kind: NoticeKind::Paused,
        title: "Publishing is paused".to_owned(),
        body: format!(
            "The clock of this computer jumped by {} minutes. Check it, then resume publishing.",
            by_s.unsigned_abs() / 60
        ),
        opens: Opens::Window,
    });
}

async fn trouble(engine: &Engine, job: &Job, kind: NoticeKind, title: &str) {
    if engine.settings().notify_trouble {
        show(engine, job, kind, title).await;
    }
}

async fn show(engine: &Engine, job: &Job, kind: NoticeKind, title: &str) {
    let Ok(Record::Account(account)) = engine.record(Key::Account(job.account)).await else { return };
    let body = match kind {
        NoticeKind::Published => {
            format!("On {} as {}. Click to open it.", account.network.name(), account.full_handle())
        }
        _ => sentences::trouble(job, &account),
    };
    engine.ports.notifier.show(Notice {
        kind,
        title: title.to_owned(),
        body,
        opens: Opens::Post { post: job.post, job: Some(job.id) },
    });
}
