//! Changing one post or many, and saying what was done, with one undo, and what stays as it is.

use contract::many::{ChangePosts, PostsChanged};
use domain::id::PostId;
use domain::mutation::PostsChange;

use super::context::{Toaster, Undoable};
use crate::i18n::{Texts as All, counted};

/// The words for it.
pub struct Texts {
    pub hold: &'static str,
    pub resume: &'static str,
    /// What was done with a post of this title, or with so many.
    done: fn(&PostsChange, Subject<'_>) -> String,
    /// So many could not be changed; the first of them, and why.
    left: fn(usize, &str, &str) -> String,
}

#[derive(Clone, Copy)]
enum Subject<'a> {
    One(&'a str),
    Many(usize),
}

pub const EN: Texts = Texts {
    hold: "Hold",
    resume: "Resume",
    done: |change, subject| {
        let what = match subject {
            Subject::One(title) => format!("“{title}”"),
            Subject::Many(count) => counted(count as u64, "post", "posts"),
        };
        let one = matches!(subject, Subject::One(_) | Subject::Many(1));
        match change {
            PostsChange::Hold => format!("{what} {} on hold", if one { "is" } else { "are" }),
            PostsChange::Resume => format!("{what} resumed"),
            PostsChange::Shift { days } => {
                let by = counted(days.unsigned_abs().into(), "day", "days");
                format!("{what} moved {by} {}", if *days < 0 { "earlier" } else { "later" })
            }
            PostsChange::MoveTo { .. } => format!("{what} scheduled"),
            PostsChange::Delete => format!("{what} deleted"),
            PostsChange::Unschedule if one => format!("{what} is a draft again"),
            PostsChange::Unschedule => format!("{what} are drafts again"),
            PostsChange::Persona { .. } => format!("Persona of {what} changed"),
            PostsChange::Rezone { .. } => format!("Time of {what} settled"),
        }
    },
    left: |count, title, why| match count {
        1 => format!("“{title}” stays as it is: {why}"),
        _ => format!("{} stay as they are, such as “{title}”: {why}", counted(count as u64, "post", "posts")),
    },
};

pub const DE: Texts = Texts {
    hold: "Anhalten",
    resume: "Fortsetzen",
    done: |change, subject| {
        let what = match subject {
            Subject::One(title) => format!("„{title}“"),
            Subject::Many(count) => counted(count as u64, "Beitrag", "Beiträge"),
        };
        let one = matches!(subject, Subject::One(_) | Subject::Many(1));
        match change {
            PostsChange::Hold => format!("{what} angehalten"),
            PostsChange::Resume => format!("{what} fortgesetzt"),
            PostsChange::Shift { days } => {
                let by = counted(days.unsigned_abs().into(), "Tag", "Tage");
                format!("{what} um {by} {} verschoben", if *days < 0 { "nach vorn" } else { "nach hinten" })
            }
            PostsChange::MoveTo { .. } => format!("{what} geplant"),
            PostsChange::Delete => format!("{what} gelöscht"),
            PostsChange::Unschedule if one => format!("{what} ist wieder ein Entwurf"),
            PostsChange::Unschedule => format!("{what} sind wieder Entwürfe"),
            PostsChange::Persona { .. } => format!("Persona von {what} geändert"),
            PostsChange::Rezone { .. } => format!("Zeit von {what} geklärt"),
        }
    },
    left: |count, title, why| match count {
        1 => format!("„{title}“ bleibt, wie er ist: {why}"),
        _ => format!("{} bleiben, wie sie sind, etwa „{title}“: {why}", counted(count as u64, "Beitrag", "Beiträge")),
    },
};

impl Undoable for PostsChanged {
    fn undo(&self) -> Option<u64> {
        self.undo
    }
}

impl Toaster {
    /// Does `change` to these posts and says so, with an undo; `title` is what one alone is called. `then` gets the answer, or
    /// nothing if it was refused for all.
    pub fn change_posts(
        &self,
        posts: Vec<PostId>,
        change: PostsChange,
        title: &str,
        then: impl FnOnce(Option<&PostsChanged>) + 'static,
    ) {
        let (texts, asked, title) = (self.texts, posts.len(), title.to_owned());
        let command = ChangePosts { posts, change: change.clone() };
        self.settle(command, move |answer| said(texts, &change, asked, &title, answer), then);
    }
}

fn said(texts: &All, change: &PostsChange, asked: usize, title: &str, answer: &PostsChanged) -> String {
    let subject = if asked == 1 { Subject::One(title) } else { Subject::Many(answer.changed.len()) };
    let done = (texts.many.done)(change, subject);
    let Some(first) = answer.left.first() else { return done };
    let left = match answer.left.len() {
        // of so many only the first are told
        PostsChanged::LEFT_MAX => asked.saturating_sub(answer.changed.len()),
        some => some,
    };
    format!("{done}. {}", (texts.many.left)(left, &first.title, &(texts.error)(&first.why)))
}
