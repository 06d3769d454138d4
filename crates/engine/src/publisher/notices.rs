//! What the desktop is told. A notice never fails what it tells of, and never carries a text of a post.

use domain::job::Job;
use domain::{Key, Record};

use super::sentences::{Sentences, sentences};
use crate::engine::Engine;
use crate::ports::{Notice, NoticeKind, Opens};

pub(super) async fn published(engine: &Engine, job: &Job) {
    if engine.settings().notify_published {
        show(engine, job, NoticeKind::Published, |words| words.live).await;
    }
}

pub(super) async fn unsure(engine: &Engine, job: &Job) {
    trouble(engine, job, NoticeKind::Unsure, |words| words.unsure).await;
}

pub(super) async fn missed(engine: &Engine, job: &Job) {
    trouble(engine, job, NoticeKind::Missed, |words| words.missed).await;
}

pub(super) async fn your_turn(engine: &Engine, job: &Job) {
    trouble(engine, job, NoticeKind::YourTurn, |words| words.your_turn).await;
}

pub(super) async fn failed(engine: &Engine, job: &Job) {
    trouble(engine, job, NoticeKind::Failed, |words| words.failed).await;
}

pub(super) fn clock_jumped(engine: &Engine, by_s: i64) {
    let words = sentences(engine.settings().language);
    engine.ports.notifier.show(Notice {
        kind: NoticeKind::Paused,
        title: words.paused.to_owned(),
        body: (words.clock_jumped)(by_s.unsigned_abs() / 60),
        opens: Opens::Window,
    });
}

async fn trouble(engine: &Engine, job: &Job, kind: NoticeKind, title: fn(&Sentences) -> &'static str) {
    if engine.settings().notify_trouble {
        show(engine, job, kind, title).await;
    }
}

async fn show(engine: &Engine, job: &Job, kind: NoticeKind, title: fn(&Sentences) -> &'static str) {
    let Ok(Record::Account(account)) = engine.record(Key::Account(job.account)).await else { return };
    let words = sentences(engine.settings().language);
    let body = match kind {
        NoticeKind::Published => (words.live_as)(account.network.name(), &account.full_handle()),
        _ => (words.trouble)(job, &account),
    };
    engine.ports.notifier.show(Notice {
        kind,
        title: title(words).to_owned(),
        body,
        opens: Opens::Post { post: job.post, job: Some(job.id) },
    });
}
