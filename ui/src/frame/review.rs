//! Saying something about posts that wait for approval, and saying what became of it.

use contract::approvals::{Looked, ReviewPosts, Reviewed};
use domain::approval::Verdict;

use super::context::{Toaster, Undoable};
use crate::i18n::Texts;
use crate::screens::approvals::texts::Subject;

impl Undoable for Reviewed {
    fn undo(&self) -> Option<u64> {
        self.undo
    }
}

/// What is said about which posts.
#[derive(Debug, Clone)]
pub struct Word {
    pub posts: Vec<Looked>,
    pub verdict: Verdict,
    pub note: String,
    /// What one alone is called.
    pub title: String,
    /// The server cannot be reached now.
    pub offline: bool,
}

impl Toaster {
    /// Says this, with an undo where it is about one post; `then` gets the answer, or nothing if it was refused.
    pub fn review(&self, word: Word, then: impl FnOnce(Option<&Reviewed>) + 'static) {
        let (texts, asked) = (self.texts, word.posts.len());
        let Word { posts, verdict, note, title, offline } = word;
        let command = ReviewPosts { posts, verdict, note };
        self.settle(command, move |answer| said(texts, verdict, (asked, &title), offline, answer), then);
    }
}

fn said(texts: &Texts, verdict: Verdict, of: (usize, &str), offline: bool, answer: &Reviewed) -> String {
    let t = &texts.approvals;
    let subject = match of {
        (1, title) => Subject::One(title),
        _ => Subject::Many(answer.decided.len()),
    };
    let mut text = (t.done)(verdict, subject);
    if offline && !answer.decided.is_empty() {
        text = format!("{text}. {}", t.done_offline);
    }
    match answer.left.first() {
        Some(first) => format!("{text}. {}", (t.left)(answer.left.len(), &first.title, &(texts.error)(&first.why))),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use contract::many::Left;
    use contract::{ApiError, Code};
    use domain::id::PostId;

    use super::*;
    use crate::i18n::EN;

    #[test]
    fn what_stays_as_it_is_is_told_with_its_reason() {
        let post = PostId::new(uuid::Uuid::nil());
        let why = ApiError::new(Code::Rejected, "It was changed meanwhile.");
        let left = vec![Left { post, title: "Rye".into(), why }];
        let answer = Reviewed { decided: vec![post; 2], left, undo: None };
        assert_eq!(
            said(&EN, Verdict::Approve, (3, ""), false, &answer),
            "2 posts approved. “Rye” stays as it is: It was changed meanwhile."
        );
        let answer = Reviewed { decided: vec![post], left: Vec::new(), undo: Some(1) };
        assert_eq!(said(&EN, Verdict::Approve, (1, "Rye"), false, &answer), "“Rye” approved");
        let offline = said(&EN, Verdict::RequestChanges, (1, "Rye"), true, &answer);
        assert!(offline.ends_with(EN.approvals.done_offline), "{offline}");
    }
}
