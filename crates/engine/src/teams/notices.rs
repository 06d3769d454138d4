//! What the desktop is told of teams.

use domain::post::{Post, PostStatus};

use crate::engine::Engine;
use crate::ports::{Notice, NoticeKind, Opens};
use crate::publisher::sentences::sentences;

/// Changes were refused, and their words wait for a decision.
pub(super) fn refused(engine: &Engine, count: u32) {
    if engine.settings().notify_trouble {
        let words = sentences(engine.settings().language);
        show(engine, words.refused.to_owned(), (words.refused_count)(count));
    }
}

/// The person is no member of an organisation any more.
pub(super) fn removed(own: &Engine, organisation: &str, unsent: u64) {
    let words = sentences(own.settings().language);
    show(own, (words.removed)(organisation), (words.removed_unsent)(unsent));
}

/// These posts wait for the person's word.
pub(super) fn asked(engine: &Engine, posts: &[Post]) {
    let words = sentences(engine.settings().language);
    about(engine, posts, words.asked, words.asked_count);
}

/// These wait for it longer than they should.
pub(super) fn overdue(engine: &Engine, posts: &[Post]) {
    let words = sentences(engine.settings().language);
    about(engine, posts, words.overdue, words.overdue_count);
}

/// Everybody who has to agree has.
pub(super) fn approved(engine: &Engine, post: &Post) {
    let words = sentences(engine.settings().language);
    opening(engine, post, words.approved.to_owned(), post.draft.shown_title());
}

/// Somebody who has to agree wants another text, or none.
pub(super) fn sent_back(engine: &Engine, post: &Post, note: &str) {
    let words = sentences(engine.settings().language);
    let title = if post.status == PostStatus::Rejected { words.rejected } else { words.changes_requested };
    let body = [post.draft.shown_title(), note.to_owned()];
    opening(
        engine,
        post,
        title.to_owned(),
        body.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n"),
    );
}

/// One by its name, many by their number.
fn about(engine: &Engine, posts: &[Post], title: &str, count: fn(usize) -> String) {
    match posts {
        [] => {}
        [post] => opening(engine, post, title.to_owned(), post.draft.shown_title()),
        posts if engine.settings().notify_trouble => show(engine, title.to_owned(), count(posts.len())),
        _ => {}
    }
}

fn opening(engine: &Engine, post: &Post, title: String, body: String) {
    if engine.settings().notify_trouble {
        let opens = Opens::Post { post: post.id, job: None };
        engine.ports.notifier.show(Notice { kind: NoticeKind::Team, title, body, opens });
    }
}

fn show(engine: &Engine, title: String, body: String) {
    engine.ports.notifier.show(Notice { kind: NoticeKind::Team, title, body, opens: Opens::Window });
}
