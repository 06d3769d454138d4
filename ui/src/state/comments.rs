//! Comments as they are shown beside a text: in threads, each at its passage.

use std::ops::Range;

use contract::comments::CommentView;
use domain::comment::{Anchor, Passage};
use domain::id::{AccountId, CommentId};
use domain::post::Draft;

/// What a thread is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    Post,
    Passage(Passage),
    /// Its passage is gone.
    Gone,
}

/// A comment with its answers, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    pub first: CommentView,
    pub answers: Vec<CommentView>,
    pub about: About,
}

impl Thread {
    pub const fn id(&self) -> CommentId {
        self.first.comment.id
    }

    pub const fn anchor(&self) -> Option<&Anchor> {
        self.first.comment.anchor.as_ref()
    }

    pub const fn is_open(&self) -> bool {
        self.first.comment.resolved.is_none()
    }
}

/// The threads of a post: those about all of it first, then in the order of the text, and those whose passage is gone last.
pub fn threads(all: &[CommentView], draft: &Draft) -> Vec<Thread> {
    let firsts = all.iter().filter(|view| view.comment.reply_to.is_none());
    let mut threads: Vec<Thread> = firsts
        .map(|first| {
            let id = first.comment.id;
            let answers = all.iter().filter(|view| view.comment.reply_to == Some(id) && !view.comment.deleted);
            let about = match &first.comment.anchor {
                None => About::Post,
                Some(anchor) => {
                    let found = anchor.content(draft).and_then(|content| anchor.find(content));
                    found.map_or(About::Gone, About::Passage)
                }
            };
            Thread { first: first.clone(), answers: answers.cloned().collect(), about }
        })
        .collect();
    // stable: by time where the place is the same
    threads.sort_by_key(|thread| match &thread.about {
        About::Post => (0, 0, 0),
        About::Passage(passage) => (1, passage.part, passage.range.start),
        About::Gone => (2, 0, 0),
    });
    threads
}

/// The passages of open threads in one part of a text. `account`: whose; it shows the base as long as it has none of its own.
pub fn passages(threads: &[Thread], draft: &Draft, account: Option<AccountId>, part: usize) -> Vec<Range<usize>> {
    let inherits =
        |account: AccountId| draft.targets.iter().any(|target| target.account == account && target.variant.is_none());
    let here = |anchor: &Anchor| match (anchor.account, account) {
        (None, Some(account)) => inherits(account),
        (theirs, shown) => theirs == shown,
    };
    let open = threads.iter().filter(|thread| thread.is_open() && thread.anchor().is_some_and(here));
    open.filter_map(|thread| match &thread.about {
        About::Passage(passage) if passage.part == part => Some(passage.range.clone()),
        _ => None,
    })
    .collect()
}

/// The next open thread behind `current`, the first one behind the last.
pub fn next(threads: &[Thread], current: Option<CommentId>) -> Option<&Thread> {
    let open: Vec<&Thread> = threads.iter().filter(|thread| thread.is_open()).collect();
    let at = open.iter().position(|thread| Some(thread.id()) == current);
    open.get(at.map_or(0, |at| at + 1)).or_else(|| open.first()).copied()
}

/// Cuts a text that is already cut into pieces once more, where passages begin and end; says of each whether it is in one.
pub fn overlay<'a, K: Copy>(pieces: Vec<(K, &'a str)>, passages: &[Range<usize>]) -> Vec<(K, bool, &'a str)> {
    let inside = |at: usize| passages.iter().any(|range| range.contains(&at));
    let mut cut = Vec::new();
    let mut at = 0;
    for (kind, text) in pieces {
        let (mut rest, mut from) = (text, at);
        for (number, (byte, _)) in text.char_indices().enumerate().skip(1) {
            let here = at + number;
            if inside(here) != inside(here - 1) {
                let (head, tail) = rest.split_at(byte - (text.len() - rest.len()));
                cut.push((kind, inside(from), head));
                (rest, from) = (tail, here);
            }
        }
        if !rest.is_empty() {
            cut.push((kind, inside(from), rest));
        }
        at += text.chars().count();
    }
    cut
}

#[cfg(test)]
mod tests {
    use domain::comment::{Comment, Resolved};
    use domain::id::{PersonId, PostId};
    use domain::post::{Content, Target};
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn view(number: u128, anchor: Option<Anchor>, reply_to: Option<u128>) -> CommentView {
        let nobody = PersonId::new(Uuid::nil());
        let comment = Comment {
            id: CommentId::new(Uuid::from_u128(number)),
            post: PostId::new(Uuid::nil()),
            author: nobody,
            text: number.to_string(),
            anchor,
            reply_to: reply_to.map(|number| CommentId::new(Uuid::from_u128(number))),
            resolved: None,
            edited: false,
            deleted: false,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        };
        CommentView { comment, author: "Ada".into(), own: true }
    }

    fn on(account: Option<AccountId>, range: Range<usize>) -> Option<Anchor> {
        Anchor::of(account, 0, "Rye bread at noon, wheat bread at night", range)
    }

    fn order(threads: &[Thread]) -> Vec<&str> {
        threads.iter().map(|thread| thread.first.comment.text.as_str()).collect()
    }

    #[test]
    fn threads_stand_in_the_order_of_the_text_with_their_answers() {
        let all = [
            view(1, on(None, 19..24), None),
            view(2, on(None, 0..3), None),
            view(3, None, None),
            view(4, None, Some(1)),
            view(5, Anchor::of(None, 0, "Another text", 0..7), None),
        ];
        let draft = Draft { base: Content::text("Rye bread at noon, wheat bread at night"), ..Draft::default() };
        let threads = threads(&all, &draft);
        assert_eq!(order(&threads), ["3", "2", "1", "5"]);
        assert_eq!(threads[2].answers.len(), 1);
        assert_eq!(threads[3].about, About::Gone);
        assert_eq!(passages(&threads, &draft, None, 0), [0..3, 19..24]);
        assert_eq!(next(&threads, None).unwrap().first.comment.text, "3");
        assert_eq!(next(&threads, Some(threads[3].id())).unwrap().first.comment.text, "3");
    }

    #[test]
    fn a_passage_shows_in_every_text_that_is_the_same() {
        let account = AccountId::new(Uuid::from_u128(9));
        let text = "Rye bread at noon, wheat bread at night";
        let mut draft = Draft { base: Content::text(text), ..Draft::default() };
        draft.targets.push(Target { account, variant: None });
        let all = [view(1, on(None, 0..3), None)];
        assert_eq!(passages(&threads(&all, &draft), &draft, Some(account), 0), std::slice::from_ref(&(0..3)));
        draft.targets[0].variant = Some(Content::text("Rye of its own"));
        assert!(passages(&threads(&all, &draft), &draft, Some(account), 0).is_empty());
        let mut settled = all.clone();
        settled[0].comment.resolved = Some(Resolved { by: settled[0].comment.author, at: Timestamp::UNIX_EPOCH });
        assert!(passages(&threads(&settled, &draft), &draft, None, 0).is_empty());
    }

    #[test]
    fn pieces_are_cut_at_passages() {
        let pieces = vec![('a', "Rye 🍞 "), ('b', "#bread"), ('a', " now")];
        let cut = overlay(pieces, std::slice::from_ref(&(4..8)));
        assert_eq!(
            cut,
            [('a', false, "Rye "), ('a', true, "🍞 "), ('b', true, "#b"), ('b', false, "read"), ('a', false, " now"),]
        );
        assert_eq!(overlay(vec![('a', "x")], &[]), [('a', false, "x")]);
    }
}
