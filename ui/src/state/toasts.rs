//! The short messages at the lower edge, and the undo that some of them carry.

use std::rc::Rc;

use yew::Reducible;

/// How long a change can be taken back, in milliseconds. The program keeps the same time.
pub const UNDO_MS: f64 = 10_000.0;
/// How long a message without undo stays.
pub const NOTE_MS: f64 = 6_000.0;
/// More than these would cover what is being edited.
const SHOWN_MAX: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Note,
    Error,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Toast {
    pub id: u64,
    pub tone: Tone,
    pub text: String,
    /// What the other side literally said; shown on request.
    pub detail: Option<String>,
    pub undo: Option<u64>,
    /// Milliseconds on the window's clock; errors stay until they are closed.
    pub until: Option<f64>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Toasts {
    pub list: Vec<Toast>,
    last: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    Say {
        text: String,
        undo: Option<u64>,
        now: f64,
    },
    Fail {
        text: String,
        detail: Option<String>,
    },
    Close {
        id: u64,
    },
    /// The undo was used: its toast says nothing true any more.
    Undone {
        undo: u64,
    },
    Expire {
        now: f64,
    },
    Clear,
}

impl Toasts {
    fn after(mut self, action: Action) -> Self {
        match action {
            Action::Say { text, undo, now } => {
                let lasts = if undo.is_some() { UNDO_MS } else { NOTE_MS };
                self.add(Tone::Note, text, None, undo, Some(now + lasts));
            }
            Action::Fail { text, detail } => {
                // the same complaint twice is one complaint
                self.list.retain(|toast| toast.tone != Tone::Error || toast.text != text);
                self.add(Tone::Error, text, detail, None, None);
            }
            Action::Close { id } => self.list.retain(|toast| toast.id != id),
            Action::Undone { undo } => self.list.retain(|toast| toast.undo != Some(undo)),
            Action::Expire { now } => self.list.retain(|toast| toast.until.is_none_or(|until| until > now)),
            Action::Clear => self.list.clear(),
        }
        self
    }

    fn add(&mut self, tone: Tone, text: String, detail: Option<String>, undo: Option<u64>, until: Option<f64>) {
        self.last += 1;
        self.list.push(Toast { id: self.last, tone, text, detail, undo, until });
        let surplus = self.list.len().saturating_sub(SHOWN_MAX);
        self.list.drain(..surplus);
    }
}

impl Reducible for Toasts {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).after(action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(text: &str, undo: Option<u64>, now: f64) -> Action {
        Action::Say { text: text.into(), undo, now }
    }

    #[test]
    fn an_offer_to_undo_leaves_when_it_was_taken_or_its_time_is_over() {
        let toasts = Toasts::default().after(say("moved", Some(1), 0.0)).after(say("deleted", Some(2), 5_000.0));
        let toasts = toasts.after(Action::Undone { undo: 2 });
        let left = |toasts: &Toasts| toasts.list.iter().filter_map(|toast| toast.undo).collect::<Vec<_>>();
        assert_eq!(left(&toasts), [1]);
        assert!(left(&toasts.after(Action::Expire { now: UNDO_MS })).is_empty());
    }

    #[test]
    fn messages_leave_and_errors_stay() {
        let fail = Action::Fail { text: "no".into(), detail: None };
        let toasts = Toasts::default().after(say("saved", None, 0.0)).after(fail.clone()).after(fail);
        assert_eq!(toasts.list.len(), 2);
        let toasts = toasts.after(Action::Expire { now: NOTE_MS });
        assert_eq!(toasts.list.iter().map(|toast| toast.text.as_str()).collect::<Vec<_>>(), ["no"]);
    }

    #[test]
    fn there_are_never_more_than_three() {
        let toasts = (0..9_u32).fold(Toasts::default(), |toasts, n| toasts.after(say(&n.to_string(), None, 0.0)));
        assert_eq!(toasts.list.iter().map(|toast| toast.text.as_str()).collect::<Vec<_>>(), ["6", "7", "8"]);
    }
}
