//! What the desktop is told of teams.

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

fn show(engine: &Engine, title: String, body: String) {
    engine.ports.notifier.show(Notice { kind: NoticeKind::Team, title, body, opens: Opens::Window });
}
